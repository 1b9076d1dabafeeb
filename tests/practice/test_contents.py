import pytest

from tests.practice.refusals import refused

KEYS = ["a", "b/1", "b/2", "b/c/3", "d", "e/4", "é", "😀"]


@pytest.fixture
def filled(client):
    for key in KEYS:
        client.put_object(Bucket="bucket", Key=key, Body=key.encode())
    return client


def walk(client, operation="list_objects_v2", **arguments):
    """Everything, page by page: the keys, and the prefixes in brackets."""
    found = []
    for page in client.get_paginator(operation).paginate(Bucket="bucket", **arguments):
        found += [entry["Key"] for entry in page.get("Contents", [])]
        found += [f"[{entry['Prefix']}]" for entry in page.get("CommonPrefixes", [])]
    return found


def test_keys_are_listed_in_the_order_of_their_bytes(filled):
    page = filled.list_objects_v2(Bucket="bucket")
    assert [entry["Key"] for entry in page["Contents"]] == KEYS
    assert (page["KeyCount"], page["IsTruncated"], page["MaxKeys"]) == (8, False, 1000)
    first = page["Contents"][0]
    assert (first["Size"], first["ETag"], first["StorageClass"]) == (
        1,
        '"0cc175b9c0f1b6a831c399e269772661"',
        "STANDARD",
    )
    assert first["ChecksumAlgorithm"] == ["CRC32"]
    assert "Owner" not in first
    assert "Owner" in filled.list_objects_v2(Bucket="bucket", FetchOwner=True)["Contents"][0]


@pytest.mark.parametrize("operation", ["list_objects_v2", "list_objects"])
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_pages_of_any_size_give_each_key_once(filled, operation, size):
    paging = {"PageSize": size}
    assert walk(filled, operation, PaginationConfig=paging) == KEYS
    assert sorted(walk(filled, operation, Delimiter="/", PaginationConfig=paging)) == sorted(
        ["a", "d", "é", "😀", "[b/]", "[e/]"]
    )
    assert walk(filled, operation, Prefix="b/", Delimiter="/", PaginationConfig=paging)[-1] in {
        "[b/c/]",
        "b/2",
    }
    assert walk(filled, operation, Prefix="b/", PaginationConfig=paging) == ["b/1", "b/2", "b/c/3"]


def test_a_page_ends_where_it_is_full_be_it_with_keys_or_prefixes(filled):
    page = filled.list_objects_v2(Bucket="bucket", Delimiter="/", MaxKeys=2)
    assert [entry["Key"] for entry in page["Contents"]] == ["a"]
    assert [entry["Prefix"] for entry in page["CommonPrefixes"]] == ["b/"]
    assert (page["KeyCount"], page["IsTruncated"]) == (2, True)


def test_a_listing_can_start_in_the_middle(filled):
    assert walk(filled, StartAfter="b/1") == KEYS[2:]
    assert walk(filled, StartAfter="b/1", Delimiter="/") == ["d", "é", "😀", "[b/]", "[e/]"]
    assert walk(filled, "list_objects", Marker="b/", Delimiter="/") == ["d", "é", "😀", "[e/]"]
    assert walk(filled, StartAfter="zzz") == ["é", "😀"]


def test_no_keys_at_all_can_be_asked_for(filled):
    page = filled.list_objects_v2(Bucket="bucket", MaxKeys=0)
    assert (page["KeyCount"], page["IsTruncated"]) == (0, False)


def test_a_delimiter_may_be_any_text(client):
    for key in ("one--two", "one--three", "four"):
        client.put_object(Bucket="bucket", Key=key, Body=b"")
    assert walk(client, Delimiter="--") == ["four", "[one--]"]


def test_keys_that_xml_cannot_hold_survive_with_url_encoding(client):
    for key in ("a\x01b", "a&<b>", "a b+c", "\u2028"):
        client.put_object(Bucket="bucket", Key=key, Body=b"")
    assert walk(client) == ["a\x01b", "a b+c", "a&<b>", "\u2028"]


@pytest.mark.parametrize(
    "query",
    [
        "list-type=2&max-keys=-1",
        "list-type=2&max-keys=x",
        "list-type=2&encoding-type=base64",
        "list-type=2&continuation-token=%21",
        "versions&version-id-marker=x",
        "versions&key-marker=a&version-id-marker=x",
    ],
)
def test_arguments_that_make_no_sense_are_refused(raw, query):
    assert raw.call("GET", f"/bucket?{query}").code == "InvalidArgument"


def test_big_folders_are_jumped_over(server, client, raw):
    """With 2,000 keys in each of three folders, and pages of one entry."""
    service = server._service
    with service.index.transaction():
        for folder in ("x", "y", "z"):
            for number in range(2000):
                name = f"{folder}/{number}".encode()
                service.index.run(
                    "INSERT INTO versions VALUES (NULL, 'bucket', ?, 'null', 1, 0, 0, 'e', 0,"
                    " '{}', NULL, 0)",
                    name,
                )
    assert walk(client, Delimiter="/") == ["[x/]", "[y/]", "[z/]"]
    assert walk(client, Delimiter="/", PaginationConfig={"PageSize": 1}) == ["[x/]", "[y/]", "[z/]"]
    assert len(walk(client)) == 6000


def versions(client, **arguments):
    found = []
    pages = client.get_paginator("list_object_versions").paginate(Bucket="versioned", **arguments)
    for page in pages:
        entries = [(entry, "") for entry in page.get("Versions", [])]
        entries += [(entry, "-") for entry in page.get("DeleteMarkers", [])]
        found += [(mark + entry["Key"], entry["IsLatest"]) for entry, mark in entries]
        found += [(f"[{entry['Prefix']}]", None) for entry in page.get("CommonPrefixes", [])]
    return found


@pytest.mark.parametrize("size", [1, 2, 1000])
def test_versions_are_listed_newest_first(client, size):
    for key in ("a", "a", "b/c", "d"):
        client.put_object(Bucket="versioned", Key=key, Body=b"")
    client.delete_object(Bucket="versioned", Key="a")
    paging = {"PageSize": size}
    assert sorted(versions(client, PaginationConfig=paging)) == sorted(
        [("-a", True), ("a", False), ("a", False), ("b/c", True), ("d", True)]
    )
    assert ("[b/]", None) in versions(client, Delimiter="/", PaginationConfig=paging)
    assert versions(client, Prefix="d", PaginationConfig=paging) == [("d", True)]


@pytest.mark.parametrize("size", [1, 3])
def test_all_versions_can_be_deleted_page_by_page(client, size):
    """The marker of the next page is a version that is gone by then."""
    client.put_object(Bucket="bucket", Key="a", Body=b"before versioning")
    client.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    for key in ("a", "b", "a", "b", "a"):
        client.put_object(Bucket="bucket", Key=key, Body=b"")
    client.delete_object(Bucket="bucket", Key="a")
    pages = client.get_paginator("list_object_versions").paginate(
        Bucket="bucket", PaginationConfig={"PageSize": size}
    )
    for page in pages:
        for entry in page.get("Versions", []) + page.get("DeleteMarkers", []):
            client.delete_object(Bucket="bucket", Key=entry["Key"], VersionId=entry["VersionId"])
    client.delete_bucket(Bucket="bucket")


def test_deleted_keys_are_not_listed(client):
    client.put_object(Bucket="versioned", Key="a", Body=b"")
    client.delete_object(Bucket="versioned", Key="a")
    assert client.list_objects_v2(Bucket="versioned")["KeyCount"] == 0
    with refused("NoSuchBucket", 404):
        client.list_objects_v2(Bucket="no-such-bucket")
