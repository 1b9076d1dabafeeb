"""Overwriting by rule: enforced by the service where it can, looked at where it cannot."""

from dataclasses import replace

import pytest

from s3gui.core.errors import AccessDenied, AlreadyExists, ObjectChanged, Unreachable, WriteConflict
from s3gui.core.transfer import ConflictRule, Destination, Transfer, UploadOptions
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.upload import upload
from tests.engine.conftest import SMALL
from tests.fakes.object_store import FakeObjectStore

HERE = Destination("bucket", "file.bin")
RULE = ConflictRule.REPLACE_IF_UNCHANGED
DATA = bytes(range(95))
LAST = {None: "put_object", 10: "complete_multipart"}
BY_PUT_AND_BY_PARTS = pytest.mark.parametrize("part_size", [None, 10], ids=["put", "multipart"])


@pytest.fixture(params=[True, False], ids=["enforced", "looked-at"])
def store(request):
    """One that knows the conditions, and one that does not."""
    return FakeObjectStore(
        replace(SMALL, conditional_writes=request.param, conditional_replaces=request.param)
    )


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(DATA)
    return path


def add(means, path, **options):
    row = Transfer(1, str(path), HERE, options=UploadOptions(**{"on_conflict": RULE, **options}))
    (saved,) = means.journal.add_transfers([row])
    return saved


def send(means, path, saved, stop=None):
    with FileSource(path) as source:
        return upload(means.journal.transfer(saved), source, means, stop or Stop())


def let_another_write(store, part_size):
    """After the first look; where the service does not check, before the last one."""
    looks = []

    def write(call):
        looks.append(call)
        if call.operation != "head" or len(looks) == 2:
            store.put_foreign(HERE, b"theirs")

    begin = "put_object" if store.provider.conditional_replaces else "head"
    store.before[begin if part_size is None else "upload_part"] = write


@BY_PUT_AND_BY_PARTS
def test_an_object_that_nobody_changed_is_replaced(means, store, path, part_size):
    store.put_foreign(HERE, b"old")
    send(means, path, add(means, path, part_size=part_size))
    assert store.data(HERE) == DATA


@BY_PUT_AND_BY_PARTS
def test_an_object_that_another_changed_meanwhile_stays_theirs(means, store, path, part_size):
    store.put_foreign(HERE, b"old")
    let_another_write(store, part_size)
    with pytest.raises(ObjectChanged, match="no longer the object"):
        send(means, path, add(means, path, part_size=part_size))
    assert store.data(HERE) == b"theirs"
    assert store.open_uploads() == []


@BY_PUT_AND_BY_PARTS
def test_an_object_that_appears_where_none_was_is_not_replaced(means, store, path, part_size):
    let_another_write(store, part_size)
    with pytest.raises(AlreadyExists, match="already exists"):
        send(means, path, add(means, path, part_size=part_size))
    assert store.data(HERE) == b"theirs"


def test_where_nothing_was_the_object_is_stored(means, store, path):
    send(means, path, add(means, path))
    assert store.data(HERE) == DATA


@BY_PUT_AND_BY_PARTS
def test_an_answer_that_is_lost_is_no_change_by_another(means, store, path, part_size):
    store.put_foreign(HERE, b"old")
    store.fail(LAST[part_size], Unreachable(), reply_lost=True)
    send(means, path, add(means, path, part_size=part_size))
    assert store.data(HERE) == DATA


@pytest.mark.row("S-12")
def test_a_later_run_still_means_the_object_that_the_first_one_saw(means, store, path):
    store.put_foreign(HERE, b"old")
    saved = add(means, path, part_size=10)
    stop = Stop()
    store.before["upload_part"] = lambda _: stop.request(StopReason.PAUSED)
    with pytest.raises(Stopped):
        send(means, path, saved, stop)
    store.before.clear()
    store.put_foreign(HERE, b"theirs")
    with pytest.raises(ObjectChanged):
        send(means, path, saved)
    assert store.data(HERE) == b"theirs"
    assert store.open_uploads() == []


@pytest.mark.row("S-12")
def test_a_race_is_run_again_and_still_replaces_only_what_was_seen(means, store, path):
    store.put_foreign(HERE, b"old")
    store.fail("put_object", WriteConflict(service_code="ConditionalRequestConflict", status=409))
    send(means, path, add(means, path))
    assert store.data(HERE) == DATA


def test_an_etag_that_was_given_is_the_one_that_counts(means, store, path):
    store.put_foreign(HERE, b"theirs")
    with pytest.raises(ObjectChanged):
        send(means, path, add(means, path, if_match="0" * 32))
    assert store.data(HERE) == b"theirs"


def test_what_may_not_be_looked_at_is_not_replaced_on_trust(means, store, path):
    store.put_foreign(HERE, b"theirs")
    store.fail("head", AccessDenied(), times=99)
    with pytest.raises(AccessDenied, match="cannot be looked at"):
        send(means, path, add(means, path))
    assert store.data(HERE) == b"theirs"


@BY_PUT_AND_BY_PARTS
def test_a_key_that_must_be_free_is_looked_at_again_before_the_object_is_made(
    means, store, path, part_size
):
    """By the service itself, or right before by us."""
    store.put_foreign(Destination("bucket", "other"), b"")
    if part_size is None:
        store.put_foreign(HERE, b"theirs")
    else:
        store.before["upload_part"] = lambda _: store.put_foreign(HERE, b"theirs")
    with pytest.raises(AlreadyExists):
        send(means, path, add(means, path, on_conflict=ConflictRule.FAIL, part_size=part_size))
    assert store.data(HERE) == b"theirs"
