"""Opens connections as botocore would: the same trust, the same proxies, the same errors."""

from __future__ import annotations

import socket
import ssl
import threading
from typing import Any
from urllib.parse import urlsplit

from botocore import exceptions as boto
from botocore.httpsession import (
    ProxyConfiguration,
    create_urllib3_context,
    get_cert_path,
    mask_proxy_url,
)
from botocore.utils import get_environ_proxies
from urllib3 import exceptions as urllib3
from urllib3.util.ssl_match_hostname import CertificateError

from s3gui.adapters.s3_address import Address
from s3gui.adapters.s3_connections import PlainConnection, TlsConnection
from s3gui.adapters.s3_watch import Watch

_OPTIONS = [
    (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
]


class Network:
    """`verify`: a file of certificates, or True for those that botocore trusts by itself.

    `proxies`: by scheme; None for those of the environment.
    """

    def __init__(self, watch: Watch, *, verify: str | bool, proxies: dict[str, str] | None) -> None:
        self._watch = watch
        self._verify = verify
        self._proxies = proxies
        self._context: ssl.SSLContext | None = None
        self._lock = threading.Lock()

    def proxy_for(self, address: Address) -> str | None:
        """The proxy's URL; it may hold a password."""
        return self._configuration(address).proxy_url_for(address.origin)

    def forwarding_headers(self, address: Address, proxy_url: str) -> dict[str, str]:
        """What a proxy wants to see in requests that it passes on in the clear."""
        return dict(self._configuration(address).proxy_headers_for(proxy_url))

    def open(self, address: Address, proxy_url: str | None) -> socket.socket:
        """A connection on which a request for the address can be sent. Inside of an exchange.

        Raises what botocore raises for a connection that cannot be made.
        """
        connection = self._connection(address, proxy_url)
        try:
            connection.connect()
        except (OSError, urllib3.HTTPError, CertificateError) as error:
            connection.close()
            raise _as_botocore_says(error, address, proxy_url) from error
        opened: socket.socket = connection.sock
        return opened

    def _connection(self, address: Address, proxy_url: str | None) -> Any:
        proxy = urlsplit(proxy_url) if proxy_url is not None else None
        host, port = address.host, address.port
        if proxy is not None:
            host, port = proxy.hostname or "", proxy.port or 80
        settings: dict[str, Any] = {
            "timeout": self._watch.bounds.silence_seconds,
            "socket_options": _OPTIONS,
        }
        if address.scheme == "http":
            return PlainConnection(self._watch, host, port, **settings)
        connection = TlsConnection(self._watch, host, port, ssl_context=self._trust(), **settings)
        if proxy_url is not None:
            headers = self.forwarding_headers(address, proxy_url)
            connection.set_tunnel(address.host, address.port, headers=headers)
        return connection

    def _configuration(self, address: Address) -> ProxyConfiguration:
        proxies = self._proxies
        if proxies is None:
            proxies = get_environ_proxies(address.origin)
        return ProxyConfiguration(proxies)

    def _trust(self) -> ssl.SSLContext:
        """Read once: it costs a hundredth of a second."""
        with self._lock:
            if self._context is None:
                context: ssl.SSLContext = create_urllib3_context()
                context.verify_mode = ssl.CERT_REQUIRED
                # Some systems' Python leaves this to the settings of OpenSSL.
                context.minimum_version = max(context.minimum_version, ssl.TLSVersion.TLSv1_2)
                verify: Any = self._verify
                context.load_verify_locations(cafile=get_cert_path(verify))
                self._context = context
            return self._context


def _as_botocore_says(error: Exception, address: Address, proxy_url: str | None) -> Exception:
    """In the words of the one table of errors."""
    origin = address.origin
    # urllib3 counts a refused connection among those that took too long.
    is_refused = isinstance(error, urllib3.NewConnectionError)
    if isinstance(error, urllib3.ConnectTimeoutError | TimeoutError) and not is_refused:
        return boto.ConnectTimeoutError(endpoint_url=origin, error=error)
    if isinstance(error, ssl.SSLError | CertificateError):
        return boto.SSLError(endpoint_url=origin, error=error)
    if proxy_url is not None:
        return boto.ProxyConnectionError(proxy_url=mask_proxy_url(proxy_url), error=error)
    return boto.EndpointConnectionError(endpoint_url=origin, error=error)
