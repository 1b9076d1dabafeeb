"""What the server remembers: buckets, versions of objects, multipart uploads and their parts."""

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from s3gui.practice.checksums import Checksum

NULL_VERSION = "null"
ENFORCED = "BucketOwnerEnforced"
OWNERSHIPS = (ENFORCED, "BucketOwnerPreferred", "ObjectWriter")


@dataclass(frozen=True)
class PublicAccessBlock:
    BlockPublicAcls: bool = True
    IgnorePublicAcls: bool = True
    BlockPublicPolicy: bool = True
    RestrictPublicBuckets: bool = True


@dataclass(frozen=True)
class Bucket:
    """`versioning` is None (never enabled), Enabled or Suspended; `ownership` None if deleted."""

    name: str
    region: str
    created: float
    ownership: str | None = ENFORCED
    access_block: PublicAccessBlock | None = PublicAccessBlock()
    acl: str = "private"
    versioning: str | None = None

    @property
    def acls_enabled(self) -> bool:
        return self.ownership != ENFORCED

    def with_changes(self, **changes: Any) -> "Bucket":
        return replace(self, **changes)


@dataclass(frozen=True)
class Traits:
    """What a client says about an object besides its bytes; kept as JSON."""

    content_type: str = "binary/octet-stream"
    headers: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    storage_class: str = "STANDARD"
    encryption: str = "AES256"
    kms_key: str | None = None
    acl: str = "private"
    tags: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def with_changes(self, **changes: Any) -> "Traits":
        return replace(self, **changes)


@dataclass(frozen=True)
class Part:
    """An uploaded part. `checksum` is Base64, by the algorithm of its upload.

    `sent` is what its client sent in place of that, as "CRC32 base64"; empty where it did not.
    """

    number: int
    size_bytes: int
    etag: str
    checksum: str
    blob: str
    modified: float
    sent: str = ""


@dataclass(frozen=True)
class Version:
    """One version of an object, or a delete marker. `row` orders versions of all keys in time."""

    row: int
    bucket: str
    key: str
    version_id: str
    is_latest: bool
    is_delete_marker: bool
    size_bytes: int
    etag: str
    modified: float
    traits: Traits
    checksum: Checksum | None
    parts_count: int = 0  # 0: not uploaded in parts


@dataclass(frozen=True)
class Upload:
    """`algorithm` is what its parts are checked with; `declared` says the client chose it.

    `removal_mark` tells what had been deleted when it started; `result` holds the row of the
    version it became, once completed.
    """

    upload_id: str
    bucket: str
    key: str
    initiated: float
    traits: Traits
    algorithm: str
    checksum_type: str
    declared: bool
    removal_mark: int
    result: int | None = None
