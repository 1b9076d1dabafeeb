"""Sockets that are opened while a stop is heard."""

import socket

import pytest

from s3gui.adapters import s3_opening
from s3gui.adapters.s3_bounds import BOUNDS
from s3gui.adapters.s3_opening import OPTIONS, open_socket
from s3gui.adapters.s3_watch import Watch


@pytest.fixture
def port():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def opened(host, port):
    with Watch(BOUNDS).exchange() as exchange:
        return open_socket(host, port, exchange, seconds=5, options=OPTIONS)


def test_an_address_is_not_looked_up(port, monkeypatch):
    """A thread for it, sixty times at once on a long line, takes longer than the connection."""
    monkeypatch.delattr(s3_opening, "_resolved")
    with opened("127.0.0.1", port) as found:
        assert found.getpeername() == ("127.0.0.1", port)


def test_a_name_is_looked_up_by_a_thread_that_can_be_left(port, monkeypatch):
    asked, resolved = [], s3_opening._resolved

    def noted(host, *others):
        asked.append(host)
        return resolved(host, *others)

    monkeypatch.setattr(s3_opening, "_resolved", noted)
    with opened("localhost", port) as found:
        assert found.getpeername() == ("127.0.0.1", port)
    assert asked == ["localhost"]
