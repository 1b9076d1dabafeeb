"""Progress on a terminal: what moves now, and the whole."""

from __future__ import annotations

from s3gui.cli.failures import source_name
from s3gui.cli.file_lines import FileLines
from s3gui.cli.outcome import Outcome
from s3gui.cli.quiet_lines import of_total, progress_text
from s3gui.cli.screen import BLUE, BOLD, DIM, GREEN, Screen
from s3gui.cli.tally import Figures, Moving, Tally
from s3gui.core.events import Event
from s3gui.core.text import cells, format_size, padded, shortened, visible
from s3gui.core.transfer import TransferState
from s3gui.i18n import _

_MOST_SHOWN = 6
_BAR_CELLS = 24
_SIZE_CELLS = 20
_LEAST_NAME_CELLS = 8


class LiveBar:
    """A reporter. Draws only when told to, so no thread of its own writes to the terminal."""

    def __init__(self, screen: Screen, file_lines: FileLines | None = None) -> None:
        self._screen = screen
        self._file_lines = file_lines or FileLines()

    def apply(self, event: Event) -> None:
        line = self._file_lines.line(event)
        if line is not None:
            self.note(line)

    def tick(self, tally: Tally, now_seconds: float) -> None:
        width, _height = self._screen.size()
        moving = self._moving(tally.moving[:_MOST_SHOWN], width)
        whole = self._whole(tally.figures, width)
        self._screen.paint([*moving, *whole, *self._notes(tally, now_seconds, width)])

    def note(self, sentence: str) -> None:
        self._screen.write(sentence)

    def close(self, outcome: Outcome) -> None:
        self.stop()
        for line in [*self._file_lines.closing(outcome.failures), *outcome.sentences()]:
            self.note(line)

    def stop(self) -> None:
        self._screen.clear()

    def _moving(self, moving: list[Moving], width: int) -> list[str]:
        """A row for each: its name, its bar, its bytes."""
        sizes = [self._screen.known(_size(each)) for each in moving]
        size_cells = max([_SIZE_CELLS, *map(cells, sizes)])
        room = width - size_cells - 2
        if room <= 0:
            return [shortened(size, width, "") for size in sizes]
        bar_cells = max(0, min(_BAR_CELLS, room - _LEAST_NAME_CELLS))
        rows = []
        for each, size in zip(moving, sizes, strict=True):
            name = self._cut(visible(source_name(each.transfer)), room - bar_cells)
            gap = " " * (size_cells - cells(size))
            state = self._state(each, bar_cells)
            rows.append(f"{padded(name, room - bar_cells)} {state} {gap}{size}")
        return rows

    def _whole(self, figures: Figures, width: int) -> list[str]:
        text = self._screen.styled(self._cut(progress_text(figures), width), BOLD)
        if figures.total_bytes is None:
            return [text]
        done, total = figures.acknowledged_bytes, figures.total_bytes
        percent = f" {min(99, 100 * done // max(1, total)):3} %"
        bar = self._bar(done, figures.in_flight_bytes, total, max(0, width - len(percent)))
        return [bar + self._screen.styled(self._cut(percent, width), BOLD), text]

    def _notes(self, tally: Tally, now_seconds: float, width: int) -> list[str]:
        figures = tally.figures
        hidden = len(tally.moving) - _MOST_SHOWN
        notes = []
        if hidden > 0:
            notes.append(_("and {count} more at this moment").format(count=hidden))
        if not (tally.moving or figures.acknowledged_bytes or figures.ended):
            notes.append(_("Connecting …"))
        if trouble := tally.trouble(now_seconds):
            notes.append(visible(trouble))
        return [self._screen.styled(self._cut(note, width), DIM) for note in notes]

    def _state(self, moving: Moving, width: int) -> str:
        word = {
            TransferState.PREPARING: _("Preparing…"),
            TransferState.FINISHING: _("Finishing on the server…"),
            TransferState.VERIFYING: _("Verifying…"),
        }.get(moving.transfer.state)
        if word is not None:
            return self._screen.styled(padded(self._cut(word, width), width), DIM)
        total = moving.transfer.size
        if total is None:
            return " " * width
        return self._bar(moving.acknowledged_bytes, moving.in_flight_bytes, total, width)

    def _bar(self, acknowledged: int, in_flight: int, total: int, width: int) -> str:
        """Acknowledged solid, on its way in another color, the rest as a track."""
        solid, light = filled(acknowledged, in_flight, total, width)
        full, sent, rest = "━━─" if self._screen.has_lines_drawn else "#=-"
        styled = self._screen.styled
        track = styled(rest * (width - solid - light), DIM)
        return styled(full * solid, GREEN) + styled(sent * light, BLUE) + track

    def _cut(self, text: str, width: int) -> str:
        return shortened(self._screen.known(text), width, self._screen.known("…"))


def filled(acknowledged: int, in_flight: int, total: int, width: int) -> tuple[int, int]:
    """How many of `width` cells are solid and how many lighter; full only when all is there."""
    if total <= 0:
        return 0, 0
    solid = min(width, width * acknowledged // total)
    both = min(width, width * (acknowledged + in_flight) // total)
    return solid, both - solid


def _size(moving: Moving) -> str:
    size = moving.transfer.size
    sent = format_size(moving.acknowledged_bytes + moving.in_flight_bytes)
    return sent if size is None else of_total(sent, format_size(size))
