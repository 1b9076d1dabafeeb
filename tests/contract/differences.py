"""Where a store is known to differ from Amazon S3: what happens there instead, and why.

Every line is checked: when a server learns the rule, its test fails and the line goes.
"""

from dataclasses import dataclass
from typing import Any

from s3gui.core.errors import (
    AlreadyExists,
    NoSuchUpload,
    NotSupported,
    ServiceError,
    ServiceUnavailable,
)

ACCEPTED = None
"""Nothing is raised."""


@dataclass(frozen=True)
class Difference:
    """`instead` is an error, ACCEPTED, or the value that comes in place of the right one."""

    instead: Any
    reason: str


_NOT_CONDITIONAL = (
    "services may not know If-None-Match or If-Match, so they are not sent: the engine looks before"
)
_NO_WHOLE_CHECKSUM = "without checksums of whole objects there is nothing to compare"
_MOTO_CHECKSUMS = "moto keeps some checksums, but never compares any"
_MOTO_IF_MATCH = "moto looks at If-Match on PutObject only"
_MOTO_ACLS = "moto keeps the rules but does not apply them"
_MOTO_FAILS = "moto fails with an error of its own (HTTP 500)"
_RCLONE_ACLS = "rclone has no ACLs, and no rules about them"
_RCLONE_FILES = "rclone keeps objects as files, whose names cannot be so"
_RCLONE_ETAG = "rclone forgets the ETag of the parts: HEAD tells the MD5 of the whole"

_GENERIC = {
    "a conditional write": Difference(ACCEPTED, _NOT_CONDITIONAL),
    "what a conditional write leaves": Difference(b"new", _NOT_CONDITIONAL),
    "whether a conditional Complete keeps": Difference(False, _NOT_CONDITIONAL),
    "a conditional replacement": Difference(ACCEPTED, _NOT_CONDITIONAL),
    "a conditional replacement by parts": Difference(ACCEPTED, _NOT_CONDITIONAL),
    "a conditional replacement of nothing": Difference(ACCEPTED, _NOT_CONDITIONAL),
    "what a conditional replacement leaves": Difference(b"new", _NOT_CONDITIONAL),
    "whether a conditional replacement keeps": Difference(False, _NOT_CONDITIONAL),
    "a wrong checksum of the whole": Difference(ACCEPTED, _NO_WHOLE_CHECKSUM),
}
_MOTO = {
    "a wrong checksum": Difference(ACCEPTED, _MOTO_CHECKSUMS),
    "a wrong checksum of the whole": Difference(ACCEPTED, _MOTO_CHECKSUMS),
    "whether a wrong checksum stores": Difference(True, _MOTO_CHECKSUMS),
    "whether Complete tells the checksum": Difference(False, _MOTO_CHECKSUMS),
    "whether ListParts tells checksums": Difference(False, _MOTO_CHECKSUMS),
    "a conditional replacement by parts": Difference(ACCEPTED, _MOTO_IF_MATCH),
    "whether a conditional replacement keeps": Difference(False, _MOTO_IF_MATCH),
    "an ACL where ACLs are disabled": Difference(ACCEPTED, _MOTO_ACLS),
    "parts out of order": Difference("EntityTooSmall", "moto looks at the sizes first"),
    "a part for an upload that is gone": Difference(ServiceUnavailable, _MOTO_FAILS),
    "completing an upload that is gone": Difference(ServiceUnavailable, _MOTO_FAILS),
}
_RCLONE = _GENERIC | {
    "an ACL where ACLs are disabled": Difference(ACCEPTED, _RCLONE_ACLS),
    "whether ACLs work": Difference(None, _RCLONE_ACLS),
    "whether ACLs are off": Difference(None, _RCLONE_ACLS),
    "whether public ACLs work": Difference(None, _RCLONE_ACLS),
    "whether public ACLs are blocked": Difference(None, _RCLONE_ACLS),
    "whether an ACL makes public": Difference(False, _RCLONE_ACLS),
    "a bucket's region": Difference(None, "rclone has no regions"),
    "making a bucket again": Difference(AlreadyExists, "rclone refuses as other regions do"),
    "a key with empty or dotted segments": Difference(ServiceError, _RCLONE_FILES),
    "a small part before the last": Difference(ACCEPTED, "rclone takes parts of any size"),
    "a part sent again with other bytes": Difference(
        NotSupported, "rclone streams parts on and cannot take one back"
    ),
    "completing twice": Difference(NoSuchUpload, "rclone forgets an upload with its end"),
    "whether the checksum of the whole is kept": Difference(False, _RCLONE_ETAG),
}

DIFFERENCES: dict[str, dict[str, Difference]] = {
    "fake_generic": _GENERIC,
    "moto": _MOTO,
    "rclone": _RCLONE,
}
