from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.events import PartCompleted, PartFailed, PartProgress, PartsConfirmed
from s3gui.core.transfer import Destination, Transfer, TransferState
from s3gui.gui.live import ACKNOWLEDGED, FAILED, LiveParts, LiveTransfers
from s3gui.gui.transfer_text import status_text

ROW = Transfer(1, "/a", Destination("b", "a"), 100, id=7, state=TransferState.RUNNING, part_size=30)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def live(clock):
    live = LiveTransfers(clock)
    live.changed(ROW)
    live.apply(PartsConfirmed(7, 4, frozenset()))
    return live


def test_only_acknowledged_bytes_count_as_done(live):
    live.apply(PartProgress(7, 1, 30, 30))
    live.apply(PartProgress(7, 2, 10, 30))
    assert (live.get(7).acknowledged_bytes, live.get(7).in_flight_bytes) == (0, 40)
    live.apply(PartCompleted(7, 1, 30))
    assert (live.get(7).acknowledged_bytes, live.get(7).in_flight_bytes) == (30, 10)


def test_a_part_that_is_sent_twice_counts_once(live):
    live.apply(PartCompleted(7, 1, 30))
    live.apply(PartProgress(7, 1, 12, 30))
    live.apply(PartCompleted(7, 1, 30))
    assert live.get(7).sent_bytes == 30


def test_a_retry_takes_back_what_it_sends_again(live):
    live.apply(PartProgress(7, 1, 25, 30))
    live.apply(PartFailed(7, 1, "Reset", will_retry=True))
    assert live.get(7).sent_bytes == 0
    assert live.get(7).states[0] == FAILED
    live.apply(PartProgress(7, 1, 5, 30))
    assert live.get(7).states[0] != FAILED


def test_parts_confirmed_at_a_resume_count_with_their_own_lengths(live):
    live.apply(PartsConfirmed(7, 4, frozenset({1, 4})))
    assert live.get(7).acknowledged_bytes == 40


def test_a_streams_parts_are_counted_as_they_come(clock):
    live = LiveTransfers(clock)
    live.changed(replace(ROW, size=None, part_size=None))
    live.apply(PartsConfirmed(7, None, frozenset()))
    live.apply(PartProgress(7, 3, 1, 5))
    live.apply(PartCompleted(7, 2, 5))
    assert bytes(live.get(7).states) == bytes([0, ACKNOWLEDGED, 0])
    assert live.get(7).count is None


def test_a_paused_transfer_keeps_its_picture_without_what_was_on_its_way(live):
    live.apply(PartCompleted(7, 2, 30))
    live.apply(PartProgress(7, 3, 20, 30))
    live.changed(replace(ROW, state=TransferState.PAUSED))
    assert bytes(live.get(7).states) == bytes([0, ACKNOWLEDGED, 0, 0])
    assert live.get(7).in_flight_bytes == 0
    assert list(live.active()) == []


def test_what_begins_anew_after_a_pause_keeps_no_parts(live):
    archive = replace(ROW, size=None)
    live.changed(archive)
    live.apply(PartCompleted(7, 1, 100))
    live.changed(replace(archive, state=TransferState.PAUSED))
    assert live.get(7) is None


def test_a_finished_transfer_is_no_longer_watched(live):
    live.changed(replace(ROW, state=TransferState.COMPLETED))
    assert live.get(7) is None


def test_a_report_that_comes_after_the_end_begins_nothing(live):
    live.changed(replace(ROW, state=TransferState.COMPLETED))
    assert live.apply(PartProgress(7, 1, 3, 30)) is None
    assert list(live.active()) == []


def test_completing_itself_has_number_zero_and_is_no_part(live):
    live.apply(PartFailed(7, 0, "Reset", will_retry=True))
    assert bytes(live.get(7).states) == bytes(4)


def test_a_question_about_the_whole_is_trouble_until_the_next_state(live):
    live.apply(PartFailed(7, 2, "Reset", will_retry=True))
    assert live.get(7).trouble == ""
    live.apply(PartFailed(7, 0, "It is away.", will_retry=True))
    row = replace(ROW, state=TransferState.VERIFYING)
    assert status_text(row, live.get(7)) == "Trying again: It is away. (Verifying…)"
    live.changed(row)
    assert status_text(row, live.get(7)) == "Verifying…"


def test_speed_is_of_all_together_and_goes_on_when_one_ends(live, clock):
    live.measure()
    for second in range(1, 4):
        clock.now = float(second)
        live.apply(PartCompleted(7, second, 30))
        if second == 3:
            live.changed(replace(ROW, state=TransferState.COMPLETED))
            live.changed(replace(ROW, id=8))
        live.measure()
    assert live.bytes_per_second == pytest.approx(30)


def test_what_was_there_before_a_resume_makes_no_speed(live, clock):
    live.measure()
    clock.now = 1.0
    live.apply(PartsConfirmed(7, 4, frozenset({1, 2, 3})))
    live.measure()
    assert live.bytes_per_second == 0
    assert live.get(7).meter.bytes_per_second == 0


def test_going_on_after_a_pause_makes_no_speed_either(live, clock):
    live.apply(PartCompleted(7, 1, 30))
    live.changed(replace(ROW, state=TransferState.PAUSED))
    live.measure()
    clock.now = 1.0
    live.changed(replace(ROW, state=TransferState.PREPARING))
    live.measure()
    live.apply(PartsConfirmed(7, 4, frozenset({1})))
    clock.now = 2.0
    live.measure()
    assert live.bytes_per_second == 0


@given(
    st.lists(
        st.tuples(st.sampled_from(["send", "done", "fail"]), st.integers(1, 4), st.integers(0, 30))
    )
)
def test_whatever_order_reports_come_in_the_sums_are_those_of_the_parts(reports):
    live = LiveParts(120, 30)
    live.start(4, frozenset())
    for kind, number, sent in reports:
        if kind == "send":
            live.progress(number, sent, 30)
        elif kind == "done":
            live.complete(number, 30)
        else:
            live.fail(number)
    assert live.acknowledged_bytes == 30 * live.states.count(ACKNOWLEDGED)
    assert live.sent_bytes <= 120
    assert all(live.states[number - 1] != ACKNOWLEDGED for number in live.in_flight)
