import io

from s3gui.cli.failures import Failures
from s3gui.cli.lines import Lines
from s3gui.cli.outcome import Outcome
from s3gui.cli.quiet_lines import QuietLines, progress_text
from s3gui.cli.tally import Figures, Tally
from s3gui.core.events import TransferChanged, TransfersAdded
from s3gui.core.transfer import TransferState
from s3gui.engine.ports import Count
from tests.cli.transfers import failed, transfer


class Written:
    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.reporter = QuietLines(Lines(self.stream))

    def add(self, files: int) -> None:
        self.reporter.apply(TransfersAdded(1, tuple(range(files)), is_last=True))

    def change(self, *transfers) -> None:
        for each in transfers:
            self.reporter.apply(TransferChanged(each))

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()


def test_each_of_a_few_files_has_a_line() -> None:
    written = Written()
    written.add(2)
    written.change(
        transfer(1),
        transfer(1, TransferState.COMPLETED),
        transfer(2, TransferState.SKIPPED),
    )
    assert written.lines == [
        "Stored s3://bucket/prefix/file-1.bin (100 B)",
        "Skipped s3://bucket/prefix/file-2.bin: it exists already.",
    ]


def test_a_single_file_is_told_by_the_closing_sentence_alone() -> None:
    written = Written()
    written.add(1)
    written.change(transfer(1, TransferState.COMPLETED))
    assert written.lines == []


def test_thousands_of_files_have_no_lines_of_their_own() -> None:
    written = Written()
    written.add(2000)
    written.change(*(transfer(number, TransferState.COMPLETED) for number in range(2000)))
    assert written.lines == []


def test_the_first_failures_are_told_at_once_and_all_of_them_in_groups_at_the_end() -> None:
    written = Written()
    written.add(2000)
    failures = Failures()
    for number in range(2000):
        failures.add(failed(number))
        written.change(failed(number))
    assert len(written.lines) == 3
    written.reporter.close(Outcome({TransferState.FAILED: Count(2000, 0, 0)}, failures=failures))
    assert written.lines[3].startswith("2,000 files: Access denied.")


def test_a_failure_that_was_told_is_not_told_again_at_the_end() -> None:
    written = Written()
    written.add(1)
    failures = Failures()
    failures.add(failed())
    written.change(failed())
    written.reporter.close(Outcome({TransferState.FAILED: Count(1, 0, 0)}, failures=failures))
    assert sum("Access denied" in line for line in written.lines) == 1


def test_how_far_it_is_comes_every_ten_seconds() -> None:
    written = Written()
    tally = Tally()
    for second in range(25):
        tally.measure({TransferState.RUNNING: Count(4, 4000, second * 100)}, float(second))
        written.reporter.tick(tally, float(second))
    assert written.lines == [
        "0 of 4 files · 1.0 kB of 4.0 kB · 100 B/s · 30 s left",
        "0 of 4 files · 2.0 kB of 4.0 kB · 100 B/s · 20 s left",
    ]


def test_silence_is_told_once_and_then_every_ten_seconds() -> None:
    written = Written()
    tally = Tally()
    tally.apply(TransferChanged(transfer()))
    for second in range(17):
        tally.measure({TransferState.RUNNING: Count(1, 100, 0)}, float(second))
        written.reporter.tick(tally, float(second))
    assert written.lines == [
        "No answer for 5 s; still trying.",
        "No answer for 15 s; still trying.",
    ]


def test_the_progress_of_a_stream_has_no_end() -> None:
    figures = Figures(files=1, total_bytes=None, acknowledged_bytes=5_000_000)
    assert progress_text(figures) == "5.0 MB sent"
