"""What became of an earlier run of the same transfer, told by the service and the journal."""

from __future__ import annotations

from s3gui.core.checksum import Checksum
from s3gui.core.frozen import frozen
from s3gui.core.parts import PartPlan
from s3gui.core.transfer import CompletedPart, MultipartUpload, StoredObject, Transfer
from s3gui.engine.means import Means
from s3gui.engine.precondition import Precondition
from s3gui.engine.resume import Resumption, checksum_if_ours
from s3gui.engine.retry import OnFailure, Retrier
from s3gui.engine.source import Source
from s3gui.engine.stop import Stop
from s3gui.engine.verify import holds, whole_checksum

Made = tuple[StoredObject | None, Checksum, int]
"""An object with its checksum and its size in bytes; None where another's has the key."""


@frozen
class EarlierRun:
    source: Source
    means: Means
    condition: Precondition
    retrier: Retrier
    stop: Stop
    on_failure: OnFailure

    def parts(self, transfer: Transfer, plan: PartPlan | None) -> dict[int, CompletedPart]:
        """By number: what need not be sent again. Raises NoSuchUpload."""
        multipart, means = transfer.multipart, self.means
        if multipart is None or plan is None:
            return {}
        resumption = Resumption(
            means.store,
            self.source,
            self.retrier,
            means.parts_executor,
            means.parts_now(),
            self.stop.check,
            self.on_failure,
        )
        return resumption.earlier_parts(multipart, plan, means.journal.parts(transfer.id)).parts

    def made_of_source(self, transfer: Transfer, plan: PartPlan) -> Made | None:
        """What became of an upload that is gone; None where nothing did.

        An upload id that is gone is never taken for a success.
        """
        seen = self.condition.head(transfer.destination)
        if seen is None:
            return None
        if (ours := self._ours(seen, plan)) is not None:
            return ours
        is_taken = self.condition.is_taken_by(seen)
        return (None, Checksum("", ""), plan.size) if is_taken else None

    def ours(self, transfer: Transfer, plan: PartPlan) -> tuple[StoredObject, Checksum, int] | None:
        """The object, if it is what the source is now."""
        seen = self.condition.head(transfer.destination)
        return None if seen is None else self._ours(seen, plan)

    def _ours(
        self, seen: StoredObject, plan: PartPlan
    ) -> tuple[StoredObject, Checksum, int] | None:
        checksum = checksum_if_ours(self.means.store, self.source, plan, seen, self.stop.check)
        return None if checksum is None else (seen, checksum, plan.size)

    def made_of_parts(self, transfer: Transfer) -> tuple[StoredObject, Checksum, int] | None:
        """For a source that comes once: the object, if all of it was sent and became that.

        Its size is known from when the object was asked for. What is there must have that size,
        and the checksum of the parts that the service acknowledged.
        """
        parts, size = self.means.journal.parts(transfer.id), transfer.size
        is_all = [part.number for part in parts] == list(range(1, len(parts) + 1))
        if not (parts and is_all and sum(part.size for part in parts) == size):
            return None
        if any(part.checksum is None for part in parts):
            return None
        checksum = whole_checksum(self.means.store.checksums, parts)
        seen = self.condition.head(transfer.destination)
        if seen is None or seen.size != size or not holds(seen, checksum):
            return None
        return seen, checksum, size

    def fits(self, multipart: MultipartUpload) -> bool:
        """Whether its parts have the checksums that are used now: a probe may change them."""
        return multipart.algorithm in {"", self.means.store.checksums.name}
