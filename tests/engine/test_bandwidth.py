import threading
import time

import pytest

from s3gui.core.schedule import Schedule
from s3gui.engine.bandwidth import Bandwidth
from s3gui.engine.stop import Stop, Stopped, StopReason
from tests.fakes.clock import FakeClock


@pytest.mark.parametrize("count", [100, 1000, 5000])
def test_what_leaves_keeps_to_the_rate(count):
    clock = FakeClock()
    bandwidth = Bandwidth(clock, bytes_per_second=1000)
    started_at = clock.steady()
    for _ in range(20_000 // count):
        bandwidth.take(count, Stop())
    assert clock.steady() - started_at == pytest.approx(20, rel=0.05)


def test_without_a_limit_nobody_waits_and_a_limit_counts_at_once():
    clock = FakeClock()
    bandwidth = Bandwidth(clock)
    started_at = clock.steady()
    bandwidth.take(10**12, Stop())
    assert clock.steady() == started_at
    bandwidth.limit(1000)
    bandwidth.take(2000, Stop())
    assert clock.steady() - started_at == pytest.approx(2, rel=0.05)


def test_who_waits_goes_on_when_the_limit_is_lifted():
    class Lifting(FakeClock):
        def pause(self, seconds, stop):
            super().pause(seconds, stop)
            bandwidth.limit(None)

    clock = Lifting()
    bandwidth = Bandwidth(clock, bytes_per_second=1)
    started_at = clock.steady()
    bandwidth.take(10**9, Stop())
    assert clock.steady() - started_at < 1


def test_a_stop_ends_the_waiting():
    bandwidth, stop = Bandwidth(FakeClock(), bytes_per_second=1), Stop()
    stop.request(StopReason.PAUSED)
    with pytest.raises(Stopped):
        bandwidth.take(1000, stop)


def test_a_quiet_time_does_not_save_up_more_than_half_a_second():
    clock = FakeClock()
    bandwidth = Bandwidth(clock, bytes_per_second=1000)
    clock.pause(3600, Stop())
    started_at = clock.steady()
    bandwidth.take(10_000, Stop())
    assert clock.steady() - started_at == pytest.approx(9.5, rel=0.05)


def test_all_who_send_share_the_rate():
    clock = FakeClock()
    bandwidth = Bandwidth(clock, bytes_per_second=1000)
    started_at = clock.steady()
    threads = [threading.Thread(target=bandwidth.take, args=(1000, Stop())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert clock.steady() - started_at >= 3.4


def _at(hour: int, minute: int) -> FakeClock:
    clock = FakeClock()
    clock.seconds = time.mktime((2026, 11, 27, hour, minute, 0, 0, 0, -1))
    return clock


def test_a_schedule_lifts_its_limit_when_the_time_has_come():
    clock = _at(17, 59)
    bandwidth = Bandwidth(clock)
    bandwidth.follow(Schedule(within=1000, otherwise=None, begins=8 * 60, ends=18 * 60))
    started_at = clock.steady()
    bandwidth.take(10**9, Stop())
    assert clock.steady() - started_at == pytest.approx(60, abs=2)
    assert bandwidth.bytes_per_second is None
    bandwidth.take(10**9, Stop())
    assert clock.steady() - started_at == pytest.approx(60, abs=2)


def test_a_schedule_sets_its_limit_when_the_time_has_come():
    clock = _at(7, 59)
    bandwidth = Bandwidth(clock)
    bandwidth.follow(Schedule(within=1000, otherwise=None, begins=8 * 60, ends=18 * 60))
    bandwidth.take(10**9, Stop())
    clock.pause(60, Stop())
    started_at = clock.steady()
    bandwidth.take(2_000, Stop())
    assert clock.steady() - started_at == pytest.approx(2, rel=0.05)
    assert bandwidth.bytes_per_second == 1000


def test_the_same_schedule_again_forgives_no_debt():
    clock, schedule = FakeClock(), Schedule(1000, 1000)
    bandwidth = Bandwidth(clock)
    bandwidth.follow(schedule)
    started_at = clock.steady()
    for _ in range(10):
        bandwidth.follow(schedule)
        bandwidth.take(1000, Stop())
    assert clock.steady() - started_at == pytest.approx(10, rel=0.05)
