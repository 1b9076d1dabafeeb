"""Opens connections as botocore would: the same trust, the same proxies, the same errors.

botocore itself is needed only where there are proxies, or something goes wrong.
"""

from __future__ import annotations

import os
import socket
import ssl
import sys
import threading
from typing import Literal

from s3gui.adapters.s3_address import Address
from s3gui.adapters.s3_opening import OPTIONS, open_socket
from s3gui.adapters.s3_trust import trusting
from s3gui.adapters.s3_watch import Watch
from s3gui.core.profile import Profile, is_loopback


class Network:
    """`verify`: a file of certificates, or True for those that botocore trusts by itself.

    `proxies` as `proxies_of` has them.
    """

    def __init__(
        self, watch: Watch, *, verify: str | Literal[True], proxies: dict[str, str] | None
    ) -> None:
        self._watch = watch
        self._verify = verify
        self._proxies = {} if proxies is None and _has_no_proxies() else proxies
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def proxy_for(self, address: Address) -> str | None:
        """The proxy's URL; it may hold a password."""
        if self._proxies == {}:
            return None
        from s3gui.adapters.s3_proxied import configuration

        return configuration(address, self._proxies).proxy_url_for(address.origin)

    def forwarding_headers(self, address: Address, proxy_url: str) -> dict[str, str]:
        """What a proxy wants to see in requests that it passes on in the clear."""
        from s3gui.adapters.s3_proxied import configuration

        return dict(configuration(address, self._proxies).proxy_headers_for(proxy_url))

    def open(self, address: Address, proxy_url: str | None) -> socket.socket:
        """A connection on which a request for the address can be sent. Inside of an exchange.

        Raises what botocore raises for a connection that cannot be made.
        """
        trust = self._trust() if address.scheme == "https" else None
        if proxy_url is not None:
            from s3gui.adapters.s3_proxied import open_by_proxy

            headers = self.forwarding_headers(address, proxy_url)
            return open_by_proxy(address, proxy_url, headers, self._watch, trust)
        exchange = self._watch.current
        exchange.opens(by_proxy=False)
        try:
            opened = self._open(address, trust)
        except OSError as error:
            from s3gui.adapters.s3_failures import connecting_failed

            raise connecting_failed(error, address, None) from error
        exchange.hold(opened)
        exchange.opened()
        return opened

    def _open(self, address: Address, trust: ssl.SSLContext | None) -> socket.socket:
        exchange, bounds = self._watch.current, self._watch.bounds
        plain = open_socket(
            address.host, address.port, exchange, seconds=bounds.connect_seconds, options=OPTIONS
        )
        if trust is None:
            return plain
        # TLS will move the connection into another object; until that is there, this one ends it.
        with plain, plain.dup() as handle:
            exchange.hold(handle)
            try:
                plain.settimeout(bounds.silence_seconds)
                return trust.wrap_socket(plain, server_hostname=_name(address))
            finally:
                exchange.hold(None)

    def _trust(self) -> ssl.SSLContext:
        """Read once: it costs a hundredth of a second."""
        with self._lock:
            if self._context is None:
                self._context = trusting(self._verify)
            return self._context


def proxies_of(profile: Profile) -> dict[str, str] | None:
    """By scheme; None for those of the environment."""
    endpoint_url = profile.endpoint_url
    return {} if endpoint_url is not None and is_loopback(endpoint_url) else None


def _has_no_proxies() -> bool:
    """As far as the environment tells; other systems have settings of their own."""
    is_named = any(name.lower().endswith("_proxy") for name in os.environ)
    return sys.platform == "linux" and not is_named


def _name(address: Address) -> str:
    """Without the zone of an IPv6 address, and the dot that ends a name: neither is certified."""
    return address.host.partition("%")[0].rstrip(".")
