from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.adapters.transfer_new_rows import NewRows
from s3gui.core.errors import Failure
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions

ROW = Transfer(1, "/a", Destination("bucket", "a"), 1, options=UploadOptions(content_type="a/b"))
FAILED = replace(ROW, state=TransferState.FAILED, failure=Failure("code", "Title", "Hint"))


def named(number: int) -> Transfer:
    return replace(ROW, source=f"/{number}", destination=Destination("bucket", str(number)))


def stored(rows: list[Transfer], *, one_by_one: bool) -> list[Any]:
    with closing(TransferDb(":memory:")) as db:
        db.add_batch(Batch("b", Destination("bucket", ""), Profile("p", "P")))
        new = NewRows(rows)
        if one_by_one:
            db._writer.executemany(*new.statements())
        else:
            at_once = new.statement()
            assert at_once is not None
            db._writer.execute(*at_once)
        return db._read("SELECT * FROM transfer ORDER BY id")


@pytest.mark.parametrize(
    "rows",
    [
        [named(number) for number in range(600)],
        [ROW, replace(ROW, size=None), replace(ROW, depth=3)],
        [replace(ROW, size=None), FAILED],
        [named(1), replace(named(2), destination=Destination("other", "ü/…"), batch_id=1)],
        [named(1), replace(named(2), options=UploadOptions(), started_at=1.5)],
    ],
)
def test_all_at_once_or_one_by_one_the_same_is_stored(rows):
    found = stored(rows, one_by_one=False)
    assert len(found) == len(rows)
    assert found == stored(rows, one_by_one=True)


def test_what_all_rows_share_is_said_once():
    statement, values = NewRows([named(number) for number in range(100)]).statement()
    assert statement.count("json_extract") == 2, "the path and the key"
    assert values[-1].count("bucket") == 0


def test_rows_that_are_all_alike_are_added_as_often_as_they_were_given():
    with closing(TransferDb(":memory:")) as db:
        db.add_batch(Batch("b", Destination("bucket", ""), Profile("p", "P")))
        assert db.add_transfers([ROW] * 3) == [1, 2, 3]
        assert [each.destination.key for each in db.transfers([1, 2, 3])] == ["a"] * 3
