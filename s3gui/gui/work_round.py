"""What one round of work came to: from the first transfer until nothing is left to do.

Plain Python, fed with what happened and with the counts. Pausing everything is no end: the round
goes on where it was.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field

from s3gui.core.provider import MIB
from s3gui.core.transfer import ACTIVE_STATES, Transfer, TransferState
from s3gui.gui.counters import Counts, total

AT_WORK = ACTIVE_STATES | {TransferState.QUEUED, TransferState.WAITING}
_LARGE_BYTES = 8 * MIB
"""Only what is as large may have been sent in part by an earlier round."""


@dataclass(frozen=True, slots=True)
class RoundSummary:
    """`seconds` counts the time in which something was sent, and `bytes_per_second` is of that.

    `ids` are those of what ended, some of them more than once where it was tried again; what failed
    before it was begun is counted only. A transfer may have been removed since. `left_out` counts
    what archives do not hold of their folders.
    """

    files: int = 0
    bytes: int = 0
    sent_bytes: int = 0
    seconds: float = 0.0
    failed: int = 0
    skipped: int = 0
    left_out: int = 0
    ids: array[int] = field(default_factory=lambda: array("q"))

    @property
    def is_whole(self) -> bool:
        """Whether all that was wanted is there."""
        return not self.failed and not self.left_out

    @property
    def bytes_per_second(self) -> float | None:
        """None where it was over before it could be measured."""
        return self.sent_bytes / self.seconds if self.seconds >= 1 else None


class WorkRound:
    """`failed_before`: how many had failed already, as the counts say."""

    def __init__(self, failed_before: int | None = None) -> None:
        self._failed_before = failed_before
        self._failed_now = failed_before or 0
        self._files = 0
        self._bytes = 0
        self._sent_bytes = 0
        self._seconds = 0.0
        self._skipped = 0
        self._left_out = 0
        self._failed: set[int] = set()
        self._ids = array("q")
        self._sent_before: dict[int, int] = {}
        self._active_since: float | None = None
        self._paused = 0
        self._paused_at_work = 0
        self.is_open = False
        self.is_at_work = False

    @property
    def failed(self) -> int:
        """Whole batches may fail in one step, which only the counts tell."""
        return max(len(self._failed), self._failed_now - (self._failed_before or 0))

    def tried_again(self, files: int) -> None:
        """So many that had failed before are work of this round, or gone."""
        if self._failed_before is not None:
            self._failed_before = max(0, self._failed_before - files)

    def take(self, changed: Iterable[Transfer], now: float) -> None:
        """Rows as they are now; `now` is of a steady clock."""
        for transfer in changed:
            self._take(transfer, now)

    def _take(self, transfer: Transfer, now: float) -> None:
        state = transfer.state
        if state.is_active:
            self.is_open = True
            if self._active_since is None:
                self._active_since = now
            self._failed.discard(transfer.id)
            if transfer.size is None or transfer.size >= _LARGE_BYTES:
                self._sent_before.setdefault(transfer.id, transfer.sent_bytes)
        elif state.is_ended:
            self.is_open = True
            self._ids.append(transfer.id)
            self._end(transfer)

    def _end(self, transfer: Transfer) -> None:
        before = self._sent_before.pop(transfer.id, 0)
        if transfer.state is TransferState.COMPLETED:
            self._files += 1
            size = transfer.size or transfer.sent_bytes
            self._bytes += size
            self._sent_bytes += max(0, size - before)
            self._left_out += transfer.manifest.skipped_count if transfer.manifest else 0
        elif transfer.state is TransferState.FAILED:
            self._failed.add(transfer.id)
        elif transfer.state is TransferState.SKIPPED:
            self._skipped += 1

    def observe(self, counts: Counts, now: float, *, is_reading: bool) -> None:
        """How much there is of each state; `is_reading` while folders are still being read."""
        is_active = total(counts, ACTIVE_STATES).files > 0
        if self._active_since is not None:
            self._seconds += now - self._active_since
            self._active_since = None
        if is_active:
            self._active_since = now
        self.is_at_work = is_reading or total(counts, AT_WORK).files > 0
        self._paused = total(counts, [TransferState.PAUSED]).files
        self._failed_now = total(counts, [TransferState.FAILED]).files
        if self._failed_before is None:
            self._failed_before = self._failed_now
        if self.is_at_work:
            self.is_open = True
            self._paused_at_work = self._paused

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do, and not because it was paused."""
        is_idle = self.is_open and not self.is_at_work
        return is_idle and self._paused <= self._paused_at_work

    def summary(self) -> RoundSummary:
        return RoundSummary(
            self._files,
            self._bytes,
            self._sent_bytes,
            self._seconds,
            self.failed,
            self._skipped,
            self._left_out,
            self._ids,
        )
