"""Everything about one transfer, beside the table: parts, ids, options, what happened."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from s3gui.core.frozen import frozen
from s3gui.core.text import visible
from s3gui.core.transfer import Batch, CompletedPart, Transfer, TransferState
from s3gui.engine.ports import TransferStore
from s3gui.gui.background import Background
from s3gui.gui.event_feed import Changes
from s3gui.gui.form import plain_label
from s3gui.gui.icons import icon
from s3gui.gui.inspector_facts import Fact, as_text, facts, format_clock
from s3gui.gui.link_expiry import add_expiries
from s3gui.gui.live import LiveTransfers
from s3gui.gui.part_grid import PartGrid, parts_of
from s3gui.gui.theme import Theme, tabular
from s3gui.gui.transfer_links import TransferLinks
from s3gui.gui.transfer_log import TransferLog
from s3gui.gui.transfer_text import percent_text, status_hint, status_text
from s3gui.gui.wrapped_text import WrappedText
from s3gui.i18n import _

_WIDTH = 320
_MARGIN = 12


@frozen
class _Details:
    transfer: Transfer
    batch: Batch
    parts: tuple[CompletedPart, ...]


class Inspector(QFrame):
    """A card of its own; shows the current row of the table while it is open."""

    closed = Signal()

    def __init__(
        self,
        theme: Theme,
        live: LiveTransfers,
        log: TransferLog,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._theme = theme
        self._live = live
        self._log = log
        self._background = background
        self._transfers: TransferStore | None = None
        self._links: TransferLinks | None = None
        self._id: int | None = None
        self._details: _Details | None = None
        self._rows: list[tuple[QLabel, WrappedText]] = []
        self._build()
        theme.changed.connect(self._tint)
        self._tint()
        self._say("")
        self._show()
        self.hide()

    def attach(self, transfers: TransferStore, links: TransferLinks) -> None:
        self._transfers, self._links = transfers, links
        links.said.connect(self._say)

    def show_transfer(self, transfer_id: int | None) -> None:
        """None: nothing is chosen."""
        if transfer_id == self._id:
            return
        self._id, self._details = transfer_id, None
        self._say("")
        if self.isVisible():
            self._show()
            self._read()

    def open(self) -> None:
        self.show()
        self._show()
        self._read()

    def dismiss(self) -> None:
        self.hide()
        self.closed.emit()

    def apply(self, changes: Changes) -> None:
        if self._id is None or not self.isVisible():
            return
        if self._id in changes.removed:
            self.show_transfer(None)
            return
        if self._id in changes.changed or self._id in changes.stale:
            self._read()
        if self._id in changes.progressed and self._details is not None:
            self._show_progress(self._details)

    def sizeHint(self) -> QSize:
        return QSize(max(_WIDTH, self.fontMetrics().averageCharWidth() * 44), 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(self.fontMetrics().averageCharWidth() * 32, 200)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            super().keyPressEvent(event)

    # Building.

    def _build(self) -> None:
        self.name = plain_label(wrap=True)
        self.name.setProperty("heading", True)
        self.close_button = QToolButton()
        self.close_button.setProperty("flat", True)
        self.close_button.setAccessibleName(_("Close the inspector"))
        self.close_button.setToolTip(_("Close the inspector"))
        self.close_button.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self.status = plain_label(wrap=True)
        self.grid = PartGrid(self._theme)
        self.said = plain_label(muted=True, wrap=True)
        self._content = content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(10)
        self._column.addWidget(self.status)
        self._column.addWidget(self.grid)
        self._column.addLayout(self._build_copies())
        self._column.addWidget(self.said)
        self._facts = QGridLayout()
        self._facts.setHorizontalSpacing(12)
        self._facts.setVerticalSpacing(5)
        self._facts.setColumnStretch(1, 1)
        self._column.addLayout(self._facts)
        self._log_heading = plain_label(_("What happened"))
        self._log_heading.setProperty("heading", True)
        self.log_text = plain_label(wrap=True)
        self.log_text.setFont(tabular(self.log_text.font()))
        self._column.addWidget(self._log_heading)
        self._column.addWidget(self.log_text)
        self._column.addStretch(1)
        self.area = QScrollArea()
        self.area.setAccessibleName(_("Details of the transfer"))
        self.area.setProperty("stop", True)  # of the Tab key: arrows scroll it
        self.area.setWidgetResizable(True)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.viewport().setAutoFillBackground(False)
        self.area.setWidget(content)
        content.setAutoFillBackground(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 10, _MARGIN - 4, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.area, 1)

    def _build_copies(self) -> QHBoxLayout:
        self.copy_button = QPushButton(_("&Copy"))
        self.copy_button.setAccessibleName(_("Copy an address or the details"))
        self.copy_menu = QMenu(self)
        self.copy_button.setMenu(self.copy_menu)
        self.copy_menu.addAction(_("s3 URI"), self._copy_uri)
        self._url_action = self.copy_menu.addAction(_("URL"), self._copy_url)
        self._links_menu = self.copy_menu.addMenu(_("Presigned link"))
        add_expiries(self._links_menu, self, self._copy_link)
        self.copy_menu.addSeparator()
        self.copy_menu.addAction(_("All details"), self._copy_details)
        row = QHBoxLayout()
        row.addWidget(self.copy_button)
        row.addStretch(1)
        return row

    def _tint(self) -> None:
        self.close_button.setIcon(icon("close", self._theme.palette.muted))
        self.copy_button.setIcon(icon("copy", self._theme.palette.muted))

    # Showing.

    def _read(self) -> None:
        transfers, transfer_id = self._transfers, self._id
        if transfers is None or transfer_id is None:
            return

        def read() -> _Details | None:
            transfer = transfers.transfer(transfer_id)
            if transfer is None:
                return None
            parts = tuple(transfers.parts(transfer_id))
            return _Details(transfer, transfers.batch(transfer.batch_id), parts)

        self._background.run(read, self._take, lambda _error: None)

    def _take(self, details: _Details | None) -> None:
        if details is not None and details.transfer.id == self._id:
            self._details = details
            self._show()

    def _show(self) -> None:
        details = self._details
        self._content.setVisible(details is not None)
        if details is None:
            self.name.setText(_("No transfer chosen") if self._id is None else _("Loading…"))
            return
        transfer = details.transfer
        self.name.setText(visible(transfer.name))
        is_stored = transfer.state is TransferState.COMPLETED
        self._url_action.setEnabled(is_stored)
        self._links_menu.setEnabled(is_stored)
        self._show_progress(details)

    def _show_progress(self, details: _Details) -> None:
        transfer = details.transfer
        live = self._live.get(transfer.id)
        percent = percent_text(transfer, live)
        is_plain = transfer.failure is None  # what an archive left out is among the facts
        status = status_text(transfer) if is_plain else status_hint(transfer)
        self.status.setText(f"{percent}  ·  {status}" if percent else status)
        self.grid.show_parts(parts_of(transfer, live, details.parts))
        self._show_facts(facts(transfer, details.batch, live))
        lines = self._log.lines(transfer.id)
        text = "\n".join(f"{format_clock(line.at)}  {line.text}" for line in lines)
        self._log_heading.setVisible(bool(lines))
        self.log_text.setText(text)

    def _show_facts(self, rows: list[Fact]) -> None:
        """Labels are made once and used again: this is called a few times a second."""
        while len(self._rows) < len(rows):
            self._add_row()
        for number, (name, text) in enumerate(self._rows):
            is_used = number < len(rows)
            name.setVisible(is_used)
            text.setVisible(is_used)
            if is_used:
                name.setText(rows[number][0])
                text.set_text(rows[number][1])

    def _add_row(self) -> None:
        name, text = plain_label(muted=True), WrappedText()
        row = len(self._rows)
        self._facts.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._facts.addWidget(text, row, 1)
        self._rows.append((name, text))

    # Copying.

    def _say(self, sentence: str) -> None:
        self.said.setText(sentence)
        self.said.setVisible(bool(sentence))

    def _copy_uri(self) -> None:
        if self._details is not None and self._links is not None:
            self._links.copy_text(str(self._details.transfer.destination), _("s3 URI copied."))

    def _copy_url(self) -> None:
        if self._details is not None and self._links is not None:
            self._links.copy_url(self._details.batch, self._details.transfer.destination)

    def _copy_link(self, expires_seconds: int) -> None:
        if self._details is not None and self._links is not None:
            details = self._details
            self._links.copy_link(details.batch, details.transfer.destination, expires_seconds)

    def _copy_details(self) -> None:
        if self._details is not None and self._links is not None:
            transfer = self._details.transfer
            rows = facts(transfer, self._details.batch, self._live.get(transfer.id))
            rows.insert(0, (_("Status"), status_hint(transfer)))
            text = f"{as_text(rows)}\n\n{self.log_text.text()}".strip() + "\n"
            self._links.copy_text(text, _("Details copied."))
