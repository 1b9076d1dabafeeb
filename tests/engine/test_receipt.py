"""A receipt takes its name whole, and no other file's."""

import errno
import json
import os

import pytest

from s3gui.engine.receipt import ReceiptUnwritable, write_receipt

ROWS = [{"path": "/a", "key": "a"}]


@pytest.fixture(params=[None, errno.EPERM, errno.EOPNOTSUPP], ids=str)
def links(request, monkeypatch):
    """A file system with hard links, and those that refuse them in their ways."""

    def refuse(source, target):
        raise OSError(request.param, os.strerror(request.param))

    if request.param is not None:
        monkeypatch.setattr(os, "link", refuse)


@pytest.mark.usefixtures("links")
def test_a_receipt_is_written_whole_on_any_file_system(tmp_path):
    path = tmp_path / "receipt.json"
    write_receipt(path, ROWS, "host")
    assert json.loads(path.read_text())["files"] == ROWS
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.usefixtures("links")
def test_a_name_that_was_taken_meanwhile_stays_the_others(tmp_path):
    path = tmp_path / "receipt.json"

    def rows():
        yield from ROWS
        path.write_text("theirs")

    with pytest.raises(ReceiptUnwritable):
        write_receipt(path, rows(), "host")
    assert path.read_text() == "theirs"
    assert list(tmp_path.iterdir()) == [path]
