"""Proxies of the environment, by our own sender."""

import base64

import pytest

from s3gui.adapters.s3 import connect
from s3gui.core.errors import Unreachable
from s3gui.core.profile import Credentials, Profile, Secret
from tests.adapters.raw_server import Caller, raw_server
from tests.adapters.scripted_server import ACCESS_KEY_ID, SECRET
from tests.adapters.test_s3_sender import LARGE, put

PASSWORD = "proxy-p%40ss"


def store_behind(endpoint_url: str):
    profile = Profile(
        "id",
        "Test",
        provider_id="practice",
        endpoint_url=endpoint_url,
        region="eu-west-1",
        allow_http=True,
    )
    return connect(profile, Credentials(ACCESS_KEY_ID, Secret(SECRET)))


@pytest.fixture
def heads() -> list[bytes]:
    return []


def test_a_proxy_gets_the_whole_address_and_its_password(heads, monkeypatch):
    def serve(caller: Caller):
        while (request := caller.request())[0]:
            heads.append(request[0])
            caller.answer()

    with raw_server(serve) as raw:
        monkeypatch.setenv("http_proxy", f"http://user:{PASSWORD}@127.0.0.1:{raw.port}")
        store = store_behind("http://s3.example.com:8000")
        put(store)
        put(store, LARGE)
        assert raw.connections == 1

    for head in heads:
        assert head.startswith(b"PUT http://s3.example.com:8000/bucket/key HTTP/1.1\r\n")
        assert b"\r\nHost: s3.example.com:8000\r\n" in head
        told = base64.b64encode(b"user:proxy-p@ss")
        assert b"\r\nProxy-Authorization: Basic " + told in head


def test_a_tunnel_is_asked_for_and_its_refusal_is_told_apart(heads, monkeypatch):
    def serve(caller: Caller):
        heads.append(caller.head())
        caller.answer(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")

    with raw_server(serve) as raw:
        monkeypatch.setenv("https_proxy", f"http://user:{PASSWORD}@127.0.0.1:{raw.port}")
        with pytest.raises(Unreachable, match="user name and a password") as caught:
            put(store_behind("https://s3.example.com"))

    assert heads[0].startswith(b"CONNECT s3.example.com:443 HTTP/1.")
    assert b"\r\nProxy-Authorization: Basic " in heads[0]
    assert PASSWORD not in repr(caught.value.failure())


def test_a_proxy_that_does_not_answer_is_named(monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://user:{PASSWORD}@127.0.0.1:9")

    with pytest.raises(Unreachable, match="the proxy does not answer") as caught:
        put(store_behind("http://s3.example.com"))

    assert PASSWORD not in repr(caught.value.failure())


def test_a_host_that_needs_no_proxy_gets_none(heads, monkeypatch):
    def serve(caller: Caller):
        heads.append(caller.request()[0])
        caller.answer()

    with raw_server(serve) as raw:
        monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
        monkeypatch.setenv("no_proxy", "127.0.0.1,example.org")
        put(raw.store())

    assert heads[0].startswith(b"PUT /bucket/key HTTP/1.1\r\n")
