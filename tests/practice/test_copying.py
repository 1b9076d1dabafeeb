import pytest

from tests.practice.refusals import refused

SOURCE = {"Bucket": "bucket", "Key": "from here/ü+"}


@pytest.fixture
def source(client):
    return client.put_object(
        **SOURCE, Body=b"hello", ContentType="text/x", Metadata={"a": "b"}, Tagging="c=d"
    )


def test_a_copy_has_the_bytes_and_the_traits(client, source):
    reply = client.copy_object(Bucket="versioned", Key="copy", CopySource=SOURCE)
    assert reply["CopyObjectResult"]["ETag"] == source["ETag"]
    assert reply["CopyObjectResult"]["ChecksumCRC32"] == source["ChecksumCRC32"]
    copy = client.get_object(Bucket="versioned", Key="copy")
    assert (copy["Body"].read(), copy["ContentType"], copy["Metadata"], copy["TagCount"]) == (
        b"hello",
        "text/x",
        {"a": "b"},
        1,
    )
    assert copy["VersionId"] == reply["VersionId"]


def test_a_copy_can_have_traits_of_its_own(client, source):
    client.copy_object(
        **SOURCE,
        CopySource=SOURCE,
        MetadataDirective="REPLACE",
        TaggingDirective="REPLACE",
        ContentType="text/y",
        ChecksumAlgorithm="SHA256",
    )
    copy = client.get_object(**SOURCE, ChecksumMode="ENABLED")
    assert (copy["Body"].read(), copy["ContentType"], copy["Metadata"]) == (b"hello", "text/y", {})
    assert "TagCount" not in copy
    assert copy["ChecksumSHA256"]


def test_a_copy_onto_itself_must_change_something(client, source):
    with refused("InvalidRequest", 400):
        client.copy_object(**SOURCE, CopySource=SOURCE)
    client.copy_object(**SOURCE, CopySource=SOURCE, StorageClass="STANDARD_IA")


def test_a_source_that_is_not_there_is_refused(client, raw, source):
    with refused("NoSuchKey", 404):
        client.copy_object(Bucket="bucket", Key="x", CopySource="bucket/none")
    with refused("NoSuchBucket", 404):
        client.copy_object(Bucket="bucket", Key="x", CopySource="no-such-bucket/none")
    with refused("PreconditionFailed", 412):
        client.copy_object(Bucket="bucket", Key="x", CopySource=SOURCE, CopySourceIfMatch='"other"')
    with refused("PreconditionFailed", 412):
        client.copy_object(
            Bucket="bucket", Key="x", CopySource=SOURCE, CopySourceIfNoneMatch=source["ETag"]
        )
    for text in ("bucket", "/", "bucket/%FF"):
        reply = raw.call("PUT", "/bucket/x", headers={"x-amz-copy-source": text})
        assert reply.code == "InvalidArgument"
    reply = raw.call(
        "PUT",
        "/bucket/x",
        headers={"x-amz-copy-source": "bucket/x", "x-amz-metadata-directive": "HALF"},
    )
    assert reply.code in {"InvalidArgument", "NoSuchKey"}


def test_a_version_can_be_copied(client):
    first = client.put_object(Bucket="versioned", Key="key", Body=b"one")["VersionId"]
    client.put_object(Bucket="versioned", Key="key", Body=b"two")
    source = {"Bucket": "versioned", "Key": "key", "VersionId": first}
    client.copy_object(Bucket="bucket", Key="copy", CopySource=source)
    assert client.get_object(Bucket="bucket", Key="copy")["Body"].read() == b"one"
    with refused("NoSuchVersion", 404):
        client.copy_object(
            Bucket="bucket", Key="copy", CopySource={**source, "VersionId": "unknown"}
        )


def test_a_part_can_be_copied_from_a_range(client, source):
    upload = client.create_multipart_upload(Bucket="bucket", Key="copy", ChecksumAlgorithm="CRC32")[
        "UploadId"
    ]
    to = {"Bucket": "bucket", "Key": "copy", "UploadId": upload}
    part = client.upload_part_copy(
        **to, PartNumber=1, CopySource=SOURCE, CopySourceRange="bytes=1-3"
    )["CopyPartResult"]
    listed = {name: part[name] for name in ("ETag", "ChecksumCRC32")}
    client.complete_multipart_upload(**to, MultipartUpload={"Parts": [{"PartNumber": 1, **listed}]})
    assert client.get_object(Bucket="bucket", Key="copy")["Body"].read() == b"ell"


@pytest.mark.parametrize("text", ["bytes=3-1", "bytes=0-5", "bytes=0-", "all"])
def test_a_range_outside_the_source_is_refused(client, source, text):
    upload = client.create_multipart_upload(Bucket="bucket", Key="copy")["UploadId"]
    with refused("InvalidArgument", 400):
        client.upload_part_copy(
            Bucket="bucket",
            Key="copy",
            UploadId=upload,
            PartNumber=1,
            CopySource=SOURCE,
            CopySourceRange=text,
        )
