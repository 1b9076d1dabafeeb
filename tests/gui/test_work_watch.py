from __future__ import annotations

import pytest

from s3gui.core.errors import NoSuchBucket
from s3gui.core.transfer import TransferState as State
from s3gui.engine.ports import Count
from s3gui.gui.counters import FailureGroup, Summary
from s3gui.gui.event_feed import Changes
from s3gui.gui.work_watch import WorkWatch
from tests.gui.test_work_round import row


@pytest.fixture
def reading():
    return [False]


@pytest.fixture
def watch(qapp, reading):
    watch = WorkWatch(lambda: reading[0], steady=lambda: 1.0)
    watch._rest.setInterval(1)
    watch._calm.setInterval(1)
    return watch


def happened(watch: WorkWatch, *rows) -> None:
    watch.apply(Changes(changed={each.id: each for each in rows}))


def seen(watch: WorkWatch, *, needing: int = 0, **files: int) -> None:
    counts = {State(name): Count(number) for name, number in files.items()}
    watch.observe(Summary(counts, needing_person=needing))


def test_the_end_of_all_work_is_told_once(watch, qtbot):
    ends: list[object] = []
    watch.ended.connect(ends.append)
    seen(watch, running=1)
    happened(watch, row(1, State.COMPLETED))
    with qtbot.waitSignal(watch.ended):
        seen(watch, completed=1)
    seen(watch, completed=1)
    qtbot.wait(10)
    assert [end.files for end in ends] == [1]


def test_an_end_that_is_told_after_the_counts_counts_still(watch, qtbot):
    seen(watch, running=1)
    seen(watch, completed=1)
    happened(watch, row(1, State.COMPLETED))
    with qtbot.waitSignal(watch.ended) as ended:
        pass
    assert ended.args[0].files == 1


def test_a_further_drop_before_the_rest_is_over_is_the_same_work(watch, qtbot):
    seen(watch, running=1)
    happened(watch, row(1, State.COMPLETED))
    watch._rest.setInterval(60_000)
    seen(watch, completed=1)
    seen(watch, completed=1, queued=1)
    watch._end_if_over()
    happened(watch, row(2, State.COMPLETED))
    watch._rest.stop()
    watch._rest.setInterval(1)
    with qtbot.waitSignal(watch.ended) as ended:
        seen(watch, completed=2)
    assert ended.args[0].files == 2


def test_what_is_only_cancelled_has_no_summary(watch, qtbot):
    ends: list[object] = []
    watch.ended.connect(ends.append)
    seen(watch, running=1)
    happened(watch, row(1, State.CANCELLED))
    seen(watch, cancelled=1)
    qtbot.waitUntil(lambda: not watch._round.is_open)
    assert ends == []


def test_a_folder_that_is_still_read_is_work(watch, reading):
    reading[0] = True
    seen(watch)
    assert watch.is_at_work


def test_sending_is_told_at_once_and_its_end_after_a_while(watch, qtbot):
    told: list[bool] = []
    watch.sending_changed.connect(told.append)
    seen(watch, running=1)
    seen(watch, verifying=1)
    assert told == [True]
    seen(watch, waiting=1)
    assert told == [True]
    qtbot.waitUntil(lambda: told == [True, False])


def test_a_pause_between_two_files_is_no_end_of_sending(watch):
    told: list[bool] = []
    watch.sending_changed.connect(told.append)
    watch._calm.setInterval(60_000)
    seen(watch, running=1)
    seen(watch, queued=1)
    seen(watch, running=1)
    assert not watch._calm.isActive()
    assert told == [True]


def test_only_the_first_failures_of_a_round_are_told(watch):
    told: list[int] = []
    watch.failed_first.connect(told.append)
    seen(watch, running=9)
    happened(watch, row(1, State.FAILED), row(2, State.FAILED))
    seen(watch, running=7, failed=2)
    happened(watch, row(3, State.FAILED))
    seen(watch, running=6, failed=3)
    assert told == [2]


def test_what_fails_again_in_one_step_counts_as_failed_of_the_new_round(watch, qtbot):
    failure = NoSuchBucket("No such bucket.").failure()
    groups = (FailureGroup(failure, tuple(range(1, 102))),)
    counts = {State.FAILED: Count(101)}
    watch.observe(Summary(counts, failures=groups))
    watch.apply(Changes(stale=set(range(1, 102))))
    happened(watch, row(1, State.FAILED), row(2, State.FAILED))
    watch.apply(Changes(stale=set(range(3, 102))))
    with qtbot.waitSignal(watch.ended) as ended:
        watch.observe(Summary(counts, failures=groups))
    assert ended.args[0].failed == 101


def test_failures_that_nobody_tried_again_are_none_of_the_next_round(watch, qtbot):
    groups = (FailureGroup(NoSuchBucket("No such bucket.").failure(), (1, 2, 3)),)
    watch.observe(Summary({State.FAILED: Count(3)}, failures=groups))
    watch.apply(Changes(stale={3}))
    happened(watch, row(4, State.COMPLETED))
    with qtbot.waitSignal(watch.ended) as ended:
        watch.observe(Summary({State.FAILED: Count(3), State.COMPLETED: Count(1)}))
    assert ended.args[0].failed == 1


def test_what_needs_somebody_is_told_when_there_was_nothing_before(watch):
    told: list[int] = []
    watch.person_needed.connect(told.append)
    seen(watch, needing=3, waiting=3)  # from an earlier run of the program
    seen(watch, running=3)
    seen(watch, needing=2, waiting=2)
    seen(watch, needing=900, waiting=900)
    assert told == [2]


def test_a_failure_that_asks_for_a_decision_is_told_as_that_only(watch):
    failures, needs = [], []
    watch.failed_first.connect(failures.append)
    watch.person_needed.connect(needs.append)
    seen(watch, running=2)
    happened(watch, row(1, State.FAILED))
    seen(watch, running=1, failed=1, needing=1)
    assert (failures, needs) == ([], [1])
