from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QComboBox, QLabel, QVBoxLayout, QWidget

from s3gui.core.settings import Appearance
from s3gui.gui.form import check_box
from s3gui.gui.palette import HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT
from s3gui.gui.theme import DARK, LIGHT, Theme, tabular, wants_contrast
from s3gui.gui.transfer_panel import PillButton
from tests.gui.test_palette import contrast


@pytest.fixture
def theme(qapp):
    before = qapp.palette(), qapp.styleSheet(), qapp.style().name(), qapp.font()
    theme = Theme()
    yield theme
    theme.apply(qapp, Appearance.LIGHT)
    qapp.styleHints().unsetColorScheme()
    theme.deleteLater()
    palette, style_sheet, style, font = before
    qapp.setFont(font)
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


@pytest.mark.parametrize(
    ("appearance", "palette"),
    [
        (Appearance.HIGH_CONTRAST_LIGHT, HIGH_CONTRAST_LIGHT),
        (Appearance.HIGH_CONTRAST_DARK, HIGH_CONTRAST_DARK),
    ],
)
def test_high_contrast_can_be_chosen(theme, qapp, appearance, palette):
    theme.apply(qapp, appearance)
    assert theme.palette is palette
    assert palette.line in qapp.styleSheet()


@pytest.mark.parametrize(
    ("scheme", "palette"),
    [(Qt.ColorScheme.Light, HIGH_CONTRAST_LIGHT), (Qt.ColorScheme.Dark, HIGH_CONTRAST_DARK)],
)
def test_a_system_that_asks_for_high_contrast_is_followed(
    theme, qapp, monkeypatch, scheme, palette
):
    monkeypatch.setattr("s3gui.gui.theme.wants_contrast", lambda _hints: True)
    theme.apply(qapp, Appearance.SYSTEM)
    qapp.styleHints().colorSchemeChanged.emit(scheme)
    assert theme.palette is palette


def test_a_system_without_such_a_wish_and_a_qt_without_such_hints_ask_for_none(qapp):
    assert not wants_contrast(qapp.styleHints())
    assert not wants_contrast(object())


def test_the_text_size_changes_while_the_program_runs_and_is_always_of_the_first(
    theme, qapp, qtbot
):
    first = qapp.font().pointSizeF()
    label = QLabel("text")
    qtbot.addWidget(label)
    theme.apply(qapp, Appearance.LIGHT)
    label.show()
    for percent in (150, 115, 150):
        with qtbot.waitSignal(theme.changed):
            theme.apply(qapp, Appearance.LIGHT, percent)
        assert label.font().pointSizeF() == pytest.approx(first * percent / 100)
    another = Theme()  # as a second window's
    another.apply(qapp, Appearance.LIGHT, 150)
    assert label.font().pointSizeF() == pytest.approx(first * 1.5)
    another.apply(qapp, Appearance.LIGHT, 100)
    assert label.font().pointSizeF() == pytest.approx(first)
    another.deleteLater()


def test_a_pill_without_room_to_spare_grows_with_its_text(theme, qapp, qtbot):
    theme.apply(qapp, Appearance.LIGHT)
    window = QWidget()
    qtbot.addWidget(window)
    column, pill = QVBoxLayout(window), PillButton()
    pill.setText("Waiting 0")
    column.addWidget(pill)
    window.resize(300, column.minimumSize().height())
    window.show()
    assert pill.height() == 28
    theme.apply(qapp, Appearance.LIGHT, 150)
    qtbot.waitUntil(lambda: pill.height() >= pill.fontMetrics().height() + 10)


def test_an_open_combo_box_shows_all_of_its_rows(theme, qapp, qtbot):
    theme.apply(qapp, Appearance.LIGHT)
    box = QComboBox()
    qtbot.addWidget(box)
    box.addItems(["access keys", "a profile", "a service", "an endpoint"])
    with qtbot.waitExposed(box):
        box.show()
    box.setFocus()
    box.showPopup()
    rows = box.view()
    qtbot.waitUntil(rows.isVisible)
    last = rows.visualRect(box.model().index(box.count() - 1, 0))
    assert last.bottom() < rows.viewport().height()
    box.hidePopup()


@pytest.mark.parametrize("is_enabled", [True, False])
@pytest.mark.parametrize("appearance", [each for each in Appearance if each != Appearance.SYSTEM])
def test_a_tick_stands_out_from_its_box(theme, qapp, qtbot, appearance, is_enabled):
    theme.apply(qapp, appearance)
    box = check_box("Skip")
    qtbot.addWidget(box)
    box.setChecked(True)
    box.setEnabled(is_enabled)
    image = box.grab().toImage()
    top = image.height() // 2 - 5
    colors = [image.pixelColor(x, y).name() for x in range(3, 13) for y in range(top, top + 10)]
    ground = max(colors, key=colors.count)
    assert max(contrast(ground, each) for each in colors) >= 3.0
