from __future__ import annotations

import pytest

from s3gui.core.errors import AccessDenied
from s3gui.gui.new_bucket_dialog import NewBucketDialog


@pytest.fixture
def dialog(background, store, profile, qtbot):
    dialog = NewBucketDialog(background, store, profile)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def error(dialog: NewBucketDialog) -> str:
    note = dialog.form.fields[0].note
    return note.text() if note.is_error else ""


def test_the_name_is_checked_while_it_is_typed(dialog, qtbot):
    qtbot.keyClicks(dialog.name, "Photos")
    assert "capital" in error(dialog)
    dialog.name.clear()
    qtbot.keyClicks(dialog.name, "photos")
    assert error(dialog) == ""


def test_a_bad_name_keeps_the_dialog_open_and_sends_nothing(dialog, store):
    dialog.name.setText("a")
    dialog.accept_button.click()
    assert dialog.isVisible()
    assert "3 to 63" in error(dialog)
    assert store.calls == []


def test_acls_are_disabled_unless_the_user_wants_them(dialog, store, qtbot):
    dialog.name.setText("photos-2026")
    with qtbot.waitSignal(dialog.bucket_created) as created:
        dialog.accept_button.click()
    assert created.args == ["photos-2026"]
    assert not store.buckets["photos-2026"].acls_enabled
    assert store.buckets["photos-2026"].region == "us-east-1"
    assert not dialog.isVisible()


def test_the_region_and_enabled_acls_are_sent(dialog, store, qtbot):
    dialog.name.setText("photos-2026")
    dialog.region.setText(" eu-west-1 ")
    dialog.acls.setCurrentIndex(1)
    with qtbot.waitSignal(dialog.bucket_created):
        dialog.accept_button.click()
    assert store.buckets["photos-2026"].acls_enabled
    assert store.buckets["photos-2026"].region == "eu-west-1"


def test_a_refusal_is_told_and_loses_nothing(dialog, store, qtbot):
    store.fail("create_bucket", AccessDenied())
    dialog.name.setText("photos-2026")
    dialog.accept_button.click()
    assert not dialog.accept_button.isEnabled()
    qtbot.waitUntil(lambda: dialog.message.is_error)
    assert "Access denied. These credentials" in dialog.message.text()
    assert dialog.name.text() == "photos-2026"
    assert dialog.accept_button.isEnabled()


def test_no_sentence_is_cut_off(dialog, qtbot):
    dialog.message.set_error("A long sentence that has to be wrapped. " * 12)
    label = dialog.message
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()))
