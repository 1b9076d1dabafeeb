from __future__ import annotations

import pytest

from s3gui.core.errors import AccessDenied, InputError
from s3gui.core.transfer import Destination
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.survey import Survey, survey
from tests.fakes.object_store import FakeObjectStore

ROOT = Destination("bucket", "raw/")


@pytest.fixture
def store() -> FakeObjectStore:
    return FakeObjectStore()


@pytest.fixture
def card(tmp_path):
    """Three files, one below; and what may surprise."""
    folder = tmp_path / "card"
    (folder / "sub").mkdir(parents=True)
    (folder / "empty").mkdir()
    for name in ("a.nef", "b.nef", "sub/c.nef", ".DS_Store"):
        (folder / name).write_bytes(bytes(10))
    (folder / "link").symlink_to(folder / "a.nef")
    return folder


def last(paths, store, destination=ROOT) -> Survey:
    return list(survey(paths, destination, store, Stop()))[-1]


def test_it_counts_what_would_be_sent_and_what_would_not(card, store):
    result = last([card], store)
    assert (result.files, result.bytes) == (3, 30)
    assert (result.junk, result.links, result.empty_folders) == (1, 1, 1)
    assert (result.unreadable, result.too_long, result.conflicts) == (0, 0, 0)
    assert result.is_done
    assert result.is_looked_up


def test_it_finds_the_keys_that_exist(card, store):
    for key in ("raw/card/a.nef", "raw/card/sub/c.nef", "raw/other"):
        store.put_foreign(Destination("bucket", key), b"x")
    assert last([card], store).conflicts == 2


def test_below_a_prefix_that_does_not_exist_nothing_is_asked(card, store):
    last([card], store)
    assert store.count("list_objects") == 1


def test_a_service_that_does_not_list_leaves_the_question_open(card, store):
    store.fail("list_objects", AccessDenied(), times=99)
    result = last([card], store)
    assert not result.is_looked_up
    assert result.is_done
    assert result.files == 3


def test_more_pages_than_are_asked_for_leave_it_open(tmp_path):
    store = FakeObjectStore(page_size=1)
    for number in range(70):
        store.put_foreign(Destination("bucket", f"raw/{number:02}"), b"")
    (tmp_path / "zz").write_bytes(b"")
    result = last([tmp_path / "zz"], store)
    assert not result.is_looked_up
    assert store.count("list_objects") == 60


def test_an_exact_key_is_looked_for_too(card, store):
    store.put_foreign(Destination("bucket", "raw/x.nef"), b"x")
    assert last([card / "a.nef"], store, Destination("bucket", "raw/x.nef")).conflicts == 1


def test_a_stop_ends_it(card, store):
    stop = Stop()
    counting = survey([card], ROOT, store, stop)
    assert next(counting).is_scanned
    stop.request(StopReason.CANCELLED)
    with pytest.raises(Stopped):
        next(counting)


def test_a_folder_has_no_single_key(card, store):
    with pytest.raises(InputError):
        next(survey([card], Destination("bucket", "key"), store, Stop()))
