import sys
from types import SimpleNamespace

from PySide6.QtCore import QEventLoop, QTimer

from s3gui.gui.kernel_loop import give_kernel_turns


def in_kernel(monkeypatch, loop):
    shell = SimpleNamespace(kernel=SimpleNamespace(app=SimpleNamespace(qt_event_loop=loop)))
    ipython = SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)


def test_the_kernels_loop_is_left_again_and_again(qapp, monkeypatch):
    loop = QEventLoop()
    in_kernel(monkeypatch, loop)
    too_late = QTimer(singleShot=True, interval=10_000)
    too_late.timeout.connect(lambda: loop.exit(1))
    too_late.start()

    timer = give_kernel_turns()

    try:
        assert [loop.exec(), loop.exec()] == [0, 0]
        assert give_kernel_turns() is timer
    finally:
        timer.stop()
        timer.deleteLater()


def test_without_a_kernel_nothing_happens(qapp, monkeypatch):
    assert give_kernel_turns() is None
    in_kernel(monkeypatch, None)
    assert give_kernel_turns() is None
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert give_kernel_turns() is None
