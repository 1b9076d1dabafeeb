"""Under `%gui qt6`, lets a notebook's kernel have its turn beside Qt.

ipykernel leaves Qt's loop only when a message comes in. Now and then it enters that loop in the
middle of answering the last one, and since the client waits for that answer, no message comes:
the cell never ends. Seen with ipykernel 7.4 and any Qt window. See ipython/ipykernel#1212, which
cured the same for cells that fail.
"""

from __future__ import annotations

import sys
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

_INTERVAL_MILLISECONDS = 100


def give_kernel_turns() -> QTimer | None:
    """Leave Qt's loop ten times a second; the kernel comes back to it by itself, at once.

    To be called in the cell that says `%gui qt6`. Returns None, and does nothing, where no kernel
    runs Qt's loop. A second call changes nothing.
    """
    loop = _loop_of_kernel()
    application = QCoreApplication.instance()
    if loop is None or application is None:
        return None
    known = application.findChild(QTimer, __name__)
    if known is not None:
        return known
    timer = QTimer(application)
    timer.setObjectName(__name__)
    timer.timeout.connect(loop.quit)
    timer.start(_INTERVAL_MILLISECONDS)
    return timer


def _loop_of_kernel() -> QEventLoop | None:
    ipython: Any = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    loop = getattr(getattr(getattr(shell, "kernel", None), "app", None), "qt_event_loop", None)
    return loop if isinstance(loop, QEventLoop) else None
