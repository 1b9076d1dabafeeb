"""Who takes the next transfer, and what one worker does while it awaits answers."""

import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest

from s3gui.core.transfer import Destination, Transfer
from s3gui.engine.ahead import Next
from s3gui.engine.places import Places
from s3gui.engine.steps import Pause


class Row:
    """The transfers that are next."""

    def __init__(self, *followings):
        self._left = deque(followings)

    def peek(self, running):
        return self._left[0] if self._left else None

    def take(self, peeked):
        self._left.remove(peeked)

    def look_again(self):
        pass


class Room:
    def __init__(self, workers=1, awaited=3):
        self.workers, self.most_awaited = workers, awaited

    def has_room(self, following, workers):
        return workers.all < self.workers

    def awaited(self, following):
        return self.most_awaited


class World:
    """Transfers that note what is done with them, by one pool."""

    def __init__(self, row, room, pauses):
        self.done = []
        self.threads = set()
        self.pauses = pauses
        self.ended = threading.Event()
        self._left = len(row._left)
        self.pool = ThreadPoolExecutor(4)
        self.rests = []
        changed = threading.Condition()
        self.places = Places(self.pool, changed, row, self.run, room, on_rest=self.rest)
        self.places.is_open = True

    def rest(self):
        self.rests.append(list(self.done))

    def run(self, following):
        number = following.transfer.id
        self.threads.add(threading.get_ident())
        for step, pause in enumerate(self.pauses.get(number, ())):
            self.done.append(f"{number}.{step}")
            yield pause
        self.done.append(f"{number} ends")
        self._left -= 1
        if not self._left:
            self.ended.set()

    def to_its_end(self):
        self.places.fill()
        assert self.ended.wait(10)
        self.pool.shutdown()
        return self.done


def small(number):
    return Next(Transfer(1, "/a", Destination("b", "k"), id=number), settles_later=True)


def large(number):
    return Next(Transfer(1, "/a", Destination("b", "k"), id=number), settles_later=False)


AWAITING = (Pause.AWAITING,)


def test_a_worker_begins_others_while_it_awaits_answers_and_ends_them_in_their_order():
    world = World(Row(*map(small, range(1, 6))), Room(), dict.fromkeys(range(1, 6), AWAITING))
    assert world.to_its_end() == [
        *("1.0", "2.0", "3.0", "1 ends", "2 ends", "3 ends"),
        *("4.0", "5.0", "4 ends", "5 ends"),
    ]
    assert len(world.threads) == 1


def test_a_handful_goes_step_by_step_while_the_answers_to_another_are_awaited():
    steps = (Pause.STEP, Pause.AWAITING, Pause.STEP)
    world = World(
        Row(*map(small, range(1, 10))), Room(awaited=8), dict.fromkeys(range(1, 10), steps)
    )
    assert world.to_its_end() == [
        *("1.0", "1.1"),
        *("2.0", "3.0", "4.0", "5.0", "2.1", "3.1", "4.1", "5.1"),
        *("6.0", "7.0", "8.0", "6.1", "7.1", "8.1"),
        *("1.2", "2.2", "3.2", "4.2", "1 ends", "2 ends", "3 ends", "4 ends"),
        *("9.0", "9.1"),
        *("5.2", "6.2", "7.2", "8.2", "5 ends", "6 ends", "7 ends", "8 ends"),
        *("9.2", "9 ends"),
    ]
    assert len(world.threads) == 1


def test_behind_one_that_may_take_long_nothing_more_is_begun():
    """Its disk may not answer for long, and the next ones may lie on it too."""
    steps = (Pause.STEP, Pause.AWAITING)
    pauses = {1: steps, 2: steps, 3: (Pause.ALONE,), 4: steps}
    world = World(Row(*map(small, range(1, 5))), Room(awaited=8), pauses)
    assert world.to_its_end() == [
        *("1.0", "1.1", "2.0", "3.0", "2.1", "1 ends", "2 ends", "3 ends"),
        *("4.0", "4.1", "4 ends"),
    ]


def test_where_one_answer_is_awaited_one_comes_after_the_other():
    world = World(Row(small(1), small(2)), Room(awaited=1), dict.fromkeys((1, 2), AWAITING))
    assert world.to_its_end() == ["1.0", "1 ends", "2.0", "2 ends"]


def test_a_file_that_does_not_go_out_at_once_is_not_begun_while_answers_are_awaited():
    of_a_megabyte = Transfer(1, "/a", Destination("b", "k"), id=2, size=1_000_000)
    row = Row(small(1), Next(of_a_megabyte, settles_later=True))
    world = World(row, Room(), dict.fromkeys((1, 2), AWAITING))
    assert world.to_its_end() == ["1.0", "1 ends", "2.0", "2 ends"]


def test_what_may_take_long_is_done_when_no_answer_is_awaited_any_more():
    pauses = {1: AWAITING, 2: (Pause.AWAITING, Pause.ALONE), 3: AWAITING, 4: AWAITING}
    world = World(Row(*map(small, range(1, 5))), Room(), pauses)
    assert world.to_its_end() == [
        *("1.0", "2.0", "3.0", "1 ends", "2.1", "3 ends", "2 ends"),
        *("4.0", "4 ends"),
    ]


def test_of_those_that_are_refused_together_none_repeats_its_request_before_all_answers_are_there():
    """It would wait for ever for a place that another of the same worker still holds."""
    refused = (Pause.AWAITING, Pause.ALONE)
    world = World(
        Row(*map(small, range(1, 8))), Room(awaited=8), dict.fromkeys(range(1, 8), refused)
    )
    done = world.to_its_end()
    assert done[7:14] == [f"{number}.1" for number in range(1, 8)]


def test_of_those_that_are_refused_together_none_waits_until_another_is_done_with():
    """One is refused again and again, for minutes."""
    others_ended = threading.Event()
    refused = (Pause.AWAITING, Pause.ALONE)
    world = World(
        Row(*map(small, range(1, 5))), Room(awaited=4), dict.fromkeys(range(1, 5), refused)
    )
    plainly = world.run

    def run(following):
        steps = plainly(following)
        yield next(steps)
        yield next(steps)
        if following.transfer.id == 1:
            assert others_ended.wait(10)
        yield from steps
        if {"2 ends", "3 ends", "4 ends"} <= set(world.done):
            others_ended.set()

    world.places._run = run
    assert world.to_its_end()[-1] == "1 ends"
    assert world.rests == [world.done]


def test_others_are_sent_by_another_worker_while_one_repeats_its_request():
    """Else one file that is refused again and again would hold up all of them."""
    others_ended = threading.Event()

    class OneForSmall(Room):
        def has_room(self, following, workers):
            return workers.of_small < 1 and workers.all < 4

    world = World(Row(*map(small, range(1, 5))), OneForSmall(), dict.fromkeys((2, 3, 4), AWAITING))
    by_others = world.run

    def run(following):
        if following.transfer.id == 1:
            yield Pause.ALONE
            assert others_ended.wait(10)
        yield from by_others(following)
        if {"2 ends", "3 ends", "4 ends"} <= set(world.done):
            others_ended.set()

    world.places._run = run
    assert world.to_its_end()[-1] == "1 ends"
    assert len(world.threads) == 2


def test_what_waits_for_a_place_at_its_begin_is_gone_on_with_alone():
    pauses = {1: AWAITING, 2: (Pause.ALONE, Pause.AWAITING)}
    world = World(Row(small(1), small(2)), Room(), pauses)
    assert world.to_its_end() == ["1.0", "2.0", "1 ends", "2.1", "2 ends"]


def test_a_large_one_is_not_begun_before_the_answers_are_there():
    world = World(Row(small(1), large(2)), Room(), {1: AWAITING})
    assert world.to_its_end() == ["1.0", "1 ends", "2 ends"]


@pytest.mark.parametrize("is_open", [True, False])
def test_nothing_more_is_begun_once_the_queue_is_closed_but_what_was_begun_is_ended(is_open):
    row = Row(small(1), small(2))
    world = World(row, Room(), {1: AWAITING, 2: AWAITING})
    begun = world.run

    def run(following):
        world.places.is_open = is_open
        world.ended.set()
        yield from begun(following)

    world.places._run = run
    world.to_its_end()
    assert ("1 ends" in world.done, "2 ends" in world.done) == (True, is_open)


@pytest.mark.parametrize("workers", [1, 3])
def test_that_nothing_is_left_to_take_is_told_once_by_the_last_worker(workers):
    world = World(
        Row(*map(small, range(1, 6))), Room(workers), dict.fromkeys(range(1, 6), AWAITING)
    )
    done = world.to_its_end()
    assert world.rests == [done]
