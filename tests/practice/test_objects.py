import pytest

from tests.practice.refusals import refused


def test_what_is_said_about_an_object_comes_back(client):
    client.put_object(
        Bucket="bucket",
        Key="key",
        Body=b"hello",
        ContentType="text/plain; charset=utf-8",
        CacheControl="no-store",
        ContentDisposition='attachment; filename="a.txt"',
        ContentEncoding="gzip",
        ContentLanguage="pl",
        Expires=0,
        Metadata={"colour": "green", "two-words": "a  b"},
        StorageClass="STANDARD_IA",
        Tagging="one=1&two=a%20b",
        WebsiteRedirectLocation="/other",
    )
    for reply in (
        client.get_object(Bucket="bucket", Key="key"),
        client.head_object(Bucket="bucket", Key="key"),
    ):
        assert reply["ContentType"] == "text/plain; charset=utf-8"
        assert reply["CacheControl"] == "no-store"
        assert reply["ContentDisposition"] == 'attachment; filename="a.txt"'
        assert reply["ContentEncoding"] == "gzip"
        assert reply["ContentLanguage"] == "pl"
        assert reply["ExpiresString"] == "Thu, 01 Jan 1970 00:00:00 GMT"
        assert reply["Metadata"] == {"colour": "green", "two-words": "a  b"}
        assert reply["StorageClass"] == "STANDARD_IA"
        assert reply["TagCount"] == 2
        assert reply["WebsiteRedirectLocation"] == "/other"
        assert reply["ServerSideEncryption"] == "AES256"
        assert reply["ContentLength"] == 5
        if "Body" in reply:
            reply["Body"].close()
    tags = client.get_object_tagging(Bucket="bucket", Key="key")["TagSet"]
    assert tags == [{"Key": "one", "Value": "1"}, {"Key": "two", "Value": "a b"}]


def test_nothing_said_gives_s3s_defaults(client, raw):
    raw.call("PUT", "/bucket/key", b"")
    head = client.head_object(Bucket="bucket", Key="key")
    assert head["ContentType"] == "binary/octet-stream"
    assert head["Metadata"] == {}
    assert "StorageClass" not in head
    assert head["ETag"] == '"d41d8cd98f00b204e9800998ecf8427e"'
    assert head["AcceptRanges"] == "bytes"


def test_metadata_beyond_ascii_comes_back_encoded_as_from_s3(raw):
    signed = raw.signed_headers("PUT", "/bucket/key", {"x-amz-meta-name": "zażółć"})
    signed["x-amz-meta-name"] = "zażółć".encode().decode("latin-1")  # the same bytes to http.client
    assert raw.send("PUT", "/bucket/key", b"", signed).status == 200
    reply = raw.call("HEAD", "/bucket/key")
    assert reply.headers["x-amz-meta-name"] == "=?UTF-8?B?emHFvMOzxYLEhw==?="


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"x-amz-storage-class": "FREE"}, "InvalidStorageClass"),
        ({"x-amz-storage-class": "OUTPOSTS"}, "InvalidStorageClass"),
        ({"x-amz-server-side-encryption": "rot13"}, "InvalidArgument"),
        (
            {
                "x-amz-server-side-encryption": "AES256",
                "x-amz-server-side-encryption-aws-kms-key-id": "k",
            },
            "InvalidArgument",
        ),
        ({"x-amz-server-side-encryption-customer-algorithm": "AES256"}, "AccessDenied"),
        ({"x-amz-meta-a": "x" * 2048}, "MetadataTooLarge"),
        ({"x-amz-tagging": "&".join(f"{number}=x" for number in range(11))}, "BadRequest"),
        ({"x-amz-tagging": "a=1&a=2"}, "InvalidTag"),
        ({"x-amz-tagging": "=1"}, "InvalidTag"),
        ({"x-amz-tagging": "a=%00"}, "InvalidTag"),
        ({"x-amz-tagging": f"a={'x' * 257}"}, "InvalidTag"),
    ],
)
def test_wrong_traits_are_refused_before_anything_is_stored(server, raw, headers, code):
    for method, target in (("PUT", "/bucket/key"), ("POST", "/bucket/key?uploads")):
        assert raw.call(method, target, b"x" if method == "PUT" else b"", headers).code == code
    assert server.ledger.commits() == []


def test_with_kms_the_etag_is_not_the_md5(client):
    reply = client.put_object(
        Bucket="bucket", Key="key", Body=b"hello", ServerSideEncryption="aws:kms", SSEKMSKeyId="k"
    )
    assert reply["ServerSideEncryption"] == "aws:kms"
    assert reply["SSEKMSKeyId"] == "arn:aws:kms:us-east-1:123456789012:key/k"
    assert reply["ETag"] != '"5d41402abc4b2a76b9719d911017c592"'
    head = client.head_object(Bucket="bucket", Key="key")
    assert (head["ETag"], head["ServerSideEncryption"]) == (reply["ETag"], "aws:kms")


def test_keys_may_have_1024_bytes(client):
    client.put_object(Bucket="bucket", Key="é" * 512, Body=b"x")
    assert client.head_object(Bucket="bucket", Key="é" * 512)["ContentLength"] == 1
    for key in ("é" * 512 + "x", "😀" * 257):
        with refused("KeyTooLongError", 400):
            client.put_object(Bucket="bucket", Key=key, Body=b"x")


@pytest.mark.parametrize("key", ["../../etc/passwd", "/etc/passwd", "a/../../b", "C:\\x", "nul\0"])
def test_no_key_becomes_a_path(client, tmp_path, key):
    client.put_object(Bucket="bucket", Key=key, Body=b"hello")
    assert client.get_object(Bucket="bucket", Key=key)["Body"].read() == b"hello"
    names = {path.name for path in tmp_path.rglob("blobs/*/*")}
    assert len(names) == 1
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in names)


def test_overwriting_and_deleting_free_the_bytes(client, tmp_path):
    def blobs():
        return [path.read_bytes() for path in tmp_path.rglob("blobs/*/*")]

    client.put_object(Bucket="bucket", Key="key", Body=b"one")
    client.put_object(Bucket="bucket", Key="key", Body=b"two")
    assert blobs() == [b"two"]
    client.delete_object(Bucket="bucket", Key="key")
    client.delete_object(Bucket="bucket", Key="key")
    assert blobs() == []
    with refused("NoSuchKey", 404):
        client.get_object(Bucket="bucket", Key="key")


def test_many_objects_are_deleted_at_once(client, raw):
    for key in ("a", "b", "c"):
        client.put_object(Bucket="bucket", Key=key, Body=b"")
    wanted = [{"Key": key} for key in ("a", "b", "missing")] + [{"Key": "x" * 1025}]
    reply = client.delete_objects(Bucket="bucket", Delete={"Objects": wanted})
    assert sorted(entry["Key"] for entry in reply["Deleted"]) == ["a", "b", "missing"]
    assert [entry["Code"] for entry in reply["Errors"]] == ["KeyTooLongError"]
    quiet = client.delete_objects(
        Bucket="bucket", Delete={"Objects": [{"Key": "c"}], "Quiet": True}
    )
    assert "Deleted" not in quiet
    assert client.list_objects_v2(Bucket="bucket")["KeyCount"] == 0
    body = b"<Delete><Object><Key>a</Key></Object></Delete>"
    assert raw.call("POST", "/bucket?delete", body).code == "InvalidRequest"
    with refused("MalformedXML", 400):
        client.delete_objects(
            Bucket="bucket", Delete={"Objects": [{"Key": "a"} for _ in range(1001)]}
        )


def test_tags_can_be_changed_and_removed(client):
    client.put_object(Bucket="bucket", Key="key", Body=b"")
    tags = [{"Key": "a", "Value": "ü"}]
    client.put_object_tagging(Bucket="bucket", Key="key", Tagging={"TagSet": tags})
    assert client.get_object_tagging(Bucket="bucket", Key="key")["TagSet"] == tags
    client.delete_object_tagging(Bucket="bucket", Key="key")
    assert client.get_object_tagging(Bucket="bucket", Key="key")["TagSet"] == []
    with refused("InvalidTag", 400):
        client.put_object_tagging(
            Bucket="bucket", Key="key", Tagging={"TagSet": [{"Key": "a!", "Value": ""}]}
        )


def test_versions_are_kept_where_the_bucket_is_versioned(client):
    first = client.put_object(Bucket="versioned", Key="key", Body=b"one")["VersionId"]
    second = client.put_object(Bucket="versioned", Key="key", Body=b"two")["VersionId"]
    assert client.get_object(Bucket="versioned", Key="key")["Body"].read() == b"two"
    old = client.get_object(Bucket="versioned", Key="key", VersionId=first)
    assert (old["Body"].read(), old["VersionId"]) == (b"one", first)
    deleted = client.delete_object(Bucket="versioned", Key="key")
    assert deleted["DeleteMarker"]
    with refused("NoSuchKey", 404):
        client.get_object(Bucket="versioned", Key="key")
    with refused("405", 405):
        client.head_object(Bucket="versioned", Key="key", VersionId=deleted["VersionId"])
    client.delete_object(Bucket="versioned", Key="key", VersionId=deleted["VersionId"])
    assert client.get_object(Bucket="versioned", Key="key")["VersionId"] == second
    client.delete_object(Bucket="versioned", Key="key", VersionId=second)
    assert client.get_object(Bucket="versioned", Key="key")["Body"].read() == b"one"
    with refused("NoSuchVersion", 404):
        client.get_object(Bucket="versioned", Key="key", VersionId=second)


def test_a_suspended_bucket_replaces_only_the_null_version(client):
    kept = client.put_object(Bucket="versioned", Key="key", Body=b"kept")["VersionId"]
    client.put_bucket_versioning(
        Bucket="versioned", VersioningConfiguration={"Status": "Suspended"}
    )
    for body in (b"one", b"two"):
        reply = client.put_object(Bucket="versioned", Key="key", Body=body)
        assert reply["VersionId"] == "null"
    found = client.list_object_versions(Bucket="versioned")["Versions"]
    assert [entry["VersionId"] for entry in found] == ["null", kept]
    marker = client.delete_object(Bucket="versioned", Key="key")
    assert marker["VersionId"] == "null"
    assert (
        client.get_object(Bucket="versioned", Key="key", VersionId=kept)["Body"].read() == b"kept"
    )


def test_a_write_to_a_bucket_that_is_gone_is_refused(client):
    with refused("NoSuchBucket", 404):
        client.put_object(Bucket="no-such-bucket", Key="key", Body=b"")
