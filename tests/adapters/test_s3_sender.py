"""What our own sender puts on the wire and makes of what comes back; botocore is the judge."""

import gc
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

import pytest

from s3gui.adapters import s3_socket
from s3gui.adapters.s3 import S3Store
from s3gui.adapters.s3_bounds import Bounds
from s3gui.adapters.s3_clients import open_clients
from s3gui.core.acl import CannedAcl
from s3gui.core.errors import (
    AlreadyExists,
    BadAnswer,
    S3guiError,
    ServiceUnavailable,
    SourceChanged,
    Throttled,
    Unreachable,
)
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.source import MemoryBody
from s3gui.engine.stop import Stopped, StopReason
from tests.adapters.raw_server import OK, Caller, answer_one_and_take_another, raw_server
from tests.adapters.scripted_server import ACCESS_KEY_ID, SECRET, Answer, ScriptedServer
from tests.adapters.sending import DATA, put, send_part

MIB = 1024 * 1024
HASTY = Bounds(silence_seconds=0.4)
LARGE = bytes(range(256)) * 4096 * 20
DIFFERENT_EACH_TIME = {"authorization", "x-amz-date"}
BOTOCORES_OWN = {"amz-sdk-invocation-id", "amz-sdk-request", "user-agent"}


def both(server: ScriptedServer, provider_id="practice", token=None) -> Iterator[S3Store]:
    """A store that sends by itself, and one that lets botocore send."""
    profile = Profile(
        "id", "Test", provider_id=provider_id, endpoint_url=server.endpoint_url, region="eu-west-1"
    )
    given = Credentials(ACCESS_KEY_ID, Secret(SECRET), Secret(token) if token else None)
    clients = open_clients(profile, given, None)
    checksums = server.store(provider_id).checksums
    yield S3Store(profile, clients, checksums)
    yield S3Store(profile, replace(clients, sender=clients.judge), checksums)


KEYS_IN_ADDRESSES = ["plain", "/lead", "a//b", "./a/../b", "a b+c%&?#~*'()", "日本/😀"]
OPTIONS = UploadOptions(
    acl=CannedAcl.PUBLIC_READ,
    storage_class="STANDARD_IA",
    content_type="text/x-own",
    cache_control="no-store,  max-age=0",
    content_disposition='attachment; filename="x"',
    content_encoding="gzip",
    encryption="aws:kms",
    kms_key_id="key-id",
    metadata=(("author", "A. N.  Other"), ("x", "")),
    tags=(("a b", "ü&="),),
)


@pytest.mark.parametrize("provider_id", ["practice", "generic"])
@pytest.mark.parametrize("token", [None, "session/token+="])
@pytest.mark.parametrize("key", KEYS_IN_ADDRESSES)
@pytest.mark.parametrize("operation", ["put", "put with options", "part"])
def test_the_same_bytes_and_headers_go_out_as_botocore_would_send(
    server: ScriptedServer, provider_id, token, key, operation
):
    import hashlib

    server.answers = [Answer(headers={"ETag": f'"{hashlib.md5(DATA).hexdigest()}"'})]
    for store in both(server, provider_id, token):
        if operation == "part":
            send_part(store, key=key)
        else:
            options = OPTIONS if operation == "put with options" else None
            put(store, key=key, options=options, only_if_absent=True)

    own, judge = server.asked

    assert (own.method, own.body) == (judge.method, judge.body)
    path, _, query = own.path.partition("?")
    judged_path, _, judged_query = judge.path.partition("?")
    assert path == judged_path
    assert unquote(path) == f"/bucket/{key}"
    assert sorted(query.split("&")) == sorted(judged_query.split("&"))
    assert own.headers.keys() | BOTOCORES_OWN == judge.headers.keys()
    for name in own.headers.keys() - DIFFERENT_EACH_TIME - {"user-agent"}:
        assert own.headers[name] == judge.headers[name], name
    assert own.headers["user-agent"] in judge.headers["user-agent"] or (
        "s3gui/" in own.headers["user-agent"]
    )


def test_a_connection_serves_one_request_after_the_other(server: ScriptedServer):
    def serve(caller: Caller):
        while caller.request()[0]:
            caller.answer()

    with raw_server(serve) as raw:
        store = raw.store()
        for number in range(5):
            put(store, LARGE if number == 2 else DATA)
        assert raw.connections == 1


ANSWERS = {
    "chunked": b'HTTP/1.1 200 OK\r\nETag: "etag"\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    "HTTP/1.0": b'HTTP/1.0 200 OK\r\nETag: "etag"\r\n\r\n',
    "without a length": b'HTTP/1.1 200 OK\r\netag:"etag"\r\nConnection: close\r\n\r\n',
    "after an interim one": b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 X\r\nA: b\r\n\r\n" + OK,
    "in capitals": b'HTTP/1.1 200 OK\r\nETAG: "etag"\r\nCONTENT-LENGTH: 0\r\n\r\n',
    "closing": b'HTTP/1.1 200 OK\r\nETag: "etag"\r\nContent-Length: 0\r\nConnection: Close\r\n\r\n',
    "no content": b'HTTP/1.1 204 No Content\r\nETag: "etag"\r\n\r\n',
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_all_ways_to_answer_are_understood(answer):
    def serve(caller: Caller):
        while caller.request()[0]:
            caller.answer(answer)
            if b"HTTP/1.0" in answer or b"lose" in answer:
                return

    with raw_server(serve) as raw:
        store = raw.store()
        assert put(store).etag == "etag"
        assert send_part(store, LARGE).etag == "etag"


def test_an_answer_that_comes_a_byte_at_a_time_is_put_together():
    def serve(caller: Caller):
        caller.request()
        for byte in OK:
            caller.answer(bytes([byte]))

    with raw_server(serve) as raw:
        assert put(raw.store()).etag == "etag"


NO_ANSWERS = {
    "another protocol": b"SSH-2.0-OpenSSH_9\r\n\r\n",
    "no status": b"HTTP/1.1 OK\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nContent-Length: 3\r\n\r\nabc",
    "a negative length": b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "a length beyond reason": b"HTTP/1.1 500 No\r\nContent-Length: 99999999999\r\n\r\n",
    "a header without a colon": b"HTTP/1.1 200 OK\r\nETag\r\nContent-Length: 0\r\n\r\n",
    "bad chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
    "endless chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
    "an unknown encoding": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
    "an endless head": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000,
    "nothing but interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
    "a change of protocol": b"HTTP/1.1 101 Switching\r\n\r\n",
    "no ETag": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "an endless page": b"HTTP/1.1 200 OK\r\n\r\n" + b"<html>" * 500_000,
}


@pytest.mark.parametrize("answer", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_is_never_a_success(answer):
    def serve(caller: Caller):
        caller.request()
        caller.answer(answer)

    with raw_server(serve) as raw, pytest.raises(BadAnswer) as caught:
        put(raw.store())

    assert caught.value.retryable


@pytest.mark.parametrize("size", [len(DATA), len(LARGE)])
def test_a_kept_connection_that_died_meanwhile_is_not_noticed(size):
    data = LARGE[:size]

    def serve_once(caller: Caller):
        caller.request()
        caller.answer()

    with raw_server(serve_once) as raw:
        store = raw.store()
        for count in range(1, 4):
            put(store, data)
            assert raw.connections == count


def test_a_kept_connection_that_dies_at_the_next_request_is_replaced():
    def serve(caller: Caller):
        caller.request()
        caller.answer()
        caller.head()

    with raw_server(serve) as raw:
        store = raw.store()
        for count in range(1, 4):
            put(store)
            assert raw.connections == count


@pytest.mark.parametrize("condition", [{"only_if_absent": True}, {"only_if_etag": "etag"}], ids=str)
def test_a_conditional_request_that_may_have_been_acted_on_is_not_repeated_in_silence(condition):
    with raw_server(answer_one_and_take_another) as raw:
        store = raw.store()
        put(store, **condition)
        with pytest.raises(Unreachable):
            put(store, **condition)
        assert raw.connections == 1


def test_a_new_connection_that_breaks_is_not_tried_again_in_silence():
    def serve(caller: Caller):
        caller.request()

    with raw_server(serve) as raw:
        with pytest.raises(Unreachable):
            put(raw.store())
        assert raw.connections == 1


ERROR = b"<Error><Code>%s</Code><Message>m</Message></Error>"


def refusal(status: int, code: str) -> bytes:
    body = ERROR % code.encode()
    head = f"HTTP/1.1 {status} No\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode() + body


@pytest.mark.parametrize("is_cut", [True, False])
def test_a_refusal_is_heard_while_the_body_is_still_being_sent(is_cut):
    sent: list[int] = []

    def serve(caller: Caller):
        caller.head()
        caller.answer(refusal(503, "SlowDown"))
        if not is_cut:
            caller.connection.shutdown(socket.SHUT_WR)
            caller.body(1 << 40)

    with raw_server(serve) as raw, pytest.raises((Throttled, Unreachable)) as caught:
        send_part(raw.store(), LARGE, on_sent=sent.append)

    # A reset may overtake the answer; without one it must have been heard.
    assert is_cut or isinstance(caught.value, Throttled)
    assert is_cut or max(sent, default=0) < len(LARGE)


def test_an_answer_that_is_refused_for_its_head_leaves_no_connection_open():
    def serve(caller: Caller):
        caller.head()
        caller.answer(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\nConnection: close\r\n\r\nx")

    opened = {id(each) for each in gc.get_objects() if isinstance(each, socket.SocketIO)}
    with raw_server(serve) as raw:
        store = raw.store()
        with pytest.raises(S3guiError) as caught:  # kept: it keeps all that was left open
            store.head(Destination("bucket", "key"))
    left = [
        each
        for each in gc.get_objects()
        if isinstance(each, socket.SocketIO) and id(each) not in opened and not each.closed
    ]
    assert left == [], caught


def test_a_success_that_comes_too_early_is_not_believed():
    def serve(caller: Caller):
        caller.head()
        caller.answer()
        caller.body(1 << 40)

    with raw_server(serve) as raw, pytest.raises(BadAnswer):
        send_part(raw.store(), LARGE)


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (503, "SlowDown", Throttled),
        (500, "InternalError", ServiceUnavailable),
        (412, "PreconditionFailed", AlreadyExists),
    ],
)
def test_a_refusal_is_judged_without_asking_again(server: ScriptedServer, status, code, error):
    server.answers = [Answer(status, ERROR % code.encode())]

    with pytest.raises(error):
        put(server.store(), only_if_absent=True)

    assert len(server.asked) == 1


def test_a_silent_server_is_given_up_and_a_slow_one_is_not(monkeypatch):
    monkeypatch.setattr(s3_socket, "_LOOK_SECONDS", 0.02)
    done = threading.Event()

    def silent(caller: Caller):
        done.wait(20)

    def slow(caller: Caller):
        head = caller.head()
        size = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while size > 0:
            done.wait(0.05)
            size -= len(caller.body(min(size, 64 * 1024)))
        caller.answer()

    with raw_server(silent) as raw, pytest.raises(Unreachable, match="silent"):
        put(raw.store(bounds=HASTY))
    with raw_server(silent) as raw, pytest.raises(Unreachable, match="silent"):
        put(raw.store(bounds=HASTY), LARGE * 2)
    with raw_server(slow, buffer_bytes=64 * 1024) as raw:
        assert put(raw.store(bounds=HASTY), LARGE[: 2 * MIB]).etag == "etag"
    done.set()


@pytest.mark.parametrize("reads_body", [True, False])
def test_a_stop_is_heard_while_nothing_moves(reads_body):
    asked = threading.Event()
    done = threading.Event()

    def serve(caller: Caller):
        if reads_body:
            caller.request()
        asked.set()
        done.wait(20)

    def on_sent(sent: int):
        if asked.is_set():
            raise Stopped(StopReason.CANCELLED)

    with raw_server(serve) as raw:
        store = raw.store()
        with pytest.raises(Stopped):
            put(store, LARGE, on_sent=on_sent)
        done.set()


@pytest.mark.parametrize("difference", [-1, 1])
@pytest.mark.parametrize("size", [len(DATA), len(LARGE)])
def test_a_body_of_another_length_is_never_sent_as_whole(difference, size):
    got: list[bytes] = []

    class Wrong(MemoryBody):
        def __init__(self, data: bytes) -> None:
            super().__init__(data)
            self.size = len(data) + difference

    def serve(caller: Caller):
        head = caller.head()
        if head:
            got.append(caller.body(size + difference))
            caller.answer()

    with raw_server(serve) as raw, pytest.raises(SourceChanged):
        put(raw.store(), Wrong(LARGE[:size]))

    assert all(len(each) != size + difference for each in got)


def test_an_idle_connection_is_not_kept_for_ever():
    def serve(caller: Caller):
        while caller.request()[0]:
            caller.answer()

    with raw_server(serve) as raw:
        store = raw.store(bounds=Bounds(idle_seconds=0))
        put(store)
        put(store)
        assert raw.connections == 2


def test_an_ipv6_host_is_named_in_brackets():
    heads: list[bytes] = []

    def serve(caller: Caller):
        heads.append(caller.request()[0])
        caller.answer()

    with raw_server(serve, host="::1") as raw:
        put(raw.store())
        assert f"\r\nHost: [::1]:{raw.port}\r\n".encode() in heads[0]
