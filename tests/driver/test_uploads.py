"""The edge cases of the driver, row by row, against the practice server."""

import io
import itertools
import signal
import tracemalloc

import pytest

from s3gui.core.transfer import CompletedPart, StoredObject
from s3gui.driver import (
    Container,
    ContainerDoesNotExistError,
    InvalidCredsError,
    LibcloudError,
    ObjectAlreadyExistsError,
    S3StorageDriver,
)
from s3gui.practice import AFTER_STORING, answer, error_inside_200
from tests.fakes.object_store import FakeObjectStore

MIB = 1024 * 1024


def content(container, name):
    return b"".join(container.get_object(name).as_stream())


def nothing_is_left(container):
    return not container.list_objects() and not list(
        container.driver.ex_iterate_multipart_uploads(container)
    )


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        (lambda: (chunk for chunk in []), b""),
        (lambda: io.BytesIO(b""), b""),
        (lambda: iter([b"abc"]), b"abc"),
        (lambda: iter([b"abc", b"", b"def"]), b"abcdef"),
        (lambda: iter([b"", b"", b"def", b""]), b"def"),
        (lambda: [b"abc", b"def"], b"abcdef"),
        (lambda: (b"abc", b"def"), b"abcdef"),
        (lambda: {b"abc": 1}, b"abc"),
        (lambda: iter(["ä", "ö"]), "äö".encode()),
        (lambda: iter([bytearray(b"abc"), memoryview(b"def")]), b"abcdef"),
        (lambda: io.StringIO("äö"), "äö".encode()),
    ],
)
def test_small_streams_are_stored_as_they_are(container, chunks, expected):
    uploaded = container.upload_object_via_stream(chunks(), "name")

    assert (uploaded.name, uploaded.size, uploaded.container) == ("name", len(expected), container)
    assert content(container, "name") == expected


@pytest.mark.parametrize(
    ("chunks", "parts"),
    [
        ([10], [5, 5]),
        ([3, 4, 9], [5, 5, 5, 1]),
        ([12], [5, 5, 2]),
        ([2.5, 0, 2.5], []),
        ([5, 0.5, 0], [5, 0.5]),
    ],
)
def test_streams_are_cut_into_parts_of_five_mebibytes(
    container, part_sizes, etag_of, chunks, parts
):
    data = bytes(range(256)) * int(sum(chunks) * MIB / 256)
    ends = list(itertools.accumulate(int(size * MIB) for size in chunks))
    pieces = (data[start:end] for start, end in itertools.pairwise([0, *ends]))

    uploaded = container.upload_object_via_stream(pieces, "name")

    sizes = [int(size * MIB) for size in parts]
    assert part_sizes(container.name, "name") == sizes
    assert content(container, "name") == data
    starts = itertools.accumulate([0, *sizes])
    expected = etag_of(
        *(data[start : start + size] for start, size in zip(starts, sizes, strict=False))
    )
    assert not sizes or uploaded.hash == expected, "the hash is the ETag, without quotes"


@pytest.mark.parametrize("iterator", [b"bytes", "text", bytearray(b"x"), None, 5, object()])
def test_what_is_no_stream_is_refused_before_any_request(container, server, iterator):
    before = server.ledger.count()

    with pytest.raises(TypeError):
        container.upload_object_via_stream(iterator, "name")

    assert server.ledger.count() == before


@pytest.mark.parametrize("chunk", [49, None, 1.5])
@pytest.mark.parametrize("size", [1, 11 * MIB])
def test_a_chunk_that_is_not_bytes_aborts(container, size, chunk):
    with pytest.raises(TypeError):
        container.upload_object_via_stream(iter([b"x" * size, chunk]), "name")

    assert nothing_is_left(container)


def test_a_file_is_read_from_where_it_stands_and_is_not_closed(container, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file:
        file.seek(4)
        container.upload_object_via_stream(file, "name")
        assert not file.closed

    assert content(container, "name") == b"456789"


@pytest.mark.parametrize("size", [0, 1, 11 * MIB])
def test_a_generator_that_raises_leaves_nothing(container, size):
    class Mishap(Exception):
        pass

    mishap = Mishap("in the middle")

    def chunks():
        yield b"x" * size
        raise mishap

    with pytest.raises(Mishap) as raised:
        container.upload_object_via_stream(chunks(), "name")

    assert raised.value is mishap
    assert nothing_is_left(container)


def test_ctrl_c_leaves_nothing_and_closes_the_generator(container):
    closed = []

    def chunks():
        try:
            yield b"x" * 11 * MIB
            signal.raise_signal(signal.SIGINT)
            yield b"never"
        finally:
            closed.append(True)

    with pytest.raises(KeyboardInterrupt):
        container.upload_object_via_stream(chunks(), "name")

    assert closed
    assert nothing_is_left(container)


def test_a_generator_is_closed_even_if_the_arguments_are_wrong(container):
    closed = []

    def chunks():
        try:
            yield b"x"
        finally:
            closed.append(True)

    generator = chunks()
    next(generator)
    with pytest.raises(ValueError, match="public"):
        container.upload_object_via_stream(generator, "name", extra={"acl": "public"})

    assert closed


def test_a_missing_container_is_named(driver):
    container = Container("there-is-none", None, driver)

    for size in (1, 6 * MIB):
        with pytest.raises(ContainerDoesNotExistError, match="there-is-none"):
            container.upload_object_via_stream([b"x" * size], "name")


@pytest.mark.parametrize("acl", ["public", "PRIVATE", "log-delivery-write"])
def test_an_unknown_acl_is_refused_before_any_request(public_container, server, acl):
    before = server.ledger.count()

    with pytest.raises(ValueError, match="public-read-write"):
        public_container.upload_object_via_stream([b"x"], "name", extra={"acl": acl})

    assert server.ledger.count() == before


@pytest.mark.parametrize(
    "acl",
    [
        "private",
        "public-read",
        "public-read-write",
        "authenticated-read",
        "bucket-owner-read",
        "bucket-owner-full-control",
        "aws-exec-read",
    ],
)
@pytest.mark.parametrize("size", [1, 6 * MIB])
def test_each_canned_acl_arrives(public_container, server, acl, size):
    uploaded = public_container.upload_object_via_stream([b"x" * size], "name", extra={"acl": acl})

    assert uploaded.extra == {"acl": acl}
    (commit,) = server.ledger.commits(bucket=public_container.name)
    assert commit.acl == acl


def test_without_an_acl_a_container_that_knows_none_takes_it_too(container):
    container.upload_object_via_stream([b"x"], "name", extra={"acl": "private"})

    with pytest.raises(LibcloudError, match="does not allow ACLs"):
        container.upload_object_via_stream([b"x"], "name", extra={"acl": "bucket-owner-read"})


@pytest.mark.parametrize(
    "name",
    ["a b/ü+&?.txt", "/lead", "a//b", "a/../b", "./x", "..", "x/.", "%41", "a\\b", "#?", " ", "é"],
)
@pytest.mark.parametrize("size", [3, 6 * MIB])
def test_a_name_is_kept_byte_for_byte(container, name, size):
    container.upload_object_via_stream([b"x" * size], name)

    assert [found.name for found in container.list_objects()] == [name]
    assert container.get_object(name).size == size


@pytest.mark.parametrize("name", ["", "x" * 1025])
def test_a_name_that_cannot_be_is_refused(container, name):
    with pytest.raises(LibcloudError, match="key"):
        container.upload_object_via_stream([b"x"], name)


def test_an_error_inside_of_a_200_is_tried_again(container, server):
    server.faults.add(error_inside_200(), operation="CompleteMultipartUpload", times=2)

    container.upload_object_via_stream([b"x" * 6 * MIB], "name")

    assert content(container, "name") == b"x" * 6 * MIB


def test_an_error_inside_of_a_200_that_stays_is_libclouds(container, server):
    server.faults.add(
        error_inside_200("AccessDenied"), operation="CompleteMultipartUpload", times=None
    )

    with pytest.raises(InvalidCredsError):
        container.upload_object_via_stream([b"x" * 6 * MIB], "name")

    server.faults.clear()
    assert nothing_is_left(container)


def test_an_answer_that_got_lost_is_no_failure(container, server):
    server.faults.add(answer("InternalError", AFTER_STORING), operation="UploadPart")
    server.faults.add(answer("InternalError", AFTER_STORING), operation="CompleteMultipartUpload")

    uploaded = container.upload_object_via_stream([b"x" * 6 * MIB], "name")

    assert uploaded.size == 6 * MIB
    assert content(container, "name") == b"x" * 6 * MIB


def test_everything_extra_can_say_is_stored(container, server, driver):
    extra = {
        "content_type": "text/x-test",
        "meta_data": {"One": "1"},
        "storage_class": "standard_ia",
        "cache_control": "no-store",
        "content_encoding": "identity",
        "content_disposition": "attachment",
        "tags": {"colour": "blue"},
        "sse": "aws:kms",
    }

    uploaded = container.upload_object_via_stream([b"x" * 6 * MIB], "name", extra=extra)

    assert uploaded.meta_data == {"One": "1"}
    found = container.get_object("name")
    assert (found.extra["content_type"], found.meta_data) == ("text/x-test", {"one": "1"})
    head = driver._store._browse.head_object(Bucket=container.name, Key="name")
    names = ("StorageClass", "CacheControl", "ContentEncoding", "ContentDisposition")
    assert [head[name] for name in names] == ["STANDARD_IA", "no-store", "identity", "attachment"]
    assert (head["ServerSideEncryption"], head["TagCount"]) == ("aws:kms", 1)


def test_no_storage_class_is_sent_unless_asked_for(container, driver, monkeypatch):
    sent = []
    send = driver._store._clients.sender.send

    def look(operation, parameters, *others):
        sent.append((operation, parameters.get("StorageClass")))
        return send(operation, parameters, *others)

    monkeypatch.setattr(driver._store._clients.sender, "send", look)
    for storage_class in (None, "standard"):
        driver.upload_object_via_stream([b"x"], container, "name", ex_storage_class=storage_class)

    assert sent == [("PutObject", None), ("PutObject", "STANDARD")]


def test_an_existing_object_is_kept_when_asked(container):
    container.upload_object_via_stream([b"old"], "name")

    for chunks in ([b"new"], [b"x" * 6 * MIB]):
        with pytest.raises(ObjectAlreadyExistsError, match="name"):
            container.upload_object_via_stream(chunks, "name", ex_if_none_match="*")

    assert content(container, "name") == b"old"
    container.upload_object_via_stream([b"new"], "name")
    assert content(container, "name") == b"new"


class Counter(FakeObjectStore):
    """Keeps nothing but the number of bytes that came in."""

    received = 0

    def upload_part(self, multipart, number, body, checksum, *, on_sent):
        with self._lock:
            self.received += body.size
        return CompletedPart(number, body.size, f"etag-{number}", checksum)

    def complete_multipart(self, multipart, parts, checksum, **condition):
        return StoredObject(sum(part.size for part in parts), "etag", checksum=checksum)


@pytest.mark.row("G9")
def test_a_stream_of_300_mebibytes_takes_the_memory_of_its_parts_on_the_way():
    driver = S3StorageDriver("key", "secret")
    driver._known_store = store = Counter()
    workers = 4
    sizes = itertools.cycle([1, 700_001, 3_333_333, 17])  # no part begins where a chunk does

    def chunks():
        while store.received + (workers + 1) * 5 * MIB < 300 * MIB:
            yield bytes(next(sizes))

    tracemalloc.start()
    try:
        uploaded = driver.upload_object_via_stream(
            chunks(), Container("bucket", None, driver), "name", ex_max_workers=workers
        )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert uploaded.size == store.received > 270 * MIB
    # Those that travel, the one that is read, and a bytearray that grows by copying itself.
    assert peak < (workers + 2) * 5 * MIB
