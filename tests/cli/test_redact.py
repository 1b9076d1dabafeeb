import io
import logging

import pytest

from s3gui.cli.lines import Lines
from s3gui.cli.redact import listening_to_logs, redact, redacted_traceback

SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature={SECRET}",
        f"{{'Authorization': 'AWS4-HMAC-SHA256 Signature={SECRET}'}}",
        f"x-amz-security-token: {SECRET}",
        f"https://b.s3.amazonaws.com/k?X-Amz-Signature={SECRET}&X-Amz-Date=1",
        f"https://b.s3.amazonaws.com/k?X-Amz-Security-Token={SECRET}",
        f"X-Amz-Server-Side-Encryption-Customer-Key: {SECRET}",
        f"proxy http://user:{SECRET}@proxy.example.com:8080 refused",
        f"aws_secret_access_key={SECRET}",
        f"secret_access_key='{SECRET}'",
    ],
)
def test_what_looks_like_a_credential_is_hidden(text: str) -> None:
    assert SECRET not in redact(text, {})


def test_what_is_a_secret_of_the_environment_is_hidden_wherever_it_stands() -> None:
    environment = {"AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": ""}
    assert redact(f"<{SECRET}>", environment) == "<[hidden]>"


def test_the_rest_stays_readable() -> None:
    text = 'File "upload.py", line 3, in run: the bucket s3://b/k?x=1 is not there'
    assert redact(text, {}) == text


def test_a_traceback_is_whole_but_for_the_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SESSION_TOKEN", SECRET)
    with pytest.raises(RuntimeError) as raised:
        raise RuntimeError(f"with {SECRET}")
    text = redacted_traceback(raised.value)
    assert "RuntimeError: with [hidden]" in text
    assert "test_redact.py" in text


def test_the_programs_log_is_shown_redacted_or_not_at_all() -> None:
    log = logging.getLogger("s3gui.somewhere")
    stream = io.StringIO()
    with listening_to_logs(Lines(stream)):
        log.warning("Authorization: %s", SECRET)
    with listening_to_logs(None):
        log.warning("nobody hears this")
    assert stream.getvalue() == "Authorization: [hidden]\n"
