"""Requests without a file's bytes: botocore is the judge of what goes out and what comes back."""

import re
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3gui.adapters.s3_bounds import Bounds
from s3gui.adapters.s3_documents import completion, fields
from s3gui.core.checksum import Checksum
from s3gui.core.errors import BadAnswer, S3guiError, Unreachable
from s3gui.core.transfer import CompletedPart, Destination, MultipartUpload
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.practice.clock import http_date
from tests.adapters.raw_server import Caller, answer_one_and_take_another, raw_server
from tests.adapters.scripted_server import Answer, ScriptedServer
from tests.adapters.sending import put
from tests.adapters.test_s3_sender import (
    BOTOCORES_OWN,
    DIFFERENT_EACH_TIME,
    KEYS_IN_ADDRESSES,
    OPTIONS,
    both,
)

CHECKSUM = Checksum("CRC64NVME", "AAAAAAAAAAA=")
PARTS = [CompletedPart(number, 5 << 20, f"etag<&>{number}", CHECKSUM) for number in (1, 2)]
CREATED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n'
    b'<InitiateMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    b"<Bucket>bucket</Bucket><Key>key</Key><UploadId>id/+&amp;=</UploadId>"
    b"</InitiateMultipartUploadResult>"
)
COMPLETED = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n\n      \n'
    b'<CompleteMultipartUploadResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    b"<Location>http://bucket/key</Location><Bucket>bucket</Bucket><Key>key</Key>"
    b"<ETag>&quot;0123-2&quot;</ETag><ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME>"
    b"<ChecksumType>FULL_OBJECT</ChecksumType></CompleteMultipartUploadResult>"
)


def create(store, key="key"):
    return store.create_multipart(Destination("bucket", key), OPTIONS)


def complete(store, key="key", **conditions):
    upload = MultipartUpload("bucket", key, "upload id/+")
    conditions = {"only_if_absent": True, **conditions}
    return store.complete_multipart(upload, PARTS, CHECKSUM, **conditions)


def head(store, key="key"):
    return store.head(Destination("bucket", key))


def head_version(store, key="key"):
    return store.head(Destination("bucket", key), "a version/+")


QUESTIONS = {each.__name__: each for each in (create, complete, head, head_version)}
GOOD = {
    create: Answer(body=CREATED),
    complete: Answer(body=COMPLETED, headers={"x-amz-version-id": "v", "ETag": '"another"'}),
    head: Answer(headers={"ETag": '"0123"', "Content-Type": "x/y", "x-amz-version-id": "v"}),
}
GOOD[head_version] = GOOD[head]


@pytest.mark.parametrize("provider_id", ["practice", "generic"])
@pytest.mark.parametrize("token", [None, "session/token+="])
@pytest.mark.parametrize("key", KEYS_IN_ADDRESSES)
@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_the_same_goes_out_as_botocore_would_send_and_the_same_is_understood(
    server: ScriptedServer, provider_id, token, key, ask
):
    server.answers = [GOOD[ask]]

    answers = [ask(store, key) for store in both(server, provider_id, token)]

    assert answers[0] == answers[1]
    own, judge = server.asked
    assert (own.method, own.path, own.body) == (judge.method, judge.path, judge.body)
    assert own.headers.keys() | BOTOCORES_OWN == judge.headers.keys()
    for name in own.headers.keys() - DIFFERENT_EACH_TIME - {"user-agent"}:
        assert own.headers[name] == judge.headers[name], name


ERROR = b"<Error><Code>%s</Code><Message>It is so.</Message></Error>"
ODD = {
    "an error": Answer(403, ERROR % b"AccessDenied"),
    "no such upload": Answer(404, ERROR % b"NoSuchUpload"),
    "exists": Answer(412, ERROR % b"PreconditionFailed"),
    "an error in a 200": Answer(200, ERROR % b"InternalError"),
    "slow down in a 200": Answer(200, ERROR % b"SlowDown"),
    "an error in a 201": Answer(201, ERROR % b"InternalError"),
    "nothing": Answer(200),
    "a page": Answer(200, b"<html><body>Sign in</body></html>"),
    "another document": Answer(200, b"<ListBucketResult><Name>x</Name></ListBucketResult>"),
    "a root without its end": Answer(200, CREATED.replace(b"Result", b"")),
    "no text": Answer(200, re.sub(rb"<(UploadId|ETag)>.*?</\1>", b"<UploadId/>", CREATED)),
    "cut off": Answer(200, COMPLETED[:-20]),
    "a document type": Answer(200, b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + CREATED.partition(b"\n")[2]),
    "deeper": Answer(200, COMPLETED.replace(b"<Bucket>bucket", b"<Bucket><a>b</a>")),
    "twice": Answer(200, CREATED.replace(b"<Key>key</Key>", b"<UploadId>other</UploadId>")),
    "blanks first": Answer(200, b"   \n" + COMPLETED),
    "a composite checksum": Answer(200, COMPLETED.replace(b"FULL_OBJECT", b"COMPOSITE")),
    "nothing there": Answer(404),
    "forbidden": Answer(403),
    "moved": Answer(301, b"", {"Location": "http://127.0.0.1:9/"}),
    "busy": Answer(503, ERROR % b"SlowDown"),
    "empty": Answer(204),
}


@pytest.mark.parametrize("ask", [create, complete, head], ids=lambda ask: ask.__name__)
@pytest.mark.parametrize("answer", ODD.values(), ids=ODD)
def test_what_is_no_plain_success_means_what_botocore_says(server: ScriptedServer, ask, answer):
    if ask is head and answer.status == 200:
        answer = replace(answer, body=b"")
    server.answers = [answer]

    def told(store):
        try:
            return ask(store)
        except S3guiError as error:
            return type(error), str(error), error.detail, error.hint, error.retryable

    own, judge = [told(store) for store in both(server)]

    assert own == judge
    assert len(server.asked) == 2, "nothing is asked twice to have it explained"


@pytest.mark.parametrize("name", sorted(ODD.keys() - {"a composite checksum", "deeper"}))
def test_nothing_else_passes_for_complete(server: ScriptedServer, name):
    server.answers = [ODD[name]]

    with pytest.raises(S3guiError):
        complete(next(both(server)))


def test_blanks_that_keep_a_connection_awake_are_no_answer():
    def serve(caller: Caller):
        caller.request()
        caller.answer(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        start, rest = COMPLETED.split(b"\n\n")
        for piece in (start, *[b" \n"] * 20, rest):
            caller.answer(b"%x\r\n%s\r\n" % (len(piece), piece))
        caller.answer(b"0\r\n\r\n")

    with raw_server(serve) as raw:
        assert complete(raw.store()).etag == "0123-2"


def test_a_completion_that_is_answered_before_it_was_heard_is_not_believed():
    def serve(caller: Caller):
        caller.head()
        caller.answer(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(COMPLETED) + COMPLETED)
        caller.body(1 << 40)

    parts = [CompletedPart(number, 5 << 20, "e" * 1000, CHECKSUM) for number in range(1, 9_999)]
    upload = MultipartUpload("bucket", "key", "upload id")
    with raw_server(serve, buffer_bytes=4096) as raw, pytest.raises(BadAnswer):
        raw.store().complete_multipart(upload, parts, CHECKSUM, only_if_absent=True)


def test_completing_may_take_longer_than_other_answers():
    never = threading.Event()

    def serve(caller: Caller):
        caller.request()
        never.wait(0.6)
        caller.answer(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(COMPLETED) + COMPLETED)

    bounds = Bounds(answer_seconds=0.2, completion_seconds=20.0)
    with raw_server(serve, serve) as raw:
        assert complete(raw.store(bounds=bounds)).etag == "0123-2"
        with pytest.raises(Unreachable):
            create(raw.store(bounds=bounds))


@pytest.mark.parametrize("ask", [create, complete], ids=lambda ask: ask.__name__)
def test_what_must_not_be_done_twice_is_not_sent_again_over_a_new_connection(ask):
    with raw_server(answer_one_and_take_another) as raw:
        store = raw.store()
        put(store)
        with pytest.raises(Unreachable):
            ask(store)
        assert raw.connections == 1


def test_a_look_that_meets_a_dead_connection_is_repeated():
    def serve(caller: Caller):
        caller.request()
        caller.answer()

    def serve_and_die(caller: Caller):
        serve(caller)
        caller.request()

    with raw_server(serve_and_die, serve) as raw:
        store = raw.store()
        put(store)
        assert head(store).size == 0
        assert raw.connections == 2


def test_a_look_at_something_large_leaves_its_connection_usable():
    answer = b'HTTP/1.1 200 OK\r\nETag: "etag"\r\nContent-Length: 5497558138880\r\n\r\n'

    def serve(caller: Caller):
        while caller.request()[0]:
            caller.answer(answer)

    with raw_server(serve) as raw:
        store = raw.store()
        for _ in range(3):
            assert head(store).size == 5 << 40
        assert raw.connections == 1


@pytest.mark.parametrize("size", [b"", b"-1", b"1 2", b"0x1", "²".encode()])
def test_a_size_that_is_none_is_refused(size):
    def serve(caller: Caller):
        caller.request()
        caller.answer(b'HTTP/1.1 200 OK\r\nETag: "etag"\r\nContent-Length: ' + size + b"\r\n\r\n")

    with raw_server(serve) as raw, pytest.raises(S3guiError):
        head(raw.store())


@pytest.mark.parametrize("ask", [create, complete, head], ids=lambda ask: ask.__name__)
def test_a_stop_ends_a_question_that_is_not_answered(ask):
    asked = threading.Event()
    stop = Stop()

    def serve(caller: Caller):
        caller.request()
        stop.request(StopReason.CANCELLED)
        asked.wait(5)

    with raw_server(serve) as raw:
        with pytest.raises(Stopped):
            ask(raw.store().heeding(stop))
        asked.set()
        with pytest.raises(Stopped):
            ask(raw.store().heeding(stop))
        assert raw.connections == 1, "what is stopped already is not asked"


def test_a_wrong_clock_is_learnt_and_the_question_signed_anew():
    heads = []
    date = http_date(datetime(2035, 6, 1, tzinfo=UTC).timestamp()).encode()
    error = ERROR % b"RequestTimeTooSkewed"

    def serve(caller: Caller):
        while (request := caller.request())[0]:
            is_first = not heads
            heads.append(request[0])
            status, body = (b"403 No", error) if is_first else (b"200 OK", CREATED)
            length = b"Content-Length: %d" % len(body)
            caller.answer(b"HTTP/1.1 %s\r\nDate: %s\r\n%s\r\n\r\n" % (status, date, length) + body)

    with raw_server(serve) as raw:
        store = raw.store()
        for _ in range(2):
            assert create(store).upload_id == "id/+&="

    assert [b"x-amz-date: 2035" in head.lower() for head in heads] == [False, True, True]


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(1, 10_000), TEXT), max_size=4))
def test_a_completion_can_be_read_again(parts):
    from xml.etree import ElementTree as ET

    rows = [{"PartNumber": number, "ETag": etag} for number, etag in parts]

    root = ET.fromstring(completion(rows))

    space = "{http://s3.amazonaws.com/doc/2006-03-01/}"
    read = [(row.findtext(f"{space}PartNumber"), row.findtext(f"{space}ETag")) for row in root]
    assert read == [(str(number), etag) for number, etag in parts]


@settings(max_examples=100)
@given(st.binary(max_size=40), st.integers(0, len(CREATED)))
def test_a_damaged_document_is_never_something_else(noise, position):
    damaged = CREATED[:position] + noise + CREATED[position + len(noise) :]

    found = fields("CreateMultipartUpload", damaged)

    assert found is None or set(found) == {"UploadId"}
    assert fields("CompleteMultipartUpload", damaged) is None
