from __future__ import annotations

import pytest

from s3gui.core.preferences import Preferences, Preset
from s3gui.core.provider import AWS
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.gui.destination_bar import DestinationBar
from s3gui.gui.kept_options_dialog import KeptOptionsDialog
from s3gui.gui.kept_preferences import KeptPreferences

COLD = UploadOptions(storage_class="GLACIER", tags=(("project", "x"),))


@pytest.fixture
def preferences(background) -> KeptPreferences:
    return KeptPreferences(background)


@pytest.fixture
def open_dialog(preferences, qtbot):
    def open_dialog(options=None) -> KeptOptionsDialog:
        place = ("profile", "photos")
        dialog = KeptOptionsDialog(options or UploadOptions(), AWS, preferences, place)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_dialog


def test_options_are_kept_under_a_name_and_chosen_by_it(open_dialog, preferences, qtbot):
    dialog = open_dialog(COLD)
    dialog.presets._save("Cold", COLD)
    again = open_dialog()
    assert again.presets.box.currentText() == "None"
    again.presets.box.setCurrentIndex(again.presets.box.findData("Cold"))
    again.presets.box.activated.emit(again.presets.box.currentIndex())
    with qtbot.waitSignal(again.options_chosen) as chosen:
        again.accept()
    assert chosen.args == [COLD]


def test_a_preset_in_use_is_shown_by_its_name(open_dialog, preferences):
    preferences.change(Preferences(presets=(Preset("Cold", COLD),)))
    assert open_dialog(COLD).presets.box.currentText() == "Cold"


def test_a_preset_can_be_removed(open_dialog, preferences):
    preferences.change(Preferences(presets=(Preset("Cold", COLD),)))
    dialog = open_dialog(COLD)
    dialog.presets.remove_button.click()
    assert preferences.value.presets == ()
    assert not dialog.presets.remove_button.isEnabled()


def test_a_bucket_begins_with_options_of_its_own(open_dialog, preferences, theme, profile, qtbot):
    dialog = open_dialog(COLD)
    dialog.for_bucket.setChecked(True)
    dialog.accept()
    bar = DestinationBar(theme, preferences)
    qtbot.addWidget(bar)
    bar.set_profile(profile)
    bar.set_destination(Destination("photos"))
    assert bar.options() == COLD
    bar.set_destination(Destination("backups"))
    assert bar.options() == UploadOptions()
    assert bar.options_elsewhere("photos") == COLD


def test_they_are_forgotten_when_the_mark_is_taken_away(open_dialog, preferences):
    preferences.change(Preferences().with_bucket_options("profile", "photos", COLD))
    dialog = open_dialog(COLD)
    assert dialog.for_bucket.isChecked()
    dialog.for_bucket.setChecked(False)
    dialog.accept()
    assert preferences.value.bucket_options == ()


def test_the_table_of_content_types_can_be_edited(open_dialog, preferences):
    dialog = open_dialog()
    dialog.types.set_pairs([("NEF", "image/x-nikon-nef"), ("*.fastq.gz", "application/gzip")])
    dialog.accept()
    assert preferences.value.content_type("raw/A.NEF") == "image/x-nikon-nef"
    assert preferences.value.content_type("run.fastq.gz") == "application/gzip"
    assert preferences.value.content_type("a.txt") is None


def test_a_wrong_type_keeps_the_dialog_open_and_says_why(open_dialog, preferences):
    dialog = open_dialog()
    dialog.types.set_pairs([(".nef", "nonsense")])
    dialog.accept()
    assert dialog.isVisible()
    assert dialog._types_field.note.is_error
    assert preferences.value == Preferences()
