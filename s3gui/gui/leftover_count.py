"""How many uploads are left open, as far as the queue knows: for the badge in the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from s3gui.core.errors import S3guiError
from s3gui.gui.background import Background

if TYPE_CHECKING:
    from s3gui.engine.leftovers import Leftovers

_QUIET_MILLISECONDS = 1_500


class LeftoverCount(QObject):
    """Counts when the queue has been quiet for a moment; asks no service."""

    counted = Signal(int)

    def __init__(
        self, leftovers: Leftovers, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._leftovers = leftovers
        self._background = background
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_QUIET_MILLISECONDS)
        self._timer.timeout.connect(self.count)

    def count_soon(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def count(self) -> None:
        self._background.run(self._leftovers.count_unwanted, self._tell, self._ignore)

    def _tell(self, count: int) -> None:
        self.counted.emit(count)

    def _ignore(self, _error: S3guiError) -> None:
        """The badge is a reminder: it can wait."""
