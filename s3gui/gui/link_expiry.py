"""How long a presigned link works: the usual times in a menu, any other in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QMenu, QSpinBox, QWidget

from s3gui.gui.form import FormDialog, give_margins
from s3gui.i18n import _

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
LONGEST = 7 * DAY
"""What Signature Version 4 allows (S3 User Guide, "Sharing objects with presigned URLs")."""


def add_expiries(menu: QMenu, window: QWidget, choose: Callable[[int], object]) -> None:
    """`choose` is called with seconds."""
    for title, seconds in (
        (_("Good for 1 hour"), HOUR),
        (_("Good for 1 day"), DAY),
        (_("Good for 7 days"), LONGEST),
    ):
        menu.addAction(title, partial(choose, seconds))
    menu.addAction(_("Another time…"), partial(_ask, window, choose))


def _ask(window: QWidget, choose: Callable[[int], object]) -> None:
    dialog = LinkExpiryDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.seconds_chosen.connect(choose)
    dialog.open()


class LinkExpiryDialog(FormDialog):
    seconds_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Presigned link"), _("Copy link"), parent)
        self.amount = QSpinBox()
        give_margins(self.amount)
        self.unit = QComboBox()
        for title, seconds in ((_("minutes"), MINUTE), (_("hours"), HOUR), (_("days"), DAY)):
            self.unit.addItem(title, seconds)
        self.unit.setCurrentIndex(1)
        self.form.add_field(
            _("&Good for"),
            self.amount,
            _("Whoever has the link can read the object that long: at most 7 days."),
        )
        self.form.add_field(_("&Unit"), self.unit)
        self.unit.currentIndexChanged.connect(self._bound)
        self._bound()
        self.amount.setValue(12)

    def accept(self) -> None:
        super().accept()
        self.seconds_chosen.emit(self.amount.value() * int(self.unit.currentData()))

    def _bound(self) -> None:
        self.amount.setRange(1, LONGEST // int(self.unit.currentData()))
