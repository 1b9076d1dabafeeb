from __future__ import annotations

from s3gui.core.schedule import Schedule
from s3gui.core.settings import Settings

BY_HOURS = Settings(
    most_bytes_per_second=500, limit_has_hours=True, limit_begins=480, limit_ends=1080
)


def test_a_limit_without_hours_holds_all_day():
    assert Settings(most_bytes_per_second=500).schedule.rate_at(0) == 500
    assert Settings().schedule == Schedule()


def test_with_hours_another_limit_holds_in_the_rest_of_the_day():
    schedule = Settings(
        most_bytes_per_second=500,
        limit_has_hours=True,
        limit_begins=480,
        limit_ends=1080,
        most_bytes_per_second_otherwise=9_000,
    ).schedule
    assert (schedule.rate_at(500), schedule.rate_at(0)) == (500, 9_000)


def test_a_limit_chosen_now_is_that_of_the_hours_it_is_now():
    assert BY_HOURS.limited_now(700, 500).most_bytes_per_second == 700
    evening = BY_HOURS.limited_now(700, 1_200)
    assert evening.most_bytes_per_second == 500
    assert evening.schedule.rate_at(1_200) == 700


def test_where_nobody_chose_a_number_there_are_threads_for_all_the_line_takes():
    automatic, chosen = Settings(), Settings(parts_at_once=3, files_at_once=2)
    assert (chosen.part_threads, chosen.file_threads) == (3, 2)
    assert automatic.part_threads == automatic.file_threads > 4
