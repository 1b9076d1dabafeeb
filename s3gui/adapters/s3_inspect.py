"""A look at a service: one ListBuckets, and the certificate that it shows."""

from __future__ import annotations

import socket
import ssl
import time
import urllib.request
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError

from s3gui.adapters.s3_clients import Prompter, open_clients
from s3gui.adapters.s3_errors import WHAT_BOTOCORE_RAISES, s3gui_error
from s3gui.adapters.s3_trust import certificates_file
from s3gui.core.errors import AccessDenied, NotSupported
from s3gui.core.inspection import Certificate, Inspection
from s3gui.core.profile import Credentials, Profile, is_loopback

_SECONDS = 10.0
_MOST_BUCKETS = 1_000
_TRUE_WITHIN_SECONDS = 2.0
"""A Date has whole seconds, and the answer was some time on its way."""


def inspect(
    profile: Profile, credentials: Credentials | None, prompter: Prompter | None = None
) -> Inspection:
    """Blocks. Raises S3guiError where the service cannot be used at all."""
    client = open_clients(profile, credentials, prompter).browse
    buckets, headers = _list_buckets(client, profile.host)
    endpoint_url = client.meta.endpoint_url
    return Inspection(
        endpoint_url=endpoint_url,
        region=client.meta.region_name or "",
        buckets=buckets,
        clock_offset_seconds=_clock_offset(headers),
        certificate=_certificate(endpoint_url, profile.ca_file),
    )


def _list_buckets(client: Any, host: str) -> tuple[int | None, Mapping[str, str]]:
    try:
        answer = client.list_buckets()
    except WHAT_BOTOCORE_RAISES as error:
        reason = s3gui_error(error, host=host)
        if isinstance(error, ClientError) and isinstance(reason, AccessDenied | NotSupported):
            return None, error.response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
        raise reason from error
    return len(answer.get("Buckets", ())), answer["ResponseMetadata"].get("HTTPHeaders", {})


def _clock_offset(headers: Mapping[str, str]) -> float | None:
    try:
        theirs = parsedate_to_datetime(headers.get("date", "")).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    offset = theirs - time.time()
    return 0.0 if abs(offset) <= _TRUE_WITHIN_SECONDS else offset


def _certificate(endpoint_url: str, ca_file: str | None) -> Certificate | None:
    """Of a connection of its own, to the same host with the same trust, as none other shows it."""
    parts = urlsplit(endpoint_url)
    has_proxy = "https" in urllib.request.getproxies() and not is_loopback(endpoint_url)
    if parts.scheme != "https" or parts.hostname is None or has_proxy:
        return None
    if ca_file is None:
        ca_file = certificates_file()
    try:
        context = ssl.create_default_context(cafile=ca_file)
        address = (parts.hostname, parts.port or 443)
        with (
            socket.create_connection(address, timeout=_SECONDS) as plain,
            context.wrap_socket(plain, server_hostname=parts.hostname) as connection,
        ):
            shown: Mapping[str, Any] = connection.getpeercert() or {}
    except (OSError, ValueError):
        return None  # what matters was said by the request before
    names = {name: value for row in shown.get("issuer", ()) for name, value in row}
    issuer = names.get("organizationName") or names.get("commonName") or ""
    expires_at = ssl.cert_time_to_seconds(shown["notAfter"]) if "notAfter" in shown else 0.0
    return Certificate(str(issuer), float(expires_at))
