"""What S3's answers hold, in s3gui's values. An answer without what it must hold is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote_plus

from s3gui.core.checksum import Checksum
from s3gui.core.errors import BadAnswer
from s3gui.core.transfer import CompletedPart, StoredObject
from s3gui.engine.ports import ListedObject, ObjectPage

Answer = Mapping[str, Any]

_MAX_PAGES = 10_000
"""Of any list: a server that gives more is taken to repeat itself."""

_PLAIN_MD5 = re.compile(r"[0-9a-f]{32}(-[0-9]+)?")


def required(answer: Answer, name: str) -> Any:
    """The field `name`; raises BadAnswer if a 2xx answer lacks it (a sign-in page does)."""
    value = answer.get(name)
    if value is None or value == "":
        raise _without(name, answer)
    return value


def text(answer: Answer, name: str) -> str:
    """As `required`; botocore makes a list of what comes twice."""
    value = required(answer, name)
    if not isinstance(value, str):
        raise _without(name, answer)
    return value


def etag(answer: Answer) -> str:
    value = answer.get("ETag")
    # Nearly always a text; `text` knows what to say of anything else.
    return (value if value and isinstance(value, str) else text(answer, "ETag")).strip('"')


def size(answer: Answer) -> int:
    """Of an object, in bytes."""
    size_bytes = int(required(answer, "ContentLength"))
    if size_bytes < 0:
        raise _without("ContentLength", answer)
    return size_bytes


def _without(name: str, answer: Answer) -> BadAnswer:
    return BadAnswer(
        f"The answer is not that of an S3 service: it holds no {name}.",
        status=int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)),
        request_id=request_id(answer),
    )


def request_id(answer: Answer) -> str:
    metadata = answer.get("ResponseMetadata", {})
    headers = metadata.get("HTTPHeaders", {})
    return str(metadata.get("RequestId") or headers.get("x-amz-request-id", ""))


def stored_object(answer: Answer, size: int | None, algorithm: str) -> StoredObject:
    return StoredObject(
        size=size,
        etag=etag(answer),
        version_id=answer.get("VersionId"),
        checksum=checksum(answer, algorithm),
        content_type=answer.get("ContentType"),
        request_id=request_id(answer),
    )


def checksum(answer: Answer, algorithm: str) -> Checksum | None:
    """The service's own checksum of the whole part or object; None if it gave none."""
    if algorithm == "MD5":
        value = str(answer.get("ETag", "")).strip('"')
        return Checksum(algorithm, value) if _etag_is_md5(answer, value) else None
    value = answer.get(f"Checksum{algorithm}", "")
    # A composite one is a checksum of checksums: it says nothing about the whole.
    if not value or answer.get("ChecksumType") == "COMPOSITE" or "-" in value:
        return None
    return Checksum(algorithm, value)


def _etag_is_md5(answer: Answer, value: str) -> bool:
    is_kms = str(answer.get("ServerSideEncryption", "")).startswith("aws:kms")
    return (
        not is_kms
        and "SSECustomerAlgorithm" not in answer
        and _PLAIN_MD5.fullmatch(value) is not None
    )


def completed_part(answer: Answer, algorithm: str) -> CompletedPart:
    """A row of ListParts."""
    return CompletedPart(
        number=int(required(answer, "PartNumber")),
        size=int(answer.get("Size", 0)),
        etag=etag(answer),
        checksum=checksum(answer, algorithm),
    )


def object_page(answer: Answer, prefix: str) -> ObjectPage:
    return ObjectPage(
        objects=tuple(
            ListedObject(
                key=row["Key"],
                size=int(row.get("Size", 0)),
                modified_at=row.get("LastModified"),
                storage_class=row.get("StorageClass", ""),
                etag=str(row.get("ETag", "")).strip('"'),
            )
            for row in answer.get("Contents", ())
            if row["Key"].startswith(prefix)
        ),
        prefixes=tuple(row["Prefix"] for row in answer.get("CommonPrefixes", ())),
        next_page=answer.get("NextContinuationToken") if answer.get("IsTruncated") else None,
    )


def allows_acls(ownership: Answer | None) -> bool | None:
    """By a bucket's OwnershipControls; None where they are not known."""
    if not ownership or "Rules" not in ownership:
        return None
    return all(rule.get("ObjectOwnership") != "BucketOwnerEnforced" for rule in ownership["Rules"])


def blocks_acls(access_block: Answer | None) -> bool | None:
    """By a PublicAccessBlockConfiguration: whether public ACLs are refused or without effect."""
    if not access_block or "BlockPublicAcls" not in access_block:
        return None
    return bool(access_block["BlockPublicAcls"] or access_block.get("IgnorePublicAcls"))


def pages(
    ask: Callable[[dict[str, Any]], Answer], next_markers: Callable[[Answer], dict[str, Any]]
) -> Iterator[Answer]:
    """All pages of a list; `next_markers` gives {} after the last.

    Raises BadAnswer where the server's markers go round in a circle.
    """
    markers: dict[str, Any] = {}
    seen: set[tuple[tuple[str, Any], ...]] = set()
    for _ in range(_MAX_PAGES):
        answer = ask(markers)
        yield answer
        markers = next_markers(answer)
        if not markers:
            return
        position = tuple(sorted(markers.items()))
        if position in seen:
            break
        seen.add(position)
    raise BadAnswer("The service's list does not end: its pages repeat themselves.")


def decoded(answer: Answer, text: str) -> str:
    """A key of a list that was asked for with encoding-type `url`."""
    return unquote_plus(text) if answer.get("EncodingType") == "url" else text
