"""The main job: real files go from a drop on the window to verified objects."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from s3gui.core.acl import OFFERED_ACLS, CannedAcl
from s3gui.core.events import PartCompleted, PartsConfirmed, TransferChanged
from s3gui.core.provider import MIB
from s3gui.core.settings import Settings
from s3gui.core.transfer import ConflictRule, TransferState
from s3gui.gui.question import Question
from s3gui.gui.transfer_actions import Action
from s3gui.gui.transfer_columns import Column
from tests.e2e.conftest import BUCKET, Desk, assert_stored

SLOW = Settings(parts_at_once=1, files_at_once=1)


def choose_access(desk: Desk, acl: CannedAcl) -> None:
    box = desk.window.place_card.destination_bar.access
    box.setCurrentIndex(OFFERED_ACLS.index(acl))
    box.activated.emit(box.currentIndex())
    question = box.findChild(Question)
    question.yes_button.click()
    desk.wait_until(lambda: box.acl() is acl)


def test_a_large_file_and_a_folder_are_dropped_and_end_verified(open_desk, make_file, tmp_path):
    desk = open_desk()
    large = make_file("film.mov", 64 * MIB)
    small = [
        make_file(f"site/{number % 7}/page{number}.html", number * 41) for number in range(300)
    ]
    choose_access(desk, CannedAcl.PUBLIC_READ)

    desk.drop(large, tmp_path / "files" / "site")
    desk.wait_until_verified(301)

    files = [("film.mov", large)]
    files += [(str(path.relative_to(tmp_path / "files")), path) for path in small]
    with desk.client() as client:
        assert_stored(client, files)
        listed = client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        assert sum(page["KeyCount"] for page in listed) == 301
        for key, content_type in (
            ("film.mov", "video/quicktime"),
            ("site/0/page0.html", "text/html"),
        ):
            assert client.head_object(Bucket=BUCKET, Key=key)["ContentType"] == content_type
            grants = client.get_object_acl(Bucket=BUCKET, Key=key)["Grants"]
            everyone = [each for each in grants if "AllUsers" in each["Grantee"].get("URI", "")]
            assert [each["Permission"] for each in everyone] == ["READ"]
    endpoint = desk.window.connections.profile.endpoint_url
    with urllib.request.urlopen(f"{endpoint}/{BUCKET}/site/1/page1.html") as anonymous:
        assert anonymous.status == 200


def test_without_a_choice_nobody_else_can_read(open_desk, make_file):
    desk = open_desk()
    desk.drop(make_file("secret.txt", 100))
    desk.wait_until_verified(1)
    endpoint = desk.window.connections.profile.endpoint_url
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{endpoint}/{BUCKET}/secret.txt")


def test_the_window_tells_the_truth_at_the_end(open_desk, make_file):
    desk = open_desk()
    desk.drop(make_file("a.bin", 20 * MIB))
    desk.wait_until_verified(1)
    model = desk.window.transfers.view.model()
    desk.wait_until(lambda: model.index(0, Column.STATUS).data() == "Verified ✓")
    assert model.index(0, Column.PROGRESS).data() == "100%"
    status = desk.window.status.text
    desk.wait_until(lambda: status.text() == "1 file uploaded and verified")
    objects = desk.window.place_card.objects.model
    desk.wait_until(lambda: objects.rowCount() == 1)


def parts_of(desk: Desk) -> set[int]:
    return {event.number for event in desk.events if isinstance(event, PartCompleted)}


def has_told(desk: Desk, state: TransferState) -> bool:
    """What is in the queue's file may still be on its way to the window."""
    return any(
        isinstance(event, TransferChanged) and event.transfer.state is state
        for event in desk.events
    )


def test_a_paused_file_goes_on_where_it_was(open_desk, make_file):
    desk = open_desk(SLOW)
    large = make_file("film.mov", 120 * MIB)
    desk.drop(large)
    desk.wait_until(lambda: len(parts_of(desk)) >= 2)
    desk.window.transfers.view.action_wanted.emit(Action.PAUSE, [1])
    desk.wait_until(lambda: has_told(desk, TransferState.PAUSED))
    assert desk.states() == [TransferState.PAUSED]
    kept = parts_of(desk)
    assert 0 < desk.rows[0].sent_bytes < 120 * MIB
    with desk.client() as client:
        assert client.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0

    desk.events.clear()
    desk.window.transfers.view.action_wanted.emit(Action.RESUME, [1])
    desk.wait_until_verified(1)
    confirmed = next(each for each in desk.events if isinstance(each, PartsConfirmed))
    assert confirmed.numbers == kept
    assert not parts_of(desk) & kept
    with desk.client() as client:
        assert_stored(client, [("film.mov", large)])


def test_a_cancelled_file_leaves_nothing_behind(open_desk, make_file):
    desk = open_desk(SLOW)
    desk.drop(make_file("film.mov", 120 * MIB))
    desk.wait_until(lambda: len(parts_of(desk)) >= 2)
    desk.window.transfers.view.action_wanted.emit(Action.CANCEL, [1])
    desk.wait_until(lambda: desk.states() == [TransferState.CANCELLED])
    with desk.client() as client:
        desk.wait_until(lambda: not client.list_multipart_uploads(Bucket=BUCKET).get("Uploads"))
        assert client.list_objects_v2(Bucket=BUCKET)["KeyCount"] == 0


def test_a_file_that_failed_is_sent_when_its_cause_is_gone(open_desk, make_file):
    desk = open_desk()
    path = make_file("notes.txt", 5_000)
    with desk.client() as client:
        client.put_object(Bucket=BUCKET, Key="notes.txt", Body=b"older")
        desk.drop(path)
        desk.wait_until(lambda: bool(desk.window.reviews.sheets))
        sheet = desk.window.reviews.sheets[0]
        assert sheet.conflict_label.text() == "1 key exists already:"
        sheet.conflict_rule.setCurrentIndex(sheet.conflict_rule.findData(ConflictRule.FAIL))
        sheet.start.click()
        desk.wait_until(lambda: desk.states() == [TransferState.FAILED])
        model = desk.window.transfers.view.model()
        desk.wait_until(lambda: "already exists" in (model.index(0, Column.STATUS).data() or ""))
        assert client.get_object(Bucket=BUCKET, Key="notes.txt")["Body"].read() == b"older"
        client.delete_object(Bucket=BUCKET, Key="notes.txt")
        desk.wait_until(desk.window.transfers.retry_failed.isEnabled)
        desk.window.transfers.retry_failed.click()
        desk.wait_until_verified(1)
        assert_stored(client, [("notes.txt", path)])


def test_what_was_under_way_goes_on_in_the_next_window(open_desk, make_file, qtbot):
    desk = open_desk(SLOW)
    large = make_file("film.mov", 120 * MIB)
    desk.drop(large)
    desk.wait_until(lambda: len(parts_of(desk)) >= 2)
    with qtbot.waitSignal(desk.window.closed, timeout=30_000):
        desk.window.leave()

    again = open_desk()
    again.wait_until_verified(1)
    with again.client() as client:
        assert_stored(client, [("film.mov", large)])
