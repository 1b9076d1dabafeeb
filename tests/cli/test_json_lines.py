import io
import json

from s3gui.cli.failures import Failures
from s3gui.cli.json_lines import JsonLines
from s3gui.cli.lines import Lines
from s3gui.cli.outcome import Outcome
from s3gui.cli.tally import Tally
from s3gui.core.checksum import Checksum
from s3gui.core.errors import InputError, Unreachable
from s3gui.core.events import BatchAdded, PartFailed, PartProgress, TransferChanged
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, MultipartUpload, StoredObject, TransferState
from s3gui.engine.ports import Count
from tests.cli.transfers import failed, transfer


class Written:
    def __init__(self) -> None:
        self.stream = io.StringIO()
        self.reporter = JsonLines(Lines(self.stream))

    @property
    def events(self) -> list[dict]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


def test_a_stored_object_is_told_with_what_proves_it() -> None:
    written = Written()
    stored = StoredObject(100, "etag", "version", Checksum("CRC64NVME", "abc="))
    written.reporter.apply(
        TransferChanged(transfer(1, TransferState.COMPLETED, sent_bytes=100, stored=stored))
    )
    assert written.events == [
        {
            "event": "transfer",
            "id": 1,
            "source": "folder/file-1.bin",
            "destination": "s3://bucket/prefix/file-1.bin",
            "state": "completed",
            "size_bytes": 100,
            "sent_bytes": 100,
            "etag": "etag",
            "version_id": "version",
            "checksum": "CRC64NVME:abc=",
        }
    ]


def test_a_state_is_told_once_however_often_its_row_changes() -> None:
    written = Written()
    for sent in (0, 10, 20):
        written.reporter.apply(TransferChanged(transfer(sent_bytes=sent)))
    written.reporter.apply(TransferChanged(transfer(state=TransferState.FINISHING)))
    assert [event["state"] for event in written.events] == ["running", "finishing"]


def test_an_end_is_told_once_though_its_row_changes_until_nothing_is_left_on_the_service() -> None:
    written = Written()
    upload = MultipartUpload("bucket", "key", "id")
    cancelled = TransferState.CANCELLED
    for changes in ({"multipart": upload}, {}, {"ended_at": 1.0}):
        written.reporter.apply(TransferChanged(transfer(1, cancelled, **changes)))
    for changes in ({"ended_at": 1.0, "multipart": upload}, {"ended_at": 1.0}):
        written.reporter.apply(TransferChanged(transfer(2, cancelled, **changes)))
    assert [event["id"] for event in written.events] == [1, 2]


def test_a_failure_is_told_whole() -> None:
    written = Written()
    written.reporter.apply(TransferChanged(failed()))
    assert written.events[0]["failure"] == {
        "code": "access-denied",
        "message": "Access denied.",
        "hint": "Ask.",
        "detail": "",
    }


def test_a_part_that_failed_is_told_but_not_each_report_of_its_progress() -> None:
    written = Written()
    written.reporter.apply(PartProgress(1, 1, 5, 10))
    written.reporter.apply(PartFailed(1, 3, "The line broke.", will_retry=True))
    assert written.events == [
        {
            "event": "part-failed",
            "id": 1,
            "part_number": 3,
            "message": "The line broke.",
            "will_retry": True,
        }
    ]


def test_a_batch_is_told_without_its_profile() -> None:
    written = Written()
    batch = Batch("photos", Destination("bucket", "2026/"), Profile("1", "office"), id=4)
    written.reporter.apply(BatchAdded(batch))
    assert written.events == [
        {"event": "batch", "id": 4, "name": "photos", "destination": "s3://bucket/2026/"}
    ]


def test_progress_comes_twice_a_second_and_only_when_it_changed() -> None:
    written = Written()
    tally = Tally()
    for tenth in range(20):
        tally.measure({TransferState.RUNNING: Count(1, 1000, min(10, tenth) * 10)}, tenth / 10)
        written.reporter.tick(tally, tenth / 10)
    assert 3 <= len(written.events) <= 5
    assert set(written.events[0]) == {
        "event",
        "files",
        "files_ended",
        "acknowledged_bytes",
        "in_flight_bytes",
        "total_bytes",
        "bytes_per_second",
        "seconds_left",
    }


def test_the_summary_counts_by_state() -> None:
    written = Written()
    failures = Failures()
    failures.add(failed(1, "unreachable", "Nobody answers."))
    outcome = Outcome(
        {TransferState.COMPLETED: Count(2, 200, 200), TransferState.FAILED: Count(1, 100, 0)},
        seconds=1.23456,
        failures=failures,
    )
    written.reporter.close(outcome)
    assert written.events == [
        {
            "event": "summary",
            "exit_code": 1,
            "files": 3,
            "states": {"completed": 2, "failed": 1},
            "bytes": 200,
            "seconds": 1.235,
            "is_interrupted": False,
            "failures": [{"code": "unreachable", "message": "Nobody answers.", "count": 1}],
            "error": None,
        }
    ]


def test_an_error_of_the_whole_run_is_in_the_summary() -> None:
    written = Written()
    written.reporter.close(Outcome(error=Unreachable("Nobody answers.")))
    assert written.events[0]["error"]["code"] == "unreachable"
    written.reporter.end_without_a_run(InputError("No."), 2)
    assert written.events[1]["exit_code"] == 2
    assert written.events[1]["error"]["message"] == "No."


def test_every_line_is_ascii_whatever_the_names_are() -> None:
    written = Written()
    written.reporter.apply(
        TransferChanged(transfer(source="/tmp/\udcff\x1b[2Jzażółć\n", key="zażółć"))
    )
    text = written.stream.getvalue()
    assert text.isascii()
    assert text.count("\n") == 1
    assert written.events[0]["source"] == "/tmp/\udcff\x1b[2Jzażółć\n"
