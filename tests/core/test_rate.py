from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.rate import RateMeter


def test_a_steady_flow_has_its_rate_and_its_end():
    meter = RateMeter(window_seconds=4)
    for second in range(20):
        meter.add(second, second * 1000)
    assert meter.bytes_per_second == 1000
    assert meter.seconds_left(5000) == 5


def test_only_the_last_seconds_count():
    meter = RateMeter(window_seconds=4)
    for second in range(10):
        meter.add(second, second * 1000)
    for second in range(10, 16):
        meter.add(second, 9000)
    assert meter.bytes_per_second == 0
    assert meter.seconds_left(1) is None


def test_nothing_is_known_at_the_start():
    meter = RateMeter()
    assert meter.bytes_per_second == 0
    meter.add(0, 0)
    assert meter.seconds_left(10) is None


@given(st.lists(st.tuples(st.floats(0, 10), st.integers(0, 10**12)), max_size=30))
def test_a_rate_is_never_negative_and_the_time_left_never_endless(steps):
    meter, now = RateMeter(), 0.0
    for gap, total in steps:
        now += gap
        meter.add(now, total)
        left = meter.seconds_left(10**12)
        assert meter.bytes_per_second >= 0
        assert left is None or 0 <= left <= 10**12
