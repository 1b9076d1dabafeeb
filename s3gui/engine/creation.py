"""The request that makes an object: tried again, and known for ours where its answer was lost."""

from __future__ import annotations

from collections.abc import Callable

from s3gui.core.checksum import Checksum
from s3gui.core.errors import AlreadyExists, NoSuchUpload, S3guiError, WriteConflict
from s3gui.core.frozen import frozen
from s3gui.core.parts import Part
from s3gui.core.transfer import StoredObject
from s3gui.engine.precondition import Precondition
from s3gui.engine.record import Record
from s3gui.engine.retry import Retrier
from s3gui.engine.verify import holds


@frozen
class Creation:
    record: Record
    condition: Precondition
    retrier: Retrier

    def once(
        self,
        call: Callable[[], StoredObject],
        checksum: Checksum,
        part: Part,
        passes: Callable[[S3guiError], bool] = lambda _error: False,
    ) -> StoredObject | None:
        """The result of a call that creates an object; None where the key is taken.

        `passes`: which errors deserve another attempt here, though not in general.

        After a failed attempt the object may be there all the same, its answer lost on the way:
        then “exists already”, “no such upload” and “a race was lost” mean our own success.
        """
        failures: list[S3guiError] = []

        def failed(error: S3guiError, will_retry: bool) -> None:  # noqa: FBT001 - Retrier's call
            if will_retry:
                failures.append(error)
                self.record.failed(part, error, will_retry)

        try:
            return self.retrier.call(call, failed, passes)
        except (AlreadyExists, NoSuchUpload, WriteConflict) as error:
            ours = self.ours(checksum, part.length) if failures else None
            if ours is not None or isinstance(error, AlreadyExists):
                return ours
            raise

    def ours(self, checksum: Checksum, size: int) -> StoredObject | None:
        """What lies there, if it is what was to be made."""
        stored = self.condition.head(self.record.transfer.destination)
        is_ours = stored is not None and stored.size == size and holds(stored, checksum)
        return stored if is_ours else None
