"""The workspace behind the window: opened and closed off the GUI thread."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from s3gui.bootstrap import AskForCode, Workspace, open_workspace
from s3gui.core.errors import JournalDamaged, JournalUnwritable, S3guiError
from s3gui.core.settings import Settings
from s3gui.gui.background import Background
from s3gui.gui.bridge import EngineSignals, QtExecutor

_log = logging.getLogger(__name__)
_PATIENCE_SECONDS = 2.0
"""For a listing or a look-up under way; a service that does not answer is left alone."""

_QUEUE_IN_USE = "queue-in-use"
_WAITED_FOR_THE_QUEUE_SECONDS = 8.0
"""Its owner may be a window that is about to listen, or one that is about to be gone."""

_ASKED_AGAIN_SECONDS = 0.2
_SPARE_THREADS = 2
"""Of the transfers pool: to tell a service to drop what was cancelled, while others run."""


class Session(QObject):
    """Two pools, never one: transfers wait for their parts."""

    opened = Signal(object)
    """The Workspace."""

    failed = Signal(object)
    """The S3guiError for which it cannot be opened."""

    handed_over = Signal()
    """The window that owns the queue took what this one came with."""

    closed = Signal()

    settings_changed = Signal(object)
    """The Settings that hold from now on."""

    keyring_waits = Signal()
    """The keyring of the system takes its time: it may be asking its user for a password."""

    def __init__(self, home: Path | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._home = home
        self.ask_for_code: AskForCode | None = None
        self.hand_over: Callable[[], bool] = lambda: False
        """Gives the queue's owner what this window came with; whether it took it. In a thread."""

        self.settings = Settings()
        # As long as the application: a thread may publish while a window goes.
        self.signals = EngineSignals(QCoreApplication.instance())
        self.background = Background(self)
        self._closing = Background(self)  # not to wait behind a service that does not answer
        self._transfers = QtExecutor(1)
        self._parts = QtExecutor(1)
        self._lock = threading.Lock()
        self._taking_over = threading.Lock()
        self._workspace: Workspace | None = None
        self._over = threading.Event()

    @property
    def workspace(self) -> Workspace | None:
        """None before it is open, and after it was closed."""
        return self._workspace

    def open(self) -> None:
        self.background.run(self._open_or_hand_over, self._tell, self.failed.emit)

    def change_settings(self, settings: Settings) -> None:
        """Save, and let the pools grow or shrink; what runs goes on."""
        workspace = self._workspace
        if workspace is None:
            return
        self.settings = settings
        self._size_pools(settings)
        self.settings_changed.emit(settings)

        self.background.run(lambda: self._take_over(workspace), lambda _nothing: None)

    def _take_over(self, workspace: Workspace) -> None:
        """One after the other, and always the newest: threads may come in another order."""
        with self._taking_over:
            new = self.settings
            workspace.queue.resize(files_at_once=new.files_at_once, parts_at_once=new.parts_at_once)
            workspace.queue.bandwidth.follow(new.schedule)
            workspace.settings.change(
                lambda saved: replace(new, last_profile_id=saved.last_profile_id)
            )

    def start_queue(self) -> None:
        """Run what is queued, and forget what ended too long ago."""
        workspace, days = self._workspace, self.settings.finished_days
        if workspace is None:
            return

        def start() -> None:
            from s3gui.engine.forgetting import forget_finished

            workspace.queue.start()
            try:
                forget_finished(workspace.queue, workspace.transfers, days, time.time())
            except JournalDamaged:
                raise
            except JournalUnwritable as error:  # the queue says so where it matters
                _log.warning("finished transfers stay in the list: %s", error.detail)

        self.background.run(start, lambda _nothing: None)

    def close(self) -> None:
        """Pause what runs, keep the queue, then say `closed`."""
        self._over.set()
        self.background.stop()
        self._closing.run(self.close_now, lambda _nothing: self.closed.emit())

    def close_now(self) -> None:
        """Close, and wait for it; safe from any thread, and a second time."""
        with self._lock:
            self._over.set()
            workspace, self._workspace = self._workspace, None
        self.background.close(_PATIENCE_SECONDS)
        if workspace is not None:
            workspace.close()
        for executor in (self._transfers, self._parts):
            executor.shutdown(cancel_futures=True)

    def _open_or_hand_over(self) -> Workspace | None:
        """None where the queue's owner took what there was to do. Raises S3guiError."""
        ends_by = time.monotonic() + _WAITED_FOR_THE_QUEUE_SECONDS
        while True:
            try:
                return self._open()
            except S3guiError as error:
                if error.code != _QUEUE_IN_USE:
                    raise
                if self.hand_over():
                    return None
                if time.monotonic() > ends_by or self._over.wait(_ASKED_AGAIN_SECONDS):
                    raise

    def _tell(self, workspace: Workspace | None) -> None:
        if workspace is None:
            self.handed_over.emit()
        else:
            self.opened.emit(workspace)

    def _open(self) -> Workspace:
        workspace = open_workspace(
            transfers_executor=self._transfers,
            parts_executor=self._parts,
            publish=self.signals.publish,
            home=self._home,
            ask_for_code=self.ask_for_code,
            keyring_waits=self.keyring_waits.emit,
        )
        self.settings = workspace.settings.load()
        self._size_pools(self.settings)
        with self._lock:
            if self._over.is_set():  # the window was closed meanwhile
                workspace.close()
            else:
                self._workspace = workspace
        return workspace

    def _size_pools(self, settings: Settings) -> None:
        self._transfers.set_threads(settings.file_threads + _SPARE_THREADS)
        self._parts.set_threads(settings.part_threads)
