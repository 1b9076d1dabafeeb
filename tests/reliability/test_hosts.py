"""Rows C-06 and C-07, requirement 5: credentials go to the host that was meant, and encrypted."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from s3gui.adapters.s3 import connect
from s3gui.adapters.s3_browse import connect_for_browsing
from s3gui.core.errors import InputError, S3guiError
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.source import MemoryBody
from tests.adapters.scripted_server import Answer, scripted_server
from tests.support.certificates import Authority

CREDENTIALS = Credentials("AKIACANARY", Secret("canary-secret"), Secret("canary-token"))
PLACE = Destination("bucket", "key")


class Stranger:
    """A host that nobody meant: it keeps what it is sent."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.heard = b""


@contextlib.contextmanager
def stranger() -> Iterator[Stranger]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        found = Stranger(listening.getsockname()[1])

        def listen() -> None:
            with contextlib.suppress(OSError):
                while True:
                    guest, _ = listening.accept()
                    guest.settimeout(2)
                    with guest, contextlib.suppress(OSError):
                        found.heard += guest.recv(65536) or b"(a connection)"

        thread = threading.Thread(target=listen, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            thread.join()


def put(profile: Profile) -> None:
    store = connect(profile, CREDENTIALS)
    store.put_object(
        PLACE,
        MemoryBody(b"content"),
        store.checksums.of([b"content"]),
        UploadOptions(),
        only_if_absent=False,
        on_sent=lambda _sent: None,
    )


def listing(profile: Profile) -> None:
    connect(profile, CREDENTIALS).list_objects(Destination("bucket", ""))


def download(profile: Profile) -> None:
    connect_for_browsing(profile, CREDENTIALS).download(PLACE)


CALLS = pytest.mark.parametrize("call", [put, listing, download])


def profile_at(url: str, ca_file: str | None = None) -> Profile:
    return Profile("p", "P", "generic", url, "us-east-1", access_key_id="AKIA", ca_file=ca_file)


REGIONS = ["evil.example", "x@{at}/#", "us-east-1.{at}", "{at}", "../..", "a b", "x\u00ad"]


@pytest.mark.row("C-07")
@CALLS
@pytest.mark.parametrize("region", REGIONS)
def test_no_answer_leads_to_another_host(call: Callable[[Profile], None], region: str) -> None:
    with stranger() as other, scripted_server() as server:
        at = f"127.0.0.1:{other.port}"
        error = (
            f"<Error><Code>PermanentRedirect</Code><Endpoint>{at}</Endpoint>"
            f"<Bucket>bucket</Bucket><Region>{region.format(at=at)}</Region></Error>"
        )
        header = region.format(at=at).encode("latin-1", "replace").decode("latin-1")
        headers = {"Location": f"http://{at}/bucket/key", "x-amz-bucket-region": header}
        for status in (301, 307):
            server.answers = [Answer(status, error.encode(), headers)]
            with pytest.raises(S3guiError):
                call(profile_at(server.endpoint_url))
            assert 1 <= len(server.asked) <= 12
            server.asked.clear()
    assert other.heard == b""


@pytest.mark.row("C-06")
@CALLS
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_answer_leads_from_https_to_http(call, status: int, tmp_path) -> None:
    authority = Authority(tmp_path)
    with stranger() as other, scripted_server(authority.server_context()) as server:
        place = f"http://127.0.0.1:{other.port}/bucket/key"
        server.answers = [Answer(status, headers={"Location": place})]
        with pytest.raises(S3guiError):
            call(profile_at(server.endpoint_url, str(authority.ca_file)))
        assert server.asked
    assert other.heard == b""


@pytest.mark.row("C-06")
@CALLS
def test_where_https_does_not_work_nothing_is_tried_without_it(call) -> None:
    """The port speaks plain http: all it ever hears is the greeting of TLS."""
    with stranger() as other:
        with pytest.raises(S3guiError):
            call(profile_at(f"https://127.0.0.1:{other.port}"))
        assert other.heard
        for word in (b"HTTP/1", b"canary", b"AKIA", b"bucket", b"host:", b"Host:"):
            assert word not in other.heard
        assert other.heard.startswith(b"\x16\x03")


@pytest.mark.row("C-06")
def test_http_needs_consent_but_on_this_computer() -> None:
    with pytest.raises(InputError, match="in the clear"):
        profile_at("http://s3.example.org").check()
    Profile("p", "P", "generic", "http://s3.example.org", allow_http=True).check()
    for loopback in ("http://127.0.0.1:9000", "http://localhost", "http://[::1]:9000"):
        profile_at(loopback).check()
    with pytest.raises(InputError):
        connect(profile_at("http://s3.example.org"), CREDENTIALS)


@pytest.mark.row("C-06")
@pytest.mark.parametrize(
    ("url", "is_unencrypted"),
    [
        (None, False),
        ("https://s3.example.org", False),
        ("http://127.0.0.1:9000", False),
        ("HTTP://s3.example.org", True),
        ("http://127.0.0.1.example.org", True),
    ],
)
def test_what_everybody_can_read_is_known(url, is_unencrypted) -> None:
    assert Profile("p", "P", endpoint_url=url).is_unencrypted == is_unencrypted
