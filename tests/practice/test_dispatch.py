import errno

import pytest

from s3gui.practice import blobs
from s3gui.practice.blobs import BlobWriter


@pytest.fixture
def full_disk(monkeypatch):
    def write(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(BlobWriter, "write", write)


def test_a_mistake_of_the_servers_is_a_500_and_no_more(server, raw, capfd, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("a secret place in the code")

    with monkeypatch.context() as patched:
        patched.setattr(blobs.Blobs, "create", broken)
        reply = raw.call("PUT", "/bucket/key", b"hello")
    assert (reply.status, reply.code) == (500, "InternalError")
    assert b"secret place" not in reply.body
    assert capfd.readouterr().err == ""
    assert raw.call("PUT", "/bucket/key", b"hello").status == 200
    [trace] = server.ledger.unexpected()
    assert "ZeroDivisionError" in trace
    server.ledger._records.clear()  # expected here


def test_a_full_disk_is_a_500_and_leaves_nothing(server, raw, full_disk, tmp_path):
    reply = raw.call("PUT", "/bucket/key", b"hello")
    assert (reply.status, reply.code) == (500, "InternalError")
    assert raw.call("HEAD", "/bucket/key").status == 404
    assert list(tmp_path.rglob("blobs/*/*")) == []
    assert server.ledger.commits() == []
    server.ledger._records.clear()  # expected here


def test_a_request_that_cannot_be_read_is_recorded_too(server, raw):
    assert raw.call("GET", "/%FF").code == "InvalidURI"
    [record] = server.ledger.records("Unknown")
    assert (record.status, record.error_code) == (400, "InvalidURI")
