"""A request to leave off reaches everybody who waits for it, whenever they began to."""

import threading

import pytest

from s3gui.engine.stop import Stop, Stopped, StopReason


def test_a_request_from_before_the_wait_is_heard():
    stop = Stop()
    stop.request(StopReason.PAUSED)
    assert stop.wait(60)


def test_all_who_wait_hear_a_request():
    stop = Stop()
    heard = []
    waiting = [threading.Thread(target=lambda: heard.append(stop.wait(60))) for _ in range(3)]
    for each in waiting:
        each.start()
    stop.request(StopReason.CANCELLED)
    for each in waiting:
        each.join(60)
    assert heard == [True, True, True]


def test_without_a_request_the_wait_ends():
    stop = Stop()
    assert not stop.wait(0)
    stop.check()


@pytest.mark.parametrize(
    ("requests", "reason"),
    [
        ([StopReason.PAUSED, StopReason.CLOSING], StopReason.PAUSED),
        ([StopReason.PAUSED, StopReason.CANCELLED], StopReason.CANCELLED),
        ([StopReason.CANCELLED, StopReason.PAUSED], StopReason.CANCELLED),
    ],
)
def test_the_first_request_counts_but_a_cancel_more(requests, reason):
    stop = Stop()
    for each in requests:
        stop.request(each)
    with pytest.raises(Stopped) as stopped:
        stop.check()
    assert stopped.value.reason is reason
