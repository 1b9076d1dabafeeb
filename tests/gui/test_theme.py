from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette

from s3gui.core.settings import Appearance
from s3gui.gui.theme import DARK, LIGHT, Theme, tabular


@pytest.fixture
def theme(qapp):
    before = qapp.palette(), qapp.styleSheet(), qapp.style().name()
    theme = Theme()
    yield theme
    qapp.styleHints().unsetColorScheme()
    theme.deleteLater()
    palette, style_sheet, style = before
    qapp.setStyleSheet(style_sheet)
    qapp.setPalette(palette)
    qapp.setStyle(style)


def test_dark_and_light_can_be_chosen_while_the_program_runs(theme, qapp, qtbot):
    theme.apply(qapp, Appearance.DARK)
    assert theme.palette is DARK
    assert qapp.palette().color(QPalette.ColorRole.WindowText) == QColor(DARK.text)
    with qtbot.waitSignal(theme.changed):
        theme.apply(qapp, Appearance.LIGHT)
    assert theme.palette is LIGHT
    assert qapp.palette().color(QPalette.ColorRole.WindowText) == QColor(LIGHT.text)
    assert LIGHT.card in qapp.styleSheet()


def test_the_system_is_followed_when_it_switches(theme, qapp, qtbot):
    theme.apply(qapp, Appearance.SYSTEM)
    hints = qapp.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.palette is DARK
    with qtbot.waitSignal(theme.changed):
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    assert theme.palette is LIGHT


def test_a_chosen_appearance_does_not_follow_the_system(theme, qapp):
    theme.apply(qapp, Appearance.LIGHT)
    qapp.styleHints().colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert theme.palette is LIGHT


def test_applying_the_same_twice_repaints_once(theme, qapp, qtbot):
    theme.apply(qapp, Appearance.DARK)
    with qtbot.assertNotEmitted(theme.changed):
        theme.apply(qapp, Appearance.DARK)


def test_tabular_digits_are_asked_of_the_font(qapp):
    assert [tag.toString().data() for tag in tabular(qapp.font()).featureTags()] == [b"tnum"]
