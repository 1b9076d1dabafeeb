"""What is set reaches what runs, and what is kept."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from s3gui.adapters.settings_file import SettingsFile
from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.errors import JournalOnFailingDisk
from s3gui.core.events import ConnectionHeld, ConnectionReleased
from s3gui.core.profile import Profile
from s3gui.core.schedule import Schedule
from s3gui.core.settings import Settings
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState
from s3gui.gui.session import Session

DAY = 86_400
HERE = Destination("bucket", "raw/")


@pytest.fixture
def home(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    return home


@pytest.fixture
def session(home, qapp, qtbot) -> Iterator[Session]:
    session = Session(home)
    yield session
    with qtbot.waitSignal(session.closed):
        session.close()


def open_it(session: Session, qtbot) -> None:
    with qtbot.waitSignal(session.opened):
        session.open()


def test_a_limit_counts_at_once_and_is_kept(session, home, qtbot):
    open_it(session, qtbot)
    changed = Settings(most_bytes_per_second=2_000_000, text_percent=150)
    session.change_settings(changed)
    bandwidth = session.workspace.queue.bandwidth
    qtbot.waitUntil(lambda: bandwidth.bytes_per_second == 2_000_000)
    qtbot.waitUntil(lambda: SettingsFile(home / "settings.json").load() == changed)
    session.change_settings(replace(changed, most_bytes_per_second=0))
    qtbot.waitUntil(lambda: bandwidth.bytes_per_second is None)


def test_of_two_changes_in_a_row_the_later_one_holds(session, home, qtbot, monkeypatch):
    open_it(session, qtbot)
    bandwidth, later_is_saved = session.workspace.queue.bandwidth, threading.Event()
    follow, save = bandwidth.follow, session.workspace.settings.save
    saved: list[int] = []

    def follow_late(schedule: Schedule) -> None:
        if schedule.within == 1_000_000:
            later_is_saved.wait(0.2)  # it cannot be where one change comes after the other
        follow(schedule)

    def note(settings: Settings) -> None:
        save(settings)
        saved.append(settings.most_bytes_per_second)
        later_is_saved.set()

    monkeypatch.setattr(bandwidth, "follow", follow_late)
    monkeypatch.setattr(session.workspace.settings, "save", note)
    for limit in (1_000_000, 2_000_000):
        session.change_settings(Settings(most_bytes_per_second=limit))
    assert session.background.close()
    assert saved[-1] == bandwidth.bytes_per_second == 2_000_000


def test_a_limit_that_was_kept_counts_from_the_start(session, home, qtbot):
    SettingsFile(home / "settings.json").save(Settings(most_bytes_per_second=3_000_000))
    open_it(session, qtbot)
    assert session.workspace.queue.bandwidth.bytes_per_second == 3_000_000


def test_when_the_queue_starts_what_finished_too_long_ago_is_forgotten(session, home, qtbot):
    SettingsFile(home / "settings.json").save(Settings(finished_days=30))
    journal = TransferDb.open(home / "transfers.sqlite")
    batch = journal.add_batch(Batch("b", HERE, Profile("p", "P")))
    ids = journal.add_transfers([Transfer(batch.id, name, HERE) for name in ("/old", "/new")])
    for transfer_id, days_ago in zip(ids, (31, 29), strict=True):
        transfer = journal.transfer(transfer_id)
        journal.save(
            replace(transfer, state=TransferState.COMPLETED, ended_at=time.time() - days_ago * DAY)
        )
    journal.close()
    open_it(session, qtbot)
    session.start_queue()
    qtbot.waitUntil(lambda: session.workspace.transfers.ids() == ids[1:])


def test_a_disk_that_fails_as_the_queue_starts_is_told_as_a_hold_and_no_error(
    session, home, qtbot, monkeypatch
):
    SettingsFile(home / "settings.json").save(Settings(finished_days=30))
    open_it(session, qtbot)
    workspace, left, errors = session.workspace, [2], []
    journal, ids = workspace.transfers, workspace.transfers.ids
    session.background.unhandled.connect(errors.append)

    def failing(**named):
        if left[0]:
            left[0] -= 1
            raise JournalOnFailingDisk
        return ids(**named)

    monkeypatch.setattr(journal, "ids", failing)
    told = []
    session.signals.happened.connect(told.append)
    session.start_queue()
    qtbot.waitUntil(lambda: any(isinstance(event, ConnectionHeld) for event in told))
    qtbot.waitUntil(lambda: session.background.is_idle)
    assert left == [0], "what ended too long ago can be forgotten another time"
    assert errors == []
    workspace.queue.release("")
    qtbot.waitUntil(lambda: any(isinstance(event, ConnectionReleased) for event in told))
