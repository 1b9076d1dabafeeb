"""The live counts: asked of the queue's memory after changes, a few times a second at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from PySide6.QtCore import QObject, QTimer, Signal

from s3gui.core.errors import Failure
from s3gui.core.frozen import frozen
from s3gui.core.transfer import Batch, TransferState
from s3gui.engine.ports import Count, TransferStore
from s3gui.gui.background import Background
from s3gui.gui.event_feed import Changes

Counts = Mapping[TransferState, Count]

_INTERVAL_MILLISECONDS = 300
_BATCHES_SHOWN = 4
_MAY_NEED_PERSON = frozenset({TransferState.FAILED, TransferState.WAITING})


@frozen
class FailureGroup:
    """Transfers that failed for one cause; `failure` is that of the newest."""

    failure: Failure
    ids: tuple[int, ...]


@frozen
class Summary:
    """All counts at one moment. `failures` are the largest group first.

    `needing_person` counts what waits for a decision or a deed of the user.
    """

    counts: Counts = MappingProxyType({})
    batches: tuple[tuple[Batch, Counts], ...] = ()
    failures: tuple[FailureGroup, ...] = ()
    needing_person: int = 0


def total(counts: Counts, states: Iterable[TransferState]) -> Count:
    chosen = [counts[state] for state in states if state in counts]
    return Count(
        sum(count.files for count in chosen),
        sum(count.bytes for count in chosen),
        sum(count.sent_bytes for count in chosen),
        sum(count.files_of_unknown_size for count in chosen),
    )


def share_done(work: Count, done_files: int) -> float:
    """From 0 to 1, of the bytes; of the files where nobody knows how many bytes it will be."""
    if work.bytes and not work.files_of_unknown_size:
        return min(1.0, work.sent_bytes / work.bytes)
    return done_files / work.files if work.files else 0.0


class Counters(QObject):
    """Holds the newest `summary`; `changed` when there is another.

    `is_known` is False until the queue has answered for the first time.
    """

    changed = Signal()

    def __init__(
        self, transfers: TransferStore, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._transfers = transfers
        self._background = background
        self.summary = Summary()
        self.is_known = False
        self._is_wanted = False
        self._is_asking = False
        self._may_fail_otherwise = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_INTERVAL_MILLISECONDS)
        self._pause.timeout.connect(self._ask_if_wanted)

    def apply(self, changes: Changes) -> None:
        states = {each.state for each in changes.changed.values()}
        if changes.stale or changes.removed or not states.isdisjoint(_MAY_NEED_PERSON):
            self._may_fail_otherwise = True
        if changes.counts_differ or changes.progressed:
            self.refresh()

    def refresh(self) -> None:
        """Ask soon; asking again meanwhile costs nothing."""
        self._is_wanted = True
        if not self._pause.isActive():
            self._ask_if_wanted()

    def _ask_if_wanted(self) -> None:
        if self._is_wanted and not self._is_asking:
            self._is_wanted = False
            self._is_asking = True
            before = None if self._may_fail_otherwise else self.summary
            self._may_fail_otherwise = False
            self._background.run(
                lambda: _summarize(self._transfers, before), self._show, self._give_up
            )

    def _show(self, summary: Summary) -> None:
        self._is_asking = False
        self._pause.start()
        self.summary = summary
        self.is_known = True
        self.changed.emit()

    def _give_up(self, _error: Exception) -> None:
        """The next change asks again; the numbers shown stay."""
        self._is_asking = False
        self._may_fail_otherwise = True
        self._pause.start()


def _summarize(transfers: TransferStore, before: Summary | None) -> Summary:
    """What is dear to ask is taken from `before` where equal counts say that it is the same.

    They do not say so when files failed again, within a moment and for another cause: then there
    is no `before`.
    """
    counts = transfers.counts()
    batches = tuple(
        (batch, transfers.counts(batch.id)) for batch in transfers.batches(_BATCHES_SHOWN)
    )
    failed = TransferState.FAILED
    needing = _needing_person(transfers, counts, before)
    if before is not None and counts.get(failed) == before.counts.get(failed):
        return Summary(counts, batches, before.failures, needing)
    groups = _groups(transfers) if failed in counts else ()
    return Summary(counts, batches, groups, needing)


def _needing_person(transfers: TransferStore, counts: Counts, before: Summary | None) -> int:
    """Asked again only when something else failed or waits."""
    if before is not None and all(
        counts.get(state) == before.counts.get(state) for state in _MAY_NEED_PERSON
    ):
        return before.needing_person
    if not any(state in counts for state in _MAY_NEED_PERSON):
        return 0
    return len(transfers.ids(states=_MAY_NEED_PERSON, needs_person=True))


def _groups(transfers: TransferStore) -> tuple[FailureGroup, ...]:
    """Of each cause only the newest row is read: there may be a hundred thousand."""
    groups = []
    for ids in transfers.failed_by_code().values():
        newest = transfers.transfer(ids[-1])
        if newest is not None and newest.failure is not None:
            groups.append(FailureGroup(newest.failure, tuple(ids)))
    return tuple(sorted(groups, key=lambda group: -len(group.ids)))
