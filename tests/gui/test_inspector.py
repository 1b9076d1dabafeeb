from __future__ import annotations

import time
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from s3gui.bootstrap import memory_journal
from s3gui.core.checksum import Checksum
from s3gui.core.events import PartCompleted, PartFailed, PartProgress, PartsConfirmed
from s3gui.core.transfer import CompletedPart, MultipartUpload, StoredObject, TransferState
from s3gui.gui.bridge import EngineSignals
from s3gui.gui.event_feed import EventFeed
from s3gui.gui.inspector import Inspector
from s3gui.gui.live import LiveTransfers
from s3gui.gui.transfer_links import TransferLinks
from tests.fakes.object_store import FakeObjectStore
from tests.gui.queue_rows import PLACE, QueueRows


class World:
    def __init__(self, theme, background) -> None:
        self.journal = memory_journal()
        self.live = LiveTransfers(time.monotonic)
        self.feed = EventFeed(EngineSignals(), self.live)
        self.rows = QueueRows(self.journal, self.feed.receive)
        self.store = FakeObjectStore()
        links = TransferLinks(lambda _profile: self.store, background)
        self.inspector = Inspector(theme, self.live, self.feed.log, background)
        self.inspector.attach(self.journal, links)
        self.feed.flushed.connect(self.inspector.apply)

    def facts(self) -> dict[str, str]:
        rows = self.inspector._rows
        return {name.text(): text.text for name, text in rows if not name.isHidden()}


@pytest.fixture
def world(theme, background, qtbot):
    world = World(theme, background)
    qtbot.addWidget(world.inspector)
    world.inspector.resize(320, 600)
    yield world
    world.journal.close()


@pytest.fixture
def running(world):
    """A transfer of ten parts, two of them there."""
    (transfer_id,) = world.rows.add(1, size=100)
    row = world.journal.transfer(transfer_id)
    row = replace(
        row, state=TransferState.RUNNING, part_size=10, multipart=MultipartUpload("b", "k", "UPL")
    )
    world.journal.save(row)
    world.rows.change(transfer_id, TransferState.RUNNING)
    world.feed.receive(PartsConfirmed(transfer_id, 10, frozenset({1, 2})))
    return transfer_id


def test_it_shows_the_parts_and_ids_of_a_transfer(world, running, qtbot):
    world.inspector.show_transfer(running)
    world.inspector.open()
    qtbot.waitUntil(lambda: "Upload id" in world.facts())
    assert world.facts()["Upload id"] == "UPL"
    assert world.facts()["From"] == "/home/ada/000.nef"
    assert world.inspector.grid.accessibleDescription() == "2 of 10 parts, 0 on their way"


def test_it_follows_the_transfer(world, running, qtbot):
    world.inspector.show_transfer(running)
    world.inspector.open()
    qtbot.waitUntil(lambda: bool(world.facts()))
    world.feed.receive(PartProgress(running, 3, 5, 10))
    world.feed.receive(PartCompleted(running, 4, 10))
    world.feed.flush()
    assert world.inspector.grid.accessibleDescription() == "3 of 10 parts, 1 on their way"
    assert world.facts()["There"] == "30 bytes"


def test_what_happened_is_told_line_by_line(world, running, qtbot):
    world.feed.receive(PartFailed(running, 3, "The connection broke", will_retry=True))
    world.inspector.show_transfer(running)
    world.inspector.open()
    qtbot.waitUntil(lambda: "Part 3" in world.inspector.log_text.text())
    lines = [line[10:] for line in world.inspector.log_text.text().split("\n")]
    assert lines == [
        "Uploading",
        "2 of 10 parts were there already",
        "Part 3: The connection broke (is sent again)",
    ]


def test_of_a_transfer_that_rests_the_journal_knows_the_parts(world, qtbot):
    (transfer_id,) = world.rows.add(1, size=100)
    row = world.journal.transfer(transfer_id)
    world.journal.save(replace(row, state=TransferState.PAUSED, part_size=10))
    for number in (1, 5):
        world.journal.save_parts(transfer_id, [CompletedPart(number, 10, "e")], 10)
    world.inspector.show_transfer(transfer_id)
    world.inspector.open()
    qtbot.waitUntil(lambda: bool(world.facts()))
    assert world.inspector.grid.accessibleDescription() == "2 of 10 parts, 0 on their way"


def test_a_verified_object_tells_its_checksum_and_version(world, qtbot):
    (transfer_id,) = world.rows.add(1)
    row = world.journal.transfer(transfer_id)
    stored = StoredObject(100, "etag", "v1", Checksum("CRC64NVME", "abc="), request_id="REQ")
    done = replace(row, state=TransferState.COMPLETED, stored=stored, sent_bytes=100)
    world.journal.save(done)
    world.inspector.show_transfer(transfer_id)
    world.inspector.open()
    qtbot.waitUntil(lambda: "Checksum" in world.facts())
    facts = world.facts()
    assert facts["Checksum"] == "CRC64NVME abc="
    assert (facts["Version id"], facts["Request id"]) == ("v1", "REQ")


def test_links_come_from_the_transfers_own_connection(world, qtbot):
    (transfer_id,) = world.rows.add(1)
    world.rows.change(transfer_id, TransferState.COMPLETED)
    world.inspector.show_transfer(transfer_id)
    world.inspector.open()
    qtbot.waitUntil(lambda: bool(world.facts()))
    world.inspector._copy_link(3600)
    qtbot.waitUntil(lambda: world.inspector.said.text() == "Presigned link copied.")
    place = replace(PLACE, key=f"{PLACE.key}000.nef")
    assert QGuiApplication.clipboard().text() == world.store.presigned_url(place, 3600)


def test_all_details_can_be_copied_as_text(world, running, qtbot):
    world.inspector.show_transfer(running)
    world.inspector.open()
    qtbot.waitUntil(lambda: bool(world.facts()))
    world.inspector._copy_details()
    text = QGuiApplication.clipboard().text()
    assert "From: /home/ada/000.nef\n" in text
    assert "2 of 10 parts were there already" in text


def test_a_removed_transfer_leaves_it(world, running, qtbot):
    world.inspector.show_transfer(running)
    world.inspector.open()
    qtbot.waitUntil(lambda: bool(world.facts()))
    world.rows.remove([running])
    world.feed.flush()
    assert world.inspector.name.text() == "No transfer chosen"


def test_escape_closes_it(world, qtbot):
    world.inspector.open()
    with qtbot.waitSignal(world.inspector.closed):
        qtbot.keyClick(world.inspector, Qt.Key.Key_Escape)
    assert world.inspector.isHidden()
