import time

from s3gui.practice.clock import Clock, http_date, iso_date


def test_it_shows_the_time_of_its_source():
    assert Clock(lambda: 1_000.0).now() == 1_000.0
    assert abs(Clock().now() - time.time()) < 60


def test_it_moves_forwards_and_backwards_without_the_machine():
    clock = Clock(lambda: 1_000.0)
    clock.move(90)
    clock.move(-30)
    assert clock.now() == 1_060.0


def test_dates_are_written_as_http_and_s3_write_them():
    assert http_date(784_111_777) == "Sun, 06 Nov 1994 08:49:37 GMT"
    assert iso_date(784_111_777.9) == "1994-11-06T08:49:37.000Z"
