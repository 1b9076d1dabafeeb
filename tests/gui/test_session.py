from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from s3gui.adapters.process_lock import ProcessLock
from s3gui.gui import session as sessions
from s3gui.gui.arrivals import Arrivals, hand_over
from s3gui.gui.session import Session


@pytest.fixture
def owned(tmp_path) -> ProcessLock:
    """The queue of `tmp_path`, which another process has."""
    lock = ProcessLock(tmp_path / "transfers.lock")
    assert lock.acquire()
    return lock


@pytest.fixture
def session(qapp, qtbot, tmp_path) -> Iterator[Session]:
    session = Session(tmp_path)
    yield session
    with qtbot.waitSignal(session.closed):
        session.close()


def test_a_queue_whose_owner_does_not_listen_yet_gets_the_files_when_it_does(
    owned, session, qtbot, tmp_path
):
    asked: list[bool] = []

    def give() -> bool:
        asked.append(hand_over(tmp_path, [str(tmp_path / "a.bin")]))
        return asked[-1]

    session.hand_over = give
    session.open()
    qtbot.waitUntil(lambda: asked[:1] == [False])
    owner = Arrivals()
    came: list[list[str]] = []
    owner.paths_came.connect(came.append)
    with qtbot.waitSignal(session.handed_over):
        owner.listen(tmp_path)
    assert came == [[str(tmp_path / "a.bin")]]
    assert session.workspace is None
    owner.close()


def test_a_queue_whose_owner_is_about_to_be_gone_is_opened_then(owned, session, qtbot):
    asked: list[bool] = []
    session.hand_over = lambda: bool(asked.append(False))
    session.open()
    qtbot.waitUntil(lambda: bool(asked))
    with qtbot.waitSignal(session.opened):
        owned.release()


def test_an_owner_that_stays_and_takes_nothing_is_told_of(owned, session, qtbot, monkeypatch):
    monkeypatch.setattr(sessions, "_WAITED_FOR_THE_QUEUE_SECONDS", 0)
    with qtbot.waitSignal(session.failed) as failed:
        session.open()
    assert failed.args[0].code == "queue-in-use"


def test_closing_waits_for_no_owner(owned, qapp, qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(sessions, "_ASKED_AGAIN_SECONDS", 60)
    session = Session(tmp_path)
    asked: list[Path] = []
    session.hand_over = lambda: bool(asked.append(tmp_path))
    session.open()
    qtbot.waitUntil(lambda: bool(asked))
    with qtbot.waitSignal(session.closed, timeout=1_900):  # sooner than workers are left
        session.close()
