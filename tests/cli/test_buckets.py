from datetime import UTC, datetime

from s3gui.cli.buckets import table
from s3gui.core.errors import AccessDenied, Unreachable
from s3gui.engine.ports import Bucket


def test_buckets_stand_in_columns() -> None:
    created = datetime(2026, 1, 2, tzinfo=UTC)
    assert table([Bucket("a", "us-east-1", created), Bucket("long-name", None, None)]) == [
        "a          us-east-1  2026-01-02",
        "long-name  -          -",
    ]
    assert table([]) == []


def test_a_buckets_name_cannot_steer_the_terminal() -> None:
    (line,) = table([Bucket("a\x1b[2J")])
    assert "\x1b" not in line


def test_buckets_go_to_standard_output(run_here) -> None:
    result = run_here("buckets")
    assert (result.status, result.output, result.errors) == (
        0,
        "bucket  us-east-1  2026-01-01\n",
        "",
    )


def test_programs_get_a_line_of_json_for_each_and_one_at_the_end(run_here) -> None:
    result = run_here("buckets", "--json")
    assert result.events == [
        {
            "event": "bucket",
            "name": "bucket",
            "region": "us-east-1",
            "created_at": "2026-01-01T00:00:00+00:00",
        },
        {"event": "summary", "exit_code": 0, "buckets": 1, "error": None},
    ]


def test_listing_leaves_the_queue_to_whoever_has_it(run_here, state) -> None:
    state.is_in_use = True
    assert run_here("buckets").status == 0
    assert state.kept_queues == [False]


def test_who_may_not_list_may_still_upload_and_is_told_so(run_here, state) -> None:
    state.store.fail("list_buckets", AccessDenied("No."))
    result = run_here("buckets")
    assert result.status == 1
    assert "uploading" in result.errors


def test_a_service_that_cannot_be_reached_is_one_sentence(run_here, state) -> None:
    state.store.fail("list_buckets", Unreachable("Nobody answers."))
    result = run_here("buckets", "--json")
    assert result.status == 1
    assert result.errors.startswith("Nobody answers.")
    assert result.summary["error"]["code"] == "unreachable"
