"""What can be done with listed objects: copy their addresses, delete them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from s3gui.core.errors import AccessDenied, S3guiError
from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.engine.ports import ObjectStore
from s3gui.gui.amounts import format_exact
from s3gui.gui.background import Background
from s3gui.gui.link_expiry import add_expiries
from s3gui.i18n import _, ngettext


class ObjectActions(QObject):
    """Acts on the store it was told last."""

    said = Signal(str)
    """A sentence about what was done, for the status bar."""

    failed = Signal(object)
    """An S3guiError."""

    deleted = Signal()

    def __init__(self, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._background = background
        self._window = window
        self._store: ObjectStore | None = None

    def set_store(self, store: ObjectStore | None) -> None:
        self._store = store

    def add_copies(self, menu: QMenu, objects: Sequence[Destination]) -> None:
        """Put the ways to copy the objects' addresses into `menu`."""
        uri, url = menu.addAction(_("Copy &s3 URI")), menu.addAction(_("Copy &URL"))
        uri.triggered.connect(lambda: self.copy_uris(objects))
        url.triggered.connect(lambda: self.copy_urls(objects))
        links = menu.addMenu(_("Copy &presigned link"))
        browser = menu.addAction(_("Open in the &browser"))
        browser.setEnabled(len(objects) == 1)
        browser.setToolTip(_("Shows what is public; for others copy a presigned link."))
        browser.triggered.connect(lambda: self.open_in_browser(objects[0]))
        add_expiries(links, self._window, lambda seconds: self.copy_links(objects, seconds))

    def open_in_browser(self, destination: Destination) -> None:
        """Where anybody would see it: the browser has no credentials."""
        store = self._store
        if store is not None:
            self._background.run(
                lambda: _public_url(store, destination),
                self._browse,
                self._fail,
            )

    def copy_uris(self, places: Sequence[Destination]) -> None:
        self._copy([str(place) for place in places])

    def copy_urls(self, objects: Sequence[Destination]) -> None:
        store = self._store
        if store is not None:
            self._background.run(
                lambda: [store.url(destination) for destination in objects],
                self._copy,
                self._fail,
            )

    def copy_links(self, objects: Sequence[Destination], expires_seconds: int) -> None:
        store = self._store
        if store is not None:
            self._background.run(
                lambda: [store.presigned_url(each, expires_seconds) for each in objects],
                self._copy,
                self._fail,
            )

    def delete(self, objects: Sequence[Destination]) -> None:
        """Ask, then delete."""
        if not objects or self._store is None:
            return
        from s3gui.gui.question import ask

        question = _("Delete “{name}”?").format(name=visible(objects[0].key.rsplit("/", 1)[-1]))
        if len(objects) > 1:
            question = _("Delete {count} objects?").format(count=format_exact(len(objects)))
        ask(
            self._window,
            question,
            _(
                "Removed from the bucket {bucket}. This cannot be undone, unless the bucket "
                "keeps versions."
            ).format(bucket=visible(objects[0].bucket)),
            yes=_("&Delete"),
            on_yes=lambda: self._delete(objects),
            is_danger=True,
        )

    def _delete(self, objects: Sequence[Destination]) -> None:
        store = self._store
        if store is not None:
            self._background.run(
                lambda: _delete_each(store, objects), self._deleted, self._delete_failed
            )

    def _deleted(self, count: int) -> None:
        self.said.emit(
            ngettext("1 object deleted", "{count} objects deleted", count).format(
                count=format_exact(count)
            )
        )
        self.deleted.emit()

    def _delete_failed(self, error: S3guiError) -> None:
        """Some may be gone: what is shown must be true."""
        self.failed.emit(error)
        self.deleted.emit()

    def _browse(self, url: str | None) -> None:
        from s3gui.gui.browser import open_in_browser

        if url is None:
            self.failed.emit(
                AccessDenied(
                    _("This object is not public, so a browser cannot show it."),
                    hint=_(
                        "Copy a presigned link instead, or choose a public access before the "
                        "next upload of it."
                    ),
                )
            )
        elif not open_in_browser(QUrl(url)):
            self.failed.emit(
                S3guiError(
                    _("No browser was found to open the address."),
                    hint=_("Copy the address, and open it yourself."),
                )
            )

    def _fail(self, error: S3guiError) -> None:
        self.failed.emit(error)

    def _copy(self, texts: list[str]) -> None:
        QGuiApplication.clipboard().setText("\n".join(texts))
        self.said.emit(
            ngettext("Copied", "{count} lines copied", len(texts)).format(
                count=format_exact(len(texts))
            )
        )


def _public_url(store: ObjectStore, destination: Destination) -> str | None:
    return store.url(destination) if store.is_public(destination) else None


def _delete_each(store: ObjectStore, objects: Sequence[Destination]) -> int:
    for destination in objects:
        store.delete(destination)
    return len(objects)
