from typing import Any

import pytest

from s3gui.adapters import s3_answers as answers
from s3gui.adapters.crc64nvme import CRC64NVME
from s3gui.adapters.s3 import S3Store
from s3gui.adapters.s3_bounds import BOUNDS
from s3gui.adapters.s3_clients import Clients
from s3gui.adapters.s3_watch import Watch
from s3gui.core.checksum import Checksum
from s3gui.core.errors import BadAnswer
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination, MultipartUpload

MULTIPART = MultipartUpload("bucket", "folder/file", "upload-id")
MD5 = "d41d8cd98f00b204e9800998ecf8427e"


class Pages:
    """A client whose list calls give these answers in turn, and keep what was asked."""

    def __init__(self, *answers: dict[str, Any]) -> None:
        self._answers = list(answers)
        self.asked: list[dict[str, Any]] = []

    def _next(self, **parameters: Any) -> dict[str, Any]:
        self.asked.append(parameters)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    list_parts = list_multipart_uploads = list_objects_v2 = _next


class Silent:
    """A sender for tests that send nothing."""

    def send(self, *_: Any) -> dict[str, Any]:
        raise AssertionError("nothing is to be sent")


def store_on(client: Pages) -> S3Store:
    profile = Profile("aws", "AWS")
    watch = Watch(BOUNDS)
    clients = Clients(client, client, client, watch, sender=Silent(), judge=Silent())
    return S3Store(profile, clients, CRC64NVME)


def part_rows(*numbers: int) -> list[dict[str, Any]]:
    return [{"PartNumber": number, "Size": 5, "ETag": f'"{number}"'} for number in numbers]


def test_parts_are_listed_over_all_pages_whatever_the_next_marker_says() -> None:
    client = Pages(
        {"Parts": part_rows(1, 2), "IsTruncated": True, "NextPartNumberMarker": 3},
        {"Parts": part_rows(3, 4), "IsTruncated": True, "NextPartNumberMarker": 5},
        {"Parts": part_rows(5), "IsTruncated": False},
    )

    parts = store_on(client).list_parts(MULTIPART)

    assert [part.number for part in parts] == [1, 2, 3, 4, 5]
    assert [asked.get("PartNumberMarker") for asked in client.asked] == [None, 2, 4]


def test_a_list_that_goes_round_in_a_circle_ends() -> None:
    client = Pages({"Parts": part_rows(1, 2), "IsTruncated": True})

    with pytest.raises(BadAnswer):
        store_on(client).list_parts(MULTIPART)
    assert len(client.asked) == 2


def test_open_uploads_are_listed_over_all_pages() -> None:
    rows = [{"Key": f"key+{number}%2F", "UploadId": str(number)} for number in range(4)]
    client = Pages(
        {
            "Uploads": rows[:2],
            "IsTruncated": True,
            "EncodingType": "url",
            "NextKeyMarker": "key+1%2F",
            "NextUploadIdMarker": "1",
        },
        {"Uploads": rows[2:], "EncodingType": "url"},
    )

    found = list(store_on(client).list_multipart_uploads(Destination("bucket", "key")))

    assert [upload.multipart.key for upload in found] == [f"key {n}/" for n in range(4)]
    assert client.asked[1]["KeyMarker"] == "key 1/"
    assert client.asked[1]["UploadIdMarker"] == "1"


def test_a_listing_goes_on_where_its_page_says() -> None:
    client = Pages(
        {"Contents": [{"Key": "a"}], "IsTruncated": True, "NextContinuationToken": "token"},
        {"Contents": [{"Key": "b"}]},
    )
    store = store_on(client)

    first = store.list_objects(Destination("bucket"))
    second = store.list_objects(Destination("bucket"), first.next_page)

    assert (first.next_page, second.next_page) == ("token", None)
    assert client.asked[1]["ContinuationToken"] == "token"


def test_a_list_of_ever_new_pages_ends() -> None:
    asked = 0

    def ask(markers: dict[str, Any]) -> dict[str, Any]:
        nonlocal asked
        asked += 1
        return {}

    with pytest.raises(BadAnswer):
        list(answers.pages(ask, lambda _: {"Marker": asked}))
    assert asked == 10_000


@pytest.mark.parametrize("answer", [{}, {"ETag": None}, {"ETag": ""}])
def test_what_an_answer_must_hold_is_asked_for(answer: dict[str, Any]) -> None:
    metadata = {"HTTPStatusCode": 200, "RequestId": "request-1"}

    with pytest.raises(BadAnswer) as caught:
        answers.required({**answer, "ResponseMetadata": metadata}, "ETag")

    assert (caught.value.status, caught.value.request_id) == (200, "request-1")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"ChecksumCRC64NVME": "AAAAAAAAAAA="}, "AAAAAAAAAAA="),
        ({"ChecksumCRC64NVME": "AAAAAAAAAAA=", "ChecksumType": "FULL_OBJECT"}, "AAAAAAAAAAA="),
        ({"ChecksumCRC64NVME": "AAAAAAAAAAA=", "ChecksumType": "COMPOSITE"}, None),
        ({"ChecksumCRC64NVME": "AAAAAAAAAAA=-3"}, None),
        ({"ChecksumCRC32": "AAAAAA=="}, None),
        ({"ETag": MD5}, None),
    ],
)
def test_only_a_checksum_of_the_whole_counts(answer: dict[str, Any], expected: str | None) -> None:
    found = answers.checksum(answer, "CRC64NVME")

    assert found == (None if expected is None else Checksum("CRC64NVME", expected))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"ETag": f'"{MD5}"'}, MD5),
        ({"ETag": f'"{MD5}-12"', "ServerSideEncryption": "AES256"}, f"{MD5}-12"),
        ({"ETag": f'"{MD5}"', "ServerSideEncryption": "aws:kms"}, None),
        ({"ETag": f'"{MD5}"', "ServerSideEncryption": "aws:kms:dsse"}, None),
        ({"ETag": f'"{MD5}"', "SSECustomerAlgorithm": "AES256"}, None),
        ({"ETag": '"0x8D5A1B2C3D4E5F6"'}, None),
        ({}, None),
    ],
)
def test_an_etag_is_an_md5_only_where_it_can_be(
    answer: dict[str, Any], expected: str | None
) -> None:
    found = answers.checksum(answer, "MD5")

    assert found == (None if expected is None else Checksum("MD5", expected))


@pytest.mark.parametrize(
    ("ownership", "expected"),
    [
        (None, None),
        ({}, None),
        ({"Rules": []}, True),
        ({"Rules": [{"ObjectOwnership": "ObjectWriter"}]}, True),
        ({"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}, True),
        ({"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}, False),
    ],
)
def test_acls_work_unless_the_owner_is_enforced(
    ownership: dict[str, Any] | None, *, expected: bool | None
) -> None:
    assert answers.allows_acls(ownership) is expected


@pytest.mark.parametrize(
    ("access_block", "expected"),
    [
        (None, None),
        ({}, None),
        ({"BlockPublicAcls": False}, False),
        ({"BlockPublicAcls": True}, True),
        ({"BlockPublicAcls": False, "IgnorePublicAcls": True}, True),
        ({"BlockPublicAcls": False, "BlockPublicPolicy": True}, False),
    ],
)
def test_public_acls_are_blocked_or_ignored(
    access_block: dict[str, Any] | None, *, expected: bool | None
) -> None:
    assert answers.blocks_acls(access_block) is expected


def test_a_key_is_decoded_only_where_it_was_encoded() -> None:
    assert answers.decoded({"EncodingType": "url"}, "a%2Fb+c%2B") == "a/b c+"
    assert answers.decoded({}, "a%2Fb+c") == "a%2Fb+c"
