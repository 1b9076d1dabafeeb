"""The buckets of the connection: to look into, and to drop files on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from s3gui.core.errors import AccessDenied, S3guiError
from s3gui.core.frozen import frozen
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination
from s3gui.engine.ports import Bucket, BucketRules, ObjectStore
from s3gui.gui.background import Background
from s3gui.gui.bucket_delegate import BucketDelegate
from s3gui.gui.bucket_model import BucketModel
from s3gui.gui.form import Note, error_sentences, plain_label
from s3gui.gui.icons import icon
from s3gui.gui.placeholder import Placeholder
from s3gui.gui.row_drop import RowDrops
from s3gui.gui.theme import Theme
from s3gui.i18n import _

_WIDTH = 230


@frozen
class _Listing:
    """An answer, with the store it came from: the connection may have changed meanwhile."""

    store: ObjectStore
    buckets: list[Bucket]
    error: S3guiError | None = None


class BucketList(QFrame):
    """A card of its own."""

    bucket_chosen = Signal(str)
    destination_chosen = Signal(object)
    """A Destination that was typed: the bucket, perhaps with a prefix."""

    bucket_forgotten = Signal(str)
    """One that was opened by name, and is in the list no more."""

    favourite_toggled = Signal(object)
    """The Destination that is to become a favourite, or is to be one no longer."""

    paths_dropped = Signal(list, object)
    """Paths (list of str) and the Destination they were dropped on."""

    def __init__(self, background: Background, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._background = background
        self._theme = theme
        self._store: ObjectStore | None = None
        self._profile: Profile | None = None
        self._is_loading = False
        self._error: S3guiError | None = None
        self.model = BucketModel(self)
        self._build()
        theme.changed.connect(self._tint)
        self._tint()
        self._offer_buttons()
        self._show_state()

    def set_connection(self, store: ObjectStore | None, profile: Profile | None) -> None:
        """List the buckets of `store`; None clears the list."""
        self._store = store
        self._profile = profile
        default_region = profile.region or profile.provider.default_region if profile else ""
        self.model.start(default_region)
        self.filter.clear()
        self._offer_buttons()
        self.refresh()

    def refresh(self) -> None:
        """List anew; what is shown stays until the answer comes."""
        store = self._store
        self._is_loading = store is not None
        self._error = None
        self._show_state()
        if store is not None:
            self._background.run(lambda: _list(store), self._listed, self._fail)

    def select(self, name: str) -> None:
        """Mark the bucket that is open; adds it where a listing did not name it."""
        self._selected = name
        if not name:
            self.list.clearSelection()
            return
        self.model.add_opened(name)
        self._restore_selection()
        self._show_state()

    def forget(self, name: str) -> None:
        """Take a bucket that was opened by name, and by mistake, off the list."""
        self.model.forget_opened(name)
        self._restore_selection()
        self._show_state()

    def set_rules(self, name: str, rules: BucketRules) -> None:
        """Show what became known about a bucket."""
        self.model.set_rules(name, rules)

    def new_bucket(self) -> None:
        if self._store is None or self._profile is None:
            return
        from s3gui.gui.new_bucket_dialog import NewBucketDialog

        dialog = NewBucketDialog(self._background, self._store, self._profile, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.bucket_created.connect(self._created)
        dialog.open()

    def open_bucket_by_name(self) -> None:
        if self._store is None:
            return
        from s3gui.gui.open_bucket_dialog import OpenBucketDialog

        dialog = OpenBucketDialog(self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.destination_chosen.connect(self._typed)
        dialog.open()

    def sizeHint(self) -> QSize:
        return QSize(max(_WIDTH, self.minimumSizeHint().width()), super().sizeHint().height())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Refresh):
            self.refresh()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.list.hasFocus():
            self._choose(self.list.currentIndex())
        else:
            super().keyPressEvent(event)

    def _offer_buttons(self) -> None:
        for button in (self.new_button, self.open_button):
            button.setEnabled(self._store is not None)

    def _build(self) -> None:
        title = plain_label(_("Buckets"))
        title.setProperty("heading", True)
        self.count_label = plain_label(muted=True)
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(_("Filter…"))
        self.filter.setAccessibleName(_("Filter buckets"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.list = QListView()
        self.list.setAccessibleName(_("Buckets"))
        self.list.setModel(self.model)
        self.list.setMouseTracking(True)
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._choose)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self._drops = RowDrops(self.list, self._destination_at)
        self._drops.paths_dropped.connect(self.paths_dropped)
        self.list.setItemDelegate(BucketDelegate(self._theme, self.model, self._drops))
        self.placeholder = Placeholder(self.refresh)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.placeholder)
        self.note = Note(parent=self)
        self.new_button = QPushButton(_("&New bucket…"))
        self.new_button.setAccessibleName(_("New bucket"))
        self.new_button.clicked.connect(self.new_bucket)
        self.open_button = QPushButton(_("Open bucket &by name…"))
        self.open_button.setAccessibleName(_("Open bucket by name"))
        self.open_button.clicked.connect(self.open_bucket_by_name)
        self._selected = ""

        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.count_label)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        layout.addLayout(head)
        layout.addWidget(self.filter)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.note)
        layout.addWidget(self.new_button)
        layout.addWidget(self.open_button)

    def _tint(self) -> None:
        self.new_button.setIcon(icon("plus", self._theme.palette.muted))
        self.list.viewport().update()

    def _listed(self, listing: _Listing) -> None:
        if listing.store is not self._store:
            return
        self._is_loading = False
        self._error = listing.error
        if listing.error is None:
            self.model.set_listed(listing.buckets)
            self._restore_selection()
        self._show_state()

    def _fail(self, error: S3guiError) -> None:
        self._is_loading = False
        self._error = error
        self._show_state()

    def _show_state(self) -> None:
        count, error = self.model.count, self._error
        self.count_label.setText(str(count) if count else "")
        has_rows = self.model.rowCount() > 0
        is_trouble = error is not None and not isinstance(error, AccessDenied)
        # A failed listing hides nothing: the buckets that are known can still be used.
        self.note.set_error(error_sentences(error) if error and is_trouble and has_rows else "")
        self._stack.setCurrentWidget(self.list if has_rows else self.placeholder)
        if isinstance(error, AccessDenied):
            self.placeholder.say(
                _("This key may not list buckets."), _("Open one by name with the button below.")
            )
        elif error is not None:
            self.placeholder.show_error(error)
        elif self._store is None:
            self.placeholder.say(_("No connection yet."))
        elif self._is_loading:
            self.placeholder.say(_("Loading the buckets…"))
        elif count:
            self.placeholder.say(_("No bucket matches the filter."))
        else:
            self.placeholder.say(_("No buckets yet."), _("Make one with the button below."))

    def _filter(self, text: str) -> None:
        self.model.set_filter(text)
        self._restore_selection()
        self._show_state()

    def set_favourites(self, favourites: Sequence[Destination]) -> None:
        self.model.set_favourites(favourites)
        self._restore_selection()
        self._show_state()

    def _restore_selection(self) -> None:
        index = self.model.index_of(self._selected)
        if index.isValid():
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _choose(self, index: QModelIndex) -> None:
        row = self.model.row(index)
        if row is None:
            return
        self._selected = row.destination.bucket
        if row.is_favourite:
            self.destination_chosen.emit(row.destination)
        else:
            self.bucket_chosen.emit(row.name)

    def _destination_at(self, index: QModelIndex) -> Destination | None:
        row = self.model.row(index)
        return None if row is None else row.destination

    def menu(self, index: QModelIndex) -> QMenu | None:
        """What can be done with a row."""
        row = self.model.row(index)
        if row is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(_("&Open"), lambda: self._choose(index))
        add, remove = _("Add to the &favourites"), _("&Remove from the favourites")
        text = remove if row.is_favourite else add
        menu.addAction(text, lambda: self.favourite_toggled.emit(row.destination))
        menu.addAction(
            _("Copy &s3 URI"), lambda: QGuiApplication.clipboard().setText(str(row.destination))
        )
        if row.is_opened:
            menu.addAction(_("Remove from the list"), lambda: self._forget(row.name))
        return menu

    def _show_menu(self, place: QPoint) -> None:
        menu = self.menu(self.list.indexAt(place))
        if menu is not None:
            menu.popup(self.list.viewport().mapToGlobal(place))

    def _forget(self, name: str) -> None:
        self.forget(name)
        self.bucket_forgotten.emit(name)

    def _created(self, name: str) -> None:
        self.filter.clear()
        self.select(name)
        self.refresh()
        self.bucket_chosen.emit(name)

    def _typed(self, destination: Destination) -> None:
        self.filter.clear()
        self.select(destination.bucket)
        self.destination_chosen.emit(destination)


def _list(store: ObjectStore) -> _Listing:
    try:
        return _Listing(store, store.list_buckets())
    except S3guiError as error:
        return _Listing(store, [], error)
