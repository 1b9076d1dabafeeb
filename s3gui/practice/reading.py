"""Reading objects: GetObject, HeadObject, GetObjectAttributes."""

import re
import socket
from dataclasses import dataclass

from s3gui.practice import conditions, documents, traits
from s3gui.practice.blobs import StoredContent, slice_pieces
from s3gui.practice.call import Call, Handler
from s3gui.practice.checksums import ALGORITHMS
from s3gui.practice.clock import http_date
from s3gui.practice.errors import S3Error
from s3gui.practice.model import Version
from s3gui.practice.objects import existing
from s3gui.practice.wire import Response

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_OVERRIDES = (
    "content-type",
    "content-language",
    "expires",
    "cache-control",
    "content-disposition",
    "content-encoding",
)
_ARCHIVED = frozenset({"GLACIER", "DEEP_ARCHIVE"})
_ATTRIBUTES = frozenset({"ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"})


@dataclass(frozen=True)
class _Span:
    """`whole` when neither a range nor a part was asked for; `checksum` of a part."""

    start: int
    length: int
    whole: bool
    checksum: str | None = None


def get_object(call: Call) -> Response:
    return _read(call, with_content=True)


def head_object(call: Call) -> Response:
    return _read(call, with_content=False)


def _read(call: Call, *, with_content: bool) -> Response:
    with call.service.index.transaction():  # so that the blobs are held before anyone frees them
        version = existing(call)
        conditions.check_read(call.request.headers, version)
        if with_content and version.traits.storage_class in _ARCHIVED:
            raise S3Error("InvalidObjectState", StorageClass=version.traits.storage_class)
        span = _span(call, version)
        content: StoredContent | _Nothing = (
            open_content(call, version, span.start, span.length)
            if with_content
            else _Nothing(span.length)
        )
    headers = traits.answer_headers(call.bucket, version)
    headers.update(_checksum_headers(call, version, span))
    headers.update(_overrides(call))
    if span.whole:
        return Response(200, headers, content=content)
    if call.request.argument("partNumber") is not None and version.parts_count:
        headers["x-amz-mp-parts-count"] = str(version.parts_count)
    last = span.start + span.length - 1
    if span.length:
        headers["Content-Range"] = f"bytes {span.start}-{last}/{version.size_bytes}"
    return Response(206, headers, content=content)


@dataclass
class _Nothing:
    """What HEAD has instead of content: its size."""

    size_bytes: int

    def send(self, connection: socket.socket) -> None:
        raise AssertionError(f"HEAD has no body to send to {connection}")

    def close(self) -> None:
        return


def open_content(call: Call, version: Version, start: int, length: int) -> StoredContent:
    with call.service.index.transaction():
        segments = call.service.versions.segments(version)
        pieces = slice_pieces(((row["blob"], row["size_bytes"]) for row in segments), start, length)
        return StoredContent(call.service.blobs, pieces)


def _span(call: Call, version: Version) -> _Span:
    range_text = call.request.header("range")
    part_text = call.request.argument("partNumber")
    size = version.size_bytes
    if part_text is not None:
        if range_text is not None:
            raise S3Error("InvalidRequest", "Cannot specify both Range header and partNumber")
        return _part_span(call, version)
    found = _RANGE.fullmatch(range_text) if range_text is not None else None
    if found is None or found.group(1) == found.group(2) == "":
        return _Span(0, size, whole=True)  # also several ranges: S3 gives the whole object
    if found[1]:
        start = int(found[1])
        last = min(int(found[2]), size - 1) if found[2] else size - 1
        if found[2] and int(found[2]) < start:
            return _Span(0, size, whole=True)
    else:
        start, last = max(size - int(found[2]), 0), size - 1
    if start > last or not size:
        raise S3Error(
            "InvalidRange",
            headers={"Content-Range": f"bytes */{size}"},
            RangeRequested=range_text,
            ActualObjectSize=size,
        )
    return _Span(start, last - start + 1, whole=False)


def _part_span(call: Call, version: Version) -> _Span:
    number = call.request.number("partNumber", 0)
    if not 1 <= number <= call.service.limits.maximum_part_number:
        raise S3Error(
            "InvalidArgument",
            "Part number must be an integer between 1 and 10000, inclusive",
            ArgumentName="partNumber",
            ArgumentValue=number,
        )
    segments = call.service.versions.segments(version)
    if number > len(segments):
        raise S3Error(
            "InvalidPartNumber",
            ActualPartCount=max(version.parts_count, 1),
            PartNumberRequested=number,
        )
    start = sum(row["size_bytes"] for row in segments[: number - 1])
    part = segments[number - 1]
    return _Span(start, part["size_bytes"], whole=False, checksum=part["checksum"])


def _checksum_headers(call: Call, version: Version, span: _Span) -> dict[str, str]:
    enabled = (call.request.header("x-amz-checksum-mode") or "").upper() == "ENABLED"
    if version.checksum is None or not enabled:
        return {}
    if span.whole:
        return version.checksum.headers()
    if span.checksum is not None:
        name = ALGORITHMS[version.checksum.algorithm].header
        return {name: span.checksum, "x-amz-checksum-type": version.checksum.type}
    return {}


def _overrides(call: Call) -> dict[str, str]:
    found = {}
    for name in _OVERRIDES:
        value = call.request.argument(f"response-{name}")
        if value is None:
            continue
        if call.identity is None:
            raise S3Error(
                "InvalidRequest",
                "Request specific response headers cannot be used for anonymous GET requests.",
            )
        if not value.isprintable() or not value.isascii():
            raise S3Error("InvalidArgument", ArgumentName=f"response-{name}")
        found[name.title()] = value
    return found


def get_object_attributes(call: Call) -> Response:
    asked = call.request.header("x-amz-object-attributes") or ""
    wanted = {name.strip() for name in asked.split(",")}
    if not wanted <= _ATTRIBUTES:
        raise S3Error("InvalidArgument", "Invalid attribute name specified.")
    version = existing(call)
    result: dict[str, object] = {}
    if "ETag" in wanted:
        result["ETag"] = version.etag
    if "Checksum" in wanted and version.checksum is not None:
        result["Checksum"] = version.checksum.elements()
    if "ObjectParts" in wanted and version.parts_count:
        result["ObjectParts"] = _object_parts(call, version)
    if "StorageClass" in wanted:
        result["StorageClass"] = version.traits.storage_class
    if "ObjectSize" in wanted:
        result["ObjectSize"] = version.size_bytes
    headers = {
        "Last-Modified": http_date(version.modified),
        **traits.version_headers(call.bucket, version),
    }
    return Response(200, headers, documents.document("GetObjectAttributesResponse", result))


def _object_parts(call: Call, version: Version) -> dict[str, object]:
    result: dict[str, object] = {"PartsCount": version.parts_count}
    if version.checksum is None:
        return result
    element = ALGORITHMS[version.checksum.algorithm].element
    limit = call.service.limits.page_entries
    asked = call.request.header("x-amz-max-parts") or ""
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        limit = min(limit, int(asked))
    marker_text = call.request.header("x-amz-part-number-marker") or "0"
    marker = int(marker_text) if marker_text.isascii() and marker_text.isdigit() else 0
    segments = [row for row in call.service.versions.segments(version) if row["number"] > marker]
    page = segments[:limit]
    result["PartNumberMarker"] = marker
    result["MaxParts"] = limit
    result["IsTruncated"] = len(segments) > limit
    if page:
        result["NextPartNumberMarker"] = page[-1]["number"]
    result["Part"] = [
        {"PartNumber": row["number"], "Size": row["size_bytes"], element: row["checksum"]}
        for row in page
    ]
    return result


OPERATIONS: dict[str, Handler] = {
    "GetObject": get_object,
    "HeadObject": head_object,
    "GetObjectAttributes": get_object_attributes,
}
