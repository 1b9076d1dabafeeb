import hashlib

import pytest

from s3gui.core.checksum import Checksum
from s3gui.core.errors import (
    AlreadyExists,
    BadDigest,
    NoSuchBucket,
    NoSuchUpload,
    ObjectChanged,
    ServiceError,
)
from s3gui.core.transfer import CompletedPart, Destination, MultipartUpload, UploadOptions
from s3gui.engine.source import MemoryBody
from s3gui.engine.stop import Stopped, StopReason
from tests.contract.conftest import Subject
from tests.contract.sending import DATA, MIB, complete, ignore, put, send_part, whole, wrong

FIRST, LAST = b"a" * (5 * MIB), b"the end"


def _open(subject: Subject, key: str = "large") -> MultipartUpload:
    return subject.store.create_multipart(subject.at(key), UploadOptions())


def _send_both(subject: Subject, multipart: MultipartUpload) -> list[CompletedPart]:
    return [
        send_part(subject, multipart, 1, FIRST),
        send_part(subject, multipart, 2, LAST),
    ]


def _uploads(subject: Subject, prefix: str = "") -> list[str]:
    found = subject.store.list_multipart_uploads(subject.at(prefix))
    return [upload.multipart.key for upload in found]


def test_parts_become_one_object(subject: Subject) -> None:
    multipart = _open(subject)
    parts = _send_both(subject, multipart)

    stored = complete(subject, multipart, parts)

    digests = hashlib.md5(FIRST).digest() + hashlib.md5(LAST).digest()
    assert subject.read(subject.at("large")) == FIRST + LAST
    assert stored.etag == f"{hashlib.md5(digests).hexdigest()}-2"
    assert stored.size == len(FIRST) + len(LAST)
    assert subject.store.list_objects(subject.at("")).objects[0].size == stored.size
    assert _uploads(subject) == []


def test_the_whole_objects_checksum_is_the_services_own(subject: Subject) -> None:
    multipart = _open(subject)
    parts = _send_both(subject, multipart)
    stored = complete(subject, multipart, parts)

    head = subject.store.head(subject.at("large"))

    assert head is not None
    expected = whole(subject, parts)
    is_told = subject.expected("whether Complete tells the checksum", value=True)
    is_kept = subject.expected("whether the checksum of the whole is kept", value=True)
    assert (stored.checksum == expected) is is_told
    assert (head.checksum == expected) is is_kept


def test_a_checksum_over_the_whole_is_that_of_the_bytes(subject: Subject) -> None:
    multipart = _open(subject)
    parts = _send_both(subject, multipart)
    if subject.store.provider.checksum is None:
        digests = b"".join(bytes.fromhex(part.etag) for part in parts)
        value = f"{hashlib.md5(digests).hexdigest()}-2"
        assert whole(subject, parts) == Checksum("MD5", value)
    else:
        assert whole(subject, parts) == subject.store.checksums.of([FIRST, LAST])


def test_parts_sent_out_of_order_are_listed_in_order(subject: Subject) -> None:
    multipart = _open(subject)
    last = send_part(subject, multipart, 2, LAST)
    first = send_part(subject, multipart, 1, FIRST)

    listed = subject.store.list_parts(multipart)

    assert [(part.number, part.size, part.etag) for part in listed] == [
        (part.number, part.size, part.etag) for part in (first, last)
    ]
    are_told = subject.expected("whether ListParts tells checksums", value=True)
    checksums = [first.checksum, last.checksum]
    assert ([part.checksum for part in listed] == checksums) is are_told


def test_a_part_that_is_sent_again_takes_the_place_of_the_first(subject: Subject) -> None:
    multipart = _open(subject)
    send_part(subject, multipart, 1, FIRST)
    parts = _send_both(subject, multipart)

    complete(subject, multipart, parts)

    assert subject.read(subject.at("large")) == FIRST + LAST


def test_a_part_may_be_sent_again_with_other_bytes(subject: Subject) -> None:
    multipart = _open(subject)
    send_part(subject, multipart, 1, b"b" * len(FIRST))

    with subject.outcome("a part sent again with other bytes", None):
        parts = _send_both(subject, multipart)
        complete(subject, multipart, parts)
        assert subject.read(subject.at("large")) == FIRST + LAST


def test_a_part_that_does_not_fit_its_checksum_is_refused(subject: Subject) -> None:
    multipart = _open(subject)
    checksum = wrong(subject.store.checksums.of([DATA]))

    with subject.outcome("a wrong checksum", BadDigest):
        subject.store.upload_part(multipart, 1, MemoryBody(DATA), checksum, on_sent=ignore)


def test_a_wrong_checksum_of_the_whole_is_refused(subject: Subject) -> None:
    multipart = _open(subject)
    parts = _send_both(subject, multipart)
    right = whole(subject, parts)
    checksum = right if right.algorithm == "MD5" else wrong(right)

    with subject.outcome("a wrong checksum of the whole", BadDigest):
        subject.store.complete_multipart(multipart, parts, checksum, only_if_absent=False)


def test_completing_twice_gives_the_same_object(subject: Subject) -> None:
    multipart = _open(subject)
    parts = _send_both(subject, multipart)
    first = complete(subject, multipart, parts)

    with subject.outcome("completing twice", None):
        second = complete(subject, multipart, parts)
        assert (second.etag, second.size) == (first.etag, first.size)

    assert subject.read(subject.at("large")) == FIRST + LAST


def test_an_object_that_is_another_is_not_replaced_by_parts(subject: Subject) -> None:
    old = put(subject, "large", b"old")
    multipart = _open(subject)
    parts = _send_both(subject, multipart)
    put(subject, "large", b"theirs")

    with subject.outcome("a conditional replacement by parts", ObjectChanged):
        complete(subject, multipart, parts, only_if_etag=old.etag)
    is_theirs = subject.read(subject.at("large")) == b"theirs"
    assert is_theirs is subject.expected("whether a conditional replacement keeps", value=True)


def test_an_object_that_exists_is_not_overwritten_by_parts(subject: Subject) -> None:
    put(subject, "large", b"old")
    multipart = _open(subject)
    parts = _send_both(subject, multipart)

    with subject.outcome("a conditional write", AlreadyExists):
        complete(subject, multipart, parts, only_if_absent=True)
    is_old = subject.read(subject.at("large")) == b"old"
    is_open = _uploads(subject) == ["large"]
    assert is_old is subject.expected("whether a conditional Complete keeps", value=True)
    assert is_open is is_old


def test_an_unknown_part_cannot_be_completed(subject: Subject) -> None:
    multipart = _open(subject)
    parts = _send_both(subject, multipart)
    unknown = CompletedPart(3, 7, hashlib.md5(b"unknown").hexdigest(), parts[1].checksum)

    with pytest.raises(ServiceError) as caught:
        complete(subject, multipart, [*parts, unknown])

    assert caught.value.service_code == "InvalidPart"


def test_parts_out_of_order_cannot_be_completed(subject: Subject) -> None:
    multipart = _open(subject)
    parts = _send_both(subject, multipart)

    with pytest.raises(ServiceError) as caught:
        complete(subject, multipart, parts[::-1])

    code = subject.expected("parts out of order", "InvalidPartOrder")
    assert caught.value.service_code == code


def test_a_small_part_may_only_be_the_last(subject: Subject) -> None:
    multipart = _open(subject)
    parts = [send_part(subject, multipart, 1, LAST), send_part(subject, multipart, 2, FIRST)]

    with subject.outcome("a small part before the last", ServiceError):
        complete(subject, multipart, parts)


def test_an_aborted_upload_is_gone(subject: Subject) -> None:
    multipart = _open(subject)
    parts = _send_both(subject, multipart)

    subject.store.abort_multipart(multipart)

    with pytest.raises(NoSuchUpload):
        subject.store.list_parts(multipart)
    with pytest.raises(NoSuchUpload):
        subject.store.abort_multipart(multipart)
    with subject.outcome("completing an upload that is gone", NoSuchUpload):
        complete(subject, multipart, parts)
    with subject.outcome("a part for an upload that is gone", NoSuchUpload):
        send_part(subject, multipart, 3, LAST)
    assert subject.store.head(subject.at("large")) is None


@pytest.mark.parametrize(
    "key", ["a folder/with spaces+plus.bin", "überraschung/日本語-😀", "percent%20.bin"]
)
def test_open_uploads_are_found_by_prefix(subject: Subject, key: str) -> None:
    multipart = _open(subject, key)
    other = _open(subject, "zebra")

    assert _uploads(subject, key[:4]) == [key]
    assert sorted(_uploads(subject)) == sorted([key, "zebra"])

    subject.store.abort_multipart(multipart)
    subject.store.abort_multipart(other)


def test_an_open_upload_can_be_gone_on_with_as_it_is_listed(subject: Subject) -> None:
    multipart = _open(subject)
    (listed,) = subject.store.list_multipart_uploads(subject.at("large"))

    assert listed.multipart == multipart
    assert listed.started_at is not None


def test_a_missing_bucket_takes_no_upload(subject: Subject) -> None:
    missing = MultipartUpload("no-such-bucket", "large", "upload")

    with pytest.raises(NoSuchBucket):
        subject.store.create_multipart(Destination("no-such-bucket", "large"), UploadOptions())
    with pytest.raises((NoSuchBucket, NoSuchUpload)):
        subject.store.list_parts(missing)


def test_a_part_counts_what_is_sent_and_can_be_stopped(subject: Subject) -> None:
    multipart = _open(subject)
    seen: list[int] = []

    def stop_at_two(sent: int) -> None:
        seen.append(sent)
        if sent >= 2 * MIB:
            raise Stopped(StopReason.CANCELLED)

    checksum = subject.store.checksums.of([FIRST])
    with pytest.raises(Stopped):
        subject.store.upload_part(multipart, 1, MemoryBody(FIRST), checksum, on_sent=stop_at_two)

    assert seen == sorted(set(seen))
    assert 2 * MIB <= seen[-1] < len(FIRST)
    assert subject.store.list_parts(multipart) == []
    parts = _send_both(subject, multipart)
    complete(subject, multipart, parts)
    assert subject.read(subject.at("large")) == FIRST + LAST
