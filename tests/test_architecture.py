"""The house of docs/architecture.md: imports point inwards, and each file holds one idea."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

_TOP = Path(__file__).parent.parent
_FRONT_DOORS = ("s3gui.__main__", "s3gui.gui", "s3gui.cli", "s3gui.driver")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("s3gui", include_external_packages=True, cache_dir=None)


def _is_in(module: str, *places: str) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def _imports(graph: grimp.ImportGraph, *places: str) -> Iterator[tuple[str, str]]:
    """Each (importer, imported) whose importer is in one of `places`."""
    for importer in sorted(graph.modules):
        if _is_in(importer, *places):
            for imported in sorted(graph.find_modules_directly_imported_by(importer)):
                yield importer, imported


def test_imports_point_inwards() -> None:
    linting = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=_TOP,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linting.returncode == 0, linting.stdout + linting.stderr


def test_only_the_window_knows_qt(graph: grimp.ImportGraph) -> None:
    qt = {
        importer
        for importer, imported in _imports(graph, "s3gui")
        if _is_in(imported, "PySide6", "shiboken6")
    }
    assert qt
    assert {importer for importer in qt if not _is_in(importer, "s3gui.gui")} == set()


def test_core_engine_and_practice_need_nothing_but_python(graph: grimp.ImportGraph) -> None:
    foreign = {
        (importer, imported)
        for importer, imported in _imports(graph, "s3gui.core", "s3gui.engine", "s3gui.practice")
        if not _is_in(imported, "s3gui") and imported not in sys.stdlib_module_names
    }
    assert foreign == set()


def test_core_does_no_work_in_the_outside_world(graph: grimp.ImportGraph) -> None:
    outside = {"asyncio", "concurrent", "http", "multiprocessing", "os", "shutil", "socket"}
    outside |= {"sqlite3", "ssl", "subprocess", "tempfile", "threading", "urllib3"}
    assert {pair for pair in _imports(graph, "s3gui.core") if pair[1] in outside} == set()


def test_the_practice_server_knows_nothing_of_the_program(graph: grimp.ImportGraph) -> None:
    known = {
        (importer, imported)
        for importer, imported in _imports(graph, "s3gui.practice")
        if _is_in(imported, "s3gui") and not _is_in(imported, "s3gui.practice")
    }
    assert known == set()


def test_the_front_doors_reach_the_outside_world_through_bootstrap(
    graph: grimp.ImportGraph,
) -> None:
    around = {
        (importer, imported)
        for importer, imported in _imports(graph, *_FRONT_DOORS)
        if _is_in(imported, "boto3", "botocore", "awscrt", "urllib3", "keyring", "sqlite3")
        or _is_in(imported, "s3gui.adapters")
    }
    assert around == set()


def test_adapters_do_not_know_each_other(graph: grimp.ImportGraph) -> None:
    """Files of one adapter begin with the same word (s3.py, s3_errors.py): they may."""

    def adapter(module: str) -> str:
        return module.removeprefix("s3gui.adapters.").partition("_")[0]

    # Not adapters: each is one tool, which imports none of them.
    tools = {"appimage", "crc64nvme", "json_values", "process_lock"}
    strangers = {
        (importer, imported)
        for importer, imported in _imports(graph, "s3gui.adapters")
        if _is_in(imported, "s3gui.adapters")
        and imported.rpartition(".")[2] not in tools
        and adapter(importer) != adapter(imported)
    }
    assert strangers == set()


def _newly_loaded_by(statement: str) -> set[str]:
    """The top-level modules that `statement` loads into a Python of its own."""
    program = (
        f"import sys; before = set(sys.modules); {statement}\n"
        "print(*{name.partition('.')[0] for name in set(sys.modules) - before})"
    )
    child = subprocess.run(
        [sys.executable, "-c", program], cwd=_TOP, capture_output=True, text=True, check=False
    )
    assert child.returncode == 0, child.stderr
    return set(child.stdout.split())


def test_importing_the_package_loads_nothing_else() -> None:
    assert _newly_loaded_by("import s3gui") - sys.stdlib_module_names == {"s3gui"}


@pytest.mark.parametrize("front_door", ["s3gui.__main__", "s3gui.cli", "s3gui.driver"])
def test_the_command_line_and_the_driver_never_load_qt(front_door: str) -> None:
    loaded = _newly_loaded_by(f"import {front_door}")
    assert "s3gui" in loaded
    assert loaded.isdisjoint({"PySide6", "shiboken6"})


def _sources() -> list[Path]:
    return sorted((_TOP / "s3gui").rglob("*.py"))


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {
        str(source.relative_to(_TOP)): len(source.read_text(encoding="utf-8").splitlines())
        for source in [*_sources(), *(_TOP / "tests").rglob("*.py")]
    }
    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty_words = {"utils", "util", "common", "helpers", "helper", "manager", "controller", "misc"}
    names = {source: set(source.stem.split("_")) for source in _sources()}
    assert [source for source, words in names.items() if words & empty_words] == []


def test_no_window_is_drawn_or_packed_by_another_tool() -> None:
    generated = {".ui", ".qrc"}
    found = [
        path
        for folder in ("s3gui", "resources")
        for path in (_TOP / folder).rglob("*")
        if path.suffix in generated
    ]
    assert found == []


def test_other_programs_are_started_where_their_environment_is_cleaned() -> None:
    """A child inherits AWS_SECRET_ACCESS_KEY and whatever else stands in the environment."""
    starts = ("subprocess.", "QDesktopServices", "QProcess(", "webbrowser", "os.startfile")
    starting = {
        str(source.relative_to(_TOP / "s3gui"))
        for source in _sources()
        if any(word in source.read_text(encoding="utf-8") for word in starts)
    }
    assert starting == {
        "adapters/practice_process.py",
        "gui/awake_elsewhere.py",
        "gui/browser.py",
        "gui/sign_in_dialog.py",
    }
