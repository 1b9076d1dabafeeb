"""One transfer as it is known: saved first, then told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from s3gui.core.errors import S3guiError
from s3gui.core.events import PartCompleted, PartFailed, TransferChanged
from s3gui.core.frozen import replace
from s3gui.core.parts import Part
from s3gui.core.transfer import (
    AskedUpload,
    CompletedPart,
    Destination,
    MultipartUpload,
    Transfer,
    TransferState,
)
from s3gui.engine.abort import abort_until_gone, drop_multipart, forget_multipart
from s3gui.engine.means import Means
from s3gui.engine.meter import PartMeter
from s3gui.engine.stop import Stop
from s3gui.engine.together import Together

_log = logging.getLogger(__name__)
_NO_PART = Part(0, 0, 0)


class Record:
    """Keeps the transfer that is under way. Thread-safe.

    `settles_later`: its end is left to whoever called; until something takes long, nothing is
    saved before that, and only that it runs is told.
    """

    def __init__(
        self, transfer: Transfer, means: Means, stop: Stop, *, settles_later: bool = False
    ) -> None:
        self.transfer = transfer
        self._means = means
        self._stop = stop
        self._settles_later = settles_later
        self._is_brief = settles_later
        self._lock = threading.Lock()
        self._ended = Together[CompletedPart]()

    def change(self, **changes: object) -> None:
        """Saved first, then told: nobody hears of a state that a crash could take back."""
        self._change(changes, is_saved=not self._is_brief)

    def note(self, **changes: object) -> None:
        """Told, and saved together with what comes next: a crash in between takes nothing back
        that anything relies on, and each write to the disk takes its time.
        """
        self._change(changes, is_saved=False)

    def _change(self, changes: dict[str, object], *, is_saved: bool) -> None:
        with self._lock:
            self.transfer = replace(self.transfer, **changes)  # type: ignore[arg-type]
            if is_saved:
                self._means.journal.save(self.transfer)
        if not self._is_brief or self.transfer.state is TransferState.RUNNING:
            self._means.publish(TransferChanged(self.transfer))

    def takes_long(self) -> None:
        """From now on each change is saved when it is made."""
        if self._is_brief:
            self._is_brief = False
            self.change()

    def end(self, **changes: object) -> None:
        if self._settles_later:
            self.transfer = replace(self.transfer, **changes)  # type: ignore[arg-type]
        else:
            self.change(**changes)

    def opened(self, multipart: MultipartUpload, asked_id: int) -> None:
        """From now on this transfer names the upload, and the note that it was asked for goes.

        Where that cannot be saved the upload is dropped: nobody could go on with it.
        """
        named = replace(self.transfer, multipart=multipart)
        try:
            self._means.journal.forget_asked(asked_id, named_by=named)
        except S3guiError:
            self._drop_unnamed(multipart)
            raise
        self.transfer = named
        self._means.publish(TransferChanged(named))

    def completed(self, part: CompletedPart) -> None:
        """Saved with those that ended while others were being saved, and then told."""
        self._ended.add(part, self._save_parts)
        self._means.publish(PartCompleted(self.transfer.id, part.number, part.size))

    def _save_parts(self, parts: Sequence[CompletedPart]) -> None:
        with self._lock:
            sent_bytes = self.transfer.sent_bytes + sum(part.size for part in parts)
            self._means.journal.save_parts(self.transfer.id, parts, sent_bytes)
            self.transfer = replace(self.transfer, sent_bytes=sent_bytes)

    def failed(self, part: Part, error: S3guiError, will_retry: bool) -> None:  # noqa: FBT001 - Retrier's call
        if will_retry:
            self.takes_long()
        self._means.publish(PartFailed(self.transfer.id, part.number, error.message, will_retry))

    def asked_in_vain(self, error: S3guiError, will_retry: bool) -> None:  # noqa: FBT001 - Retrier's call
        """A request about the whole object. Its last failure is the transfer's, or none at all."""
        if will_retry:
            self.failed(_NO_PART, error, will_retry)

    def meter(self, part: Part) -> PartMeter:
        means = self._means
        return PartMeter(
            self.transfer.id,
            part.number,
            part.length,
            publish=means.publish,
            clock=means.clock,
            stop=self._stop,
            moved=means.moved,
            is_brief=self._is_brief,
        )

    def let_go_of_multipart(self) -> None:
        """Before another upload may take its place. Raises S3guiError where it stays open."""
        self.transfer = drop_multipart(self.transfer, self._means)

    def drop_multipart(self) -> None:
        """Where nothing follows: what cannot be dropped now stays named."""
        try:
            self.let_go_of_multipart()
        except S3guiError as error:
            _log.warning("an upload stays open on the service: %s", error.message)

    def part_from_multipart(self) -> None:
        """The transfer goes on without it: what cannot be dropped now is named beside the row."""
        multipart = self.transfer.multipart
        try:
            self.let_go_of_multipart()
        except S3guiError as error:
            assert multipart is not None
            _log.warning("an upload stays open on the service: %s", error.message)
            journal = self._means.journal
            journal.save_asked(
                AskedUpload(
                    journal.batch(self.transfer.batch_id).profile,
                    Destination(multipart.bucket, multipart.key),
                    self.transfer.started_at or self._means.clock.now(),
                    upload_id=multipart.upload_id,
                )
            )
            self.forget_multipart()

    def _drop_unnamed(self, multipart: MultipartUpload) -> None:
        means = self._means
        try:
            abort_until_gone(multipart, means.store, means.clock, means.patience)
        except S3guiError as error:
            _log.warning("an upload of a time that was noted stays open: %s", error.message)

    def forget_multipart(self) -> None:
        self.transfer = forget_multipart(self.transfer, self._means)
