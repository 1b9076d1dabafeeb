"""What holds for the repository as a whole: it is clean, and it is nobody's in particular."""

import ast
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

_TOP = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "tool", [["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]], ids=" ".join
)
def test_it_is_clean_for(tool: list[str]) -> None:
    checking = subprocess.run(
        [sys.executable, "-m", *tool], cwd=_TOP, capture_output=True, text=True, check=False
    )
    assert checking.returncode == 0, checking.stdout + checking.stderr


def _tracked_texts() -> dict[str, str]:
    listing = subprocess.run(
        # The checkout may belong to somebody else, as in a container.
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=_TOP,
        capture_output=True,
        text=True,
        check=True,
    )
    texts = {}
    for name in listing.stdout.split("\0"):
        if (_TOP / name).is_symlink():
            texts[name] = f"{(_TOP / name).readlink()}\n"
        elif (_TOP / name).is_file():
            content = (_TOP / name).read_bytes()
            if b"\0" not in content:
                texts[name] = content.decode()
    assert "dev" in texts
    return texts


def _found(pattern: str) -> list[str]:
    here = Path(__file__).relative_to(_TOP).as_posix()  # the only file that must name them
    return [
        f"{name}: {match.group()}"
        for name, text in _tracked_texts().items()
        if name != here
        for match in re.finditer(pattern, text)
    ]


def test_no_file_names_a_folder_of_the_machine_it_was_made_on() -> None:
    places = {_TOP.as_posix(), "/root", "/work"}
    alternatives = "|".join(map(re.escape, sorted(places)))
    assert _found(rf"(?<![\w.$}}])(?:{alternatives})/[\w.]+") == []


def test_no_file_names_a_package_registry() -> None:
    hosts = ["pypi.org", "pythonhosted.org", "npmjs.org", "npmjs.com", "proxy.golang.org"]
    hosts += ["deb.debian.org", "archive.ubuntu.com", "crates.io"]
    assert _found(f"{'|'.join(map(re.escape, hosts))}|https?://[^\\s]*/simple\\b") == []


def test_every_text_ends_with_one_line_end_and_has_no_windows_ones() -> None:
    wrong = [
        name
        for name, text in _tracked_texts().items()
        if text and (not text.endswith("\n") or text.endswith("\n\n") or "\r" in text)
    ]
    assert wrong == []


def _readme_blocks(language: str) -> list[str]:
    readme = (_TOP / "README.md").read_text()
    blocks = re.findall(rf"^```{language}\n(.*?)^```", readme, re.DOTALL | re.MULTILINE)
    assert blocks, f"README.md shows no {language}"
    return blocks


def _readme_commands(program: str) -> list[list[str]]:
    """Each call of `program`, as words; also where a pipe leads into it."""
    lines = "\n".join(_readme_blocks("sh")).replace("\\\n", " ").splitlines()
    calls = [shlex.split(call, comments=True) for line in lines for call in line.split("|")]
    return [words[1:] for words in calls if words[:1] == [program]]


def test_each_command_line_in_the_readme_can_be_typed() -> None:
    from s3gui.cli.arguments import parse

    through_dev = _readme_commands("./dev")
    assert {words[0] for words in through_dev} == {"run", "test"}
    calls = _readme_commands("s3gui") + [words[1:] for words in through_dev if words[0] == "run"]
    assert any("upload" in words for words in calls)
    for words in filter(None, calls):
        try:
            parse(words)
        except SystemExit as refused:
            pytest.fail(f"README.md: s3gui {' '.join(words)} ends with status {refused.code}")


def test_each_python_example_in_the_readme_names_what_exists() -> None:
    for block in _readme_blocks("python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("s3gui"):
                module = importlib.import_module(node.module or "")
                for alias in node.names:
                    assert hasattr(module, alias.name), f"{node.module} has no {alias.name}"
