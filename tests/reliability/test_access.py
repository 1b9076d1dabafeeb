"""Row C-12: no object ends wider than what was chosen, and no refusal is passed over."""

import json
import logging

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.bootstrap import open_workspace
from s3gui.core.acl import CannedAcl
from s3gui.core.transfer import ConflictRule, Destination, TransferState, UploadOptions
from s3gui.practice import AFTER_BODY, AFTER_STORING, BEFORE_BODY, answer, close_connection
from tests.support.upload_world import SECONDS, in_parts, upload_world

pytestmark = pytest.mark.row("C-12")

OPEN, ENFORCED, BLOCKED = "open", "enforced", "blocked"
"""Buckets that take any ACL, none, and none that is public."""

ACLS = [acl for acl in CannedAcl if acl is not CannedAcl.AWS_EXEC_READ]


@pytest.fixture
def world(tmp_path):
    with upload_world(tmp_path) as world:
        world.server.create_bucket(OPEN, acls_enabled=True, public_access_blocked=False)
        world.server.create_bucket(ENFORCED)
        world.server.create_bucket(BLOCKED, acls_enabled=True, public_access_blocked=True)
        yield world


def upload(world, path, bucket: str, options: UploadOptions, *, key: str = "") -> None:
    with world.queue() as queue:
        queue.start()
        queue.add([path], Destination(bucket, key), options, world.profile)
        assert queue.wait_until_idle(SECONDS)


def acls(world, bucket: str) -> list[tuple[str, str]]:
    return [(commit.key, commit.acl) for commit in world.server.ledger.commits(bucket=bucket)]


@pytest.mark.parametrize("parts", [0.5, 3], ids=["put", "multipart"])
@pytest.mark.parametrize("acl", ACLS)
def test_an_object_gets_the_access_that_was_chosen_whatever_goes_wrong(world, acl, parts):
    faults = world.server.faults
    for operation in ("PutObject", "CreateMultipartUpload", "CompleteMultipartUpload"):
        for moment in (BEFORE_BODY, AFTER_BODY, AFTER_STORING):
            faults.add(answer("SlowDown", moment), operation=operation)
        faults.add(close_connection(AFTER_STORING), operation=operation)
    upload(world, world.file(parts=parts), OPEN, in_parts(acl=acl))
    assert world.row().state is TransferState.COMPLETED
    assert {acl for _, acl in acls(world, OPEN)} == {acl.value}


def test_an_upload_that_goes_on_after_a_restart_keeps_its_access(tmp_path):
    path = tmp_path / "queue.sqlite"
    with upload_world(tmp_path, journal=TransferDb.open(path)) as world:
        world.server.create_bucket(OPEN, acls_enabled=True, public_access_blocked=False)
        file = world.file(parts=6)
        world.server.faults.add(answer("ExpiredToken"), operation="UploadPart", first=3, times=None)
        options = in_parts(acl=CannedAcl.PUBLIC_READ)
        with world.queue() as queue:
            queue.start()
            queue.add([file], Destination(OPEN, ""), options, world.profile)
            queue.wait_until_idle(5)
        world.server.faults.clear()
        with world.queue() as queue:
            queue.start()
            queue.release(world.profile.id)
            assert queue.wait_until_idle(SECONDS)
        assert world.row().state is TransferState.COMPLETED
        assert acls(world, OPEN) == [(file.name, "public-read")]
        assert world.requests("CreateMultipartUpload") == 1


def test_what_replaces_a_public_object_is_private_if_that_was_chosen(world):
    path = world.file(parts=0.5)
    for acl in (CannedAcl.PUBLIC_READ, CannedAcl.PRIVATE):
        upload(world, path, OPEN, UploadOptions(acl=acl, on_conflict=ConflictRule.REPLACE))
    assert [acl for _, acl in acls(world, OPEN)] == ["public-read", "private"]


@pytest.mark.parametrize("parts", [0.5, 3], ids=["put", "multipart"])
@pytest.mark.parametrize(
    ("bucket", "acl", "code"),
    [
        (ENFORCED, CannedAcl.PUBLIC_READ, "acl-refused"),
        (ENFORCED, CannedAcl.BUCKET_OWNER_READ, "acl-refused"),
        (BLOCKED, CannedAcl.PUBLIC_READ, "access-denied"),
    ],
)
def test_a_refused_access_is_a_failure_and_no_object(world, bucket, acl, code, parts):
    upload(world, world.file(parts=parts), bucket, in_parts(acl=acl))
    row = world.row()
    assert (row.state, row.failure.code) == (TransferState.FAILED, code)
    assert row.options.acl is acl
    assert acls(world, bucket) == []
    assert world.store.head(Destination(bucket, row.destination.key)) is None


@pytest.mark.parametrize("bucket", [ENFORCED, BLOCKED, OPEN])
def test_private_goes_everywhere(world, bucket):
    upload(world, world.file(parts=0.5), bucket, UploadOptions())
    assert world.row().state is TransferState.COMPLETED
    assert {acl for _, acl in acls(world, bucket)} <= {"private", "bucket-owner-full-control"}


def test_what_is_made_public_is_logged_once_a_batch(world, caplog):
    folder = world.file("folder/a", parts=0.1).parent
    world.file("folder/b", parts=0.1)
    with caplog.at_level(logging.INFO, "s3gui"):
        upload(world, folder, OPEN, UploadOptions(acl=CannedAcl.PUBLIC_READ))
        upload(world, folder, OPEN, UploadOptions(), key="private/")
    said = [record.getMessage() for record in caplog.records if "public" in record.getMessage()]
    assert said == ["batch 1: what goes to s3://open/ is stored as public-read"]


def test_no_file_of_kept_options_makes_anything_public(tmp_path):
    """What was chosen for a bucket begins with “private” again, whatever the file says."""
    with open_workspace(
        transfers_executor=None, parts_executor=None, publish=print, home=tmp_path
    ) as workspace:
        options = UploadOptions(acl=CannedAcl.PUBLIC_READ)
        kept = workspace.preferences.load().with_bucket_options("p", "bucket", options)
        workspace.preferences.save(kept)
    text = (tmp_path / "preferences.json").read_text()
    assert "public-read" not in json.dumps(json.loads(text))
