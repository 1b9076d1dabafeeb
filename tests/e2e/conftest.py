"""The real window, with real pools, and the practice server as its child process."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from s3gui.adapters.settings_file import SettingsFile
from s3gui.core.events import Event
from s3gui.core.settings import Settings
from s3gui.core.transfer import Transfer, TransferState
from s3gui.gui.app import open_window
from s3gui.gui.main_window import MainWindow

BUCKET = "practice"
_TIME_LIMIT_MILLISECONDS = 120_000


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform has no window manager, and says so each time one is wanted.
    config.addinivalue_line("qt_log_ignore", "^This plugin does not support ")


@contextmanager
def s3_client(endpoint_url: str, key_id: str, secret: str, region: str) -> Iterator[Any]:
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint_url,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        region_name=region,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
    )
    try:
        yield client
    finally:
        client.close()


class Desk:
    """A person before the window."""

    def __init__(self, window: MainWindow, qtbot) -> None:
        self.window = window
        self._qtbot = qtbot
        self.events: list[Event] = []
        self.is_closed = False
        window.closed.connect(self._note_end)
        window.session.signals.happened.connect(
            self.events.append, Qt.ConnectionType.QueuedConnection
        )

    def _note_end(self) -> None:
        self.is_closed = True

    def close(self) -> None:
        """Without a question, as at the end of a session."""
        if not self.is_closed:
            self.window.leave()
            self.wait_until(lambda: self.is_closed)

    def wait_until(self, condition: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(condition, timeout=_TIME_LIMIT_MILLISECONDS)

    def drop(self, *paths: Path) -> None:
        """Let go of files over the middle of the table."""
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        place = self.window.transfers.mapTo(self.window, QPoint(300, 150))
        facts = (
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        for event in (QDragEnterEvent(place, *facts), QDropEvent(QPointF(place), *facts)):
            QApplication.sendEvent(self.window, event)
            assert event.isAccepted()

    @property
    def rows(self) -> list[Transfer]:
        workspace = self.window.session.workspace
        assert workspace is not None
        return workspace.transfers.transfers(workspace.transfers.ids())

    def states(self) -> list[TransferState]:
        return [row.state for row in self.rows]

    def wait_until_verified(self, count: int) -> None:
        """All of them, in the queue and to be seen in the window."""
        done = self.window.transfers.pill_buttons.button(3)
        self.wait_until(lambda: done.text().replace("\u202f", "") == f"Done {count}")
        assert self.states() == [TransferState.COMPLETED] * count

    @contextmanager
    def client(self) -> Iterator[Any]:
        """Another program's view of the server."""
        workspace, profile = self.window.session.workspace, self.window.connections.profile
        credentials = workspace.credentials.for_session(profile)
        secret = credentials.secret_access_key.reveal()
        with s3_client(
            profile.endpoint_url, credentials.access_key_id, secret, profile.region
        ) as client:
            yield client


@pytest.fixture
def home(tmp_path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def open_desk(qtbot, qapp, home) -> Iterator[Callable[..., Desk]]:
    desks: list[Desk] = []

    def open_desk(settings: Settings | None = None) -> Desk:
        if settings is not None:
            home.mkdir(mode=0o700)
            SettingsFile(home / "settings.json").save(settings)
        window = open_window(practice=True, home=home)
        window.resize(1240, 780)  # a screen like Qt's offscreen one has no room for as much
        desk = Desk(window, qtbot)
        desks.append(desk)
        desk.wait_until(lambda: desk.window.destination is not None)
        return desk

    yield open_desk
    for desk in desks:
        desk.close()
    qapp.setStyleSheet("")


@pytest.fixture
def make_file(tmp_path) -> Callable[..., Path]:
    def make_file(name: str, size: int) -> Path:
        path = tmp_path / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as stream:
            for start in range(0, size, 2**20):
                stream.write(os.urandom(min(2**20, size - start)))
        return path

    return make_file


def assert_stored(client: Any, paths: Sequence[tuple[str, Path]]) -> None:
    """Every key holds the very bytes of its file."""
    for key, path in paths:
        body = client.get_object(Bucket=BUCKET, Key=key)["Body"]
        with path.open("rb") as original:
            for block in body.iter_chunks(2**20):
                assert block == original.read(len(block)), key
            assert original.read(1) == b"", key
