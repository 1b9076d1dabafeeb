from __future__ import annotations

from dataclasses import replace

from s3gui.core.archive import ArchiveManifest, SkippedMember
from s3gui.core.transfer import Destination, Transfer
from s3gui.core.transfer import TransferState as State
from s3gui.engine.ports import Count
from s3gui.gui.round_text import round_facts
from s3gui.gui.summary_card import is_trifle
from s3gui.gui.work_round import RoundSummary, WorkRound

MB = 1_000_000


def row(number: int, state: State, *, size: int | None = 100, sent: int = 0) -> Transfer:
    place = Destination("bucket", f"{number}.bin")
    return Transfer(1, f"/{number}.bin", place, size, id=number, state=state, sent_bytes=sent)


def taken(work: WorkRound, *rows: Transfer, now: float = 0.0) -> None:
    work.take(rows, now)


def seen(work: WorkRound, now: float = 0.0, *, is_reading: bool = False, **files: int) -> None:
    counts = {State(name): Count(number) for name, number in files.items()}
    work.observe(counts, now, is_reading=is_reading)


def test_what_was_uploaded_failed_and_skipped_is_counted():
    work = WorkRound()
    seen(work, running=4)
    taken(work, row(1, State.COMPLETED), row(2, State.COMPLETED, size=50))
    taken(work, row(3, State.FAILED), row(4, State.SKIPPED))
    seen(work, 2.0, completed=2, failed=1, skipped=1)
    assert work.is_over
    summary = work.summary()
    assert (summary.files, summary.bytes) == (2, 150)
    assert (summary.failed, summary.skipped) == (1, 1)
    assert list(summary.ids) == [1, 2, 3, 4]


def test_the_speed_of_an_archive_counts_all_of_it_though_its_size_comes_last():
    work = WorkRound()
    seen(work, running=1)
    taken(work, row(1, State.RUNNING, size=None))
    taken(work, row(1, State.FINISHING, size=800 * MB, sent=800 * MB))
    taken(work, row(1, State.COMPLETED, size=800 * MB, sent=800 * MB))
    seen(work, 10.0, completed=1)
    assert work.summary().bytes_per_second == 80 * MB


def test_what_an_archive_left_out_is_counted():
    work = WorkRound()
    seen(work, running=1)
    gone = SkippedMember("run/c5.txt", "“c5.txt” does not exist.")
    taken(work, replace(row(1, State.COMPLETED), manifest=ArchiveManifest(52, 100, 1, (gone,))))
    seen(work, 1.0, completed=1)
    summary = work.summary()
    assert round_facts(summary)[-1] == "1 left out"
    assert not summary.is_whole
    assert not is_trifle(summary)


def test_a_failure_that_is_tried_again_is_none():
    work = WorkRound()
    taken(work, row(1, State.FAILED))
    assert work.failed == 1
    taken(work, row(1, State.RUNNING))
    assert work.failed == 0
    taken(work, row(1, State.COMPLETED))
    assert (work.summary().files, work.summary().failed) == (1, 0)


def test_a_batch_that_fails_in_one_step_is_counted_by_the_counts():
    work = WorkRound()
    seen(work, queued=900, failed=5)
    seen(work, failed=905)
    assert work.is_over
    assert work.summary().failed == 900


def test_what_failed_before_is_no_failure_of_this_round():
    work = WorkRound(5)
    seen(work, queued=1, failed=7)
    assert work.failed == 2
    taken(work, row(1, State.COMPLETED))
    seen(work, completed=1, failed=3)  # others were retried, or removed
    assert work.failed == 0


def test_time_counts_while_something_is_sent_and_not_while_it_waits():
    work = WorkRound()
    taken(work, row(1, State.RUNNING), now=10.0)
    seen(work, 11.0, running=1)
    seen(work, 14.0, waiting=1)
    seen(work, 1000.0, running=1)
    taken(work, row(1, State.COMPLETED, size=12 * MB), now=1002.0)
    seen(work, 1002.0, completed=1)
    assert work.summary().seconds == 6.0
    assert work.summary().bytes_per_second == 2 * MB


def test_what_an_earlier_round_sent_makes_no_speed():
    work = WorkRound()
    taken(work, row(1, State.RUNNING, size=100 * MB, sent=80 * MB), now=0.0)
    taken(work, row(1, State.RUNNING, size=100 * MB, sent=90 * MB), now=1.0)
    taken(work, row(1, State.COMPLETED, size=100 * MB), now=2.0)
    seen(work, 2.0, completed=1)
    assert work.summary().bytes == 100 * MB
    assert work.summary().sent_bytes == 20 * MB


def test_what_is_over_at_once_has_no_speed():
    assert RoundSummary(1, 100, 100, 0.2).bytes_per_second is None


def test_it_is_not_over_while_something_waits_or_is_still_read():
    work = WorkRound()
    taken(work, row(1, State.COMPLETED))
    seen(work, completed=1, queued=1)
    assert not work.is_over
    seen(work, completed=1, waiting=1)
    assert not work.is_over
    seen(work, completed=1, is_reading=True)
    assert not work.is_over
    seen(work, completed=1)
    assert work.is_over


def test_pausing_all_is_no_end_and_going_on_is_the_same_round():
    work = WorkRound()
    seen(work, running=2)
    taken(work, row(1, State.COMPLETED))
    seen(work, running=1, completed=1)
    seen(work, paused=1, completed=1)
    assert not work.is_over
    seen(work, running=1, completed=1)
    taken(work, row(2, State.COMPLETED))
    seen(work, completed=2)
    assert work.is_over
    assert work.summary().files == 2


def test_what_was_paused_before_keeps_the_others_from_no_end():
    work = WorkRound()
    seen(work, running=1, paused=1)
    taken(work, row(1, State.COMPLETED))
    seen(work, completed=1, paused=1)
    assert work.is_over


def test_nothing_that_happened_is_no_round():
    work = WorkRound()
    seen(work, completed=1000, failed=3)
    assert not work.is_over
