"""What went wrong with a connection of our own, in the words of the one table of errors."""

from __future__ import annotations

import ssl

from botocore import exceptions as boto
from botocore.httpsession import mask_proxy_url
from urllib3 import exceptions as urllib3
from urllib3.util.ssl_match_hostname import CertificateError

from s3gui.adapters.s3_address import Address


def connecting_failed(error: Exception, address: Address, proxy_url: str | None) -> Exception:
    """What botocore would raise for a connection that could not be made."""
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


def exchange_failed(error: OSError, address: Address) -> Exception:
    """What botocore would raise for a connection that did not live to see the answer."""
    if isinstance(error, TimeoutError):
        return boto.ReadTimeoutError(endpoint_url=address.origin, error=error)
    return boto.ConnectionClosedError(endpoint_url=address.origin, error=error)
