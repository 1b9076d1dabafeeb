from __future__ import annotations

import pytest
from PySide6.QtCore import QTime
from PySide6.QtWidgets import QComboBox

from s3gui.core.settings import Appearance, OnClosing, Settings
from s3gui.gui.settings_dialog import SettingsDialog
from s3gui.i18n import LANGUAGES

SETTINGS = Settings(Appearance.LIGHT, parts_at_once=6, files_at_once=3, last_profile_id="photos")


@pytest.fixture
def opened(qtbot):
    def open_with(settings: Settings) -> tuple[SettingsDialog, list[Settings]]:
        dialog = SettingsDialog(settings)
        qtbot.addWidget(dialog)
        dialog.show()
        heard: list[Settings] = []
        dialog.settings_changed.connect(lambda _before, after: heard.append(after))
        return dialog, heard

    return open_with


def choose(box: QComboBox, value: object) -> None:
    box.setCurrentIndex(box.findData(value))


def test_it_shows_what_holds(opened):
    dialog, _heard = opened(SETTINGS)
    assert dialog.appearance.appearance.currentText() == "Light"
    assert dialog.appearance.text_percent.currentText() == "100 %"
    assert dialog.appearance.language.currentText() == "As the system"
    assert dialog.transfers.files_at_once.currentText() == "3"
    assert dialog.transfers.parts_at_once.currentText() == "6"
    assert dialog.transfers.limit.kind.currentText() == "No limit"
    assert dialog.running.on_closing.currentText() == "Ask me"
    assert dialog.running.notifies.isChecked()
    assert dialog.running.keeps_awake.isChecked()
    assert not dialog.running.starts_at_login.isChecked()
    assert dialog.keeping.finished_days.currentText() == "Keep for ever"


def test_every_change_counts_at_once_and_leaves_the_rest_alone(opened):
    dialog, heard = opened(SETTINGS)
    choose(dialog.appearance.appearance, Appearance.DARK)
    choose(dialog.transfers.files_at_once, 8)
    choose(dialog.transfers.parts_at_once, 12)
    assert heard[0] == Settings(Appearance.DARK, 6, 3, last_profile_id="photos")
    assert heard[-1] == Settings(Appearance.DARK, 12, 8, last_profile_id="photos")
    assert len(heard) == 3


def test_how_much_at_once_is_left_to_the_line_unless_somebody_chooses(opened):
    dialog, heard = opened(Settings())
    assert dialog.transfers.files_at_once.currentText() == "Automatic"
    assert dialog.transfers.parts_at_once.currentText() == "Automatic"
    choose(dialog.transfers.parts_at_once, 2)
    assert (heard[-1].files_at_once, heard[-1].parts_at_once) == (None, 2)
    dialog.transfers.parts_at_once.setCurrentIndex(0)
    assert heard[-1] == Settings()


def test_what_is_not_offered_is_kept(opened):
    odd = Settings(
        parts_at_once=63,
        files_at_once=5,
        text_percent=130,
        finished_days=12,
        language="eo",
        files_without_review=77,
    )
    dialog, heard = opened(odd)
    assert dialog.transfers.parts_at_once.currentText() == "63"
    assert dialog.keeping.finished_days.currentText() == "Keep for 12 days"
    choose(dialog.running.on_closing, OnClosing.TRAY)
    dialog.running.on_closing.setCurrentIndex(0)
    assert heard[-1] == odd


def test_closing_is_all_there_is_to_do(opened):
    dialog, _heard = opened(SETTINGS)
    assert not dialog.cancel_button.isVisible()
    dialog.accept_button.click()
    assert not dialog.isVisible()


def test_which_drops_are_shown_before_they_start_is_a_setting(opened):
    dialog, heard = opened(Settings())
    box = dialog.transfers.files_without_review
    assert box.currentText() == "Drops of more than 1\u202f000 files"
    box.setCurrentIndex(box.findText("Every drop"))
    assert heard[-1].files_without_review == 0


def test_a_speed_limit_counts_while_it_is_typed_and_is_lifted_again(opened):
    dialog, heard = opened(Settings())
    limit = dialog.transfers.limit
    assert not limit.number.isEnabled()
    choose(limit.kind, True)
    assert heard[-1].most_bytes_per_second == 5_000_000
    limit.number.setValue(2.5)
    assert heard[-1].most_bytes_per_second == 2_500_000
    limit.unit.setCurrentIndex(limit.unit.findText("Mbit/s"))
    assert heard[-1].most_bytes_per_second == 312_500
    choose(limit.kind, False)
    assert heard[-1].most_bytes_per_second == 0


@pytest.mark.parametrize(
    ("rate", "number", "unit"),
    [(5_000_000, "5.00", "MB/s"), (250_000, "250", "kB/s"), (10_000, "10", "kB/s")],
)
def test_a_limit_is_shown_in_a_unit_that_one_reads_easily(opened, rate, number, unit):
    dialog, heard = opened(Settings(most_bytes_per_second=rate))
    limit = dialog.transfers.limit
    assert (limit.number.text().replace(",", "."), limit.unit.currentText()) == (number, unit)
    assert limit.bytes_per_second == rate
    assert heard == []


@pytest.mark.parametrize("rate", [62_500, 1_171_250, 5_000])
def test_a_limit_that_is_shown_rounded_stays_what_it_is(opened, rate):
    dialog, heard = opened(Settings(most_bytes_per_second=rate))
    dialog.transfers.files_without_review.setCurrentIndex(0)
    choose(dialog.transfers.limit.kind, False)
    choose(dialog.transfers.limit.kind, True)
    assert [each.most_bytes_per_second for each in heard] == [rate, 0, rate]


def test_a_limit_may_hold_at_certain_hours_only(opened):
    dialog, heard = opened(Settings(most_bytes_per_second=1_000_000))
    page = dialog.transfers
    dialog.pages.open(1)
    assert not page.otherwise.isVisible()
    choose(page.hours.kind, True)
    assert page.otherwise.isVisible()
    page.hours.begin.setTime(QTime(22, 30))
    page.hours.end.setTime(QTime(6, 0))
    choose(page.otherwise.kind, True)
    schedule = heard[-1].schedule
    assert (schedule.begins, schedule.ends) == (22 * 60 + 30, 6 * 60)
    assert (schedule.within, schedule.otherwise) == (1_000_000, 5_000_000)


def test_without_a_limit_there_are_no_hours_of_one(opened):
    dialog, _heard = opened(Settings())
    dialog.pages.open(1)
    assert not dialog.transfers.hours.isVisible()
    choose(dialog.transfers.limit.kind, True)
    assert dialog.transfers.hours.isVisible()


def test_the_languages_are_named_in_themselves(opened):
    dialog, heard = opened(Settings())
    box = dialog.appearance.language
    names = [box.itemText(row) for row in range(box.count())]
    assert names == ["As the system", *LANGUAGES.values()]
    assert "Français" in names
    choose(box, "fr")
    assert heard[-1].language == "fr"


def test_what_runs_beside_the_window_is_a_matter_of_switches(opened):
    dialog, heard = opened(Settings())
    dialog.running.notifies.setChecked(False)
    dialog.running.keeps_awake.setChecked(False)
    dialog.running.starts_at_login.setChecked(True)
    dialog.running.asks_for_releases.setChecked(True)
    choose(dialog.running.on_closing, OnClosing.PAUSE)
    choose(dialog.keeping.finished_days, 90)
    assert heard[-1] == Settings(
        notifies=False,
        keeps_awake=False,
        starts_at_login=True,
        asks_for_releases=True,
        on_closing=OnClosing.PAUSE,
        finished_days=90,
    )


def test_it_can_begin_with_the_speed_limit(opened):
    dialog, _heard = opened(Settings())
    dialog.show_limit()
    assert dialog.pages.stack.currentWidget() is dialog.transfers
    assert dialog.focusWidget() is dialog.transfers.limit.kind


def test_every_setting_has_a_sentence_of_help(opened):
    dialog, _heard = opened(Settings(most_bytes_per_second=1, limit_has_hours=True))
    without = [
        field.label.text()
        for page in dialog.pages.forms()
        for field in page.fields
        if not field.note.text()
    ]
    assert without == []
