import os
import sys

import pytest

from s3gui.core.errors import InputError, SourceMissing
from s3gui.core.transfer import Destination
from s3gui.engine.scan import scan


def keys(paths, destination="s3://bucket/raw/"):
    return [found.destination.key for found in scan(paths, Destination.parse(destination))]


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "run 14"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "2.txt").write_text("two")
    (folder / "a.txt").write_text("a")
    (folder / "b" / "ü+&?.txt").write_text("x")
    return folder


def test_a_file_lands_below_the_prefix_and_a_folder_with_its_tree(tree):
    assert keys([tree / "a.txt"]) == ["raw/a.txt"]
    assert keys([tree]) == ["raw/run 14/a.txt", "raw/run 14/b/2.txt", "raw/run 14/b/ü+&?.txt"]
    assert keys([tree], "s3://bucket") == [
        "run 14/a.txt",
        "run 14/b/2.txt",
        "run 14/b/ü+&?.txt",
    ]


def test_without_a_final_slash_the_destination_is_the_key(tree):
    assert keys([tree / "a.txt"], "s3://bucket/exact") == ["exact"]


def test_several_sources_need_a_prefix(tree):
    with pytest.raises(InputError, match="ends in a slash"):
        keys([tree / "a.txt", tree / "b" / "2.txt"], "s3://bucket/exact")
    with pytest.raises(InputError, match="ends in a slash"):
        keys([tree], "s3://bucket/exact")


def test_a_folder_named_by_dots_keeps_its_own_name(tree, monkeypatch):
    monkeypatch.chdir(tree / "b")
    assert keys(["."]) == ["raw/b/2.txt", "raw/b/ü+&?.txt"]
    assert keys([".."])[0] == "raw/run 14/a.txt"


def test_what_cannot_go_is_found_with_its_reason_and_stops_nothing(tree):
    os.mkfifo(tree / "pipe")
    (tree / "link").symlink_to(tree / "a.txt")
    (tree / ("x" * 250)).write_text("long")
    found = list(scan([tree, tree / "missing"], Destination("bucket", "p" * 800 + "/")))
    reasons = {each.destination.key.rsplit("/", 1)[1]: each.failure for each in found}
    assert reasons["a.txt"] is None
    assert reasons["pipe"].code == "source-not-a-file"
    assert reasons["link"].code == "source-not-a-file"
    assert reasons["x" * 250].code == "key-too-long"
    assert reasons["missing"].code == "source-missing"


def test_a_name_that_no_file_can_have_is_found_with_its_reason(tmp_path):
    (found,) = scan([tmp_path / ("x" * 300)], Destination("bucket", "exact"))
    assert found.failure.code == "source-unreadable"


def test_a_link_that_was_named_itself_is_followed(tree, tmp_path):
    link = tmp_path / "link.txt"
    link.symlink_to(tree / "a.txt")
    (found,) = scan([link], Destination("bucket", ""))
    assert found.failure is None
    assert found.size == 1


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name")
def test_a_name_that_is_not_unicode_is_refused_in_its_row(tree):
    os.close(os.open(os.fsencode(tree) + b"/caf\xe9", os.O_CREAT | os.O_WRONLY))
    found = list(scan([tree], Destination("bucket", "")))
    (bad,) = [each for each in found if each.failure]
    assert "not valid Unicode" in bad.failure.message
    assert os.fsencode(bad.path).endswith(b"caf\xe9")


@pytest.mark.row("F-08")
def test_a_very_deep_tree_is_walked_without_recursion(tmp_path):
    folder = tmp_path / "deep"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    for _ in range(200):
        os.mkdir("d", dir_fd=descriptor)
        below = os.open("d", os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(os.open("leaf", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    (found,) = scan([folder], Destination("bucket", ""))
    assert found.destination.key == "deep/" + "d/" * 200 + "leaf"


def test_files_are_found_one_by_one(tree):
    found = scan([tree / "a.txt", tree / "missing"], Destination("bucket", ""))
    assert next(found).failure is None


def test_a_file_that_goes_while_its_folder_is_read_is_found_with_its_reason(tmp_path):
    for name in ("1", "2", "3"):
        (tmp_path / name).write_text(name)
    found = scan([tmp_path], Destination("bucket", ""))
    assert next(found).failure is None
    (tmp_path / "2").unlink()
    gone, last = found
    assert gone.path == str(tmp_path / "2")
    assert gone.failure.code == "source-missing"
    assert gone.depth == 1
    assert last.failure is None


@pytest.mark.parametrize("name", ["half \ud800", "nothing \0"])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has names with half characters")
def test_a_name_that_no_file_of_the_system_can_have_is_refused_at_once(tree, name):
    """Found by 1,000 random lines: it ended in a traceback, and no row could hold it."""
    with pytest.raises(SourceMissing, match="does not exist"):
        keys([tree / "a.txt", tree / name])
