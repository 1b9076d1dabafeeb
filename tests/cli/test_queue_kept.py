import os
import signal
from pathlib import Path

from s3gui.core.errors import AccessDenied
from s3gui.core.transfer import Destination, TransferState
from tests.cli.kept import MIB, kept_states, keys


def test_what_is_done_stays_in_the_queue_as_done(run_here, state, folder) -> None:
    run_here("upload", folder, "s3://bucket/")
    assert kept_states(state) == {TransferState.COMPLETED: 2}


def test_while_another_process_owns_the_queue_the_upload_runs_without_it(
    run_here, state, folder
) -> None:
    state.is_in_use = True
    result = run_here("upload", folder, "s3://bucket/", "--json")
    assert result.status == 0
    assert result.errors.startswith("Another s3gui has the queue")
    assert result.events[0]["event"] == "note"
    assert keys(state.store) == {"photos/index.html", "photos/raw/a.nef"}


def test_without_a_queue_of_its_own_a_failure_leaves_nothing_on_the_service(
    run_here, state, tmp_path
) -> None:
    state.is_in_use = True
    source = tmp_path / "large"
    source.write_bytes(b"x" * (17 * MIB))
    state.store.fail("upload_part", AccessDenied("No."), number=2)
    result = run_here("upload", source, "s3://bucket/", "--json")
    assert result.status == 1
    assert result.summary["states"] == {"failed": 1}
    assert state.store.open_uploads() == []
    assert "run the same command again" in result.errors


def test_resume_goes_on_with_what_was_interrupted(run_here, state, tmp_path, interrupt_at) -> None:
    source = tmp_path / "large"
    source.write_bytes(os.urandom(17 * MIB))
    state.store.before["upload_part"] = interrupt_at(3)
    first = run_here("upload", source, "s3://bucket/", "--concurrency", "1", "--json")
    assert first.status == 130
    assert first.summary["is_interrupted"]
    assert first.summary["states"] == {"paused": 1}
    assert "s3gui resume" in first.errors
    assert kept_states(state) == {TransferState.PAUSED: 1}
    assert len(state.store.open_uploads()) == 1

    sent_before = state.store.count("upload_part")
    second = run_here("resume", "--json")
    assert second.status == 0
    assert second.summary["states"] == {"completed": 1}
    assert state.store.count("upload_part") - sent_before == 1
    assert state.store.data(Destination("bucket", "large")) == source.read_bytes()


def test_resume_counts_only_what_it_did_itself(run_here, state, folder, tmp_path) -> None:
    run_here("upload", folder, folder / "missing", "s3://bucket/")
    result = run_here("resume", "--json")
    assert (result.status, result.summary["files"]) == (0, 0)
    assert "There is nothing to upload." in result.errors
    assert "Failed earlier, and not tried again without --failed: 1." in result.errors

    (folder / "missing").write_text("now it is there")
    result = run_here("resume", "--failed", "--json")
    assert result.status == 0
    assert result.summary["states"] == {"completed": 1}
    assert "missing" in keys(state.store)
    assert result.summary["failures"] == []
    assert "does not exist" not in result.errors


def test_a_queue_that_was_set_aside_is_told_by_the_command_that_did_it(run_here, state) -> None:
    state.home.mkdir()
    (state.home / "transfers.sqlite").write_text("no database")
    (state.home / "profiles.json").write_text("no profiles")
    result = run_here("resume", "--json")
    notes = [event["message"] for event in result.events if event["event"] == "note"]
    assert ["The queue" in note for note in notes] == [True, False]
    for note in notes:
        assert note in result.errors
        kept = Path(note.split("“")[1].split("”")[0])
        assert kept.read_text().startswith("no ")
    assert run_here("resume").errors == "There is nothing to upload.\n"


def test_resume_needs_the_queue_and_says_who_has_it(run_here, state) -> None:
    state.is_in_use = True
    result = run_here("resume", "--json")
    assert result.status == 1
    assert "window" in result.errors
    assert result.summary["error"]["code"] == "queue-in-use"


def test_an_interrupted_upload_without_a_queue_leaves_nothing_on_the_service(
    run_here, state, tmp_path, interrupt_at
) -> None:
    state.is_in_use = True
    source = tmp_path / "large"
    source.write_bytes(b"x" * (17 * MIB))
    state.store.before["upload_part"] = interrupt_at(2)
    result = run_here("upload", source, "s3://bucket/", "--concurrency", "1", "--json")
    assert result.status == 130
    assert state.store.open_uploads() == []
    assert "run the same command again" in result.errors


def test_a_signal_before_the_first_file_was_found_leaves_nothing_running(
    run_here, state, folder, monkeypatch
) -> None:
    opens = state.open_workspace

    def open_and_interrupt(**arguments):
        os.kill(os.getpid(), signal.SIGTERM)
        return opens(**arguments)

    monkeypatch.setattr(state, "open_workspace", open_and_interrupt)
    result = run_here("upload", folder, "s3://bucket/", "--json")
    assert result.status == 130
    assert result.summary["event"] == "summary"
    assert state.store.count("put_object") == 0
    assert TransferState.QUEUED not in kept_states(state)
