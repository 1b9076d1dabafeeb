"""Row F-10: names that Windows reads as others."""

import ast
import sys
from pathlib import Path

import pytest

from s3gui.core.errors import InputError
from s3gui.core.transfer import Destination
from s3gui.engine.scan import scan
from s3gui.engine.source import FileSource
from s3gui.engine.windows_names import exact, extended

on_windows = pytest.mark.skipif(sys.platform != "win32", reason="needs Windows; not run here")
STRANGE = ["CON", "NUL.txt", "aux.c", "dot.", "space ", "x" * 200 + "/" + "y" * 200]


@pytest.mark.row("F-10")
@pytest.mark.parametrize(
    ("path", "form"),
    [
        (r"C:\data\CON", r"\\?\C:\data\CON"),
        (r"C:\data\dot.", r"\\?\C:\data\dot."),
        (r"C:\data\space ", r"\\?\C:\data\space "),
        (r"C:/data/a", r"\\?\C:\data\a"),
        (r"\\host\share\a", r"\\?\UNC\host\share\a"),
        (r"\\?\C:\data\a", r"\\?\C:\data\a"),
        ("C:\\" + "x" * 300, "\\\\?\\C:\\" + "x" * 300),
    ],
)
def test_the_extended_form_says_the_same_name(path, form):
    assert extended(path) == form
    assert extended(form) == form


@pytest.mark.row("F-10")
def test_an_alternate_stream_is_refused_in_one_sentence():
    with pytest.raises(InputError, match="alternate stream"):
        extended(r"C:\data\a.txt:hidden")


@pytest.mark.skipif(sys.platform == "win32", reason="paths have another form there")
def test_elsewhere_a_path_is_taken_as_it_is(tmp_path):
    assert exact(tmp_path / "CON:x. ") == str(tmp_path / "CON:x. ")


@pytest.mark.row("F-10")
@on_windows
@pytest.mark.parametrize("name", STRANGE)
def test_strange_names_are_read_and_their_keys_are_theirs(tmp_path, name):
    path = tmp_path / "top" / name
    Path(exact(path.parent)).mkdir(parents=True, exist_ok=True)
    Path(exact(path)).write_bytes(b"strange")
    (found,) = scan([tmp_path / "top"], Destination("bucket"))
    assert found.destination.key == f"top/{name}"
    with FileSource(found.path, found.depth) as source:
        assert b"".join(source.blocks()) == b"strange"


def test_users_files_are_never_mapped_into_memory():
    """Reading a map of a file that was cut short ends Python by a signal.

    Memory without a file may be asked for in this way.
    """
    engine = Path(__file__).parents[2] / "s3gui"
    for file in [*engine.glob("engine/*.py"), *engine.glob("adapters/*.py")]:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        of = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert "mmap" not in of, file
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "mmap.mmap":
                assert ast.unparse(node.args[0]) == "-1", file
