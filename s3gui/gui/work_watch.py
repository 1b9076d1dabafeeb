"""Tells when work begins, when something needs somebody, and what it came to in the end."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from s3gui.core.transfer import ACTIVE_STATES, TransferState
from s3gui.gui.counters import Summary, total
from s3gui.gui.event_feed import Changes
from s3gui.gui.work_round import WorkRound

_REST_MILLISECONDS = 600
"""Between two drops, and until the last transfer's end was told too."""

_AWAKE_MILLISECONDS = 5_000


class WorkWatch(QObject):
    """Takes `Changes` and `Summary`s; `is_reading` says whether folders are still being read."""

    sending_changed = Signal(bool)
    """Whether bytes are on their way; told with a delay when they no longer are."""

    ended = Signal(object)
    """The RoundSummary of all that was to do."""

    failed_first = Signal(int)
    """The first failures of a round, and how many, while others go on."""

    person_needed = Signal(int)
    """How many transfers wait for a decision or a deed, where there were fewer before."""

    def __init__(
        self,
        is_reading: Callable[[], bool],
        parent: QObject | None = None,
        *,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._is_reading = is_reading
        self._steady = steady
        self._round = WorkRound()
        self._failed_before: set[int] | None = None
        self._summary = Summary()
        self._is_sending = False
        self._has_told_failure = False
        self._needing_person: int | None = None
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MILLISECONDS)
        self._rest.timeout.connect(self._end_if_over)
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_AWAKE_MILLISECONDS)
        self._calm.timeout.connect(lambda: self._be_sending(False))

    @property
    def is_at_work(self) -> bool:
        return self._round.is_at_work

    def apply(self, changes: Changes) -> None:
        if self._failed_before:
            for ids in (changes.changed.keys(), changes.stale, changes.removed):
                again = self._failed_before.intersection(ids)
                self._failed_before -= again
                self._round.tried_again(len(again))
        if changes.changed:
            self._round.take(changes.changed.values(), self._steady())

    def observe(self, summary: Summary) -> None:
        self._summary = summary
        if self._failed_before is None:
            self._failed_before = _failed(summary)
        self._look()
        if total(summary.counts, ACTIVE_STATES).files:
            self._calm.stop()
            self._be_sending(True)
        elif self._is_sending and not self._calm.isActive():
            self._calm.start()
        if self._round.is_over and not self._rest.isActive():
            self._rest.start()
        elif self._round.failed and not self._has_told_failure and self._round.is_at_work:
            self._has_told_failure = True
            if not summary.needing_person:  # that is told with more words
                self.failed_first.emit(self._round.failed)
        self._tell_need(summary.needing_person)

    def _look(self) -> None:
        counts, reading = self._summary.counts, self._is_reading()
        self._round.observe(counts, self._steady(), is_reading=reading)

    def _tell_need(self, needing: int) -> None:
        """What waited already when the program was started is no news."""
        before, self._needing_person = self._needing_person, needing
        if before == 0 and needing:
            self.person_needed.emit(needing)

    def _be_sending(self, is_sending: bool) -> None:  # noqa: FBT001 - as the signal
        if is_sending is not self._is_sending:
            self._is_sending = is_sending
            self.sending_changed.emit(is_sending)

    def _end_if_over(self) -> None:
        self._look()
        if not self._round.is_over:
            return
        summary = self._round.summary()
        self._round = WorkRound(total(self._summary.counts, [TransferState.FAILED]).files)
        self._failed_before = _failed(self._summary)
        self._has_told_failure = False
        if summary.files or summary.failed or summary.skipped:
            self.ended.emit(summary)


def _failed(summary: Summary) -> set[int]:
    return {each for group in summary.failures for each in group.ids}
