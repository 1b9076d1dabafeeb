from __future__ import annotations

import pytest

from s3gui.core.settings import Appearance
from s3gui.core.transfer import TransferState
from s3gui.engine.ports import Count
from s3gui.gui.status_bar import StatusBar

GB = 10**9


@pytest.fixture
def bar(theme, qtbot):
    bar = StatusBar(theme)
    qtbot.addWidget(bar)
    return bar


def test_all_transfers_are_one_sentence(bar):
    counts = {
        TransferState.RUNNING: Count(3, 100 * GB, 41_200_000_000),
        TransferState.QUEUED: Count(9, 54 * GB, 0),
    }
    bar.show_work(counts, 0, 314_000_000.0)
    assert bar.text.text() == "3 uploading  ·  41.2 of 154 GB  ·  314 MB/s  ·  6 min left"
    assert bar.bar.accessibleDescription() == "26%"


def test_without_a_speed_there_is_no_time_left(bar):
    bar.show_work({TransferState.RUNNING: Count(1, GB, 0)}, 0, 0.0)
    assert bar.text.text() == "1 uploading  ·  0 of 1.0 GB"


def test_bytes_on_their_way_shorten_the_time_but_are_not_done(bar):
    bar.show_work({TransferState.RUNNING: Count(1, 100, 0)}, 90, 10.0)
    assert bar.text.text() == "1 uploading  ·  0 of 100 B  ·  10 B/s  ·  1 s left"
    assert bar.bar.accessibleDescription() == "0%"


def test_of_an_archive_nobody_knows_how_much_it_will_be(bar):
    archive = Count(1, 0, 41_900_000, files_of_unknown_size=1)
    bar.show_work({TransferState.RUNNING: archive}, 0, 5_000_000.0)
    assert bar.text.text() == "1 uploading  ·  41.9 MB  ·  5.0 MB/s"
    assert bar.bar.accessibleDescription() == "0%"


def test_beside_an_archive_the_bar_counts_files(bar):
    bar.show_work({}, 0, 0.0)
    counts = {
        TransferState.COMPLETED: Count(1, GB, GB),
        TransferState.RUNNING: Count(3, GB, 5 * GB, files_of_unknown_size=1),
    }
    bar.show_work(counts, 0, 0.0)
    assert bar.text.text() == "3 uploading  ·  6.0 GB"
    assert bar.bar.accessibleDescription() == "25%"


def test_rows_that_are_removed_change_nothing_of_what_was_done(bar):
    running = {TransferState.RUNNING: Count(1, GB, 0)}
    bar.show_work({TransferState.COMPLETED: Count(50, 900 * GB, 900 * GB)}, 0, 0.0)
    bar.show_work({TransferState.COMPLETED: Count(51, 901 * GB, 901 * GB), **running}, 0, 0.0)
    bar.show_work({TransferState.COMPLETED: Count(1, GB, GB), **running}, 0, 0.0)
    assert "1.0 of 2.0 GB" in bar.text.text()
    bar.show_work({TransferState.COMPLETED: Count(2, 2 * GB, 2 * GB)}, 0, 0.0)
    bar.show_work({}, 0, 0.0)
    assert bar.text.text() == "2 files uploaded and verified"


def test_what_was_done_before_this_round_is_not_counted_again(bar):
    done = Count(50, 900 * GB, 900 * GB)
    bar.show_work({TransferState.COMPLETED: done}, 0, 0.0)
    bar.show_work({TransferState.COMPLETED: done, TransferState.RUNNING: Count(1, GB, 0)}, 0, 0.0)
    assert "0 of 1.0 GB" in bar.text.text()
    later = Count(51, 901 * GB, 901 * GB)
    bar.show_work({TransferState.COMPLETED: later, TransferState.QUEUED: Count(1, GB, 0)}, 0, 0.0)
    assert "1.0 of 2.0 GB" in bar.text.text()


def test_files_that_were_done_before_the_round_was_seen_are_counted(bar):
    bar.show_work({}, 0, 0.0)
    busy = {TransferState.COMPLETED: Count(4, 40, 40), TransferState.QUEUED: Count(6, 60, 0)}
    bar.show_work(busy, 0, 0.0)
    bar.show_work({TransferState.COMPLETED: Count(10, 100, 100)}, 0, 0.0)
    assert bar.text.text() == "10 files uploaded and verified"
    bar.show_work({TransferState.COMPLETED: Count(11, 110, 110)}, 0, 0.0)
    assert bar.text.text() == "1 file uploaded and verified"


def test_what_an_earlier_window_did_is_not_counted(bar):
    bar.show_work({TransferState.COMPLETED: Count(10, 100, 100)}, 0, 0.0)
    assert bar.text.text() == "Nothing to do"


def test_at_the_end_it_says_what_was_verified_and_what_failed(bar):
    bar.show_work({TransferState.RUNNING: Count(2, 20, 0)}, 0, 0.0)
    counts = {TransferState.COMPLETED: Count(1, 10, 10), TransferState.FAILED: Count(1, 10, 0)}
    bar.show_work(counts, 0, 0.0)
    assert bar.text.text() == "1 file uploaded and verified  ·  1 failed"


def test_a_paused_queue_says_so(bar):
    bar.show_work({TransferState.PAUSED: Count(2, 20, 5)}, 0, 0.0)
    assert bar.text.text() == "2 paused  ·  5 of 20 B"


def test_the_promise_goes_where_the_sentence_needs_the_room(bar, qtbot):
    bar.show_work({TransferState.RUNNING: Count(1, 100 * GB, 41 * GB)}, 0, 314_000_000.0)
    bar.resize(1_200, 30)
    bar.show()
    assert bar._promise.isVisible()
    bar.resize(bar.text.sizeHint().width() + 470, 30)
    qtbot.waitUntil(lambda: not bar._promise.isVisible())
    qtbot.waitUntil(lambda: bar.text.width() >= bar.text.sizeHint().width())
    bar.resize(1_200, 30)
    qtbot.waitUntil(bar._promise.isVisible)


def test_it_stays_as_high_when_a_button_comes(bar, theme, qapp):
    theme.apply(qapp, Appearance.LIGHT)

    def heights():
        return bar.sizeHint().height(), bar.minimumSizeHint().height()

    before = heights()
    bar.show_leftovers(3)
    bar.summary.show()
    assert heights() == before
