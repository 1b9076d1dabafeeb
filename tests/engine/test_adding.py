"""Row F-09: what looks at files before they are queued waits for no disk that does not answer."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from s3gui.core.archive import SourceKind
from s3gui.core.errors import SourceStalled
from s3gui.core.events import TransfersAdded
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine import adding
from s3gui.engine.adding import is_folder
from s3gui.engine.disks import Disks
from s3gui.engine.proof import Prover
from s3gui.engine.queue import Pools, TransferQueue
from s3gui.engine.scan import Found
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.survey import survey
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.row("F-09")
HERE = Destination("bucket", "raw/")
PROFILE = Profile("p", "P")


@pytest.fixture
def answer():
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
def dead(tmp_path, monkeypatch, answer):
    """A folder whose disk does not answer."""
    ask = {"isdir": os.path.isdir, "scandir": os.scandir}

    def hang(name):
        def asked(path):
            if str(path).startswith(str(tmp_path / "dead")):
                answer.wait()
            return ask[name](path)

        return asked

    monkeypatch.setattr(os.path, "isdir", hang("isdir"))
    monkeypatch.setattr(os, "scandir", hang("scandir"))
    (tmp_path / "dead").mkdir()
    return tmp_path / "dead"


@pytest.fixture
def disks():
    return Disks(lambda _path: "/far", patience_seconds=0.2)


@pytest.fixture
def queue(journal, store, events, disks, pool):
    with ThreadPoolExecutor(1) as transfers:
        pools = Pools(transfers, pool)
        queue = TransferQueue(
            journal, lambda _: store, pools, events.append, FakeClock(), disks=disks
        )
        yield queue
        queue.close()


def test_whether_it_is_a_folder_is_given_up(dead, disks, tmp_path):
    with pytest.raises(SourceStalled, match="/far"):
        is_folder(str(dead), disks, Stop())
    assert is_folder(str(tmp_path), Disks(lambda _path: None), Stop())


def test_a_survey_is_given_up_and_hears_a_stop(dead, disks, store):
    with pytest.raises(SourceStalled):
        list(survey([dead], HERE, store, Stop(), disks))
    stop = Stop()
    patient = Disks(lambda _path: "/far", patience_seconds=600)
    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(lambda: list(survey([dead], HERE, store, stop, patient)))
        stop.request(StopReason.CANCELLED)
        with pytest.raises(Stopped):
            looking.result(20)


def test_a_proof_of_a_file_on_a_dead_disk_is_given_up(disks, tmp_path, answer):
    with pytest.raises(SourceStalled):
        disks.access(tmp_path, Stop()).call(answer.wait)
    prover = Prover(None, {}, FakeClock(), disks)
    with pytest.raises(SourceStalled):
        prover.prove(str(tmp_path / "file"), 0, HERE, Stop())


def test_an_archive_of_a_dead_folder_is_refused_and_queues_nothing(dead, queue, journal):
    with pytest.raises(SourceStalled):
        queue.add_archive(dead, HERE, UploadOptions(), PROFILE, SourceKind.TAR)
    assert journal.ids() == []


@pytest.mark.parametrize("error", [SourceStalled(), Stopped(StopReason.PAUSED)])
def test_what_was_found_before_the_scan_stalled_is_queued(
    queue, journal, events, tmp_path, monkeypatch, error
):
    def scan(_paths, _destination):
        for number in range(507):
            yield Found(f"/far/{number}", Destination("bucket", f"{number}"), 1)
        raise error

    monkeypatch.setattr(adding, "scan", scan)
    with pytest.raises(type(error)):
        queue.add([tmp_path], HERE, UploadOptions(), PROFILE)
    assert len(journal.ids()) == 507
    told = [len(each.ids) for each in events if isinstance(each, TransfersAdded)]
    assert told == [500, 7]
