import subprocess
import sys
from pathlib import Path

import pytest

from s3gui.gui import self_test


def test_a_whole_copy_says_what_it_is_made_of_and_ends_with_zero():
    ended = subprocess.run(
        [sys.executable, "-m", "s3gui", "--self-test"],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[0] == "100000 bytes stored on the practice server and verified"
    assert "icons; languages: en, de, es, fr, ja, zh_CN, Qt's own texts too" in lines[1]
    names = {line.partition(":")[0] for line in lines[2:]}
    assert names >= {"Python", "Qt", "SQLite", "OpenSSL", "certificates", "keyring", "s3gui"}


def test_what_is_missing_is_named_and_the_rest_is_still_looked_at(monkeypatch, capsys, tmp_path):
    def no_upload() -> str:
        raise ImportError("no module named “botocore.handlers”")

    monkeypatch.setattr(self_test, "_upload", no_upload)
    monkeypatch.setattr(self_test, "resource", tmp_path.joinpath)
    monkeypatch.setattr(self_test, "_versions", lambda: "Python: 3.11")
    assert self_test.main() == 1
    out, err = capsys.readouterr()
    assert out == "Python: 3.11\n"
    assert err.splitlines() == ["missing: no module named “botocore.handlers”", "missing: icons"]


@pytest.mark.usefixtures("qapp")
def test_a_language_that_was_left_out_is_named(monkeypatch):
    monkeypatch.setattr(self_test, "LANGUAGES", {"en": "English", "tlh": "tlhIngan Hol"})
    with pytest.raises(Exception, match="the texts in tlh"):
        self_test._resources()


@pytest.mark.usefixtures("qapp")
def test_texts_of_qt_that_were_left_out_are_named(monkeypatch):
    monkeypatch.setattr(self_test, "qt_catalogue", lambda _language: None)
    with pytest.raises(Exception, match="Qt's own texts in de"):
        self_test._resources()


@pytest.mark.usefixtures("qapp")
def test_what_does_not_come_in_time_is_named(monkeypatch):
    monkeypatch.setattr(self_test, "_TIME_LIMIT_SECONDS", 0.1)
    with pytest.raises(Exception, match="a miracle"):
        self_test._wait(lambda: False, "a miracle")
