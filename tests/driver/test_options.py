import pytest

from s3gui.core.acl import CannedAcl
from s3gui.core.transfer import ConflictRule, UploadOptions
from s3gui.driver.options import Asked, check_against, upload_options
from tests.fakes.object_store import FakeObjectStore


def options(extra=None, headers=None, *, strict=False, name="name", file_path="", **asked):
    return upload_options(name, extra, headers, Asked(**asked), strict=strict, file_path=file_path)


def test_libclouds_defaults_store_over_what_is_there_without_an_acl():
    assert options() == UploadOptions(on_conflict=ConflictRule.REPLACE)


def test_extra_says_how_the_object_is_stored():
    extra = {
        "acl": "public-read",
        "cache_control": "no-store",
        "content_disposition": "attachment",
        "content_encoding": "gzip",
        "content_type": "text/plain",
        "meta_data": {"Number": 7},
        "sse": ("aws:kms", "key-1"),
        "storage_class": "STANDARD_IA",
        "tags": {"a": "b c"},
    }

    assert options(extra) == UploadOptions(
        acl=CannedAcl.PUBLIC_READ,
        storage_class="STANDARD_IA",
        content_type="text/plain",
        cache_control="no-store",
        content_disposition="attachment",
        content_encoding="gzip",
        encryption="aws:kms",
        kms_key_id="key-1",
        metadata=(("Number", "7"),),
        tags=(("a", "b c"),),
        on_conflict=ConflictRule.REPLACE,
    )


def test_headers_say_the_same_in_s3s_words():
    headers = {
        "Content-Type": "text/plain",
        "Cache-Control": "no-store",
        "Content-Disposition": "attachment",
        "content-encoding": "gzip",
        "x-amz-acl": "private",
        "X-Amz-Storage-Class": "GLACIER",
        "x-amz-meta-Name": "value",
        "x-amz-tagging": "a=b&c=",
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "key-1",
        "If-None-Match": "*",
        "Access-Control-Allow-Origin": "https://example.com",
    }

    assert options(None, headers) == UploadOptions(
        storage_class="GLACIER",
        content_type="text/plain",
        cache_control="no-store",
        content_disposition="attachment",
        content_encoding="gzip",
        encryption="aws:kms",
        kms_key_id="key-1",
        metadata=(("name", "value"),),
        tags=(("a", "b"), ("c", "")),
        on_conflict=ConflictRule.FAIL,
    )


def test_extra_wins_over_headers_and_arguments_over_both():
    extra = {"content_type": "text/b", "storage_class": "glacier", "meta_data": {"b": "2"}}
    headers = {
        "content-type": "text/a",
        "x-amz-storage-class": "STANDARD",
        "x-amz-meta-a": "1",
        "x-amz-meta-b": "1",
    }

    found = options(extra, headers, storage_class="standard_ia", tags={"t": 1}, sse="AES256")

    assert (found.content_type, found.storage_class) == ("text/b", "STANDARD_IA")
    assert (found.tags, found.encryption) == ((("t", "1"),), "AES256")
    assert found.metadata == (("a", "1"), ("b", "2"))


def test_a_callers_dicts_stay_as_they_were():
    extra = {"meta_data": {"a": "1"}, "acl": "private"}
    headers = {"x-amz-meta-b": "2"}

    options(extra, headers, storage_class="glacier")

    assert extra == {"meta_data": {"a": "1"}, "acl": "private"}
    assert headers == {"x-amz-meta-b": "2"}


@pytest.mark.parametrize(
    "given", [{"if_match": '"etag"'}, {"if_match": "etag"}, {"headers": {"If-Match": '"etag"'}}]
)
def test_an_etag_says_which_object_may_be_replaced(given):
    assert options(**given) == UploadOptions(
        on_conflict=ConflictRule.REPLACE_IF_UNCHANGED, if_match="etag"
    )


@pytest.mark.parametrize("acl", list(CannedAcl))
def test_each_of_the_seven_canned_acls_is_known(acl):
    assert options({"acl": str(acl)}).acl is acl


@pytest.mark.parametrize(
    "given",
    [
        {"extra": {"acl": "public"}},
        {"headers": {"x-amz-acl": "log-delivery-write"}},
        {"extra": {"storage_class": "warm"}},
        {"storage_class": "STANDARD"},
        {"if_none_match": '"etag"'},
        {"if_match": "*"},
        {"if_match": "etag", "if_none_match": "*"},
        {"resume": True},
        {"headers": {"x-amz-object-lock-mode": "GOVERNANCE"}},
        {"headers": {"Content-MD5": "…"}},
        {"headers": {"Expires": "tomorrow"}},
    ],
)
def test_what_cannot_be_asked_for_is_a_value_error(given):
    with pytest.raises(ValueError):
        options(**given)


def test_an_unknown_key_of_extra_is_refused_in_strict_mode_only():
    assert options({"colour": "red"}) == options()
    with pytest.raises(ValueError, match="colour"):
        options({"colour": "red"}, strict=True)


def test_a_name_that_tells_no_content_type_is_refused_in_strict_mode_only():
    with pytest.raises(AttributeError, match="content_type"):
        options(name="no-ending", strict=True)
    assert options(name="no-ending").content_type is None
    assert options({"content_type": "a/b"}, name="no-ending", strict=True).content_type == "a/b"


def test_the_files_name_tells_the_content_type_or_else_the_objects():
    def told(name, file_path=""):
        return options(name=name, file_path=file_path, strict=True).content_type

    assert told("page.html") == "text/html"
    assert told("page.html", "/folder/page.txt") == "text/plain"
    assert told("page.html", "/folder/tmp7x2") == "text/html"
    assert told("data.bin") == "application/octet-stream"


def test_a_part_size_that_the_service_does_not_take_is_a_value_error():
    with pytest.raises(ValueError, match="5,242,880"):
        check_against(FakeObjectStore(), Asked(part_size=5))

    check_against(FakeObjectStore(), Asked(part_size=5_242_880))


def test_a_checksum_that_the_service_does_not_verify_is_a_value_error():
    with pytest.raises(ValueError, match="CRC64NVME"):
        check_against(FakeObjectStore(), Asked(checksum="SHA256"))

    check_against(FakeObjectStore(), Asked(checksum="crc64nvme"))
