"""The latest drops, each with its totals and a bar of its own; a click filters the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QEnterEvent,
    QFontMetrics,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMenu, QSizePolicy, QWidget

from s3gui.core.text import visible
from s3gui.core.transfer import Batch, TransferState
from s3gui.engine.ports import Count
from s3gui.gui.counters import Counts, share_done, total
from s3gui.gui.icons import icon
from s3gui.gui.receipts import add_link_kinds
from s3gui.gui.round_report import AddressOf
from s3gui.gui.tab_order import come_before
from s3gui.gui.theme import Theme, tabular
from s3gui.gui.tooltip import plain_tooltip
from s3gui.gui.transfer_actions import Action, Place
from s3gui.gui.transfer_text import amount_text, format_count
from s3gui.i18n import _, ngettext

_PADDING = 10
_BAR_HEIGHT = 4
_WIDEST_TEXT = "1,000 of 1,000 files · 999 of 999 GB · 1 failed"


class BatchButton(QAbstractButton):
    """One batch: name and destination, how much of it is there, and a bar of that."""

    action_wanted = Signal(object, int)
    place_wanted = Signal(object, int)
    receipt_wanted = Signal(int)
    links_wanted = Signal(int, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.batch: Batch | None = None
        self._counts: Counts = {}
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_batch(self, batch: Batch, counts: Counts) -> None:
        if (batch, counts) == (self.batch, self._counts):
            return
        self.batch, self._counts = batch, counts
        text = f"{visible(batch.name)} → {visible(str(batch.destination))}"
        self.setAccessibleName(f"{text}: {self._progress_text()}")
        self.setToolTip(plain_tooltip(f"{text}\n{self._progress_text()}"))
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self.font())
        width = metrics.horizontalAdvance(_WIDEST_TEXT) + 2 * _PADDING
        return QSize(width, 2 * metrics.height() + _BAR_HEIGHT + 16)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def _progress_text(self) -> str:
        everything = total(self._counts, self._counts)
        settled, sent_bytes = self._settled()
        failed = total(self._counts, [TransferState.FAILED])
        skipped = total(self._counts, [TransferState.SKIPPED])
        texts = [
            _("{done} of {files}").format(
                done=format_count(settled.files),
                files=ngettext("{count} file", "{count} files", everything.files).format(
                    count=format_count(everything.files)
                ),
            ),
            amount_text(replace(everything, sent_bytes=sent_bytes)),
        ]
        if skipped.files:
            texts.append(_("{count} skipped").format(count=format_count(skipped.files)))
        if failed.files:
            texts.append(_("{count} failed").format(count=format_count(failed.files)))
        return " · ".join(texts)

    def _settled(self) -> tuple[Count, int]:
        """Files that need nothing more, and the bytes that are there: skipped ones were before."""
        skipped = total(self._counts, [TransferState.SKIPPED])
        sent_bytes = total(self._counts, self._counts).sent_bytes
        settled = total(self._counts, [TransferState.COMPLETED, TransferState.SKIPPED])
        return settled, sent_bytes - skipped.sent_bytes + skipped.bytes

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002
        palette = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.rect().toRectF().adjusted(1, 1, -1, -1)
        painter.setBrush(QColor(self._ground()))
        painter.setPen(QColor(palette.accent if self.hasFocus() else palette.line))
        painter.drawRoundedRect(frame, 7, 7)
        if self.batch is None:
            return
        painter.setFont(tabular(self.font()))
        metrics = painter.fontMetrics()
        room = self.rect().adjusted(_PADDING, 6, -_PADDING, -6)
        self._paint_names(painter, room)
        painter.setPen(QColor(palette.muted))
        below = room.adjusted(0, metrics.height(), 0, 0)
        text = metrics.elidedText(self._progress_text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(below, int(Qt.AlignmentFlag.AlignTop), text)
        bar = QRectF(room.left(), room.bottom() - _BAR_HEIGHT + 1, room.width(), _BAR_HEIGHT)
        self._paint_bar(painter, bar)

    def _paint_names(self, painter: QPainter, room: QRect) -> None:
        """The batch's name, and behind it as much of its destination as there is room for."""
        assert self.batch is not None
        palette, metrics = self._theme.palette, painter.fontMetrics()
        top = int(Qt.AlignmentFlag.AlignTop)
        middle = Qt.TextElideMode.ElideMiddle
        name = metrics.elidedText(visible(self.batch.name), middle, room.width())
        painter.setPen(QColor(palette.accent_text if self.isChecked() else palette.text))
        painter.drawText(room, top, name)
        rest = room.adjusted(metrics.horizontalAdvance(name), 0, 0, 0)
        place = visible(str(self.batch.destination).removeprefix("s3://"))
        if rest.width() > metrics.horizontalAdvance("  → …"):
            painter.setPen(QColor(palette.muted))
            painter.drawText(rest, top, metrics.elidedText(f"  → {place}", middle, rest.width()))

    def _ground(self) -> str:
        palette = self._theme.palette
        if self.isChecked():
            return palette.selection
        return palette.hover if self.underMouse() else palette.card

    def _paint_bar(self, painter: QPainter, bar: QRectF) -> None:
        palette = self._theme.palette
        everything = total(self._counts, self._counts)
        settled, sent_bytes = self._settled()
        is_done = settled.files == everything.files
        share = share_done(replace(everything, sent_bytes=sent_bytes), settled.files)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(palette.track))
        painter.drawRoundedRect(bar, 2, 2)
        bar.setWidth(bar.width() * share)
        painter.setBrush(QColor(palette.ok if is_done else palette.accent))
        painter.drawRoundedRect(bar, 2, 2)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.build_menu().popup(event.globalPos())

    def build_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in Action:
            item = menu.addAction(icon(action.value, self._theme.palette.muted), action.label)
            item.setEnabled(any(action.fits(state) for state in self._counts))
            item.triggered.connect(lambda _=False, action=action: self._want(action))
        menu.addSeparator()
        for place in Place:
            item = menu.addAction(place.label)
            item.setEnabled(TransferState.QUEUED in self._counts)
            item.triggered.connect(lambda _=False, place=place: self._want_place(place))
        menu.addSeparator()
        menu.addAction(_("Save receipt…"), self._want_receipt).setEnabled(self._has_ended)
        links = menu.addMenu(_("Copy links"))
        links.setEnabled(TransferState.COMPLETED in self._counts)
        add_link_kinds(links, self, self._want_links)
        return menu

    @property
    def _has_ended(self) -> bool:
        return any(state.is_ended for state in self._counts)

    def _want_receipt(self) -> None:
        if self.batch is not None:
            self.receipt_wanted.emit(self.batch.id)

    def _want_links(self, kind: AddressOf | None) -> None:
        if self.batch is not None:
            self.links_wanted.emit(self.batch.id, kind)

    def _want(self, action: Action) -> None:
        if self.batch is not None:
            self.action_wanted.emit(action, self.batch.id)

    def _want_place(self, place: Place) -> None:
        if self.batch is not None:
            self.place_wanted.emit(place, self.batch.id)


class BatchBar(QWidget):
    """Shown as soon as there is more than one batch, or one of many files.

    `followed_by`: where the Tab key goes after the last one.
    """

    batch_chosen = Signal(object)
    """The id of the batch to show; None for all."""

    action_wanted = Signal(object, int)
    place_wanted = Signal(object, int)
    """A Place in the queue, and the id of the batch that is to go there."""

    receipt_wanted = Signal(int)
    links_wanted = Signal(int, object)
    """Of a batch's id, and how an address is made, as `Receipts.copy` takes it."""

    def __init__(
        self, theme: Theme, parent: QWidget | None = None, *, followed_by: QWidget
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._followed_by = followed_by
        self._buttons: list[BatchButton] = []
        self._chosen: int | None = None
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        self._row.addStretch(1)
        self.hide()

    @property
    def buttons(self) -> list[BatchButton]:
        return [button for button in self._buttons if not button.isHidden()]

    def show_batches(self, batches: Sequence[tuple[Batch, Counts]]) -> None:
        """Newest first."""
        shown = [(batch, counts) for batch, counts in batches if total(counts, counts).files]
        while len(self._buttons) < len(shown):
            self._add_button()
        for place, button in enumerate(self._buttons):
            button.setVisible(place < len(shown))
            if place < len(shown):
                batch, counts = shown[place]
                button.show_batch(batch, counts)
                button.setChecked(batch.id == self._chosen)
        files = sum(total(counts, counts).files for _batch, counts in shown)
        self.setVisible(files > 1)

    def _add_button(self) -> None:
        button = BatchButton(self._theme)
        button.clicked.connect(lambda: self._choose(button))
        button.action_wanted.connect(self.action_wanted)
        button.place_wanted.connect(self.place_wanted)
        button.receipt_wanted.connect(self.receipt_wanted)
        button.links_wanted.connect(self.links_wanted)
        self._theme.changed.connect(button.update)
        self._row.insertWidget(len(self._buttons), button)
        come_before(self._followed_by, [button])
        self._buttons.append(button)

    def _choose(self, button: BatchButton) -> None:
        """A second click shows all again."""
        assert button.batch is not None
        is_new = button.batch.id != self._chosen
        self._chosen = button.batch.id if is_new else None
        for each in self._buttons:
            each.setChecked(each is button and is_new)
        self.batch_chosen.emit(self._chosen)
