import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QMessageBox, QPushButton

from s3gui.gui.tooltip import plain_tooltip
from tests.support.plain_text import problems, tooltip_problem

HOSTILE = "<b>x</b>\u202egnp.exe"


@pytest.mark.row("C-08")
def test_a_widget_that_guesses_or_hides_is_found(qtbot):
    guessing, hiding, plain = QLabel("text"), QPushButton("a\u202eb"), QLabel()
    plain.setTextFormat(Qt.TextFormat.PlainText)
    plain.setText("<b>x</b>")
    box, message = QComboBox(), QMessageBox()
    box.addItem("a\x1bb")
    for widget in (guessing, hiding, plain, box, message):
        qtbot.addWidget(widget)
    for widget in (guessing, hiding, box, message):
        assert problems([widget]), widget
    assert problems([plain]) == []


def test_a_tooltip_is_plain_or_made_plain():
    assert tooltip_problem("<b>x</b>")
    assert tooltip_problem("a\u202eb")
    assert tooltip_problem("<qt><img src='x'></qt>")
    assert not tooltip_problem(plain_tooltip(f"{HOSTILE}\nsecond line"))
    assert not tooltip_problem("Add files")
    assert not tooltip_problem("")
