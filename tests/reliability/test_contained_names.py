"""Row C-09: a key that becomes a local path stays where it was sent."""

import os
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.errors import InputError
from s3gui.driver.downloading import names_a_file, target_path

pytestmark = pytest.mark.row("C-09")

NEVER = [
    "../outside",
    "..",
    ".",
    "",
    "/etc/passwd",
    "//host/share",
    "a/../../outside",
    "a/../b",
    "a//b",
    "./a",
    "folder/",
    "a\0b",
]
ON_WINDOWS = [
    "C:\\Windows\\x",
    "C:x",
    "c:/x",
    "..\\outside",
    "\\\\host\\share\\x",
    "\\x",
    "file.txt:stream",
    "file.txt::$DATA",
    "NUL",
    "nul.txt",
    "folder/CON",
    "COM1",
    "lpt9.log",
    "com¹",
    "AUX .txt",
    "CONIN$",
    "name.",
    "name ",
    "folder./x",
    "a|b",
    "a\nb",
    "a?",
]
HARMLESS = [
    "file",
    "folder/file",
    "..file",
    "a..b",
    "file...x",
    "ü/ñ",
    "console.log",
    "-rf",
    "~",
    "$(id)",
]


@pytest.mark.parametrize("name", NEVER)
def test_a_name_that_leads_elsewhere_is_refused_on_every_system(name):
    assert not names_a_file(name, on_windows=False)
    assert not names_a_file(name, on_windows=True)


@pytest.mark.parametrize("name", ON_WINDOWS)
def test_what_is_a_name_here_and_something_else_on_windows_is_refused_there(name):
    assert not names_a_file(name, on_windows=True)
    assert names_a_file(name, on_windows=False)


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_names_stay_allowed(name):
    assert names_a_file(name, on_windows=False)
    assert names_a_file(name, on_windows=True)


@given(st.text(st.sampled_from("./\\:ab \0~C"), max_size=12) | st.text(max_size=20))
def test_whatever_the_name_the_file_is_below_the_folder(name):
    folder = Path(os.environ["S3GUI_HOME"])
    folder.mkdir(parents=True, exist_ok=True)
    try:
        path = target_path(folder, name, overwrite_existing=True)
    except InputError:
        return
    assert path.resolve().is_relative_to(folder.resolve())
    assert path.resolve() != folder.resolve()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
@pytest.mark.parametrize("target", ["..", "/", "loop"])
def test_a_link_in_the_folder_leads_nowhere_else(tmp_path, target):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "loop").symlink_to(target)
    with pytest.raises(InputError, match="cannot be a file in"):
        target_path(f"{folder}/", "loop/file", overwrite_existing=True)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")
def test_a_link_is_not_written_through(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "name").symlink_to(tmp_path / "precious")
    with pytest.raises(InputError):
        target_path(folder, "name", overwrite_existing=True)
