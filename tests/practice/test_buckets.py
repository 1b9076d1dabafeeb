import pytest

from tests.practice.refusals import refused

MAYBE = (
    b"<PublicAccessBlockConfiguration><BlockPublicAcls>maybe</BlockPublicAcls>"
    b"</PublicAccessBlockConfiguration>"
)
BLOCKED = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}


def test_a_new_bucket_is_as_aws_makes_them_since_2023(client):
    client.create_bucket(Bucket="made")
    block = client.get_public_access_block(Bucket="made")
    assert block["PublicAccessBlockConfiguration"] == BLOCKED
    controls = client.get_bucket_ownership_controls(Bucket="made")["OwnershipControls"]
    assert controls == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert "Status" not in client.get_bucket_versioning(Bucket="made")
    assert client.head_bucket(Bucket="made")["BucketRegion"] == "us-east-1"
    assert not client.get_bucket_location(Bucket="made")["LocationConstraint"]
    [grant] = client.get_bucket_acl(Bucket="made")["Grants"]
    assert (grant["Grantee"]["Type"], grant["Permission"]) == ("CanonicalUser", "FULL_CONTROL")


@pytest.mark.parametrize(
    "name",
    [
        "ab",
        "a" * 64,
        "Upper",
        "under_score",
        "-start",
        "end-",
        "a..b",
        "1.2.3.4",
        "xn--a",
        "a--x-s3",
    ],
)
def test_names_that_aws_refuses_are_refused(raw, name):
    assert raw.call("PUT", f"/{name}").code == "InvalidBucketName"


def test_making_ones_own_bucket_again_succeeds_in_us_east_1_only(client, make_client):
    client.create_bucket(Bucket="bucket")
    elsewhere = make_client(region="eu-west-1")
    constraint = {"LocationConstraint": "eu-west-1"}
    elsewhere.create_bucket(Bucket="far", CreateBucketConfiguration=constraint)
    with refused("BucketAlreadyOwnedByYou", 409):
        elsewhere.create_bucket(Bucket="far", CreateBucketConfiguration=constraint)


def test_a_bucket_is_where_its_constraint_says(client, make_client):
    with refused("InvalidLocationConstraint", 400):
        client.create_bucket(
            Bucket="far", CreateBucketConfiguration={"LocationConstraint": "nowhere"}
        )
    elsewhere = make_client(region="eu-west-1")
    with refused("IllegalLocationConstraintException", 400):
        elsewhere.create_bucket(Bucket="far")
    with refused("IllegalLocationConstraintException", 400):
        elsewhere.create_bucket(
            Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-north-1"}
        )
    elsewhere.create_bucket(
        Bucket="far", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    assert elsewhere.get_bucket_location(Bucket="far")["LocationConstraint"] == "eu-west-1"
    assert [
        (bucket["Name"], bucket["BucketRegion"])
        for bucket in client.list_buckets(BucketRegion="eu-west-1")["Buckets"]
    ] == [("far", "eu-west-1")]


def test_the_wrong_region_is_redirected_from_home_and_refused_elsewhere(server, raw):
    server.create_bucket("far", region="eu-west-1")
    reply = raw.call("GET", "/far/key")
    assert (reply.status, reply.code) == (301, "PermanentRedirect")
    assert reply.headers["x-amz-bucket-region"] == "eu-west-1"
    reply = raw.call("GET", "/far/key", region="eu-north-1")
    assert (reply.status, reply.code) == (400, "AuthorizationHeaderMalformed")
    assert reply.element("Region") == "eu-west-1"
    reply = raw.call("HEAD", "/far")
    assert (reply.status, reply.headers["x-amz-bucket-region"], reply.body) == (
        301,
        "eu-west-1",
        b"",
    )
    assert raw.call("HEAD", "/far", region="eu-west-1").status == 200


def test_boto3_finds_a_bucket_in_another_region_by_itself(server, client):
    server.create_bucket("far", region="eu-west-1")
    client.put_object(Bucket="far", Key="key", Body=b"hello")
    assert client.get_object(Bucket="far", Key="key")["Body"].read() == b"hello"


def test_only_an_empty_bucket_is_deleted(client, tmp_path):
    client.put_object(Bucket="bucket", Key="key", Body=b"")
    with refused("BucketNotEmpty", 409):
        client.delete_bucket(Bucket="bucket")
    client.delete_object(Bucket="bucket", Key="key")
    upload = client.create_multipart_upload(Bucket="bucket", Key="key")["UploadId"]
    client.upload_part(Bucket="bucket", Key="key", UploadId=upload, PartNumber=1, Body=b"x")
    client.delete_bucket(Bucket="bucket")
    with refused("404", 404):
        client.head_bucket(Bucket="bucket")
    with refused("NoSuchBucket", 404):
        client.delete_bucket(Bucket="bucket")
    assert [path for path in tmp_path.rglob("blobs/*/*") if path.is_file()] == []


def test_buckets_are_listed_in_pages(client):
    first = client.list_buckets(MaxBuckets=2)
    assert [bucket["Name"] for bucket in first["Buckets"]] == ["bucket", "open-bucket"]
    rest = client.list_buckets(MaxBuckets=2, ContinuationToken=first["ContinuationToken"])
    assert [bucket["Name"] for bucket in rest["Buckets"]] == ["versioned"]
    assert "ContinuationToken" not in rest
    assert [bucket["Name"] for bucket in client.list_buckets(Prefix="v")["Buckets"]] == [
        "versioned"
    ]


def test_settings_can_be_changed_and_removed(client):
    client.put_bucket_ownership_controls(
        Bucket="bucket", OwnershipControls={"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    )
    controls = client.get_bucket_ownership_controls(Bucket="bucket")["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "ObjectWriter"}]
    client.delete_bucket_ownership_controls(Bucket="bucket")
    with refused("OwnershipControlsNotFoundError", 404):
        client.get_bucket_ownership_controls(Bucket="bucket")
    client.put_public_access_block(
        Bucket="bucket", PublicAccessBlockConfiguration={"BlockPublicAcls": True}
    )
    block = client.get_public_access_block(Bucket="bucket")["PublicAccessBlockConfiguration"]
    assert block == {**dict.fromkeys(BLOCKED, False), "BlockPublicAcls": True}
    client.delete_public_access_block(Bucket="bucket")
    with refused("NoSuchPublicAccessBlockConfiguration", 404):
        client.get_public_access_block(Bucket="bucket")
    client.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Suspended"})
    assert client.get_bucket_versioning(Bucket="bucket")["Status"] == "Suspended"


@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("/bucket?versioning", b"<VersioningConfiguration/>"),
        ("/bucket?ownershipControls", b"<OwnershipControls/>"),
        ("/bucket?ownershipControls", b"<Other/>"),
        ("/bucket?publicAccessBlock", b"nonsense"),
        (
            "/bucket?publicAccessBlock",
            MAYBE,
        ),
        ("/new-bucket", b"<CreateBucketConfiguration>"),
    ],
)
def test_malformed_settings_are_refused(raw, target, body):
    assert raw.call("PUT", target, body).code == "MalformedXML"


def test_ownership_is_chosen_when_a_bucket_is_made(client):
    client.create_bucket(Bucket="made", ObjectOwnership="BucketOwnerPreferred")
    controls = client.get_bucket_ownership_controls(Bucket="made")["OwnershipControls"]
    assert controls["Rules"] == [{"ObjectOwnership": "BucketOwnerPreferred"}]


def test_an_acl_on_a_new_bucket_needs_acls(client, raw):
    with refused("InvalidBucketAclWithObjectOwnership", 400):
        client.create_bucket(Bucket="made", ACL="public-read")
    with refused("AccessDenied", 403):
        client.create_bucket(Bucket="made", ACL="public-read", ObjectOwnership="ObjectWriter")
    assert raw.call("PUT", "/made", headers={"x-amz-acl": "no-acl"}).code == "InvalidArgument"
    reply = raw.call("PUT", "/made", headers={"x-amz-object-ownership": "Nobody"})
    assert reply.code == "InvalidArgument"
    client.create_bucket(Bucket="made", ACL="private")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/bucket?policy", "NoSuchBucketPolicy"),
        ("/bucket?lifecycle", "NoSuchLifecycleConfiguration"),
        ("/bucket?cors", "NoSuchCORSConfiguration"),
        ("/bucket?tagging", "NoSuchTagSet"),
        ("/bucket?website", "NotImplemented"),
        ("/bucket/key?retention", "NotImplemented"),
    ],
)
def test_settings_it_does_not_know_are_said_to_be_absent_or_not_implemented(raw, target, code):
    assert raw.call("GET", target).code == code


def test_the_expected_owner_is_checked(client):
    client.head_bucket(Bucket="bucket", ExpectedBucketOwner="123456789012")
    with refused("AccessDenied", 403):
        client.list_objects_v2(Bucket="bucket", ExpectedBucketOwner="210987654321")


@pytest.mark.parametrize("method", ["POST", "PATCH", "OPTIONS", "DELETE"])
def test_a_method_that_does_not_fit_is_not_allowed(raw, method):
    assert raw.call(method, "/").code == "MethodNotAllowed"
