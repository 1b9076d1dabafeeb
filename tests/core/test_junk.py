from __future__ import annotations

import pytest

from s3gui.core.junk import is_junk


@pytest.mark.parametrize(
    "key",
    ["a/.DS_Store", "Thumbs.db", "x/DESKTOP.INI", "a/._film.mov", "__MACOSX/a.txt", ".Trashes/1"],
)
def test_files_of_systems_are_junk(key):
    assert is_junk(key)


@pytest.mark.parametrize("key", ["a/.profile", "thumbs.db.txt", "_film.mov", "a/.gitignore", ""])
def test_other_files_are_not(key):
    assert not is_junk(key)
