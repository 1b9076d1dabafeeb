import sys
from pathlib import Path

import pytest

from tests.support.programs import running, wait_until
from tests.support.xvfb import Screen

pytestmark = pytest.mark.x11

_WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QWidget

class Window(QWidget):
    def dragEnterEvent(self, event):
        if sys.argv[1] == "take":
            event.acceptProposedAction()

    def dropEvent(self, event):
        event.acceptProposedAction()
        print(*[url.toLocalFile() for url in event.mimeData().urls()], sep="\\n", flush=True)

application = QApplication([])
window = Window(windowTitle="a place for files")
window.setAcceptDrops(True)
window.resize(400, 300)
window.show()
application.exec()
"""


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    (tmp_path / "a folder").mkdir()
    (tmp_path / "zażółć.bin").touch()
    return [tmp_path / "a folder", tmp_path / "zażółć.bin"]


def test_files_arrive_from_another_process_by_a_real_drag(
    screen: Screen, files: list[Path], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", _WINDOW, "take"]
    with running(command, log, environment=screen.environment) as window:
        assert screen.drop(files, "a place for files")
        wait_until(log.read_text, window, log)
        assert log.read_text().splitlines() == [str(file) for file in files]


def test_a_window_may_refuse_the_drag(screen: Screen, files: list[Path], tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", _WINDOW, "refuse"]
    with running(command, log, environment=screen.environment):
        assert not screen.drop(files, "a place for files")
        assert log.read_text() == ""
