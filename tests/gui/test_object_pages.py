from __future__ import annotations

import threading

import pytest

from s3gui.core.errors import Unreachable
from s3gui.core.transfer import Destination
from s3gui.engine.ports import ObjectPage
from s3gui.gui.object_pages import ObjectPages
from tests.fakes.object_store import FakeObjectStore

PLACE = Destination("photos")


class Reader:
    """What a view would show."""

    def __init__(self, pages: ObjectPages) -> None:
        self.pages = pages
        self.keys: list[str] = []
        pages.replaced.connect(self.replace)
        pages.grown.connect(self.grow)

    def replace(self, page: ObjectPage) -> None:
        self.keys = []
        self.grow(page)

    def grow(self, page: ObjectPage) -> None:
        self.keys += [entry.key for entry in page.objects]


@pytest.fixture
def store():
    store = FakeObjectStore(page_size=2)
    store.add_bucket("photos")
    for number in range(5):
        store.put_foreign(Destination("photos", f"{number}"), b"")
    return store


@pytest.fixture
def reader(background):
    return Reader(ObjectPages(background))


def read(reader: Reader, count: int, qtbot) -> None:
    qtbot.waitUntil(lambda: len(reader.keys) == count and not reader.pages.is_loading)


def test_pages_follow_each_other_to_the_end(reader, store, qtbot):
    reader.pages.start(store, PLACE)
    assert reader.pages.is_loading
    for count in (2, 4, 5):
        read(reader, count, qtbot)
        reader.pages.more()
    assert not reader.pages.has_more
    assert not reader.pages.is_loading
    assert reader.keys == ["0", "1", "2", "3", "4"]
    assert store.count("list_objects") == 3


def test_a_refresh_reads_as_far_as_was_read(reader, store, qtbot):
    reader.pages.start(store, PLACE)
    read(reader, 2, qtbot)
    reader.pages.more()
    read(reader, 4, qtbot)
    store.put_foreign(Destination("photos", "00"), b"")
    reader.pages.refresh()
    qtbot.waitUntil(lambda: reader.keys == ["0", "00", "1", "2"])
    assert reader.pages.has_more


def test_a_page_is_asked_for_once_only(reader, store, qtbot):
    reader.pages.start(store, PLACE)
    read(reader, 2, qtbot)
    may_answer = threading.Event()
    store.before["list_objects"] = lambda _: may_answer.wait(10)
    reader.pages.more()
    reader.pages.more()
    may_answer.set()
    read(reader, 4, qtbot)
    assert store.count("list_objects") == 2


def test_after_an_error_one_goes_on_where_it_was(reader, store, qtbot):
    reader.pages.start(store, PLACE)
    read(reader, 2, qtbot)
    store.fail("list_objects", Unreachable())
    reader.pages.more()
    qtbot.waitUntil(lambda: reader.pages.error is not None)
    reader.pages.more()
    assert not reader.pages.is_loading
    reader.pages.retry()
    read(reader, 4, qtbot)
    assert reader.pages.error is None


def test_a_surprise_ends_the_reading_as_an_error(reader, store, qtbot):
    store.fail("list_objects", ZeroDivisionError())
    reader.pages.start(store, PLACE)
    qtbot.waitUntil(lambda: reader.pages.error is not None)
    assert not reader.pages.is_loading


def test_no_place_reads_nothing(reader, store):
    reader.pages.start(store, None)
    assert not reader.pages.is_loading
    assert store.calls == []
