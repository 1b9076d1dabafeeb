import pytest

from s3gui.core.errors import (
    AccessDenied,
    BadDigest,
    OperationAborted,
    ServiceUnavailable,
    Throttled,
    Unreachable,
    WriteConflict,
)
from s3gui.engine.retry import Patience, Retrier
from s3gui.engine.stop import Stop, Stopped, StopReason
from tests.fakes.clock import FakeClock


def failing(*errors):
    left = list(errors)

    def attempt():
        if left:
            raise left.pop(0)
        return "done"

    return attempt


def test_what_passes_is_tried_again_until_it_passes():
    clock = FakeClock()
    retrier = Retrier(clock, Stop(), Patience())
    assert retrier.call(failing(Throttled(), ServiceUnavailable(), Throttled())) == "done"
    assert len(clock.pauses) == 3


def test_what_never_passes_is_not_tried_again():
    clock = FakeClock()
    with pytest.raises(AccessDenied):
        Retrier(clock, Stop(), Patience()).call(failing(AccessDenied()))
    assert clock.pauses == []


def test_the_last_error_is_raised_when_patience_ends():
    clock = FakeClock()
    told = []
    retrier = Retrier(clock, Stop(), Patience(attempts=4))
    with pytest.raises(Throttled):
        retrier.call(
            failing(*[Throttled()] * 9), lambda error, again: told.append((error.code, again))
        )
    assert told == [("throttled", True)] * 3 + [("throttled", False)]
    assert len(clock.pauses) == 3


def test_a_host_that_never_answered_is_given_up_soon_and_one_that_did_is_not():
    clock = FakeClock()
    retrier = Retrier(clock, Stop(), Patience(attempts=10, first_contact=3))
    with pytest.raises(Unreachable):
        retrier.call(failing(*[Unreachable()] * 9))
    assert len(clock.pauses) == 2
    retrier.call(failing())
    assert retrier.call(failing(*[Unreachable()] * 9)) == "done"


@pytest.mark.row("G11")
def test_pauses_are_drawn_evenly_below_a_bound_that_doubles_up_to_a_cap():
    clock = FakeClock(random=1.0)
    retrier = Retrier(clock, Stop(), Patience(first_pause_seconds=1, longest_pause_seconds=8))
    retrier.call(failing(*[Throttled()] * 6))
    assert clock.pauses == [1, 2, 4, 8, 8, 8]
    clock = FakeClock(random=0.25)
    Retrier(clock, Stop(), Patience(first_pause_seconds=1)).call(failing(Throttled()))
    assert clock.pauses == [0.25]


def test_a_stop_ends_the_waiting():
    stop = Stop()
    clock = FakeClock(on_pause=lambda: stop.request(StopReason.CANCELLED))
    with pytest.raises(Stopped) as stopped:
        Retrier(clock, stop, Patience()).call(failing(Throttled(), Throttled()))
    assert stopped.value.reason is StopReason.CANCELLED
    assert len(clock.pauses) == 1


@pytest.mark.parametrize("error", [BadDigest(), WriteConflict()])
def test_what_comes_out_the_same_again_and_again_is_given_up_sooner(error):
    calls = []

    def attempt():
        calls.append(1)
        raise error

    retrier = Retrier(FakeClock(), Stop(), Patience())
    with pytest.raises(type(error)):
        retrier.call(attempt, passes=lambda _: True)
    assert len(calls) == 4


def test_other_errors_in_between_do_not_use_up_the_patience_with_one_kind():
    """Found by the storms of figure G2 with seed 3: damaged once, after four lost connections."""
    errors = [Unreachable(), Throttled(), Unreachable(), Throttled(), BadDigest(), BadDigest()]
    retrier = Retrier(FakeClock(), Stop(), Patience())
    assert retrier.call(failing(*errors)) == "done"


def test_any_answer_at_all_shows_that_the_host_is_there():
    retrier = Retrier(FakeClock(), Stop(), Patience(first_contact=3))
    errors = [Unreachable(), Throttled(), Unreachable(), Unreachable(), Unreachable()]
    assert retrier.call(failing(*errors)) == "done"


def test_an_aborted_operation_is_asked_for_again():
    assert Retrier(FakeClock(), Stop(), Patience()).call(failing(OperationAborted())) == "done"


def test_a_caller_may_say_that_an_error_passes():
    errors = [WriteConflict(), WriteConflict()]

    def attempt():
        if errors:
            raise errors.pop()
        return "done"

    retrier = Retrier(FakeClock(), Stop(), Patience())
    assert retrier.call(attempt, passes=lambda error: isinstance(error, WriteConflict)) == "done"
