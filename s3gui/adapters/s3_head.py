"""The signed head of a request with a body. What requests share is written once, and kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from s3gui.adapters.s3_address import Address
from s3gui.adapters.s3_signing import CanonicalForm, Signer, escaped
from s3gui.adapters.s3_wire import Wire

_DIFFERENT_EACH_TIME = frozenset(
    {"Key", "ContentLength", "PartNumber", "UploadId", "ContentMD5"}
    | {f"Checksum{name}" for name in ("CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256")}
)
"""Parameters; all others are the same for many files. None of their values has white space."""

_FORMS_KEPT = 64


@dataclass(slots=True)
class Route:
    """How requests for a bucket get there."""

    address: Address
    signer: Signer
    user_agent: str
    proxy_url: str | None = None
    proxy_headers: Mapping[str, str] = field(default_factory=dict)
    forms: dict[object, HeadForm] = field(default_factory=dict)

    @property
    def is_forwarded(self) -> bool:
        """Whether a proxy reads the requests and passes them on."""
        return self.proxy_url is not None and self.address.scheme == "http"


class HeadForm:
    """Heads of requests that differ in a few values only, to be filled with these."""

    def __init__(
        self,
        wire: Wire,
        route: Route,
        fixed: Mapping[str, str],
        varying: Iterable[str],
    ) -> None:
        """`fixed` are headers with their values, `varying` the names of others."""
        names = (*varying, "X-Amz-Content-SHA256", "X-Amz-Date")
        signed = {"Host": route.address.authority, **fixed}
        self.canonical = CanonicalForm(wire.method, signed, names)
        unsigned = {"User-Agent": route.user_agent, "Accept-Encoding": "identity"}
        if route.is_forwarded:
            unsigned |= route.proxy_headers
        headers = {escaped(name): escaped(its) for name, its in (signed | unsigned).items()}
        headers |= {name: f"%({name})s" for name in (*names, "Authorization")}
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers.items()])
        origin = escaped(route.address.origin) if route.is_forwarded else ""
        self._text = f"{wire.method} {origin}%(:target)s HTTP/1.1\r\n{lines}\r\n"

    def filled(self, values: Mapping[str, str]) -> bytes:
        return (self._text % values).encode("latin-1")


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
    each = {name: parameters[name] for name in parameters if name in _DIFFERENT_EACH_TIME}
    values = wire.headers(each)
    form = _form(wire, parameters, route, keys.token, values)
    path = f"{route.address.path}/{quote(parameters['Key'], safe='/~')}"
    query = wire.query(each)
    values["X-Amz-Content-SHA256"] = payload_hash
    values["X-Amz-Date"] = timestamp
    values[":target"] = f"{path}?{query}" if query else path
    values["Authorization"] = route.signer.authorization(
        form.canonical.filled(path, query, payload_hash, values),
        form.canonical.signed_names,
        access_key=keys.access_key,
        secret_key=keys.secret_key,
        timestamp=timestamp,
    )
    return form.filled(values)


def _form(
    wire: Wire,
    parameters: Mapping[str, Any],
    route: Route,
    token: str | None,
    varying: Iterable[str],
) -> HeadForm:
    shared = tuple(
        [
            (name, tuple(value.items()) if isinstance(value, dict) else value)
            for name, value in parameters.items()
            if name not in _DIFFERENT_EACH_TIME
        ]
    )
    kind = (wire.operation, shared, tuple(varying), token)
    known = route.forms.get(kind)
    if known is None:
        fixed = wire.headers({name: parameters[name] for name, _ in shared})
        if token:
            fixed["X-Amz-Security-Token"] = token
        if len(route.forms) >= _FORMS_KEPT:
            route.forms = {}
        known = route.forms[kind] = HeadForm(wire, route, fixed, varying)
    return known
