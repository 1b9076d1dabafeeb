"""CHANGELOG.md keeps the form of Keep a Changelog, and knows the version that the program has."""

import re
from datetime import date
from pathlib import Path

from packaging.version import Version

from s3gui import __version__

_LINES = (Path(__file__).parent.parent / "CHANGELOG.md").read_text().splitlines()
_KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


def _headings(level: int) -> list[str]:
    marks = "#" * level + " "
    return [line.removeprefix(marks) for line in _LINES if line.startswith(marks)]


def _released() -> list[tuple[Version, date]]:
    matches = [
        re.fullmatch(r"\[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})", heading)
        for heading in _headings(2)
        if heading != "[Unreleased]"
    ]
    assert None not in matches, _headings(2)
    return [(Version(m[1]), date.fromisoformat(m[2])) for m in matches if m]


def test_it_has_one_title_and_only_the_headings_that_the_form_knows() -> None:
    assert _LINES[0] == "# Changelog"
    assert _headings(1) == ["Changelog"]
    assert set(_headings(3)) <= _KINDS
    assert _headings(2)


def test_the_newest_version_comes_first_and_unreleased_changes_before_it() -> None:
    assert "[Unreleased]" not in _headings(2)[1:]
    assert _released() == sorted(_released(), reverse=True)


def test_the_program_is_the_newest_version_or_on_its_way_to_the_next() -> None:
    newest = _released()[0][0] if _released() else Version("0")
    if _headings(2)[0] == "[Unreleased]":
        assert Version(__version__) >= newest
    else:
        assert Version(__version__) == newest


def test_each_kind_of_change_lists_changes_and_each_change_is_a_sentence() -> None:
    sections = re.split(r"^(?=#)", "\n".join(_LINES), flags=re.MULTILINE)
    for section in (section for section in sections if section.startswith("### ")):
        _, *changes = re.split(r"^- ", section, flags=re.MULTILINE)
        assert changes, f"nothing is listed under {section!r}"
        assert all(change.rstrip().endswith(".") for change in changes), section
