from __future__ import annotations

import threading

import pytest
from PySide6.QtCore import Qt

from s3gui.bootstrap import memory_journal
from s3gui.core.acl import CannedAcl
from s3gui.core.archive import SourceKind
from s3gui.core.transfer import ConflictRule, Destination, UploadOptions
from s3gui.engine.scan import Found
from s3gui.engine.survey import Survey
from s3gui.gui.adding import Adding, ReviewArea
from s3gui.gui.queue_commands import QueueCommands
from s3gui.gui.survey_run import Drop
from tests.fakes.object_store import FakeObjectStore
from tests.gui.fakes import FakeQueue
from tests.gui.queue_rows import PROFILE

ROOT = Destination("bucket", "raw/")


class World:
    def __init__(self, background) -> None:
        self.journal = memory_journal()
        self.store = FakeObjectStore()
        self.queue = FakeQueue()
        self.area = ReviewArea()
        self.adding = Adding(self.area, background, lambda: 0.0)
        self.adding.attach(QueueCommands(self.queue, self.journal, background))

    def drop(self, *paths, options=None) -> None:
        names = tuple(str(path) for path in paths)
        self.adding.add(Drop(names, ROOT, options or UploadOptions(), PROFILE), self.store)

    @property
    def sheet(self):
        return self.area.sheets[0]


@pytest.fixture
def world(theme, background, qtbot):
    world = World(background)
    qtbot.addWidget(world.area)
    world.area.resize(900, 300)
    yield world
    world.adding.stop()
    world.journal.close()


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "card"
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.nef").write_bytes(bytes(1_000))
    (folder / ".DS_Store").write_bytes(b"x")
    return folder


def queued(world) -> list[tuple[object, ...]]:
    return [call for call in world.queue.calls if call[0] == "add"]


def test_a_small_drop_starts_at_once(world, folder, qtbot):
    world.drop(folder)
    qtbot.waitUntil(lambda: len(queued(world)) == 1)
    assert world.area.sheets == []


def test_junk_is_left_out_of_it(world, folder, qtbot):
    world.drop(folder)
    qtbot.waitUntil(lambda: len(queued(world)) == 1)
    choose = world.queue.choose
    assert choose(Found("/x/.DS_Store", Destination("bucket", "raw/.DS_Store"), 1)) is None
    assert choose(Found("/x/a", Destination("bucket", "raw/a"), 1)) == UploadOptions()


def test_a_large_drop_is_shown_first(world, folder, qtbot):
    world.adding.files_without_review = 10
    world.drop(folder)
    qtbot.waitUntil(lambda: bool(world.area.sheets))
    qtbot.waitUntil(world.sheet.busy.isHidden)
    assert world.sheet.heading.text() == "Upload 20 files, 20.0 kB to s3://bucket/raw/"
    assert "Leave out 1 file" in world.sheet.skip_junk.text().replace("&", "")
    assert queued(world) == []
    world.sheet.start.click()
    qtbot.waitUntil(lambda: len(queued(world)) == 1)
    assert world.area.isHidden()


def test_a_drop_that_meets_existing_keys_offers_the_choice(world, folder, qtbot):
    world.store.put_foreign(Destination("bucket", "raw/card/03.nef"), b"old")
    world.drop(folder)
    qtbot.waitUntil(lambda: bool(world.area.sheets))
    assert world.sheet.conflict_label.text() == "1 key exists already:"
    assert world.sheet.conflict_rule.currentData() == ConflictRule.SKIP
    box = world.sheet.conflict_rule
    box.setCurrentIndex(box.findData(ConflictRule.REPLACE))
    world.sheet.start.click()
    qtbot.waitUntil(lambda: len(queued(world)) == 1)
    assert queued(world)[0][3].on_conflict is ConflictRule.REPLACE


def test_who_chose_a_rule_before_is_not_asked(world, folder, qtbot):
    world.store.put_foreign(Destination("bucket", "raw/card/03.nef"), b"old")
    world.drop(folder, options=UploadOptions(on_conflict=ConflictRule.REPLACE))
    qtbot.waitUntil(lambda: len(queued(world)) == 1)
    assert world.area.sheets == []


def test_the_sheet_says_what_becomes_public(world, folder, qtbot):
    world.adding.files_without_review = 0
    world.drop(folder, options=UploadOptions(acl=CannedAcl.PUBLIC_READ))
    qtbot.waitUntil(lambda: bool(world.area.sheets))
    assert "everyone can read" in world.sheet.public.text()
    world.sheet.cancel.click()


def test_escape_gives_a_drop_up(world, folder, qtbot):
    world.adding.files_without_review = 0
    world.drop(folder)
    qtbot.waitUntil(lambda: bool(world.area.sheets))
    qtbot.keyClick(world.sheet, Qt.Key.Key_Escape)
    assert world.area.sheets == []
    assert queued(world) == []


def test_a_start_does_not_wait_for_the_counts(world, folder, qtbot):
    world.adding.files_without_review = 0
    world.drop(folder)
    qtbot.waitUntil(lambda: bool(world.area.sheets))
    world.sheet.show_survey(Survey(files=7))
    assert not world.sheet.busy.isHidden()
    world.sheet.start.click()
    qtbot.waitUntil(lambda: len(queued(world)) == 1)


def test_a_service_that_does_not_answer_holds_a_small_drop_up_for_a_moment_only(
    world, folder, qtbot
):
    answer = threading.Event()
    world.store.before["list_objects"] = lambda _call: answer.wait(20)
    world.drop(folder)
    qtbot.waitUntil(lambda: len(queued(world)) == 1, timeout=10_000)
    answer.set()


def test_where_a_drop_cannot_go_one_sentence_says_so(world, folder, qtbot):
    drop = Drop((str(folder),), Destination("bucket", "key"), UploadOptions(), PROFILE)
    with qtbot.waitSignal(world.adding.failed) as failed:
        world.adding.add(drop, world.store)
    assert "one key" in failed.args[0].message
    assert queued(world) == []


def test_a_folder_as_archive_goes_straight_to_the_queue(world, folder):
    destination = Destination("bucket", "raw/card.tar")
    world.adding.archive(str(folder), destination, UploadOptions(), PROFILE, SourceKind.TAR)
    assert world.queue.called.wait(5)
    assert world.queue.calls == [
        ("add_archive", str(folder), destination, UploadOptions(), PROFILE, SourceKind.TAR)
    ]
