"""A saved way to reach a service, and the credentials that never are part of it."""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from s3gui.core.errors import InputError
from s3gui.core.frozen import frozen
from s3gui.core.provider import AWS, PROVIDERS, Provider

_HOST = re.compile(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:.]+")
_PORTS = {"http": 80, "https": 443}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Addressing(StrEnum):
    """Where the bucket's name goes: into the path or into the host name."""

    AUTO = "auto"
    PATH = "path"
    VIRTUAL = "virtual"


class Secret:
    """A text that shows itself to nobody but who calls `reveal`."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text

    def __repr__(self) -> str:
        return "Secret(…)"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> str:
        raise TypeError("a secret is never written to disk")


@frozen
class Credentials:
    """An AWS key pair; `session_token` and `expires_at` only with temporary ones."""

    access_key_id: str
    secret_access_key: Secret
    session_token: Secret | None = None
    expires_at: datetime | None = None


@frozen
class Profile:
    """How to reach a service. Holds the key's id, never the secret (that is in the keyring).

    With `aws_profile` the credentials come from the AWS config's profile of that name, by
    botocore's own chain (SSO, `aws login`, assumed roles); the empty string means the chain's
    default (environment variables, the default profile, instance roles).
    """

    id: str
    name: str
    provider_id: str = AWS.id
    endpoint_url: str | None = None
    region: str | None = None
    addressing: Addressing = Addressing.AUTO
    access_key_id: str = ""
    aws_profile: str | None = None
    ca_file: str | None = None
    allow_http: bool = False

    @property
    def provider(self) -> Provider:
        return PROVIDERS[self.provider_id]

    @property
    def host(self) -> str:
        """The host to show beside the name."""
        if self.endpoint_url is None:
            return "amazonaws.com"
        return urlsplit(self.endpoint_url).hostname or self.endpoint_url

    @property
    def is_unencrypted(self) -> bool:
        return is_unencrypted(self.endpoint_url or "")

    @property
    def origin(self) -> str:
        """Scheme, host and port that requests go to: what a secret belongs to, beside its key.

        Were a secret used at another one, a wrong letter in an edited or imported endpoint would
        hand signed requests to a stranger.
        """
        if self.endpoint_url is None:
            return f"https://{self.host}:443"
        try:
            parts = urlsplit(self.endpoint_url.strip())
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError:  # not an address at all; `check` says so
            return self.endpoint_url
        return f"{parts.scheme}://{parts.hostname}:{port}"

    def check(self) -> None:
        """Raise InputError with one plain sentence if this profile cannot work."""
        if not self.name.strip():
            raise InputError("The connection needs a name.")
        if self.provider_id not in PROVIDERS:
            raise InputError(f"“{self.provider_id}” is not a known kind of service.")
        if self.endpoint_url is not None:
            check_endpoint(self.endpoint_url, allow_http=self.allow_http)
        elif self.provider is not AWS:
            raise InputError(f"{self.provider.title} needs an endpoint URL.")


def check_endpoint(endpoint_url: str, *, allow_http: bool) -> None:
    """Raise InputError unless `endpoint_url` is a bare http(s) address that may be used."""
    if "@" in endpoint_url:  # first of all: no other sentence may repeat a password
        raise InputError("An endpoint URL must not hold a user name or a password.")
    try:
        parts = urlsplit(endpoint_url)
        port = parts.port
    except ValueError:
        raise InputError(f"“{endpoint_url}” is not a valid endpoint URL.") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError(f"“{endpoint_url}” is not an endpoint URL; it starts with https://.")
    if parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise InputError("An endpoint URL is a scheme, a host and a port only.")
    if port == 0:
        raise InputError(f"“{endpoint_url}” has no usable port.")
    _check_host(endpoint_url, parts.hostname)
    if parts.scheme == "http" and not allow_http and not is_loopback(endpoint_url):
        raise InputError("http:// sends your data in the clear; allow it for this connection.")


def _check_host(endpoint_url: str, host: str) -> None:
    """Only what cannot look like another host: letters of other scripts can."""
    if not host.isascii():
        try:
            plain = host.encode("idna").decode()
        except UnicodeError:
            plain = "xn--…"
        raise InputError(f"Write the host as the network knows it: {plain}, if you mean that one.")
    # urlsplit passes over tabs and line breaks, and takes nearly anything for a host.
    if not (_HOST.fullmatch(host) and endpoint_url.isprintable() and " " not in endpoint_url):
        raise InputError(f"“{endpoint_url}” holds characters that no host has.")


def is_unencrypted(endpoint_url: str) -> bool:
    """Whether everybody on the way to the service can read along: on loopback there is no way."""
    return endpoint_url.lower().startswith("http:") and not is_loopback(endpoint_url)


def is_loopback(endpoint_url: str) -> bool:
    return (urlsplit(endpoint_url).hostname or "") in _LOOPBACK
