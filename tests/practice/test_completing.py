import base64
import hashlib

import pytest

from s3gui.practice import Limits, PracticeServer
from s3gui.practice.checksums import ALGORITHMS, encode
from tests.practice.raw_client import RawClient
from tests.practice.refusals import refused

KEY = {"Bucket": "bucket", "Key": "key"}
PART = 5 * 1024 * 1024
BODIES = [b"a" * PART, b"b" * (PART + 1), b"c" * 10]


def value_of(name, data):
    digest = ALGORITHMS[name].new()
    digest.update(data)
    return encode(digest.digest())


def start(client, bodies=BODIES, algorithm=None, **more):
    """An upload whose parts are there; gives its id and the list for Complete."""
    chosen = {} if algorithm is None else {"ChecksumAlgorithm": algorithm}
    upload = client.create_multipart_upload(**KEY, **chosen, **more)["UploadId"]
    parts = []
    for number, body in enumerate(bodies, 1):
        reply = client.upload_part(**KEY, UploadId=upload, PartNumber=number, Body=body, **chosen)
        part = {"PartNumber": number, "ETag": reply["ETag"]}
        if algorithm is not None:
            part[f"Checksum{algorithm}"] = reply[f"Checksum{algorithm}"]
        parts.append(part)
    return upload, parts


def complete(client, upload, parts, **more):
    return client.complete_multipart_upload(
        **KEY, UploadId=upload, MultipartUpload={"Parts": parts}, **more
    )


def test_the_parts_become_the_object(server, client, tmp_path):
    upload, parts = start(client, ContentType="text/plain", Metadata={"a": "b"}, Tagging="c=d")
    reply = complete(client, upload, parts, MpuObjectSize=2 * PART + 11)
    digests = b"".join(hashlib.md5(body).digest() for body in BODIES)
    assert reply["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-3"'
    assert reply["Location"].endswith("/bucket/key")
    found = client.get_object(**KEY)
    assert found["Body"].read() == b"".join(BODIES)
    assert (found["ETag"], found["ContentType"], found["TagCount"]) == (
        reply["ETag"],
        "text/plain",
        1,
    )
    assert found["Metadata"] == {"a": "b"}
    [commit] = server.ledger.commits()
    assert (commit.upload_id, commit.size_bytes) == (upload, 2 * PART + 11)
    across = client.get_object(**KEY, Range=f"bytes={PART - 2}-{PART + 1}")
    assert across["Body"].read() == b"aabb"


def test_parts_can_be_read_one_by_one(client):
    upload, parts = start(client, algorithm="CRC32")
    complete(client, upload, parts)
    reply = client.get_object(**KEY, PartNumber=3, ChecksumMode="ENABLED")
    assert reply["Body"].read() == BODIES[2]
    assert reply["PartsCount"] == 3
    assert reply["ChecksumCRC32"] == value_of("CRC32", BODIES[2])
    with refused("416", 416):
        client.head_object(**KEY, PartNumber=4)
    attributes = client.get_object_attributes(
        **KEY, ObjectAttributes=["ObjectParts", "Checksum"], MaxParts=2
    )
    assert attributes["ObjectParts"]["TotalPartsCount"] == 3
    assert attributes["ObjectParts"]["IsTruncated"]
    assert [part["Size"] for part in attributes["ObjectParts"]["Parts"]] == [PART, PART + 1]


def test_parts_may_be_left_out_and_their_bytes_are_freed(client, tmp_path):
    upload, parts = start(client)
    complete(client, upload, [parts[0], parts[2]])
    assert client.get_object(**KEY)["Body"].read() == BODIES[0] + BODIES[2]
    assert len(list(tmp_path.rglob("blobs/*/*"))) == 2


@pytest.mark.parametrize("name", ["CRC32", "CRC32C", "CRC64NVME"])
def test_a_full_object_checksum_is_that_of_the_whole_object(client, name):
    upload, parts = start(client, algorithm=name, ChecksumType="FULL_OBJECT")
    value = value_of(name, b"".join(BODIES))
    wrong = {f"Checksum{name}": value_of(name, b"other"), "ChecksumType": "FULL_OBJECT"}
    with refused("BadDigest", 400):
        complete(client, upload, parts, **wrong)
    right = {f"Checksum{name}": value, "ChecksumType": "FULL_OBJECT"}
    reply = complete(client, upload, parts, **right)
    assert (reply[f"Checksum{name}"], reply["ChecksumType"]) == (value, "FULL_OBJECT")
    head = client.head_object(**KEY, ChecksumMode="ENABLED")
    assert (head[f"Checksum{name}"], head["ChecksumType"]) == (value, "FULL_OBJECT")


@pytest.mark.parametrize("name", ["CRC32", "CRC32C", "SHA1", "SHA256"])
def test_a_composite_checksum_is_that_of_the_parts_checksums(client, name):
    upload, parts = start(client, algorithm=name)
    joined = b"".join(base64.b64decode(value_of(name, body)) for body in BODIES)
    reply = complete(client, upload, parts)
    assert reply[f"Checksum{name}"] == value_of(name, joined) + "-3"
    assert reply["ChecksumType"] == "COMPOSITE"


def test_without_an_algorithm_the_object_gets_crc64nvme(client):
    upload, parts = start(client)
    reply = complete(client, upload, parts)
    assert reply["ChecksumCRC64NVME"] == value_of("CRC64NVME", b"".join(BODIES))


def test_parts_of_an_upload_without_algorithm_may_be_listed_with_what_sdks_added(client):
    upload, parts = start(client)
    parts[0]["ChecksumCRC32"] = value_of("CRC32", BODIES[0])
    parts[1]["ChecksumCRC32"] = value_of("CRC32", b"other")
    with refused("InvalidPart", 400):
        complete(client, upload, parts)
    del parts[1]["ChecksumCRC32"]
    complete(client, upload, parts)


def changed(parts, number, **changes):
    return [{**part, **changes} if part["PartNumber"] == number else part for part in parts]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda parts: parts[::-1], "InvalidPartOrder"),
        (lambda parts: [parts[0], parts[0]], "InvalidPartOrder"),
        (lambda parts: [], "MalformedXML"),
        (lambda parts: changed(parts, 1, ETag='"0"'), "InvalidPart"),
        (lambda parts: [*parts, {**parts[0], "PartNumber": 9}], "InvalidPart"),
        (lambda parts: changed(parts, 1, ChecksumCRC32="AAAAAA=="), "InvalidPart"),
        (lambda parts: [{**part, "ChecksumCRC32": None} for part in parts], "InvalidRequest"),
        (lambda parts: [parts[0], parts[2]], "InternalError"),
    ],
)
def test_a_list_that_does_not_fit_is_refused_and_the_upload_stays(client, change, code):
    upload, parts = start(client, algorithm="CRC32")
    listed = [
        {name: value for name, value in part.items() if value is not None} for part in change(parts)
    ]
    with refused(code):
        complete(client, upload, listed)
    with refused("404"):
        client.head_object(**KEY)
    complete(client, upload, parts)


def test_all_parts_but_the_last_need_five_mebibytes(client):
    upload, parts = start(client, [b"a" * (PART - 1), b"b"])
    with refused("EntityTooSmall", 400):
        complete(client, upload, parts)
    complete(client, upload, parts[:1])


@pytest.mark.parametrize(
    "more",
    [
        {"MpuObjectSize": 5},
        {"ChecksumType": "COMPOSITE"},
        {"ChecksumType": "HALF"},
    ],
)
def test_promises_about_the_whole_that_do_not_hold_are_refused(client, more):
    upload, parts = start(client, [b"abc"], "CRC64NVME")
    with refused("InvalidRequest", 400):
        complete(client, upload, parts, **more)
    complete(client, upload, parts, MpuObjectSize=3, ChecksumType="FULL_OBJECT")


def test_repeating_the_same_complete_succeeds_again(server, client):
    upload, parts = start(client, [b"abc"], "CRC32")
    first = complete(client, upload, parts)
    again = complete(client, upload, parts)
    assert (again["ETag"], again["ChecksumCRC32"]) == (first["ETag"], first["ChecksumCRC32"])
    assert len(server.ledger.commits()) == 1
    with refused("NoSuchUpload", 404):
        complete(client, upload, changed(parts, 1, PartNumber=2))
    client.delete_object(**KEY)
    with refused("NoSuchUpload", 404):
        complete(client, upload, parts)


def test_a_repeated_complete_tells_of_its_own_version(client):
    bucket = {"Bucket": "versioned", "Key": "key"}
    upload = client.create_multipart_upload(**bucket)["UploadId"]
    part = client.upload_part(**bucket, UploadId=upload, PartNumber=1, Body=b"x")
    request = {
        **bucket,
        "UploadId": upload,
        "MultipartUpload": {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]},
    }
    first = client.complete_multipart_upload(**request)["VersionId"]
    client.put_object(**bucket, Body=b"newer")
    assert client.complete_multipart_upload(**request)["VersionId"] == first
    assert client.get_object(**bucket)["Body"].read() == b"newer"


def test_an_upload_that_is_gone_cannot_be_completed(client):
    upload, parts = start(client, [b"abc"])
    client.abort_multipart_upload(**KEY, UploadId=upload)
    with refused("NoSuchUpload", 404):
        complete(client, upload, parts)


@pytest.mark.parametrize(
    "part",
    [
        None,
        "",
        "<Part><PartNumber>x</PartNumber><ETag>e</ETag></Part>",
        "<Part><PartNumber>1</PartNumber></Part>",
        "<Part>",
    ],
)
def test_a_list_that_is_malformed_is_refused(client, raw, part):
    upload, _ = start(client, [b"abc"])
    body = b""
    if part is not None:
        body = f"<CompleteMultipartUpload>{part}</CompleteMultipartUpload>".encode()
    assert raw.call("POST", f"/bucket/key?uploadId={upload}", body).code == "MalformedXML"


def test_with_kms_no_etag_is_an_md5(client):
    upload, parts = start(client, [b"abc"], ServerSideEncryption="aws:kms")
    assert parts[0]["ETag"] != f'"{hashlib.md5(b"abc").hexdigest()}"'
    reply = complete(client, upload, parts)
    assert reply["ServerSideEncryption"] == "aws:kms"


def test_ten_thousand_parts_make_one_object(tmp_path):
    limits = Limits(minimum_part_bytes=1)
    with PracticeServer(tmp_path / "many", limits=limits) as server, RawClient(server) as raw:
        server.create_bucket("bucket")
        upload = raw.call("POST", "/bucket/key?uploads").element("UploadId")
        service = server._service
        found = service.uploads.find(upload, "bucket", "key")
        part = raw.call("PUT", f"/bucket/key?partNumber=1&uploadId={upload}", b"x")
        with service.index.transaction():
            service.index.run(
                "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
                " INSERT INTO parts SELECT upload_id, i, size_bytes, etag, checksum, blob,"
                " modified, sent FROM parts, n WHERE upload_id = ? AND number = 1",
                found.upload_id,
            )
        etag = part.headers["etag"]
        listed = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"
            for number in range(1, 10_001)
        )
        body = f"<CompleteMultipartUpload>{listed}</CompleteMultipartUpload>".encode()
        reply = raw.call("POST", f"/bucket/key?uploadId={upload}", body)
        assert reply.element("ChecksumCRC64NVME") == value_of("CRC64NVME", b"x" * 10_000)
        assert raw.call("GET", "/bucket/key").body == b"x" * 10_000
        assert server.ledger.unexpected() == []


def test_an_object_has_its_largest_size(tmp_path):
    limits = Limits(minimum_part_bytes=1, maximum_object_bytes=5)
    with PracticeServer(tmp_path / "small", limits=limits) as server, RawClient(server) as raw:
        server.create_bucket("bucket")
        upload = raw.call("POST", "/bucket/key?uploads").element("UploadId")
        part = raw.call("PUT", f"/bucket/key?partNumber=1&uploadId={upload}", b"123456")
        body = (
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber>"
            f"<ETag>{part.headers['etag']}</ETag></Part></CompleteMultipartUpload>"
        ).encode()
        assert raw.call("POST", f"/bucket/key?uploadId={upload}", body).code == "EntityTooLarge"
