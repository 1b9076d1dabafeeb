"""Drops files onto a window of another process by a real X11 drag.

    python xdnd_drop.py WINDOW-TITLE FILE...

A small window appears; xdotool presses the mouse in it, moves the pointer onto the target and lets
go. So source and target speak XDND as a file manager and the program would. The exit status is
ACCEPTED or REFUSED, or NO_WINDOW or NEVER_ENDED when the drag could not be made.
"""

import subprocess
import sys
import time
from pathlib import Path
from threading import Thread

ACCEPTED, REFUSED, NO_WINDOW, NEVER_ENDED = 0, 10, 11, 12
_TIME_LIMIT_SECONDS = 20
_STEP_SECONDS = 0.05  # a toolkit that gets two moves at once may see only the second


def main(title: str, files: list[Path]) -> int:
    from PySide6.QtCore import QMimeData, Qt, QTimer, QUrl
    from PySide6.QtGui import QDrag, QMouseEvent
    from PySide6.QtWidgets import QApplication, QLabel

    class DragSource(QLabel):
        dragging = False

        def mouseMoveEvent(self, event: QMouseEvent) -> None:
            if self.dragging:
                return
            self.dragging = True
            data = QMimeData()
            data.setUrls([QUrl.fromLocalFile(str(file.absolute())) for file in files])
            drag = QDrag(self)
            drag.setMimeData(data)
            # exec() returns at the drop; the target fetches the data, which lies here, only then.
            # Qt deletes the drag when the target says that it has finished.
            drag.destroyed.connect(lambda: QApplication.exit(ACCEPTED))
            if drag.exec(Qt.DropAction.CopyAction) != Qt.DropAction.CopyAction:
                QApplication.exit(REFUSED)

    target = _middle_of_window(title)
    if target is None:
        sys.stderr.write(f"xdnd_drop: no window appeared with {title!r} in its title\n")
        return NO_WINDOW

    application = QApplication(sys.argv[:1])
    source = DragSource("drag me")
    source.setWindowFlags(
        Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.BypassWindowManagerHint
        | Qt.WindowType.FramelessWindowHint
    )
    source.setGeometry(0, 0, 100, 40)
    source.show()
    # While drag.exec() runs, this thread is Qt's: the mouse needs another one.
    mouse = Thread(target=_drag_mouse, args=((20, 20), target), daemon=True)
    QTimer.singleShot(300, mouse.start)
    QTimer.singleShot(_TIME_LIMIT_SECONDS * 1000, lambda: QApplication.exit(NEVER_ENDED))
    return application.exec()


def _middle_of_window(title: str) -> tuple[int, int] | None:
    """Waits for the window; None when it never appears. A window takes drops once it is mapped."""
    ends_by = time.monotonic() + _TIME_LIMIT_SECONDS
    while time.monotonic() < ends_by:
        found = _xdotool("search", "--onlyvisible", "--name", title, check=False).split()
        if found:
            lines = _xdotool("getwindowgeometry", "--shell", found[-1]).split()
            geometry = {name: int(value) for name, _, value in (x.partition("=") for x in lines)}
            return (
                geometry["X"] + geometry["WIDTH"] // 2,
                geometry["Y"] + geometry["HEIGHT"] // 2,
            )
        time.sleep(_STEP_SECONDS)
    return None


def _drag_mouse(start: tuple[int, int], target: tuple[int, int]) -> None:
    (x, y), (target_x, target_y) = start, target
    path = [(x + step * 6, y) for step in range(1, 5)]  # past the distance that makes a drag
    path += [
        (x + (target_x - x) * step // 10, y + (target_y - y) * step // 10) for step in range(1, 11)
    ]
    path += [(target_x + 2, target_y + 2)]
    _xdotool("mousemove", x, y)
    _xdotool("mousedown", 1)
    for point in path:
        time.sleep(_STEP_SECONDS)
        _xdotool("mousemove", *point)
    time.sleep(0.5)  # the target answers each move; it must have said yes before the button goes up
    _xdotool("mouseup", 1)


def _xdotool(*words: object, check: bool = True) -> str:
    command = ["xdotool", *map(str, words)]
    return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=check).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], [Path(word) for word in sys.argv[2:]]))
