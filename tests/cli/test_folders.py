"""`s3gui upload --archive` and `--empty-folders`."""

import io
import os
import tarfile
import zipfile

import pytest

from s3gui.core.transfer import Destination


@pytest.fixture
def folder(tmp_path):
    top = tmp_path / "run 17"
    (top / "nothing").mkdir(parents=True)
    (top / "a").write_bytes(b"a" * 5000)
    return top


def keys(state):
    return set(state.store.buckets["bucket"].objects)


def data(state, key):
    return state.store.data(Destination("bucket", key))


@pytest.mark.parametrize(
    ("kind", "destination", "key"),
    [
        ("tar", "s3://bucket", "run 17.tar"),
        ("tar.gz", "s3://bucket/x/", "x/run 17.tar.gz"),
        ("zip", "s3://bucket/x/y.zip", "x/y.zip"),
    ],
)
def test_a_folder_is_sent_as_one_archive(run_here, state, folder, kind, destination, key):
    result = run_here("upload", "--archive", kind, folder, destination, "--json")
    assert result.status == 0
    assert keys(state) == {key}
    if kind == "zip":
        with zipfile.ZipFile(io.BytesIO(data(state, key))) as opened:
            names = opened.namelist()
    else:
        with tarfile.open(fileobj=io.BytesIO(data(state, key))) as opened:
            names = opened.getnames()
    assert [name.rstrip("/") for name in names] == ["run 17", "run 17/a", "run 17/nothing"]
    (told,) = [event for event in result.events if event.get("state") == "completed"]
    assert told["size_bytes"] == len(data(state, key))
    assert told["archive"] == {
        "members": 3,
        "member_bytes": 5000,
        "skipped_count": 0,
        "skipped": [],
    }


def test_what_an_archive_lacks_is_told_and_in_the_report(run_here, state, folder):
    os.mkfifo(folder / "fifo")
    result = run_here("upload", "--archive", "tar", folder, "s3://bucket", "--json")
    assert result.status == 0
    assert "Left out of “run 17.tar”: “run 17/fifo”: It is a pipe" in result.errors
    (told,) = [event for event in result.events if event.get("state") == "completed"]
    assert told["archive"]["skipped"] == [
        {"name": "run 17/fifo", "reason": "It is a pipe, a socket or a device."}
    ]


def test_an_archive_is_made_of_one_folder(run_here, state, folder):
    for sources in ([folder / "a"], [folder, folder], ["-"], [folder / "missing"]):
        result = run_here("upload", "--archive", "zip", *sources, "s3://bucket/")
        assert result.status == 2
        assert "one folder" in result.errors
    both = run_here("upload", "--archive", "zip", "--empty-folders", folder, "s3://bucket/")
    assert both.status == 2
    assert keys(state) == set()


@pytest.mark.row("F-06")
def test_empty_folders_are_told_and_stored_only_where_that_was_asked(run_here, state, folder):
    told = run_here("upload", folder, "s3://bucket")
    assert told.status == 0
    assert "1 empty folder was found and not stored" in told.errors
    assert keys(state) == {"run 17/a"}
    marked = run_here(
        "upload", folder, "s3://bucket", "--empty-folders", "--on-conflict", "skip", "--json"
    )
    assert marked.status == 0
    assert "empty folder" not in marked.errors
    assert keys(state) == {"run 17/a", "run 17/nothing/"}
    assert marked.summary["states"] == {"completed": 1, "skipped": 1}
