"""What a service can do, as data.

Sources: the S3 user guide for AWS; each provider's own documentation for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024**2
GIB = 1024**3
TIB = 1024**4


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes. With `equal_parts`, all parts but the last must have one size."""

    min_part_size: int = 5 * MIB
    max_part_size: int = 5 * GIB
    max_parts: int = 10_000
    max_object_size: int = 10_000 * 5 * GIB
    max_put_size: int = 5 * GIB
    equal_parts: bool = False


@dataclass(frozen=True, slots=True)
class Provider:
    """A kind of S3 service.

    `checksum` names the full-object checksum that the service computes and keeps; None means
    that only Content-MD5 and ETags can be relied on. `conditional_writes` says whether
    If-None-Match is honoured on PutObject and CompleteMultipartUpload, `conditional_replaces`
    whether If-Match is.
    `endpoint` may hold `{region}`; None asks the user.
    """

    id: str
    title: str
    limits: Limits = Limits()
    checksum: str | None = None
    acls: bool = True
    conditional_writes: bool = False
    conditional_replaces: bool = False
    path_style: bool = False
    endpoint: str | None = None
    default_region: str = "us-east-1"


_FIVE_TIB = Limits(max_object_size=5 * TIB)

AWS = Provider(
    "aws",
    "Amazon S3",
    checksum="CRC64NVME",
    conditional_writes=True,
    conditional_replaces=True,
)
PRACTICE = Provider(
    "practice",
    "Practice server",
    checksum="CRC64NVME",
    conditional_writes=True,
    conditional_replaces=True,
    path_style=True,
)
GENERIC = Provider("generic", "S3-compatible service", limits=_FIVE_TIB, path_style=True)

PROVIDERS: dict[str, Provider] = {
    provider.id: provider
    for provider in (
        AWS,
        PRACTICE,
        GENERIC,
        Provider("minio", "MinIO", limits=_FIVE_TIB, path_style=True, acls=False),
        Provider("ceph", "Ceph", limits=_FIVE_TIB, path_style=True),
        Provider(
            "r2",
            "Cloudflare R2",
            limits=Limits(max_object_size=5 * TIB, equal_parts=True),
            acls=False,
            default_region="auto",
        ),
        Provider(
            "b2",
            "Backblaze B2",
            limits=Limits(max_object_size=10 * 10**12),
            endpoint="https://s3.{region}.backblazeb2.com",
            default_region="us-west-004",
        ),
        Provider(
            "wasabi",
            "Wasabi",
            limits=_FIVE_TIB,
            endpoint="https://s3.{region}.wasabisys.com",
        ),
        Provider(
            "gcs",
            "Google Cloud Storage (interoperability)",
            limits=_FIVE_TIB,
            endpoint="https://storage.googleapis.com",
            default_region="auto",
        ),
        Provider(
            "spaces",
            "DigitalOcean Spaces",
            limits=_FIVE_TIB,
            endpoint="https://{region}.digitaloceanspaces.com",
            default_region="nyc3",
        ),
    )
}
