"""“Replace only if unchanged” against a strict server: row S-12."""

import pytest

from s3gui.core.transfer import ConflictRule, Destination, TransferState, UploadOptions
from s3gui.engine.source import MemoryBody
from tests.support.upload_world import BUCKET, in_parts, upload_world

RULE = ConflictRule.REPLACE_IF_UNCHANGED
KEY = Destination(BUCKET, "file.bin")


@pytest.fixture(params=["practice", "generic"])
def world(request, tmp_path):
    """One service that is known to check conditions, and one of which nothing is known."""
    with upload_world(tmp_path, provider_id=request.param) as world:
        world.foreign_keys = frozenset({KEY.key})
        yield world


def put_foreign(world, data):
    world.store.put_object(
        KEY,
        MemoryBody(data),
        world.store.checksums.of([data]),
        UploadOptions(),
        only_if_absent=False,
        on_sent=lambda _: None,
    )


@pytest.mark.row("S-12")
def test_an_object_is_replaced_when_nobody_changed_it(world):
    put_foreign(world, b"old")
    path = world.file()
    world.upload(path, options=in_parts(on_conflict=RULE))
    assert world.row().state is TransferState.COMPLETED
    assert world.read(KEY.key) == path.read_bytes()


@pytest.mark.row("S-12")
@pytest.mark.parametrize("old", [b"old", None], ids=["replaced", "created"])
def test_an_object_that_another_wrote_meanwhile_stays(world, old):
    if old is not None:
        put_foreign(world, old)
    send = world.store.upload_part

    def send_while_another_writes(*arguments, **named):
        put_foreign(world, b"theirs")
        return send(*arguments, **named)

    world.store.upload_part = send_while_another_writes
    world.upload(world.file(), options=in_parts(on_conflict=RULE))
    row = world.row()
    assert row.state is TransferState.FAILED
    assert row.failure.code == ("object-changed" if old is not None else "already-exists")
    assert world.read(KEY.key) == b"theirs"
    assert world.open_uploads() == set()


@pytest.mark.row("S-12")
def test_an_object_that_another_deleted_meanwhile_is_not_made_again(world):
    put_foreign(world, b"old")
    send = world.store.upload_part

    def send_while_another_deletes(*arguments, **named):
        world.store.delete(KEY)
        return send(*arguments, **named)

    world.store.upload_part = send_while_another_deletes
    world.upload(world.file(), options=in_parts(on_conflict=RULE))
    assert world.row().failure.code == "object-changed"
    assert world.store.head(KEY) is None
    assert world.open_uploads() == set()
