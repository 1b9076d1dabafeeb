from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox

from s3gui.core.settings import Appearance, Settings
from s3gui.gui.settings_dialog import SettingsDialog

SETTINGS = Settings(Appearance.LIGHT, parts_at_once=6, files_at_once=3, last_profile_id="photos")


@pytest.fixture
def dialog(qtbot):
    dialog = SettingsDialog(SETTINGS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))


def test_it_shows_what_holds(dialog):
    assert dialog.appearance.currentText() == "Light"
    assert dialog.files_at_once.currentText() == "3"
    assert dialog.parts_at_once.currentText() == "6"


def test_every_change_counts_at_once_and_leaves_the_rest_alone(dialog, qtbot):
    heard = []
    dialog.settings_changed.connect(heard.append)
    choose(dialog.appearance, Appearance.DARK)
    choose(dialog.files_at_once, 8)
    choose(dialog.parts_at_once, 12)
    assert heard[0] == Settings(Appearance.DARK, 6, 3, last_profile_id="photos")
    assert heard[-1] == Settings(Appearance.DARK, 12, 8, last_profile_id="photos")
    assert len(heard) == 3


def test_a_number_that_is_not_offered_is_kept(qtbot):
    dialog = SettingsDialog(Settings(parts_at_once=100))
    qtbot.addWidget(dialog)
    assert dialog.parts_at_once.currentText() == "100"


def test_closing_is_all_there_is_to_do(dialog):
    assert not dialog.cancel_button.isVisible()
    dialog.accept_button.click()
    assert not dialog.isVisible()


def test_which_drops_are_shown_before_they_start_is_a_setting(qtbot):
    dialog = SettingsDialog(Settings())
    qtbot.addWidget(dialog)
    box = dialog.files_without_review
    assert box.currentText() == "Drops of more than 1\u202f000 files"
    with qtbot.waitSignal(dialog.settings_changed) as changed:
        box.setCurrentIndex(box.findText("Every drop"))
    assert changed.args[0].files_without_review == 0
