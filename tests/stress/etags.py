"""ETags as S3 makes them from bytes: what the ledger's are compared with, without a request."""

from __future__ import annotations

import hashlib


def etag_of_whole(data: bytes) -> str:
    return hashlib.md5(data).hexdigest()


def etag_of_parts(data: bytes, part_bytes: int) -> str:
    """Of a multipart upload whose parts have all this size but the last."""
    parts = [data[start : start + part_bytes] for start in range(0, len(data), part_bytes)]
    digests = b"".join(hashlib.md5(part).digest() for part in parts)
    return f"{hashlib.md5(digests).hexdigest()}-{len(parts)}"
