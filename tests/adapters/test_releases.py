"""Row C-10: what is unsigned, older, out of date or from another host is refused."""

import base64
import json
import ssl
from datetime import date

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from s3gui.adapters.releases import (
    ReleaseRefused,
    ReleaseSource,
    ReleasesUnreachable,
    release_source,
)
from tests.adapters.scripted_server import Answer, scripted_server
from tests.support.certificates import Authority

pytestmark = pytest.mark.row("C-10")

_TODAY = date(2026, 11, 27)
_RELEASE = {
    "version": "1.10.0",
    "published": "2026-11-20",
    "expires": "2027-02-20",
    "page": "https://releases.example.org/1.10.0",
}


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 3072)


@pytest.fixture
def authority(tmp_path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def server(authority):
    with scripted_server(authority.server_context()) as server:
        yield server


@pytest.fixture
def ask(authority, server, key):
    def ask(*, newest_seen: str = "1.9.0", today: date = _TODAY):
        source = ReleaseSource(f"{server.endpoint_url}/version.json", _public(key))
        context = ssl.create_default_context(cafile=authority.ca_file)
        return source.newest(newest_seen=newest_seen, today=today, context=context)

    return ask


def _public(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.PKCS1
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def _answer(key: rsa.RSAPrivateKey, **changes: object) -> Answer:
    signed = json.dumps(_RELEASE | changes).encode()
    return Answer(body=_envelope(signed, _signature(key, signed)))


def _signature(key: rsa.RSAPrivateKey, signed: bytes) -> bytes:
    salted = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    return key.sign(signed, salted, hashes.SHA256())


def _envelope(signed: bytes, signature: bytes) -> bytes:
    parts = {"signed": signed, "signature": signature}
    return json.dumps({k: base64.b64encode(v).decode() for k, v in parts.items()}).encode()


def test_a_newer_release_is_told(ask, server, key):
    server.answers = [_answer(key)]
    release = ask()
    assert release.is_newer_than("1.9.0")
    assert release.page == "https://releases.example.org/1.10.0"


def test_the_question_tells_nothing_of_who_asks(ask, server, key):
    server.answers = [_answer(key)]
    ask()
    (asked,) = server.asked
    assert (asked.method, asked.path, asked.body) == ("GET", "/version.json", b"")
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert headers.pop("host").startswith("127.0.0.1:")
    assert headers == {"accept-encoding": "identity", "connection": "close", "user-agent": "s3gui"}


def test_what_another_key_signed_is_refused(ask, server):
    server.answers = [_answer(rsa.generate_private_key(65537, 3072))]
    with pytest.raises(ReleaseRefused) as refused:
        ask()
    assert refused.value.detail == "the signature is not the project's"


def test_what_was_changed_after_it_was_signed_is_refused(ask, server, key):
    signature = _signature(key, json.dumps(_RELEASE).encode())
    changed = json.dumps(_RELEASE | {"version": "9.0.0"}).encode()
    server.answers = [Answer(body=_envelope(changed, signature))]
    with pytest.raises(ReleaseRefused) as refused:
        ask()
    assert refused.value.detail == "the signature is not the project's"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>sign in</html>",
        b"[]",
        b"{}",
        b'{"signed": "e30=", "signature": ""}',
        b'{"signed": 1, "signature": 2}',
        b"[" * 60_000,
        b" " * 70_000,
    ],
)
def test_what_is_not_signed_is_refused(ask, server, body):
    server.answers = [Answer(body=body)]
    with pytest.raises(ReleaseRefused):
        ask()


@pytest.mark.parametrize(
    "changes",
    [
        {"version": "1.10.0; rm"},
        {"version": 2},
        {"page": "javascript:alert(1)"},
        {"page": "http://releases.example.org/"},
        {"published": "yesterday"},
        {"installer": "https://releases.example.org/setup.exe"},
    ],
)
def test_what_is_signed_but_not_a_release_is_refused(ask, server, key, changes):
    server.answers = [_answer(key, **changes)]
    with pytest.raises(ReleaseRefused) as refused:
        ask()
    assert refused.value.detail == "signed, but not a release"


def test_an_older_answer_played_again_is_refused(ask, server, key):
    server.answers = [_answer(key, version="1.9.9")]
    with pytest.raises(ReleaseRefused, match="older than"):
        ask(newest_seen="1.10.0")


def test_a_word_that_is_out_of_date_is_refused(ask, server, key):
    server.answers = [_answer(key)]
    assert ask(today=date(2027, 2, 20)).version == "1.10.0"
    with pytest.raises(ReleaseRefused, match="out of date"):
        ask(today=date(2027, 2, 21))


def test_no_other_host_is_asked(ask, authority, server, key):
    with scripted_server(authority.server_context()) as other:
        other.answers = [_answer(key)]
        server.answers = [Answer(302, headers={"Location": f"{other.endpoint_url}/version.json"})]
        with pytest.raises(ReleasesUnreachable):
            ask()
        assert other.asked == []


def test_a_host_that_cannot_prove_itself_is_not_asked(server, key):
    source = ReleaseSource(f"{server.endpoint_url}/version.json", _public(key))
    with pytest.raises(ReleasesUnreachable):
        source.newest(newest_seen="1.0", today=_TODAY, context=ssl.create_default_context())
    assert server.asked == []


def test_the_program_works_where_nobody_answers(ask, server):
    server.answers = [Answer(is_cut=True)]
    with pytest.raises(ReleasesUnreachable):
        ask()


def test_a_copy_knows_its_project_by_a_file_that_goes_with_it(tmp_path, key):
    file = tmp_path / "releases.json"
    assert release_source(file) is None
    for broken in ("", "[]", '{"url": "https://example.org", "public_key": "short"}'):
        file.write_text(broken)
        assert release_source(file) is None
    file.write_text(json.dumps({"url": "http://example.org/v", "public_key": _public(key)}))
    assert release_source(file) is None
    file.write_text(json.dumps({"url": "https://example.org/v", "public_key": _public(key)}))
    assert release_source(file) == ReleaseSource("https://example.org/v", _public(key))
