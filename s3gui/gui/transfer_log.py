"""What happened to each transfer since the program started, line by line. Plain Python."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable

from s3gui.core.events import Event, PartFailed, PartsConfirmed
from s3gui.core.frozen import frozen
from s3gui.core.text import visible
from s3gui.core.transfer import Transfer, TransferState
from s3gui.gui.transfer_text import status_text
from s3gui.i18n import _, translated

_TRANSFERS_KEPT = 1_000
_LINES_KEPT = 200


@frozen
class LogLine:
    """`at` in seconds since the epoch."""

    at: float
    text: str


class TransferLog:
    """The newest transfers only, and of each the newest lines: memory stays bounded."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._lines: OrderedDict[int, deque[LogLine]] = OrderedDict()
        self._states: dict[int, TransferState] = {}

    def lines(self, transfer_id: int) -> list[LogLine]:
        """The oldest first."""
        return list(self._lines.get(transfer_id, ()))

    def changed(self, transfer: Transfer) -> None:
        if self._states.get(transfer.id) is not transfer.state:
            self._states[transfer.id] = transfer.state
            self._add(transfer.id, status_text(transfer))

    def note(self, event: Event) -> None:
        """Take a fact about a part, where it is worth a line."""
        match event:
            case PartFailed(transfer_id, number, message, will_retry):
                text = _("Part {number}: {message}") if number else "{message}"
                text = text.format(number=number, message=visible(translated(message)))
                again = _(" (is sent again)") if number else _(" (is asked again)")
                self._add(transfer_id, text + (again if will_retry else ""))
            case PartsConfirmed(transfer_id, count, numbers) if numbers:
                self._add(
                    transfer_id,
                    _("{done} of {total} parts were there already").format(
                        done=len(numbers), total="?" if count is None else count
                    ),
                )

    def _add(self, transfer_id: int, text: str) -> None:
        lines = self._lines.setdefault(transfer_id, deque(maxlen=_LINES_KEPT))
        lines.append(LogLine(self._now(), text))
        self._lines.move_to_end(transfer_id)
        if len(self._lines) > _TRANSFERS_KEPT:
            gone, _lines = self._lines.popitem(last=False)
            self._states.pop(gone, None)
