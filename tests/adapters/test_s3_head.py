"""Heads share a form where they are alike: nothing of one may get into another."""

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3gui.adapters.s3_address import Address
from s3gui.adapters.s3_head import Route, signed_head
from s3gui.adapters.s3_signing import UNSIGNED_PAYLOAD, Signer
from s3gui.adapters.s3_wire import WIRES

ADDRESS = Address("http", "127.0.0.1", 9000, "/bucket", "us-east-1")
PRINTABLE = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=12)
PUT = st.fixed_dictionaries(
    {"Bucket": st.just("bucket"), "Key": st.text("a%s/ü ", min_size=1, max_size=6)},
    optional={
        "ACL": st.sampled_from(["private", "public-read"]),
        "ContentLength": st.integers(0, 99),
        "ContentType": PRINTABLE,
        "ChecksumCRC64NVME": st.text("abc+/=", min_size=1, max_size=12),
        "IfNoneMatch": st.just("*"),
        "Metadata": st.dictionaries(st.sampled_from(["a", "b%s"]), PRINTABLE, max_size=2),
    },
)
PART = st.fixed_dictionaries(
    {
        "Bucket": st.just("bucket"),
        "Key": st.text("a%s/", min_size=1, max_size=6),
        "UploadId": st.text("a+%(", min_size=1, max_size=6),
        "PartNumber": st.integers(1, 10_000),
        "ContentLength": st.integers(0, 99),
    }
)
KEYS = st.builds(
    SimpleNamespace,
    access_key=st.just("AKIA"),
    secret_key=st.just("secret"),
    token=st.sampled_from([None, "one", "an%sother  one"]),
)
REQUEST = st.one_of(st.tuples(st.just("PutObject"), PUT), st.tuples(st.just("UploadPart"), PART))


@pytest.mark.parametrize("proxy_url", [None, "http://proxy"])
@settings(max_examples=30)
@given(requests=st.lists(st.tuples(REQUEST, KEYS), min_size=2, max_size=5))
def test_a_head_is_the_same_whatever_was_sent_before(proxy_url, requests):
    def head(route, request, keys):
        operation, parameters = request
        return signed_head(
            WIRES[operation],
            parameters,
            route,
            keys,
            payload_hash=UNSIGNED_PAYLOAD,
            timestamp="20260131T235959Z",
        )

    def route():
        return Route(ADDRESS, Signer("us-east-1"), "s3gui/1 100%s", proxy_url, {"Proxy-X": "%s"})

    shared = route()
    for request, keys in requests:
        parameters = request[1]
        made = head(shared, request, keys)
        assert made == head(route(), request, keys)
        lines = made.decode("latin-1").split("\r\n")
        assert "User-Agent: s3gui/1 100%s" in lines
        assert lines[-2:] == ["", ""]
        assert ("Proxy-X: %s" in lines) is (proxy_url is not None)
        for name, value in parameters.get("Metadata", {}).items():
            assert f"x-amz-meta-{name}: {value}" in lines
