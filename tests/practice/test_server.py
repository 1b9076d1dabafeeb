"""The process: restarts, connections, clients that are slow, broken or hostile."""

import gc
import http.client
import os
import random
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


def converse(server, data):
    """Sends bytes, ends the sending, and gives all that comes back."""
    with connect(server) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while more := connection.recv(65536):
            answer += more
        return answer


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


def test_a_connection_serves_many_requests(server, raw):
    assert raw.call("PUT", "/bucket/key", b"hello").status == 200
    kept = raw.connection.sock
    for _ in range(3):
        assert raw.call("GET", "/bucket/key").body == b"hello"
        assert raw.call("GET", "/bucket/none").status == 404
        assert raw.call("HEAD", "/bucket/none").status == 404
        assert raw.call("DELETE", "/bucket/none").status == 204
        assert raw.call("GET", "/bucket/key", headers={"If-None-Match": "*"}).status == 304
    assert raw.connection.sock is kept
    raw.call("GET", "/bucket/key", headers={"Connection": "close"})
    assert raw.connection.sock is None


def test_requests_may_follow_without_waiting(server, raw):
    """Pipelining: the second request is in the buffer while the first is answered."""
    head = raw.signed_headers("GET", "/bucket?location")
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    host = urlsplit(server.endpoint_url).netloc
    request = f"GET /bucket?location HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode()
    assert converse(server, request * 3).count(b"HTTP/1.1 200 OK") == 3


def test_every_answer_says_who_when_and_which_request(raw):
    reply = raw.call("GET", "/bucket/none")
    assert reply.headers["server"] == "AmazonS3"
    assert reply.headers["date"].endswith(" GMT")
    assert reply.headers["content-type"] == "application/xml"
    assert len(reply.headers["x-amz-request-id"]) == 16
    assert reply.element("RequestId") == reply.headers["x-amz-request-id"]
    assert reply.element("HostId") == reply.headers["x-amz-id-2"]
    assert reply.element("Resource") == "/bucket/none"


def expecting(raw, method, target, size, **headers):
    signed = raw.signed_headers(method, target, headers)
    raw.connection.putrequest(method, target)
    for name, value in {**signed, "Content-Length": str(size), "Expect": "100-continue"}.items():
        raw.connection.putheader(name, value)
    raw.connection.endheaders()
    return raw.connection.sock


def test_the_body_is_asked_for_when_the_client_waits(raw):
    sock = expecting(raw, "PUT", "/bucket/key", 5)
    assert sock.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
    sock.sendall(b"hello")
    assert sock.recv(1024).startswith(b"HTTP/1.1 200 OK")


def test_it_is_not_asked_for_when_the_answer_is_known(raw):
    sock = expecting(raw, "PUT", "/no-such-bucket/key", 5)
    answer = sock.recv(4096)
    assert answer.startswith(b"HTTP/1.1 404 Not Found")
    assert b"Connection: close" in answer


def test_a_refusal_reaches_a_client_that_goes_on_sending(server, raw):
    reply = raw.call("PUT", "/no-such-bucket/key", b"x" * (16 * MEBIBYTE))
    assert reply.code == "NoSuchBucket"
    assert reply.headers["connection"] == "close"


GARBAGE = [
    b"\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/3.0\r\n\r\n",
    b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
    b"GET / HTTP/1.1\r\nspace : x\r\n\r\n",
    b"GET / HTTP/1.1\r\n folded\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"GET nothing HTTP/1.1\r\n\r\n",
    b"GET http:// HTTP/1.1\r\n\r\n",
    b"GET /%FF HTTP/1.1\r\n\r\n",
    b"GET /\xff\xfe HTTP/1.1\r\n\r\n",
    b"GET /bucket/a?%FF=1 HTTP/1.1\r\n\r\n",
    b"GET /bucket/" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"a: " + b"b" * 9000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 3000 + b"\r\n",
    b"PUT /bucket/a HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"PUT /bucket/a HTTP/1.1\r\nContent-Length: x\r\n\r\n",
    b"PUT /bucket/a HTTP/1.1\r\nContent-Length: " + b"9" * 30 + b"\r\n\r\n",
    b"PUT /bucket/a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"PUT /bucket/a HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\na",
    b"PUT /bucket/a HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\na",
    b"GET / HTTP/1.1\r\nAuthorization: AWS4-HMAC-SHA256 Credential=\xff\r\n\r\n",
    b"GET /?X-Amz-Signature=%00 HTTP/1.1\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 300,
    b"\x00" * 100_000,
    b"GET / HTTP/1.1\r\nHalf",
]


@pytest.mark.parametrize("data", GARBAGE, ids=range(len(GARBAGE)))
def test_what_is_no_request_gets_a_clear_answer_or_none(server, raw, capfd, data):
    answer = converse(server, data)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5"))
    assert b"Traceback" not in answer
    assert raw.call("GET", "/bucket?location").status == 200
    assert capfd.readouterr().err == ""


def test_seeded_nonsense_does_not_upset_it(server, raw, capfd):
    """Valid signed requests with bytes changed, cut or doubled."""
    seed = 20_261_122
    rng = random.Random(seed)
    host = urlsplit(server.endpoint_url).netloc
    for number in range(150):
        signed = raw.signed_headers("PUT", "/open-bucket/key", {"Content-Length": "5"})
        lines = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
        text = f"PUT /open-bucket/key HTTP/1.1\r\nHost: {host}\r\n{lines}\r\nhello"
        data = bytearray(text.encode())
        for _ in range(rng.randint(1, 4)):
            place = rng.randrange(len(data))
            match rng.randrange(4):
                case 0:
                    data[place] = rng.randrange(256)
                case 1:
                    del data[place : place + rng.randint(1, 40)]
                case 2:
                    data[place:place] = data[place : place + rng.randint(1, 40)]
                case _:
                    data[place:place] = rng.randbytes(rng.randint(1, 10))
        answer = converse(server, bytes(data))
        assert answer == b"" or answer.startswith(b"HTTP/1.1 "), (seed, number)
    assert server.ledger.unexpected() == []
    assert capfd.readouterr().err == ""
    assert raw.call("GET", "/bucket?location").status == 200


def test_a_body_that_ends_early_stores_nothing(server, raw):
    signed = raw.signed_headers("PUT", "/bucket/key", {"Content-Length": "10"})
    lines = "".join(f"{name}: {value}\r\n" for name, value in signed.items())
    host = urlsplit(server.endpoint_url).netloc
    answer = converse(
        server, f"PUT /bucket/key HTTP/1.1\r\nHost: {host}\r\n{lines}\r\nhello".encode()
    )
    assert b"<Code>IncompleteBody</Code>" in answer
    assert server.ledger.commits() == []
    assert list(server._root.rglob("blobs/*/*")) == []


def test_silence_within_a_body_is_a_timeout_and_stores_nothing(tmp_path):
    with (
        PracticeServer(tmp_path / "practice", idle_timeout_seconds=0.3) as server,
        RawClient(server) as raw,
    ):
        server.create_bucket("bucket")
        sock = expecting(raw, "PUT", "/bucket/key", 5)
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
        expecting(raw, "PUT", "/bucket/key", 1000)
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
