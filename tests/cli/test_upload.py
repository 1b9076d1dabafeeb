"""`s3gui upload` and `s3gui resume` on a fake service, in this process."""

import os
import signal
import threading
from pathlib import Path

import pytest

from s3gui import cli
from s3gui.adapters.transfer_db import TransferDb
from s3gui.cli.job import UploadJob
from s3gui.core.acl import CannedAcl
from s3gui.core.errors import AccessDenied, S3guiError, Unreachable
from s3gui.core.profile import Profile
from s3gui.core.settings import Settings
from s3gui.core.transfer import Destination, TransferState
from tests.fakes.object_store import FakeObjectStore

MIB = 1024**2


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "photos"
    (top / "raw").mkdir(parents=True)
    (top / "index.html").write_text("<p>")
    (top / "raw" / "a.nef").write_bytes(b"raw")
    return top


@pytest.fixture
def interrupt_at(monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C while a part is about to be sent, which waits until that was heard."""
    heard = threading.Event()
    set_aside = UploadJob._set_aside

    def set_aside_and_tell(job: UploadJob) -> None:
        set_aside(job)
        heard.set()

    monkeypatch.setattr(UploadJob, "_set_aside", set_aside_and_tell)

    def interrupt_at(number: int):
        def interrupt(call) -> None:
            if call.number == number and not heard.is_set():
                os.kill(os.getpid(), signal.SIGINT)
                assert heard.wait(10)

        return interrupt

    return interrupt_at


def keys(store: FakeObjectStore) -> set[str]:
    return set(store.buckets["bucket"].objects)


def kept_states(state) -> dict[TransferState, int]:
    journal = TransferDb(state.home / "transfers.sqlite")
    try:
        return {each: count.files for each, count in journal.counts().items()}
    finally:
        journal.close()


# Where things land.


@pytest.mark.parametrize(
    ("destination", "key"),
    [
        ("s3://bucket", "index.html"),
        ("s3://bucket/", "index.html"),
        ("s3://bucket/web/", "web/index.html"),
        ("s3://bucket/web", "web"),
        ("s3://bucket/a b/ü+%2F?.html", "a b/ü+%2F?.html"),
        ("s3://bucket//x//", "/x//index.html"),
        ("S3://bucket/web", "web"),
    ],
)
def test_a_file_lands_below_a_prefix_or_at_the_exact_key(
    run_here, state, folder, destination, key
) -> None:
    assert run_here("upload", folder / "index.html", destination).status == 0
    assert keys(state.store) == {key}


def test_folders_keep_their_tree(run_here, state, folder) -> None:
    assert run_here("upload", folder, folder / "index.html", "s3://bucket/x/").status == 0
    assert keys(state.store) == {
        "x/photos/index.html",
        "x/photos/raw/a.nef",
        "x/index.html",
    }


@pytest.mark.parametrize(
    ("sources", "destination", "sentence"),
    [
        (["photos"], "s3://bucket/key", "is the key of one file"),
        (["photos", "photos"], "s3://bucket/key", "is the key of one file"),
        (["-"], "s3://bucket/x/", "Standard input has no name"),
        (["-"], "s3://bucket", "Standard input has no name"),
        (["-", "photos"], "s3://bucket/key", "uploaded alone"),
        (["photos"], "bucket/x/", "is not a destination"),
        (["photos"], "s3:///x/", "is not a destination"),
        (["s3://bucket/a"], "s3://bucket/x/", "One destination"),
        ([""], "s3://bucket/x/", "cannot be empty"),
        (["a\0b"], "s3://bucket/x/", "null character"),
    ],
)
def test_what_cannot_be_meant_is_refused_before_anything_begins(
    run_here, state, folder, monkeypatch, sources, destination, sentence
) -> None:
    monkeypatch.chdir(folder.parent)
    result = run_here("upload", *sources, destination, "--json")
    assert result.status == 2
    assert sentence in result.errors
    assert len(result.errors.splitlines()) == 1
    assert result.summary["exit_code"] == 2
    assert state.store.calls == []
    assert state.kept_queues == []


def test_a_folder_without_files_is_nothing_to_upload(run_here, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    result = run_here("upload", tmp_path / "empty", "s3://bucket/")
    assert result.status == 0
    assert "1 empty folder was found and not stored" in result.errors
    assert result.errors.endswith("There is nothing to upload.\n")


# What is sent with them.


def test_the_options_reach_the_object(run_here, state, folder) -> None:
    options = [
        *("--acl", "public-read", "--content-type", "text/x-test", "--storage-class", "GLACIER"),
        *("--metadata", "owner=me", "--metadata", "year=2026", "--tag", "team=a b"),
        *("--cache-control", "max-age=60", "--content-disposition", "attachment"),
        *("--content-encoding", "gzip", "--sse", "aws:kms", "--kms-key-id", "key-1"),
    ]
    assert run_here("upload", folder / "index.html", "s3://bucket/", *options).status == 0
    sent = state.store.object(Destination("bucket", "index.html")).options
    assert sent.acl is CannedAcl.PUBLIC_READ
    assert sent.content_type == "text/x-test"
    assert sent.storage_class == "GLACIER"
    assert sent.metadata == (("owner", "me"), ("year", "2026"))
    assert sent.tags == (("team", "a b"),)
    assert sent.cache_control == "max-age=60"
    assert sent.content_disposition == "attachment"
    assert sent.content_encoding == "gzip"
    assert (sent.encryption, sent.kms_key_id) == ("aws:kms", "key-1")


def test_without_options_the_content_type_is_the_names_and_the_access_private(
    run_here, state, folder
) -> None:
    assert run_here("upload", folder / "index.html", "s3://bucket/").status == 0
    sent = state.store.object(Destination("bucket", "index.html")).options
    assert sent.content_type == "text/html"
    assert sent.acl is CannedAcl.PRIVATE


def test_the_part_size_cuts_the_file(run_here, state, tmp_path) -> None:
    source = tmp_path / "large"
    source.write_bytes(b"x" * (11 * MIB))
    assert run_here("upload", source, "s3://bucket/", "--part-size", "5MiB").status == 0
    assert sorted(call.number for call in state.store.calls if call.number) == [1, 2, 3]


@pytest.mark.parametrize("size", ["1", "5242879", "6GiB"])
def test_a_part_size_that_the_service_does_not_take_is_refused_at_once(
    run_here, state, folder, size
) -> None:
    result = run_here("upload", folder, "s3://bucket/", "--part-size", size)
    assert result.status == 2
    assert "5,242,880" in result.errors
    assert state.store.calls == []


# Which connection.


def test_a_saved_connection_is_used_by_its_name(run_here, state, folder) -> None:
    saved = Profile("7", "office", "minio", endpoint_url="https://minio.example.com")
    state.profiles.save(saved)
    assert run_here("upload", folder, "s3://bucket/", "--profile", "office").status == 0
    assert set(state.profiles_used) == {saved}


def test_an_unknown_profile_is_wrong_usage(run_here, state, folder) -> None:
    state.aws_profile_names = ["work"]
    result = run_here("upload", folder, "s3://bucket/", "--profile", "wrok")
    assert result.status == 2
    assert "“work”" in result.errors


# How it ends.


def test_nothing_but_json_is_ever_on_standard_output(run_here, folder) -> None:
    assert run_here("upload", folder, "s3://bucket/").output == ""
    result = run_here("upload", folder, "s3://bucket/", "--json")
    assert all(isinstance(event["event"], str) for event in result.events)
    assert [event["event"] for event in result.events].index("summary") == len(result.events) - 1


@pytest.mark.parametrize(
    ("rule", "status", "states"),
    [
        ("fail", 1, {"failed": 1, "completed": 1}),
        ("skip", 0, {"skipped": 1, "completed": 1}),
        ("replace", 0, {"completed": 2}),
        ("rename", 0, {"completed": 2}),
    ],
)
def test_a_key_that_exists_is_treated_by_the_rule(
    run_here, state, folder, rule, status, states
) -> None:
    taken = Destination("bucket", "photos/index.html")
    state.store.put_foreign(taken, b"theirs")
    result = run_here("upload", folder, "s3://bucket/", "--on-conflict", rule, "--json")
    assert result.status == status
    assert result.summary["states"] == states
    assert (state.store.data(taken) == b"theirs") == (rule != "replace")
    assert ("photos/index (1).html" in keys(state.store)) == (rule == "rename")


def test_one_failure_among_many_fails_the_command_and_no_other_file(
    run_here, state, folder
) -> None:
    result = run_here("upload", folder, folder / "missing", "s3://bucket/", "--json")
    assert result.status == 1
    assert "“missing” does not exist." in result.errors
    assert result.summary["states"] == {"completed": 2, "failed": 1}
    assert result.summary["failures"][0]["code"] == "source-missing"


def test_what_cannot_be_read_or_named_is_told_for_each_and_sends_nothing(
    run_here, state, tmp_path
) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    os.mkfifo(bad / "pipe")
    (bad / "link").symlink_to("/etc/hostname")
    (bad / os.fsdecode(b"\xff.txt")).write_text("x")
    result = run_here("upload", bad, "s3://bucket/x/", "--json")
    told = [event["failure"]["code"] for event in result.events if "failure" in event]
    assert sorted(told) == ["input", "source-not-a-file", "source-not-a-file"]
    assert result.status == 1
    assert state.store.calls == []


def test_a_key_of_1025_bytes_is_refused_and_one_of_1024_is_stored(run_here, state, folder) -> None:
    source = folder / "index.html"
    result = run_here("upload", source, f"s3://bucket/{'k' * 1025}", "--json")
    assert result.status == 1
    assert result.summary["failures"][0]["code"] == "key-too-long"
    assert state.store.calls == []
    assert run_here("upload", source, f"s3://bucket/{'k' * 1024}").status == 0


def test_a_hundred_equal_failures_are_one_sentence_at_the_end(run_here, state, tmp_path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(100):
        (many / f"{number}.txt").write_text("x")
    state.store.fail("put_object", AccessDenied("No."), times=100)
    result = run_here("upload", many, "s3://bucket/")
    assert result.status == 1
    assert sum("100 files: No." in line for line in result.errors.splitlines()) == 1
    assert len(result.errors.splitlines()) <= 6


def test_credentials_that_are_missing_say_how_to_give_them(
    run_here, state, folder, monkeypatch
) -> None:
    from s3gui.core.errors import CredentialsMissing

    def missing(profile):
        raise CredentialsMissing

    monkeypatch.setattr(type(state), "_store", staticmethod(missing))
    result = run_here("upload", folder, "s3://bucket/")
    assert result.status == 1
    assert "AWS_ACCESS_KEY_ID" in result.errors


# How much at once.


def test_concurrency_sets_both_pools(run_here, state, folder) -> None:
    run_here("upload", folder, "s3://bucket/", "--concurrency", "3")
    assert (state.pools.files_at_once, state.pools.parts_at_once) == (3, 3)


def test_without_it_the_saved_settings_count(run_here, state, folder) -> None:
    from s3gui.adapters.settings_file import SettingsFile

    state.home.mkdir()
    SettingsFile(state.home / "settings.json").save(Settings(parts_at_once=5, files_at_once=2))
    run_here("upload", folder, "s3://bucket/")
    assert (state.pools.files_at_once, state.pools.parts_at_once) == (2, 5)


def test_a_limit_of_the_settings_counts_here_too_and_is_told(run_here, state, folder) -> None:
    _save(state, Settings(most_bytes_per_second=5_000_000))
    result = run_here("upload", folder, "s3://bucket/")
    assert state.bandwidth.bytes_per_second == 5_000_000
    assert "limit the speed to 5.0 MB/s" in result.errors


def test_a_limit_that_is_typed_counts_for_this_run_only(run_here, state, folder) -> None:
    _save(state, Settings(most_bytes_per_second=5_000_000, files_at_once=2))
    result = run_here("upload", folder, "s3://bucket/", "--limit-rate", "30MB/s")
    assert state.bandwidth.bytes_per_second == 30_000_000
    assert state.pools.files_at_once == 2
    assert "limit" not in result.errors
    run_here("upload", folder, "s3://bucket/", "--limit-rate", "none", "--on-conflict", "skip")
    assert state.bandwidth.bytes_per_second is None


def test_hours_of_the_settings_are_told_with_what_holds_now(run_here, state, folder) -> None:
    _save(
        state,
        Settings(
            most_bytes_per_second=5_000_000,
            most_bytes_per_second_otherwise=5_000_000,
            limit_has_hours=True,
        ),
    )
    result = run_here("upload", folder, "s3://bucket/")
    assert "from 08:00 to 18:00; the limit now is 5.0 MB/s" in result.errors


@pytest.mark.parametrize("rate", ["", "fast", "-1", "5", "0", "2 MB/h"])
def test_a_rate_that_cannot_be_is_refused(run_here, folder, rate) -> None:
    result = run_here("upload", folder, "s3://bucket/", "--limit-rate", rate)
    assert result.status == 2


def _save(state, settings: Settings) -> None:
    from s3gui.adapters.settings_file import SettingsFile

    state.home.mkdir(exist_ok=True)
    SettingsFile(state.home / "settings.json").save(settings)


def test_with_a_concurrency_of_one_requests_come_one_after_another(
    run_here, state, tmp_path
) -> None:
    source = tmp_path / "large"
    source.write_bytes(b"x" * (30 * MIB))
    busy = threading.Semaphore(1)
    overlaps = []

    def enter(call):
        overlaps.append(not busy.acquire(blocking=False))
        busy.release()

    state.store.before["upload_part"] = enter
    arguments = ["--part-size", "5MiB", "--concurrency", "1"]
    assert run_here("upload", source, "s3://bucket/", *arguments).status == 0
    assert overlaps == [False] * 6


# The queue.


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


# The unexpected.


def test_a_fault_of_the_program_is_a_sentence_and_with_debug_a_traceback(
    state, folder, capsys
) -> None:
    def broken(**arguments):
        raise ZeroDivisionError

    argv = ["upload", str(folder), "s3://bucket/"]
    assert cli.main(argv, open_workspace=broken) == 1
    output, errors = capsys.readouterr()
    assert errors.startswith("Something unexpected happened")
    assert "Traceback" not in errors
    assert output == ""

    assert cli.main([*argv, "--debug"], open_workspace=broken) == 1
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_the_programs_own_warnings_do_not_reach_the_terminal_unless_asked_for(
    run_here, state, folder
) -> None:
    state.store.fail("put_object", ZeroDivisionError("a bug"))
    quiet = run_here("upload", folder / "index.html", "s3://bucket/")
    assert quiet.status == 1
    assert "Traceback" not in quiet.errors
    state.store.fail("put_object", ZeroDivisionError("a bug"))
    assert "Traceback" in run_here("upload", folder, "s3://bucket/", "--debug").errors


def test_a_service_that_never_answers_fails_with_its_name(run_here, state, folder) -> None:
    state.store.fail("put_object", Unreachable("host.example cannot be reached."), times=100)
    result = run_here("upload", folder / "index.html", "s3://bucket/")
    assert result.status == 1
    assert "host.example cannot be reached." in result.errors


def test_an_error_of_the_state_is_told_and_fails(capsys, folder) -> None:
    def refuse(**arguments):
        raise S3guiError("The settings cannot be read.", hint="Mend them.")

    assert cli.main(["upload", str(folder), "s3://bucket/"], open_workspace=refuse) == 1
    assert capsys.readouterr().err == "The settings cannot be read. Mend them.\n"
