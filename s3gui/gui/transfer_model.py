"""The table of transfers: a list of ids, and a window of rows read when they are looked at."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
)

from s3gui.core.transfer import TransferState
from s3gui.engine.ports import TransferStore
from s3gui.gui import transfer_columns as columns
from s3gui.gui.background import Background
from s3gui.gui.event_feed import Changes
from s3gui.gui.live import LiveTransfers
from s3gui.gui.tooltip import plain_tooltip
from s3gui.gui.transfer_columns import ROW_ROLE, Column, Row
from s3gui.gui.transfer_filter import Filter
from s3gui.gui.transfer_rows import ROWS_AT_ONCE, TransferRows

__all__ = ["Filter", "Index", "TransferModel"]

Index = QModelIndex | QPersistentModelIndex

_MOVES_AT_ONCE = 64
"""More rows than this that come or go are one reload: cheaper than so many single moves."""

_SOUGHT_AT_ONCE = 1_000
"""To find so many rows takes less time than to paint those that are seen."""

_SORT_MILLISECONDS = 700
"""How often at most rows are sorted again that are not in the order of age."""

_NOWHERE = QModelIndex()
_FLAGS = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_QUEUED_FLAGS = _FLAGS | Qt.ItemFlag.ItemIsDragEnabled
"""Asked for with each cell that is painted: too often to be made anew."""


class TransferModel(QAbstractTableModel):
    """Costs the same at any number of rows: an id is eight bytes, rows are kept by the page.

    Rows are read off the GUI thread; until one is there its cells are empty.
    """

    def __init__(
        self,
        transfers: TransferStore,
        background: Background,
        live: LiveTransfers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._transfers = transfers
        self._background = background
        self._live = live
        self._rows = TransferRows(transfers, background, self._repaint_all_columns)
        self._filter = Filter()
        self._ids = array("q")
        self._places: dict[int, int] | None = None
        self._missed: Changes | None = None
        self._is_outdated = False
        self._reload_soon = QTimer(self)
        self._reload_soon.setSingleShot(True)
        self._reload_soon.setInterval(_SORT_MILLISECONDS)
        self._reload_soon.timeout.connect(self.reload)

    # What Qt asks.

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Only what waits has a place in the queue, and so can be dragged to another."""
        if not index.isValid():
            return super().flags(index)
        row = self.row(index.row())
        is_queued = row is not None and row.transfer.state is TransferState.QUEUED
        return _QUEUED_FLAGS if is_queued else _FLAGS

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return columns.header(Column(section)) + self._arrow(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return columns.alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, row = Column(index.column()), self.row(index.row())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return columns.alignment(column)
        if role == ROW_ROLE:
            return row
        if row is None:
            is_first = column is Column.FILE and role == Qt.ItemDataRole.DisplayRole
            return "…" if is_first else None
        return _data(row, column, role)

    # What the view asks.

    def row(self, row: int) -> Row | None:
        """The row as far as it is known; asks for it if it is not."""
        transfer_id = self._ids[row]
        transfer = self._rows.get(transfer_id)
        if transfer is None:
            if not self._rows.knows(transfer_id):
                start = row - row % ROWS_AT_ONCE
                self._rows.want(list(self._ids[start : start + ROWS_AT_ONCE]))
            return None
        return Row(transfer, self._rows.root(transfer.batch_id), self._live.get(transfer_id))

    def ids(self, first: int, last: int) -> Sequence[int]:
        """The ids of a range of rows, `last` included."""
        return self._ids[first : last + 1]

    def row_of(self, transfer_id: int) -> int | None:
        if not self._filter.is_by_age:
            if self._places is None:
                self._places = {each: row for row, each in enumerate(self._ids)}
            return self._places.get(transfer_id)
        position = bisect_left(self._ids, transfer_id)
        found = position < len(self._ids) and self._ids[position] == transfer_id
        return position if found else None

    @property
    def filter(self) -> Filter:
        return self._filter

    def set_filter(self, filter_: Filter) -> None:
        if filter_ != self._filter:
            self._filter = filter_
            self.reload()

    # What changes.

    def reload(self) -> None:
        """Read the list of ids anew, in the background."""
        if self._missed is not None:
            self._is_outdated = True  # one at a time; another follows
            return
        wanted, self._missed = self._filter, Changes()

        def read() -> array[int]:
            return array("q", wanted.ids(self._transfers))

        def show(ids: array[int]) -> None:
            missed, self._missed = self._missed, None
            if wanted == self._filter:
                self._show(ids)
                self.apply(missed or Changes())
            if self._is_outdated:
                self._is_outdated = False
                self.reload()

        def give_up(_error: Exception) -> None:
            self._missed, self._is_outdated = None, False

        self._background.run(read, show, give_up)

    def apply(self, changes: Changes) -> None:
        if self._missed is not None:
            self._missed.merge(changes)
        for batch in changes.batches:
            self._rows.keep_batch(batch)
        self._rows.forget(changes.stale | changes.removed)
        for transfer in changes.changed.values():
            self._rows.keep(transfer)
        self._add(changes)
        self._move(changes)
        self._repaint_all_columns(changes.stale | changes.changed.keys())
        progressed = changes.progressed - changes.changed.keys()
        self._repaint(progressed, Column.PROGRESS, Column.LEFT)

    def _add(self, changes: Changes) -> None:
        if not self._filter.is_by_age:
            if changes.counts_differ:
                self._sort_soon()
            return
        if not self._filter.takes_whatever_comes:
            if changes.added or changes.stale:
                self.reload()  # what they are like is not in the event
            return
        for added in changes.added:
            if self._filter.batch_id in {None, added.batch_id}:
                self._append(array("q", self._unknown(added.ids)))

    def _unknown(self, ids: Sequence[int]) -> Sequence[int]:
        """Those without a row, of ascending ones: nearly always all, for they are newer."""
        if not (ids and self._ids) or ids[0] > self._ids[-1]:
            return ids
        return [each for each in ids if self.row_of(each) is None]

    def _move(self, changes: Changes) -> None:
        """Rows that this filter takes now, or no longer."""
        if not self._filter.is_by_age:
            return
        takes = self._filter.takes
        taken = {each.id for each in changes.changed.values() if takes(each)}
        refused = (changes.changed.keys() - taken) | changes.removed
        coming = [each for each in taken if self.row_of(each) is None]
        leaving = [each for each in refused if self.row_of(each) is not None]
        if len(leaving) + len(coming) > _MOVES_AT_ONCE:
            self.reload()
            return
        for transfer_id in leaving:
            self._remove(transfer_id)
        for transfer_id in coming:
            self._insert(transfer_id)

    def _sort_soon(self) -> None:
        if not self._reload_soon.isActive():
            self._reload_soon.start()

    def _append(self, ids: array[int]) -> None:
        if not ids:
            return
        is_by_age = self._filter.is_by_age
        if (
            is_by_age and self._ids and ids[0] <= self._ids[-1]
        ):  # two drops at once may cross on their way
            self.reload()
            return
        self.beginInsertRows(_NOWHERE, len(self._ids), len(self._ids) + len(ids) - 1)
        self._ids.extend(ids)
        self.endInsertRows()

    def _insert(self, transfer_id: int) -> None:
        position = bisect_left(self._ids, transfer_id)
        self.beginInsertRows(_NOWHERE, position, position)
        self._ids.insert(position, transfer_id)
        self.endInsertRows()

    def _remove(self, transfer_id: int) -> None:
        position = bisect_left(self._ids, transfer_id)
        self.beginRemoveRows(_NOWHERE, position, position)
        del self._ids[position]
        self.endRemoveRows()

    def _show(self, ids: array[int]) -> None:
        self._places = None
        before = len(self._ids)
        if before and ids[:before] == self._ids:  # only grown: selection and place stay
            self._append(ids[before:])
            return
        self.beginResetModel()
        self._ids = ids
        self.endResetModel()

    def _repaint_all_columns(self, ids: Collection[int]) -> None:
        self._repaint(ids, Column.FILE, Column.ACTIONS)

    def _repaint(self, ids: Collection[int], first: Column, last: Column) -> None:
        if not self._filter.is_by_age or len(ids) > _SOUGHT_AT_ONCE:
            # Cheaper than to look for so many, or for one in a list that is not in order.
            self._repaint_rows(0, len(self._ids) - 1, first, last)
            return
        rows = [row for row in map(self.row_of, ids) if row is not None]
        if len(rows) > _MOVES_AT_ONCE:  # they lie together, and often none of them is seen
            self._repaint_rows(min(rows), max(rows), first, last)
            return
        for row in rows:
            self._repaint_rows(row, row, first, last)

    def _repaint_rows(self, top: int, bottom: int, first: Column, last: Column) -> None:
        """Of which the view paints those that are seen."""
        if top <= bottom:
            self.dataChanged.emit(self.index(top, first), self.index(bottom, last))

    def _arrow(self, column: Column) -> str:
        if columns.ORDERS.get(column) is not self._filter.order:
            return ""
        return " ↓" if self._filter.is_reversed else " ↑"


def _data(row: Row, column: Column, role: int) -> str | None:
    if role == Qt.ItemDataRole.DisplayRole:
        return columns.text(row, column)
    if role == Qt.ItemDataRole.ToolTipRole:
        return plain_tooltip(columns.hint(row, column))
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return f"{columns.header(column)}: {columns.text(row, column)}"
    return None
