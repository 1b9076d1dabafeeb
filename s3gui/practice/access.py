"""Who may do what: canned ACLs, Object Ownership and Block Public Access.

Source: S3 User Guide, "Access control list (ACL) overview", "Controlling ownership of objects",
"Blocking public access". One account owns everything here, so ACLs matter to anonymous requests.
"""

from s3gui.practice.call import OWNER_ID, Call
from s3gui.practice.documents import Markup, document
from s3gui.practice.errors import S3Error
from s3gui.practice.model import Bucket, Version

BUCKET_ACLS = ("private", "public-read", "public-read-write", "authenticated-read")
OBJECT_ACLS = (
    *BUCKET_ACLS,
    "aws-exec-read",
    "bucket-owner-read",
    "bucket-owner-full-control",
)
_ANYONE_READS = frozenset({"public-read", "public-read-write"})
_PUBLIC = _ANYONE_READS | {"authenticated-read"}  # "public" to Block Public Access
_GROUPS = "http://acs.amazonaws.com/groups/global/"
_EC2_TEAM_ID = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c"
_READS = frozenset({"GetObject", "HeadObject"})
_LISTS = frozenset({"ListObjects", "ListObjectsV2", "ListObjectVersions", "HeadBucket"})
_WRITES = frozenset({"PutObject", "DeleteObject"})


def require(call: Call) -> None:
    """Raises S3Error AccessDenied. Whoever signed may do everything."""
    if call.identity is not None:
        return
    if call.found_bucket is None or not _anonymous_may(call):
        raise S3Error("AccessDenied")


def _anonymous_may(call: Call) -> bool:
    bucket = call.bucket
    if call.operation in _READS:
        version_id = call.request.argument("versionId")
        version = call.service.versions.find(bucket.name, call.key, version_id)
        if version is None or version.is_delete_marker:
            # Only who may list may learn that a key does not exist.
            return _in_force(bucket, bucket.acl, _ANYONE_READS)
        return _in_force(bucket, version.traits.acl, _ANYONE_READS)
    if call.operation in _LISTS:
        return _in_force(bucket, bucket.acl, _ANYONE_READS)
    if call.operation in _WRITES:
        return _in_force(bucket, bucket.acl, frozenset({"public-read-write"}))
    return False


def _in_force(bucket: Bucket, acl: str, granting: frozenset[str]) -> bool:
    block = bucket.access_block
    ignored = block is not None and block.IgnorePublicAcls
    return acl in granting and bucket.acls_enabled and not ignored


def requested_acl(
    bucket: Bucket, headers: dict[str, str], known: tuple[str, ...] = OBJECT_ACLS
) -> str | None:
    """The canned ACL a request asks for, if the bucket allows it; None if it asks for none.

    Raises S3Error InvalidArgument, AccessControlListNotSupported, AccessDenied.
    """
    granting = any(name.startswith("x-amz-grant-") for name in headers)
    acl = headers.get("x-amz-acl")
    if granting and acl is not None:
        raise S3Error(
            "InvalidRequest", "Specifying both Canned ACLs and Header Grants is not allowed"
        )
    if acl is not None and acl not in known:
        raise S3Error("InvalidArgument", ArgumentName="x-amz-acl", ArgumentValue=acl)
    if not bucket.acls_enabled and (granting or acl not in {None, "bucket-owner-full-control"}):
        # Even `private` is refused: only the bucket owner's full control says nothing new.
        raise S3Error("AccessControlListNotSupported")
    if granting:
        raise S3Error("NotImplemented", "The practice server knows canned ACLs only")
    block = bucket.access_block
    if acl in _PUBLIC and block is not None and block.BlockPublicAcls:
        raise S3Error("AccessDenied")
    return acl


def is_public(acl: str) -> bool:
    return acl in _PUBLIC


def effective_acl(bucket: Bucket, version: Version) -> str:
    return version.traits.acl if bucket.acls_enabled else "bucket-owner-full-control"


def policy_document(acl: str) -> bytes:
    """AccessControlPolicy; since October 2025 without display names."""
    grants = [_grant("CanonicalUser", "ID", OWNER_ID, "FULL_CONTROL")]
    if acl in _ANYONE_READS:
        grants.append(_grant("Group", "URI", _GROUPS + "AllUsers", "READ"))
    if acl == "public-read-write":
        grants.append(_grant("Group", "URI", _GROUPS + "AllUsers", "WRITE"))
    if acl == "authenticated-read":
        grants.append(_grant("Group", "URI", _GROUPS + "AuthenticatedUsers", "READ"))
    if acl == "aws-exec-read":
        grants.append(_grant("CanonicalUser", "ID", _EC2_TEAM_ID, "READ"))
    return document(
        "AccessControlPolicy",
        {"Owner": {"ID": OWNER_ID}, "AccessControlList": Markup("".join(grants))},
    )


def _grant(kind: str, name: str, grantee: str, permission: str) -> str:
    return (
        '<Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
        f' xsi:type="{kind}"><{name}>{grantee}</{name}></Grantee>'
        f"<Permission>{permission}</Permission></Grant>"
    )
