"""Reads a listing page by page, off the GUI thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from s3gui.core.errors import S3guiError
from s3gui.core.frozen import frozen
from s3gui.core.transfer import Destination
from s3gui.engine.ports import ObjectPage, ObjectStore
from s3gui.gui.background import Background

_MOST_PAGES_AT_ONCE = 10
"""Of a refresh: who scrolled further down scrolls again."""


@frozen
class _Question:
    """`number` counts the listings begun: the answer to a former one is not shown."""

    number: int
    page: str | None
    page_count: int = 1


@frozen
class _Answer:
    question: _Question
    page: ObjectPage | None
    page_count: int = 1
    error: S3guiError | None = None


class ObjectPages(QObject):
    """One listing at a time. What was read stays shown until a new answer comes."""

    replaced = Signal(object)
    """The first ObjectPage of a listing, or all of a refresh as one."""

    grown = Signal(object)
    """A further ObjectPage."""

    changed = Signal()
    """`is_loading` or `error` is another."""

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._store: ObjectStore | None = None
        self._place: Destination | None = None
        self._number = 0
        self._page_count = 0
        self._next_page: str | None = None
        self.is_loading = False
        self.error: S3guiError | None = None

    @property
    def is_known(self) -> bool:
        """Whether this place was read before: then what is shown holds during a refresh."""
        return self._page_count > 0

    @property
    def has_more(self) -> bool:
        return self._next_page is not None

    def start(self, store: ObjectStore | None, place: Destination | None) -> None:
        """List another place; None ends what is under way."""
        self._store, self._place = store, place
        self._page_count = 0
        self.refresh()

    def refresh(self) -> None:
        """Read what was read already once more."""
        self._number += 1
        self._next_page = None
        self._ask(_Question(self._number, None, min(max(1, self._page_count), _MOST_PAGES_AT_ONCE)))

    def more(self) -> None:
        """Read the next page, unless there is none, or one is on its way, or one failed."""
        if self.has_more and not self.is_loading and self.error is None:
            self._ask(_Question(self._number, self._next_page))

    def retry(self) -> None:
        """Go on where a page failed; begin again where the first one did."""
        self.error = None
        if self.has_more:
            self.more()
        else:
            self.refresh()

    def _ask(self, question: _Question) -> None:
        store, place = self._store, self._place
        self.error = None
        self.is_loading = store is not None and place is not None
        self.changed.emit()
        if store is not None and place is not None:
            self._background.run(lambda: _read(store, place, question), self._take, self._fail)

    def _take(self, answer: _Answer) -> None:
        if answer.question.number != self._number:
            return
        self.is_loading = False
        self.error = answer.error
        if answer.page is not None:
            self._next_page = answer.page.next_page
            if answer.question.page is None:
                self._page_count = answer.page_count
                self.replaced.emit(answer.page)
            else:
                self._page_count += 1
                self.grown.emit(answer.page)
        self.changed.emit()

    def _fail(self, error: S3guiError) -> None:
        self.is_loading = False
        self.error = error
        self.changed.emit()


def _read(store: ObjectStore, place: Destination, question: _Question) -> _Answer:
    try:
        page = store.list_objects(place, question.page)
        count = 1
        while count < question.page_count and page.next_page is not None:
            further = store.list_objects(place, page.next_page)
            page = replace(
                further,
                objects=page.objects + further.objects,
                prefixes=page.prefixes + further.prefixes,
            )
            count += 1
        return _Answer(question, page, count)
    except S3guiError as error:
        return _Answer(question, None, error=error)
