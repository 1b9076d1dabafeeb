"""The driver's uploads, and what unfinished ones left."""

# The arguments are Libcloud's.
# ruff: noqa: FBT001, FBT002, PLR0917

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from s3gui import bootstrap
from s3gui.core.errors import NoSuchUpload
from s3gui.core.transfer import Destination, Transfer
from s3gui.driver.answers import iso_time, uploaded_object
from s3gui.driver.chunks import chunks_of, known_size
from s3gui.driver.connected import Connected
from s3gui.driver.containers import Container, Object, S3MultipartUpload
from s3gui.driver.options import MAX_WORKERS, Asked, check_against, upload_options
from s3gui.driver.progress import OnProgress
from s3gui.driver.uploading import UploadRequest, ended_by_errors, run_upload, stop_for
from s3gui.engine.source import FileSource, Source
from s3gui.engine.stream import StreamSource

if TYPE_CHECKING:
    from s3gui.driver.storage import S3StorageDriver


class Uploads(Connected):
    """A base of `S3StorageDriver`."""

    strict_mode = False
    """Whether unknown keys of `extra`, and names that do not tell a content type, are refused."""

    def upload_object(
        self,
        file_path: str | os.PathLike[str],
        container: Container,
        object_name: str,
        extra: Mapping[str, Any] | None = None,
        verify_hash: bool = True,
        headers: Mapping[str, Any] | None = None,
        ex_storage_class: str | None = None,
        *,
        ex_part_size: int | None = None,
        ex_max_workers: int = MAX_WORKERS,
        ex_progress: bool | OnProgress = False,
        ex_cancel: Any = None,
        ex_if_none_match: str | None = None,
        ex_if_match: str | None = None,
        ex_checksum: str | None = None,
        ex_tags: Any = None,
        ex_sse: Any = None,
        ex_resume: bool = False,
    ) -> Object:
        """Upload a file, in parts at once if it is large; returns when it is stored and verified.

        It is always verified, whatever `verify_hash` says. A file that changes meanwhile is not
        stored. The `ex_…` arguments are those of `upload_object_via_stream`. Raises OSError for
        a file that cannot be read.
        """
        del verify_hash
        asked = Asked(
            storage_class=ex_storage_class,
            part_size=ex_part_size,
            max_workers=ex_max_workers,
            progress=ex_progress,
            cancel=ex_cancel,
            if_none_match=ex_if_none_match,
            if_match=ex_if_match,
            checksum=ex_checksum,
            tags=ex_tags,
            sse=ex_sse,
            resume=ex_resume,
        )
        path = os.fspath(file_path)
        request = self._request(container, object_name, extra, headers, asked, file_path=path)
        with self._speaking(container.name, object_name), FileSource(file_path) as source:
            completed = self._run_upload(source, request, source.size)
        return uploaded_object(completed, extra, container, self._itself)

    def upload_object_via_stream(
        self,
        iterator: Any,
        container: Container,
        object_name: str,
        extra: Mapping[str, Any] | None = None,
        headers: Mapping[str, Any] | None = None,
        ex_storage_class: str | None = None,
        *,
        ex_part_size: int | None = None,
        ex_max_workers: int = MAX_WORKERS,
        ex_progress: bool | OnProgress = False,
        ex_cancel: Any = None,
        ex_if_none_match: str | None = None,
        ex_if_match: str | None = None,
        ex_checksum: str | None = None,
        ex_tags: Any = None,
        ex_sse: Any = None,
        ex_resume: bool = False,
    ) -> Object:
        """Upload what an iterable of bytes yields, or a file object from where it stands.

        Nobody needs to know how much it is: parts start at 5 MiB and grow. Several travel at
        once; this thread alone reads the iterator. Returns when the object is stored and
        verified. On any error, and on Ctrl-C, the upload is aborted and a generator is closed.

        `extra` may hold content_type, meta_data, acl, storage_class, cache_control,
        content_encoding, content_disposition, tags and sse. The keywords:

        ex_part_size        bytes of a part, or of the first ones; at least 5 MiB on Amazon S3
        ex_max_workers      how many parts travel at once, and are held in memory: 8
        ex_progress         True for a line in the terminal or notebook, or a function that takes
                            (bytes sent, bytes in all or None); worker threads call it, one at a
                            time; what it raises ends the upload
        ex_cancel           a threading.Event, or a function that worker threads ask often
        ex_if_none_match    "*": fail with ObjectAlreadyExistsError instead of replacing
        ex_if_match         the ETag (an Object's hash) of the object that may be replaced: fail
                            with ObjectAlreadyExistsError where it is another or gone. Services
                            that cannot check it with the request are looked at right before,
                            which is not atomic
        ex_checksum         the checksum's name; an error if the service does not verify with it
        ex_tags, ex_sse     tags as a dict; AES256, aws:kms or ("aws:kms", key id)
        ex_resume           is not supported, and refused

        Raises TypeError, ValueError and AttributeError for bad arguments, before any request.
        """
        asked = Asked(
            storage_class=ex_storage_class,
            part_size=ex_part_size,
            max_workers=ex_max_workers,
            progress=ex_progress,
            cancel=ex_cancel,
            if_none_match=ex_if_none_match,
            if_match=ex_if_match,
            checksum=ex_checksum,
            tags=ex_tags,
            sse=ex_sse,
            resume=ex_resume,
        )
        try:
            request = self._request(container, object_name, extra, headers, asked)
            chunks = ended_by_errors(chunks_of(iterator), request.stop)
            with self._speaking(container.name, object_name):
                limits = self._store.provider.limits
                source = StreamSource(chunks, limits, request.options.part_size)
                total = known_size(iterator)
                completed = self._run_upload(source, request, total)
        finally:
            if isinstance(iterator, Generator):
                iterator.close()
        return uploaded_object(completed, extra, container, self._itself)

    def ex_iterate_multipart_uploads(
        self, container: Container, prefix: str | None = None, delimiter: str | None = None
    ) -> Iterator[S3MultipartUpload]:
        """The uploads that are still open; with `delimiter` not those with it after the prefix."""
        place = Destination(container.name, prefix or "")
        with self._speaking(container.name):
            for found in self._store.list_multipart_uploads(place):
                key = found.multipart.key
                if not (delimiter and delimiter in key[len(place.key) :]):
                    created_at = iso_time(found.started_at)
                    yield S3MultipartUpload(key, found.multipart.upload_id, created_at)

    def ex_cleanup_all_multipart_uploads(
        self,
        container: Container,
        prefix: str | None = None,
        ex_older_than: timedelta | None = None,
    ) -> None:
        """Abort the uploads that are still open: all of them, those of other programs too.

        With `ex_older_than` only those that were started longer ago; one whose start the service
        does not tell is then left alone.
        """
        place = Destination(container.name, prefix or "")
        started_before = None if ex_older_than is None else datetime.now(UTC) - ex_older_than
        with self._speaking(container.name):
            for found in list(self._store.list_multipart_uploads(place)):
                if started_before is None or _is_older(found.started_at, started_before):
                    with suppress(NoSuchUpload):
                        self._store.abort_multipart(found.multipart)

    @property
    def _itself(self) -> S3StorageDriver:
        return cast("S3StorageDriver", self)

    def _run_upload(self, source: Source, request: UploadRequest, total: int | None) -> Transfer:
        store, journal = self._store, bootstrap.noted_journal(self._home)
        return run_upload(source, store, self._profile, request, total, journal=journal)

    def _request(
        self,
        container: Container,
        object_name: str,
        extra: Mapping[str, Any] | None,
        headers: Mapping[str, Any] | None,
        asked: Asked,
        file_path: str = "",
    ) -> UploadRequest:
        options = upload_options(
            object_name, extra, headers, asked, strict=self.strict_mode, file_path=file_path
        )
        with self._speaking(container.name, object_name):
            check_against(self._store, asked)
        return UploadRequest(
            Destination(container.name, object_name),
            options,
            stop_for(asked.cancel),
            workers=asked.max_workers,
            progress=asked.progress,
        )


def _is_older(started_at: datetime | None, started_before: datetime) -> bool:
    return started_at is not None and started_at < started_before
