"""What S3 allows, as numbers. Source: the S3 User Guide, "Amazon S3 multipart upload limits"."""

from dataclasses import dataclass

MEBIBYTE = 1024**2
GIBIBYTE = 1024**3


@dataclass(frozen=True)
class Limits:
    """A test may give a server smaller ones, to play a service that is stricter than AWS."""

    minimum_part_bytes: int = 5 * MEBIBYTE
    maximum_part_bytes: int = 5 * GIBIBYTE
    maximum_part_number: int = 10_000
    maximum_put_bytes: int = 5 * GIBIBYTE
    maximum_object_bytes: int = 10_000 * 5 * GIBIBYTE  # 48.8 TiB
    maximum_key_bytes: int = 1_024
    maximum_metadata_bytes: int = 2 * 1_024
    maximum_document_bytes: int = 8 * MEBIBYTE
    page_entries: int = 1_000
    clock_skew_seconds: float = 15 * 60
