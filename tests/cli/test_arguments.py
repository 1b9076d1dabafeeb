import sys

import pytest

from s3gui.cli.arguments import parse, size_bytes
from s3gui.cli.parser import Parser


def usage_error(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    with pytest.raises(SystemExit) as leaving:
        parse(argv)
    assert leaving.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5242880", 5242880),
        ("8MiB", 8 * 2**20),
        ("16M", 16 * 2**20),
        ("16m", 16 * 2**20),
        ("1 GiB", 2**30),
        ("10MB", 10_000_000),
        ("100B", 100),
        ("2T", 2 * 2**40),
        ("64k", 65536),
    ],
)
def test_a_size_may_be_written_in_units(text: str, expected: int) -> None:
    assert size_bytes(text) == expected


@pytest.mark.parametrize("text", ["", "M", "-5", "1.5M", "8MiBB", "8 M iB", "\uff19", "1e6", "8X"])
def test_what_is_not_a_size_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "not a size" in usage_error(capsys, "upload", "a", "s3://b/", f"--part-size={text}")


def test_the_last_word_is_the_destination_wherever_the_options_stand() -> None:
    arguments = parse(["upload", "a", "--acl", "public-read", "b", "--json", "s3://bucket/"])
    assert arguments.sources == ["a", "b"]
    assert arguments.destination == "s3://bucket/"
    assert arguments.acl == "public-read"
    assert arguments.json


def test_after_two_dashes_there_are_only_names() -> None:
    arguments = parse(["upload", "--json", "--", "--acl", "-x", "s3://bucket/"])
    assert arguments.sources == ["--acl", "-x"]
    assert arguments.acl == "private"


def test_one_dash_is_a_source() -> None:
    assert parse(["upload", "-", "s3://bucket/key"]).sources == ["-"]


def test_metadata_and_tags_may_be_given_several_times_and_hold_equals_signs() -> None:
    arguments = parse(
        ["upload", "a", "s3://b/", "--metadata", "x=1=2", "--metadata", "y=", "--tag", "t=v"]
    )
    assert arguments.metadata == [("x", "1=2"), ("y", "")]
    assert arguments.tag == [("t", "v")]


@pytest.mark.parametrize(
    ("argv", "sentence"),
    [
        (["upload"], "name what to upload"),
        (["upload", "s3://b/"], "name what to upload"),
        (["upload", "a", "s3://b/", "--acl", "world"], "invalid choice: 'world'"),
        (["upload", "a", "s3://b/", "--metadata", "novalue"], "NAME=VALUE"),
        (["upload", "a", "s3://b/", "--metadata", "=v"], "NAME=VALUE"),
        (["upload", "a", "s3://b/", "--storage-class", "cold\r\n"], "not a storage class"),
        (["upload", "a", "s3://b/", "--concurrency", "0"], "from 1 to 64"),
        (["upload", "a", "s3://b/", "--concurrency", "65"], "from 1 to 64"),
        (["upload", "a", "s3://b/", "--concurrency", "٣"], "from 1 to 64"),
        (["upload", "a", "s3://b/", "--kms-key-id", "k"], "needs --sse aws:kms"),
        (["upload", "a", "s3://b/", "--profile", "p", "--endpoint-url", "u"], "not allowed with"),
        (["upload", "a", "s3://b/", "--conc", "4"], "unrecognized arguments"),
        (["upload", "a", "s3://b/", "--secret-key", "x"], "unrecognized arguments"),
        (["practice", "--port", "65536"], "from 0 to 65535"),
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        ([], "a command is missing"),
    ],
)
def test_wrong_usage_is_one_sentence_and_where_to_look(
    argv: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    errors = usage_error(capsys, *argv)
    assert sentence in errors
    assert errors.splitlines()[-1].startswith("Try “s3gui")
    assert len(errors.splitlines()) == 2


def test_what_was_typed_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    errors = usage_error(capsys, "upload", "a", "s3://b/", "--metadata", "\x1b[2J\u202e")
    assert "\x1b" not in errors
    assert "\u202e" not in errors


def test_no_option_takes_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("upload", "resume", "buckets", "practice"):
        with pytest.raises(SystemExit):
            parse([command, "--help"])
        help_text = capsys.readouterr().out
        options = [word for word in help_text.split() if word.startswith("--")]
        assert not [word for word in options if "secret" in word or "token" in word]


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("100", 100), ("wide", 80), ("0", 80)])
def test_the_help_is_as_wide_as_the_terminal(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "__stdout__", None)  # a program without one
    parser = Parser("command", "")
    parser.add_argument("--option", help="word " * 40)
    longest = max(map(len, parser.format_help().splitlines()))
    assert width - 7 < longest <= width - 2


def test_the_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as leaving:
        parse(["--help"])
    assert leaving.value.code == 0
    help_text = capsys.readouterr().out
    for command in ("upload", "resume", "buckets", "practice"):
        assert f"s3gui {command}" in help_text
