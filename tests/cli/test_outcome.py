import pytest

from s3gui.cli.failures import Failures
from s3gui.cli.outcome import Outcome
from s3gui.core.errors import InputError, KeyTooLong, Unreachable
from s3gui.core.transfer import TransferState
from s3gui.engine.ports import Count
from tests.cli.transfers import failed, transfer

STORED = {TransferState.COMPLETED: Count(3, 300, 300)}
SKIPPED = {TransferState.SKIPPED: Count(2, 200, 0)}
FAILED = {TransferState.FAILED: Count(1, 100, 0)}
PAUSED = {TransferState.PAUSED: Count(4, 400, 0)}


def failures(code: str = "unreachable") -> Failures:
    told = Failures()
    told.add(failed(1, code))
    return told


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (Outcome(STORED), 0),
        (Outcome(STORED | SKIPPED), 0),
        (Outcome({}), 0),
        (Outcome(STORED | FAILED), 1),
        (Outcome(STORED | PAUSED), 1),
        (Outcome(STORED | PAUSED, is_interrupted=True), 130),
        (Outcome({}, is_interrupted=True), 130),
        (Outcome(STORED, is_interrupted=True), 0),
        (Outcome(STORED, is_interrupted=True, is_all_found=False), 130),
        (Outcome({}, error=InputError("no")), 2),
        (Outcome({}, error=KeyTooLong("no")), 2),
        (Outcome({}, error=Unreachable()), 1),
        (Outcome(STORED, error=InputError("no")), 1),
    ],
)
def test_the_exit_status_tells_the_truth(outcome: Outcome, status: int) -> None:
    assert outcome.exit_code == status


def test_all_stored_is_one_sentence() -> None:
    assert Outcome(STORED, seconds=2).sentences() == [
        "Stored and verified 3 files (300 B) in 2.0 s."
    ]


def test_one_object_is_called_by_its_address() -> None:
    one = Outcome({TransferState.COMPLETED: Count(1, 100, 100)}, 1, last_stored=transfer())
    (sentence,) = one.sentences()
    assert sentence.startswith("Stored and verified s3://bucket/prefix/file-1.bin (100 B)")


def test_the_rate_is_that_of_the_bytes_that_went_now() -> None:
    counts = {TransferState.COMPLETED: Count(1, 50_000_000, 50_000_000)}
    assert Outcome(counts, seconds=2, earlier_bytes=30_000_000).sentences() == [
        "Stored and verified 1 file (50.0 MB) in 2.0 s, 10.0 MB/s."
    ]


def test_what_failed_and_what_was_skipped_is_counted() -> None:
    outcome = Outcome(STORED | SKIPPED | FAILED, seconds=2, failures=failures())
    assert outcome.sentences() == [
        "Stored and verified 3 files (300 B) in 2.0 s; 2 skipped because the key exists, 1 failed.",
        "To try again: “s3gui resume --failed”, or in the window.",
    ]


def test_trying_again_is_not_advised_where_it_is_in_vain() -> None:
    outcome = Outcome(FAILED, failures=failures("already-exists"))
    assert outcome.sentences() == ["Nothing was stored; 1 failed."]


def test_an_interrupted_run_says_how_to_go_on() -> None:
    kept = Outcome(STORED | PAUSED, is_interrupted=True).sentences()
    assert "s3gui resume" in kept[-1]
    lost = Outcome(STORED | PAUSED, is_interrupted=True, is_kept=False).sentences()
    assert "--on-conflict skip" in lost[-1]
    partly = Outcome(STORED | PAUSED, is_interrupted=True, is_all_found=False).sentences()
    assert "--on-conflict skip" in partly[-1]


def test_an_empty_folder_is_no_failure_but_is_told() -> None:
    assert Outcome({}).sentences() == ["There is nothing to upload."]


def test_an_error_of_the_whole_run_is_told_first() -> None:
    sentences = Outcome({}, error=InputError("This cannot be.", hint="Do that.")).sentences()
    assert sentences == ["This cannot be. Do that."]
