"""From the menu to the queue: a folder as one archive."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from s3gui.core.archive import SourceKind
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.gui.archive_dialog import ArchiveDialog
from s3gui.gui.incoming import Incoming
from s3gui.gui.window_dialogs import WindowDialogs

PLACE = Destination("photos", "raw/")
PROFILE = Profile("p", "P")


class FakeAdding(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.archives: list[tuple[object, ...]] = []

    def archive(self, *what: object) -> None:
        self.archives.append(what)


class FakePlaceCard(QObject):
    place_changed = Signal()
    place: Destination | None = PLACE

    def options_for(self, destination):
        return UploadOptions(storage_class="GLACIER")


class FakeBanner:
    def __init__(self) -> None:
        self.said: list[str] = []

    def say(self, sentence: str, **_more: object) -> None:
        self.said.append(sentence)


class FakeConnections:
    profile: Profile | None = PROFILE


@pytest.fixture
def incoming(qapp):
    incoming = Incoming(FakeAdding(), FakePlaceCard(), None, FakeBanner())
    incoming.connections = FakeConnections()
    return incoming


def test_the_dialog_comes_after_the_folder_and_its_answer_goes_on(qtbot, tmp_path, monkeypatch):
    parent = QWidget()
    qtbot.addWidget(parent)
    dialogs = WindowDialogs(parent, None, None)
    monkeypatch.setattr(
        WindowDialogs, "_choose", lambda _self, _title, _mode, then: then([str(tmp_path)])
    )
    told: list[tuple[object, ...]] = []
    dialogs.choose_archive(PLACE, lambda *what: told.append(what))
    (dialog,) = parent.findChildren(ArchiveDialog)
    dialog.kind.setCurrentIndex(1)
    dialog.accept()
    key = f"raw/{tmp_path.name}.tar.gz"
    assert told == [(str(tmp_path), Destination("photos", key), SourceKind.TAR_GZ)]


def test_it_is_sent_with_the_options_of_the_place(incoming):
    destination = Destination("photos", "raw/x.zip")
    assert incoming.place_for_archive() == PLACE
    incoming.add_archive("/x", destination, SourceKind.ZIP)
    options = UploadOptions(storage_class="GLACIER")
    assert incoming._adding.archives == [("/x", destination, options, PROFILE, SourceKind.ZIP)]


def test_without_a_bucket_it_says_what_is_missing(incoming):
    incoming._place_card.place = None
    assert incoming.place_for_archive() is None
    assert incoming._banner.said == ["Choose a bucket for the archive first."]
