"""Where a run stands: its counts from the queue, what moves from the engine's events."""

from __future__ import annotations

from collections.abc import Mapping

from s3gui.core.events import Event, PartCompleted, PartFailed, PartProgress, TransferChanged
from s3gui.core.frozen import frozen
from s3gui.core.rate import RateMeter
from s3gui.core.transfer import ACTIVE_STATES, Transfer, TransferState
from s3gui.engine.ports import Count
from s3gui.i18n import _, translated

Counts = Mapping[TransferState, Count]

_NOT_STORED = frozenset({TransferState.FAILED, TransferState.SKIPPED, TransferState.CANCELLED})
_SENDING = frozenset({TransferState.PREPARING, TransferState.RUNNING})
_OF_PARTS = (PartProgress, PartCompleted, PartFailed)
_SILENCE_SECONDS = 5.0


class Moving:
    """A transfer in hand. `in_flight` maps a part's number to its bytes on their way.

    `trouble`: why a request about the whole object is asked again, since it is in this state.
    """

    __slots__ = ("acknowledged_bytes", "in_flight", "transfer", "trouble")

    def __init__(self, transfer: Transfer) -> None:
        self.transfer = transfer
        self.acknowledged_bytes = 0
        self.in_flight: dict[int, int] = {}
        self.trouble = ""

    @property
    def in_flight_bytes(self) -> int:
        return sum(self.in_flight.values())


@frozen
class Figures:
    """All numbers of one moment. Sizes in bytes; `total_bytes` None while nobody knows it.

    Bytes count the transfers that were not given up; `acknowledged_bytes` only what the service
    confirmed. `files` grows while a folder is still read.
    """

    files: int = 0
    stored: int = 0
    skipped: int = 0
    failed: int = 0
    total_bytes: int | None = 0
    acknowledged_bytes: int = 0
    in_flight_bytes: int = 0
    bytes_per_second: float = 0.0
    seconds_left: float | None = None

    @property
    def ended(self) -> int:
        return self.stored + self.skipped + self.failed


class Tally:
    """`size_is_known`: False for a stream, whose end nobody knows. Not thread-safe."""

    def __init__(self, *, size_is_known: bool = True) -> None:
        self._size_is_known = size_is_known
        self._moving: dict[int, Moving] = {}
        self._meter = RateMeter()
        self._last_trouble = ""
        self._moved_at: tuple[int, float] | None = None
        self.figures = Figures()

    @property
    def moving(self) -> list[Moving]:
        """Oldest first."""
        return list(self._moving.values())

    def trouble(self, now_seconds: float) -> str:
        """Why nothing moves, as a sentence; empty while it does, or while nobody knows."""
        if self._moved_at is None or not self._size_is_known:
            return ""  # a stream may wait for the program that writes it
        silent_seconds = now_seconds - self._moved_at[1]
        if silent_seconds < _SILENCE_SECONDS or not self._moving:
            return ""
        is_sending = all(each.transfer.state in _SENDING for each in self._moving.values())
        # To put an object together may take a service long, which is no trouble.
        of_whole = (each.trouble for each in self._moving.values() if each.trouble)
        trouble = self._last_trouble if is_sending else next(of_whole, "")
        if trouble:
            return _("Still trying: {trouble}").format(trouble=translated(trouble))
        if not is_sending:
            return ""
        seconds = f"{silent_seconds:.0f}"
        return _("No answer for {seconds} s; still trying.").format(seconds=seconds)

    def apply(self, event: Event) -> None:
        if isinstance(event, TransferChanged):
            self._change(event.transfer)
        elif isinstance(event, _OF_PARTS):
            moving = self._moving.get(event.transfer_id)
            if moving is not None:
                self._move(moving, event)

    def _change(self, transfer: Transfer) -> None:
        if transfer.state not in ACTIVE_STATES:
            self._moving.pop(transfer.id, None)
            return
        moving = self._moving.get(transfer.id)
        if moving is None:
            moving = self._moving[transfer.id] = Moving(transfer)
        if moving.transfer.state is not transfer.state:
            moving.trouble = ""
        moving.transfer = transfer
        moving.acknowledged_bytes = transfer.sent_bytes

    def _move(self, moving: Moving, event: PartProgress | PartCompleted | PartFailed) -> None:
        if isinstance(event, PartProgress):
            moving.in_flight[event.number] = event.sent
            return
        moving.in_flight.pop(event.number, None)
        if isinstance(event, PartCompleted):
            moving.acknowledged_bytes += event.size
        else:
            self._last_trouble = event.message
            moving.trouble = moving.trouble if event.number else event.message

    def measure(self, counts: Counts, now_seconds: float) -> Figures:
        """Take the queue's counts at this moment of a steady clock."""
        kept = [count for state, count in counts.items() if state not in _NOT_STORED]
        is_known = self._size_is_known and all(
            moving.transfer.size is not None for moving in self._moving.values()
        )
        total = sum(count.bytes for count in kept) if is_known else None
        acknowledged = sum(count.sent_bytes for count in kept)
        in_flight = sum(moving.in_flight_bytes for moving in self._moving.values())
        self._meter.add(now_seconds, acknowledged + in_flight)
        if self._moved_at is None or self._moved_at[0] != acknowledged + in_flight:
            self._moved_at = (acknowledged + in_flight, now_seconds)
        left = None if total is None else total - acknowledged - in_flight
        self.figures = Figures(
            files=sum(count.files for count in counts.values()),
            stored=_files(counts, TransferState.COMPLETED),
            skipped=_files(counts, TransferState.SKIPPED),
            failed=_files(counts, TransferState.FAILED),
            total_bytes=total,
            acknowledged_bytes=acknowledged,
            in_flight_bytes=in_flight,
            bytes_per_second=self._meter.bytes_per_second,
            seconds_left=None if left is None else self._meter.seconds_left(left),
        )
        return self.figures


def _files(counts: Counts, state: TransferState) -> int:
    return counts[state].files if state in counts else 0
