"""What the sink answers: as S3 would, had it kept the bytes.

An ETag is the MD5 that the client sent (Content-MD5); without one it is made up. Checksums come
back as they were sent. Lists are empty: each run of a benchmark has a prefix of its own.
"""

from __future__ import annotations

import base64
import hashlib
import re
import time
from email.utils import formatdate
from itertools import count
from xml.sax.saxutils import escape

from tests.benchmarks.sink.ledger import Ledger, Stored
from tests.benchmarks.sink.request import Request

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_ETAG = re.compile(rb"<ETag>(?:&quot;|&#34;|\")?([0-9a-fA-F]{32})")
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'


class Answers:
    """Of one of the sink's processes, which `process` tells from the others."""

    def __init__(self, ledger: Ledger, process: int) -> None:
        self._ledger = ledger
        self._process = process
        self._upload_numbers = count(1)
        self._date = ""
        self._date_second = 0

    def to(self, request: Request) -> bytes:
        if request.method == "PUT":
            return self._put(request)
        if request.method == "POST":
            return self._post(request)
        if request.method == "HEAD":
            return self._head(request)
        if request.method == "GET":
            return self._get(request)
        if request.method == "DELETE":
            return self._answer("204 No Content")
        return self._answer("501 Not Implemented")

    def _put(self, request: Request) -> bytes:
        if not request.has_key:
            return self._answer("200 OK")
        etag, checksum = _etag(request), request.checksum
        fields = [f'ETag: "{etag}"']
        if checksum:
            fields.append(checksum)
        upload_id = request.parameter("uploadId")
        if upload_id is None:
            if checksum:
                fields.append("x-amz-checksum-type: FULL_OBJECT")
            self._ledger.store(request.path, Stored(request.decoded_length, etag, checksum))
        else:
            number = int(request.parameter("partNumber") or 0)
            self._ledger.store_part(upload_id, number, request.decoded_length)
        return self._answer("200 OK", fields)

    def _post(self, request: Request) -> bytes:
        bucket, _, key = request.path.strip("/").partition("/")
        place = f"<Bucket>{escape(bucket)}</Bucket><Key>{escape(key)}</Key>"
        upload_id = request.parameter("uploadId")
        if upload_id is None:
            if request.parameter("uploads") is None:
                return self._answer("501 Not Implemented")
            new_id = f"{self._process}-{next(self._upload_numbers)}"
            document = f"{place}<UploadId>{new_id}</UploadId>"
            return self._document("InitiateMultipartUploadResult", document)
        etags = _ETAG.findall(bytes(request.body))
        digest = hashlib.md5(b"".join(bytes.fromhex(etag.decode()) for etag in etags))
        etag = f"{digest.hexdigest()}-{len(etags)}"
        checksum = request.checksum
        self._ledger.store(request.path, Stored(self._ledger.take_parts(upload_id), etag, checksum))
        proof = ""
        if checksum:
            name, _, value = checksum.removeprefix("x-amz-checksum-").partition(": ")
            proof = (
                f"<Checksum{name.upper()}>{value}</Checksum{name.upper()}>"
                "<ChecksumType>FULL_OBJECT</ChecksumType>"
            )
        return self._document(
            "CompleteMultipartUploadResult", f'{place}<ETag>"{etag}"</ETag>{proof}'
        )

    def _head(self, request: Request) -> bytes:
        if not request.has_key:
            return self._answer("200 OK", ["x-amz-bucket-region: us-east-1"])
        stored = self._ledger.object(request.path)
        if stored is None:
            return self._answer("404 Not Found", length=None)
        fields = [
            f'ETag: "{stored.etag}"',
            f"Last-Modified: {self._now()}",
            "Content-Type: application/octet-stream",
        ]
        if stored.checksum:
            fields += [stored.checksum, "x-amz-checksum-type: FULL_OBJECT"]
        return self._answer("200 OK", fields, length=stored.size)

    def _get(self, request: Request) -> bytes:
        if request.has_key:
            document = "<Code>NoSuchKey</Code><Message>Nothing is kept here.</Message>"
            return self._document("Error", document, "404 Not Found")
        if request.parameter("location") is not None:
            return self._document("LocationConstraint", "")
        bucket = request.path.strip("/")
        if not bucket:
            return self._document("ListAllMyBucketsResult", "<Buckets></Buckets>")
        prefix = escape(request.parameter("prefix") or "")
        return self._document(
            "ListBucketResult",
            f"<Name>{escape(bucket)}</Name><Prefix>{prefix}</Prefix>"
            "<KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated>",
        )

    def _document(self, name: str, content: str, status: str = "200 OK") -> bytes:
        body = f"{_DECLARATION}<{name} {_NAMESPACE}>{content}</{name}>".encode()
        return self._answer(status, ["Content-Type: application/xml"], length=len(body)) + body

    def _answer(
        self, status: str, fields: list[str] | None = None, length: int | None = 0
    ) -> bytes:
        lines = [f"HTTP/1.1 {status}", f"Date: {self._now()}", "x-amz-request-id: SINK"]
        if fields:
            lines += fields
        lines.append(f"Content-Length: {length or 0}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _now(self) -> str:
        second = int(time.time())
        if second != self._date_second:
            self._date_second = second
            self._date = formatdate(second, usegmt=True)
        return self._date


def _etag(request: Request) -> str:
    md5 = request.field(b"content-md5")
    if md5:
        return base64.b64decode(md5).hex()
    return hashlib.md5(f"{request.path}?{request.query}".encode()).hexdigest()
