"""A window without a network behind it, brought into each state that people meet."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from s3gui.bootstrap import Workspace
from s3gui.core.preferences import Favourite, Preferences, Preset
from s3gui.core.profile import Profile
from s3gui.core.settings import Appearance
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.ports import ObjectPage
from s3gui.gui.connections import ConnectionState
from s3gui.gui.main_window import MainWindow
from s3gui.gui.session import Session
from s3gui.gui.theme import Theme
from tests.fakes.object_store import FakeObjectStore

PROFILE = Profile(
    "photos",
    "Photos",
    region="eu-central-1",
    access_key_id="AKIAIOSFODNN7EXAMPLE",
)
PLACE = Destination("photos-2026", "november/raw/")
AWS_PROFILES = ("default", "photos-admin")
OBJECTS = (
    ("previews/DSC_0142.jpg", 210_000),
    ("DSC_0142.NEF", 4_820_000),
    ("DSC_0143.NEF", 4_790_000),
    ("shoot-notes.md", 3_100),
    ("Überraschung, ein recht langer Name.pdf", 712_000),
)
_PATIENCE_SECONDS = 60.0


class StandardStore(FakeObjectStore):
    """Says of its objects what Amazon says of most."""

    def list_objects(self, prefix: Destination, page: str | None = None) -> ObjectPage:
        listed = super().list_objects(prefix, page)
        objects = tuple(replace(each, storage_class="STANDARD") for each in listed.objects)
        return replace(listed, objects=objects)


class StillSession(Session):
    """Its rows stay as a scene put them, and it knows nothing of this computer's AWS config."""

    def start_queue(self) -> None:
        pass

    def _open(self) -> Workspace:
        workspace = super()._open()
        workspace.aws_profile_names = lambda: list(AWS_PROFILES)  # type: ignore[method-assign]
        return workspace


class Stage:
    """One window in its own home, until `close`."""

    def __init__(self, application: QApplication, theme: Theme, appearance: Appearance) -> None:
        self._home = TemporaryDirectory(prefix="s3gui-screenshots-", ignore_cleanup_errors=True)
        theme.apply(application, appearance)
        self.session = StillSession(Path(self._home.name))
        self.window = MainWindow(theme, self.session)
        self._seconds = 0.0
        self.window._live._steady = lambda: self._seconds
        self.window.show()
        self.session.open()
        self.until(lambda: self.window.connections is not None)
        theme.apply(application, appearance)

    def connect(self, *, objects: bool = True) -> FakeObjectStore:
        """Open a connection with buckets, and go where the photos are."""
        store = StandardStore()
        store.buckets.clear()
        for name in ("backups-12345", "lab-sequencing", "website-assets"):
            store.add_bucket(name, region="eu-central-1", acls_enabled=False)
        store.add_bucket(PLACE.bucket, region="eu-central-1", public_acls_blocked=False)
        for name, size in OBJECTS if objects else ():
            store.put_foreign(Destination(PLACE.bucket, PLACE.key + name), bytes(size))
        connections = self.window.connections
        assert connections is not None
        connections.profile, connections.store = PROFILE, store
        connections.opened.emit(store, PROFILE)
        connections._be(ConnectionState.CONNECTED)
        self.window.place_card.go(PLACE)
        self.until(lambda: self.window.buckets.model.count == 4)
        return store

    def card_of_photos(self) -> list[Path]:
        """Files, some with what people do not expect in their folders."""
        folder = Path(self._home.name) / "DCIM"
        (folder / "empty").mkdir(parents=True)
        names = [f"DSC_{number:04}.NEF" for number in range(142, 190)]
        for name in (*names, ".DS_Store", "Thumbs.db"):
            (folder / name).write_bytes(bytes(48_000))
        (folder / "latest").symlink_to(folder / names[-1])
        return sorted(folder.iterdir())

    def keep_something(self) -> None:
        """Favourites and presets, as after some weeks of use."""
        kept = Preferences(favourites=(Favourite(PROFILE.id, PLACE),))
        kept = kept.with_preset(Preset("Cold archive", UploadOptions(storage_class="GLACIER")))
        self.window.preferences.change(kept)

    def until(self, condition: Callable[[], bool]) -> None:
        ends_at = time.monotonic() + _PATIENCE_SECONDS
        while not condition():
            if time.monotonic() > ends_at:
                raise TimeoutError("this state was never reached")
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)

    def let_pass(self, seconds: float) -> None:
        """By the clock of the speeds that are shown."""
        self._seconds += seconds
        self.settle(0.8)

    def settle(self, seconds: float = 0.6) -> None:
        """Let what was asked for in the background come in."""
        ends_at = time.monotonic() + seconds
        while time.monotonic() < ends_at:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)

    def dialog(self) -> QWidget:
        """The dialog that was opened last."""
        self.settle(0.3)
        return [each for each in self.window.findChildren(QDialog) if each.isVisible()][-1]

    def close(self) -> None:
        closed: list[bool] = []
        self.window.closed.connect(lambda: closed.append(True))
        self.window.leave()
        self.until(lambda: bool(closed))
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._home.cleanup()
