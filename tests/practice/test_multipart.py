import pytest

from tests.practice.refusals import refused

KEY = {"Bucket": "bucket", "Key": "key"}
CRC32_OF_X = "jNwWgw=="


@pytest.fixture
def upload(client):
    return client.create_multipart_upload(**KEY)["UploadId"]


def send(client, upload, number, body=b"x", **more):
    return client.upload_part(**KEY, UploadId=upload, PartNumber=number, Body=body, **more)


@pytest.mark.parametrize("number", ["0", "10001", "x", "", "-1", "1e3"])
def test_part_numbers_go_from_1_to_10000(raw, client, upload, number):
    target = f"/bucket/key?partNumber={number}&uploadId={upload}"
    assert raw.call("PUT", target, b"x").code == "InvalidArgument"
    for allowed in (1, 10_000):
        send(client, upload, allowed)
    assert len(client.list_parts(**KEY, UploadId=upload)["Parts"]) == 2


def test_a_part_of_an_upload_that_is_not_there_is_refused(client, upload, raw):
    with refused("NoSuchUpload", 404):
        send(client, "unknown", 1)
    with refused("NoSuchUpload", 404):
        client.upload_part(Bucket="bucket", Key="other", UploadId=upload, PartNumber=1, Body=b"x")
    client.abort_multipart_upload(**KEY, UploadId=upload)
    with refused("NoSuchUpload", 404):
        send(client, upload, 1)
    for call in (client.list_parts, client.abort_multipart_upload):
        with refused("NoSuchUpload", 404):
            call(**KEY, UploadId=upload)


def test_a_part_that_is_sent_twice_counts_once(client, upload, tmp_path):
    send(client, upload, 1, b"first")
    second = send(client, upload, 1, b"second")
    [part] = client.list_parts(**KEY, UploadId=upload)["Parts"]
    assert (part["ETag"], part["Size"]) == (second["ETag"], 6)
    assert [path.read_bytes() for path in tmp_path.rglob("blobs/*/*")] == [b"second"]


def test_aborting_frees_the_bytes(client, upload, tmp_path):
    send(client, upload, 1)
    client.abort_multipart_upload(**KEY, UploadId=upload)
    assert list(tmp_path.rglob("blobs/*/*")) == []


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_parts_are_listed_in_pages(client, upload, size):
    numbers = [1, 2, 3, 5, 8, 13]
    for number in reversed(numbers):
        send(client, upload, number)
    found, marker = [], 0
    while True:
        page = client.list_parts(**KEY, UploadId=upload, MaxParts=size, PartNumberMarker=marker)
        found += [part["PartNumber"] for part in page["Parts"]]
        if not page["IsTruncated"]:
            break
        marker = page["NextPartNumberMarker"]
    assert found == numbers


def test_listed_parts_carry_the_uploads_checksum(client):
    upload = client.create_multipart_upload(**KEY, ChecksumAlgorithm="CRC32C")
    assert (upload["ChecksumAlgorithm"], upload["ChecksumType"]) == ("CRC32C", "COMPOSITE")
    sent = send(client, upload["UploadId"], 1, ChecksumAlgorithm="CRC32C")
    page = client.list_parts(**KEY, UploadId=upload["UploadId"])
    assert (page["ChecksumAlgorithm"], page["ChecksumType"]) == ("CRC32C", "COMPOSITE")
    assert page["Parts"][0]["ChecksumCRC32C"] == sent["ChecksumCRC32C"]
    assert page["StorageClass"] == "STANDARD"


@pytest.mark.parametrize(
    ("declared", "part_headers", "accepted"),
    [
        ({"ChecksumAlgorithm": "CRC32"}, {"x-amz-checksum-crc32": CRC32_OF_X}, True),
        ({"ChecksumAlgorithm": "CRC32"}, {}, False),
        ({"ChecksumAlgorithm": "CRC32", "ChecksumType": "FULL_OBJECT"}, {}, True),
        ({"ChecksumAlgorithm": "CRC64NVME"}, {}, True),
        ({"ChecksumAlgorithm": "CRC64NVME"}, {"x-amz-checksum-crc32": CRC32_OF_X}, False),
        ({"ChecksumAlgorithm": "SHA256"}, {}, False),
        ({}, {}, True),
        ({}, {"x-amz-checksum-crc32": CRC32_OF_X}, True),
    ],
)
def test_parts_use_the_uploads_algorithm(client, raw, declared, part_headers, accepted):
    upload = client.create_multipart_upload(**KEY, **declared)["UploadId"]
    reply = raw.call("PUT", f"/bucket/key?partNumber=1&uploadId={upload}", b"x", part_headers)
    if accepted:
        assert reply.status == 200
    else:
        assert reply.code == "InvalidRequest"
        assert "Checksum Type mismatch occurred" in reply.element("Message")


@pytest.mark.parametrize(
    "headers",
    [
        {"x-amz-checksum-type": "FULL_OBJECT"},
        {"x-amz-checksum-algorithm": "SHA256", "x-amz-checksum-type": "FULL_OBJECT"},
        {"x-amz-checksum-algorithm": "CRC64NVME", "x-amz-checksum-type": "COMPOSITE"},
        {"x-amz-checksum-algorithm": "CRC99"},
        {"x-amz-checksum-algorithm": "CRC32", "x-amz-checksum-type": "HALF"},
    ],
)
def test_checksums_that_do_not_exist_cannot_be_declared(raw, headers):
    assert raw.call("POST", "/bucket/key?uploads", b"", headers).code == "InvalidRequest"


def test_a_corrupted_part_is_refused_and_the_earlier_one_stays(client, raw, upload):
    send(client, upload, 1, b"x")
    target = f"/bucket/key?partNumber=1&uploadId={upload}"
    reply = raw.call("PUT", target, b"y", {"x-amz-checksum-crc32": CRC32_OF_X})
    assert (reply.status, reply.code) == (400, "BadDigest")
    [part] = client.list_parts(**KEY, UploadId=upload)["Parts"]
    assert part["ETag"] == '"9dd4e461268c8034f5c8564e155c67a6"'


def test_open_uploads_are_listed_by_key_and_age(server, client):
    started = []
    for key in ("b", "a", "b", "c/1", "c/2"):
        server.clock.move(1)
        reply = client.create_multipart_upload(Bucket="bucket", Key=key)
        started.append((key, reply["UploadId"]))
    expected = [started[1], started[0], started[2], started[3], started[4]]
    for size in (1, 2, 1000):
        found = []
        pages = client.get_paginator("list_multipart_uploads").paginate(
            Bucket="bucket", PaginationConfig={"PageSize": size}
        )
        for page in pages:
            found += [(entry["Key"], entry["UploadId"]) for entry in page.get("Uploads", [])]
        assert found == expected
    page = client.list_multipart_uploads(Bucket="bucket", Prefix="c/")
    assert [entry["Key"] for entry in page["Uploads"]] == ["c/1", "c/2"]
    page = client.list_multipart_uploads(Bucket="bucket", Delimiter="/")
    assert page["CommonPrefixes"] == [{"Prefix": "c/"}]
    page = client.list_multipart_uploads(Bucket="bucket", KeyMarker="b")
    assert [entry["Key"] for entry in page["Uploads"]] == ["c/1", "c/2"]
    age = server.clock.now() - page["Uploads"][0]["Initiated"].timestamp()
    assert 0 <= age < 10


@pytest.mark.parametrize("size", [1, 2, 3])
def test_all_uploads_can_be_aborted_page_by_page(client, size):
    """The marker of the next page is an upload that is gone by then."""
    for key in ("a", "a", "a", "b", "a"):
        client.create_multipart_upload(Bucket="bucket", Key=key)
    pages = client.get_paginator("list_multipart_uploads").paginate(
        Bucket="bucket", PaginationConfig={"PageSize": size}
    )
    for page in pages:
        for entry in page["Uploads"]:
            client.abort_multipart_upload(
                Bucket="bucket", Key=entry["Key"], UploadId=entry["UploadId"]
            )
    assert "Uploads" not in client.list_multipart_uploads(Bucket="bucket")


def test_only_open_uploads_are_listed(client):
    for key in ("aborted", "completed", "open"):
        upload = client.create_multipart_upload(Bucket="bucket", Key=key)["UploadId"]
        part = client.upload_part(
            Bucket="bucket", Key=key, UploadId=upload, PartNumber=1, Body=b"x"
        )
        if key == "aborted":
            client.abort_multipart_upload(Bucket="bucket", Key=key, UploadId=upload)
        if key == "completed":
            parts = [{"PartNumber": 1, "ETag": part["ETag"]}]
            client.complete_multipart_upload(
                Bucket="bucket", Key=key, UploadId=upload, MultipartUpload={"Parts": parts}
            )
    [found] = client.list_multipart_uploads(Bucket="bucket")["Uploads"]
    assert found["Key"] == "open"


def test_no_object_appears_before_complete(client, upload):
    send(client, upload, 1)
    with refused("404"):
        client.head_object(**KEY)
    assert client.list_objects_v2(Bucket="bucket")["KeyCount"] == 0
