"""Every row of the catalogue of faults has a test, or the manual says why it has none here."""

import re
from pathlib import Path

import pytest

_TOP = Path(__file__).parent.parent
_CATALOGUE = {"N": 9, "S": 17, "P": 7, "F": 14, "C": 12, "B": 6, "U": 6, "D": 7}
_IDS = [f"{part}-{number:02}" for part, last in _CATALOGUE.items() for number in range(1, last + 1)]


def _marked() -> set[str]:
    """The ids that tests carry: `@pytest.mark.row("S-01")`."""
    return {
        found
        for path in (_TOP / "tests").rglob("test_*.py")
        for found in re.findall(r"""mark\.row\(["']([A-Z]-\d\d)["']\)""", path.read_text())
    }


def _not_run() -> set[str]:
    """The ids of which the manual's last cell says that they are not run, tested or met."""
    found = set()
    for line in (_TOP / "docs" / "reliability.md").read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) > 2 and re.match(r"not (run|tested|met)\b", cells[-1]):
            found.update(re.findall(r"\b[A-Z]-\d\d\b", cells[0]))
    return found


@pytest.mark.parametrize("row", _IDS)
def test_a_row_of_the_catalogue_is_tested_or_said_not_to_be(row):
    assert row in _marked() | _not_run()


@pytest.mark.parametrize("row", _IDS)
def test_a_row_of_the_catalogue_is_in_the_manual(row):
    manual = (_TOP / "docs" / "reliability.md").read_text()
    assert re.search(rf"^\|[^|]*\b{row}\b", manual, re.MULTILINE)


def test_no_test_carries_a_row_that_the_catalogue_does_not_have():
    assert _marked() <= set(_IDS)
