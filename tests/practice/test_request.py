import io

import pytest

from s3gui.practice.errors import S3Error
from s3gui.practice.request import parse
from s3gui.practice.wire import Body, Head


def request(target, host="127.0.0.1:9000", method="GET"):
    head = Head(method, target, {"host": host}, True)
    return parse(head, Body(io.BufferedReader(io.BytesIO()), head, lambda: None))


@pytest.mark.parametrize(
    ("target", "bucket", "key"),
    [
        ("/", None, None),
        ("/bucket", "bucket", None),
        ("/bucket/", "bucket", None),
        ("/bucket/key", "bucket", "key"),
        ("/bucket//", "bucket", "/"),
        ("/bucket//key/", "bucket", "/key/"),
        ("/bucket/a%2Fb", "bucket", "a/b"),
        ("/bucket/a+b%20c", "bucket", "a+b c"),
        ("/bucket/../x/./y", "bucket", "../x/./y"),
        ("/bucket/%C3%BC%F0%9F%98%80", "bucket", "ü😀"),
        ("/bucket/%25%3F%23", "bucket", "%?#"),
        ("http://127.0.0.1:9000/bucket/key", "bucket", "key"),
        ("http://127.0.0.1:9000", None, None),
    ],
)
def test_bucket_and_key_come_byte_for_byte_from_the_path(target, bucket, key):
    assert (request(target).bucket, request(target).key) == (bucket, key)


def test_a_bucket_may_be_named_by_the_host():
    found = request("/a/b?acl", "my-bucket.localhost:9000")
    assert (found.bucket, found.key, found.canonical_path()) == ("my-bucket", "a/b", "/a/b")
    assert request("/bucket/a", "localhost:9000").bucket == "bucket"


def test_arguments_are_decoded_and_a_plus_is_a_blank():
    found = request("/bucket?prefix=a+b%2Bc&acl&x=1=2&&y=")
    assert found.query == [("prefix", "a b+c"), ("acl", ""), ("x", "1=2"), ("y", "")]
    assert found.argument("acl") == ""
    assert found.argument("none") is None


@pytest.mark.parametrize("target", ["bucket", "/%FF", "/bucket/%C3", "/bucket?a=%FF", "*"])
def test_what_is_no_utf8_or_no_path_is_refused(target):
    with pytest.raises(S3Error, match="InvalidURI"):
        request(target)


def test_a_key_without_a_bucket_is_refused():
    with pytest.raises(S3Error, match="InvalidBucketName"):
        request("//key")


def test_numbers_are_whole_and_have_a_highest_value():
    assert request("/b?n=7").number("n", 1) == 7
    assert request("/b?n=").number("n", 1) == 1
    assert request("/b").number("n", 1) == 1
    assert request("/b?n=5000").number("n", 1, highest=1000) == 1000
    for text in ("-1", "x", "1.5", "2147483648", "9" * 30, "%D9%A1"):
        with pytest.raises(S3Error, match="InvalidArgument"):
            request(f"/b?n={text}").number("n", 1)
