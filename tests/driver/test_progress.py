import io

from s3gui.core.events import PartCompleted, PartProgress, PartsConfirmed
from s3gui.driver.progress import ProgressLine, ProgressSum


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_the_parts_are_summed_up_and_a_part_that_starts_again_takes_its_bytes_back():
    told, errors = [], []
    progress = ProgressSum(lambda *report: told.append(report), 30, errors.append)

    progress.publish(PartsConfirmed(1, 3, frozenset()))
    progress.publish(PartProgress(1, 1, 4, 10))
    progress.publish(PartProgress(1, 2, 10, 10))
    progress.publish(PartCompleted(1, 2, 10))
    progress.publish(PartProgress(1, 1, 0, 10))
    progress.finish(30)

    assert told == [(4, 30), (14, 30), (14, 30), (10, 30), (30, 30)]
    assert errors == []


def test_what_the_callers_function_raises_is_handed_on_once():
    errors, calls = [], []

    def on_progress(sent_bytes, _total):
        calls.append(sent_bytes)
        raise ZeroDivisionError

    progress = ProgressSum(on_progress, None, errors.append)
    progress.publish(PartProgress(1, 1, 4, 10))
    progress.publish(PartProgress(1, 1, 8, 10))

    assert calls == [4]
    assert [type(error) for error in errors] == [ZeroDivisionError]


def test_a_terminal_sees_one_line_that_fills():
    terminal = Terminal()
    line = ProgressLine("folder/name.bin", terminal)

    line(5_000_000, 10_000_000)
    line.finish(10_000_000)

    first, last = terminal.getvalue().strip("\r").split("\r")
    assert first.startswith("name.bin  ████████████░░░░░░░░░░░░  50 %  5.0 MB of 10.0 MB")
    assert last.startswith("name.bin  10.0 MB stored in 0 s")
    assert last.endswith("\n")
    assert len(last.strip("\n")) >= len(first), "nothing of the longer line is left behind"


def test_a_stream_of_unknown_length_has_no_bar():
    terminal = Terminal()

    ProgressLine("name", terminal)(5_000_000, None)

    assert terminal.getvalue() == "\rname  5.0 MB  0 B/s"


def test_a_file_gets_the_last_line_only():
    log = io.StringIO()
    line = ProgressLine("name", log)

    line(5_000_000, 10_000_000)
    line.finish(10_000_000)

    assert log.getvalue() == "name  10.0 MB stored in 0 s\n"


def test_an_error_starts_on_a_line_of_its_own():
    terminal, log = Terminal(), io.StringIO()
    watched, unwatched = ProgressLine("name", terminal), ProgressLine("name", log)

    for line in (watched, unwatched):
        line(1, None)
        line.abandon()

    assert terminal.getvalue().endswith("\n")
    assert log.getvalue() == ""


def test_a_name_cannot_play_tricks_on_the_terminal():
    terminal = Terminal()

    ProgressLine("evil\x1b[2J", terminal)(1, None)

    assert "\x1b" not in terminal.getvalue()
