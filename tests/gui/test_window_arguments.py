from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.gui.window_arguments import WindowArguments, read_arguments


@pytest.mark.row("C-08")
@pytest.mark.parametrize(
    ("arguments", "paths"),
    [
        (["/a b", "/c"], ["/a b", "/c"]),
        (["/a", "--practice"], ["/a", "$/--practice"]),
        (["/a", "--log-file=/b"], ["/a", "$/--log-file=/b"]),
        (["--", "-x", "--practice"], ["$/-x", "$/--practice"]),
        (["--", "--", "@file"], ["$/--", "$/@file"]),
        (["@/etc/passwd"], ["$/@/etc/passwd"]),
        (["/a/../b", "$(id)", "`id`", "%F"], ["/b", "$/$(id)", "$/`id`", "$/%F"]),
        (["file:///a%20b/%C3%BC", "file://localhost/c"], ["/a b/ü", "/c"]),
        (["s3gui.ini", "-style"], ["$/s3gui.ini", "$/-style"]),
    ],
)
def test_from_the_first_file_on_everything_is_a_file(arguments, paths) -> None:
    here = str(Path.cwd())
    expected = tuple(
        path.replace("$/", f"{here}/", 1) if path[:2] == "$/" else path for path in paths
    )
    assert read_arguments(arguments) == WindowArguments(paths=expected)


@pytest.mark.row("C-08")
@pytest.mark.parametrize(
    "address",
    [
        "file://evil.example/share/a",
        "file:///a%00b",
        "https://evil.example/a",
        "s3gui://profile?endpoint=https://evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "a\0b",
        "",
    ],
)
def test_an_address_that_is_no_file_of_this_computer_is_refused(address: str) -> None:
    assert read_arguments(["/a", address]) == WindowArguments(paths=("/a",), refused=(address,))


def test_options_come_first() -> None:
    chosen = read_arguments(["--practice", "--log-file", "log", "/a"])
    assert chosen == WindowArguments(is_practice=True, log_file=Path("log"), paths=("/a",))
    assert read_arguments(["--log-file=-"]).log_file == Path("-")


@pytest.mark.row("B-06")
@pytest.mark.parametrize("arguments", [["--pract"], ["--log-file"], ["-x"], ["--practice=1"]])
def test_what_is_no_option_is_a_sentence_and_status_2(arguments, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2
    assert "s3gui:" in said[0]


@pytest.mark.row("B-06")
@given(st.lists(st.text(max_size=20), max_size=6))
def test_whatever_follows_two_dashes_is_a_file_or_refused(words) -> None:
    chosen = read_arguments(["--", *words])
    assert len(set(chosen.paths) | set(chosen.refused)) <= len(words)
    assert all(Path(path).is_absolute() for path in chosen.paths)
    assert not chosen.is_practice
    assert chosen.log_file is None
