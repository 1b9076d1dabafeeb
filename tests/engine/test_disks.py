"""Disks that may not answer, without one: the calls hang on an event."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from s3gui.core.errors import SourceStalled
from s3gui.engine.disks import DIRECT, Disks, each
from s3gui.engine.mounts import Mounts
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop, Stopped, StopReason

SECONDS = 30
FAR = Path("/far/a")
MOUNTS = """\
21 1 8:1 / / rw - ext4 /dev/sda1 rw
22 21 0:5 / /proc rw - proc proc rw
23 21 0:50 / /far rw shared:1 - nfs4 host:/x rw
24 21 0:51 / /mnt/with\\040space rw - fuse.sshfs host: rw
25 21 8:2 / /far/local rw - xfs /dev/sdb1 rw
"""


def disks(patience_seconds=0.2, unsure=lambda path: "/far"):
    return Disks(unsure, patience_seconds)


@pytest.fixture
def answers():
    event = threading.Event()
    yield event
    event.set()


@pytest.mark.row("F-09")
def test_a_call_that_is_not_answered_is_left_and_the_next_ones_are_not_even_made(answers):
    asked, told = disks(), threading.Event()
    asked.on_answer = told.set
    access = asked.access(FAR, Stop())
    with pytest.raises(SourceStalled, match="/far"):
        access.call(answers.wait)
    assert asked.has_stalled
    with pytest.raises(SourceStalled):
        access.call(lambda: pytest.fail("was called"))
    answers.set()
    assert told.wait(SECONDS)
    assert not asked.has_stalled
    assert access.call(lambda: 5) == 5


@pytest.mark.row("F-09")
def test_a_stop_is_heard_while_a_call_hangs(answers):
    stop = Stop()
    access = disks(patience_seconds=600).access(FAR, stop)
    with ThreadPoolExecutor(1) as pool:
        call = pool.submit(access.call, answers.wait)
        stop.request(StopReason.PAUSED)
        with pytest.raises(Stopped):
            call.result(SECONDS)


def test_what_comes_too_late_is_undone(answers):
    asked, undone = disks(), threading.Event()
    results = []

    def undo(result):
        results.append(result)
        undone.set()

    with pytest.raises(SourceStalled):
        asked.access(FAR, Stop()).call(lambda: answers.wait() and "a handle", undo)
    answers.set()
    assert undone.wait(SECONDS)
    assert results == ["a handle"]


def test_errors_and_results_come_back_as_they_are():
    access = disks().access(FAR, Stop())
    assert list(each(access, iter([1, 2, 3]))) == [1, 2, 3]
    with pytest.raises(ZeroDivisionError):
        access.call(lambda: 1 // 0)


def test_threads_are_used_again_and_never_by_two():
    asked = disks()
    before = threading.active_count()
    for _ in range(50):
        asked.access(FAR, Stop()).call(os.getpid)
    assert threading.active_count() <= before + 2


def test_a_disk_of_this_computer_is_called_directly():
    assert disks(unsure=lambda path: None).access(FAR, Stop()) is DIRECT
    assert DIRECT.call(threading.current_thread) is threading.current_thread()


def test_leaving_does_not_depend_on_the_disk(answers):
    access = disks().access(FAR, Stop())
    began = time.monotonic()
    access.leave(answers.wait)
    assert time.monotonic() - began < SECONDS


def test_a_file_is_read_the_same_way_through_a_patient_access(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"1234567890")
    with FileSource(path, 0, disks().access(path, Stop())) as source:
        assert b"".join(source.blocks()) == b"1234567890"
        source.check_unchanged()
        file = source._file
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(file)


# Which disks.


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/home/u/a", None),
        ("/far", "/far"),
        ("/far/a", "/far"),
        ("/far/x/y/a", "/far"),
        ("/farther/a", None),
        ("/mnt/with space/a", "/mnt/with space"),
        ("/proc/self/status", None),
    ],
)
def test_the_systems_own_list_tells_which_disks_may_not_answer(path, place):
    assert Mounts(lambda: MOUNTS, platform="linux").unsure(Path(path)) == place


@pytest.mark.skipif(os.name == "nt", reason="paths are POSIX's")
def test_links_are_seen_through_and_loops_end(tmp_path):
    link, loop = tmp_path / "link", tmp_path / "loop"
    link.symlink_to("/far/x")
    loop.symlink_to(loop)
    mounts = Mounts(lambda: MOUNTS, platform="linux")
    assert mounts.unsure(link / "a") == "/far"
    assert mounts.unsure(loop / "a") is None
    assert mounts.unsure(tmp_path / "a") is None


def test_a_list_that_cannot_be_read_makes_no_disk_unsure():
    def fails() -> str:
        raise PermissionError

    assert Mounts(fails, platform="linux").unsure(Path("/far/a")) is None
    assert Mounts(lambda: "nonsense\n\n - \n", platform="linux").unsure(Path("/far/a")) is None


def test_a_new_mount_is_seen_a_few_seconds_later():
    now, text = [0.0], [""]
    mounts = Mounts(lambda: text[0], lambda: now[0], "linux")
    assert mounts.unsure(Path("/far/a")) is None
    text[0], now[0] = MOUNTS, 6.0
    assert mounts.unsure(Path("/far/a")) == "/far"


@pytest.mark.skipif(os.name == "nt", reason="paths are POSIX's")
def test_on_macos_what_is_not_the_systems_disk_may_not_answer():
    mounts = Mounts(platform="darwin")
    assert mounts.unsure(Path("/Volumes/Stick/a/b")) == "/Volumes/Stick"
    assert mounts.unsure(Path("/Users/u/b")) is None
