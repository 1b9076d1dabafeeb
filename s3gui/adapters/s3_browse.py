"""An `S3Store` that can also be looked through and read from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import botocore.session
from botocore.exceptions import FlexibleChecksumError, IncompleteReadError

from s3gui.adapters import s3_answers as answers
from s3gui.adapters.s3 import S3Store
from s3gui.adapters.s3_answers import Answer
from s3gui.adapters.s3_checksums import checksums_of
from s3gui.adapters.s3_clients import Prompter, open_clients
from s3gui.adapters.s3_errors import WHAT_BOTOCORE_RAISES, s3gui_error
from s3gui.adapters.s3_requests import check_expiry
from s3gui.core.errors import (
    BadAnswer,
    BadDigest,
    NoSuchBucket,
    NoSuchKey,
    S3guiError,
    Unreachable,
    WriteConflict,
)
from s3gui.core.profile import Credentials, Profile
from s3gui.core.provider import Provider
from s3gui.core.transfer import Destination
from s3gui.engine.browse import FoundObject, ObjectDescription

_PARTIAL_CONTENT = 206
_PRESIGNED = {"GET": "get_object", "PUT": "put_object", "DELETE": "delete_object"}


def connect_for_browsing(profile: Profile, credentials: Credentials | None) -> S3BrowsingStore:
    """As `s3.connect`; one set of connections serves both ports."""
    clients = open_clients(profile, credentials, None)
    return S3BrowsingStore(profile, clients, checksums_of(profile.provider))


def connect_for_probing(
    profile: Profile, credentials: Credentials | None, prompter: Prompter | None = None
) -> Callable[[Provider], S3BrowsingStore]:
    """As `connect_for_browsing`, for each way of speaking that is to be tried."""
    clients = open_clients(profile, credentials, prompter)
    return lambda provider: S3BrowsingStore(profile, clients, checksums_of(provider), provider)


class S3BrowsingStore(S3Store):
    """Implements `s3gui.engine.browse.BrowsingStore`. Thread-safe."""

    def check_bucket(self, bucket: str) -> None:
        with self._asking_bucket(Destination(bucket)):
            self._browse.head_bucket(Bucket=bucket)

    def delete_bucket(self, bucket: str) -> None:
        with self._asking_bucket(Destination(bucket)):
            self._browse.delete_bucket(Bucket=bucket)

    def describe(self, destination: Destination) -> ObjectDescription | None:
        destination.check()
        try:
            with self._asking(destination):
                answer = self._browse.head_object(Bucket=destination.bucket, Key=destination.key)
                return _description(answer)
        except NoSuchKey:
            return None

    def find_objects(self, prefix: Destination) -> Iterator[FoundObject]:
        with self._asking_bucket(prefix):
            for page in answers.pages(
                lambda markers: self._browse.list_objects_v2(
                    Bucket=prefix.bucket, Prefix=prefix.key, FetchOwner=True, **markers
                ),
                _next_listing,
            ):
                for row in page.get("Contents", ()):
                    yield _found(row)

    def download(
        self, destination: Destination, start: int | None = None, end: int | None = None
    ) -> S3Download:
        destination.check()
        is_range = start is not None or end is not None
        parameters: dict[str, str] = {}
        if is_range:
            # S3 counts the last byte in, Python does not.
            parameters["Range"] = f"bytes={start or 0}-{'' if end is None else end - 1}"
        elif self._provider.checksum is not None:
            parameters["ChecksumMode"] = "ENABLED"
        with self._asking(destination):
            answer = self._browse.get_object(
                Bucket=destination.bucket, Key=destination.key, **parameters
            )
        if is_range and not _is_partial(answer):
            answer["Body"].close()
            raise BadAnswer(f"{self._host} sent the whole of {destination} instead of a range.")
        return S3Download(answer, host=self._host, destination=destination)

    def presigned_request(self, method: str, destination: Destination, expires_seconds: int) -> str:
        destination.check()
        check_expiry(expires_seconds)
        with self._asking(destination):
            url: str = self._browse.generate_presigned_url(
                _PRESIGNED[method],
                Params={"Bucket": destination.bucket, "Key": destination.key},
                ExpiresIn=expires_seconds,
            )
        return url

    @contextmanager
    def _asking_bucket(self, about: Destination) -> Iterator[None]:
        """As `_asking`, where an answer without a body leaves only its status to go by."""
        try:
            with self._asking(about):
                yield
        except NoSuchKey as error:
            message = f"The bucket “{about.bucket}” does not exist on {self._host}."
            raise NoSuchBucket(message, detail=error.detail, status=error.status) from error
        except WriteConflict as error:
            if error.service_code == str(error.status):
                error.service_code = "BucketNotEmpty"
            raise


class S3Download:
    """Implements `s3gui.engine.browse.Download`."""

    def __init__(self, answer: Answer, *, host: str, destination: Destination) -> None:
        self.size = int(answers.required(answer, "ContentLength"))
        self._body = answer["Body"]
        self._host = host
        self._destination = destination

    def chunks(self, chunk_size: int) -> Iterator[bytes]:
        try:
            while chunk := self._body.read(chunk_size):
                yield chunk
        except WHAT_BOTOCORE_RAISES as error:
            raise self._broken(error) from error
        finally:
            self.close()

    def close(self) -> None:
        self._body.close()

    def _broken(self, error: Exception) -> S3guiError:
        if isinstance(error, FlexibleChecksumError):
            return BadDigest(
                f"The bytes of {self._destination} were damaged on their way here.",
                detail=str(error),
            )
        if isinstance(error, IncompleteReadError):
            return Unreachable(
                f"The connection to {self._host} broke before all of {self._destination} was here.",
                detail=str(error),
            )
        return s3gui_error(error, host=self._host, destination=self._destination)


def _is_partial(answer: Answer) -> bool:
    """Some services leave out the header, and some the status."""
    status = answer["ResponseMetadata"]["HTTPStatusCode"]
    return status == _PARTIAL_CONTENT or "ContentRange" in answer


def _next_listing(page: Answer) -> dict[str, Any]:
    if not page.get("IsTruncated"):
        return {}
    token = page.get("NextContinuationToken")
    if token:
        return {"ContinuationToken": token}
    rows = answers.required(page, "Contents")
    return {"StartAfter": rows[-1]["Key"]}  # some services give no token, but know where we are


def _found(row: Answer) -> FoundObject:
    owner = row.get("Owner", {})
    return FoundObject(
        key=row["Key"],
        size=int(row.get("Size", 0)),
        etag=str(row.get("ETag", "")).strip('"'),
        modified_at=row.get("LastModified"),
        owner_id=owner.get("ID"),
        owner_name=owner.get("DisplayName"),
    )


def _description(answer: Answer) -> ObjectDescription:
    return ObjectDescription(
        size=int(answers.required(answer, "ContentLength")),
        etag=str(answer.get("ETag", "")).strip('"'),
        content_type=answer.get("ContentType"),
        content_encoding=answer.get("ContentEncoding"),
        modified_at=answer.get("LastModified"),
        metadata=answer.get("Metadata", {}),
    )


def aws_regions() -> list[str]:
    session = botocore.session.Session()
    return sorted(
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("s3", partition)
    )
