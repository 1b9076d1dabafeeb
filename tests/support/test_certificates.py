"""That the bad servers are bad for the reason they are named after, and work apart from it.

A test that such a server is refused would prove nothing where it could not be talked to at all.
"""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.certificates import BAD_SERVERS, Authority

REASONS = {
    "expired": "has expired",
    "not yet valid": "is not yet valid",
    "for another address": "IP address mismatch",
    "for another host": "IP address mismatch",
    "without a name but the common one": "IP address mismatch",
    "signed by itself": "self-signed certificate",
    "from an authority that is not trusted": "unable to get local issuer|signature failure",
    "from a server that is no authority": "invalid CA certificate",
    "for clients only": "unsuitable certificate purpose|unsupported certificate purpose",
    "with a key that is too short": "key too weak|key too small",
    # Where the system lets a client offer it, its signatures by SHA-1 are what is refused.
    "TLS 1.0": "protocol version|unsupported protocol|legacy sigalg",
    "TLS 1.1": "protocol version|unsupported protocol|legacy sigalg",
}


@contextmanager
def serving(context: ssl.SSLContext) -> Iterator[int]:
    """Makes one connection, and says “hello” on it."""

    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            try:
                with context.wrap_socket(connection, server_side=True) as encrypted:
                    encrypted.sendall(b"hello")
            except OSError:
                pass  # refused by the client

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


def greeting(port: int, context: ssl.SSLContext) -> bytes:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        context.wrap_socket(connection, server_hostname="127.0.0.1") as encrypted,
    ):
        return encrypted.recv(5)


def careful(authority: Authority) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(authority.ca_file))


def careless() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    return context


def test_a_good_server_is_trusted_by_who_trusts_its_authority(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with serving(authority.server_context()) as port:
        assert greeting(port, careful(authority)) == b"hello"


@pytest.mark.parametrize("name", BAD_SERVERS)
def test_a_bad_server_is_refused_for_what_is_bad_about_it(tmp_path: Path, name: str) -> None:
    authority = Authority(tmp_path)
    with (
        serving(BAD_SERVERS[name](authority)) as port,
        pytest.raises(ssl.SSLError, match=f"(?i){REASONS[name]}"),
    ):
        greeting(port, careful(authority))


@pytest.mark.parametrize("name", BAD_SERVERS)
def test_a_bad_server_talks_to_who_does_not_care(tmp_path: Path, name: str) -> None:
    with serving(BAD_SERVERS[name](Authority(tmp_path))) as port:
        assert greeting(port, careless()) == b"hello"
