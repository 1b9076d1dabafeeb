import pytest

from s3gui.core.errors import NoSuchUpload, ServiceUnavailable, Throttled, Unreachable
from s3gui.core.transfer import CompletedPart, Destination, MultipartUpload, UploadOptions
from s3gui.engine.ports import ObjectStore
from s3gui.engine.source import MemoryBody
from tests.fakes.object_store import Call, FakeObjectStore

AT = Destination("bucket", "key")


def put(store: ObjectStore, data: bytes = b"data", sent: list[int] | None = None) -> None:
    store.put_object(
        AT,
        MemoryBody(data),
        store.checksums.of([data]),
        UploadOptions(),
        only_if_absent=False,
        on_sent=(sent if sent is not None else []).append,
    )


def send_part(store: ObjectStore, multipart: MultipartUpload, number: int) -> CompletedPart:
    checksum = store.checksums.of([b"part"])
    return store.upload_part(
        multipart, number, MemoryBody(b"part"), checksum, on_sent=lambda _: None
    )


def test_a_call_fails_as_often_as_it_was_told_to() -> None:
    store = FakeObjectStore()
    store.fail("put_object", Throttled(), times=2)

    for _ in range(2):
        with pytest.raises(Throttled):
            put(store)
    put(store)

    assert store.data(AT) == b"data"
    assert store.count("put_object") == 3


def test_only_the_part_that_was_meant_fails() -> None:
    store = FakeObjectStore()
    multipart = store.create_multipart(AT, UploadOptions())
    store.fail("upload_part", ServiceUnavailable(), number=2)

    send_part(store, multipart, 1)
    with pytest.raises(ServiceUnavailable):
        send_part(store, multipart, 2)

    assert [part.number for part in store.list_parts(multipart)] == [1]
    assert Call("upload_part", "bucket", "key", 2) in store.calls


def test_a_request_that_breaks_off_has_sent_something_and_stored_nothing() -> None:
    store = FakeObjectStore()
    store.fail("put_object", Unreachable(), after_bytes=2**20)
    sent: list[int] = []

    with pytest.raises(Unreachable):
        put(store, bytes(3 * 2**20), sent)

    assert sent == [2**20]
    assert store.data(AT) is None


def test_a_lost_reply_leaves_what_was_done() -> None:
    store = FakeObjectStore()
    store.fail("put_object", Unreachable(), reply_lost=True)

    with pytest.raises(Unreachable):
        put(store)

    assert store.data(AT) == b"data"


def test_a_test_can_change_the_world_before_a_call() -> None:
    store = FakeObjectStore()
    multipart = store.create_multipart(AT, UploadOptions())
    store.before["upload_part"] = lambda _: store.uploads.clear()

    with pytest.raises(NoSuchUpload):
        send_part(store, multipart, 1)


def test_a_listing_has_as_many_pages_as_it_needs() -> None:
    store = FakeObjectStore(page_size=2)
    for key in ("a", "b/1", "b/2", "c", "d"):
        store.put_foreign(Destination("bucket", key), b"")

    first = store.list_objects(Destination("bucket"))
    second = store.list_objects(Destination("bucket"), first.next_page)

    assert [found.key for found in first.objects] == ["a"]
    assert first.prefixes == ("b/",)
    assert [found.key for found in second.objects] == ["c", "d"]
    assert second.next_page is None


def test_every_version_of_an_object_is_kept() -> None:
    store = FakeObjectStore()
    put(store, b"old")
    put(store, b"new")

    assert [version.data for version in store.versions[AT]] == [b"old", b"new"]
    old = store.versions[AT][0].stored
    assert store.head(AT, old.version_id) == old
    assert store.head(AT, "unknown") is None
