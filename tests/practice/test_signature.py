"""Also against the examples of the Amazon S3 API Reference, with their published results."""

import io
from datetime import UTC, datetime

import pytest

from s3gui.practice import PracticeCredentials
from s3gui.practice.credentials import KeyRing
from s3gui.practice.errors import S3Error
from s3gui.practice.request import parse
from s3gui.practice.signature import authenticate
from s3gui.practice.wire import Body, Head
from tests.practice.raw_client import RawClient
from tests.practice.refusals import refused

EXAMPLE = PracticeCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
EXAMPLE_TIME = datetime(2013, 5, 24, tzinfo=UTC).timestamp()
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
SKEW_SECONDS = 15 * 60.0


def identify(method, target, headers, now=EXAMPLE_TIME):
    ring = KeyRing()
    ring.add(EXAMPLE)
    head = Head(method, target, {"host": "examplebucket.s3.amazonaws.com", **headers}, True)
    request = parse(head, Body(io.BufferedReader(io.BytesIO()), head, lambda: None))
    return authenticate(request, ring, now, SKEW_SECONDS)


def authorization(signed_headers, signature):
    return (
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        f"SignedHeaders={signed_headers},Signature={signature}"
    )


GET_SIGNATURE = "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"


def get_headers(signature=GET_SIGNATURE):
    return {
        "range": "bytes=0-9",
        "x-amz-content-sha256": EMPTY,
        "x-amz-date": "20130524T000000Z",
        "authorization": authorization("host;range;x-amz-content-sha256;x-amz-date", signature),
    }


def test_the_published_get_example_is_accepted():
    identity = identify("GET", "/test.txt", get_headers())
    assert (identity.access_key_id, identity.region) == ("AKIAIOSFODNN7EXAMPLE", "us-east-1")


def test_the_published_put_example_is_accepted():
    headers = {
        "date": "Fri, 24 May 2013 00:00:00 GMT",
        "x-amz-content-sha256": "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        "x-amz-date": "20130524T000000Z",
        "x-amz-storage-class": "REDUCED_REDUNDANCY",
        "authorization": authorization(
            "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
    }
    assert identify("PUT", "/test%24file.text", headers) is not None


def test_the_published_query_examples_are_accepted():
    for target, signature in {
        "/?lifecycle": "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        "/?max-keys=2&prefix=J": "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    }.items():
        headers = {
            "x-amz-content-sha256": EMPTY,
            "x-amz-date": "20130524T000000Z",
            "authorization": authorization("host;x-amz-content-sha256;x-amz-date", signature),
        }
        assert identify("GET", target, headers) is not None


PRESIGNED = (
    "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256"
    "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
    "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"
)


def test_the_published_presigned_example_is_accepted_until_it_expires():
    assert identify("GET", PRESIGNED, {}, EXAMPLE_TIME + 86_400) is not None
    with pytest.raises(S3Error, match="AccessDenied: Request has expired"):
        identify("GET", PRESIGNED, {}, EXAMPLE_TIME + 86_401)
    with pytest.raises(S3Error, match="AccessDenied: Request is not yet valid"):
        identify("GET", PRESIGNED, {}, EXAMPLE_TIME - 901)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("Expires=86400", "Expires=86401", "SignatureDoesNotMatch"),
        ("/test.txt", "/rest.txt", "SignatureDoesNotMatch"),
        ("Expires=86400", "Expires=604801", "AuthorizationQueryParametersError"),
        ("Expires=86400", "Expires=-1", "AuthorizationQueryParametersError"),
        ("Expires=86400", "Expires=x", "AuthorizationQueryParametersError"),
        ("&X-Amz-Date=20130524T000000Z", "", "AuthorizationQueryParametersError"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-MD5", "AuthorizationQueryParametersError"),
        ("%2Faws4_request", "", "AuthorizationQueryParametersError"),
        ("EXAMPLE%2F2013", "UNKNOWN%2F2013", "InvalidAccessKeyId"),
    ],
)
def test_a_presigned_url_that_was_changed_is_refused(old, new, code):
    assert old in PRESIGNED
    with pytest.raises(S3Error, match=code):
        identify("GET", PRESIGNED.replace(old, new), {})


def test_a_wrong_signature_is_refused():
    with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
        identify("GET", "/test.txt", get_headers("0" * 64))
    with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
        identify("GET", "/other.txt", get_headers())
    with pytest.raises(S3Error, match="SignatureDoesNotMatch"):
        identify("GET", "/test.txt", {**get_headers(), "range": "bytes=0-8"})


def test_a_header_of_amazons_that_is_not_signed_is_refused():
    with pytest.raises(S3Error, match=r"AccessDenied.*not signed"):
        identify("GET", "/test.txt", {**get_headers(), "x-amz-acl": "public-read"})


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("Basic dXNlcjpwYXNz", "InvalidArgument"),
        ("AWS AKIA:signature", "InvalidRequest"),
        ("AWS4-HMAC-SHA256", "AuthorizationHeaderMalformed"),
        (
            "AWS4-HMAC-SHA256 Credential=a,SignedHeaders=b,Signature=\xff",
            "AuthorizationHeaderMalformed",
        ),
        (authorization("host", "0" * 64).replace("/s3/", "/ec2/"), "AuthorizationHeaderMalformed"),
        (
            authorization("host", "0" * 64).replace("20130524", "20130525"),
            "AuthorizationHeaderMalformed",
        ),
    ],
)
def test_an_authorization_that_makes_no_sense_is_refused(value, code):
    with pytest.raises(S3Error, match=code):
        identify("GET", "/test.txt", {**get_headers(), "authorization": value})


def test_signature_version_2_is_refused_as_for_every_new_bucket():
    with pytest.raises(S3Error, match="Please use AWS4-HMAC-SHA256"):
        identify("GET", "/test.txt?AWSAccessKeyId=a&Signature=b&Expires=1", {})


def test_both_ways_of_signing_at_once_are_refused():
    with pytest.raises(S3Error, match="Only one auth mechanism"):
        identify("GET", PRESIGNED, get_headers())


def test_no_signature_at_all_is_an_anonymous_request():
    assert identify("GET", "/test.txt", {}) is None


def test_wrong_keys_are_refused_by_name(server, make_client):
    wrong_secret = PracticeCredentials(server.credentials.access_key_id, "wrong")
    with refused("SignatureDoesNotMatch", 403):
        make_client(wrong_secret).list_buckets()
    with refused("InvalidAccessKeyId", 403):
        make_client(PracticeCredentials.generate()).list_buckets()


@pytest.mark.parametrize(
    ("seconds", "accepted"), [(880, True), (-880, True), (920, False), (-920, False)]
)
def test_clocks_may_differ_by_fifteen_minutes(server, client, seconds, accepted):
    server.clock.move(seconds)
    if accepted:
        client.list_buckets()
    else:
        with refused("RequestTimeTooSkewed", 403):
            client.list_buckets()


def test_the_date_header_tells_the_servers_time(server, raw):
    server.clock.move(3600)
    reply = raw.call("GET", "/")
    assert reply.code == "RequestTimeTooSkewed"
    told = datetime.strptime(reply.headers["date"], "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert abs(told.timestamp() - server.clock.now()) < 5
    assert reply.element("MaxAllowedSkewMilliseconds") == "900000"


def test_temporary_credentials_need_their_token(server, make_client):
    temporary = PracticeCredentials.generate(temporary=True)
    server.add_credentials(temporary)
    make_client(temporary).list_buckets()
    bare = PracticeCredentials(temporary.access_key_id, temporary.secret_access_key)
    with refused("InvalidAccessKeyId", 403):
        make_client(bare).list_buckets()
    other = PracticeCredentials(temporary.access_key_id, temporary.secret_access_key, "other")
    with refused("InvalidToken", 400):
        make_client(other).list_buckets()
    server.remove_credentials(temporary.access_key_id)
    with refused("InvalidAccessKeyId", 403):
        make_client(temporary).list_buckets()


def test_a_token_where_none_belongs_is_refused(server, make_client):
    keys = server.credentials
    with refused("InvalidToken", 400):
        make_client(
            PracticeCredentials(keys.access_key_id, keys.secret_access_key, "token")
        ).list_buckets()


def test_temporary_credentials_expire_by_the_servers_clock(server, make_client):
    temporary = PracticeCredentials.generate(temporary=True, expires_at=server.clock.now() + 300)
    server.add_credentials(temporary)
    client = make_client(temporary)
    client.list_buckets()
    server.clock.move(301)
    with refused("ExpiredToken", 400):
        client.list_buckets()


@pytest.mark.parametrize(
    "key", ["a b", "a+b", "a%2Fb", "ü/ß", "//", "./x", "../x", "a?b=c&d", "😀", "~-._", "a\tb", "%"]
)
def test_keys_of_every_kind_are_signed_alike_on_both_sides(client, key):
    client.put_object(Bucket="bucket", Key=key, Body=key.encode())
    assert client.get_object(Bucket="bucket", Key=key)["Body"].read() == key.encode()
    assert [entry["Key"] for entry in client.list_objects_v2(Bucket="bucket")["Contents"]] == [key]


def test_a_presigned_url_with_a_session_token_works(server, make_client):
    temporary = PracticeCredentials.generate(temporary=True)
    server.add_credentials(temporary)
    client = make_client(temporary, signature_version="s3v4")
    url = client.generate_presigned_url("put_object", {"Bucket": "bucket", "Key": "a b"}, 60)
    with RawClient(server) as plain:
        target = url.removeprefix(server.endpoint_url)
        assert plain.send("PUT", target, b"hello").status == 200
        assert plain.send("GET", target).code == "SignatureDoesNotMatch"
    assert client.get_object(Bucket="bucket", Key="a b")["Body"].read() == b"hello"
