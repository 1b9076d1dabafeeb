import threading

import pytest

from s3gui.practice import AFTER_BODY, delay
from tests.practice.refusals import refused

KEY = {"Bucket": "bucket", "Key": "key"}


@pytest.fixture
def complete(client):
    """Starts an upload of one part; calling what comes back completes it."""
    upload = client.create_multipart_upload(**KEY)["UploadId"]
    part = client.upload_part(**KEY, UploadId=upload, PartNumber=1, Body=b"part")
    parts = {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}

    def call(**conditions):
        return client.complete_multipart_upload(
            **KEY, UploadId=upload, MultipartUpload=parts, **conditions
        )

    return call


def put(client, **conditions):
    return client.put_object(**KEY, Body=b"hello", **conditions)


def test_if_none_match_writes_only_what_is_not_there(client):
    put(client, IfNoneMatch="*")
    with refused("PreconditionFailed", 412):
        put(client, IfNoneMatch="*")
    client.delete_object(**KEY)
    put(client, IfNoneMatch="*")


def test_a_delete_marker_counts_as_not_there(client):
    client.put_object(Bucket="versioned", Key="key", Body=b"")
    client.delete_object(Bucket="versioned", Key="key")
    client.put_object(Bucket="versioned", Key="key", Body=b"", IfNoneMatch="*")


def test_if_match_replaces_only_what_was_seen(client):
    with refused("NoSuchKey", 404):
        put(client, IfMatch='"any"')
    etag = put(client)["ETag"]
    put(client, IfMatch=etag)
    with refused("PreconditionFailed", 412):
        put(client, IfMatch='"other"')


def test_other_conditions_are_not_implemented_as_on_aws(client):
    with refused("NotImplemented", 501):
        put(client, IfNoneMatch='"etag"')
    with refused("NotImplemented", 501):
        put(client, IfNoneMatch="*", IfMatch='"etag"')


def test_complete_takes_the_same_conditions(client, complete):
    put(client)
    with refused("PreconditionFailed", 412):
        complete(IfNoneMatch="*")
    with refused("PreconditionFailed", 412):
        complete(IfMatch='"other"')
    assert client.get_object(**KEY)["Body"].read() == b"hello"
    complete(IfMatch='"5d41402abc4b2a76b9719d911017c592"')
    assert client.get_object(**KEY)["Body"].read() == b"part"


def test_a_delete_during_the_upload_conflicts_with_a_conditional_complete(client, complete):
    put(client)
    client.delete_object(**KEY)
    with refused("ConditionalRequestConflict", 409):
        complete(IfNoneMatch="*")
    complete()


def test_a_delete_before_the_upload_does_not(client):
    put(client)
    client.delete_object(**KEY)
    upload = client.create_multipart_upload(**KEY)["UploadId"]
    part = client.upload_part(**KEY, UploadId=upload, PartNumber=1, Body=b"part")
    client.complete_multipart_upload(
        **KEY,
        UploadId=upload,
        MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
        IfNoneMatch="*",
    )


def test_the_loser_of_two_conditional_writes_is_told(server, client, make_client):
    """Both have passed the first look; the body of the slower one comes late."""
    server.faults.add(delay(0.5, AFTER_BODY), operation="PutObject")
    outcomes = []

    def slow():
        with refused("PreconditionFailed", 412):
            put(client, IfNoneMatch="*")
        outcomes.append("refused")

    thread = threading.Thread(target=slow)
    thread.start()
    while not server.faults._rules[0].hits:
        thread.join(0.01)
    put(make_client(), IfNoneMatch="*")
    thread.join()
    assert outcomes == ["refused"]
    assert len(server.ledger.commits()) == 1


def test_deleting_can_be_conditional(client):
    etag = put(client)["ETag"]
    with refused("PreconditionFailed", 412):
        client.delete_object(**KEY, IfMatch='"other"')
    client.delete_object(**KEY, IfMatch=etag)
    with refused("NoSuchKey", 404):
        client.delete_object(**KEY, IfMatch=etag)


def test_a_condition_that_cannot_hold_is_answered_before_the_body_is_read(client, raw):
    put(client)
    signed = raw.signed_headers("PUT", "/bucket/key", {"If-None-Match": "*"})
    raw.connection.putrequest("PUT", "/bucket/key")
    for name, value in {**signed, "Content-Length": "1000000000"}.items():
        raw.connection.putheader(name, value)
    raw.connection.endheaders()
    with raw.connection.getresponse() as answer:
        assert answer.status == 412
        assert answer.headers["Connection"] == "close"
