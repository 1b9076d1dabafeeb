"""What is expected of a run: its lines of JSON, and the sizes that it sends."""

from tests.cli.conftest import Result

MIB = 1024**2
PART = 5 * MIB
FIVE_MIB_PARTS = ("--part-size", "5MiB", "--concurrency", "1")

_FIELDS = {
    "batch": {"id", "name", "destination"},
    "transfer": {"id", "source", "destination", "state", "size_bytes", "sent_bytes"},
    "part-failed": {"id", "part_number", "message", "will_retry"},
    "progress": {
        *("files", "files_ended", "acknowledged_bytes", "in_flight_bytes", "total_bytes"),
        *("bytes_per_second", "seconds_left"),
    },
    "note": {"message"},
    "bucket": {"name", "region", "created_at"},
    "summary": {
        *("exit_code", "files", "states", "bytes", "seconds", "is_interrupted", "failures"),
        "error",
    },
}
_OPTIONAL = {"transfer": {"etag", "version_id", "checksum", "failure", "archive"}}


def check_schema(result: Result) -> None:
    """Every line is of a kind that docs/command-line.md describes; the last is the summary."""
    for event in result.events:
        fields = set(event) - {"event"}
        required = _FIELDS[event["event"]]
        assert required <= fields
        assert fields <= required | _OPTIONAL.get(event["event"], set())
    kinds = [event["event"] for event in result.events]
    assert kinds.count("summary") == 1
    assert kinds[-1] == "summary"
    assert result.summary["exit_code"] == result.status
