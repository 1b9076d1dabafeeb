"""Writing and removing objects, their ACLs and tags."""

import secrets

from s3gui.practice import access, conditions, documents, payload, traits
from s3gui.practice.call import Call, Handler
from s3gui.practice.checksums import DEFAULT, FULL_OBJECT, Checksum
from s3gui.practice.errors import S3Error
from s3gui.practice.ledger import Commit
from s3gui.practice.model import Traits, Version
from s3gui.practice.wire import Response


def put_object(call: Call) -> Response:
    promised = payload.promise(call, call.service.limits.maximum_put_bytes)
    algorithm = promised.algorithm or DEFAULT
    described = traits.read(call)
    service = call.service
    mark = service.versions.removal_mark()
    conditions.check_write(call, since_mark=mark)  # early, before any of the body is read
    with service.blobs.create() as writer:
        received = payload.receive(call, promised, writer.write, algorithm)
        checksum = Checksum(algorithm.name, FULL_OBJECT, received.checksum)
        with service.index.transaction():
            conditions.check_write(call, since_mark=mark)
            version = commit(
                call,
                size_bytes=received.size_bytes,
                etag=etag_of(described, received.md5),
                described=described,
                checksum=checksum,
                segments=[(1, writer.name, received.size_bytes, received.checksum)],
            )
        writer.keep()
    call.bytes_accepted = received.size_bytes
    headers = {
        "ETag": f'"{version.etag}"',
        **checksum.headers(),
        **traits.encryption_headers(described),
        **traits.version_headers(call.bucket, version),
    }
    return Response(200, headers)


def etag_of(described: Traits, md5: bytes) -> str:
    """The MD5, except where AWS gives something else that looks like one."""
    return md5.hex() if described.encryption == "AES256" else secrets.token_hex(16)


def commit(
    call: Call,
    *,
    size_bytes: int,
    etag: str,
    described: Traits,
    checksum: Checksum | None,
    segments: list[tuple[int, str, int, str]],
    parts_count: int = 0,
    upload_id: str | None = None,
) -> Version:
    """Makes a version of the call's key, and tells the ledger. Within a transaction."""
    service = call.service
    bucket = service.index.bucket(call.bucket.name)  # it may have gone while the body came
    if bucket is None:
        raise S3Error("NoSuchBucket", BucketName=call.bucket.name)
    version = service.versions.store(
        bucket,
        call.key,
        size_bytes=size_bytes,
        etag=etag,
        modified=call.now,
        traits=described,
        checksum=checksum,
        segments=segments,
        parts_count=parts_count,
    )
    call.version_id = version.version_id
    entry = Commit(
        version.modified,
        bucket.name,
        call.key,
        version.version_id,
        size_bytes,
        etag,
        described.acl,
        upload_id,
    )
    service.index.after_commit(lambda: service.ledger.commit(entry))
    return version


def existing(call: Call) -> Version:
    """The version that a call names. Raises S3Error NoSuchKey, NoSuchVersion, MethodNotAllowed."""
    version_id = call.request.argument("versionId")
    version = call.service.versions.find(call.bucket.name, call.key, version_id)
    if version is None:
        if version_id is not None:
            raise S3Error("NoSuchVersion", Key=call.key, VersionId=version_id)
        raise S3Error("NoSuchKey", Key=call.key)
    if version.is_delete_marker:
        marker = {"x-amz-delete-marker": "true", "x-amz-version-id": version.version_id}
        if version_id is not None:
            raise S3Error("MethodNotAllowed", headers=marker, Method=call.request.method)
        raise S3Error("NoSuchKey", headers=marker, Key=call.key)
    call.version_id = version.version_id
    return version


def delete_object(call: Call) -> Response:
    with call.service.index.transaction():
        current = call.service.versions.find(
            call.bucket.name, call.key, call.request.argument("versionId")
        )
        conditions.check_delete(call, current)
        removed = remove_object(call, call.key, call.request.argument("versionId"))
    headers = {}
    if "VersionId" in removed:
        headers["x-amz-version-id"] = removed["VersionId"]
    if "DeleteMarkerVersionId" in removed:
        headers["x-amz-version-id"] = removed["DeleteMarkerVersionId"]
    if "DeleteMarker" in removed:
        headers["x-amz-delete-marker"] = "true"
    return Response(204, headers)


def remove_object(call: Call, key: str, version_id: str | None) -> dict[str, str]:
    """The elements of a <Deleted>. What is not there counts as deleted, as on AWS."""
    service, bucket = call.service, call.bucket
    if version_id is None and bucket.versioning is not None:
        service.versions.note_removal(bucket.name, key)
        marker = service.versions.store(
            bucket,
            key,
            size_bytes=0,
            etag="",
            modified=call.now,
            traits=Traits(),
            checksum=None,
            segments=(),
            is_delete_marker=True,
        )
        return {
            "Key": key,
            "DeleteMarker": "true",
            "DeleteMarkerVersionId": marker.version_id,
        }
    version = service.versions.find(bucket.name, key, version_id)
    if version is not None:
        service.versions.note_removal(bucket.name, key)
        service.versions.remove(version)
    if version_id is None:
        return {"Key": key}
    if version is not None and version.is_delete_marker:
        return {
            "Key": key,
            "VersionId": version_id,
            "DeleteMarker": "true",
            "DeleteMarkerVersionId": version_id,
        }
    return {"Key": key, "VersionId": version_id}


def delete_objects(call: Call) -> Response:
    body = payload.receive_document(call, digest_required=True)
    root = documents.parse(body, "Delete")
    wanted = root.all("Object")
    if not 1 <= len(wanted) <= call.service.limits.page_entries:
        raise S3Error("MalformedXML")
    deleted: list[dict[str, str]] = []
    failed: list[dict[str, str]] = []
    with call.service.index.transaction():
        for item in wanted:
            key, version_id = item.require("Key"), item.get("VersionId")
            try:
                check_key(call, key)
                deleted.append(remove_object(call, key, version_id or None))
            except S3Error as error:
                failed.append({"Key": key, "Code": error.code, "Message": error.message})
    quiet = root.get("Quiet") == "true"
    result = {"Deleted": [] if quiet else deleted, "Error": failed}
    return Response(body=documents.document("DeleteResult", result))


def check_key(call: Call, key: str) -> None:
    limit = call.service.limits.maximum_key_bytes
    size = len(key.encode())
    if size > limit:
        raise S3Error("KeyTooLongError", Size=size, MaxSizeAllowed=limit)


def get_object_acl(call: Call) -> Response:
    acl = access.effective_acl(call.bucket, existing(call))
    return Response(body=access.policy_document(acl))


def put_object_acl(call: Call) -> Response:
    body = payload.receive_document(call)
    acl = access.requested_acl(call.bucket, call.request.headers)
    with call.service.index.transaction():
        version = existing(call)
        if acl is None:
            if body:
                raise S3Error("NotImplemented", "The practice server knows canned ACLs only")
            raise S3Error("MissingSecurityHeader", MissingHeaderName="x-amz-acl")
        call.service.versions.set_traits(version, version.traits.with_changes(acl=acl))
    return Response()


def get_object_tagging(call: Call) -> Response:
    version = existing(call)
    tags = [{"Key": key, "Value": value} for key, value in version.traits.tags.items()]
    body = documents.document("Tagging", {"TagSet": {"Tag": tags}})
    return Response(200, traits.version_headers(call.bucket, version), body)


def put_object_tagging(call: Call) -> Response:
    root = documents.parse(payload.receive_document(call), "Tagging")
    pairs = [
        (tag.require("Key"), tag.require("Value"))
        for tags in root.all("TagSet")
        for tag in tags.all("Tag")
    ]
    return _set_tags(call, traits.check_tags(pairs), 200)


def delete_object_tagging(call: Call) -> Response:
    return _set_tags(call, {}, 204)


def _set_tags(call: Call, tags: dict[str, str], status: int) -> Response:
    with call.service.index.transaction():
        version = existing(call)
        call.service.versions.set_traits(version, version.traits.with_changes(tags=tags))
    return Response(status, traits.version_headers(call.bucket, version))


OPERATIONS: dict[str, Handler] = {
    "PutObject": put_object,
    "DeleteObject": delete_object,
    "DeleteObjects": delete_objects,
    "GetObjectAcl": get_object_acl,
    "PutObjectAcl": put_object_acl,
    "GetObjectTagging": get_object_tagging,
    "PutObjectTagging": put_object_tagging,
    "DeleteObjectTagging": delete_object_tagging,
}
