"""aws-chunked bodies, made here by hand: independent of the server's reading of the standard."""

import base64
import hashlib
import hmac
import zlib

import pytest

from s3gui.practice.signature import Identity, _signing_key
from tests.practice.refusals import refused

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
EMPTY = hashlib.sha256(b"").hexdigest()


def crc32(data):
    return base64.b64encode(zlib.crc32(data).to_bytes(4, "big")).decode()


def test_the_published_chunk_signatures_come_out():
    key = _signing_key("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "20130524", "us-east-1")
    identity = Identity(
        "AKIAIOSFODNN7EXAMPLE",
        "us-east-1",
        key,
        "20130524T000000Z",
        "20130524/us-east-1/s3/aws4_request",
        "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        SIGNED,
    )
    previous = identity.signature
    for data, published in (
        (b"a" * 65536, "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648"),
        (b"a" * 1024, "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497"),
        (b"", "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9"),
    ):
        previous = identity.chain("PAYLOAD", previous, EMPTY, hashlib.sha256(data).hexdigest())
        assert previous == published


class Signer:
    """Signs chunks after the signature of the headers."""

    def __init__(self, server, headers):
        authorization = headers["Authorization"]
        self.previous = authorization.rpartition("Signature=")[2]
        scope = authorization.partition("Credential=")[2].partition(",")[0].partition("/")[2]
        key = ("AWS4" + server.credentials.secret_access_key).encode()
        for part in scope.split("/"):
            key = hmac.digest(key, part.encode(), "sha256")
        self.key, self.start = key, (headers["X-Amz-Date"], scope)

    def sign(self, label, *hashes):
        text = "\n".join((f"AWS4-HMAC-SHA256-{label}", *self.start, self.previous, *hashes))
        self.previous = hmac.new(self.key, text.encode(), "sha256").hexdigest()
        return self.previous

    def chunk(self, data):
        signature = self.sign("PAYLOAD", EMPTY, hashlib.sha256(data).hexdigest())
        return f"{len(data):x};chunk-signature={signature}\r\n".encode() + data + b"\r\n"


def unsigned(*chunks, trailer=""):
    body = b"".join(f"{len(data):x}\r\n".encode() + data + b"\r\n" for data in chunks)
    return body + f"0\r\n{trailer}\r\n".encode()


def put(raw, size, make_body, kind, **headers):
    sent = {
        "Content-Encoding": "aws-chunked",
        "x-amz-decoded-content-length": str(size),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    signed = raw.signed_headers("PUT", "/bucket/key", sent, payload_hash=kind)
    return raw.send("PUT", "/bucket/key", make_body(signed), signed)


def stored(client):
    return client.get_object(Bucket="bucket", Key="key")["Body"].read()


def test_signed_chunks_are_put_together(server, client, raw):
    first, second = b"a" * 100_000, b"b" * 10

    def body(headers):
        signer = Signer(server, headers)
        return signer.chunk(first) + signer.chunk(second) + signer.chunk(b"")

    assert put(raw, 100_010, body, SIGNED).status == 200
    assert stored(client) == first + second
    head = client.head_object(Bucket="bucket", Key="key")
    assert "ContentEncoding" not in head


@pytest.mark.parametrize("part", ["data", "signature", "last"])
def test_a_chunk_that_was_changed_on_the_way_is_refused(server, client, raw, part):
    def body(headers):
        signer = Signer(server, headers)
        chunk, last = signer.chunk(b"a" * 10_000), signer.chunk(b"")
        if part == "data":
            chunk = chunk.replace(b"aaaa", b"abaa", 1)
        if part == "signature":
            chunk = chunk.replace(b"signature=", b"signature=0", 1)
        if part == "last":
            last = last.replace(b"signature=", b"signature=0", 1)
        return chunk + last

    assert put(raw, 10_000, body, SIGNED).code == "SignatureDoesNotMatch"
    with refused("NoSuchKey"):
        stored(client)


@pytest.mark.parametrize("tampered", [False, True])
def test_signed_trailers_are_verified(server, client, raw, tampered):
    data = b"hello" * 3000

    def body(headers):
        signer = Signer(server, headers)
        chunks = signer.chunk(data) + signer.chunk(b"")[:-2]
        line = f"x-amz-checksum-crc32:{crc32(data)}\n"
        signature = signer.sign("TRAILER", hashlib.sha256(line.encode()).hexdigest())
        if tampered:
            line = f"x-amz-checksum-crc32:{crc32(b'other')}\n"
        return chunks + f"{line.strip()}\r\nx-amz-trailer-signature:{signature}\r\n\r\n".encode()

    reply = put(raw, len(data), body, SIGNED + "-TRAILER", x_amz_trailer="x-amz-checksum-crc32")
    if tampered:
        assert reply.code == "SignatureDoesNotMatch"
    else:
        assert reply.status == 200
        assert reply.headers["x-amz-checksum-crc32"] == crc32(data)
        assert stored(client) == data


UNSIGNED = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
DATA = b"hello" * 2000
CRC_LINE = f"x-amz-checksum-crc32:{crc32(DATA)}\r\n"
TRAILER = {"x_amz_trailer": "x-amz-checksum-crc32"}


def test_an_unsigned_trailer_is_verified_and_kept(client, raw):
    body = unsigned(DATA, trailer=f"x-amz-checksum-crc32: {crc32(DATA)}\r\n")
    reply = put(raw, len(DATA), lambda _: body, UNSIGNED, **TRAILER)
    assert reply.status == 200
    head = client.head_object(Bucket="bucket", Key="key", ChecksumMode="ENABLED")
    assert head["ChecksumCRC32"] == crc32(DATA)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (unsigned(DATA, trailer=f"x-amz-checksum-crc32:{crc32(b'other')}\r\n"), "BadDigest"),
        (unsigned(DATA, trailer="x-amz-checksum-crc32:AAAA\r\n"), "InvalidRequest"),
        (unsigned(DATA), "MalformedTrailerError"),
        (unsigned(DATA, trailer="no colon\r\n"), "MalformedTrailerError"),
        (unsigned(DATA, trailer=f"x-amz-checksum-sha1:{crc32(DATA)}\r\n"), "MalformedTrailerError"),
        (unsigned(DATA, b"more", trailer=CRC_LINE), "IncompleteBody"),
        (unsigned(DATA[:-1], trailer=f"x-amz-checksum-crc32:{crc32(DATA[:-1])}\r\n"),
         "IncompleteBody"),
        (unsigned(DATA)[:-4], "IncompleteBody"),
        (b"zz\r\nhello", "IncompleteBody"),
        (b"-1\r\nhello", "IncompleteBody"),
        (b"", "IncompleteBody"),
        (b"5" * 5000, "IncompleteBody"),
        (unsigned(DATA, trailer=CRC_LINE) + b"more", "IncompleteBody"),
    ],
)  # fmt: skip
def test_a_chunked_body_that_is_wrong_is_refused(client, raw, body, code):
    assert put(raw, len(DATA), lambda _: body, UNSIGNED, **TRAILER).code == code
    with refused("NoSuchKey"):
        stored(client)


def test_only_the_last_chunk_may_be_small(raw):
    small = unsigned(b"a" * 100, b"b" * 100)
    assert put(raw, 200, lambda _: small, UNSIGNED).code == "InvalidChunkSizeError"


def test_the_decoded_length_is_required(raw):
    signed = raw.signed_headers("PUT", "/bucket/key", {}, payload_hash=UNSIGNED)
    assert raw.send("PUT", "/bucket/key", unsigned(DATA), signed).code == "MissingContentLength"


@pytest.mark.parametrize(
    "headers",
    [
        {"x_amz_trailer": "x-amz-meta-a"},
        {"x_amz_trailer": "x-amz-checksum-md4"},
        {"x_amz_trailer": "x-amz-checksum-crc32", "x_amz_checksum_crc32": crc32(DATA)},
        {"x_amz_sdk_checksum_algorithm": "CRC32"},
        {"x_amz_trailer": "x-amz-checksum-crc32", "x_amz_sdk_checksum_algorithm": "SHA1"},
    ],
)
def test_promises_of_trailers_that_cannot_be_kept_are_refused(raw, headers):
    reply = put(raw, len(DATA), lambda _: unsigned(DATA), UNSIGNED, **headers)
    assert reply.code == "InvalidRequest"


def test_real_content_encodings_stay(client, raw):
    body = unsigned(DATA, trailer=f"x-amz-checksum-crc32:{crc32(DATA)}\r\n")
    signed = raw.signed_headers(
        "PUT",
        "/bucket/key",
        {
            "Content-Encoding": "gzip,aws-chunked",
            "x-amz-decoded-content-length": str(len(DATA)),
            "x-amz-trailer": "x-amz-checksum-crc32",
        },
        payload_hash=UNSIGNED,
    )
    assert raw.send("PUT", "/bucket/key", body, signed).status == 200
    assert client.head_object(Bucket="bucket", Key="key")["ContentEncoding"] == "gzip"
