"""Whether anybody may read an object, asked without credentials."""

import pytest

from s3gui.core.errors import BadAnswer, NoSuchKey, S3guiError, ServiceUnavailable, Unreachable
from s3gui.core.transfer import Destination
from tests.adapters.raw_server import Caller, raw_server
from tests.adapters.scripted_server import ACCESS_KEY_ID, Answer, ScriptedServer
from tests.adapters.test_s3_proxies import store_behind

AT = Destination("bucket", "folder/file")


def test_nothing_of_the_credentials_and_no_byte_of_the_object_is_asked_for(
    server: ScriptedServer,
) -> None:
    assert server.store().is_public(AT)

    [asked] = server.asked
    assert (asked.method, asked.path) == ("HEAD", "/bucket/folder/file")
    assert "authorization" not in asked.headers
    assert ACCESS_KEY_ID not in str(asked)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_a_service_that_shows_strangers_nothing_has_nothing_public(
    server: ScriptedServer, status: int
) -> None:
    server.answers = [Answer(status)]

    assert not server.store().is_public(AT)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(404), NoSuchKey),
        (Answer(503), ServiceUnavailable),
        (Answer(is_cut=True), Unreachable),
        (Answer(headers={"Content-Type": "text/html"}), BadAnswer),
        (Answer(302, headers={"Location": "http://127.0.0.1:9/elsewhere"}), BadAnswer),
    ],
    ids=["missing", "unavailable", "cut", "a sign-in page", "sent on"],
)
def test_what_is_no_answer_to_the_question_is_told(
    server: ScriptedServer, answer: Answer, error: type[S3guiError]
) -> None:
    server.answers = [answer]

    with pytest.raises(error):
        server.store().is_public(AT)


def test_strangers_are_asked_for_through_the_same_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    heads: list[bytes] = []

    def serve(caller: Caller) -> None:
        heads.append(caller.head())
        caller.answer(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with raw_server(serve) as raw:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{raw.port}")
        assert not store_behind("http://s3.example.com:8000").is_public(AT)

    [head] = heads
    assert head.startswith(b"HEAD http://s3.example.com:8000/bucket/folder/file HTTP/1.1\r\n")
