"""What an earlier run left: which parts need not be sent again."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial

from s3gui.core.checksum import Checksum
from s3gui.core.errors import AccessDenied, NotSupported
from s3gui.core.frozen import frozen
from s3gui.core.parts import PartPlan
from s3gui.core.transfer import CompletedPart, MultipartUpload, StoredObject
from s3gui.engine.ports import ObjectStore
from s3gui.engine.retry import OnFailure, Retrier, untold
from s3gui.engine.source import Source
from s3gui.engine.window import sliding_window


@frozen
class EarlierParts:
    """By number: what was acknowledged and is there."""

    parts: dict[int, CompletedPart]


@frozen
class Resumption:
    store: ObjectStore
    source: Source
    retrier: Retrier
    executor: Executor
    parts_at_once: int
    check_stop: Callable[[], None]
    on_failure: OnFailure = untold

    def earlier_parts(
        self, multipart: MultipartUpload, plan: PartPlan, saved: list[CompletedPart]
    ) -> EarlierParts:
        """Of the `saved` parts those that are listed on the service and equal to the source.

        Parts that only the service knows are not trusted. Where it may not be asked, the saved
        ones count as listed: the whole object's checksum tells in the end. Raises NoSuchUpload.
        """
        try:
            listed = self.retrier.call(lambda: self.store.list_parts(multipart), self.on_failure)
        except (AccessDenied, NotSupported):
            listed = saved
        there = {part.number: part for part in listed}
        candidates = [
            part
            for part in saved
            if part.number <= len(plan)
            and part.size == plan[part.number - 1].length
            and _is_the_same(there.get(part.number), part)
        ]
        checks = (partial(self._equals_source, plan, part) for part in candidates)
        results = sliding_window(self.executor, checks, self.parts_at_once)
        return EarlierParts({part.number: part for part, equal in results if equal})

    def _equals_source(self, plan: PartPlan, part: CompletedPart) -> tuple[CompletedPart, bool]:
        self.check_stop()
        (piece,) = self.source.pieces([plan[part.number - 1]])
        return part, self.store.checksums.of(piece.body().blocks()) == part.checksum


def _is_the_same(listed: CompletedPart | None, saved: CompletedPart) -> bool:
    """Whether the part on the service is still the one that it acknowledged."""
    if listed is None or (listed.etag, listed.size) != (saved.etag, saved.size):
        return False
    told = listed.checksum
    # An ETag that looks like an MD5 need not be one: under KMS it is not.
    return told is None or told.algorithm == "MD5" or told == saved.checksum


def checksum_if_ours(
    store: ObjectStore,
    source: Source,
    plan: PartPlan,
    seen: StoredObject,
    check_stop: Callable[[], None],
) -> Checksum | None:
    """The checksum of the source if an object has it and its size: only the answer was lost."""
    if seen.size != plan.size:
        return None
    pairs = []
    for piece in source.pieces(plan):
        check_stop()
        pairs.append((store.checksums.of(piece.body().blocks()), piece.part.length))
    checksum = store.checksums.whole(pairs)
    return checksum if (seen.checksum or Checksum("MD5", seen.etag)) == checksum else None
