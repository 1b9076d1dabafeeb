"""Collects the engine's events and hands them on a few times a second."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal

from s3gui.core.events import (
    BatchAdded,
    ConnectionHeld,
    ConnectionReleased,
    Event,
    TransferChanged,
    TransfersAdded,
    TransfersChanged,
    TransfersRemoved,
)
from s3gui.core.transfer import Batch, Transfer
from s3gui.gui.bridge import EngineSignals
from s3gui.gui.live import LiveTransfers
from s3gui.gui.transfer_log import TransferLog

_FLUSH_MILLISECONDS = 50
_MEASURE_MILLISECONDS = 250


@dataclass(slots=True)
class Changes:
    """What happened since the last time. `stale` ids changed, and are to be read anew."""

    batches: list[Batch] = field(default_factory=list)
    added: list[TransfersAdded] = field(default_factory=list)
    changed: dict[int, Transfer] = field(default_factory=dict)
    stale: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    progressed: set[int] = field(default_factory=set)
    held: dict[str, ConnectionHeld | None] = field(default_factory=dict)
    """By the profile's id; None for a connection that goes on."""

    def merge(self, later: Changes) -> None:
        """Add what happened after this."""
        self.batches += later.batches
        self.added += later.added
        self.stale = self.stale - later.changed.keys() | later.stale
        self.changed |= later.changed
        self.removed |= later.removed
        for transfer_id in later.stale | later.removed:
            self.changed.pop(transfer_id, None)
        self.progressed |= later.progressed
        self.held |= later.held

    @property
    def counts_differ(self) -> bool:
        return bool(self.batches or self.added or self.changed or self.stale or self.removed)


class EventFeed(QObject):
    """Thousands of events a second come in, at most twenty `flushed` go out.

    Between two of them only the newest state of a row is kept; progress is absolute, so nothing
    is lost by that.
    """

    flushed = Signal(object)

    def __init__(
        self,
        signals: EngineSignals,
        live: LiveTransfers,
        parent: QObject | None = None,
        *,
        log: TransferLog | None = None,
    ) -> None:
        super().__init__(parent)
        self._live = live
        self.log = log or TransferLog(time.time)
        self._changes = Changes()
        self._flush = QTimer(self)
        self._flush.setSingleShot(True)
        self._flush.setInterval(_FLUSH_MILLISECONDS)
        self._flush.timeout.connect(self.flush)
        self._measure = QTimer(self)
        self._measure.setInterval(_MEASURE_MILLISECONDS)
        self._measure.timeout.connect(self._measure_speeds)
        signals.happened.connect(self.receive)

    def receive(self, event: Event) -> None:
        changes = self._changes
        match event:
            case BatchAdded(batch):
                changes.batches.append(batch)
            case TransfersAdded():
                changes.added.append(event)
            case TransferChanged(transfer):
                changes.changed[transfer.id] = transfer
                changes.stale.discard(transfer.id)
                self._live.changed(transfer)
                self.log.changed(transfer)
            case TransfersChanged(ids):
                changes.stale.update(ids)
                self._leave(ids, keep=True)
            case TransfersRemoved(ids):
                changes.removed.update(ids)
                self._leave(ids, keep=False)
            case ConnectionHeld(profile_id):
                changes.held[profile_id] = event
            case ConnectionReleased(profile_id):
                changes.held[profile_id] = None
            case _:
                self._progress(event)
        self._start(self._flush)
        self._start(self._measure)

    def _leave(self, ids: Iterable[int], *, keep: bool) -> None:
        """Costs as much as there are in hand: `ids` may be a million."""
        gone = set(ids)
        for transfer_id in self._changes.changed.keys() & gone:
            del self._changes.changed[transfer_id]
        for transfer_id in gone.intersection(self._live.known()):
            self._live.end(transfer_id, keep=keep)

    def _progress(self, event: Event) -> None:
        self.log.note(event)
        progressed = self._live.apply(event)
        if progressed is not None:
            self._changes.progressed.add(progressed)

    def _start(self, timer: QTimer) -> None:
        if not timer.isActive():
            timer.start()

    def flush(self) -> None:
        changes, self._changes = self._changes, Changes()
        self.flushed.emit(changes)

    def _measure_speeds(self) -> None:
        """Also when no event comes: a stalled transfer must be seen to slow down."""
        self._live.measure()
        active = set(self._live.active())
        if not active:
            self._measure.stop()
        self._changes.progressed |= active
        self._start(self._flush)
