import pytest

from s3gui.adapters.s3_requests import (
    body_checksum_parameters,
    check_expiry,
    checksum_parameters,
    object_parameters,
)
from s3gui.core.acl import CannedAcl
from s3gui.core.checksum import Checksum
from s3gui.core.errors import InputError
from s3gui.core.transfer import UploadOptions


def test_options_that_are_left_to_the_service_are_not_sent() -> None:
    assert object_parameters(UploadOptions()) == {}


def test_options_have_the_names_of_s3() -> None:
    options = UploadOptions(
        acl=CannedAcl.PUBLIC_READ,
        storage_class="GLACIER",
        content_type="text/plain",
        cache_control="no-store",
        content_disposition="inline",
        content_encoding="gzip",
        encryption="AES256",
        metadata=(("Author", "me"),),
        tags=(("a", "1"), ("b", "2 3")),
    )

    assert object_parameters(options) == {
        "ACL": "public-read",
        "StorageClass": "GLACIER",
        "ContentType": "text/plain",
        "CacheControl": "no-store",
        "ContentDisposition": "inline",
        "ContentEncoding": "gzip",
        "ServerSideEncryption": "AES256",
        "Metadata": {"author": "me"},
        "Tagging": "a=1&b=2+3",
    }


@pytest.mark.parametrize(
    "options",
    [
        UploadOptions(content_type="text/plain\r\nx-amz-acl: public-read"),
        UploadOptions(cache_control="no\nstore"),
        UploadOptions(content_disposition='attachment; filename="ü"'),
        UploadOptions(storage_class="\x00"),
        UploadOptions(metadata=(("author", "line\r\nbreak"),)),
        UploadOptions(metadata=(("author", "Jörg"),)),
        UploadOptions(metadata=(("bad name", "x"),)),
        UploadOptions(metadata=(("bad:name", "x"),)),
        UploadOptions(metadata=(("", "x"),)),
        UploadOptions(metadata=(("name", "1"), ("NAME", "2"))),
        UploadOptions(metadata=(("name", "x" * 2045),)),
        UploadOptions(tags=tuple((str(number), "x") for number in range(11))),
        UploadOptions(tags=(("a", "1"), ("a", "2"))),
    ],
)
def test_options_that_would_break_a_request_are_refused(options: UploadOptions) -> None:
    with pytest.raises(InputError):
        object_parameters(options)


def test_metadata_may_have_2048_bytes() -> None:
    value = "x" * (2048 - len("name"))

    assert object_parameters(UploadOptions(metadata=(("name", value),)))["Metadata"]["name"] == (
        value
    )


def test_a_checksum_has_its_own_header() -> None:
    checksum = Checksum("CRC64NVME", "AAAAAAAAAAA=")

    assert checksum_parameters(checksum) == {"ChecksumCRC64NVME": "AAAAAAAAAAA="}
    assert body_checksum_parameters(checksum) == {
        "ChecksumCRC64NVME": "AAAAAAAAAAA=",
        "ChecksumAlgorithm": "CRC64NVME",
    }
    assert checksum_parameters(None) == {}


def test_an_md5_is_sent_as_base64() -> None:
    md5 = Checksum("MD5", "d41d8cd98f00b204e9800998ecf8427e")

    assert checksum_parameters(md5) == {"ContentMD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}
    assert body_checksum_parameters(md5) == {"ContentMD5": "1B2M2Y8AsgTpgAmY7PhCfg=="}


def test_seven_days_are_the_longest_expiry() -> None:
    check_expiry(1)
    check_expiry(604_800)
    for seconds in (0, -1, 604_801):
        with pytest.raises(InputError):
            check_expiry(seconds)
