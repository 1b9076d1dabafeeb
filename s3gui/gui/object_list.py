"""What lies at the destination, read page by page, with the place to drop files below it."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from s3gui.core.transfer import Destination
from s3gui.engine.ports import ObjectPage, ObjectStore
from s3gui.gui.background import Background
from s3gui.gui.drop_area import DropArea
from s3gui.gui.form import Note, error_sentences
from s3gui.gui.icons import icon
from s3gui.gui.object_actions import ObjectActions
from s3gui.gui.object_delegate import ObjectDelegate, row_height
from s3gui.gui.object_model import Column, ObjectModel
from s3gui.gui.object_pages import ObjectPages
from s3gui.gui.object_table import ObjectTable
from s3gui.gui.placeholder import Placeholder
from s3gui.gui.row_drop import RowDrops
from s3gui.gui.steps import one_up
from s3gui.gui.theme import Theme
from s3gui.i18n import _


class ObjectList(QWidget):
    """Part of a card, below the DestinationBar."""

    prefix_chosen = Signal(object)
    """The Destination to go to."""

    paths_dropped = Signal(list, object)
    """Paths (list of str) and the Destination they were dropped on."""

    error = Signal(object)
    """An S3guiError of something that was asked for here, other than the listing itself."""

    said = Signal(str)
    """A sentence about what was done, for the status bar."""

    def __init__(self, background: Background, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._place: Destination | None = None
        self.model = ObjectModel(self)
        self.pages = ObjectPages(background, self)
        self.pages.replaced.connect(self._replace)
        self.pages.grown.connect(self.model.add)
        self.pages.changed.connect(self._show_state)
        self.actions_of_objects = ObjectActions(background, self)
        self.actions_of_objects.said.connect(self.said)
        self.actions_of_objects.failed.connect(self.error)
        self.actions_of_objects.deleted.connect(self.refresh)
        self._build()
        theme.changed.connect(self._tint)
        self._tint()
        self._show_state()

    def set_place(self, store: ObjectStore | None, place: Destination | None) -> None:
        """List what is under `place`; None shows nothing and takes no files."""
        self._place = place if store is not None else None
        self.actions_of_objects.set_store(store)
        self.model.start(place or Destination(""))
        self.table.scrollToTop()
        self.drop_area.set_place(self._place)
        self.pages.start(store, self._place)

    def refresh(self) -> None:
        """List anew; what is shown stays until the answer comes."""
        self.pages.refresh()

    def highlight(self, target: Destination | None) -> None:
        """Say where the files of a drag over the window go; None when it is over."""
        self.drop_area.highlight(target)

    def new_prefix(self) -> None:
        if self._place is None:
            return
        from s3gui.gui.new_prefix_dialog import NewPrefixDialog

        dialog = NewPrefixDialog(self._place, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.destination_chosen.connect(self.prefix_chosen)
        dialog.open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Refresh):
            self.refresh()
        elif event.key() == Qt.Key.Key_Backspace:
            self._go_up()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._open(self.table.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Delete):
            self.actions_of_objects.delete(self._selected_objects())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.actions_of_objects.copy_uris(self._selected_places())
        else:
            super().keyPressEvent(event)

    def _build(self) -> None:
        self.table = _table(self.model)
        self.table.doubleClicked.connect(self._open)
        self.table.customContextMenuRequested.connect(self._show_menu)
        self._drops = RowDrops(self.table, self._destination_at)
        self._drops.paths_dropped.connect(self.paths_dropped)
        self._drops.hovered.connect(self.highlight)
        self.table.setItemDelegate(ObjectDelegate(self._theme, self.table, self._drops))
        bar = self.table.verticalScrollBar()
        bar.valueChanged.connect(self._load_more_near_the_end)
        bar.rangeChanged.connect(self._load_more_near_the_end)
        self.placeholder = Placeholder(self.refresh)
        self.more_note = Note(parent=self)
        self.more_retry = QPushButton(_("Retry"))
        self.more_retry.setAccessibleName(_("Retry"))
        self.more_retry.clicked.connect(self.pages.retry)
        self.drop_area = DropArea(self._theme)
        self.drop_area.paths_dropped.connect(self._dropped)

        more = QHBoxLayout()
        more.addWidget(self.more_note, 1)
        more.addWidget(self.more_retry)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.table, 1)
        self._column.addWidget(self.placeholder, 1)
        self._column.addLayout(more)
        self._column.addWidget(self.drop_area)

    def _tint(self) -> None:
        palette = self._theme.palette
        self.table.verticalHeader().setDefaultSectionSize(row_height(self.table))
        self.model.set_icons(icon("folder", palette.accent), icon("file", palette.muted))

    def _replace(self, page: ObjectPage) -> None:
        """Show the new rows where the old ones were: the same ones selected, and in sight."""
        if self._place is None:
            return
        bar = self.table.verticalScrollBar()
        scrolled = bar.value()
        current = self.model.key_at(self.table.currentIndex())
        selected = {self.model.key_at(index) for index in self._selected_rows()}
        self.model.start(self._place)
        self.model.add(page)
        self._select(selected, current)
        self.table.doItemsLayout()  # or the scroll bar would still know the former number of rows
        bar.setValue(scrolled)

    def _select(self, keys: set[str | None], current: str | None) -> None:
        if current is None and not keys:
            return
        selection = QItemSelection()
        for row in range(self.model.rowCount()):
            index = self.model.index(row, Column.NAME)
            key = self.model.key_at(index)
            if key in keys:
                selection.select(index, index)
            if key == current:
                flags = QItemSelectionModel.SelectionFlag.NoUpdate
                self.table.selectionModel().setCurrentIndex(index, flags)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().select(selection, flags)

    def _load_more_near_the_end(self) -> None:
        bar = self.table.verticalScrollBar()
        if bar.maximum() - bar.value() < 2 * bar.pageStep():
            self.pages.more()

    def _fill(self) -> None:
        """The first pages may be too short for a scroll bar."""
        self.table.doItemsLayout()
        self._load_more_near_the_end()

    def _show_state(self) -> None:
        error, has_rows = self.pages.error, self.model.rowCount() > 0
        is_waiting = self.pages.is_loading and not self.pages.is_known
        is_empty = not has_rows and not is_waiting and error is None
        if error is not None and not has_rows:
            self.placeholder.show_error(error)
        elif is_waiting:
            self.placeholder.say(_("Loading…"))
        self.table.setVisible(has_rows)
        self.placeholder.setVisible(not has_rows and not is_empty)
        self.more_note.set_error(error_sentences(error) if error is not None and has_rows else "")
        self.more_retry.setVisible(self.more_note.is_error)
        self.drop_area.set_strip(strip=not is_empty)
        self._column.setStretchFactor(self.drop_area, 1 if is_empty else 0)
        if self.pages.has_more and not self.pages.is_loading:
            QTimer.singleShot(0, self, self._fill)

    def _open(self, index: QModelIndex) -> None:
        prefix = self.model.prefix_at(index)
        if prefix is not None:
            self.prefix_chosen.emit(prefix)

    def _go_up(self) -> None:
        above = one_up(self._place) if self._place is not None else None
        if above is not None:
            self.prefix_chosen.emit(above)

    def _dropped(self, paths: list[str]) -> None:
        self.paths_dropped.emit(paths, self._place)

    def _destination_at(self, index: QModelIndex) -> Destination | None:
        return self.model.prefix_at(index) or self._place

    def _selected_rows(self) -> list[QModelIndex]:
        return self.table.selectionModel().selectedRows()

    def _selected_objects(self) -> list[Destination]:
        entries = [self.model.object_at(index) for index in self._selected_rows()]
        return [self.model.destination_of(entry) for entry in entries if entry is not None]

    def _selected_places(self) -> list[Destination]:
        prefixes = [self.model.prefix_at(index) for index in self._selected_rows()]
        return [prefix for prefix in prefixes if prefix is not None] + self._selected_objects()

    def _show_menu(self, place: QPoint) -> None:
        self.menu().popup(self.table.viewport().mapToGlobal(place))

    def menu(self) -> QMenu:
        """What can be done with the selected rows, and here."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        objects, places = self._selected_objects(), self._selected_places()
        actions = self.actions_of_objects
        prefix = self.model.prefix_at(self.table.currentIndex())
        if prefix is not None and len(places) == 1:
            menu.addAction(_("&Open")).triggered.connect(lambda: self.prefix_chosen.emit(prefix))
            menu.addAction(_("Copy &s3 URI")).triggered.connect(lambda: actions.copy_uris(places))
        elif objects:
            actions.add_copies(menu, objects)
            menu.addSeparator()
            menu.addAction(_("&Delete…")).triggered.connect(lambda: actions.delete(objects))
        menu.addSeparator()
        menu.addAction(_("&New prefix…")).triggered.connect(self.new_prefix)
        menu.addAction(_("&Refresh")).triggered.connect(self.refresh)
        return menu


def _table(model: ObjectModel) -> QTableView:
    table = ObjectTable()
    table.setAccessibleName(_("Objects"))
    table.setModel(model)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setMouseTracking(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
    table.set_widths()
    return table
