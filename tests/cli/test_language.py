import json

import pytest

from s3gui.assets import resource
from s3gui.cli import main
from s3gui.i18n import ENGLISH, use_language

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def _german(monkeypatch):
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    yield
    use_language(resource("locale"), [ENGLISH])


def test_help_and_wrong_usage_are_in_the_language_of_the_environment(capsys):
    assert main(["upload", "--help"]) == 0
    assert "Aufruf: s3gui upload" in capsys.readouterr().out
    assert main(["upload"]) == 2
    assert "Nennen Sie, was hochzuladen ist" in capsys.readouterr().err


def test_an_error_of_the_program_is_as_well(tmp_path, capsys):
    missing = str(tmp_path / "weg.txt")
    assert main(["upload", missing, "s3://b/", "--endpoint-url", NOWHERE]) == 1
    assert "„weg.txt“ existiert nicht. Prüfen Sie den Namen" in capsys.readouterr().err


def test_what_programs_read_is_english_whatever_is_spoken(tmp_path, capsys):
    missing = str(tmp_path / "weg.txt")
    assert main(["upload", missing, "s3://b/", "--endpoint-url", NOWHERE, "--json"]) == 1
    seen = capsys.readouterr()
    messages = [
        line["failure"]["message"]
        for line in map(json.loads, seen.out.splitlines())
        if line["event"] == "transfer" and "failure" in line
    ]
    assert messages == ["“weg.txt” does not exist."]
    assert "existiert" not in seen.out + seen.err


def test_the_locale_of_c_is_english(monkeypatch, capsys):
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert main(["upload"]) == 2
    assert "name what to upload" in capsys.readouterr().err


def test_what_argparse_complains_of_is_in_it_too(capsys):
    assert main(["upload", "--acl", "mine", "a", "s3://b/"]) == 2
    assert "Argument --acl: ungültige Auswahl: 'mine' (möglich sind " in capsys.readouterr().err
