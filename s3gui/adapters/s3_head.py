"""The signed head of a request with a body. What requests share is written once, and kept."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from s3gui.adapters.s3_address import Address
from s3gui.adapters.s3_form import Form, Gap
from s3gui.adapters.s3_parameters import Parameters
from s3gui.adapters.s3_signing import PATH, PAYLOAD_HASH, QUERY, CanonicalForm, Signer
from s3gui.adapters.s3_wire import Wire

_DIFFERENT_EACH_TIME = frozenset(
    {"Key", "ContentLength", "PartNumber", "UploadId", "ContentMD5"}
    | {f"Checksum{name}" for name in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")}
)
"""Parameters; all others are the same for many files. None of their values has white space."""

_FORMS_KEPT = 64
_TARGET = ":target"
_PLAIN = re.compile(r"[A-Za-z0-9_.~/-]*")
"""Keys that stand in an address as they are."""


class Route:
    """How requests for a bucket get there."""

    __slots__ = ("address", "forms", "proxy_headers", "proxy_url", "signer", "user_agent")

    def __init__(
        self,
        address: Address,
        signer: Signer,
        user_agent: str,
        proxy_url: str | None = None,
        proxy_headers: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self.address = address
        self.signer = signer
        self.user_agent = user_agent
        self.proxy_url = proxy_url
        self.proxy_headers = proxy_headers
        self.forms: dict[object, HeadForm] = {}

    @property
    def is_forwarded(self) -> bool:
        """Whether a proxy reads the requests and passes them on."""
        return self.proxy_url is not None and self.address.scheme == "http"


class HeadForm(Form):
    """Heads of requests that differ in a few values only, to be filled with these."""

    def __init__(
        self,
        wire: Wire,
        route: Route,
        fixed: Mapping[str, str],
        own: Iterable[str],
    ) -> None:
        """`fixed` are headers with their values, `own` the parameters that differ each time."""
        self._own = wire.headers({name: name for name in own})
        names = (*self._own, "X-Amz-Content-SHA256", "X-Amz-Date")
        signed = {"Host": route.address.authority, **fixed}
        self.canonical = CanonicalForm(wire.method, signed, names)
        unsigned = {"User-Agent": route.user_agent, "Accept-Encoding": "identity"}
        if route.is_forwarded:
            unsigned |= route.proxy_headers
        headers = signed | unsigned | {name: Gap(name) for name in (*names, "Authorization")}
        origin = route.address.origin if route.is_forwarded else ""
        pieces = [f"{wire.method} {origin}", Gap(_TARGET), " HTTP/1.1\r\n"]
        for name, value in headers.items():
            pieces += (f"{name}: ", value, "\r\n")
        super().__init__([*pieces, "\r\n"])

    def values(self, parameters: Mapping[str, Any]) -> dict[str, str]:
        """Of the headers that differ each time."""
        return {header: str(parameters[name]) for header, name in self._own.items()}


def signed_head(
    wire: Wire,
    parameters: Mapping[str, Any],
    route: Route,
    keys: Any,
    *,
    payload_hash: str,
    timestamp: str,
) -> bytes:
    """`keys` are botocore's, frozen; `payload_hash` and `timestamp` as the signature wants them."""
    form = _form(wire, parameters, route, keys.token)
    values = form.values(parameters)
    key = parameters["Key"]
    path = f"{route.address.path}/{key if _PLAIN.fullmatch(key) else quote(key, safe='/~')}"
    query = wire.query(parameters)
    values["X-Amz-Content-SHA256"] = values[PAYLOAD_HASH] = payload_hash
    values["X-Amz-Date"] = timestamp
    values[PATH] = path
    values[QUERY] = query
    values[_TARGET] = f"{path}?{query.removesuffix('=')}" if query else path
    values["Authorization"] = route.signer.authorization(
        form.canonical.filled(values),
        form.canonical.signed_names,
        access_key=keys.access_key,
        secret_key=keys.secret_key,
        timestamp=timestamp,
    )
    return form.filled(values).encode("latin-1")


def _form(wire: Wire, parameters: Mapping[str, Any], route: Route, token: str | None) -> HeadForm:
    alike = parameters.shared if isinstance(parameters, Parameters) else _alike(parameters)
    kind = (wire.operation, alike, token)
    known = route.forms.get(kind)
    if known is None:
        shared = {name: parameters[name] for name in parameters if name not in _DIFFERENT_EACH_TIME}
        fixed = wire.headers(shared)
        if token:
            fixed["X-Amz-Security-Token"] = token
        if len(route.forms) >= _FORMS_KEPT:
            route.forms = {}
        own = [name for name in parameters if name in _DIFFERENT_EACH_TIME]
        known = route.forms[kind] = HeadForm(wire, route, fixed, own)
    return known


def _alike(parameters: Mapping[str, Any]) -> object:
    """Equal for parameters whose heads have one form."""
    return tuple(
        [
            (name, tuple(value.items()) if isinstance(value, dict) else value)
            for name, value in parameters.items()
            if name not in _DIFFERENT_EACH_TIME
        ]
    ), tuple([name for name in parameters if name in _DIFFERENT_EACH_TIME])
