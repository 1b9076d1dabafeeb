"""What several threads write at the same time is written at once."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from s3gui.engine.together import Together


class Disk:
    """Each write waits until it may go on."""

    def __init__(self, error=None):
        self.may_go_on = threading.Event()
        self.is_writing = threading.Event()
        self.written = []
        self.error = error

    def write(self, items):
        self.is_writing.set()
        assert self.may_go_on.wait(10)
        self.written.append(list(items))
        if self.error is not None and len(self.written) > 1:
            raise self.error


def added_while_one_is_written(disk, pool):
    together = Together()
    first = pool.submit(together.add, 0, disk.write)
    assert disk.is_writing.wait(10)
    others = [pool.submit(together.add, number, disk.write) for number in range(1, 5)]
    ends_by = time.monotonic() + 10
    while len(together._waiting) < 4:
        assert time.monotonic() < ends_by
    disk.may_go_on.set()
    return first, others


def test_who_waits_for_a_write_is_written_with_all_who_wait():
    disk = Disk()
    with ThreadPoolExecutor(8) as pool:
        first, others = added_while_one_is_written(disk, pool)
        for each in (first, *others):
            each.result(10)
    assert disk.written[0] == [0]
    assert len(disk.written) == 2
    assert sorted(disk.written[1]) == [1, 2, 3, 4]


def test_who_could_not_be_written_is_told_and_nobody_else():
    disk = Disk(OSError("the disk is full"))
    with ThreadPoolExecutor(8) as pool:
        first, others = added_while_one_is_written(disk, pool)
        first.result(10)
        for each in others:
            with pytest.raises(OSError, match="the disk is full"):
                each.result(10)


def test_one_alone_is_written_in_its_own_thread():
    threads = []
    Together().add(1, lambda items: threads.append(threading.current_thread()))
    assert threads == [threading.current_thread()]


def test_what_one_was_interrupted_in_writing_is_written_by_who_waits():
    disk, is_interrupted = Disk(), threading.Event()

    def write(items):
        disk.write(items)
        if not is_interrupted.is_set():
            is_interrupted.set()
            raise KeyboardInterrupt

    together = Together()

    def interrupted():
        with pytest.raises(KeyboardInterrupt):
            together.add(0, write)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(interrupted)
        assert disk.is_writing.wait(10)
        second = pool.submit(together.add, 1, write)
        ends_by = time.monotonic() + 10
        while len(together._waiting) < 1:
            assert time.monotonic() < ends_by
        disk.may_go_on.set()
        first.result(10)
        second.result(10)
    assert disk.written == [[0], [0, 1]]
