import hashlib

import pytest

from s3gui.core.acl import CannedAcl
from s3gui.core.checksum import Checksum
from s3gui.core.errors import (
    AclRefused,
    AlreadyExists,
    BadDigest,
    NoSuchBucket,
    ObjectChanged,
    SourceChanged,
)
from s3gui.core.transfer import Destination, StoredObject, UploadOptions
from s3gui.engine.source import MemoryBody
from s3gui.engine.stop import Stopped, StopReason
from tests.contract.conftest import Subject
from tests.contract.differences import ACCEPTED
from tests.contract.sending import DATA, LyingBody, ignore, put, wrong


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 3 * 1024 * 1024 + 7])
def test_an_object_is_stored_byte_for_byte(subject: Subject, size: int) -> None:
    data = (DATA * (size // len(DATA) + 1))[:size]

    stored = put(subject, "file", data)

    assert subject.read(subject.at("file")) == data
    assert stored.size == size
    assert stored.etag == hashlib.md5(data).hexdigest()
    assert stored.checksum == subject.store.checksums.of([data])


@pytest.mark.parametrize(
    "key",
    [
        "plain.txt",
        "a folder/with spaces/and+plus&ampersand=equals.txt",
        "percent%20%2F%zz.txt",
        "question?mark#hash;semicolon:colon,comma",
        "überraschung/日本語/emoji-😀",
        "cafe\u0301 and caf\u00e9",
        "quotes'\"<xml>&amp;",
        " leading and trailing ",
        "backslash\\and*star~tilde^caret|pipe",
        "UPPER/lower",
    ],
)
def test_a_key_arrives_as_it_is(subject: Subject, key: str) -> None:
    put(subject, key)

    assert subject.read(subject.at(key)) == DATA
    assert subject.store.head(subject.at(key)) is not None
    prefix = key[: key.rfind("/") + 1]
    page = subject.store.list_objects(subject.at(prefix))
    assert [found.key for found in page.objects] == [key]


@pytest.mark.parametrize("key", ["/leading", "double//slash", "./dot/../dots", "..", "a/./b"])
def test_slashes_and_dots_in_a_key_are_kept(subject: Subject, key: str) -> None:
    with subject.outcome("a key with empty or dotted segments", ACCEPTED):
        put(subject, key)
        assert subject.read(subject.at(key)) == DATA
        assert subject.store.head(subject.at(key)) is not None


def test_a_key_of_1024_bytes_is_stored(subject: Subject) -> None:
    key = "folder/" * 140 + "x" * 44
    with subject.outcome("a key of 1,024 bytes", ACCEPTED):
        put(subject, key)
        assert subject.read(subject.at(key)) == DATA


def test_head_tells_what_put_stored(subject: Subject) -> None:
    stored = put(subject, "file")

    head = subject.store.head(subject.at("file"))

    assert isinstance(head, StoredObject)
    assert (head.size, head.etag, head.checksum) == (stored.size, stored.etag, stored.checksum)


def test_head_of_nothing_is_none(subject: Subject) -> None:
    assert subject.store.head(subject.at("nothing")) is None


def test_options_are_kept_with_the_object(subject: Subject) -> None:
    options = UploadOptions(
        content_type="text/x-own",
        cache_control="max-age=60",
        metadata=(("author", "A. N. Other"), ("note", "two  words")),
    )
    put(subject, "file", options=options)

    described = subject.describe(subject.at("file"))

    assert described["ContentType"] == subject.expected("a content type", "text/x-own")
    assert described["CacheControl"] == "max-age=60"
    kept = {name.lower(): value for name, value in described["Metadata"].items()}
    assert kept["author"] == "A. N. Other"
    assert kept["note"].split() == ["two", "words"]


def test_an_existing_object_is_replaced_unless_told_otherwise(subject: Subject) -> None:
    put(subject, "file", b"old")
    put(subject, "file", b"new")

    assert subject.read(subject.at("file")) == b"new"


def test_an_existing_object_is_kept_where_it_must_be_absent(subject: Subject) -> None:
    put(subject, "file", b"old")

    with subject.outcome("a conditional write", AlreadyExists):
        put(subject, "file", b"new", only_if_absent=True)

    kept = subject.expected("what a conditional write leaves", b"old")
    assert subject.read(subject.at("file")) == kept


def test_an_absent_object_is_written_where_it_must_be_absent(subject: Subject) -> None:
    put(subject, "file", only_if_absent=True)

    assert subject.read(subject.at("file")) == DATA


def test_an_object_that_is_as_it_was_is_replaced(subject: Subject) -> None:
    old = put(subject, "file", b"old")

    put(subject, "file", b"new", only_if_etag=old.etag)

    assert subject.read(subject.at("file")) == b"new"


def test_an_object_that_is_another_is_not_replaced(subject: Subject) -> None:
    old = put(subject, "file", b"old")
    put(subject, "file", b"theirs")

    with subject.outcome("a conditional replacement", ObjectChanged):
        put(subject, "file", b"new", only_if_etag=old.etag)

    kept = subject.expected("what a conditional replacement leaves", b"theirs")
    assert subject.read(subject.at("file")) == kept


def test_an_object_that_is_gone_is_not_replaced(subject: Subject) -> None:
    old = put(subject, "file", b"old")
    subject.store.delete(subject.at("file"))

    with subject.outcome("a conditional replacement of nothing", ObjectChanged):
        put(subject, "file", b"new", only_if_etag=old.etag)


def test_bytes_that_do_not_fit_their_checksum_are_refused(subject: Subject) -> None:
    store = subject.store
    body = MemoryBody(DATA)

    with subject.outcome("a wrong checksum", BadDigest):
        store.put_object(
            subject.at("file"),
            body,
            wrong(store.checksums.of([DATA])),
            UploadOptions(),
            only_if_absent=False,
            on_sent=ignore,
        )
    is_stored = store.head(subject.at("file")) is not None
    assert is_stored == subject.expected("whether a wrong checksum stores", value=False)


def test_a_source_that_became_shorter_leaves_nothing(subject: Subject) -> None:
    body = LyingBody(DATA, size=len(DATA) + 1)
    checksum = subject.store.checksums.of([DATA])

    with pytest.raises(SourceChanged):
        subject.store.put_object(
            subject.at("file"),
            body,
            checksum,
            UploadOptions(),
            only_if_absent=False,
            on_sent=ignore,
        )
    assert subject.store.head(subject.at("file")) is None


def test_a_missing_bucket_is_named(subject: Subject) -> None:
    with pytest.raises(NoSuchBucket):
        put(subject, "file", bucket="no-such-bucket")


def test_what_is_sent_is_counted_to_the_end(subject: Subject) -> None:
    data = DATA * 300
    seen: list[int] = []

    put(subject, "file", data, on_sent=seen.append)

    assert seen == sorted(set(seen))
    assert seen[-1] == len(data)
    assert len(seen) > 1


def test_a_stop_while_sending_leaves_nothing(subject: Subject) -> None:
    data = DATA * 300

    def stop(sent: int) -> None:
        raise Stopped(StopReason.PAUSED)

    with pytest.raises(Stopped) as caught:
        put(subject, "file", data, on_sent=stop)

    assert caught.value.reason is StopReason.PAUSED
    assert subject.store.head(subject.at("file")) is None


def test_an_acl_is_refused_where_acls_are_disabled(subject: Subject) -> None:
    options = UploadOptions(acl=CannedAcl.PUBLIC_READ)

    with subject.outcome("an ACL where ACLs are disabled", AclRefused):
        put(subject, "file", options=options, bucket=subject.enforced_bucket)


def test_the_default_acl_is_fine_where_acls_are_disabled(subject: Subject) -> None:
    put(subject, "file", bucket=subject.enforced_bucket)

    assert subject.read(Destination(subject.enforced_bucket, "file")) == DATA


def test_a_deleted_object_is_gone_and_may_be_deleted_again(subject: Subject) -> None:
    put(subject, "file")

    subject.store.delete(subject.at("file"))
    subject.store.delete(subject.at("file"))

    assert subject.store.head(subject.at("file")) is None


def test_checksums_are_those_of_the_provider(subject: Subject) -> None:
    checksum = subject.store.checksums.of([DATA])

    assert isinstance(checksum, Checksum)
    assert checksum.algorithm == (subject.store.provider.checksum or "MD5")
