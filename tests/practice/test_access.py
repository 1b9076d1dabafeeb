import pytest

from tests.practice.refusals import refused

OPEN = "open-bucket"
ACLS = {
    "private": 403,
    "public-read": 200,
    "public-read-write": 200,
    "authenticated-read": 403,
    "aws-exec-read": 403,
    "bucket-owner-read": 403,
    "bucket-owner-full-control": 403,
}


def grants(client, key, bucket=OPEN):
    found = client.get_object_acl(Bucket=bucket, Key=key)["Grants"]
    return {
        (grant["Grantee"].get("URI", "").rpartition("/")[2], grant["Permission"]) for grant in found
    }


@pytest.mark.parametrize(("acl", "status"), ACLS.items())
def test_a_canned_acl_decides_who_may_read(client, raw, acl, status):
    client.put_object(Bucket=OPEN, Key="key", Body=b"hello", ACL=acl)
    assert raw.send("GET", f"/{OPEN}/key").status == status
    assert raw.send("HEAD", f"/{OPEN}/key").status == status
    assert raw.call("GET", f"/{OPEN}/key").status == 200


def test_acls_are_shown_as_grants(client):
    for acl in ACLS:
        client.put_object(Bucket=OPEN, Key=acl, Body=b"", ACL=acl)
    owner = ("", "FULL_CONTROL")
    assert grants(client, "private") == {owner}
    assert grants(client, "public-read") == {owner, ("AllUsers", "READ")}
    assert grants(client, "public-read-write") == {
        owner,
        ("AllUsers", "READ"),
        ("AllUsers", "WRITE"),
    }
    assert grants(client, "authenticated-read") == {owner, ("AuthenticatedUsers", "READ")}
    assert grants(client, "aws-exec-read") == {owner, ("", "READ")}


@pytest.mark.parametrize("acl", [acl for acl in ACLS if acl != "bucket-owner-full-control"])
def test_where_acls_are_disabled_every_acl_but_one_is_refused(server, client, acl):
    with refused("AccessControlListNotSupported", 400):
        client.put_object(Bucket="bucket", Key="key", Body=b"", ACL=acl)
    with refused("AccessControlListNotSupported", 400):
        client.create_multipart_upload(Bucket="bucket", Key="key", ACL=acl)
    client.put_object(Bucket="bucket", Key="key", Body=b"", ACL="bucket-owner-full-control")
    with refused("AccessControlListNotSupported", 400):
        client.put_object_acl(Bucket="bucket", Key="key", ACL=acl)
    assert grants(client, "key", "bucket") == {("", "FULL_CONTROL")}


def test_grants_by_header_are_no_way_round(client):
    with refused("AccessControlListNotSupported", 400):
        client.put_object(Bucket="bucket", Key="key", Body=b"", GrantRead='id="1"')
    with refused("NotImplemented", 501):
        client.put_object(Bucket=OPEN, Key="key", Body=b"", GrantRead='id="1"')
    with refused("InvalidRequest", 400):
        client.put_object(Bucket=OPEN, Key="key", Body=b"", GrantRead='id="1"', ACL="private")


@pytest.mark.parametrize("acl", ["public-read", "public-read-write", "authenticated-read"])
def test_block_public_acls_refuses_public_ones(server, client, acl):
    server.create_bucket("blocking", acls_enabled=True)
    with refused("AccessDenied", 403):
        client.put_object(Bucket="blocking", Key="key", Body=b"", ACL=acl)
    client.put_object(Bucket="blocking", Key="key", Body=b"", ACL="bucket-owner-read")
    with refused("AccessDenied", 403):
        client.put_object_acl(Bucket="blocking", Key="key", ACL=acl)


def test_ignored_public_acls_are_stored_but_have_no_effect(client, raw):
    client.put_object(Bucket=OPEN, Key="key", Body=b"", ACL="public-read")
    client.put_public_access_block(
        Bucket=OPEN, PublicAccessBlockConfiguration={"IgnorePublicAcls": True}
    )
    assert raw.send("GET", f"/{OPEN}/key").code == "AccessDenied"
    client.delete_public_access_block(Bucket=OPEN)
    assert raw.send("GET", f"/{OPEN}/key").status == 200


def test_disabling_acls_takes_their_effect_away(client, raw):
    client.put_object(Bucket=OPEN, Key="key", Body=b"", ACL="public-read")
    client.put_bucket_ownership_controls(
        Bucket=OPEN, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    )
    assert raw.send("GET", f"/{OPEN}/key").code == "AccessDenied"
    assert grants(client, "key") == {("", "FULL_CONTROL")}


def test_an_unknown_acl_is_refused(client, raw):
    for bucket in ("bucket", OPEN):
        reply = raw.call("PUT", f"/{bucket}/key", headers={"x-amz-acl": "log-delivery-write"})
        assert (reply.status, reply.code) == (400, "InvalidArgument")


def test_an_objects_acl_can_be_changed(client, raw):
    client.put_object(Bucket=OPEN, Key="key", Body=b"hello")
    assert raw.send("GET", f"/{OPEN}/key").status == 403
    client.put_object_acl(Bucket=OPEN, Key="key", ACL="public-read")
    assert raw.send("GET", f"/{OPEN}/key").body == b"hello"
    assert raw.call("PUT", f"/{OPEN}/key?acl").code == "MissingSecurityHeader"
    assert raw.call("PUT", f"/{OPEN}/key?acl", b"<AccessControlPolicy/>").code == "NotImplemented"
    with refused("NoSuchKey", 404):
        client.put_object_acl(Bucket=OPEN, Key="none", ACL="private")


def test_a_buckets_acl_lets_others_list_and_write(client, raw):
    assert raw.send("GET", f"/{OPEN}?list-type=2").code == "AccessDenied"
    assert raw.send("GET", f"/{OPEN}/none").code == "AccessDenied"
    client.put_bucket_acl(Bucket=OPEN, ACL="public-read")
    assert raw.send("GET", f"/{OPEN}?list-type=2").status == 200
    assert raw.send("GET", f"/{OPEN}/none").code == "NoSuchKey"
    assert raw.send("PUT", f"/{OPEN}/key", b"x").code == "AccessDenied"
    client.put_bucket_acl(Bucket=OPEN, ACL="public-read-write")
    assert raw.send("PUT", f"/{OPEN}/key", b"x").status == 200
    assert raw.send("POST", f"/{OPEN}/key?uploads").code == "AccessDenied"
    assert raw.send("DELETE", f"/{OPEN}/key").status == 204


def test_nobody_reads_anonymously_what_is_not_public(client, raw):
    client.put_object(Bucket="bucket", Key="key", Body=b"")
    for target in ("/", "/bucket", "/bucket?location", "/bucket/key", "/bucket/key?acl"):
        assert raw.send("GET", target).code == "AccessDenied"
    assert raw.send("PUT", "/new-bucket").code == "AccessDenied"
    assert raw.send("GET", "/no-such-bucket/key").code == "NoSuchBucket"


def test_a_bucket_acl_is_refused_as_an_objects_would_be(client, raw):
    with refused("AccessControlListNotSupported", 400):
        client.put_bucket_acl(Bucket="bucket", ACL="public-read")
    reply = raw.call("PUT", f"/{OPEN}?acl", headers={"x-amz-acl": "bucket-owner-read"})
    assert reply.code == "InvalidArgument"
    assert raw.call("PUT", f"/{OPEN}?acl").code == "MissingSecurityHeader"
    client.put_bucket_acl(Bucket=OPEN, ACL="public-read")
    with refused("InvalidBucketAclWithObjectOwnership", 400):
        client.put_bucket_ownership_controls(
            Bucket=OPEN, OwnershipControls={"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
        )
