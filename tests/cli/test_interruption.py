import os
import signal
from collections.abc import Iterator

import pytest

from s3gui.cli import interruption
from s3gui.cli.interruption import Interruption


@pytest.fixture(autouse=True)
def _handlers_as_they_were() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        assert signal.getsignal(number) is handler
        signal.signal(number, handler)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_asks(number: signal.Signals) -> None:
    asked = []
    with Interruption() as interrupted:
        interrupted.tell(lambda: asked.append(number))
        os.kill(os.getpid(), number)
        assert interrupted.is_requested
    assert asked == [number]


def test_a_signal_that_came_early_is_told_late() -> None:
    asked = []
    with Interruption() as interrupted:
        os.kill(os.getpid(), signal.SIGINT)
        interrupted.tell(lambda: asked.append("now"))
    assert asked == ["now"]


def test_the_second_signal_ends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ends = []
    monkeypatch.setattr(interruption, "end_at_once", lambda: ends.append("end"))
    with Interruption() as interrupted:
        interrupted.tell(lambda: None)
        os.kill(os.getpid(), signal.SIGINT)
        assert ends == []
        os.kill(os.getpid(), signal.SIGTERM)
    assert ends == ["end"]


def test_a_signal_that_was_ignored_stays_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interruption() as interrupted:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not interrupted.is_requested
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)
