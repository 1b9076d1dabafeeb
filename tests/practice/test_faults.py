import http.client
import io
from types import SimpleNamespace

import pytest
from botocore.exceptions import ConnectionClosedError

from s3gui.practice import (
    AFTER_BODY,
    AFTER_STORING,
    BEFORE_BODY,
    answer,
    close_connection,
    delay,
    error_inside_200,
    whitespace,
)
from s3gui.practice.faults import Script
from tests.practice.refusals import refused


def test_a_fault_hits_only_what_it_is_for(server, client):
    rule = server.faults.add(answer("SlowDown"), operation="PutObject", key="this")
    client.put_object(Bucket="bucket", Key="other", Body=b"")
    with refused("SlowDown", 503):
        client.put_object(Bucket="bucket", Key="this", Body=b"")
    client.put_object(Bucket="bucket", Key="this", Body=b"")
    assert (rule.seen, rule.hits) == (2, 1)


def test_the_nth_call_is_hit_and_as_often_as_told(server, client):
    rule = server.faults.add(answer("InternalError"), operation="HeadBucket", first=2, times=2)
    outcomes = []
    for _ in range(4):
        try:
            client.head_bucket(Bucket="bucket")
            outcomes.append(200)
        except client.exceptions.ClientError as error:
            outcomes.append(error.response["ResponseMetadata"]["HTTPStatusCode"])
    assert outcomes == [200, 500, 500, 200]
    server.faults.remove(rule)


def test_faults_can_last_until_they_are_cleared(server, client):
    server.faults.add(answer("ServiceUnavailable"), bucket="bucket", times=None)
    for _ in range(3):
        with refused("ServiceUnavailable", 503):
            client.list_objects_v2(Bucket="bucket")
    server.faults.clear()
    client.list_objects_v2(Bucket="bucket")


@pytest.mark.parametrize(
    ("moment", "stored"), [(BEFORE_BODY, False), (AFTER_BODY, False), (AFTER_STORING, True)]
)
def test_a_lost_connection_leaves_what_its_moment_says(server, client, moment, stored):
    server.faults.add(close_connection(moment), operation="PutObject")
    with pytest.raises(ConnectionClosedError):
        client.put_object(Bucket="bucket", Key="key", Body=b"hello")
    assert bool(server.ledger.commits(key="key")) is stored
    [record] = server.ledger.records("PutObject")
    assert record.error_code == "ConnectionLost"
    assert moment in record.fault


def test_an_error_after_storing_has_been_applied_all_the_same(server, client):
    server.faults.add(answer("InternalError", AFTER_STORING), operation="PutObject")
    with refused("InternalError", 500):
        client.put_object(Bucket="bucket", Key="key", Body=b"hello")
    assert client.get_object(Bucket="bucket", Key="key")["Body"].read() == b"hello"


def test_complete_can_fail_inside_a_200(server, client, raw):
    upload = client.create_multipart_upload(Bucket="bucket", Key="key")["UploadId"]
    part = client.upload_part(
        Bucket="bucket", Key="key", UploadId=upload, PartNumber=1, Body=io.BytesIO(b"x")
    )
    server.faults.add(error_inside_200("SlowDown"), operation="CompleteMultipartUpload")
    body = (
        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
        f"<ETag>{part['ETag']}</ETag><ChecksumCRC32>{part['ChecksumCRC32']}</ChecksumCRC32>"
        "</Part></CompleteMultipartUpload>"
    ).encode()
    reply = raw.call("POST", f"/bucket/key?uploadId={upload}", body)
    assert (reply.status, reply.code) == (200, "SlowDown")
    assert raw.call("POST", f"/bucket/key?uploadId={upload}", body).code is None


def test_a_delay_comes_before_the_answer(server, raw):
    server.faults.add(delay(0.3), operation="HeadBucket")
    assert raw.call("HEAD", "/bucket").status == 200
    [record] = server.ledger.records("HeadBucket")
    assert record.seconds >= 0.3


def test_each_moment_of_a_request_comes_once():
    waited = []
    stopping = SimpleNamespace(wait=waited.append)
    script = Script([delay(7, AFTER_BODY), delay(9, BEFORE_BODY)], stopping)
    for moment in (BEFORE_BODY, AFTER_BODY, AFTER_BODY, BEFORE_BODY):
        script.reach(moment)
    assert waited == [9, 7]


def test_a_delay_does_not_hold_up_the_end_of_the_server(server, raw):
    server.faults.add(delay(600), operation="HeadBucket")
    raw.connection.request("HEAD", "/bucket", headers=raw.signed_headers("HEAD", "/bucket"))
    assert server.ledger.count() == 0
    server.stop()
    with pytest.raises((http.client.HTTPException, OSError)):
        raw.connection.getresponse()


def test_faults_come_together(server, raw):
    server.faults.add(delay(0.2), operation="HeadBucket")
    server.faults.add(answer("InternalError", delay_seconds=0.2), operation="HeadBucket")
    assert raw.call("HEAD", "/bucket").status == 500
    [record] = server.ledger.records("HeadBucket")
    assert record.seconds >= 0.4


def test_an_unknown_error_code_is_refused_when_it_is_scripted():
    with pytest.raises(ValueError, match="NoSuchError"):
        answer("NoSuchError")


def test_blanks_may_come_before_the_document(server, client):
    server.faults.add(whitespace(0.2), operation="ListObjectsV2")
    assert client.list_objects_v2(Bucket="bucket")["Name"] == "bucket"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    server.faults.add(whitespace(0.2), bucket="bucket")
    connection.request("GET", "/bucket")
    body = connection.getresponse().read()
    connection.close()
    assert body.startswith(b"<?xml")
    assert b"?>   " in body
    assert body.endswith(b"</Error>")
