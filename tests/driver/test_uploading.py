import hashlib
import itertools
import threading
from dataclasses import replace

import pytest

from s3gui.core.errors import AccessDenied, ServiceUnavailable, VerificationFailed
from s3gui.core.provider import AWS, GENERIC, Limits
from s3gui.core.transfer import Destination
from s3gui.driver import (
    Container,
    InvalidCredsError,
    LibcloudError,
    ObjectAlreadyExistsError,
    S3StorageDriver,
    UploadCancelledError,
)
from s3gui.driver.uploading import CallersStop, stop_for
from s3gui.engine.stop import Stopped, StopReason
from tests.fakes.object_store import FakeObjectStore

PLACE = Destination("bucket", "key")
SMALL = Limits(min_part_size=5, max_part_size=40, max_parts=2000)


def container_of(store):
    driver = S3StorageDriver("key", "secret")
    driver._known_store = store
    return Container("bucket", None, driver)


@pytest.fixture
def store():
    return FakeObjectStore(replace(AWS, limits=SMALL))


@pytest.fixture
def container(store):
    return container_of(store)


def composite(data, sizes):
    digests, start = b"", 0
    for size in sizes:
        digests += hashlib.md5(data[start : start + size]).digest()
        start += size
    assert start == len(data)
    return f"{hashlib.md5(digests).hexdigest()}-{len(sizes)}"


@pytest.mark.parametrize(
    ("chunks", "sizes"),
    [
        ([5, 5], [5, 5]),
        ([10], [5, 5]),
        ([3, 4, 9], [5, 5, 5, 1]),
        ([1] * 12, [5, 5, 2]),
        ([11, 0, 0, 2], [5, 5, 3]),
        ([0, 6], [5, 1]),
    ],
)
def test_chunks_of_any_size_are_cut_anew_into_parts(store, container, chunks, sizes):
    data = bytes(range(sum(chunks)))
    ends = list(itertools.accumulate(chunks))
    pieces = [data[end - size : end] for end, size in zip(ends, chunks, strict=True)]

    uploaded = container.upload_object_via_stream(iter(pieces), "key")

    assert store.data(PLACE) == data
    assert uploaded.hash == composite(data, sizes)
    assert uploaded.size == len(data)


@pytest.mark.parametrize("chunks", [[], [0], [3], [2, 0, 2], [5]])
def test_what_fits_into_one_part_takes_one_request(store, container, chunks):
    container.upload_object_via_stream((b"x" * size for size in chunks), "key")

    assert store.data(PLACE) == b"x" * sum(chunks)
    assert store.count("put_object") == 1
    assert store.count("create_multipart") == 0


def test_the_parts_of_a_long_stream_grow_until_it_fits(store, container):
    # 2,000 parts of 5 bytes are 10,000; growing to 40 bytes they hold 37,500.
    uploaded = container.upload_object_via_stream((b"0123456" for _ in range(4_000)), "key")

    assert uploaded.size == 28_000
    assert store.data(PLACE) == b"0123456" * 4_000
    numbers = [call.number for call in store.calls if call.operation == "upload_part"]
    assert max(numbers) == 500 + 500 + 500 + 263, "5, 10, 20 and 40 bytes"


def test_a_stream_over_the_providers_limit_leaves_nothing(store, container):
    def endless():
        while True:
            yield b"0123456789"

    with pytest.raises(LibcloudError, match="longer than this service allows"):
        container.upload_object_via_stream(endless(), "key")

    assert store.object(PLACE) is None
    assert store.open_uploads() == []


def test_a_service_that_wants_equal_parts_gets_them():
    store = FakeObjectStore(replace(GENERIC, limits=replace(SMALL, equal_parts=True)))

    container_of(store).upload_object_via_stream((b"0123456" for _ in range(1_000)), "key")

    assert store.data(PLACE) == b"0123456" * 1_000
    assert store.count("upload_part") == 1_400


@pytest.mark.parametrize("workers", [1, 3])
def test_no_more_parts_are_read_ahead_than_travel_at_once(store, container, workers):
    gate, everybody_waits = threading.Event(), threading.Semaphore(0)
    read, travelling, most = [], [0], [0]
    lock = threading.Lock()

    def before(_call):
        with lock:
            travelling[0] += 1
            most[0] = max(most[0], travelling[0])
        everybody_waits.release()
        gate.wait(30)
        with lock:
            travelling[0] -= 1

    def chunks():
        for number in range(20):
            read.append((number, threading.current_thread()))
            yield b"12345"

    store.before["upload_part"] = before
    threads = []

    def open_gate():
        for _ in range(workers):
            assert everybody_waits.acquire(timeout=30)
        threads.append(len(read))
        gate.set()

    opener = threading.Thread(target=open_gate)
    opener.start()
    container.upload_object_via_stream(chunks(), "key", ex_max_workers=workers)
    opener.join()

    assert most[0] == workers, "parts travel in parallel"
    # One part more is looked at to know whether the last one is the last.
    assert threads[0] <= workers + 1
    assert {thread for _, thread in read} == {threading.current_thread()}


class Mishap(Exception):
    pass


@pytest.mark.parametrize("mishap", [Mishap, KeyboardInterrupt, SystemExit, OSError, RuntimeError])
@pytest.mark.parametrize("good_chunks", [0, 1, 50])
def test_an_iterator_that_raises_leaves_nothing_and_its_error_comes_out(
    store, container, mishap, good_chunks
):
    closed = []

    def chunks():
        try:
            for _ in range(good_chunks):
                yield b"1234567"
            raise mishap("here")
        finally:
            closed.append(True)

    with pytest.raises(mishap, match="here"):
        container.upload_object_via_stream(chunks(), "key")

    assert closed
    assert store.object(PLACE) is None
    assert store.open_uploads() == []


def test_ctrl_c_while_waiting_for_parts_leaves_nothing(store, container, monkeypatch):
    from s3gui.engine import window

    def interrupted(*_args, **_kwargs):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(window, "wait", interrupted)
    closed = []

    def chunks():
        try:
            while True:
                yield b"1234567"
        finally:
            closed.append(True)

    with pytest.raises(KeyboardInterrupt):
        container.upload_object_via_stream(chunks(), "key")

    assert closed
    assert store.object(PLACE) is None
    assert store.open_uploads() == []


def test_a_part_that_is_refused_leaves_nothing_and_closes_the_generator(store, container):
    closed = []

    def chunks():
        try:
            while True:
                yield b"1234567"
        finally:
            closed.append(True)

    store.fail("upload_part", AccessDenied("Not here."), number=3)

    with pytest.raises(InvalidCredsError, match="Not here"):
        container.upload_object_via_stream(chunks(), "key")

    assert closed
    assert store.open_uploads() == []


def test_the_original_error_comes_out_even_if_the_abort_fails(store, container):
    def chunks():
        yield b"1234567"
        raise Mishap

    store.fail("abort_multipart", AccessDenied("Not that either."))

    with pytest.raises(Mishap):
        container.upload_object_via_stream(chunks(), "key")


def test_a_passing_problem_is_not_seen(store, container, monkeypatch):
    monkeypatch.setattr("s3gui.driver.uploading.SystemClock.random", lambda _self: 0.0)
    store.fail("upload_part", ServiceUnavailable(), number=2, times=2)
    store.fail("complete_multipart", ServiceUnavailable(), reply_lost=True)

    container.upload_object_via_stream([b"0123456789"], "key")

    assert store.data(PLACE) == b"0123456789"


def test_what_is_stored_wrongly_is_never_called_stored(store, container, monkeypatch):
    def refuse(*_args):
        raise VerificationFailed("It is not what was sent.")

    monkeypatch.setattr("s3gui.engine.upload.verify", refuse)

    with pytest.raises(LibcloudError, match="not what was sent"):
        container.upload_object_via_stream([b"0123456789"], "key")


def test_an_existing_object_is_replaced_unless_asked_otherwise(store, container):
    store.put_foreign(PLACE, b"old")

    with pytest.raises(ObjectAlreadyExistsError) as raised:
        container.upload_object_via_stream([b"new"], "key", ex_if_none_match="*")
    assert raised.value.object_name == "key"
    assert store.data(PLACE) == b"old"

    container.upload_object_via_stream([b"new"], "key")
    assert store.data(PLACE) == b"new"


def test_progress_ends_with_all_bytes_of_all(store, container, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 33)
    told = []

    with path.open("rb") as file:
        container.upload_object_via_stream(
            file, "key", ex_progress=lambda *report: told.append(report)
        )
    assert {total for _, total in told} == {33}
    assert told[-1] == (33, 33)

    told.clear()
    container.upload_object_via_stream(
        iter([b"x" * 33]), "key", ex_progress=lambda *report: told.append(report)
    )
    assert {total for _, total in told[:-1]} == {None}
    assert told[-1] == (33, 33)


@pytest.mark.parametrize("argument", ["ex_progress", "ex_cancel"])
def test_what_the_callers_function_raises_ends_the_upload_and_comes_out(store, container, argument):
    def broken(*_args):
        raise Mishap

    with pytest.raises(Mishap):
        container.upload_object_via_stream(
            itertools.repeat(b"1234567"), "key", **{argument: broken}
        )

    assert store.object(PLACE) is None
    assert store.open_uploads() == []


@pytest.mark.parametrize("as_function", [False, True])
def test_a_cancelled_upload_leaves_nothing(store, container, as_function):
    event = threading.Event()

    def chunks():
        for number in itertools.count():
            if number == 9:
                event.set()
            yield b"1234567"

    cancel = event.is_set if as_function else event
    with pytest.raises(UploadCancelledError):
        container.upload_object_via_stream(chunks(), "key", ex_cancel=cancel)

    assert store.object(PLACE) is None
    assert store.open_uploads() == []


@pytest.mark.parametrize("size", [4, 12])
def test_a_cancel_that_comes_when_all_is_stored_changes_nothing(store, container, size):
    event = threading.Event()
    for operation in ("complete_multipart", "head"):
        store.before[operation] = lambda _call: event.set()

    container.upload_object_via_stream([b"x" * size], "key", ex_cancel=event)

    assert event.is_set() == (size > 5)
    assert store.data(PLACE) == b"x" * size


def test_a_pause_between_attempts_ends_with_a_cancel():
    event = threading.Event()
    stop = stop_for(event)
    threading.Timer(0.05, event.set).start()

    assert stop.wait(30)
    with pytest.raises(Stopped) as raised:
        stop.check()
    assert raised.value.reason is StopReason.CANCELLED


def test_a_pause_without_a_cancel_lasts_as_long_as_it_was_asked_to():
    assert not CallersStop(lambda: False).wait(0.01)
    assert not CallersStop(None).wait(0.15)


def test_what_cannot_be_asked_whether_to_cancel_is_refused(container):
    with pytest.raises(TypeError, match="ex_cancel"):
        container.upload_object_via_stream([b"x"], "key", ex_cancel=5)
