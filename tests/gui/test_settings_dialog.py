from __future__ import annotations

import pytest

from s3gui.core.settings import Appearance, Settings
from s3gui.gui.settings_dialog import SettingsDialog

SETTINGS = Settings(Appearance.LIGHT, parts_at_once=6, files_at_once=3, last_profile_id="photos")


@pytest.fixture
def dialog(qtbot):
    dialog = SettingsDialog(SETTINGS)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_it_shows_what_holds(dialog):
    assert dialog.appearance.currentText() == "Light"
    assert dialog.files_at_once.value() == 3
    assert dialog.parts_at_once.value() == 6


def test_every_change_counts_at_once_and_leaves_the_rest_alone(dialog, qtbot):
    heard = []
    dialog.settings_changed.connect(heard.append)
    dialog.appearance.setCurrentIndex(dialog.appearance.findData(Appearance.DARK))
    dialog.files_at_once.setValue(5)
    dialog.parts_at_once.setValue(12)
    assert heard[0] == Settings(Appearance.DARK, 6, 3, "photos")
    assert heard[-1] == Settings(Appearance.DARK, 12, 5, "photos")
    assert len(heard) == 3


def test_a_digit_on_the_way_to_another_number_is_not_meant(dialog, qtbot):
    heard = []
    dialog.settings_changed.connect(heard.append)
    dialog.parts_at_once.selectAll()
    qtbot.keyClicks(dialog.parts_at_once, "1")
    qtbot.keyClicks(dialog.parts_at_once, "6")
    assert heard == []
    dialog.accept_button.setFocus()
    dialog.accept_button.click()
    assert [settings.parts_at_once for settings in heard] == [16]
    assert not dialog.isVisible()


def test_a_larger_number_from_the_file_is_not_cut(qtbot):
    dialog = SettingsDialog(Settings(parts_at_once=100))
    qtbot.addWidget(dialog)
    assert dialog.parts_at_once.value() == 100
