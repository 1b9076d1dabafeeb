import base64
import hashlib

import pytest

from s3gui.practice import Limits, PracticeServer
from s3gui.practice.checksums import ALGORITHMS, encode
from tests.practice.raw_client import RawClient
from tests.practice.refusals import refused

DATA = b"some bytes" * 100


def value_of(name, data=DATA):
    digest = ALGORITHMS[name].new()
    digest.update(data)
    return encode(digest.digest())


@pytest.mark.parametrize("name", sorted(ALGORITHMS))
def test_each_checksum_is_verified_kept_and_returned(client, raw, name):
    header = ALGORITHMS[name].header
    wrong = raw.call("PUT", "/bucket/key", DATA, {header: value_of(name, b"other")})
    assert (wrong.status, wrong.code) == (400, "BadDigest")
    with refused("404"):
        client.head_object(Bucket="bucket", Key="key")
    right = raw.call("PUT", "/bucket/key", DATA, {header: value_of(name)})
    assert right.status == 200
    assert right.headers[header] == value_of(name)
    head = client.head_object(Bucket="bucket", Key="key", ChecksumMode="ENABLED")
    assert head[f"Checksum{name}"] == value_of(name)
    assert head["ChecksumType"] == "FULL_OBJECT"
    assert f"Checksum{name}" not in client.head_object(Bucket="bucket", Key="key")


def test_without_a_checksum_s3_adds_crc64nvme(client, raw):
    assert raw.call("PUT", "/bucket/key", DATA).headers["x-amz-checksum-crc64nvme"] == value_of(
        "CRC64NVME"
    )
    head = client.head_object(Bucket="bucket", Key="key", ChecksumMode="ENABLED")
    assert head["ChecksumCRC64NVME"] == value_of("CRC64NVME")


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Content-MD5": "not base64"}, "InvalidDigest"),
        ({"Content-MD5": base64.b64encode(b"short").decode()}, "InvalidDigest"),
        ({"Content-MD5": base64.b64encode(hashlib.md5(b"other").digest()).decode()}, "BadDigest"),
        ({"x-amz-checksum-crc32": "AAAA"}, "InvalidRequest"),
        (
            {
                "x-amz-checksum-crc32": value_of("CRC32"),
                "x-amz-checksum-crc32c": value_of("CRC32C"),
            },
            "InvalidRequest",
        ),
        ({"x-amz-sdk-checksum-algorithm": "CRC32"}, "InvalidRequest"),
        (
            {
                "x-amz-sdk-checksum-algorithm": "SHA1",
                "x-amz-checksum-crc32": value_of("CRC32"),
            },
            "InvalidRequest",
        ),
        ({"x-amz-trailer": "x-amz-checksum-crc32"}, "InvalidRequest"),
    ],
)
def test_wrong_digests_are_refused(server, raw, headers, code):
    assert raw.call("PUT", "/bucket/key", DATA, headers).code == code
    assert server.ledger.commits() == []


def test_the_signed_hash_of_the_payload_is_verified(raw, server):
    other = hashlib.sha256(b"other").hexdigest()
    reply = raw.call("PUT", "/bucket/key", DATA, payload_hash=other)
    assert (reply.status, reply.code) == (400, "XAmzContentSHA256Mismatch")
    assert server.ledger.commits() == []
    right = hashlib.sha256(DATA).hexdigest()
    assert raw.call("PUT", "/bucket/key", DATA, payload_hash=right).status == 200


@pytest.mark.parametrize("value", ["unsigned", "0" * 63, "X" * 64, ""])
def test_a_payload_hash_that_is_none_is_refused(raw, value):
    assert raw.call("PUT", "/bucket/key", DATA, payload_hash=value).code == "InvalidArgument"


def test_a_right_md5_is_accepted_and_becomes_the_etag(raw):
    digest = hashlib.md5(DATA)
    md5 = base64.b64encode(digest.digest()).decode()
    reply = raw.call("PUT", "/bucket/key", DATA, {"Content-MD5": md5})
    assert reply.headers["etag"] == f'"{digest.hexdigest()}"'


def test_a_body_of_unannounced_length_is_refused(raw):
    signed = raw.signed_headers("PUT", "/bucket/key")
    raw.connection.putrequest("PUT", "/bucket/key")
    for name, value in signed.items():
        raw.connection.putheader(name, value)
    raw.connection.endheaders()
    with raw.connection.getresponse() as answer:
        assert answer.status == 411
        assert b"MissingContentLength" in answer.read()


def test_http_chunking_alone_is_not_implemented_as_on_aws(raw):
    signed = raw.signed_headers("PUT", "/bucket/key", {"Transfer-Encoding": "chunked"})
    raw.connection.request("PUT", "/bucket/key", iter([DATA]), signed, encode_chunked=True)
    with raw.connection.getresponse() as answer:
        assert answer.status == 501


def test_http_chunking_around_aws_chunked_is_how_sdks_stream(client, raw):
    body = f"{len(DATA):x}\r\n".encode() + DATA + b"\r\n0\r\n\r\n"
    signed = raw.signed_headers(
        "PUT",
        "/bucket/key",
        {
            "Transfer-Encoding": "chunked",
            "Content-Encoding": "aws-chunked",
            "x-amz-decoded-content-length": str(len(DATA)),
        },
        payload_hash="STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    )
    pieces = [body[start : start + 7] for start in range(0, len(body), 7)]
    raw.connection.request("PUT", "/bucket/key", iter(pieces), signed, encode_chunked=True)
    with raw.connection.getresponse() as answer:
        assert answer.status == 200
        answer.read()
    assert client.get_object(Bucket="bucket", Key="key")["Body"].read() == DATA
    assert raw.call("HEAD", "/bucket/key").status == 200  # the connection is still in step


def test_too_large_a_put_is_refused_before_its_body(tmp_path):
    limits = Limits(maximum_put_bytes=1000, maximum_document_bytes=100)
    with PracticeServer(tmp_path / "small", limits=limits) as server, RawClient(server) as raw:
        server.create_bucket("bucket")
        assert raw.call("PUT", "/bucket/key", b"x" * 1000).status == 200
        reply = raw.call("PUT", "/bucket/key", b"x" * 1001)
        assert (reply.code, reply.element("MaxSizeAllowed")) == ("EntityTooLarge", "1000")
        reply = raw.call("PUT", "/bucket?versioning", b"x" * 101)
        assert reply.code == "MaxMessageLengthExceeded"


def test_five_gibibytes_are_the_most_that_a_put_may_announce(raw):
    signed = raw.signed_headers("PUT", "/bucket/key")
    raw.connection.putrequest("PUT", "/bucket/key")
    for name, value in {**signed, "Content-Length": str(5 * 1024**3 + 1)}.items():
        raw.connection.putheader(name, value)
    raw.connection.endheaders()
    with raw.connection.getresponse() as answer:
        assert b"EntityTooLarge" in answer.read()
