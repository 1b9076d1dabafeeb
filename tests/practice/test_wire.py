"""HTTP on the wire: connections, bodies, and what is no HTTP at all."""

import random
import socket
from urllib.parse import urlsplit

import pytest

MEBIBYTE = 1024 * 1024


def converse(server, data):
    """Sends bytes, ends the sending, and gives all that comes back."""
    address = urlsplit(server.endpoint_url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while more := connection.recv(65536):
            answer += more
        return answer


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


def test_the_body_is_asked_for_when_the_client_waits(raw):
    sock = raw.expect("PUT", "/bucket/key", 5)
    assert sock.recv(1024) == b"HTTP/1.1 100 Continue\r\n\r\n"
    sock.sendall(b"hello")
    assert sock.recv(1024).startswith(b"HTTP/1.1 200 OK")


def test_it_is_not_asked_for_when_the_answer_is_known(raw):
    sock = raw.expect("PUT", "/no-such-bucket/key", 5)
    answer = sock.recv(4096)
    assert answer.startswith(b"HTTP/1.1 404 Not Found")
    assert b"Connection: close" in answer


def test_it_is_asked_for_even_when_it_is_empty(raw):
    sock = raw.expect("PUT", "/bucket/key", 0)
    answer = b""
    while b"HTTP/1.1 200 OK" not in answer:
        answer += sock.recv(4096)
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\n")


def test_a_refusal_without_100_ends_the_connection_even_when_the_body_is_empty(raw):
    sock = raw.expect("PUT", "/no-such-bucket/key", 0)
    assert b"Connection: close" in sock.recv(4096)


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
