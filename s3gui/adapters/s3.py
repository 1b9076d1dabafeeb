"""An `ObjectStore` on botocore's low-level calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from s3gui.adapters import s3_answers as answers
from s3gui.adapters.s3_answers import Answer
from s3gui.adapters.s3_asking import Asking
from s3gui.adapters.s3_bounds import BOUNDS, Bounds
from s3gui.adapters.s3_checksums import checksums_of
from s3gui.adapters.s3_clients import Clients, Prompter, open_clients
from s3gui.adapters.s3_conditions import condition_parameters, expecting
from s3gui.adapters.s3_reasons import telling_why
from s3gui.adapters.s3_requests import (
    body_checksum_parameters,
    check_expiry,
    checksum_parameters,
    given,
    object_parameters,
    place_of,
    put_parameters,
    upload_parameters,
)
from s3gui.core.checksum import Checksum, ChecksumAlgorithm
from s3gui.core.errors import (
    BadAnswer,
    BadDigest,
    CredentialsRefused,
    NoSuchBucket,
    NoSuchKey,
    NoSuchUpload,
    ServiceError,
)
from s3gui.core.profile import Credentials, Profile
from s3gui.core.provider import Provider
from s3gui.core.transfer import (
    CompletedPart,
    Destination,
    MultipartUpload,
    StoredObject,
    UploadOptions,
)
from s3gui.engine.ports import Body, Bucket, BucketRules, ObjectPage, OnSent, OpenUpload
from s3gui.engine.stop import Stop

_UNNAMED_REGIONS = frozenset({None, "", "auto", "us-east-1"})
"""us-east-1 is the one region that CreateBucket must not name."""

_NOT_FOR_ANYBODY = frozenset({400, 403})
"""400 where the service takes signed requests only, or does so for objects under a KMS key."""

_WITHOUT_RULE = {
    "OwnershipControlsNotFoundError": {"Rules": []},
    "NoSuchPublicAccessBlockConfiguration": {"BlockPublicAcls": False},
}
"""Old buckets have neither: their ACLs work, and nothing blocks public ones."""


def connect(
    profile: Profile,
    credentials: Credentials | None,
    prompter: Prompter | None = None,
    bounds: Bounds = BOUNDS,
    provider: Provider | None = None,
) -> S3Store:
    """Blocks for half a second where botocore is needed. Raises InputError, credentials' errors.

    `credentials` are ignored where the profile names an AWS profile; `prompter` is asked for
    that profile's MFA code. `provider` takes the place of the profile's, where more is known.
    """
    clients = open_clients(profile, credentials, prompter, bounds)
    known = provider or profile.provider
    return S3Store(profile, clients, checksums_of(known), known)


class S3Store:
    """One service, reached as one profile says. Thread-safe, as botocore's clients are."""

    def __init__(
        self,
        profile: Profile,
        clients: Clients,
        checksums: ChecksumAlgorithm,
        provider: Provider | None = None,
    ) -> None:
        self._provider = provider or profile.provider
        self._host = profile.host
        self._clients = clients
        self._checksums = checksums

    def heeding(self, stop: Stop) -> Self:
        heeding = object.__new__(type(self))  # copy.copy takes much longer
        vars(heeding).update(vars(self), _clients=self._clients.heeding(stop))
        return heeding

    @property
    def _browse(self) -> Any:
        return self._clients.browse

    @property
    def _transfer(self) -> Any:
        return self._clients.transfer

    @property
    def provider(self) -> Provider:
        return self._provider

    @property
    def checksums(self) -> ChecksumAlgorithm:
        return self._checksums

    def list_buckets(self) -> list[Bucket]:
        with self._asking(None):
            return [
                Bucket(row["Name"], row.get("BucketRegion"), row.get("CreationDate"))
                for page in answers.pages(
                    lambda markers: self._browse.list_buckets(MaxBuckets=1_000, **markers),
                    lambda page: given(ContinuationToken=page.get("ContinuationToken")),
                )
                for row in answers.required(page, "Buckets")
            ]

    def bucket_rules(self, bucket: str) -> BucketRules:
        browse = self._browse
        try:
            region = self._rule(bucket, browse.head_bucket, "BucketRegion")
        except NoSuchKey as error:
            message = f"The bucket “{bucket}” does not exist on {self._host}."
            raise NoSuchBucket(message, status=error.status) from error
        ownership = self._rule(bucket, browse.get_bucket_ownership_controls, "OwnershipControls")
        access_block = self._rule(
            bucket, browse.get_public_access_block, "PublicAccessBlockConfiguration"
        )
        return BucketRules(
            acls_enabled=answers.allows_acls(ownership),
            public_acls_blocked=answers.blocks_acls(access_block),
            region=region,
        )

    def _rule(self, bucket: str, ask: Callable[..., Answer], field: str) -> Any:
        """The answer's field, or what it means that the bucket has no such rule; else None."""
        try:
            with self._asking(Destination(bucket)):
                return ask(Bucket=bucket).get(field)
        except (NoSuchBucket, NoSuchKey, BadAnswer):
            raise
        except ServiceError as error:
            return _WITHOUT_RULE.get(error.service_code)

    def create_bucket(self, bucket: str, *, region: str | None, acls_enabled: bool) -> None:
        parameters: dict[str, Any] = {}
        if region not in _UNNAMED_REGIONS:
            parameters["CreateBucketConfiguration"] = {"LocationConstraint": region}
        if acls_enabled:
            parameters["ObjectOwnership"] = "BucketOwnerPreferred"
        with self._asking(Destination(bucket)):
            self._browse.create_bucket(Bucket=bucket, **parameters)

    def list_objects(self, prefix: Destination, page: str | None = None) -> ObjectPage:
        with self._asking(prefix):
            answer = self._browse.list_objects_v2(
                Bucket=prefix.bucket,
                Prefix=prefix.key,
                Delimiter="/",
                **given(ContinuationToken=page),
            )
            return answers.object_page(answer, prefix.key)

    def head(self, destination: Destination, version_id: str | None = None) -> StoredObject | None:
        destination.check()
        mode = None if self._provider.checksum is None else "ENABLED"
        try:
            with telling_why(lambda: self.list_objects(destination)), self._asking(destination):
                answer = self._clients.sender.ask(
                    "HeadObject",
                    {
                        "Bucket": destination.bucket,
                        "Key": destination.key,
                        **given(ChecksumMode=mode, VersionId=version_id),
                    },
                )
                return answers.stored_object(answer, answers.size(answer), self._checksums.name)
        except NoSuchKey:
            return None

    def put_object(
        self,
        destination: Destination,
        body: Body,
        checksum: Checksum,
        options: UploadOptions,
        *,
        only_if_absent: bool,
        only_if_etag: str | None = None,
        on_sent: OnSent,
    ) -> StoredObject:
        condition = condition_parameters(self._provider, only_if_absent, only_if_etag)
        parameters = put_parameters(destination, body.size, checksum, options, condition)
        with expecting(condition, destination), self._asking(destination):
            answer = self._clients.sender.send("PutObject", parameters, body, on_sent)
            stored = answers.stored_object(answer, body.size, self._checksums.name)
        self._check_echo(checksum, stored.checksum, destination)
        return stored

    def begin_put(
        self,
        destination: Destination,
        body: Body,
        checksum: Checksum,
        options: UploadOptions,
        *,
        only_if_absent: bool,
        on_sent: OnSent,
    ) -> Callable[[], StoredObject]:
        condition = condition_parameters(self._provider, only_if_absent, None)
        parameters = put_parameters(destination, body.size, checksum, options, condition)
        asking = self._asking(destination)
        with asking:
            answer_of = self._clients.sender.begin("PutObject", parameters, body, on_sent)

        def finish() -> StoredObject:
            with asking:
                stored = answers.stored_object(answer_of(), body.size, self._checksums.name)
            self._check_echo(checksum, stored.checksum, destination)
            return stored

        return finish

    def create_multipart(self, destination: Destination, options: UploadOptions) -> MultipartUpload:
        destination.check()
        parameters = object_parameters(options)
        parameters |= {"Bucket": destination.bucket, "Key": destination.key}
        if self._provider.checksum is not None:
            parameters |= {"ChecksumAlgorithm": self._provider.checksum}
            parameters |= {"ChecksumType": "FULL_OBJECT"}
        with self._asking(destination):
            answer = self._clients.sender.ask("CreateMultipartUpload", parameters)
            upload_id = answers.text(answer, "UploadId")
        return MultipartUpload(destination.bucket, destination.key, upload_id)

    def upload_part(
        self,
        multipart: MultipartUpload,
        number: int,
        body: Body,
        checksum: Checksum,
        *,
        on_sent: OnSent,
    ) -> CompletedPart:
        parameters = {
            **upload_parameters(multipart),
            "PartNumber": number,
            "ContentLength": body.size,
            **body_checksum_parameters(checksum),
        }
        with self._asking_about(multipart):
            answer = self._clients.sender.send("UploadPart", parameters, body, on_sent)
            etag = answers.etag(answer)
        self._check_echo(
            checksum, answers.checksum(answer, self._checksums.name), place_of(multipart)
        )
        return CompletedPart(number, body.size, etag, checksum)

    def list_parts(self, multipart: MultipartUpload) -> list[CompletedPart]:
        parts: dict[int, CompletedPart] = {}
        with self._asking_about(multipart):
            for page in answers.pages(
                lambda markers: self._transfer.list_parts(
                    **upload_parameters(multipart), **markers
                ),
                # Not NextPartNumberMarker: one server gives it one too high, and a part would
                # be passed over.
                lambda page: (
                    given(PartNumberMarker=max(parts, default=0)) if page.get("IsTruncated") else {}
                ),
            ):
                for row in page.get("Parts", ()):
                    part = answers.completed_part(row, self._checksums.name)
                    parts[part.number] = part
        return [parts[number] for number in sorted(parts)]

    def complete_multipart(
        self,
        multipart: MultipartUpload,
        parts: Sequence[CompletedPart],
        checksum: Checksum,
        *,
        only_if_absent: bool,
        only_if_etag: str | None = None,
    ) -> StoredObject:
        size = sum(part.size for part in parts)
        has_checksum = self._provider.checksum is not None
        whole = (
            {**checksum_parameters(checksum), "ChecksumType": "FULL_OBJECT", "MpuObjectSize": size}
            if has_checksum
            else {}
        )
        listed = [
            {
                "PartNumber": part.number,
                "ETag": part.etag,
                **(checksum_parameters(part.checksum) if has_checksum else {}),
            }
            for part in parts
        ]
        condition = condition_parameters(self._provider, only_if_absent, only_if_etag)
        with expecting(condition, place_of(multipart)), self._asking_about(multipart):
            answer = self._clients.sender.ask(
                "CompleteMultipartUpload",
                {
                    **upload_parameters(multipart),
                    "MultipartUpload": {"Parts": listed},
                    **whole,
                    **condition,
                },
            )
            return answers.stored_object(answer, size, self._checksums.name)

    def abort_multipart(self, multipart: MultipartUpload) -> None:
        with self._asking_about(multipart):
            self._transfer.abort_multipart_upload(**upload_parameters(multipart))

    def list_multipart_uploads(self, prefix: Destination) -> Iterator[OpenUpload]:
        with self._asking(prefix):
            for page in answers.pages(
                lambda markers: self._browse.list_multipart_uploads(
                    Bucket=prefix.bucket, Prefix=prefix.key, EncodingType="url", **markers
                ),
                lambda page: (
                    given(
                        KeyMarker=answers.decoded(page, page.get("NextKeyMarker", "")),
                        UploadIdMarker=page.get("NextUploadIdMarker"),
                    )
                    if page.get("IsTruncated")
                    else {}
                ),
            ):
                for row in page.get("Uploads", ()):
                    key = answers.decoded(page, row["Key"])
                    upload = MultipartUpload(prefix.bucket, key, row["UploadId"])
                    yield OpenUpload(upload, row.get("Initiated"))

    def delete(self, destination: Destination, version_id: str | None = None) -> None:
        destination.check()
        with self._asking(destination):
            self._browse.delete_object(
                Bucket=destination.bucket, Key=destination.key, **given(VersionId=version_id)
            )

    def presigned_url(self, destination: Destination, expires_seconds: int) -> str:
        destination.check()
        check_expiry(expires_seconds)
        with self._asking(destination):
            named = {"Bucket": destination.bucket, "Key": destination.key}
            return str(self._browse.generate_presigned_url("get_object", named, expires_seconds))

    def url(self, destination: Destination) -> str:
        return self.presigned_url(destination, 1).partition("?")[0]

    def is_public(self, destination: Destination) -> bool:
        destination.check()
        try:
            with self._asking(destination):
                named = {"Bucket": destination.bucket, "Key": destination.key}
                answers.etag(self._clients.anonymous.head_object(**named))
        except CredentialsRefused:
            return False
        except ServiceError as error:
            if error.status not in _NOT_FOR_ANYBODY:
                raise
            return False
        return True

    def _asking(self, about: Destination | None) -> Asking:
        return Asking(self._host, about)

    @contextmanager
    def _asking_about(self, multipart: MultipartUpload) -> Iterator[None]:
        try:
            with self._asking(place_of(multipart)):
                yield
        except NoSuchKey as error:
            # Some services miss the key where they mean the upload.
            raise NoSuchUpload(
                f"{self._host} no longer knows the upload to {place_of(multipart)}."
            ).quoting(error) from error

    def _check_echo(
        self, sent: Checksum, received: Checksum | None, destination: Destination
    ) -> None:
        if received is not None and received != sent:
            raise BadDigest(
                f"{self._host} received other bytes for {destination} than were sent.",
                detail=f"{sent.algorithm} sent {sent.value}, received {received.value}",
            )
