"""The canned ACLs of S3 objects."""

from __future__ import annotations

from enum import StrEnum


class CannedAcl(StrEnum):
    """A canned ACL; the value is S3's own name.

    `PRIVATE` is what S3 gives an object that names no ACL. s3gui therefore sends no ACL header
    for it: buckets with ACLs disabled refuse the header, even when it says `private`.
    """

    PRIVATE = "private"
    PUBLIC_READ = "public-read"
    PUBLIC_READ_WRITE = "public-read-write"
    AUTHENTICATED_READ = "authenticated-read"
    BUCKET_OWNER_READ = "bucket-owner-read"
    BUCKET_OWNER_FULL_CONTROL = "bucket-owner-full-control"
    AWS_EXEC_READ = "aws-exec-read"

    @property
    def header(self) -> str | None:
        """What to send as `x-amz-acl`; None where nothing must be sent."""
        return None if self is CannedAcl.PRIVATE else self.value

    @property
    def is_public(self) -> bool:
        """Whether people outside the bucket owner's account can read the object."""
        return self in _PUBLIC


_PUBLIC = frozenset(
    {CannedAcl.PUBLIC_READ, CannedAcl.PUBLIC_READ_WRITE, CannedAcl.AUTHENTICATED_READ}
)

OFFERED_ACLS = tuple(acl for acl in CannedAcl if acl is not CannedAcl.AWS_EXEC_READ)
"""What the window offers, in its order. `aws-exec-read` serves EC2 images only."""
