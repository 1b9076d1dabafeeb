"""Which operation a request is, and which function answers it."""

from s3gui.practice import buckets, completing, contents, copying, multipart, objects, reading
from s3gui.practice.call import Handler
from s3gui.practice.errors import S3Error
from s3gui.practice.request import Request

HANDLERS: dict[str, Handler] = {
    **buckets.OPERATIONS,
    **contents.OPERATIONS,
    **objects.OPERATIONS,
    **reading.OPERATIONS,
    **copying.OPERATIONS,
    **multipart.OPERATIONS,
    **completing.OPERATIONS,
}

_SERVICE = {("GET", ""): "ListBuckets"}
_BUCKET = {
    ("PUT", ""): "CreateBucket",
    ("HEAD", ""): "HeadBucket",
    ("DELETE", ""): "DeleteBucket",
    ("GET", ""): "ListObjects",
    ("GET", "list-type"): "ListObjectsV2",
    ("GET", "versions"): "ListObjectVersions",
    ("GET", "uploads"): "ListMultipartUploads",
    ("POST", "delete"): "DeleteObjects",
    ("GET", "location"): "GetBucketLocation",
    ("GET", "versioning"): "GetBucketVersioning",
    ("PUT", "versioning"): "PutBucketVersioning",
    ("GET", "acl"): "GetBucketAcl",
    ("PUT", "acl"): "PutBucketAcl",
    ("GET", "ownershipControls"): "GetBucketOwnershipControls",
    ("PUT", "ownershipControls"): "PutBucketOwnershipControls",
    ("DELETE", "ownershipControls"): "DeleteBucketOwnershipControls",
    ("GET", "publicAccessBlock"): "GetPublicAccessBlock",
    ("PUT", "publicAccessBlock"): "PutPublicAccessBlock",
    ("DELETE", "publicAccessBlock"): "DeletePublicAccessBlock",
}
_OBJECT = {
    ("PUT", ""): "PutObject",
    ("GET", ""): "GetObject",
    ("HEAD", ""): "HeadObject",
    ("DELETE", ""): "DeleteObject",
    ("GET", "acl"): "GetObjectAcl",
    ("PUT", "acl"): "PutObjectAcl",
    ("GET", "tagging"): "GetObjectTagging",
    ("PUT", "tagging"): "PutObjectTagging",
    ("DELETE", "tagging"): "DeleteObjectTagging",
    ("GET", "attributes"): "GetObjectAttributes",
    ("POST", "uploads"): "CreateMultipartUpload",
    ("PUT", "uploadId"): "UploadPart",
    ("GET", "uploadId"): "ListParts",
    ("POST", "uploadId"): "CompleteMultipartUpload",
    ("DELETE", "uploadId"): "AbortMultipartUpload",
}
_COPIES = {"PutObject": "CopyObject", "UploadPart": "UploadPartCopy"}

# What AWS answers for settings that a bucket does not have.
_UNSET = {
    "policy": "NoSuchBucketPolicy",
    "lifecycle": "NoSuchLifecycleConfiguration",
    "cors": "NoSuchCORSConfiguration",
    "tagging": "NoSuchTagSet",
    "object-lock": "ObjectLockConfigurationNotFoundError",
}
_OTHER_SETTINGS = frozenset(
    {
        "accelerate", "analytics", "encryption", "intelligent-tiering", "inventory",
        "legal-hold", "logging", "metrics", "notification", "policyStatus", "replication",
        "requestPayment", "restore", "retention", "select", "torrent", "website",
    }
)  # fmt: skip


def operation_of(request: Request) -> str:
    """The name AWS gives the operation; "Unknown" for what is none of those above."""
    table = _OBJECT
    if request.key is None:
        table = _BUCKET if request.bucket is not None else _SERVICE
    found = table.get((request.method, _subresource(request, table)), "Unknown")
    if "x-amz-copy-source" in request.headers:
        return _COPIES.get(found, found)
    return found


def _subresource(request: Request, table: dict[tuple[str, str], str]) -> str:
    named = {subresource for _, subresource in table} | set(_UNSET) | _OTHER_SETTINGS
    named.discard("")
    for name in request.arguments:
        if name in named:
            return name
    return ""


def refusal(request: Request) -> S3Error:
    """For an operation that is unknown."""
    for name in request.arguments:
        if name in _UNSET and request.method == "GET" and request.key is None:
            return S3Error(_UNSET[name], BucketName=request.bucket)
        if name in _UNSET or name in _OTHER_SETTINGS:
            return S3Error("NotImplemented", "The practice server does not know this operation")
    return S3Error(
        "MethodNotAllowed",
        Method=request.method,
        ResourceType="SERVICE" if request.bucket is None else "BUCKET",
    )
