import contextlib
import http.client
import io
from types import SimpleNamespace

import pytest
from botocore.exceptions import ConnectionClosedError

from s3gui.practice import (
    AFTER_BODY,
    AFTER_STORING,
    BEFORE_BODY,
    Faults,
    Spoil,
    answer,
    close_connection,
    delay,
    error_inside_200,
    reset_connection,
    spoiled,
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


def test_a_reset_ends_the_connection_without_a_word(server, client):
    server.faults.add(reset_connection(AFTER_STORING), operation="PutObject")
    with pytest.raises((ConnectionClosedError, ConnectionError)):
        client.put_object(Bucket="bucket", Key="key", Body=b"hello")
    assert len(server.ledger.commits(key="key")) == 1
    [record] = server.ledger.records("PutObject")
    assert record.fault == "reset after storing"


@pytest.mark.parametrize("spoil", Spoil)
def test_an_answer_may_be_spoiled_on_its_way_and_the_object_is_there(server, raw, spoil):
    server.faults.add(spoiled(spoil), operation="PutObject")
    headers = raw.signed_headers("PUT", "/bucket/key")
    raw.connection.request("PUT", "/bucket/key", b"hello", headers)
    if spoil is Spoil.CUT_SHORT:
        with contextlib.suppress(http.client.HTTPException):
            reply = raw.connection.getresponse()
            assert reply.getheader("x-amz-request-id") is None or reply.getheader("ETag") is None
    else:
        reply = raw.connection.getresponse()
        assert reply.status == 200
        has_etag = reply.getheader("ETag") is not None
        assert has_etag is (spoil in {Spoil.EMPTY, Spoil.GARBLED})
        reply.read()
    raw.connection.close()
    assert len(server.ledger.commits(key="key")) == 1


def test_a_document_that_is_spoiled_is_not_what_was_listed(server, raw):
    for spoil in (Spoil.BARE, Spoil.EMPTY, Spoil.GARBLED, Spoil.SIGN_IN_PAGE):
        server.faults.add(spoiled(spoil), operation="ListObjectsV2")
        reply = raw.call("GET", "/bucket?list-type=2")
        assert reply.status == 200
        assert b"<ListBucketResult" not in reply.body


def test_an_answer_that_refuses_is_not_spoiled(server, raw):
    server.faults.add(spoiled(Spoil.SIGN_IN_PAGE), operation="HeadObject")
    assert raw.call("HEAD", "/bucket/nothing").status == 404


def test_the_same_seed_hits_the_same_requests_in_whatever_order_they_come():
    kinds = [answer("SlowDown"), close_connection(), spoiled(Spoil.EMPTY)]
    calls = [("UploadPart", "bucket", f"{n % 40}", n % 7) for n in range(1000)]

    def weather(seed, order):
        storm = Faults().add_storm(kinds, share=0.1, seed=seed)
        taken = {}
        for each in order:
            taken.setdefault(each, []).append(str(storm.take(*each)))
        return taken, storm

    first, storm = weather(7, calls)
    again, _ = weather(7, sorted(calls))
    other, _ = weather(8, calls)
    assert first == again
    assert first != other
    assert 60 < storm.hits.total() < 150
    assert set(storm.hits) == {str(kind) for kind in kinds}


def test_a_storm_may_be_over_one_operation_only_and_passes_when_cleared(server, raw):
    storm = server.faults.add_storm(
        [answer("SlowDown")], share=1, seed=1, operation="ListObjectsV2"
    )
    assert raw.call("HEAD", "/bucket").status == 200
    assert raw.call("GET", "/bucket?list-type=2").status == 503
    server.faults.clear()
    assert raw.call("GET", "/bucket?list-type=2").status == 200
    assert storm.hits.total() == 1


@pytest.mark.parametrize(("kinds", "share"), [([], 0.1), ([delay(1)], 1.5), ([delay(1)], -1)])
def test_a_storm_without_sense_is_refused(kinds, share):
    with pytest.raises(ValueError, match="share"):
        Faults().add_storm(kinds, share=share, seed=1)
