"""What a look at a connection's service tells, without writing anything there."""

from __future__ import annotations

from s3gui.core.frozen import frozen


@frozen
class Certificate:
    """Of the server; `expires_at` is seconds since the epoch."""

    issuer: str
    expires_at: float


@frozen
class Inspection:
    """`buckets` is None where the credentials may not list them.

    `clock_offset_seconds` is how far the service's clock is ahead of ours, None where it does not
    tell its time. `certificate` is None for http:// and behind a proxy.
    """

    endpoint_url: str
    region: str
    buckets: int | None
    clock_offset_seconds: float | None = None
    certificate: Certificate | None = None
