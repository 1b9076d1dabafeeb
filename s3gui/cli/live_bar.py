"""Progress on a terminal: what moves now, and the whole."""

from __future__ import annotations

from rich.cells import cell_len
from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from s3gui.cli.failures import source_name
from s3gui.cli.file_lines import FileLines
from s3gui.cli.outcome import Outcome
from s3gui.cli.quiet_lines import of_total, progress_text
from s3gui.cli.tally import Figures, Moving, Tally
from s3gui.core.events import Event
from s3gui.core.text import format_size, visible
from s3gui.core.transfer import TransferState
from s3gui.i18n import _

_MOST_SHOWN = 6
_BAR_CELLS = 24
_SIZE_CELLS = 20
_LEAST_NAME_CELLS = 8


class LiveBar:
    """A reporter. Draws only when told to, so no thread of its own writes to the terminal."""

    def __init__(self, console: Console, file_lines: FileLines | None = None) -> None:
        self._console = console
        self._file_lines = file_lines or FileLines()
        self._live = Live(console=console, auto_refresh=False, transient=True)
        self._is_broken = False

    def apply(self, event: Event) -> None:
        line = self._file_lines.line(event)
        if line is not None:
            self.note(line)

    def tick(self, tally: Tally, now_seconds: float) -> None:
        if self._is_broken:
            return
        try:
            if not self._live.is_started:
                self._live.start()
            self._live.update(self._picture(tally, now_seconds), refresh=True)
        except OSError:  # the terminal is gone; the upload is not
            self._is_broken = True

    def note(self, sentence: str) -> None:
        if self._is_broken:
            return
        try:
            self._console.print(Text(sentence), soft_wrap=True)
        except OSError:
            self._is_broken = True

    def close(self, outcome: Outcome) -> None:
        self.stop()
        for line in [*self._file_lines.closing(outcome.failures), *outcome.sentences()]:
            self.note(line)

    def stop(self) -> None:
        try:
            self._live.stop()
        except OSError:
            self._is_broken = True

    def _picture(self, tally: Tally, now_seconds: float) -> Group:
        rows = self._rows(tally.moving[:_MOST_SHOWN])
        return Group(*rows, *self._whole(tally.figures), *_notes(tally, now_seconds))

    def _rows(self, moving: list[Moving]) -> list[Text]:
        """Columns, aligned here: one of rich's tables takes three times as long, at each tick."""
        sizes = [_size(each) for each in moving]
        size_cells = max([_SIZE_CELLS, *map(cell_len, sizes)])
        room = max(0, self._console.width - size_cells - 2)
        bar_cells = max(0, min(_BAR_CELLS, room - _LEAST_NAME_CELLS))
        rows = []
        for each, size in zip(moving, sizes, strict=True):
            name = Text(visible(source_name(each.transfer)), no_wrap=True, overflow="ellipsis")
            name.truncate(room - bar_cells, pad=True)
            state = self._state(each, bar_cells) if bar_cells else Text()
            state.truncate(bar_cells, overflow="ellipsis", pad=True)
            gap = " " * (size_cells - cell_len(size))
            rows.append(name.append(" ").append_text(state).append(f" {gap}{size}"))
        return rows

    def _whole(self, figures: Figures) -> list[Text]:
        text = Text(progress_text(figures), style="bold", no_wrap=True, overflow="ellipsis")
        if figures.total_bytes is None:
            return [text]
        done, total = figures.acknowledged_bytes, figures.total_bytes
        percent = f" {min(99, 100 * done // max(1, total)):3} %"
        width = max(0, self._console.width - len(percent))
        bar = self._bar(done, figures.in_flight_bytes, total, width)
        return [bar.append(percent, style="bold"), text]

    def _state(self, moving: Moving, width: int) -> Text:
        word = {
            TransferState.PREPARING: _("Preparing…"),
            TransferState.FINISHING: _("Finishing on the server…"),
            TransferState.VERIFYING: _("Verifying…"),
        }.get(moving.transfer.state)
        if word is not None:
            return Text(word, style="dim")
        acknowledged, in_flight = moving.acknowledged_bytes, moving.in_flight_bytes
        return self._bar(acknowledged, in_flight, moving.transfer.size, width)

    def _bar(self, acknowledged: int, in_flight: int, total: int | None, width: int) -> Text:
        """Acknowledged solid, on its way in another color, the rest as a track."""
        if total is None:
            return Text("")
        solid, light = cells(acknowledged, in_flight, total, width)
        full, sent, rest = "#=-" if self._console.options.ascii_only else "━━─"
        return Text.assemble(
            (full * solid, "green"),
            (sent * light, "blue"),
            (rest * (width - solid - light), "dim"),
        )


def cells(acknowledged: int, in_flight: int, total: int, width: int) -> tuple[int, int]:
    """How many of `width` cells are solid and how many lighter; full only when all is there."""
    if total <= 0:
        return 0, 0
    solid = min(width, width * acknowledged // total)
    both = min(width, width * (acknowledged + in_flight) // total)
    return solid, both - solid


def _notes(tally: Tally, now_seconds: float) -> list[Text]:
    figures = tally.figures
    hidden = len(tally.moving) - _MOST_SHOWN
    notes = []
    if hidden > 0:
        notes.append(_("and {count} more at this moment").format(count=hidden))
    if not (tally.moving or figures.acknowledged_bytes or figures.ended):
        notes.append(_("Connecting …"))
    if trouble := tally.trouble(now_seconds):
        notes.append(visible(trouble))
    return [Text(note, style="dim", no_wrap=True, overflow="ellipsis") for note in notes]


def _size(moving: Moving) -> str:
    size = moving.transfer.size
    sent = format_size(moving.acknowledged_bytes + moving.in_flight_bytes)
    return sent if size is None else of_total(sent, format_size(size))
