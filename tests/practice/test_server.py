"""The process: restarts, many clients, slow ones, and its end."""

import gc
import http.client
import os
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from s3gui.practice import PracticeCredentials, PracticeServer, close_connection
from tests.practice.raw_client import RawClient

MEBIBYTE = 1024 * 1024


def connect(server):
    address = urlsplit(server.endpoint_url)
    return socket.create_connection((address.hostname, address.port), timeout=10)


def test_everything_survives_a_restart(tmp_path):
    root = tmp_path / "practice"
    with PracticeServer(root) as server, RawClient(server) as raw:
        server.create_bucket("bucket", region="eu-west-1", acls_enabled=True, versioning=True)
        first = server.credentials
        with RawClient(server) as client:
            assert client.call("PUT", "/bucket/a", b"hello", region="eu-west-1").status == 200
        upload = raw.call("POST", "/bucket/b?uploads", region="eu-west-1").element("UploadId")
        target = f"/bucket/b?partNumber=1&uploadId={upload}"
        etag = raw.call("PUT", target, b"part", region="eu-west-1").headers["etag"]
    with PracticeServer(root) as server, RawClient(server) as raw:
        assert server.credentials == first
        assert raw.call("GET", "/bucket/a", region="eu-west-1").body == b"hello"
        reply = raw.call("GET", f"/bucket/b?uploadId={upload}", region="eu-west-1")
        assert reply.element("Size") == "4"
        body = (
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
            f"<ETag>{etag}</ETag></Part></CompleteMultipartUpload>"
        ).encode()
        target = f"/bucket/b?uploadId={upload}"
        assert raw.call("POST", target, body, region="eu-west-1").status == 200
    with PracticeServer(root) as server, RawClient(server) as raw:
        assert raw.call("POST", target, body, region="eu-west-1").status == 200
        assert raw.call("GET", "/bucket/b", region="eu-west-1").body == b"part"


def test_what_a_kill_left_behind_is_swept_away(tmp_path):
    root = tmp_path / "practice"
    with PracticeServer(root) as server:
        server.create_bucket("bucket")
        with RawClient(server) as raw:
            raw.call("PUT", "/bucket/key", b"kept")
    stray = root / "blobs" / "00" / ("0" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"half an upload")
    with PracticeServer(root) as server, RawClient(server) as raw:
        assert not stray.exists()
        assert raw.call("GET", "/bucket/key").body == b"kept"


def test_one_folder_has_one_server(tmp_path):
    with (
        PracticeServer(tmp_path / "practice"),
        pytest.raises(BlockingIOError, match="another practice server uses"),
    ):
        PracticeServer(tmp_path / "practice").start()
    PracticeServer(tmp_path / "practice").start().stop()


def test_a_port_that_is_taken_is_an_error_and_leaves_the_folder_free(tmp_path):
    with PracticeServer(tmp_path / "one") as server:
        taken = urlsplit(server.endpoint_url).port
        with pytest.raises(OSError, match="ddress"):
            PracticeServer(tmp_path / "two", taken).start()
        PracticeServer(tmp_path / "two").start().stop()


def test_it_listens_on_this_machine_only(server):
    assert server.endpoint_url.startswith("http://127.0.0.1:")


def test_given_credentials_are_used_and_not_written_down(tmp_path):
    credentials = PracticeCredentials("AKIAGIVEN", "given secret")
    with PracticeServer(tmp_path / "practice", credentials=credentials) as server:
        with RawClient(server, credentials) as raw:
            assert raw.call("GET", "/").status == 200
        for path in (tmp_path / "practice").rglob("*"):
            assert path.is_dir() or b"given secret" not in path.read_bytes()


def test_silence_within_a_body_is_a_timeout_and_stores_nothing(tmp_path):
    with (
        PracticeServer(tmp_path / "practice", idle_timeout_seconds=0.3) as server,
        RawClient(server) as raw,
    ):
        server.create_bucket("bucket")
        sock = raw.expect("PUT", "/bucket/key", 5)
        assert sock.recv(1024).startswith(b"HTTP/1.1 100")
        assert b"<Code>RequestTimeout</Code>" in sock.recv(4096)
        assert server.ledger.commits() == []
        with connect(server) as idle:
            assert idle.recv(1) == b""  # a connection that asks nothing is closed


def test_a_client_that_does_not_read_holds_up_nobody(server, raw):
    raw.call("PUT", "/bucket/big", b"x" * (32 * MEBIBYTE))
    target = "/bucket/big"
    host = urlsplit(server.endpoint_url).netloc
    lines = "".join(f"{n}: {v}\r\n" for n, v in raw.signed_headers("GET", target).items())
    with connect(server) as stuck:
        stuck.sendall(f"GET {target} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode())
        assert server.ledger.wait_for(1, "GetObject")
        for _ in range(20):
            assert raw.call("PUT", "/bucket/key", b"hello").status == 200
    started = time.monotonic()
    server.stop()
    assert time.monotonic() - started < 5


def test_stopping_cuts_off_what_is_under_way(tmp_path):
    server = PracticeServer(tmp_path / "practice").start()
    server.create_bucket("bucket")
    with RawClient(server) as raw:
        raw.expect("PUT", "/bucket/key", 1000)
        started = time.monotonic()
        server.stop()
        server.stop()
        assert time.monotonic() - started < 5
        with pytest.raises((http.client.HTTPException, OSError)):
            raw.connection.getresponse().read()
    assert list((tmp_path / "practice").rglob("blobs/*/*")) == []


def test_many_clients_at_once_each_get_their_own(server):
    failures = []

    def work(number):
        with RawClient(server) as raw:
            for turn in range(10):
                body = f"{number} {turn}".encode() * 100
                target = f"/bucket/{number}-{turn}"
                if raw.call("PUT", target, body).status != 200:
                    failures.append(target)
                if raw.call("GET", target).body != body:
                    failures.append(target)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_nothing_stays_open_after_many_connections(server):
    def count():
        gc.collect()
        return psutil.Process().num_fds() if os.name != "nt" else psutil.Process().num_handles()

    before = count()
    server.faults.add(close_connection(), operation="ListBuckets", first=5, times=10)
    for _ in range(40):
        with RawClient(server) as raw:
            try:
                raw.call("GET", "/")
            except (http.client.HTTPException, OSError):
                continue
    deadline = time.monotonic() + 5
    while len(server._connections) > 0 and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert count() <= before + 1
    assert server._connections == {}


PROBE = """
import sys, psutil
from pathlib import Path
from s3gui.practice import PracticeServer
from tests.practice.raw_client import RawClient
with PracticeServer(Path(sys.argv[1])) as server, RawClient(server) as raw:
    server.create_bucket("bucket")
    raw.call("PUT", "/bucket/warm", b"x" * 1_000_000)
    before = psutil.Process().memory_info().rss
    size = 256 * 1024 * 1024
    signed = raw.signed_headers("PUT", "/bucket/big")
    block = b"y" * 65536
    raw.connection.request("PUT", "/bucket/big", (block for _ in range(size // len(block))),
                           {**signed, "Content-Length": str(size)})
    assert raw.connection.getresponse().read() == b""
    raw.connection.request("GET", "/bucket/big", headers=raw.signed_headers("GET", "/bucket/big"))
    answer = raw.connection.getresponse()
    while answer.read(65536):
        pass
    print((psutil.Process().memory_info().rss - before) // 2**20)
"""


def test_memory_stays_flat_whatever_the_size(tmp_path):
    """256 MiB in and out of a process that grows by less than 16 MiB."""
    done = subprocess.run(
        [sys.executable, "-c", PROBE, str(tmp_path / "practice")],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
    )
    assert done.stderr == ""
    assert int(done.stdout) < 16
