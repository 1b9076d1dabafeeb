"""How far the transfers in hand are: their parts, their speed. Plain Python, fed with events."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from itertools import chain

from s3gui.core.events import Event, PartCompleted, PartFailed, PartProgress, PartsConfirmed
from s3gui.core.parts import PartPlan
from s3gui.core.rate import RateMeter
from s3gui.core.transfer import Transfer, TransferState

WAITING, ACKNOWLEDGED, FAILED = 0, 1, 2
_MEASURES_NEEDED = 3
_KEPT_AFTER_THE_END = 256
"""Pictures of paused and failed transfers that are kept, so that they stay as they were."""


class LiveParts:
    """The parts of one transfer. Sizes in bytes; `count` is None for a stream."""

    def __init__(self, size: int | None, part_size: int | None) -> None:
        self.size = size
        self.part_size = part_size
        self.count: int | None = None
        self.states = bytearray()
        self.in_flight: dict[int, tuple[int, int]] = {}
        self.trouble = ""
        """Why a request about the whole object is asked again; empty where none is."""
        self.acknowledged_bytes = 0
        self.bytes_at_start = 0
        self.meter = RateMeter()
        self._measures = 0

    @property
    def in_flight_bytes(self) -> int:
        return sum(sent for sent, _ in self.in_flight.values())

    @property
    def sent_bytes(self) -> int:
        """What is there or on its way: falls when a part is sent again."""
        return self.acknowledged_bytes + self.in_flight_bytes

    @property
    def bytes_per_second(self) -> float | None:
        """None in the first moments, when any number would be a guess."""
        return self.meter.bytes_per_second if self._measures > _MEASURES_NEEDED else None

    @property
    def seconds_left(self) -> float | None:
        if self.size is None or self.bytes_per_second is None:
            return None
        return self.meter.seconds_left(self.size - self.sent_bytes)

    def measure(self, now_seconds: float) -> None:
        self._measures += 1
        self.meter.add(now_seconds, self.sent_bytes)

    def start(self, count: int | None, confirmed: frozenset[int]) -> None:
        self.count = count
        self.states = bytearray(count or max(confirmed, default=0))
        self.in_flight.clear()
        self.acknowledged_bytes = 0
        self.meter = RateMeter()
        self._measures = 0
        for number in confirmed:
            self.complete(number, self._length(number))
        self.bytes_at_start = self.acknowledged_bytes

    def progress(self, number: int, sent: int, size: int) -> None:
        self._make_room(number)
        if number and self.states[number - 1] != ACKNOWLEDGED:
            self.states[number - 1] = WAITING
            self.in_flight[number] = (sent, size)

    def complete(self, number: int, size: int) -> None:
        self._make_room(number)
        self.in_flight.pop(number, None)
        if number and self.states[number - 1] != ACKNOWLEDGED:
            self.states[number - 1] = ACKNOWLEDGED
            self.acknowledged_bytes += size

    def fail(self, number: int) -> None:
        self._make_room(number)
        self.in_flight.pop(number, None)
        if number and self.states[number - 1] != ACKNOWLEDGED:
            self.states[number - 1] = FAILED

    def _make_room(self, number: int) -> None:
        """A stream's parts are counted as they come."""
        if number > len(self.states):
            self.states.extend(bytes(number - len(self.states)))

    def _length(self, number: int) -> int:
        if not self.part_size or self.size is None:
            return self.size or 0
        return PartPlan(self.size, self.part_size)[number - 1].length


class LiveTransfers:
    """What the events say of the transfers in hand, by id; knows only what is or just was."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._active: dict[int, LiveParts] = {}
        self._left_off: OrderedDict[int, LiveParts] = OrderedDict()
        self._ended_bytes = 0
        self._meter = RateMeter(window_seconds=5.0)

    def get(self, transfer_id: int) -> LiveParts | None:
        return self._active.get(transfer_id) or self._left_off.get(transfer_id)

    def active(self) -> Iterator[int]:
        return iter(self._active)

    def known(self) -> Iterator[int]:
        """Those in hand, and those whose picture is kept."""
        return chain(self._active, self._left_off)

    @property
    def in_flight_bytes(self) -> int:
        return sum(live.in_flight_bytes for live in self._active.values())

    @property
    def bytes_per_second(self) -> float:
        """Of all transfers together."""
        return self._meter.bytes_per_second if self._active else 0.0

    def apply(self, event: Event) -> int | None:
        """Take a fact about a part; returns whose, None if it is nobody's in hand."""
        match event:
            case PartsConfirmed() | PartProgress() | PartCompleted() | PartFailed():
                live = self._active.get(event.transfer_id)
            case _:
                return None
        if live is None:
            return None
        match event:
            case PartsConfirmed(_, count, numbers):
                self._ended_bytes += live.acknowledged_bytes - live.bytes_at_start
                live.start(count, numbers)
                live.measure(self._steady())
            case PartProgress(_, number, sent, size):
                live.progress(number, sent, size)
            case PartCompleted(_, number, size):
                live.complete(number, size)
            case PartFailed(_, number, message, will_retry):
                live.fail(number)
                if not number and will_retry:
                    live.trouble = message
        return event.transfer_id

    def changed(self, transfer: Transfer) -> None:
        """Take a row as it is now: begins, or ends, being watched."""
        if transfer.state.is_active:
            live = self._active.get(transfer.id) or self._begin(transfer.id)
            live.size, live.part_size, live.trouble = transfer.size, transfer.part_size, ""
        else:
            begins_anew = transfer.size is None and not transfer.sent_bytes
            is_done = transfer.state is TransferState.COMPLETED
            self.end(transfer.id, keep=not is_done and not begins_anew)

    def end(self, transfer_id: int, *, keep: bool = False) -> None:
        """Stop watching; what was in flight is not there."""
        self._left_off.pop(transfer_id, None)
        live = self._active.pop(transfer_id, None)
        if live is None:
            return
        self._ended_bytes += live.acknowledged_bytes - live.bytes_at_start
        if keep and live.states:
            live.in_flight.clear()
            self._left_off[transfer_id] = live
            if len(self._left_off) > _KEPT_AFTER_THE_END:
                self._left_off.popitem(last=False)

    def measure(self) -> None:
        """Note how far each is, for the speeds; a few times a second, also when nothing comes."""
        now = self._steady()
        total = self._ended_bytes
        for live in self._active.values():
            live.measure(now)
            total += live.sent_bytes - live.bytes_at_start
        self._meter.add(now, total)

    def _begin(self, transfer_id: int) -> LiveParts:
        live = self._left_off.pop(transfer_id, None) or LiveParts(None, None)
        live.bytes_at_start = live.acknowledged_bytes  # was there before: it makes no speed
        self._active[transfer_id] = live
        return live
