from datetime import UTC, datetime

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import AccessDenied, Unreachable
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions
from s3gui.engine.leftovers import Leftovers
from s3gui.gui.leftover_count import LeftoverCount
from s3gui.gui.leftovers_dialog import LeftoversDialog
from s3gui.gui.question import Question
from s3gui.gui.status_bar import StatusBar
from tests.fakes.clock import FakeClock
from tests.fakes.object_store import FakeObjectStore


@pytest.fixture
def store():
    return FakeObjectStore()


@pytest.fixture
def journal():
    journal = TransferDb(":memory:")
    journal.add_batch(Batch("b", Destination("bucket"), Profile("p", "P")))
    yield journal
    journal.close()


@pytest.fixture
def leftovers(store, journal):
    return Leftovers(journal, lambda _profile: store, FakeClock())


@pytest.fixture
def add(store, journal):
    def add(key, state=TransferState.CANCELLED):
        place = Destination("bucket", key)
        upload = store.create_multipart(place, UploadOptions())
        store.uploads[upload.upload_id].started_at = datetime.now(UTC)
        journal.add_transfers([Transfer(1, key, place, multipart=upload, state=state)])

    return add


@pytest.fixture
def open_dialog(leftovers, background, qtbot):
    def open_dialog():
        dialog = LeftoversDialog(leftovers, background)
        qtbot.addWidget(dialog)
        dialog.show()
        qtbot.waitUntil(dialog.look_button.isEnabled)
        return dialog

    return open_dialog


def texts(dialog, column=0):
    table = dialog.table
    return [table.topLevelItem(row).text(column) for row in range(table.topLevelItemCount())]


def test_what_is_open_is_shown_with_whose_it_is(open_dialog, add):
    add("gone")
    add("wanted", TransferState.PAUSED)
    dialog = open_dialog()
    assert texts(dialog) == ["s3://bucket/gone", "s3://bucket/wanted"]
    assert texts(dialog, 4) == ["s3gui", "s3gui, for a transfer"]
    assert not dialog.drop_button.isEnabled()


def test_nothing_left_open_is_said(open_dialog):
    assert "Nothing is left open" in open_dialog().message.text()


def test_what_is_chosen_is_dropped_after_a_yes_and_nothing_else(open_dialog, add, store, qtbot):
    add("gone")
    add("wanted", TransferState.PAUSED)
    dialog = open_dialog()
    dialog.table.topLevelItem(0).setSelected(True)
    dialog.drop_button.click()
    question = dialog.findChild(Question)
    assert len(store.open_uploads()) == 2
    question.yes_button.click()
    qtbot.waitUntil(lambda: texts(dialog) == ["s3://bucket/wanted"])
    assert [each.multipart.key for each in store.open_uploads()] == ["wanted"]


def test_a_no_drops_nothing(open_dialog, add, store):
    add("gone")
    dialog = open_dialog()
    dialog.table.topLevelItem(0).setSelected(True)
    dialog.drop_button.click()
    dialog.findChild(Question).no_button.click()
    assert len(store.open_uploads()) == 1


def test_those_of_others_are_shown_on_request_and_dropped_with_a_warning(
    open_dialog, add, store, qtbot
):
    add("gone")
    store.create_multipart(Destination("bucket", "theirs"), UploadOptions())
    dialog = open_dialog()
    assert texts(dialog) == ["s3://bucket/gone"]
    dialog.others.setChecked(True)
    qtbot.waitUntil(lambda: dialog.table.topLevelItemCount() == 2)
    dialog.table.topLevelItem(1).setSelected(True)
    dialog.drop_button.click()
    assert "not begun by s3gui" in dialog.findChild(Question).accessibleDescription()


@pytest.mark.row("S-13")
def test_a_service_that_does_not_list_is_noted(open_dialog, add, store):
    add("gone")
    store.fail("list_multipart_uploads", AccessDenied("No."), times=99)
    dialog = open_dialog()
    assert texts(dialog) == ["s3://bucket/gone"]
    assert "cannot be seen" in dialog.message.text()


def test_a_service_that_cannot_be_asked_is_named(open_dialog, add, store):
    add("gone")
    store.fail("list_multipart_uploads", Unreachable("No answer."), times=99)
    assert "P: No answer." in open_dialog().message.text()


def test_a_key_is_shown_as_plain_text_in_one_line(open_dialog, add):
    add("<b>a</b>\nb")
    (text,) = texts(open_dialog())
    assert "<b>a</b>" in text
    assert "\n" not in text


def test_the_badge_counts_what_no_transfer_goes_on_with(leftovers, background, add, theme, qtbot):
    status = StatusBar(theme)
    qtbot.addWidget(status)
    counter = LeftoverCount(leftovers, background)
    counter.counted.connect(status.show_leftovers)
    with qtbot.waitSignal(counter.counted):
        counter.count()
    assert not status.leftovers.isVisibleTo(status)
    add("gone")
    add("wanted", TransferState.PAUSED)
    with qtbot.waitSignal(counter.counted):
        counter.count_soon()
    assert status.leftovers.isVisibleTo(status)
    assert status.leftovers.text() == "1 leftover upload"
    with qtbot.waitSignal(status.leftovers_wanted):
        status.leftovers.click()
