import os
import sys
import threading

import pytest

from s3gui.cli.stream import check_standard_input, read_standard_input
from s3gui.core.errors import InputError, SourceUnreadable
from s3gui.engine.stop import Stop, Stopped, StopReason


@pytest.fixture
def writer(monkeypatch: pytest.MonkeyPatch):
    """The other end of standard input."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as stream, os.fdopen(writing, "wb", buffering=0) as other_end:
        monkeypatch.setattr(sys, "stdin", stream)
        yield other_end


def test_what_comes_in_is_passed_on_as_it_comes(writer) -> None:
    chunks = read_standard_input(Stop())
    writer.write(b"one")
    assert next(chunks) == b"one"
    writer.write(b"two")
    writer.close()
    assert list(chunks) == [b"two"]


def test_a_stop_is_heard_while_nothing_comes_in(writer) -> None:
    stop = Stop()
    timer = threading.Timer(0.05, stop.request, [StopReason.CANCELLED])
    timer.start()
    with pytest.raises(Stopped):
        next(read_standard_input(stop))
    timer.join()


def test_standard_input_that_cannot_be_read_is_a_sentence(monkeypatch, tmp_path) -> None:
    class Folder:
        def fileno(self):
            return descriptor

    descriptor = os.open(tmp_path, os.O_RDONLY)
    try:
        monkeypatch.setattr(sys, "stdin", Folder())
        with pytest.raises(SourceUnreadable, match="Standard input"):
            next(read_standard_input(Stop()))
    finally:
        os.close(descriptor)


def test_closed_standard_input_is_not_an_empty_file(monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(InputError, match="closed"):
        check_standard_input()


def test_standard_input_keeps_to_the_speed_limit_too(writer, run_here, state) -> None:
    writer.write(bytes(40_000))
    writer.close()
    result = run_here("upload", "-", "s3://bucket/pipe.bin", "--limit-rate", "10kB")
    assert result.status == 0, result.errors
    assert sum(state.clock.pauses) == pytest.approx(4, abs=1)
