"""Reading a request's body to its end, and checking it against everything the client promised."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from s3gui.practice import checksums, chunked, signature
from s3gui.practice.call import Call
from s3gui.practice.checksums import Algorithm
from s3gui.practice.errors import S3Error
from s3gui.practice.faults import AFTER_BODY

_BUFFER_BYTES = 512 * 1024
_SHA256_BYTES = 32


@dataclass(frozen=True)
class Promise:
    """What the headers say about the body.

    `size_bytes` is the payload's, without any framing. `algorithm` is the client's choice, its
    `value` None when it comes in the trailer; both are None when the client sent no checksum.
    """

    size_bytes: int
    streaming: str | None
    sha256: str | None
    md5: bytes | None
    algorithm: Algorithm | None
    value: str | None


@dataclass(frozen=True)
class Received:
    """`checksum` is Base64, by the algorithm that was asked for; `sent` is the client's own, as
    (algorithm, Base64), where it sent one.
    """

    size_bytes: int
    md5: bytes
    checksum: str
    sent: tuple[str, str] | None = None


def promise(call: Call, largest_bytes: int, *, with_checksum: bool = True) -> Promise:
    """Raises the S3Error that AWS answers before it reads any of the body."""
    headers = call.request.headers
    content_hash = call.identity.payload_hash if call.identity is not None else None
    streaming = content_hash if content_hash in chunked.KINDS else None
    if streaming is None and content_hash not in {None, signature.UNSIGNED}:
        _check_hash(content_hash)
    size_bytes = _size_bytes(call, streaming=streaming is not None)
    if size_bytes > largest_bytes:
        raise S3Error("EntityTooLarge", ProposedSize=size_bytes, MaxSizeAllowed=largest_bytes)
    algorithm, value = _checksum_promise(headers, streaming) if with_checksum else (None, None)
    return Promise(
        size_bytes,
        streaming,
        None if streaming or content_hash == signature.UNSIGNED else content_hash,
        _md5_promise(headers.get("content-md5")),
        algorithm,
        value,
    )


def _check_hash(content_hash: str | None) -> None:
    hexadecimal = set("0123456789abcdef")
    if content_hash is None or len(content_hash) != 64 or not hexadecimal.issuperset(content_hash):
        raise S3Error(
            "InvalidArgument",
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a "
            "valid sha256 value.",
            ArgumentName="x-amz-content-sha256",
            ArgumentValue=content_hash,
        )


def _size_bytes(call: Call, *, streaming: bool) -> int:
    body = call.request.body
    decoded = call.request.header("x-amz-decoded-content-length")
    if streaming:
        if decoded is None or not (decoded.isascii() and decoded.isdigit() and len(decoded) < 19):
            raise S3Error("MissingContentLength")
        return int(decoded)
    if body.chunked and not streaming:
        raise S3Error("NotImplemented", Header="Transfer-Encoding")
    if body.declared_bytes is None:
        raise S3Error("MissingContentLength")
    return body.declared_bytes


def _md5_promise(value: str | None) -> bytes | None:
    if value is None:
        return None
    digest = checksums.decode(value, 16)
    if digest is None:
        raise S3Error("InvalidDigest", ContentMD5=value)
    return digest


def _checksum_promise(
    headers: dict[str, str], streaming: str | None
) -> tuple[Algorithm | None, str | None]:
    sent = checksums.sent_in(headers)
    trailer = headers.get("x-amz-trailer")
    algorithm, value = sent or (None, None)
    if trailer is not None:
        name = trailer.strip().lower()
        if streaming is None or not name.startswith(checksums.HEADER_PREFIX):
            raise S3Error(
                "InvalidRequest", "The value specified in the x-amz-trailer header is not supported"
            )
        if algorithm is not None:
            raise S3Error(
                "InvalidRequest",
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not "
                "allowed.",
            )
        algorithm = checksums.algorithm_named(name.removeprefix(checksums.HEADER_PREFIX))
    declared = headers.get("x-amz-sdk-checksum-algorithm")
    if declared is not None:
        if algorithm is None:
            raise S3Error(
                "InvalidRequest",
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* "
                "or x-amz-trailer headers were found.",
            )
        if declared.upper() != algorithm.name:
            raise S3Error(
                "InvalidRequest", "Value for x-amz-sdk-checksum-algorithm header is invalid."
            )
    return algorithm, value


def receive(
    call: Call, promised: Promise, write: Callable[[memoryview], object], algorithm: Algorithm
) -> Received:
    """Reads the whole body into `write`, in pieces. Nothing may be committed if this raises."""
    body = call.request.body
    source = (
        body
        if promised.streaming is None
        else chunked.ChunkedPayload(body, promised.streaming, call.identity)
    )
    md5 = hashlib.md5(usedforsecurity=False)
    sha256 = hashlib.sha256()
    digest = algorithm.new()
    updates = [md5.update, digest.update]
    sent_digest = digest
    if promised.algorithm is not None and promised.algorithm != algorithm:
        sent_digest = promised.algorithm.new()
        updates.append(sent_digest.update)
    if promised.sha256 is not None:
        updates.append(sha256.update)
    buffer = memoryview(bytearray(min(_BUFFER_BYTES, max(promised.size_bytes, 1))))
    total = 0
    while count := source.readinto(buffer):
        total += count
        if total > promised.size_bytes:
            body.broken = True
            raise S3Error("IncompleteBody")
        piece = buffer[:count]
        for update in updates:
            update(piece)
        write(piece)
    call.script.reach(AFTER_BODY)
    if total != promised.size_bytes:
        raise S3Error("IncompleteBody")
    if promised.sha256 is not None and sha256.hexdigest() != promised.sha256:
        raise S3Error(
            "XAmzContentSHA256Mismatch",
            ClientComputedContentSHA256=promised.sha256,
            S3ComputedContentSHA256=sha256.hexdigest(),
        )
    _check_md5(promised, md5.digest())
    trailers = source.trailers if isinstance(source, chunked.ChunkedPayload) else {}
    sent = _check_checksum(promised, trailers, checksums.encode(sent_digest.digest()))
    return Received(total, md5.digest(), checksums.encode(digest.digest()), sent)


def _check_md5(promised: Promise, calculated: bytes) -> None:
    if promised.md5 is not None and promised.md5 != calculated:
        raise S3Error(
            "BadDigest",
            ExpectedDigest=checksums.encode(promised.md5),
            CalculatedDigest=checksums.encode(calculated),
        )


def _check_checksum(
    promised: Promise, trailers: dict[str, str], calculated: str
) -> tuple[str, str] | None:
    algorithm, value = promised.algorithm, promised.value
    if algorithm is None:
        return None
    if value is None:
        value = trailers.get(algorithm.header)
        if value is None:
            raise S3Error("MalformedTrailerError")
        if checksums.decode(value, algorithm.size_bytes) is None:
            raise S3Error(
                "InvalidRequest", f"Value for {algorithm.header} trailing header is invalid."
            )
    if value != calculated:
        raise S3Error(
            "BadDigest",
            f"The {algorithm.name} you specified did not match the calculated checksum.",
        )
    return algorithm.name, value


def receive_document(
    call: Call, *, digest_required: bool = False, with_checksum: bool = True
) -> bytes:
    """A body that is XML: small, and read into memory.

    Without `with_checksum` the x-amz-checksum headers are about something else than this body.
    """
    if not call.request.body.announced:
        return b""
    limit = call.service.limits.maximum_document_bytes
    try:
        promised = promise(call, limit, with_checksum=with_checksum)
    except S3Error as error:
        if error.code == "EntityTooLarge":
            raise S3Error("MaxMessageLengthExceeded", MaxMessageLengthBytes=limit) from error
        raise
    if digest_required and promised.md5 is None and promised.algorithm is None:
        raise S3Error(
            "InvalidRequest",
            "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
        )
    data = bytearray()
    receive(call, promised, data.extend, promised.algorithm or checksums.ALGORITHMS["CRC32"])
    return bytes(data)
