from __future__ import annotations

import csv
import json

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.archive import ArchiveManifest, SkippedMember
from s3gui.core.errors import InputError
from s3gui.core.transfer import TransferState as State
from s3gui.gui.round_report import RoundReport
from tests.fakes.object_store import FakeObjectStore
from tests.gui.queue_rows import QueueRows


@pytest.fixture
def rows():
    return QueueRows(TransferDb(":memory:"), lambda _event: None)


@pytest.fixture
def report(rows):
    return RoundReport(rows.journal, lambda _profile: FakeObjectStore())


def completed(rows: QueueRows, count: int) -> list[int]:
    ids = rows.add(count)
    for number in ids:
        rows.change(number, State.COMPLETED, sent_bytes=100)
    return ids


def test_the_receipt_holds_what_ended_once_each(rows, report, tmp_path):
    ids = completed(rows, 3)
    (paused,) = rows.add(1)
    rows.change(paused, State.PAUSED)
    report.save(tmp_path / "receipt.json", [*ids, *ids, paused])
    receipt = json.loads((tmp_path / "receipt.json").read_text())
    assert [file["path"] for file in receipt["files"]] == [
        *("/home/ada/000.nef", "/home/ada/001.nef", "/home/ada/002.nef")
    ]
    assert {file["result"] for file in receipt["files"]} == {"stored-and-verified"}
    assert receipt["service"] == "amazonaws.com"


def test_the_receipt_of_an_archive_names_what_it_left_out(rows, report, tmp_path):
    (archive,) = completed(rows, 1)
    gone = SkippedMember("run/caf\udce9", "It does not exist.")
    manifest = ArchiveManifest(52, 100, 1, (gone,))
    rows.journal.save(rows.journal.transfer(archive).changed(manifest=manifest))
    report.save(tmp_path / "receipt.json", [archive])
    (file,) = json.loads((tmp_path / "receipt.json").read_text())["files"]
    assert file["reason"] == "1 left out of the archive: “run/caf\udce9”: It does not exist."


def test_its_ending_makes_it_a_table(rows, report, tmp_path):
    report.save(tmp_path / "receipt.csv", completed(rows, 1))
    (line,) = csv.DictReader((tmp_path / "receipt.csv").read_text().splitlines())
    assert line["key"].endswith("000.nef")


def test_a_receipt_replaces_no_file(rows, report, tmp_path):
    path = tmp_path / "receipt.json"
    path.write_text("mine")
    with pytest.raises(InputError, match="exists already"):
        report.save(path, completed(rows, 1))
    assert path.read_text() == "mine"


def test_links_are_of_what_is_there_only(rows, report):
    done = completed(rows, 2)
    (failed,) = rows.add(1)
    rows.change(failed, State.FAILED)
    links = report.links([failed, *done, *done])
    prefix = f"s3://{rows.journal.transfer(done[0]).destination.bucket}/"
    assert len(links) == 2
    assert all(link.startswith(prefix) for link in links)
    urls = report.links(done, lambda store, place: store.presigned_url(place, 60))
    assert len(urls) == 2
    assert urls != links


def test_what_was_removed_since_is_left_out(rows, report, tmp_path):
    first, second = completed(rows, 2)
    rows.remove([first])
    assert len(report.links([first, second])) == 1
    report.save(tmp_path / "receipt.json", [first, second])
    assert len(json.loads((tmp_path / "receipt.json").read_text())["files"]) == 1


def test_a_million_links_are_cut(rows, report, monkeypatch):
    monkeypatch.setattr("s3gui.gui.round_report.MOST_LINKS", 2)
    assert len(report.links(completed(rows, 3), lambda _store, place: place.key)) == 2
