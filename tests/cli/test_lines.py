import io
import os

from s3gui.cli.lines import Lines


class ClosedReader(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_a_line_is_written_with_its_end() -> None:
    stream = io.StringIO()
    Lines(stream).write("one")
    assert stream.getvalue() == "one\n"


def test_a_reader_that_has_gone_is_noted_and_never_raised() -> None:
    lines = Lines(ClosedReader())
    assert not lines.is_broken
    lines.write("one")
    lines.write("two")
    assert lines.is_broken


def test_a_stream_that_was_closed_at_the_start_is_broken_at_the_first_line() -> None:
    lines = Lines(None)
    assert not lines.is_broken
    lines.write("one")
    assert lines.is_broken


def test_what_others_wrote_is_found_missing_too() -> None:
    reading, writing = os.pipe()
    with os.fdopen(writing, "w") as stream:
        os.close(reading)
        stream.write("from somebody else")
        lines = Lines(stream)
        lines.write_nothing()
        assert lines.is_broken
