"""One call of one operation: the request, who makes it, and what it may use to answer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

from s3gui.practice.blobs import Blobs
from s3gui.practice.clock import Clock
from s3gui.practice.credentials import KeyRing
from s3gui.practice.errors import S3Error
from s3gui.practice.faults import Faults, Script
from s3gui.practice.index import Index
from s3gui.practice.ledger import Ledger
from s3gui.practice.limits import Limits
from s3gui.practice.model import Bucket
from s3gui.practice.request import Request
from s3gui.practice.signature import Identity
from s3gui.practice.uploads import Uploads
from s3gui.practice.versions import Versions
from s3gui.practice.wire import Response

OWNER_ID = "75aa57f09aa0c8caeab4f8c24e99d10f8e7faeebf76c078efc7c6caea54ba06a"
ACCOUNT_ID = "123456789012"
HOME_REGION = "us-east-1"


@dataclass(frozen=True)
class Service:
    """What all calls of one server share."""

    index: Index
    versions: Versions
    uploads: Uploads
    blobs: Blobs
    clock: Clock
    ledger: Ledger
    faults: Faults
    key_ring: KeyRing
    limits: Limits
    stopping: threading.Event


@dataclass
class Call:
    """`identity` is None for an anonymous call. The last two fields are for the ledger."""

    service: Service
    request: Request
    operation: str
    script: Script
    identity: Identity | None = None
    found_bucket: Bucket | None = None
    bytes_accepted: int = 0
    version_id: str | None = None

    @property
    def bucket(self) -> Bucket:
        if self.found_bucket is None:
            raise S3Error("NoSuchBucket", BucketName=self.request.bucket)
        return self.found_bucket

    @property
    def key(self) -> str:
        assert self.request.key is not None
        return self.request.key

    @property
    def now(self) -> float:
        return self.service.clock.now()


Handler = Callable[[Call], Response]
