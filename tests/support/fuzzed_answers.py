"""Answers of S3 with something wrong in them, and a judge of its own who tells what they mean."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from xml.etree import ElementTree as ET

from tests.support.hostile_server import plain

_CHECKSUM = "x-amz-checksum-crc64nvme"
_GOOD: dict[str, bytes] = {
    "list_buckets": plain(
        "200 OK",
        b"<?xml version='1.0'?><ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name>"
        b"<CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket></Buckets>"
        b"</ListAllMyBucketsResult>",
    ),
    "bucket_rules": plain(
        "200 OK",
        b"<OwnershipControls><Rule><ObjectOwnership>ObjectWriter</ObjectOwnership></Rule>"
        b"</OwnershipControls>",
        x_amz_bucket_region="us-east-1",
    ),
    "create_bucket": plain("200 OK", b"", location="/bucket"),
    "list_objects": plain(
        "200 OK",
        b"<ListBucketResult><IsTruncated>false</IsTruncated><Contents><Key>k</Key><Size>4</Size>"
        b'<LastModified>2026-01-01T00:00:00.000Z</LastModified><ETag>"0123"</ETag></Contents>'
        b"<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListBucketResult>",
    ),
    "head": plain("200 OK", b"", etag='"0123"', x_amz_checksum_type="FULL_OBJECT"),
    "put_object": plain("200 OK", b"", etag='"0123"', x_amz_version_id="v"),
    "create_multipart": plain(
        "200 OK",
        b"<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>key</Key>"
        b"<UploadId>upload-id</UploadId></InitiateMultipartUploadResult>",
    ),
    "upload_part": plain("200 OK", b"", etag='"0123"'),
    "list_parts": plain(
        "200 OK",
        b"<ListPartsResult><IsTruncated>false</IsTruncated><Part><PartNumber>1</PartNumber>"
        b'<ETag>"0123"</ETag><Size>4</Size></Part></ListPartsResult>',
    ),
    "complete_multipart": plain(
        "200 OK",
        b"\n\n<CompleteMultipartUploadResult><Key>key</Key><ETag>&quot;0123-1&quot;</ETag>"
        b"</CompleteMultipartUploadResult>",
    ),
    "abort_multipart": plain("204 No Content", b""),
    "list_multipart_uploads": plain(
        "200 OK",
        b"<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><Key>key</Key>"
        b"<UploadId>id</UploadId><Initiated>2026-01-01T00:00:00.000Z</Initiated></Upload>"
        b"</ListMultipartUploadsResult>",
    ),
    "delete": plain("204 No Content", b""),
}
_ROOTS = {
    "list_buckets": "ListAllMyBucketsResult",
    "list_objects": "ListBucketResult",
    "list_parts": "ListPartsResult",
    "list_multipart_uploads": "ListMultipartUploadsResult",
    "create_multipart": "InitiateMultipartUploadResult",
    "complete_multipart": "CompleteMultipartUploadResult",
}
_STATUS = re.compile(
    rb"(?:HTTP/1\.[01] 1\d\d[^\n]*\r\n\r\n)*HTTP/1\.\S*?[\s\x1c-\x1f\x85\xa0]+(\d{3})"
)
"""Blanks are what Python's HTTP client takes for them."""
_NEEDED = {"create_multipart": "UploadId", "complete_multipart": "ETag"}
_NEEDED_HEADERS = {"head": b"etag", "put_object": b"etag", "upload_part": b"etag"}


def fuzzed_answer(operation: str, drawn: random.Random) -> bytes:
    answer = _GOOD[operation]
    for _ in range(drawn.randint(1, 3)):
        answer = drawn.choice(_MUTATIONS)(answer, drawn)
    return answer


def is_success(operation: str, answer: bytes) -> bool:
    """Whether it may be taken for one: a 2xx that holds what the operation must be told.

    Where an answer's frame is damaged it may be read in several ways; any will do.
    """
    if operation == "bucket_rules":
        return True  # what cannot be read counts as not told
    status = _STATUS.match(answer)
    if operation == "head" and status is not None and status[1] == b"404":
        return True  # there is no such object
    if status is None or not 200 <= int(status[1]) < 300:
        return False
    needed = _NEEDED_HEADERS.get(operation)
    if needed is not None:
        return re.search(rb"\n" + needed + rb"\s*:\s*\S", answer, re.IGNORECASE) is not None
    return operation not in _ROOTS or _holds_document(operation, answer)


def _holds_document(operation: str, answer: bytes) -> bool:
    stem = _ROOTS[operation].removesuffix("Result").encode()
    wanted = _NEEDED.get(operation)
    for start in re.finditer(rb"<(?:\w+:)?" + stem, answer):
        for end in re.finditer(rb"/?>", answer[start.end() :]):
            try:
                root = ET.fromstring(answer[start.start() : start.end() + end.end()])
            except (ET.ParseError, ValueError):
                continue
            names = {each.tag.rpartition("}")[2] for each in root if (each.text or "").strip()}
            if wanted is None or wanted in names:
                return True
    return False


Mutation = Callable[[bytes, random.Random], bytes]


def _truncate(answer: bytes, drawn: random.Random) -> bytes:
    return answer[: drawn.randrange(len(answer) + 1)]


def _flip(answer: bytes, drawn: random.Random) -> bytes:
    changed = bytearray(answer)
    for _ in range(drawn.randint(1, 8)):
        if changed:
            changed[drawn.randrange(len(changed))] ^= 1 << drawn.randrange(8)
    return bytes(changed)


def _insert(answer: bytes, drawn: random.Random) -> bytes:
    at = drawn.randrange(len(answer) + 1)
    return answer[:at] + drawn.choice(_PIECES) + answer[at:]


def _drop_line(answer: bytes, drawn: random.Random) -> bytes:
    lines = answer.split(b"\r\n")
    del lines[drawn.randrange(len(lines))]
    return b"\r\n".join(lines)


def _double_line(answer: bytes, drawn: random.Random) -> bytes:
    lines = answer.split(b"\r\n")
    at = drawn.randrange(len(lines))
    return b"\r\n".join([*lines[:at], lines[at], *lines[at:]])


def _status(answer: bytes, drawn: random.Random) -> bytes:
    status = drawn.choice(_STATUSES)
    return re.sub(rb"^HTTP/1\.1 \d+", b"HTTP/1.1 " + status, answer, count=1)


def _body(answer: bytes, drawn: random.Random) -> bytes:
    return plain(f"{drawn.choice(_STATUSES).decode()} X", drawn.choice(_BODIES))


def _noise(answer: bytes, drawn: random.Random) -> bytes:
    del answer
    return drawn.randbytes(drawn.randrange(400))


_MUTATIONS: tuple[Mutation, ...] = (
    *(_truncate, _flip, _insert, _drop_line, _double_line, _status, _body, _noise),
)
_STATUSES = tuple(
    str(each).encode()
    for each in (
        *(100, 101, 200, 200, 200, 201, 202, 204, 206, 226, 299, 300, 301, 302, 303, 304, 307, 308),
        *(400, 401, 403, 404, 405, 407, 408, 409, 411, 412, 416, 429, 499),
        *(500, 501, 502, 503, 504, 511, 599, 600, 999, 0),
    )
)
_PIECES = (
    b"\x00", b"\r\n\r\n", b"\n", b"<", b">", b"&", b"&a;", b"</a>", b"<!--", b"<![CDATA[",
    b"\xff\xfe",
    b"<!DOCTYPE a>", b"Transfer-Encoding: chunked\r\n", b"\r\nContent-Length: 99999\r\n",
    b"\r\nContent-Length: -1\r\n", b"\r\nContent-Encoding: gzip\r\n", b"\r\nLocation: //x\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 200 OK\r\n", b"9" * 30, b"\xf0\x9f\x98\x80",
    b"\r\nx-amz-checksum-crc64nvme: %%%\r\n", b"\r\nDate: never\r\n", b"<Error><Code>", b"x" * 5000,
)  # fmt: skip
_BODIES = (
    b"", b"null", b"<a/>", b"<a>" * 200, b"<Error/>", b"<Error><Code/></Error>",
    b"<Error><Code>SlowDown</Code></Error>", b"<html>hello</html>", b"\xef\xbb\xbf<a/>",
    b"<Error><Code>PermanentRedirect</Code><Endpoint>x.example</Endpoint></Error>",
    b"<?xml version='1.0' encoding='utf-7'?><a/>", b"<?xml version='1.0' encoding='x'?><a/>",
    b"<a xmlns='b'><c/></a>", b"<CompleteMultipartUploadResult/>", b"<ListBucketResult/>",
    b"<ListBucketResult><Contents/></ListBucketResult>",
    b"<ListBucketResult><Contents><Key/><Size>x</Size></Contents></ListBucketResult>",
    b"<ListBucketResult><IsTruncated>maybe</IsTruncated></ListBucketResult>",
    b"<ListPartsResult><Part/></ListPartsResult>",
    b"<ListPartsResult><Part><PartNumber>x</PartNumber></Part></ListPartsResult>",
    b"<ListAllMyBucketsResult><Buckets><Bucket/></Buckets></ListAllMyBucketsResult>",
    b"<ListMultipartUploadsResult><Upload/></ListMultipartUploadsResult>",
)  # fmt: skip
