"""`s3gui upload` and `s3gui resume` on a fake service, in this process."""

import os

import pytest

from s3gui import cli
from s3gui.core.acl import CannedAcl
from s3gui.core.errors import AccessDenied, S3guiError, Unreachable
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination
from tests.cli.kept import MIB, keys

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
