"""Rows B: what is typed, saved or found, and cannot be right."""

import contextlib
import json
import sqlite3

import pytest

from s3gui.adapters.settings_file import ProfileFile, SettingsFile
from s3gui.adapters.transfer_db import QueueUnavailable, TransferDb
from s3gui.bootstrap import open_workspace
from s3gui.core.errors import InputError
from s3gui.core.profile import Profile, check_endpoint
from s3gui.core.settings import Settings
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions
from tests.support.upload_world import BUCKET, SECONDS, upload_world

STRANGE_KEYS = [
    "/",
    "//",
    "/.",
    ".",
    "..",
    "../..",
    "a/../b",
    "./c",
    "d//e",
    "f/",
    "+ plus",
    "per%cent%20%2F%zz%",
    "what?is=this&that",
    "hash#tag",
    " spaces  ",
    "emoji \U0001f389\u200d",
    "\ufeffbyte order mark",
    "e\u0301 and \u00e9",
    "\u202eright to left",
    "quotes'\"<&>;:@$,!*()[]{}|\\^`~",
]


@pytest.fixture
def world(tmp_path):
    with upload_world(tmp_path) as world:
        yield world


# B-01, B-02: keys.


@pytest.mark.row("B-01")
def test_a_key_of_1024_bytes_goes_and_one_byte_more_is_refused_before_the_network(world):
    path = world.file("ü" * 10, parts=0.1)  # two bytes each
    for length in (1024, 1025):
        prefix = "p" * (length - 20 - 1) + "/"
        with world.queue() as queue:
            queue.start()
            queue.add([path], Destination(BUCKET, prefix), UploadOptions(), world.profile)
            assert queue.wait_until_idle(SECONDS)
    good, refused = world.rows()
    assert len(good.destination.key.encode()) == 1024
    assert good.state is TransferState.COMPLETED
    assert (refused.state, refused.failure.code) == (TransferState.FAILED, "key-too-long")
    assert "1,025" in refused.failure.message
    assert {each.key for each in world.server.ledger.records()} <= {good.destination.key, "", None}
    world.check()


@pytest.mark.row("B-02")
def test_every_strange_key_is_stored_and_found_again_as_it_is(world):
    path = world.file(parts=0.1)
    batch = world.journal.add_batch(Batch("keys", Destination(BUCKET, ""), world.profile))
    rows = [Transfer(batch.id, str(path), Destination(BUCKET, key)) for key in STRANGE_KEYS]
    world.journal.add_transfers(rows)
    with world.queue() as queue:
        queue.start()
        assert queue.wait_until_idle(SECONDS)
    assert {row.state for row in world.rows()} == {TransferState.COMPLETED}
    for key in STRANGE_KEYS:
        stored = world.store.head(Destination(BUCKET, key))
        assert stored is not None, key
        assert stored.size == path.stat().st_size
    committed = {commit.key for commit in world.server.ledger.commits(bucket=BUCKET)}
    assert committed == set(STRANGE_KEYS)


# B-03: endpoints.


@pytest.mark.row("B-03")
@pytest.mark.parametrize(
    "url",
    [
        "https://user:pass-word@s3.example.org",
        "user:pass-word@s3.example.org",
        "ftp://user:pass-word@s3.example.org",
        "https://user:pass-word@[::1",
        "s3.example.org",
        "https://",
        "https:///bucket",
        "https://s3.example.org/bucket",
        "https://s3.example.org:0",
        "https://s3.example.org:65536",
        "https://s3.example.org:port",
        "https://s3.exam\nple.org",
        "https://s3.exam\tple.org",
        "https://s3 .example.org",
        "https://good.example\\.evil.example",
        "https://good.example%2eevil.example",
        "https://s3.example.org/?x=1",
        "javascript:alert(1)",
        "",
    ],
)
def test_an_endpoint_that_is_none_is_refused_and_no_password_is_repeated(url):
    with pytest.raises(InputError) as refused:
        check_endpoint(url, allow_http=True)
    assert "pass-word" not in refused.value.message
    assert len(refused.value.message.splitlines()) == 1 or "\n" in url


@pytest.mark.row("B-03")
def test_a_host_in_another_script_is_shown_as_the_network_knows_it():
    with pytest.raises(InputError, match=r"xn--80ak6aa92e\.com"):
        check_endpoint("https://\u0430\u0440\u0440\u04cf\u0435.com", allow_http=False)
    check_endpoint("https://xn--80ak6aa92e.com", allow_http=False)
    with pytest.raises(InputError):
        check_endpoint("https://s3\u2024example.org", allow_http=False)


@pytest.mark.row("B-03")
@pytest.mark.parametrize(
    "url",
    ["https://s3.example.org", "https://[::1]:9000", "https://10.0.0.5:9000/", "https://minio_1"],
)
def test_an_endpoint_that_is_one_is_taken(url):
    check_endpoint(url, allow_http=False)


# B-04: options.


@pytest.mark.row("B-04")
@pytest.mark.parametrize(
    "options",
    [
        UploadOptions(metadata=(("name", "value\r\nx-amz-acl: public-read"),)),
        UploadOptions(metadata=(("name\r\nx-amz-acl", "public-read"),)),
        UploadOptions(metadata=(("name", "ü"),)),
        UploadOptions(metadata=(("ü", "value"),)),
        UploadOptions(metadata=(("", "value"),)),
        UploadOptions(metadata=(("a", "x" * 2048),)),
        UploadOptions(metadata=(("a", "1"), ("A", "2"))),
        UploadOptions(metadata=(("a", "\0"),)),
        UploadOptions(content_type="text/plain\r\nx: y"),
        UploadOptions(cache_control="\n"),
        UploadOptions(content_disposition="attachment; filename=ü"),
        UploadOptions(content_encoding="\x7f"),
        UploadOptions(storage_class="STANDARD\n"),
        UploadOptions(kms_key_id="key\r"),
        UploadOptions(tags=tuple((str(number), "") for number in range(11))),
        UploadOptions(tags=(("a", "1"), ("a", "2"))),
        UploadOptions(tags=(("", "1"),)),
        UploadOptions(tags=(("x" * 129, ""),)),
        UploadOptions(tags=(("x", "y" * 257),)),
        UploadOptions(tags=(("aws:x", "y"),)),
        UploadOptions(tags=(("a&b", "c"),)),
        UploadOptions(tags=(("a", "c\r\n"),)),
    ],
    ids=range(22),
)
def test_options_that_no_object_can_have_are_refused_before_anything_is_queued(world, options):
    path = world.file(parts=0.1)
    with world.queue() as queue, pytest.raises(InputError) as refused:
        queue.add([path], Destination(BUCKET, ""), options, world.profile)
    assert "\n" not in refused.value.message.replace("\r\nx-amz-acl”", "")
    assert world.rows() == []
    assert world.journal.batches(9) == []
    assert world.requests() == 0


@pytest.mark.row("B-04")
def test_options_at_the_limits_are_taken(world):
    options = UploadOptions(
        metadata=(("a", "x" * 1023), ("b", "y" * 1023)),
        tags=(*((str(number), "é x+-=._:/@") for number in range(9)), ("x" * 128, "y" * 256)),
    )
    with world.queue() as queue:
        queue.start()
        queue.add([world.file(parts=0.1)], Destination(BUCKET, ""), options, world.profile)
        assert queue.wait_until_idle(SECONDS)
    assert world.row().state is TransferState.COMPLETED
    world.check()


# B-05: what was saved, and is not understood.


@pytest.mark.row("B-05")
@pytest.mark.parametrize(
    "text", ["{broken", "\0" * 100, '{"version": 99, "settings": {}, "profiles": []}', "[[[["]
)
def test_saved_files_that_are_broken_or_newer_are_kept_aside_and_told(tmp_path, text):
    home = tmp_path / "home"
    home.mkdir()
    for name in ("settings.json", "profiles.json"):
        (home / name).write_text(text)
    (home / "transfers.sqlite").write_text(text)
    with open_workspace(
        transfers_executor=None, parts_executor=None, publish=print, home=home
    ) as workspace:
        assert workspace.profiles.all() == []
        assert workspace.settings.load() == Settings()
        aside = workspace.set_aside
        assert len(aside) == 3
        assert {path.read_text() for path in aside} == {text}
        assert workspace.queue.counts() == {}
        workspace.profiles.save(Profile("work", "Work"))
    assert ProfileFile(home / "profiles.json").all() == [Profile("work", "Work")]


@pytest.mark.row("B-05")
def test_a_queue_that_a_newer_program_wrote_is_refused_and_left_to_it(tmp_path):
    queue = tmp_path / "transfers.sqlite"
    TransferDb.open(queue).close()
    with contextlib.closing(sqlite3.connect(queue)) as newer:
        newer.execute("PRAGMA user_version = 99")
    before = queue.read_bytes()
    with pytest.raises(QueueUnavailable) as refused:
        open_workspace(transfers_executor=None, parts_executor=None, publish=print, home=tmp_path)
    assert str(queue) in refused.value.message
    assert "Start that one" in refused.value.advice
    assert queue.read_bytes() == before
    assert not list(tmp_path.glob("*damaged*"))


@pytest.mark.row("B-05")
@pytest.mark.parametrize("field", ["future", "appearance", "parts_at_once"])
def test_one_value_that_is_not_understood_costs_no_other(tmp_path, field):
    path = tmp_path / "settings.json"
    settings = {"files_at_once": 3, field: {"newer": [1]}}
    path.write_text(json.dumps({"version": 1, "settings": settings}))
    assert SettingsFile(path).load() == Settings(files_at_once=3)


@pytest.mark.row("B-05")
def test_fields_that_a_newer_program_left_in_the_queue_are_passed_over(tmp_path):
    path = tmp_path / "transfers.sqlite"
    journal = TransferDb.open(path)
    batch = journal.add_batch(Batch("b", Destination("bucket", ""), Profile("p", "P")))
    (saved,) = journal.add_transfers([Transfer(batch.id, "/x", Destination("bucket", "k"))])
    journal.close()
    db = sqlite3.connect(path)
    db.execute("UPDATE transfer SET options = json_set(options, '$.future', 1)")
    db.execute("UPDATE batch SET profile = json_set(profile, '$.future', json('{}'))")
    db.commit()
    db.close()
    journal = TransferDb.open(path)
    assert journal.set_aside is None
    assert journal.transfer(saved).options == UploadOptions()
    assert journal.batch(batch.id) == batch
    journal.close()
