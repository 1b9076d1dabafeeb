import io
import logging

import pytest

from s3gui.cli.lines import Lines
from s3gui.cli.redact import listening_to_logs, redacted_traceback

SECRET = "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY"


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
