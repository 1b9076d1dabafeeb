from s3gui.cli.tally import Tally
from s3gui.core.events import PartCompleted, PartFailed, PartProgress, TransferChanged
from s3gui.core.transfer import TransferState
from s3gui.engine.ports import Count
from tests.cli.transfers import transfer


def moving_bytes(tally: Tally) -> list[tuple[int, int]]:
    return [(each.acknowledged_bytes, each.in_flight_bytes) for each in tally.moving]


def test_bytes_on_their_way_are_told_apart_from_acknowledged_ones() -> None:
    tally = Tally()
    tally.apply(TransferChanged(transfer(sent_bytes=10)))
    tally.apply(PartProgress(1, 2, 20, 40))
    tally.apply(PartProgress(1, 3, 5, 40))
    assert moving_bytes(tally) == [(10, 25)]
    tally.apply(PartCompleted(1, 2, 40))
    assert moving_bytes(tally) == [(50, 5)]


def test_a_report_that_comes_twice_counts_once() -> None:
    tally = Tally()
    tally.apply(TransferChanged(transfer()))
    tally.apply(PartProgress(1, 1, 30, 40))
    tally.apply(PartProgress(1, 1, 30, 40))
    assert moving_bytes(tally) == [(0, 30)]


def test_a_part_that_failed_takes_its_bytes_back() -> None:
    tally = Tally()
    tally.apply(TransferChanged(transfer()))
    tally.apply(PartProgress(1, 1, 30, 40))
    tally.apply(PartFailed(1, 1, "The line broke.", will_retry=True))
    assert moving_bytes(tally) == [(0, 0)]


def test_what_ended_moves_no_more_and_late_reports_of_it_are_ignored() -> None:
    tally = Tally()
    tally.apply(TransferChanged(transfer()))
    tally.apply(TransferChanged(transfer(state=TransferState.COMPLETED)))
    tally.apply(PartProgress(1, 1, 30, 40))
    assert tally.moving == []


def test_the_figures_leave_out_the_bytes_of_what_was_given_up() -> None:
    figures = Tally().measure(
        {
            TransferState.COMPLETED: Count(2, 200, 200),
            TransferState.RUNNING: Count(1, 100, 40),
            TransferState.FAILED: Count(3, 900, 10),
            TransferState.SKIPPED: Count(1, 50, 0),
        },
        0.0,
    )
    assert (figures.total_bytes, figures.acknowledged_bytes) == (300, 240)
    assert (figures.files, figures.stored, figures.failed, figures.skipped) == (7, 2, 3, 1)
    assert figures.ended == 6


def test_the_time_left_comes_from_the_rate_and_is_unknown_while_nothing_moves() -> None:
    tally = Tally()
    assert tally.measure({TransferState.RUNNING: Count(1, 1000, 0)}, 0.0).seconds_left is None
    figures = tally.measure({TransferState.RUNNING: Count(1, 1000, 500)}, 1.0)
    assert figures.bytes_per_second == 500
    assert figures.seconds_left == 1.0


def test_a_stream_has_neither_a_total_nor_an_end_in_sight() -> None:
    figures = Tally(size_is_known=False).measure({TransferState.RUNNING: Count(1, 0, 7)}, 0.0)
    assert figures.total_bytes is None
    assert figures.seconds_left is None


def test_silence_is_told_after_some_seconds_with_its_cause_where_one_is_known() -> None:
    counts = {TransferState.RUNNING: Count(1, 1000, 0)}
    tally = Tally()
    tally.apply(TransferChanged(transfer()))
    tally.measure(counts, 0.0)
    assert tally.trouble(4.9) == ""
    assert tally.trouble(6.0) == "No answer for 6 s; still trying."
    tally.apply(PartFailed(1, 1, "The line broke.", will_retry=True))
    assert tally.trouble(6.0) == "Still trying: The line broke."
    tally.measure({TransferState.RUNNING: Count(1, 1000, 1)}, 7.0)
    assert tally.trouble(7.0) == ""


def test_silence_is_no_trouble_while_the_service_puts_the_object_together() -> None:
    tally = Tally()
    tally.apply(TransferChanged(transfer(state=TransferState.FINISHING)))
    tally.measure({TransferState.FINISHING: Count(1, 100, 100)}, 0.0)
    assert tally.trouble(60.0) == ""


def test_an_object_that_cannot_be_looked_at_yet_is_told_with_its_cause() -> None:
    tally = Tally()
    tally.apply(TransferChanged(transfer()))
    tally.apply(PartFailed(1, 1, "The line broke.", will_retry=True))
    tally.apply(TransferChanged(transfer(state=TransferState.VERIFYING)))
    tally.measure({TransferState.VERIFYING: Count(1, 100, 100)}, 0.0)
    assert tally.trouble(60.0) == "", "what was, is over"
    tally.apply(PartFailed(1, 0, "The service is away.", will_retry=True))
    assert tally.trouble(60.0) == "Still trying: The service is away."
    tally.apply(TransferChanged(transfer(2)))
    assert tally.trouble(60.0) == "Still trying: The service is away."


def test_silence_is_no_trouble_for_a_stream_which_may_wait_for_its_writer() -> None:
    tally = Tally(size_is_known=False)
    tally.apply(TransferChanged(transfer()))
    tally.measure({TransferState.RUNNING: Count(1, 0, 0)}, 0.0)
    assert tally.trouble(60.0) == ""
