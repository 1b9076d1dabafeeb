from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from s3gui.gui.question import Question, ask


@pytest.fixture
def asked(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    qtbot.parent = parent  # pytest-qt itself keeps only a weak reference
    answers: list[str] = []
    ask(parent, "Delete it?", "It is gone then.", yes="Delete", on_yes=lambda: answers.append("y"))
    return parent.findChild(Question), answers


def test_yes_is_done(asked):
    question, answers = asked
    question.yes_button.click()
    assert answers == ["y"]


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return])
def test_the_keys_that_are_hit_by_habit_do_nothing(asked, qtbot, key):
    question, answers = asked
    qtbot.keyClick(question, key)
    assert answers == []
    assert not isValid(question) or not question.isVisible()
