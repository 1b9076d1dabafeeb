"""Row N-08: proxies of the environment, asked by both planes: botocore's clients and our sender."""

import logging
import socket
from urllib.parse import quote

import pytest

from s3gui.adapters.logs_file import log_to
from s3gui.adapters.s3 import connect
from s3gui.adapters.s3_bounds import Bounds
from s3gui.core.errors import S3guiError, ServiceUnavailable, Unreachable
from s3gui.core.profile import Credentials, Profile, Secret
from tests.adapters.scripted_server import ACCESS_KEY_ID, SECRET, scripted_server
from tests.support import canary
from tests.support.certificates import Authority
from tests.support.forward_proxy import (
    breaks_off,
    forward_proxy,
    refuses,
    says_nothing,
    talks_nonsense,
    trickles,
)
from tests.support.operations import OPERATIONS

PLANES = ["put_object", "upload_part", "head", "list_objects", "create_multipart"]
VARIABLES = ("http_proxy", "https_proxy", "no_proxy")
TUNNELS = {
    "407": (refuses("407 Proxy Authentication Required"), "wants a user name and a password"),
    "403": (refuses("403 Forbidden"), "the proxy does not allow it"),
    "502": (refuses("502 Bad Gateway"), r"the proxy found no way to it \(502\)"),
    "504": (refuses("504 Gateway Timeout"), r"the proxy found no way to it \(504\)"),
    "silent": (says_nothing, "the proxy did not find it in time"),
    "trickling": (trickles, "the proxy did not find it in time"),
    "broken": (breaks_off, "the proxy broke the connection off"),
    "nonsense": (talks_nonsense, "the proxy broke the connection off"),
}
IN_THE_CLEAR = {
    "407": (refuses("407 Proxy Authentication Required"), Unreachable, "wants a user name"),
    "502": (refuses("502 Bad Gateway"), ServiceUnavailable, r"gateway or a proxy .* \(502\)"),
    "504": (refuses("504 Gateway Timeout"), ServiceUnavailable, r"gateway or a proxy .* \(504\)"),
}


@pytest.fixture(autouse=True)
def _nothing_is_told(tmp_path, monkeypatch, caplog, capfd):
    """Everything that is logged and printed is looked through for the proxy's password."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    caplog.set_level(logging.DEBUG)
    log = tmp_path / "s3gui.log"
    with log_to(log, pytest.fail):
        yield
    assert log.stat().st_size
    printed = capfd.readouterr()
    assert canary.hits(log.read_bytes() + printed.out.encode() + printed.err.encode()) == []
    assert canary.hits(caplog.text.encode()) == []


def use_proxy(monkeypatch, variable: str, port: int, host: str = "127.0.0.1") -> None:
    monkeypatch.setenv(variable, f"http://user:{quote(canary.PASSWORD, safe='')}@{host}:{port}")


def store_at(endpoint_url: str, ca_file: str | None = None, opening_seconds: float = 60.0):
    profile = Profile(
        "id",
        "Behind a proxy",
        provider_id="practice",
        endpoint_url=endpoint_url,
        region="eu-west-1",
        allow_http=True,
        ca_file=ca_file,
    )
    given = Credentials(ACCESS_KEY_ID, Secret(SECRET))
    return connect(profile, given, bounds=Bounds(opening_seconds=opening_seconds))


def failure_of(operation: str, endpoint_url: str, opening_seconds: float = 60.0) -> S3guiError:
    with pytest.raises(S3guiError) as raised:
        OPERATIONS[operation](store_at(endpoint_url, opening_seconds=opening_seconds))
    assert canary.hits(repr((raised.value, raised.value.failure())).encode()) == []
    return raised.value


@pytest.mark.row("N-08")
@pytest.mark.parametrize(
    ("name", "variable"),
    [("407", "HTTPS_PROXY"), *((name, "https_proxy") for name in TUNNELS)],
)
def test_a_tunnel_that_is_not_opened_has_a_sentence_of_its_own(monkeypatch, name, variable):
    refusal, sentence = TUNNELS[name]
    is_waited_for = refusal in {says_nothing, trickles}
    with forward_proxy(refusal) as proxy:
        use_proxy(monkeypatch, variable, proxy.port)
        for operation in PLANES[:3:2] if is_waited_for else PLANES:
            opening_seconds = 2.0 if is_waited_for else 60.0
            failure = failure_of(operation, "https://s3.example.com", opening_seconds)
            with pytest.raises(Unreachable, match=sentence):
                raise failure
            assert not failure.was_connected, operation
        asked = {line.rpartition(" ")[0] for line in proxy.first_lines}
        assert asked == {"CONNECT s3.example.com:443"}
        assert len(proxy.authorizations) == len(proxy.first_lines)


@pytest.mark.row("N-08")
@pytest.mark.parametrize("name", IN_THE_CLEAR)
def test_a_proxy_that_refuses_in_the_clear_has_a_sentence_of_its_own(monkeypatch, name):
    refusal, kind, sentence = IN_THE_CLEAR[name]
    with forward_proxy(refusal) as proxy:
        use_proxy(monkeypatch, "http_proxy", proxy.port)
        for operation in PLANES:
            failure = failure_of(operation, "http://s3.example.com:8000")
            with pytest.raises(kind, match=sentence):
                raise failure


@pytest.mark.row("N-08")
@pytest.mark.parametrize(
    ("host", "sentence"),
    [("127.0.0.1", "the proxy does not answer"), ("proxy.invalid", "the proxy's name was not")],
)
def test_a_proxy_that_is_not_there_is_named(monkeypatch, host, sentence):
    real = socket.getaddrinfo

    def getaddrinfo(name, *arguments, **named):
        if name == "proxy.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(name, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    for scheme in ("https", "http"):
        use_proxy(monkeypatch, f"{scheme}_proxy", 9, host)
        for operation in PLANES:
            failure = failure_of(operation, f"{scheme}://s3.example.com")
            with pytest.raises(Unreachable, match=sentence):
                raise failure


@pytest.mark.row("N-08")
def test_a_proxy_that_works_carries_both_planes_and_gets_its_password(monkeypatch, tmp_path):
    authority = Authority(tmp_path)
    tls = authority.server_context("", names=["s3.example.com"])
    for scheme, context in (("https", tls), ("http", None)):
        with scripted_server(context) as server:
            target_port = int(server.endpoint_url.rpartition(":")[2])
            with forward_proxy(target_port=target_port) as proxy:
                use_proxy(monkeypatch, f"{scheme}_proxy", proxy.port)
                ca_file = str(authority.ca_file) if context is not None else None
                store = store_at(f"{scheme}://s3.example.com:8000", ca_file)
                for operation in ("put_object", "upload_part", "head"):
                    OPERATIONS[operation](store)
                assert len(server.asked) == 3
                is_tunnel = proxy.first_lines[0].startswith("CONNECT s3.example.com:8000 ")
                assert is_tunnel == (scheme == "https")
                assert proxy.authorizations


@pytest.mark.row("N-08")
@pytest.mark.parametrize("variable", ["no_proxy", "NO_PROXY"])
def test_a_host_of_no_proxy_is_asked_directly(monkeypatch, variable):
    real = socket.getaddrinfo

    def getaddrinfo(name, *arguments, **named):
        return real("127.0.0.1" if name == "s3.example.com" else name, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with forward_proxy(says_nothing) as proxy, scripted_server() as server:
        port = server.endpoint_url.rpartition(":")[2]
        use_proxy(monkeypatch, "http_proxy", proxy.port)
        monkeypatch.setenv(variable, "localhost,.example.com")
        store = store_at(f"http://s3.example.com:{port}")
        for operation in ("put_object", "upload_part", "head"):
            OPERATIONS[operation](store)
        assert len(server.asked) == 3
        assert proxy.first_lines == []
