"""aws-chunked bodies: chunks with signatures, and checksums that come after the data.

Source: "Signature calculations for the Authorization header: transferring payload in multiple
chunks", Amazon S3 API Reference. On the wire, for each chunk:
    HEX-SIZE[;chunk-signature=SIGNATURE] CRLF data CRLF
and after the last one, whose size is 0: `name:value` lines, and an empty line.
"""

import hashlib
import hmac
import io
from dataclasses import dataclass

from s3gui.practice.errors import S3Error
from s3gui.practice.signature import UNSIGNED, Identity
from s3gui.practice.wire import Body

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_TRAILER = f"STREAMING-{UNSIGNED}-TRAILER"
KINDS = (SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER)

_SMALLEST_CHUNK_BYTES = 8 * 1024
_LINE_LIMIT = 4 * 1024
_BUFFER_BYTES = 256 * 1024
_EMPTY_SHA256 = hashlib.sha256().hexdigest()


@dataclass
class _Chain:
    """Signed chunks: each signature covers the one before."""

    identity: Identity
    previous: str

    def check_chunk(self, signature: str, data_sha256: str) -> None:
        self._check("PAYLOAD", signature, _EMPTY_SHA256, data_sha256)

    def check_trailer(self, signature: str, lines: list[tuple[str, str]]) -> None:
        text = "".join(f"{name}:{value}\n" for name, value in lines)
        self._check("TRAILER", signature, hashlib.sha256(text.encode("latin-1")).hexdigest())

    def _check(self, label: str, signature: str, *hashes: str) -> None:
        expected = self.identity.chain(label, self.previous, *hashes)
        if not hmac.compare_digest(expected.encode(), signature.encode("latin-1")):
            raise S3Error("SignatureDoesNotMatch", AWSAccessKeyId=self.identity.access_key_id)
        self.previous = expected


class ChunkedPayload:
    """The data inside an aws-chunked body; `trailers` are there once `readinto` has given 0.

    Raises S3Error: SignatureDoesNotMatch, InvalidChunkSizeError, MalformedTrailerError,
    IncompleteBody.
    """

    def __init__(self, body: Body, kind: str, identity: Identity | None) -> None:
        self._reader = io.BufferedReader(body, _BUFFER_BYTES)
        self._chain: _Chain | None = None
        if kind != UNSIGNED_TRAILER:
            if identity is None:
                raise S3Error("AccessDenied")
            self._chain = _Chain(identity, identity.signature)
        self._has_trailer = kind != SIGNED
        self._remaining = 0
        self._size = 0
        self._signature = ""
        self._sha256 = hashlib.sha256()
        self._started = False
        self._finished = False
        self.trailers: dict[str, str] = {}

    def readinto(self, view: memoryview) -> int:
        if self._finished:
            return 0
        if self._remaining == 0 and not self._next_chunk():
            return 0
        count = self._reader.readinto1(view[: self._remaining])
        if not count:
            raise S3Error("IncompleteBody")
        self._remaining -= count
        if self._chain is not None:
            self._sha256.update(view[:count])
        return count

    def _next_chunk(self) -> bool:
        """False when that was the last one."""
        previous_bytes = self._size
        if self._started:
            self._close_chunk()
            if self._line() != "":
                raise S3Error("IncompleteBody")
        self._open_chunk()
        if self._size and self._started and previous_bytes < _SMALLEST_CHUNK_BYTES:
            raise S3Error("InvalidChunkSizeError")
        self._started = True
        if self._size:
            return True
        self._close_chunk()
        self._read_trailers()
        self._finished = True
        return False

    def _open_chunk(self) -> None:
        size, _, extension = self._line().partition(";")
        try:
            self._size = self._remaining = int(size.strip(), 16)
        except ValueError:
            self._size = -1
        if not 0 <= self._size < 2**50:
            raise S3Error("IncompleteBody")
        self._signature = extension.strip().removeprefix("chunk-signature=")
        self._sha256 = hashlib.sha256()

    def _close_chunk(self) -> None:
        if self._chain is not None:
            self._chain.check_chunk(self._signature, self._sha256.hexdigest())

    def _read_trailers(self) -> None:
        lines: list[tuple[str, str]] = []
        signature = None
        while line := self._line(at_end=True):
            name, colon, value = line.partition(":")
            if not colon or len(lines) > 10:
                raise S3Error("MalformedTrailerError")
            if name.strip().lower() == "x-amz-trailer-signature":
                signature = value.strip()
            else:
                lines.append((name.strip().lower(), value.strip()))
        if lines and not self._has_trailer:
            raise S3Error("MalformedTrailerError")
        if self._chain is not None and self._has_trailer:
            if signature is None:
                raise S3Error("MalformedTrailerError")
            self._chain.check_trailer(signature, lines)
        self.trailers = dict(lines)
        if self._reader.read(1):
            raise S3Error("IncompleteBody")

    def _line(self, *, at_end: bool = False) -> str:
        line = self._reader.readline(_LINE_LIMIT)
        if not line.endswith(b"\n") and not (at_end and not line):
            raise S3Error("IncompleteBody")
        return line.rstrip(b"\r\n").decode("latin-1")
