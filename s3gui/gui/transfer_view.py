"""The table of transfers on the screen: widths, keys, menu and selection."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QWidget

from s3gui.core.transfer import Transfer, TransferState
from s3gui.gui.action_delegate import ActionDelegate
from s3gui.gui.icons import icon
from s3gui.gui.progress_delegate import ProgressDelegate
from s3gui.gui.row_delegate import RowDelegate, row_height
from s3gui.gui.row_table import RowTable
from s3gui.gui.theme import Theme, tabular
from s3gui.gui.transfer_actions import Action, Place
from s3gui.gui.transfer_columns import Column, header
from s3gui.gui.transfer_drag import TransferDrag
from s3gui.gui.transfer_model import Index, TransferModel
from s3gui.i18n import _

_FILE_SHARE = 0.45
"""Of what the others leave; the rest is the progress bar's."""

_SHORT_NAME = "DSC_0142 (copy).NEF"
"""What must fit into the file's column, and as much beside it for the bar."""

_LEAST_NEEDED = (Column.LEFT, Column.SPEED, Column.SIZE)
"""What goes first where there is no room: the status bar and the tooltips still tell."""

_ACTIONS_WIDTH = 68
_SELECTION_KEPT = 500


class TransferView(RowTable):
    action_wanted = Signal(object, list)
    """An Action, and the ids of the transfers it is wanted for."""

    current_changed = Signal(int)
    """The id of the transfer that the keyboard or the mouse went to."""

    inspector_wanted = Signal()
    order_wanted = Signal(object)
    """The Column whose heading was clicked."""

    place_wanted = Signal(object, list)
    """A Place in the queue, and the ids that are to go there."""

    drag_dropped = Signal(list, int)
    """Ids, and the one before which they are to go."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model: TransferModel | None = None
        self.setFont(tabular(self.font()))
        self._kept_selection: list[int] = []
        self.setAccessibleName(_("Transfers"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(row_height(self))
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setSectionsClickable(True)
        header.sectionClicked.connect(lambda section: self.order_wanted.emit(Column(section)))
        self._cells = RowDelegate(theme, self)
        self._progress = ProgressDelegate(theme, self)
        self._actions = ActionDelegate(theme, self)
        self._actions.triggered.connect(self._trigger)
        self.setItemDelegate(self._cells)
        self.setItemDelegateForColumn(Column.PROGRESS, self._progress)
        self.setItemDelegateForColumn(Column.ACTIONS, self._actions)
        self.setMinimumHeight(3 * row_height(self))
        self.setDragEnabled(True)
        self._drag = TransferDrag(self, theme, self.selected_ids, self._id_at)
        self._drag.dropped.connect(self.drag_dropped)
        theme.changed.connect(self.viewport().update)

    def show_model(self, model: TransferModel) -> None:
        self._model = model
        self.setModel(model)
        # The header would ask of each column whether all its rows are selected: a million each.
        header = self.horizontalHeader()
        header.setSelectionModel(QItemSelectionModel(model, header))
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._restore_selection)
        self._share_widths()

    def show_row(self, row: int) -> None:
        """Scroll there, also to a row that came a moment ago."""
        if self._model is not None:
            self.updateGeometries()  # else the scroll bar ends where the rows ended before
            index = self._model.index(row, 0)
            if not self.viewport().rect().contains(self.visualRect(index)):
                self.scrollTo(index, QAbstractItemView.ScrollHint.PositionAtCenter)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        for row in (previous.row(), current.row()):  # Qt repaints a cell of each, not the frame
            self._repaint_row(row)
        if self._model is not None and current.isValid():
            self.current_changed.emit(self._id_at(current))

    def startDrag(self, actions: Qt.DropAction) -> None:  # noqa: ARG002
        """Only what waits has a place in the queue."""
        if TransferState.QUEUED in self._selected_states():
            self._drag.start()

    def _id_at(self, index: Index) -> int | None:
        if self._model is None or not index.isValid():
            return None
        return self._model.ids(index.row(), index.row())[0]

    # Selection.

    def selected_ids(self) -> list[int]:
        """In the order of the table; costs as much as there are ranges, not rows."""
        if self._model is None:
            return []
        selection = self.selectionModel().selection().toList()
        ranges = sorted((each.top(), each.bottom()) for each in selection)
        return [each for top, bottom in ranges for each in self._model.ids(top, bottom)]

    def select_ids(self, ids: Sequence[int]) -> None:
        model = self._model
        if model is None:
            return
        selection = QItemSelection()
        for row in map(model.row_of, ids):
            if row is not None:
                selection.select(model.index(row, 0), model.index(row, len(Column) - 1))
        replace = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(selection, replace)

    def _keep_selection(self) -> None:
        ids = self.selected_ids()
        self._kept_selection = ids if len(ids) <= _SELECTION_KEPT else []

    def _restore_selection(self) -> None:
        self.select_ids(self._kept_selection)

    def _selected_states(self) -> set[TransferState]:
        """Of the selected rows that were read; what is far away may be in any state."""
        return {each.state for each in self._selected_transfers()}

    def _selected_transfers(self) -> list[Transfer]:
        model = self._model
        if model is None:
            return []
        rows = [model.row_of(each) for each in self.selected_ids()[:_SELECTION_KEPT]]
        known = [model.row(row) for row in rows if row is not None]
        return [row.transfer for row in known if row is not None]

    # Doing.

    def _trigger(self, action: Action, transfer_id: int) -> None:
        self.action_wanted.emit(action, [transfer_id])

    def want(self, action: Action) -> None:
        """Ask for an action on what is selected."""
        ids = self.selected_ids()
        if ids:
            self.action_wanted.emit(action, ids)

    def toggle_pause(self) -> None:
        """Pause what is selected, or let it go on if nothing of it can be paused."""
        can_pause = any(Action.PAUSE.fits(state) for state in self._selected_states())
        self.want(Action.PAUSE if can_pause else Action.RESUME)

    def build_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        states = self._selected_states()
        for action in Action:
            item = menu.addAction(icon(action.value, self._theme.palette.muted), action.label)
            item.setEnabled(any(action.fits(state) for state in states))
            item.triggered.connect(lambda _=False, action=action: self.want(action))
        menu.addSeparator()
        for place in Place:
            item = menu.addAction(place.label)
            item.setEnabled(TransferState.QUEUED in states)
            item.triggered.connect(
                lambda _=False, place=place: self.place_wanted.emit(place, self.selected_ids())
            )
        menu.addSeparator()
        copy = menu.addAction(
            icon("copy", self._theme.palette.muted), _("Copy s3 address"), self.copy_addresses
        )
        copy.setEnabled(bool(states))
        menu.addAction(_("Select all"), self.selectAll)
        return menu

    def copy_addresses(self) -> None:
        addresses = [str(each.destination) for each in self._selected_transfers()]
        if addresses:
            QGuiApplication.clipboard().setText("\n".join(addresses))

    # Qt's events.

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        where = event.globalPos()
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            corner = self.visualRect(self.currentIndex()).bottomLeft()
            where = self.viewport().mapToGlobal(corner + QPoint(24, 0))
        self.build_menu().popup(where)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self._remove_or_cancel()
        elif event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.inspector_wanted.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def _remove_or_cancel(self) -> None:
        """Del takes out of the list what has ended; what has not is cancelled first."""
        unfinished = any(not state.is_ended for state in self._selected_states())
        self.want(Action.CANCEL if unfinished else Action.REMOVE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        point = event.position().toPoint()
        self._hover(self.indexAt(point), point)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(QModelIndex(), None)

    def _hover(self, index: QModelIndex, point: QPoint | None) -> None:
        before, now = self._cells.hovered_row, index.row()
        for delegate in (self._cells, self._progress, self._actions):
            delegate.hovered_row = now
        is_over_actions = index.column() == Column.ACTIONS
        was_over_actions = self._actions.pointer is not None
        self._actions.pointer = point if is_over_actions else None
        if now != before or is_over_actions or was_over_actions:
            self._repaint_row(before)
            self._repaint_row(now)

    def _repaint_row(self, row: int) -> None:
        top, height = self.rowViewportPosition(row), self.rowHeight(row)
        if row >= 0:
            self.viewport().update(0, top, self.viewport().width(), height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        bar = self.verticalScrollBar()
        was_at_end = 0 < bar.maximum() == bar.value()
        super().resizeEvent(event)
        self._share_widths()
        if was_at_end:  # what came last stays in sight when a banner takes some of the room
            bar.setValue(bar.maximum())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self.verticalHeader().setDefaultSectionSize(row_height(self))
            self._share_widths()

    def _needed_widths(self) -> dict[Column, int]:
        """Of the columns that need no more than their widest text, or their heading."""
        samples = {
            Column.SIZE: ("99.9 GB", _("streaming")),
            Column.SPEED: ("99.9 MB/s",),
            Column.LEFT: ("23 h 59 min",),
            Column.STATUS: (_("Finishing on the server…"),),
        }
        measure = self.fontMetrics().horizontalAdvance
        return {
            column: max(map(measure, (*texts, f"{header(column)} ↑"))) + 18
            for column, texts in samples.items()
        }

    def _share_widths(self) -> None:
        """Numbers get what they need; file and bar share the rest, but are never squeezed out."""
        if self._model is None:
            return
        widths = self._needed_widths()
        widths[Column.ACTIONS] = _ACTIONS_WIDTH
        enough = 2 * self.fontMetrics().horizontalAdvance(_SHORT_NAME)
        room = self.viewport().width()
        for column in _LEAST_NEEDED:
            lacks_room = room - sum(widths.values()) < enough
            self.setColumnHidden(column, lacks_room)
            if lacks_room:
                widths[column] = 0
        spare = max(0, room - sum(widths.values()))
        # In a wide window errors get more room: they are the sentences to be read.
        widths[Column.STATUS] += max(0, 2 * spare - 3 * enough) // 5
        spare = max(0, room - sum(widths.values()))
        widths[Column.FILE] = int(spare * _FILE_SHARE)
        widths[Column.PROGRESS] = spare - widths[Column.FILE]
        for column, width in widths.items():
            if width:
                self.setColumnWidth(column, width)
