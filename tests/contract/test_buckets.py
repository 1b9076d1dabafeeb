import urllib.request

import pytest

from s3gui.core.acl import CannedAcl
from s3gui.core.errors import InputError, NoSuchBucket
from s3gui.core.transfer import Destination, UploadOptions
from tests.contract.conftest import Subject
from tests.contract.sending import DATA, put


def test_a_new_bucket_is_listed_and_can_be_used(subject: Subject) -> None:
    name = f"{subject.bucket}-new"

    subject.store.create_bucket(name, region=None, acls_enabled=True)

    (found,) = [bucket for bucket in subject.store.list_buckets() if bucket.name == name]
    assert found.created_at is not None
    put(subject, "file", bucket=name)
    assert subject.read(Destination(name, "file")) == DATA


def test_making_ones_own_bucket_again_changes_nothing_in_us_east_1(subject: Subject) -> None:
    put(subject, "file")

    with subject.outcome("making a bucket again", None):
        subject.store.create_bucket(subject.bucket, region=None, acls_enabled=False)

    assert subject.read(subject.at("file")) == DATA


def test_a_missing_bucket_has_no_rules_and_no_objects(subject: Subject) -> None:
    missing = Destination("no-such-bucket", "file")

    with pytest.raises(NoSuchBucket):
        subject.store.bucket_rules(missing.bucket)
    with pytest.raises(NoSuchBucket):
        subject.store.list_objects(missing)
    assert subject.store.head(missing) is None


def test_a_buckets_rules_say_whether_acls_work(subject: Subject) -> None:
    open_rules = subject.store.bucket_rules(subject.bucket)
    enforced_rules = subject.store.bucket_rules(subject.enforced_bucket)

    assert open_rules.acls_enabled is subject.expected("whether ACLs work", value=True)
    assert enforced_rules.acls_enabled is subject.expected("whether ACLs are off", value=False)
    assert open_rules.public_acls_blocked is subject.expected(
        "whether public ACLs work", value=False
    )
    assert enforced_rules.public_acls_blocked is subject.expected(
        "whether public ACLs are blocked", value=True
    )
    assert open_rules.region == subject.expected("a bucket's region", "us-east-1")


def test_a_listing_shows_one_level(subject: Subject) -> None:
    for key in ("top", "folder/a", "folder/b", "folder/deep/c", "folder 2/d"):
        put(subject, key)

    top = subject.store.list_objects(subject.at(""))
    folder = subject.store.list_objects(subject.at("folder/"))

    assert [found.key for found in top.objects] == ["top"]
    assert sorted(top.prefixes) == ["folder 2/", "folder/"]
    assert [found.key for found in folder.objects] == ["folder/a", "folder/b"]
    assert folder.prefixes == ("folder/deep/",)
    assert folder.next_page is None
    assert {found.size for found in folder.objects} == {len(DATA)}
    assert all(found.modified_at is not None for found in folder.objects)


def test_an_empty_prefix_lists_nothing(subject: Subject) -> None:
    page = subject.store.list_objects(subject.at("nothing/here/"))

    assert (page.objects, page.prefixes, page.next_page) == ((), (), None)


def test_a_signed_address_gives_the_object_to_anybody(subject: Subject) -> None:
    key = "a folder/file +ü.txt"
    put(subject, key)

    url = subject.store.presigned_url(subject.at(key), 60)

    assert url.startswith(subject.store.url(subject.at(key)) + "?")
    assert "X-Amz-Expires=60" in url
    if url.startswith("http://127.0.0.1"):
        with urllib.request.urlopen(url, timeout=10) as answer:
            assert answer.read() == DATA


@pytest.mark.parametrize("acl", [CannedAcl.PRIVATE, CannedAcl.AUTHENTICATED_READ])
def test_what_needs_a_signature_is_not_public(subject: Subject, acl: CannedAcl) -> None:
    put(subject, "a folder/file +ü.txt", options=UploadOptions(acl=acl))

    assert not subject.store.is_public(subject.at("a folder/file +ü.txt"))


@pytest.mark.parametrize("acl", [CannedAcl.PUBLIC_READ, CannedAcl.PUBLIC_READ_WRITE])
def test_what_is_shown_to_who_signs_nothing_is_public(subject: Subject, acl: CannedAcl) -> None:
    put(subject, "a folder/file +ü.txt", options=UploadOptions(acl=acl))

    found = subject.store.is_public(subject.at("a folder/file +ü.txt"))

    assert found is subject.expected("whether an ACL makes public", value=True)


@pytest.mark.parametrize("seconds", [0, -1, 7 * 24 * 3600 + 1])
def test_a_signed_address_is_valid_for_at_most_seven_days(subject: Subject, seconds: int) -> None:
    with pytest.raises(InputError):
        subject.store.presigned_url(subject.at("file"), seconds)
