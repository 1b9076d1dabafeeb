"""Buckets: making, listing and removing them, and their settings."""

import re
from dataclasses import asdict, fields

from s3gui.practice import access, documents, payload
from s3gui.practice.call import HOME_REGION, OWNER_ID, Call, Handler
from s3gui.practice.clock import iso_date
from s3gui.practice.errors import S3Error
from s3gui.practice.model import ENFORCED, OWNERSHIPS, Bucket, PublicAccessBlock
from s3gui.practice.wire import Response

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")
_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-\d{1,2}")
_FORBIDDEN_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_FORBIDDEN_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def check_name(name: str) -> None:
    """Raises S3Error InvalidBucketName."""
    if (
        not _NAME.fullmatch(name)
        or ".." in name
        or _ADDRESS.fullmatch(name)
        or name.startswith(_FORBIDDEN_PREFIXES)
        or name.endswith(_FORBIDDEN_SUFFIXES)
    ):
        raise S3Error("InvalidBucketName", BucketName=name)


def create_bucket(call: Call) -> Response:
    name = call.request.bucket or ""
    check_name(name)
    assert call.identity is not None  # access.require has seen to it
    region = _wanted_region(payload.receive_document(call), call.identity.region)
    ownership = call.request.header("x-amz-object-ownership") or ENFORCED
    if ownership not in OWNERSHIPS:
        raise S3Error("InvalidArgument", ArgumentName="x-amz-object-ownership")
    acl = call.request.header("x-amz-acl") or "private"
    if acl not in access.BUCKET_ACLS:
        raise S3Error("InvalidArgument", ArgumentName="x-amz-acl", ArgumentValue=acl)
    if acl != "private" and ownership == ENFORCED:
        raise S3Error("InvalidBucketAclWithObjectOwnership")
    if access.is_public(acl):
        raise S3Error("AccessDenied")  # new buckets block public access
    with call.service.index.transaction():
        present = call.service.index.bucket(name)
        if present is None:
            call.service.index.save_bucket(Bucket(name, region, call.now, ownership, acl=acl))
        elif not (present.region == region == HOME_REGION):
            # In us-east-1 alone, making one's own bucket again succeeds.
            raise S3Error("BucketAlreadyOwnedByYou", BucketName=name)
    return Response(200, {"Location": f"/{name}"})


def _wanted_region(body: bytes, endpoint_region: str) -> str:
    constraint = None
    if body:
        constraint = documents.parse(body, "CreateBucketConfiguration").get("LocationConstraint")
    if not constraint:
        if endpoint_region != HOME_REGION:
            raise S3Error("IllegalLocationConstraintException")
        return HOME_REGION
    region = "eu-west-1" if constraint == "EU" else constraint
    if region == HOME_REGION or not _REGION.fullmatch(region):
        raise S3Error("InvalidLocationConstraint", LocationConstraint=constraint)
    if endpoint_region not in {HOME_REGION, region}:
        raise S3Error(
            "IllegalLocationConstraintException",
            f"The {constraint} location constraint is incompatible for the region specific "
            "endpoint this request was sent to.",
        )
    return region


def head_bucket(call: Call) -> Response:
    headers = {"x-amz-bucket-region": call.bucket.region, "x-amz-access-point-alias": "false"}
    return Response(200, headers)


def delete_bucket(call: Call) -> Response:
    with call.service.index.transaction():
        if not call.service.index.bucket_is_empty(call.bucket.name):
            raise S3Error("BucketNotEmpty", BucketName=call.bucket.name)
        call.service.index.delete_bucket(call.bucket.name)
    return Response(204)


def list_buckets(call: Call) -> Response:
    request = call.request
    prefix = request.argument("prefix") or ""
    region = request.argument("bucket-region")
    after = request.argument("continuation-token") or ""
    limit = request.number("max-buckets", 10_000, highest=10_000)
    found = [
        bucket
        for bucket in call.service.index.buckets()
        if bucket.name.startswith(prefix)
        and bucket.name > after
        and region in {None, bucket.region}
    ]
    page = found[:limit]
    result: dict[str, object] = {
        "Owner": {"ID": OWNER_ID},
        "Buckets": {
            "Bucket": [
                {
                    "Name": bucket.name,
                    "CreationDate": iso_date(bucket.created),
                    "BucketRegion": bucket.region,
                }
                for bucket in page
            ]
        },
        "Prefix": prefix or None,
        "ContinuationToken": page[-1].name if page and len(found) > limit else None,
    }
    return Response(body=documents.document("ListAllMyBucketsResult", result))


def get_location(call: Call) -> Response:
    region = call.bucket.region
    content = "" if region == HOME_REGION else region
    return Response(body=documents.document("LocationConstraint", content))


def get_versioning(call: Call) -> Response:
    body = documents.document("VersioningConfiguration", {"Status": call.bucket.versioning})
    return Response(body=body)


def put_versioning(call: Call) -> Response:
    root = documents.parse(payload.receive_document(call), "VersioningConfiguration")
    status = root.get("Status")
    if status not in {"Enabled", "Suspended"}:
        raise S3Error("MalformedXML")
    return _changed(call, versioning=status)


def get_ownership(call: Call) -> Response:
    ownership = call.bucket.ownership
    if ownership is None:
        raise S3Error("OwnershipControlsNotFoundError", BucketName=call.bucket.name)
    rule = {"Rule": {"ObjectOwnership": ownership}}
    return Response(body=documents.document("OwnershipControls", rule))


def put_ownership(call: Call) -> Response:
    root = documents.parse(payload.receive_document(call), "OwnershipControls")
    rules = root.all("Rule")
    ownership = rules[0].get("ObjectOwnership") if len(rules) == 1 else None
    if ownership not in OWNERSHIPS:
        raise S3Error("MalformedXML")
    if ownership == ENFORCED and call.bucket.acl != "private":
        raise S3Error("InvalidBucketAclWithObjectOwnership")
    return _changed(call, ownership=ownership)


def delete_ownership(call: Call) -> Response:
    return _changed(call, 204, ownership=None)


def get_access_block(call: Call) -> Response:
    block = call.bucket.access_block
    if block is None:
        raise S3Error("NoSuchPublicAccessBlockConfiguration", BucketName=call.bucket.name)
    return Response(body=documents.document("PublicAccessBlockConfiguration", asdict(block)))


def put_access_block(call: Call) -> Response:
    root = documents.parse(payload.receive_document(call), "PublicAccessBlockConfiguration")
    values = {}
    for setting in fields(PublicAccessBlock):
        text = (root.get(setting.name) or "false").lower()
        if text not in {"true", "false"}:
            raise S3Error("MalformedXML")
        values[setting.name] = text == "true"
    return _changed(call, access_block=PublicAccessBlock(**values))


def delete_access_block(call: Call) -> Response:
    return _changed(call, 204, access_block=None)


def get_bucket_acl(call: Call) -> Response:
    return Response(body=access.policy_document(call.bucket.acl))


def put_bucket_acl(call: Call) -> Response:
    body = payload.receive_document(call)
    acl = access.requested_acl(call.bucket, call.request.headers, access.BUCKET_ACLS)
    if acl is None:
        if body:
            raise S3Error("NotImplemented", "The practice server knows canned ACLs only")
        raise S3Error("MissingSecurityHeader", MissingHeaderName="x-amz-acl")
    return _changed(call, acl=acl)


def _changed(call: Call, status: int = 200, **changes: object) -> Response:
    index = call.service.index
    with index.transaction():
        bucket = index.bucket(call.bucket.name)
        if bucket is None:
            raise S3Error("NoSuchBucket", BucketName=call.bucket.name)
        index.save_bucket(bucket.with_changes(**changes))
    return Response(status)


OPERATIONS: dict[str, Handler] = {
    "CreateBucket": create_bucket,
    "HeadBucket": head_bucket,
    "DeleteBucket": delete_bucket,
    "ListBuckets": list_buckets,
    "GetBucketLocation": get_location,
    "GetBucketVersioning": get_versioning,
    "PutBucketVersioning": put_versioning,
    "GetBucketOwnershipControls": get_ownership,
    "PutBucketOwnershipControls": put_ownership,
    "DeleteBucketOwnershipControls": delete_ownership,
    "GetPublicAccessBlock": get_access_block,
    "PutPublicAccessBlock": put_access_block,
    "DeletePublicAccessBlock": delete_access_block,
    "GetBucketAcl": get_bucket_acl,
    "PutBucketAcl": put_bucket_acl,
}
