"""Connections by way of a proxy, as botocore and urllib3 make them."""

from __future__ import annotations

import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

from botocore.httpsession import ProxyConfiguration
from botocore.utils import get_environ_proxies
from urllib3 import exceptions as urllib3
from urllib3.util.ssl_match_hostname import CertificateError

from s3gui.adapters.s3_address import Address
from s3gui.adapters.s3_connections import PlainConnection, TlsConnection
from s3gui.adapters.s3_failures import connecting_failed
from s3gui.adapters.s3_opening import OPTIONS
from s3gui.adapters.s3_watch import Watch


def configuration(address: Address, proxies: dict[str, str] | None) -> ProxyConfiguration:
    """`proxies`: by scheme; None for those of the environment."""
    if proxies is None:
        proxies = get_environ_proxies(address.origin)
    return ProxyConfiguration(proxies)


def open_by_proxy(
    address: Address,
    proxy_url: str,
    headers: dict[str, str],
    watch: Watch,
    trust: ssl.SSLContext | None,
) -> socket.socket:
    """As `Network.open`; `headers` are for the proxy, `trust` is for the host behind it."""
    proxy = urlsplit(proxy_url)
    place = watch, proxy.hostname or "", proxy.port or 80
    settings: dict[str, Any] = {"timeout": watch.bounds.silence_seconds, "socket_options": OPTIONS}
    connection: Any
    if trust is None:
        connection = PlainConnection(*place, **settings)
    else:
        connection = TlsConnection(*place, ssl_context=trust, **settings)
        connection.set_tunnel(address.host, address.port, headers=headers)
    try:
        connection.connect()
    except (OSError, urllib3.HTTPError, CertificateError) as error:
        connection.close()
        raise connecting_failed(error, address, proxy_url) from error
    opened: socket.socket = connection.sock
    return opened
