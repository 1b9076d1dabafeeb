"""What a service can do, as data.

docs/providers.md names the source of every value.
"""

from __future__ import annotations

from s3gui.core.frozen import frozen

MIB = 1024**2
GIB = 1024**3
TIB = 1024**4


@frozen
class Limits:
    """Sizes in bytes. With `equal_parts`, all parts but the last must have one size."""

    min_part_size: int = 5 * MIB
    max_part_size: int = 5 * GIB
    max_parts: int = 10_000
    max_object_size: int = 10_000 * 5 * GIB
    max_put_size: int = 5 * GIB
    equal_parts: bool = False


@frozen
class Provider:
    """A kind of S3 service.

    `checksum` names the full-object checksum that the service computes and keeps; None means
    that only Content-MD5 and ETags can be relied on. `conditional_writes` says whether
    If-None-Match is honoured on PutObject and CompleteMultipartUpload, `conditional_replaces`
    whether If-Match is. What depends on a server's version is left to a probe: the least is said
    here. `endpoint` may hold `{region}`; None asks the user. `regions` are suggestions, and
    `storage_classes` those there are; empty where any may be typed.
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
    regions: tuple[str, ...] = ()
    storage_classes: tuple[str, ...] = ()


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
        Provider(
            "minio",
            "MinIO",
            limits=_FIVE_TIB,
            path_style=True,
            acls=False,
            storage_classes=("STANDARD", "REDUCED_REDUNDANCY"),
        ),
        Provider("ceph", "Ceph", limits=_FIVE_TIB, path_style=True),
        Provider(
            "r2",
            "Cloudflare R2",
            limits=Limits(max_object_size=5 * TIB, equal_parts=True),
            acls=False,
            conditional_writes=True,
            conditional_replaces=True,
            default_region="auto",
            regions=("auto",),
            storage_classes=("STANDARD", "STANDARD_IA"),
        ),
        Provider(
            "b2",
            "Backblaze B2",
            limits=Limits(max_object_size=10 * 10**12),
            acls=False,
            endpoint="https://s3.{region}.backblazeb2.com",
            default_region="us-west-004",
            regions=(
                "us-west-000",
                "us-west-001",
                "us-west-002",
                "us-west-004",
                "us-east-005",
                "ca-east-006",
                "eu-central-003",
            ),
            storage_classes=("STANDARD",),
        ),
        Provider(
            "wasabi",
            "Wasabi",
            limits=_FIVE_TIB,
            endpoint="https://s3.{region}.wasabisys.com",
            regions=(
                "us-east-1",
                "us-east-2",
                "us-central-1",
                "us-west-1",
                "us-west-2",
                "ca-central-1",
                "eu-central-1",
                "eu-central-2",
                "eu-west-1",
                "eu-west-2",
                "eu-west-3",
                "eu-south-1",
                "ap-northeast-1",
                "ap-northeast-2",
                "ap-southeast-1",
                "ap-southeast-2",
            ),
            storage_classes=("STANDARD",),
        ),
        Provider(
            "gcs",
            "Google Cloud Storage (interoperability)",
            limits=_FIVE_TIB,
            endpoint="https://storage.googleapis.com",
            default_region="auto",
            regions=("auto",),
            storage_classes=("STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE"),
        ),
        Provider(
            "spaces",
            "DigitalOcean Spaces",
            limits=_FIVE_TIB,
            endpoint="https://{region}.digitaloceanspaces.com",
            default_region="nyc3",
            regions=(
                "nyc3",
                "sfo2",
                "sfo3",
                "atl1",
                "tor1",
                "ams3",
                "fra1",
                "lon1",
                "blr1",
                "sgp1",
                "syd1",
            ),
            storage_classes=("STANDARD",),
        ),
    )
}


PROVIDER_HOSTS = {
    ".amazonaws.com": "aws",
    ".amazonaws.com.cn": "aws",
    ".backblazeb2.com": "b2",
    ".digitaloceanspaces.com": "spaces",
    ".r2.cloudflarestorage.com": "r2",
    ".storage.googleapis.com": "gcs",
    ".wasabisys.com": "wasabi",
}


def provider_at(host: str) -> Provider:
    """The kind of service that a host belongs to; GENERIC where nobody knows."""
    for ending, provider_id in PROVIDER_HOSTS.items():
        if f".{host}".endswith(ending):
            return PROVIDERS[provider_id]
    return GENERIC
