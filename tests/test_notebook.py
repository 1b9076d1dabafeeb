"""The example notebook, run from its first cell to its last in a kernel of its own."""

from datetime import datetime
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

_NOTEBOOK = Path(__file__).parent.parent / "docs" / "examples" / "notebook.ipynb"
_START_TICKING = """
from PySide6.QtCore import QTimer
ticks = []
timer = QTimer()
timer.timeout.connect(lambda: ticks.append(len(ticks)))
timer.start(1)
"""


def _code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def written() -> NotebookNode:
    return nbformat.read(_NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """The notebook with its outputs; before its end it looks whether Qt's loop has turned."""
    notebook = nbformat.read(_NOTEBOOK, as_version=4)
    first = next(cell for cell in notebook.cells if "open_window" in cell.source)
    notebook.cells.insert(notebook.cells.index(first) + 1, new_code_cell(_START_TICKING))
    notebook.cells.insert(len(notebook.cells) - 1, new_code_cell("timer.stop()\nlen(ticks)"))
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        resources={"metadata": {"path": str(tmp_path_factory.mktemp("notebook"))}},
    )
    return client.execute()


def _shown(run: NotebookNode, words: str) -> str:
    """What the cell with these words wrote to stderr, or gave as its result."""
    (cell,) = [cell for cell in _code_cells(run) if words in cell.source]
    return "".join(
        output["text"] if output.output_type == "stream" else output["data"]["text/plain"]
        for output in cell.outputs
    )


def test_it_is_kept_without_outputs(written: NotebookNode) -> None:
    cells = _code_cells(written)
    assert cells
    assert [cell for cell in cells if cell.outputs or cell.execution_count is not None] == []


def test_nothing_in_it_awaits(written: NotebookNode) -> None:
    """With `%gui qt6`, ipykernel never comes back from it."""
    assert [cell for cell in _code_cells(written) if "await" in cell.source] == []


def test_the_window_opens_at_once_and_lives_between_the_cells(run: NotebookNode) -> None:
    (cell,) = [cell for cell in _code_cells(run) if "open_window" in cell.source]
    times = cell.metadata.execution
    began, ended = (
        datetime.fromisoformat(times[name]) for name in ("iopub.status.busy", "iopub.status.idle")
    )

    assert _shown(run, "open_window") == "True"
    assert (ended - began).total_seconds() < 20, "Qt is loaded here, and nothing is waited for"
    assert int(_shown(run, "timer.stop")) > 0
    (visible,) = [cell for cell in _code_cells(run) if cell.source == "window.isVisible()"]
    assert visible.outputs[0]["data"]["text/plain"] == "True"


def test_the_driver_shows_how_far_it_is(run: NotebookNode) -> None:
    shown = _shown(run, "ex_progress")

    assert "\rmeasurements.bin  " in shown
    assert "64.0 MB stored in " in shown
    assert "'measurements.bin' in 'experiments'" in shown


def test_what_was_uploaded_is_there(run: NotebookNode) -> None:
    assert _shown(run, "list_objects").startswith("[('measurements.bin', 64000000, ")
    assert _shown(run, "range_as_stream") == r"b'\x00\x01\x00\x01'"
