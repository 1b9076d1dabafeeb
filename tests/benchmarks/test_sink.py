"""The sink answers as S3 does, or a benchmark would measure retries."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from urllib.parse import urlsplit

import pytest

from tests.benchmarks.service import Service, sink

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sink needs Linux")


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with sink(None, ["--processes", "2"]) as running:
        yield running


@pytest.fixture
def connect() -> Iterator[Callable[[Service], http.client.HTTPConnection]]:
    with ExitStack() as closing:

        def connect(service: Service) -> http.client.HTTPConnection:
            connection = http.client.HTTPConnection(urlsplit(service.endpoint_url).netloc)
            return closing.enter_context(contextlib.closing(connection))

        yield connect


def ask(
    connection: http.client.HTTPConnection,
    method: str,
    target: str,
    body: bytes = b"",
    **headers: str,
) -> tuple[int, http.client.HTTPMessage, bytes]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, target, body or None, named)
    answer = connection.getresponse()
    return answer.status, answer.headers, answer.read()


def test_an_object_has_the_md5_and_the_checksum_that_came_with_it(service, connect) -> None:
    body = b"x" * 3_000_000
    md5 = hashlib.md5(body)
    status, headers, _ = ask(
        connect(service),
        "PUT",
        "/bucket/key",
        body,
        Content_MD5=base64.b64encode(md5.digest()).decode(),
        x_amz_checksum_crc64nvme="AAAAAAAAAAA=",
    )
    assert status == 200
    assert headers["ETag"] == f'"{md5.hexdigest()}"'
    assert headers["x-amz-checksum-crc64nvme"] == "AAAAAAAAAAA="


def test_every_process_knows_what_another_stored(service, connect) -> None:
    ask(connect(service), "PUT", "/bucket/known%20everywhere", b"12345")
    connections = [connect(service) for _ in range(12)]
    for connection in connections:  # held open, so that both processes come to serve some
        status, headers, _ = ask(connection, "HEAD", "/bucket/known%20everywhere")
        assert (status, headers["Content-Length"]) == (200, "5")
    assert ask(connections[0], "HEAD", "/bucket/unknown")[0] == 404


def test_parts_become_an_object_of_their_size(service, connect) -> None:
    connection = connect(service)
    _, _, document = ask(connection, "POST", "/bucket/whole?uploads")
    upload_id = document.split(b"<UploadId>")[1].split(b"<")[0].decode()
    etags = []
    for number in (1, 2):
        md5 = hashlib.md5(bytes(number)).digest()
        target = f"/bucket/whole?partNumber={number}&uploadId={upload_id}"
        sent = ask(
            connection, "PUT", target, bytes(number), Content_MD5=base64.b64encode(md5).decode()
        )
        etags.append(sent[1]["ETag"].strip('"'))
    listed = "".join(f"<Part><ETag>{etag}</ETag></Part>" for etag in etags).encode()
    _, _, document = ask(connection, "POST", f"/bucket/whole?uploadId={upload_id}", listed)
    expected = hashlib.md5(b"".join(map(bytes.fromhex, etags))).hexdigest()
    assert f'"{expected}-2"'.encode() in document
    assert ask(connection, "HEAD", "/bucket/whole")[1]["Content-Length"] == "3"


def test_a_line_is_as_slow_as_it_is_told_to_be(connect) -> None:
    line = ["--latency-ms", "50", "--connection-mb-per-second", "10"]
    with sink(None, line) as service:
        connection = connect(service)
        connection.connect()
        started = time.monotonic()
        ask(connection, "PUT", "/bucket/key", bytes(2_000_000))
        assert time.monotonic() - started > 0.2
    assert sum(service.reports[0]["received_by_second"].values()) == 2_000_000
