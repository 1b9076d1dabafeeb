from __future__ import annotations

import csv
import json
from dataclasses import replace

import pytest

from s3gui.bootstrap import memory_journal
from s3gui.core.checksum import Checksum
from s3gui.core.errors import AccessDenied, InputError
from s3gui.core.transfer import StoredObject, TransferState
from s3gui.gui.transfer_export import COLUMNS, export_transfers
from tests.gui.queue_rows import QueueRows


@pytest.fixture
def journal():
    journal = memory_journal()
    yield journal
    journal.close()


@pytest.fixture
def ids(journal):
    rows = QueueRows(journal, lambda _event: None)
    ids = rows.add(3)
    done = journal.transfer(ids[0])
    stored = StoredObject(100, "etag", "v1", Checksum("CRC64NVME", "abc="))
    journal.save(replace(done, state=TransferState.COMPLETED, stored=stored, ended_at=0.0))
    rows.change(ids[1], TransferState.FAILED, failure=AccessDenied().failure())
    strange = journal.transfer(ids[2])
    journal.save(replace(strange, source='/home/\udce4,"x".nef'))
    return ids


def test_spreadsheets_get_every_row(journal, ids, tmp_path):
    path = tmp_path / "transfers.csv"
    assert export_transfers(path, journal, ids) == 3
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["checksum"] == "abc="
    assert rows[0]["ended_at"] == "1970-01-01T00:00:00+00:00"
    assert rows[1]["failure_code"] == "access-denied"
    assert rows[2]["source"] == '/home/\\udce4,"x".nef'


def test_programs_get_json(journal, ids, tmp_path):
    path = tmp_path / "transfers.json"
    export_transfers(path, journal, ids)
    rows = json.loads(path.read_text())
    assert [row["state"] for row in rows] == ["completed", "failed", "queued"]
    assert rows[0]["destination"] == "s3://photos/raw/000.nef"
    assert rows[2]["source"] == '/home/\udce4,"x".nef'


def test_nothing_makes_a_file_that_can_be_read(journal, tmp_path):
    assert export_transfers(tmp_path / "a.json", journal, []) == 0
    assert json.loads((tmp_path / "a.json").read_text()) == []


def test_a_place_that_cannot_be_written_is_told_and_leaves_nothing(journal, ids, tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        export_transfers(tmp_path / "missing" / "a.csv", journal, ids)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(InputError):
        export_transfers(tmp_path / "folder.csv", journal, ids)
    assert [each.name for each in tmp_path.iterdir()] == ["folder.csv"]
