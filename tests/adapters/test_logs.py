import logging
import os
import stat
from pathlib import Path

import pytest

from s3gui.adapters.logs import hide_secrets_in_logs
from s3gui.adapters.logs_file import LogIncomplete, LogUnavailable, log_to

TOKEN = "canary-session-token-0123456789"


@pytest.fixture(autouse=True)
def _factory_as_before():
    before = logging.getLogRecordFactory()
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.row("C-03")
@pytest.mark.parametrize("name", ["botocore.auth", "boto3", "urllib3.connectionpool", "s3gui.x"])
def test_no_handler_of_anybody_sees_a_secret(name, caplog) -> None:
    hide_secrets_in_logs()
    hide_secrets_in_logs()
    log = logging.getLogger(name)
    with caplog.at_level(logging.DEBUG):
        log.debug("headers:\nx-amz-security-token:%s\nhost:x", TOKEN)
        log.debug("wrong %s %s", *[f"token={TOKEN}"])
        error = ValueError(f"Authorization: {TOKEN}")
        log.error("failed", exc_info=error)
    assert len(caplog.records) == 3
    assert TOKEN not in caplog.text
    assert TOKEN not in str([vars(record) for record in caplog.records])
    assert "host:x" in caplog.text
    assert "ValueError: Authorization: [hidden]" in caplog.text


def test_the_logs_of_others_are_left_as_they_are(caplog) -> None:
    hide_secrets_in_logs()
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("somebody.else").debug("token=%s", "theirs")
    assert caplog.records[0].args == ("theirs",)


@pytest.mark.row("C-03")
def test_a_log_file_is_its_owners_and_holds_no_secret(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "bare-secret-of-the-environment")
    path = tmp_path / "log"
    path.touch(0o666)
    path.chmod(0o666)
    before = os.umask(0)
    try:
        with log_to(path, pytest.fail):
            logging.getLogger("botocore").debug("X-Amz-Security-Token=%s", TOKEN)
            logging.getLogger("somebody.else").info("with bare-secret-of-the-environment")
            logging.getLogger("s3gui").debug("x" * 100_000)
    finally:
        os.umask(before)
    logging.getLogger("s3gui").warning("after the end")
    text = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert text.count("[hidden]") == 2
    assert "characters more" in text
    assert "after the end" not in text
    assert len(text) < 50_000


def test_a_log_file_has_a_largest_size(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("s3gui.adapters.logs_file._LARGEST_FILE_BYTES", 10_000)
    before = os.umask(0)
    try:
        with log_to(tmp_path / "log", pytest.fail):
            for _ in range(1000):
                logging.getLogger("s3gui").info("y" * 100)
    finally:
        os.umask(before)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["log", "log.1"]
    assert sum(file.stat().st_size for file in files) < 21_000
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "missing folder"])
def test_a_log_goes_into_nothing_but_a_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "log"
    if kind == "link":
        path.symlink_to(tmp_path / "precious")
        (tmp_path / "precious").touch()
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    else:
        path = tmp_path / "missing" / "log"
    with pytest.raises(LogUnavailable, match="log"), log_to(path, pytest.fail):
        pass


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="Linux only")
def test_a_log_on_a_full_disk_is_told_once_and_without_a_traceback(
    tmp_path: Path, monkeypatch, capsys
) -> None:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    monkeypatch.setattr(os, "open", lambda *_: descriptor)
    monkeypatch.setattr(os, "fchmod", lambda *_: None)
    told = []
    with log_to(tmp_path / "log", told.append):
        monkeypatch.undo()
        for _ in range(3):
            logging.getLogger("s3gui").info("more than there is room for")
    (gap,) = told
    assert isinstance(gap, LogIncomplete)
    assert "No space left on device" in gap.message
    assert capsys.readouterr().err == ""
