from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.schedule import MINUTES_A_DAY, Schedule, clock_time, minute_of_day

WORK = Schedule(within=500, otherwise=None, begins=8 * 60, ends=18 * 60)
NIGHT = Schedule(within=None, otherwise=500, begins=22 * 60, ends=6 * 60)
MINUTES = st.integers(0, MINUTES_A_DAY - 1)
RATES = st.one_of(st.none(), st.integers(1, 10**9))
SCHEDULES = st.builds(Schedule, RATES, RATES, MINUTES, MINUTES)


@pytest.mark.parametrize(
    ("hour", "minute", "rate"),
    [(7, 59, None), (8, 0, 500), (17, 59, 500), (18, 0, None), (0, 0, None)],
)
def test_the_limit_holds_from_its_beginning_up_to_its_end(hour, minute, rate):
    assert WORK.rate_at(hour * 60 + minute) == rate


@pytest.mark.parametrize(
    ("hour", "rate"), [(21, 500), (22, None), (23, None), (0, None), (5, None), (6, 500)]
)
def test_hours_may_go_over_midnight(hour, rate):
    assert NIGHT.rate_at(hour * 60) == rate


def test_the_same_time_twice_is_the_whole_day():
    assert {Schedule(5, 7, 60, 60).rate_at(minute) for minute in range(MINUTES_A_DAY)} == {5}


def test_without_hours_nothing_ever_changes():
    assert Schedule(5).rate_at(0) == 5
    assert Schedule(5).changes_at(0) is None


@given(SCHEDULES, MINUTES)
def test_a_rate_holds_until_the_change_that_is_told(schedule, minute):
    change = schedule.changes_at(minute)
    rate = schedule.rate_at(minute)
    left = MINUTES_A_DAY if change is None else (change - minute) % MINUTES_A_DAY
    assert left > 0
    assert all(schedule.rate_at((minute + n) % MINUTES_A_DAY) == rate for n in range(left))
    if change is not None:
        assert schedule.rate_at(change) != rate


def test_the_time_of_day_is_that_of_the_clock_on_the_wall():
    assert minute_of_day(time.mktime((2026, 11, 27, 22, 5, 59, 0, 0, -1))) == 22 * 60 + 5
    assert clock_time(22 * 60 + 5) == "22:05"
