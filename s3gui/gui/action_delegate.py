"""The buttons at the end of a row."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QEvent, QPoint, QRect, Signal
from PySide6.QtGui import QColor, QHelpEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyleOptionViewItem, QTableView, QToolTip

from s3gui.core.transfer import TransferState
from s3gui.gui.icons import pixmap
from s3gui.gui.row_delegate import Index, RowDelegate
from s3gui.gui.theme import Theme
from s3gui.gui.transfer_actions import Action, row_actions
from s3gui.gui.transfer_columns import ROW_ROLE, Column, Row

_BUTTON = 28
_ICON = 16


class ActionDelegate(RowDelegate):
    """Icon buttons without a widget each: there may be a million rows."""

    triggered = Signal(object, int)
    """The Action, and the id of the transfer."""

    def __init__(self, theme: Theme, view: QTableView) -> None:
        super().__init__(theme, view)
        self.pointer: QPoint | None = None
        """Where the mouse is in the viewport."""

    def _paint_cell(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        column: Column,  # noqa: ARG002
        row: Row,
    ) -> None:
        palette = self._theme.palette
        for action, place in _buttons(option.rect, row.transfer.state):
            is_under_pointer = self.pointer is not None and place.contains(self.pointer)
            if is_under_pointer:
                painter.setBrush(QColor(palette.track))
                painter.setPen(QColor(palette.line))
                painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 6, 6)
            is_wanted = is_under_pointer or action is Action.RETRY
            color = palette.accent_text if is_wanted else palette.muted
            ratio = self._view.devicePixelRatioF()
            image = pixmap(action.value, color, round(_ICON * ratio))
            spare = (_BUTTON - _ICON) // 2
            painter.drawPixmap(place.adjusted(spare, spare, -spare, -spare), image)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        if event.type() is QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            row: Row | None = index.data(ROW_ROLE)
            action = self._action_at(event.position().toPoint(), option.rect, row)
            if action is not None and row is not None:
                self.triggered.emit(action, row.transfer.id)
                return True
        return super().editorEvent(event, model, option, index)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index
    ) -> bool:
        action = self._action_at(event.pos(), option.rect, index.data(ROW_ROLE))
        QToolTip.showText(event.globalPos(), action.label if action is not None else "", view)
        return True

    def _action_at(self, point: QPoint, cell: QRect, row: Row | None) -> Action | None:
        if row is None:
            return None
        places = _buttons(cell, row.transfer.state)
        return next((action for action, place in places if place.contains(point)), None)


def _buttons(cell: QRect, state: TransferState) -> list[tuple[Action, QRect]]:
    """Right-aligned, so that the way out is always at the same place."""
    actions = row_actions(state)
    top = cell.center().y() - _BUTTON // 2 + 1
    left = cell.right() - 4 - _BUTTON * len(actions)
    return [
        (action, QRect(left + _BUTTON * place, top, _BUTTON, _BUTTON))
        for place, action in enumerate(actions)
    ]
