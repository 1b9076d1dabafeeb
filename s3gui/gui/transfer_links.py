"""Copies the address of what a transfer stored: its URL, or a link that works for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination
from s3gui.engine.ports import ObjectStore
from s3gui.gui.background import Background
from s3gui.i18n import _


class TransferLinks(QObject):
    """By the transfer's own connection, which need not be the one that is open."""

    said = Signal(str)
    """A sentence about what was copied."""

    def __init__(
        self,
        store_for: Callable[[Profile], ObjectStore],
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._store_for = store_for
        self._background = background

    def copy_text(self, text: str, sentence: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.said.emit(sentence)

    def copy_url(self, batch: Batch, destination: Destination) -> None:
        self._background.run(
            lambda: self._store_for(batch.profile).url(destination),
            lambda url: self.copy_text(url, _("URL copied.")),
        )

    def copy_link(self, batch: Batch, destination: Destination, expires_seconds: int) -> None:
        self._background.run(
            lambda: self._store_for(batch.profile).presigned_url(destination, expires_seconds),
            lambda url: self.copy_text(url, _("Presigned link copied.")),
        )
