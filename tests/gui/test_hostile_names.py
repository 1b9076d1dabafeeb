"""Every scene that the screenshots know, in a world whose names are out to do harm."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QToolTip, QWidget

from s3gui.core.errors import AccessDenied
from s3gui.core.settings import Appearance
from s3gui.core.transfer import Destination
from s3gui.gui.theme import Theme
from tests.gui import fake_states
from tests.screenshots import stage as stages
from tests.screenshots.scenes import SCENES
from tests.screenshots.stage import Stage
from tests.support.opened_files import watching
from tests.support.plain_text import hidden_problem, problems, tooltip_problem

pytestmark = [
    pytest.mark.row("C-08"),
    pytest.mark.skipif(sys.platform != "linux", reason="inotify tells who opens a file"),
]
_ROWS = 30


@pytest.fixture
def bait(tmp_path):
    """A picture that HTML in a name points to."""
    folder = tmp_path / "bait"
    folder.mkdir()
    picture = folder / "picture.png"
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(picture))
    return picture


@pytest.fixture
def hostile(bait) -> str:
    """HTML, a name that reads backwards, a terminal's escape code, a line, a shortcut."""
    return f'<img src="{bait}"><b>&Bold</b>\u202egnp.exe\x1b[31m\n%n{{0}}'


@pytest.fixture
def stage(qapp, monkeypatch, hostile):
    place = Destination(f"bucket {hostile}", f"{hostile}/")
    failure = AccessDenied(f"“{hostile}” is not allowed", detail=hostile).failure()
    samples = [
        replace(sample, name=f"{hostile} {sample.name}", failure=sample.failure and failure)
        for sample in fake_states.SAMPLES
    ]
    profile = replace(stages.PROFILE, name=hostile, access_key_id=hostile, region="eu-central-1")
    monkeypatch.setattr(stages, "PROFILE", profile)
    monkeypatch.setattr(stages, "PLACE", place)
    monkeypatch.setattr(
        stages, "OBJECTS", [(f"{hostile}{n}", n) for n in range(3)] + [(f"{hostile}/x", 1)]
    )
    monkeypatch.setattr(fake_states, "SAMPLES", samples)
    monkeypatch.setattr(fake_states, "PLACE", place)
    monkeypatch.setattr(fake_states, "PROFILE", profile)
    stage = Stage(qapp, Theme(), Appearance.LIGHT)
    yield stage
    stage.close()
    qapp.setStyleSheet("")


def point_at_everything(window: QWidget) -> None:
    """Let every widget below show its tooltip."""
    for widget in window.findChildren(QWidget):
        if widget.isVisible():
            middle = widget.rect().center()
            event = QHelpEvent(QEvent.Type.ToolTip, middle, widget.mapToGlobal(middle))
            QApplication.sendEvent(widget, event)
    QToolTip.hideText()


def problems_of_rows(window: QWidget) -> list[str]:
    """Of what the models give: texts of cells and their tooltips."""
    found = []
    for view in window.findChildren(QAbstractItemView):
        model = view.model()
        rows = 0 if model is None else min(_ROWS, model.rowCount(QModelIndex()))
        columns = model.columnCount() if isinstance(model, QAbstractTableModel) else 1
        for row in range(rows):
            for column in range(columns):
                index = model.index(row, column, QModelIndex())
                role = Qt.ItemDataRole
                found += [
                    hidden_problem(str(index.data(role.DisplayRole) or "")),
                    hidden_problem(str(index.data(role.AccessibleTextRole) or "")),
                    tooltip_problem(str(index.data(role.ToolTipRole) or "")),
                ]
    return [problem for problem in found if problem]


@pytest.mark.parametrize("scene", SCENES)
def test_no_name_acts_or_hides_in_any_window(stage, bait, scene, qapp):
    with watching(bait.parent) as watch:
        widget = SCENES[scene](stage)
        window = stage.window
        window.banner.say(f"Denied: {bait.read_bytes()[:4]!r} {stages.PROFILE.name}", "advice")
        watch.opened()  # the line above opened it
        window.keyring.show_waiting()
        for shown in {widget, window}:
            assert not shown.grab().isNull()
            point_at_everything(shown)
        stage.settle(0.2)
        assert watch.opened() == set()
        assert problems(qapp.allWidgets()) == []
        assert problems_of_rows(window) + problems_of_rows(widget) == []


def test_a_label_that_guesses_would_be_noticed(qtbot, bait, hostile):
    with watching(bait.parent) as watch:
        label = QLabel(hostile)
        qtbot.addWidget(label)
        label.grab()
        assert watch.opened() == {bait.name}
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(hostile)
        label.grab()
        assert watch.opened() == set()
        label.setText("")
        QToolTip.showText(QPoint(1, 1), hostile, label)
        qtbot.waitUntil(lambda: watch.opened() == {bait.name})
        QToolTip.hideText()
