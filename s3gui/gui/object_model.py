"""What lies directly under a prefix, as the rows of a table: prefixes first, then objects."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import TypeVar

from PySide6.QtCore import (
    QAbstractTableModel,
    QDateTime,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QIcon

from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.engine.ports import ListedObject, ObjectPage
from s3gui.gui.amounts import format_exact, format_size
from s3gui.gui.storage_class import storage_class_title
from s3gui.gui.tooltip import plain_tooltip
from s3gui.i18n import _

Index = QModelIndex | QPersistentModelIndex
T = TypeVar("T")
_NOWHERE = QModelIndex()


class Column(IntEnum):
    NAME = 0
    SIZE = 1
    MODIFIED = 2
    STORAGE_CLASS = 3


class ObjectModel(QAbstractTableModel):
    """Grows page by page; a page's prefixes go behind the prefixes that are there."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._place = Destination("")
        self._prefixes: list[str] = []
        self._objects: list[ListedObject] = []
        self._prefix_icon = QIcon()
        self._object_icon = QIcon()

    def set_icons(self, prefix_icon: QIcon, object_icon: QIcon) -> None:
        self._prefix_icon = prefix_icon
        self._object_icon = object_icon
        if self.rowCount():
            last = self.index(self.rowCount() - 1, Column.NAME)
            self.dataChanged.emit(self.index(0, Column.NAME), last)

    def start(self, place: Destination) -> None:
        """Forget all rows; the pages to come list what is under `place`."""
        self.beginResetModel()
        self._place = place
        self._prefixes.clear()
        self._objects.clear()
        self.endResetModel()

    def add(self, page: ObjectPage) -> None:
        # The empty object that some programs store under the prefix itself is no row of its own.
        objects = [entry for entry in page.objects if entry.key != self._place.key]
        self._insert(self._prefixes, list(page.prefixes), len(self._prefixes))
        self._insert(self._objects, objects, self.rowCount())

    def prefix_at(self, index: Index) -> Destination | None:
        """Where the row's prefix leads; None for an object or no row."""
        if index.isValid() and index.row() < len(self._prefixes):
            return Destination(self._place.bucket, self._prefixes[index.row()])
        return None

    def object_at(self, index: Index) -> ListedObject | None:
        row = index.row() - len(self._prefixes)
        return self._objects[row] if index.isValid() and row >= 0 else None

    def key_at(self, index: Index) -> str | None:
        """The row's prefix or key."""
        entry = self.object_at(index)
        if entry is not None:
            return entry.key
        prefix = self.prefix_at(index)
        return prefix.key if prefix is not None else None

    def destination_of(self, entry: ListedObject) -> Destination:
        return Destination(self._place.bucket, entry.key)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._prefixes) + len(self._objects)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (_("Name"), _("Size"), _("Modified"), _("Storage class"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(Column(section))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        column = Column(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        entry = self.object_at(index)
        if entry is None:
            return self._prefix_data(index.row(), column, role)
        return self._object_data(entry, column, role)

    def _object_data(self, entry: ListedObject, column: Column, role: int) -> object:
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(entry, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return _tool_tip(entry, column)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.NAME:
            return self._object_icon
        return None

    def _prefix_data(self, row: int, column: Column, role: int) -> object:
        if column is not Column.NAME:
            return None
        name = self._short(self._prefixes[row])
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _("Prefix {name}").format(name=name)
        if role == Qt.ItemDataRole.DecorationRole:
            return self._prefix_icon
        return None

    def _text(self, entry: ListedObject, column: Column) -> str:
        if column is Column.NAME:
            return self._short(entry.key)
        if column is Column.SIZE:
            return format_size(entry.size)
        if column is Column.MODIFIED:
            return format_time(entry.modified_at)
        return visible(storage_class_title(entry.storage_class))

    def _short(self, key: str) -> str:
        """The last part of a key; a prefix that is nothing but a slash stays visible as one."""
        name = key.removeprefix(self._place.key)
        return visible(name.removesuffix("/") or name)

    def _insert(self, rows: list[T], new: list[T], first: int) -> None:
        if not new:
            return
        self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
        rows.extend(new)
        self.endInsertRows()


def format_time(moment: datetime | None) -> str:
    """In the zone and the language of the reader."""
    if moment is None:
        return ""
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, _("d MMM yyyy  HH:mm"))


def _alignment(column: Column) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column is Column.SIZE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _tool_tip(entry: ListedObject, column: Column) -> str | None:
    """What the cell leaves out or has no room for."""
    if column is Column.NAME:
        return plain_tooltip(entry.key)
    if column is Column.SIZE:
        return _("{count} bytes").format(count=format_exact(entry.size))
    if column is Column.MODIFIED and entry.modified_at is not None:
        return entry.modified_at.isoformat()
    return plain_tooltip(entry.storage_class)
