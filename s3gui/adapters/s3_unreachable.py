"""Why a host cannot be reached, in words a person understands."""

from __future__ import annotations

import errno
import re
import socket
import ssl
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urlsplit

from botocore import exceptions as boto
from urllib3 import exceptions as urllib3
from urllib3.util.ssl_match_hostname import CertificateError

from s3gui.adapters.s3_connections import TunnelBroken
from s3gui.core import errors
from s3gui.core.text import visible

_LONG_TOKEN = re.compile(r"[A-Za-z0-9+/=%_-]{64,}")
_MAX_DETAIL = 500


class CertificateRefused(errors.Unreachable):
    """The other side does not prove to be the host: waiting does not help."""

    title = "The server's certificate is not trusted"
    hint = "Check the endpoint; a certificate of your own goes into the connection's settings."
    retryable: ClassVar[bool] = False


def unreachable(error: Exception, host: str) -> errors.S3guiError:
    detail = plain_text(str(error))
    url = getattr(error, "kwargs", {}).get("endpoint_url") or ""
    host = urlsplit(str(url)).hostname or host
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = _CERTIFICATE_REASONS.get(cause.verify_code, "its certificate is not trusted")
            return CertificateRefused(f"{host} cannot be trusted: {reason}.", detail=detail)
        if isinstance(cause, CertificateError):
            reason = "its certificate is for another name"
            return CertificateRefused(f"{host} cannot be trusted: {reason}.", detail=detail)
    return errors.Unreachable(
        f"{host} cannot be reached: {_reason(error)}.",
        detail=detail,
        was_connected=not any(isinstance(cause, _NOT_CONNECTED) for cause in _causes(error)),
    )


_NOT_CONNECTED = (
    boto.ConnectTimeoutError,
    boto.EndpointConnectionError,
    boto.ProxyConnectionError,
    TunnelBroken,
)


_CERTIFICATE_REASONS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by itself",
    62: "its certificate is for another name",
    64: "its certificate is for another address",
}
"""By OpenSSL's X509_V_ERR numbers."""

_NAME_NOT_FOUND = (socket.gaierror, urllib3.NameResolutionError)
_REASONS_BY_KIND: tuple[tuple[type[BaseException], str], ...] = (
    (TunnelBroken, "the proxy broke the connection off"),
    (boto.ProxyConnectionError, "the proxy does not answer"),
    (socket.gaierror, "its name was not found"),
    (boto.ConnectTimeoutError, "it did not answer in time"),
    (boto.ReadTimeoutError, "it went silent"),
    (ssl.SSLError, "the encrypted connection could not be set up"),
)
"""In order: an error is made of others."""

_TUNNEL_REFUSED = re.compile(r"Tunnel connection failed: (\d{3})")
_REASONS_BY_TUNNEL_STATUS = {
    403: "the proxy does not allow it",
    405: "the proxy does not allow it",
    407: "the proxy wants a user name and a password",
}

_REASONS_BY_ERRNO = {
    errno.ECONNREFUSED: "the connection was refused",
    errno.EHOSTUNREACH: "there is no route to it",
    errno.ENETUNREACH: "the network is down",
}


def _reason(error: Exception) -> str:
    causes = list(_causes(error))
    for cause in causes:
        refusal = _TUNNEL_REFUSED.search(str(cause))
        if refusal is not None:
            return _REASONS_BY_TUNNEL_STATUS.get(
                int(refusal[1]), f"the proxy found no way to it ({refusal[1]})"
            )
    is_proxys = any(isinstance(cause, boto.ProxyConnectionError) for cause in causes)
    if is_proxys and any(isinstance(cause, _NAME_NOT_FOUND) for cause in causes):
        return "the proxy's name was not found"
    for kind, reason in _REASONS_BY_KIND:
        if any(isinstance(cause, kind) for cause in causes):
            return reason
    numbers = (getattr(cause, "errno", None) for cause in causes)
    reasons = (_REASONS_BY_ERRNO.get(number) for number in numbers if number)
    return next(filter(None, reasons), "the connection broke")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and those it was made of: by keyword, reason, argument or cause."""
    waiting, seen = [error], set[int]()
    while waiting and len(seen) < 20:
        current = waiting.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        inner = (
            getattr(current, "kwargs", {}).get("error"),
            getattr(current, "reason", None),
            current.__cause__,
            current.__context__,
            *current.args,
        )
        waiting += [cause for cause in inner if isinstance(cause, BaseException)]


def plain_text(text: str) -> str:
    """A foreign text without control characters, and without what could be a token."""
    return _LONG_TOKEN.sub("…", visible(text))[:_MAX_DETAIL]
