import datetime as dt

import pytest

from tests.practice.refusals import refused

DATA = bytes(range(256)) * 4


@pytest.fixture
def stored(client):
    return client.put_object(Bucket="bucket", Key="key", Body=DATA)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bytes=0-9", DATA[:10]),
        ("bytes=1000-", DATA[1000:]),
        ("bytes=1000-9999", DATA[1000:]),
        ("bytes=-4", DATA[-4:]),
        ("bytes=-9999", DATA),
        ("bytes=1023-1023", DATA[-1:]),
    ],
)
def test_ranges_give_their_bytes(client, stored, text, wanted):
    reply = client.get_object(Bucket="bucket", Key="key", Range=text)
    assert reply["Body"].read() == wanted
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 206
    start = len(DATA) - len(wanted) if text != "bytes=0-9" else 0
    assert reply["ContentRange"] == f"bytes {start}-{start + len(wanted) - 1}/1024"
    assert "ChecksumCRC32" not in reply


@pytest.mark.parametrize(
    "text", ["bytes=9-3", "bytes=0-1,4-5", "lines=1-2", "bytes=-", "bytes=a-b"]
)
def test_a_range_that_is_none_gives_everything(client, stored, text):
    reply = client.get_object(Bucket="bucket", Key="key", Range=text)
    assert reply["Body"].read() == DATA
    assert reply["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parametrize("text", ["bytes=1024-", "bytes=5000-6000", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused(client, stored, text):
    with refused("InvalidRange", 416):
        client.get_object(Bucket="bucket", Key="key", Range=text)


def test_head_tells_the_size_and_sends_nothing(raw, stored):
    reply = raw.call("HEAD", "/bucket/key")
    assert (reply.status, reply.headers["content-length"], reply.body) == (200, "1024", b"")
    reply = raw.call("HEAD", "/bucket/key", headers={"Range": "bytes=0-9"})
    assert (reply.status, reply.headers["content-length"]) == (206, "10")
    reply = raw.call("HEAD", "/bucket/none")
    assert (reply.status, reply.body) == (404, b"")
    assert raw.call("HEAD", "/bucket/key").status == 200


def test_conditions_on_reading(client, stored):
    etag = stored["ETag"]
    future = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    past = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
    key = {"Bucket": "bucket", "Key": "key"}
    for passing in (
        {"IfMatch": etag},
        {"IfMatch": "*"},
        {"IfNoneMatch": '"other"'},
        {"IfModifiedSince": past},
        {"IfUnmodifiedSince": future},
        {"IfMatch": etag, "IfUnmodifiedSince": past},
        {"IfNoneMatch": '"other"', "IfModifiedSince": future},
    ):
        client.head_object(**key, **passing)
    for failing in ({"IfMatch": '"other"'}, {"IfUnmodifiedSince": past}):
        with refused("PreconditionFailed", 412):
            client.get_object(**key, **failing)
    for unchanged in ({"IfNoneMatch": etag}, {"IfModifiedSince": future}):
        with refused("304", 304):
            client.get_object(**key, **unchanged)


def test_a_date_that_is_none_is_no_condition(raw, stored):
    assert raw.call("GET", "/bucket/key", headers={"If-Modified-Since": "soon"}).status == 200


def test_an_answers_headers_can_be_overridden(client, raw, stored):
    reply = client.get_object(
        Bucket="bucket",
        Key="key",
        ResponseContentType="text/x",
        ResponseContentDisposition='attachment; filename="b"',
    )
    reply["Body"].close()
    assert reply["ContentType"] == "text/x"
    assert reply["ContentDisposition"] == 'attachment; filename="b"'
    split = raw.call("GET", "/bucket/key?response-content-type=a%0D%0Ax-evil%3A1")
    assert split.code == "InvalidArgument"
    client.put_object(Bucket="open-bucket", Key="key", Body=b"", ACL="public-read")
    anonymous = raw.send("GET", "/open-bucket/key?response-content-type=a")
    assert anonymous.code == "InvalidRequest"


def test_an_archived_object_must_be_restored_first(client):
    client.put_object(Bucket="bucket", Key="cold", Body=b"", StorageClass="DEEP_ARCHIVE")
    assert client.head_object(Bucket="bucket", Key="cold")["StorageClass"] == "DEEP_ARCHIVE"
    with refused("InvalidObjectState", 403):
        client.get_object(Bucket="bucket", Key="cold")


def test_attributes_are_given_as_asked(client, stored, raw):
    reply = client.get_object_attributes(
        Bucket="bucket",
        Key="key",
        ObjectAttributes=["ETag", "Checksum", "ObjectSize", "StorageClass", "ObjectParts"],
    )
    assert reply["ETag"] == stored["ETag"].strip('"')
    assert reply["Checksum"] == {
        "ChecksumCRC32": stored["ChecksumCRC32"],
        "ChecksumType": "FULL_OBJECT",
    }
    assert (reply["ObjectSize"], reply["StorageClass"]) == (1024, "STANDARD")
    assert "ObjectParts" not in reply
    wrong = raw.call("GET", "/bucket/key?attributes", headers={"x-amz-object-attributes": "Age"})
    assert wrong.code == "InvalidArgument"


def test_an_object_stays_readable_while_it_is_replaced_and_deleted(server, client):
    """The bytes of an answer are those of one version, whatever happens meanwhile."""
    data = b"x" * (16 * 1024 * 1024)
    client.put_object(Bucket="bucket", Key="big", Body=data)
    body = client.get_object(Bucket="bucket", Key="big")["Body"]
    beginning = body.read(1024)
    client.put_object(Bucket="bucket", Key="big", Body=b"other")
    client.delete_object(Bucket="bucket", Key="big")
    assert beginning + body.read() == data
