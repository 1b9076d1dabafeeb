"""What a round of work came to, shown until somebody saw it; it blocks nothing."""

from __future__ import annotations

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from s3gui.gui.form import plain_label
from s3gui.gui.icons import icon, pixmap
from s3gui.gui.receipts import add_link_kinds
from s3gui.gui.round_text import round_facts, round_title
from s3gui.gui.theme import Theme, tabular
from s3gui.gui.work_round import RoundSummary
from s3gui.i18n import _

_ICON = 18
_LOOK_SECONDS = 30
_TRIFLE_SECONDS = 5.0


class SummaryCard(QFrame):
    """Goes away by itself after half a minute in which it could be seen, unless something failed
    or was left out; failures that it tells of take it along when they are tried again.

    One quick file says in its own row that it is there: then the card only waits to be asked for.
    """

    receipt_wanted = Signal()
    failures_wanted = Signal()
    links_wanted = Signal(object)
    """How an address is made, as `Receipts.copy` takes it."""

    shown_or_hidden = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._theme = theme
        self.summary: RoundSummary | None = None
        self._seconds_seen = 0
        self._failed_seen: int | None = None
        self._gives_way = self._comes_back = False
        self._sign = QLabel()
        self.title = plain_label(wrap=True)
        self.title.setProperty("heading", True)
        self.facts = plain_label(muted=True, wrap=True)
        self.facts.setFont(tabular(self.facts.font()))
        self.failures_button = QPushButton(_("Show failures"))
        self.receipt_button = QPushButton(_("Save receipt…"))
        self.links_button = QPushButton(_("Copy links"))
        self.links_menu = QMenu(self)
        add_link_kinds(self.links_menu, self, self.links_wanted.emit)
        self.links_button.setMenu(self.links_menu)
        self.close_button = QToolButton()
        self.close_button.setProperty("flat", True)
        self.close_button.setAccessibleName(_("Close this summary"))
        self.close_button.setToolTip(_("Close this summary"))
        self.close_button.setIconSize(QSize(_ICON, _ICON))
        self.failures_button.clicked.connect(self.failures_wanted)
        self.receipt_button.clicked.connect(self.receipt_wanted)
        self.close_button.clicked.connect(self.hide)
        self._look = QTimer(self)
        self._look.setInterval(1000)
        self._look.timeout.connect(self.count_look)
        self._lay_out()
        theme.changed.connect(self._tint)
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.title)
        words.addWidget(self.facts)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._sign)
        head.addLayout(words, 1)
        head.addWidget(self.close_button)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addSpacing(_ICON + 10)
        for button in (self.failures_button, self.receipt_button, self.links_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 10)
        column.setSpacing(6)
        column.addLayout(head)
        column.addLayout(buttons)

    def show_round(self, summary: RoundSummary) -> None:
        """Take the place of an earlier one, and be seen if it was more than a trifle."""
        self.summary = summary
        self.title.setText(round_title(summary))
        self.facts.setText("  ·  ".join(round_facts(summary)))
        self.setAccessibleName(f"{self.title.text()}: {self.facts.text()}")
        self.failures_button.setVisible(summary.failed > 0)
        self.links_button.setEnabled(summary.files > 0)
        self._tint()
        if is_trifle(summary):
            self.shown_or_hidden.emit()
        elif self._gives_way:
            self._comes_back = True
            self.shown_or_hidden.emit()
        else:
            self.open()

    def give_way(self, is_needed: bool) -> None:  # noqa: FBT001 - as the signal
        """The review of the next drop needs the room more; afterwards it comes back."""
        if is_needed and not self._gives_way:
            self._comes_back = not self.isHidden()
            self.hide()
        elif not is_needed and self._comes_back:
            self.open()
        self._gives_way = is_needed

    def open(self) -> None:
        """Show the last one, again if need be."""
        if self.summary is not None:
            self._seconds_seen = 0
            self._failed_seen = None
            self._comes_back = False
            self._look.start()
            self.show()
            self.shown_or_hidden.emit()

    def heed_failed(self, failed: int) -> None:
        """So many have failed now: with fewer than when it was opened it tells of the past."""
        if self._failed_seen is None or failed > self._failed_seen:
            self._failed_seen = failed
        elif failed < self._failed_seen and self.summary is not None and self.summary.failed:
            self.hide()

    def hideEvent(self, event: object) -> None:  # noqa: ARG002
        if self.isHidden():
            self._look.stop()
            self.shown_or_hidden.emit()

    def count_look(self) -> None:
        """A second in which somebody could see it, and was not about to use it."""
        if not self.isVisible() or not self.isActiveWindow() or self._is_in_use():
            return
        self._seconds_seen += 1
        is_fine = self.summary is not None and self.summary.is_whole
        if is_fine and self._seconds_seen >= _LOOK_SECONDS:
            self.hide()

    def _is_in_use(self) -> bool:
        focus = QApplication.focusWidget()
        has_focus = focus is not None and self.isAncestorOf(focus)
        return self.underMouse() or has_focus or QApplication.activePopupWidget() is not None

    def _tint(self) -> None:
        palette = self._theme.palette
        is_fine = self.summary is None or self.summary.is_whole
        name, color = ("check", palette.ok) if is_fine else ("warning", palette.warning)
        image = pixmap(name, color, round(_ICON * self.devicePixelRatioF()))
        image.setDevicePixelRatio(self.devicePixelRatioF())
        self._sign.setPixmap(image)
        self.close_button.setIcon(icon("close", palette.muted))


def is_trifle(summary: RoundSummary) -> bool:
    """Whether the rows say enough of it."""
    is_quick = summary.files <= 1 and summary.seconds < _TRIFLE_SECONDS
    return is_quick and summary.is_whole and not summary.skipped
