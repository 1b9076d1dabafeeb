"""Whatever is typed ends in a sentence, never in a traceback (B-06)."""

import io
import os
import random
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from s3gui import cli
from s3gui.cli.arguments import _COMMANDS, parse
from s3gui.core.errors import InputError
from s3gui.practice import __main__ as practice_program
from tests.cli.conftest import Program, State

# Without slashes and dots: no word may name a folder that lies outside the test's own.
_TEXT = st.text(st.characters(exclude_characters="/.\\~"), max_size=12)
_OPTIONS = [
    *("--acl", "--content-type", "--storage-class", "--metadata", "--tag", "--on-conflict"),
    *("--profile", "--endpoint-url", "--region", "--part-size", "--concurrency", "--json"),
    *("--cache-control", "--sse", "--kms-key-id", "--debug", "--failed", "--help", "--version"),
    *("--port", "--bucket", "--root", "--log-file", "--", "-", "-h"),
]
_VALUES = [
    *("s3://bucket/", "s3://bucket/key", "s3://", "s3:///", "s3://b\x00/", "here", "-1", "0"),
    *("99999999999999999999", "8MiB", "16M", "public-read", "skip", "rename", "A=B", "=", "\x1b["),
    *("http://[", "http://127:99999", "https://u:p@h", "http://h", "aws:kms", "\udcff", "\u202e"),
]
_WORD = st.one_of(st.sampled_from(_OPTIONS), st.sampled_from(_VALUES), _TEXT)
_COMMAND = st.sampled_from(
    ["upload", "upload", "upload", "resume", "buckets", "leftovers", "practice", "x"]
)
_ARGV = st.one_of(
    st.lists(_WORD, max_size=8),
    st.builds(lambda command, words: [command, *words], _COMMAND, st.lists(_WORD, max_size=8)),
    st.builds(
        lambda words: ["upload", "here", *words, "s3://bucket/"], st.lists(_WORD, max_size=4)
    ),
)


@pytest.fixture
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "file").write_text("x")
    monkeypatch.setattr(practice_program, "main", lambda argv: 0)
    with Path(os.devnull).open() as nothing:
        monkeypatch.setattr(sys, "stdin", nothing)
        yield


def end_of_parsing(argv: list[str]) -> int:
    """The status with which the line is refused or answered; 0 where it is understood."""
    try:
        parse(argv)
    except SystemExit as ended:
        return int(ended.code or 0)
    except InputError:
        return 2
    return 0


@pytest.mark.row("B-06")
@pytest.mark.parametrize("command", sorted(_COMMANDS))
def test_a_thousand_lines_of_each_command_are_understood_or_refused(command: str) -> None:
    seed = random.SystemRandom().randrange(2**32)
    chosen = random.Random(seed)
    for _ in range(1000):
        words = [chosen.choice(_OPTIONS + _VALUES) for _ in range(chosen.randrange(8))]
        errors = io.StringIO()
        with redirect_stderr(errors), redirect_stdout(io.StringIO()):
            status = end_of_parsing([command, *words])
        assert status in {0, 2}, (seed, words)
        assert "Traceback" not in errors.getvalue(), (seed, words)
        assert "\x1b" not in errors.getvalue(), (seed, words)


@pytest.mark.row("B-06")
@pytest.mark.usefixtures("_in_a_folder_of_its_own")
@settings(
    max_examples=1000,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(argv=_ARGV)
def test_a_thousand_random_lines_end_in_a_status_and_a_sentence(argv: list[str], state: State):
    output, errors = io.StringIO(), io.StringIO()

    def open_workspace(**arguments):
        return state.open_workspace(**{**arguments, "keep_queue": False})

    with redirect_stdout(output), redirect_stderr(errors):
        status = cli.main(argv, open_workspace=open_workspace)
    assert status in {0, 1, 2}
    said = errors.getvalue()
    assert "Traceback" not in said
    assert "unexpected happened" not in said
    assert status != 2 or said
    assert "\x1b" not in said


@pytest.mark.parametrize(
    "argv",
    [
        ["frobnicate"],
        ["--frobnicate"],
        ["upload", "nothing", "here"],
        ["upload", "nothing", "s3://bucket/", "--endpoint-url", "http://["],
        ["upload", b"\xff\xfe", "s3://bucket/\x1b", "--part-size", "99T"],
        ["buckets", "--profile", "nobody"],
        ["resume", "--concurrency", "-1"],
        ["practice", "--port", "http"],
    ],
)
def test_the_program_itself_says_it_in_a_sentence(program: Program, argv: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "s3gui", *argv],
        env=program.environment,
        cwd=program.folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert done.stdout == b""
    assert 1 <= len(done.stderr.splitlines()) <= 2
    assert b"Traceback" not in done.stderr
