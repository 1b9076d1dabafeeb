"""The limit that follows the line, on lines made of arithmetic."""

import pytest

from s3gui.engine.concurrency import Concurrency
from s3gui.engine.stop import Stop

MIB = 1024**2


class Line:
    """`per_request` bytes a second for each, `in_all` at most; requests of `size` bytes.

    `busy` is the share of a processor that it takes.
    """

    def __init__(self, per_request, in_all, size=8 * MIB, busy=0.1, latency=0.0):
        self.now = 0.0
        self.used = 0.0
        self.per_request, self.in_all, self.size = per_request, in_all, size
        self.busy, self.latency = busy, latency
        self.limits = []
        self.concurrency = Concurrency(64, 8, steady=lambda: self.now, busy=lambda: self.used)

    def run(self, seconds, step=0.125, requests=None):
        done = 0.0
        ends_at = self.now + seconds
        while self.now < ends_at:
            limit = self.concurrency.limit
            under_way = min(limit, requests or limit)
            for _ in range(under_way):
                self.concurrency.take(Stop())
            self.now += step
            self.used += self.busy * step
            share = self.size / (self.size / self.per_request + self.latency)
            rate = min(under_way * share, self.in_all)
            look = self.concurrency._limit._look
            if look.is_put_off or self.now - step >= look._begun_at - 1e-9:
                self.concurrency.moved(int(rate * step))
            done += rate * step / self.size
            while done >= 1:
                done -= 1
                self.concurrency.succeeded()
            for _ in range(under_way):
                self.concurrency.leave()
            self.limits.append(self.concurrency.limit)
        return self.concurrency.limit

    def rate(self):
        return min(self.concurrency.limit * self.per_request, self.in_all)


@pytest.mark.parametrize("link", [50e6, 100e6, 300e6, 600e6])
def test_a_long_line_is_filled_within_fifteen_seconds(link):
    line = Line(per_request=10e6, in_all=link)
    line.run(15)
    assert line.rate() >= 0.85 * link
    line.run(60)
    assert line.rate() >= 0.85 * link


def test_while_more_requests_bring_more_they_are_soon_doubled():
    line = Line(per_request=10e6, in_all=300e6)
    line.run(1.0, step=0.05)
    assert line.concurrency.limit >= 32


def test_where_each_request_gets_much_they_are_doubled_and_no_more_at_first():
    """Such a line is short; that the processor is not this process's alone looks as if it idled."""
    line = Line(per_request=60e6, in_all=500e6, busy=0.6)
    line.run(0.3, step=0.05)
    assert line.concurrency.limit == 16


def test_the_time_before_the_first_request_is_not_taken_for_a_slow_line():
    line = Line(per_request=10e6, in_all=300e6)
    line.now += 0.45  # a connection is made, a client is built
    line.run(0.05, step=0.05)
    line.run(1.2, step=0.05)
    assert line.concurrency.limit >= 32


def test_a_short_look_is_enough_to_take_more_and_not_to_take_fewer():
    line = Line(per_request=10e6, in_all=300e6)
    line.run(0.2, step=0.05)
    assert line.concurrency.limit == 32
    line.per_request = 1e6  # connections are still being made
    line.run(0.4, step=0.05)
    assert line.concurrency.limit == 32
    line.per_request = 20e6
    line.run(0.8, step=0.05)
    assert line.concurrency.limit == 64


def test_a_doubling_that_met_other_work_of_the_computer_is_soon_made_again():
    line = Line(per_request=10e6, in_all=300e6)
    line.run(0.2, step=0.05)
    assert line.concurrency.limit == 32
    line.per_request = 3e6
    line.run(1.5, step=0.05)
    assert line.concurrency.limit == 8
    line.per_request = 10e6
    line.run(3, step=0.05)
    assert line.concurrency.limit >= 32


def test_a_look_in_which_no_request_begins_is_one_at_a_full_line_all_the_same():
    line = Line(per_request=10e6, in_all=300e6)
    concurrency = line.concurrency
    for _ in range(8):
        concurrency.take(Stop())
    line.now = 0.3  # while their parts were read: too much for a look
    line.used = 0.3
    concurrency.moved(8_000_000)
    assert concurrency.limit == 8
    for _ in range(2):
        line.now += 0.06
        concurrency.moved(4_000_000)
    assert concurrency.limit == 32


def test_they_only_double_where_four_times_as_many_parts_would_take_long():
    line = Line(per_request=2e6, in_all=300e6)
    line.run(0.2, step=0.05)
    assert line.concurrency.limit == 16


def test_they_only_double_after_a_look_that_was_no_reason_for_more():
    line = Line(per_request=10e6, in_all=300e6, busy=0.95)
    line.run(0.4, step=0.05)
    assert line.concurrency.limit == 8
    line.busy = 0.1
    while line.concurrency.limit == 8:
        line.run(0.05, step=0.05)
    assert line.concurrency.limit == 16


def test_of_four_times_as_many_the_half_remains_where_that_brings_as_much():
    line = Line(per_request=10e6, in_all=130e6)
    line.run(0.2, step=0.05)
    assert line.concurrency.limit == 32
    line.run(1.4, step=0.05)
    assert line.concurrency.limit == 16


def test_after_a_trial_in_vain_every_other_request_is_replaced():
    line = Line(per_request=10e6, in_all=80e6)
    line.run(0.2, step=0.05)
    concurrency = line.concurrency
    for _ in range(32):
        concurrency.take(Stop())
    for _ in range(12):
        line.now += 0.1
        concurrency.moved(8_000_000)
    assert concurrency.limit == 32
    for ended in range(1, 49):
        concurrency.leave()
        assert concurrency.limit == 32 - ended // 2
        if concurrency.take_at_once():
            assert ended % 2
    concurrency.leave()
    concurrency.leave()
    assert concurrency.limit == 8


def test_while_fewer_requests_are_replaced_a_service_that_asks_for_less_gets_it_at_once():
    line = Line(per_request=10e6, in_all=80e6)
    line.run(0.2, step=0.05)
    for _ in range(32):
        line.concurrency.take(Stop())
    for _ in range(12):
        line.now += 0.1
        line.concurrency.moved(8_000_000)
    line.concurrency.slow_down(line.now)
    assert line.concurrency.limit == 4


def test_where_more_requests_bring_nothing_there_are_no_more():
    line = Line(per_request=10e6, in_all=20e6)
    line.run(60)
    assert line.concurrency.limit <= 12
    assert line.limits.count(16) < len(line.limits) / 5, "a trial is short"


def test_a_process_that_burns_a_core_does_not_ask_for_more():
    line = Line(per_request=10e6, in_all=1e9, busy=0.95)
    assert line.run(30) == 8


def test_on_a_long_line_the_work_of_the_first_parts_is_no_reason_for_few():
    line = Line(per_request=10e6, in_all=1e9, busy=0.95)
    line.concurrency.answered(0.02)
    assert line.run(5) == 64


def test_one_late_answer_among_quick_ones_is_no_long_line():
    line = Line(per_request=10e6, in_all=1e9, busy=0.95)
    line.concurrency.answered(0.002)
    line.concurrency.answered(0.5)
    assert line.run(30) == 8


def test_a_time_without_anything_to_send_says_nothing_of_the_line():
    line = Line(per_request=10e6, in_all=1e9)
    line.run(10)
    line.now += 3600
    assert line.run(5) == 64
    assert not line.concurrency.is_slow


def test_few_requests_are_no_reason_for_more():
    line = Line(per_request=10e6, in_all=1e9)
    assert line.run(30, requests=3) == 8


def test_small_files_on_a_long_line_soon_go_many_at_a_time():
    line = Line(per_request=1e9, in_all=1e9, size=10_240, latency=0.02)
    assert line.run(1.5, step=0.01) >= 32


def test_a_service_that_is_overwhelmed_is_asked_less_and_not_at_once_for_more():
    line = Line(per_request=10e6, in_all=1e9)
    line.run(10)
    assert line.concurrency.limit == 64
    line.concurrency.slow_down(line.now)
    assert line.concurrency.limit == 32
    assert line.run(4) == 32
    line.run(60)
    assert line.concurrency.limit > 32


def test_silence_lets_it_step_back():
    line = Line(per_request=10e6, in_all=1e9)
    line.run(10)
    for _ in range(20):
        line.concurrency.stumbled()
    assert line.concurrency.limit == 1
    line.run(60)
    assert line.concurrency.limit >= 8


@pytest.mark.parametrize(("rate", "most", "is_slow"), [(50e3, 1, True), (300e3, 2, False)])
def test_on_a_slow_line_there_are_so_few_that_each_part_takes_a_minute_at_most(rate, most, is_slow):
    line = Line(per_request=1e6, in_all=rate)
    assert line.run(10) == most
    assert line.concurrency.is_slow is is_slow
    line.in_all = 100e6
    line.run(300)
    assert line.concurrency.limit >= 8


def test_a_limit_that_somebody_chose_does_not_grow():
    concurrency = Concurrency(6)
    for _ in range(1000):
        concurrency.moved(MIB)
        concurrency.succeeded()
    concurrency.stumbled()
    assert concurrency.limit == 6
