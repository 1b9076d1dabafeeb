"""Folders as archives, unpacked again by other people's programs."""

import gzip
import io
import os
import shutil
import stat
import subprocess
import sys
import tarfile
import threading
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from s3gui.core.archive import ARCHIVE_KINDS, SourceKind
from s3gui.core.errors import InputError, SourceChanged, SourceMissing, SourceNotAFile
from s3gui.core.provider import AWS, MIB
from s3gui.engine.archive import ArchiveSource
from s3gui.engine.stop import Stop, Stopped, StopReason

TAR, TAR_GZ, ZIP = ARCHIVE_KINDS
LONG = "n" * 200
NAMES = [
    "a b+&?.txt",
    "ü — 日本 🎞.nef",
    "-rf",
    "quote'\"$(x).txt",
    "new\nline",
    ".hidden",
    f"{LONG}/{LONG}/{LONG}.bin",
    "e\u0301.txt",
    "\u00e9.txt",
    "zero",
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    top = tmp_path / "run 17"
    top.mkdir()
    for number, name in enumerate(NAMES):
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(number * 700) if name != "zero" else b"")
    (top / "empty" / "in empty").mkdir(parents=True)
    (top / "twin").hardlink_to(top / "-rf")
    (top / "to twin").symlink_to("twin")
    (top / "outside").symlink_to("/etc/passwd")
    (top / "dangling").symlink_to("nothing here")
    (top / "script.sh").write_bytes(b"#!/bin/sh\n")
    (top / "script.sh").chmod(0o755)
    os.utime(top / "script.sh", (1_000_000_000, 1_000_000_000))
    sparse = top / "sparse"
    sparse.touch()
    os.truncate(sparse, 3 * MIB)
    return top


def archived(folder: Path, kind: SourceKind) -> bytes:
    return made(folder, kind)[0]


def made(folder: Path, kind: SourceKind, change=lambda _read: None):
    """The archive and its manifest; `change` is told how many bytes were read so far."""
    data = bytearray()
    with ArchiveSource(folder, kind, AWS.limits, Stop()) as source:
        for chunk in source._chunks:
            data += chunk
            change(len(data))
        return bytes(data), source.manifest


def tree(top: Path) -> dict[str, object]:
    """By relative name: bytes of a file, target of a link, None for a folder."""
    found: dict[str, object] = {}
    for path in sorted(top.rglob("*")):
        name = str(path.relative_to(top))
        if path.is_symlink():
            found[name] = path.readlink()
        elif path.is_dir():
            found[name] = None
        else:
            found[name] = path.read_bytes()
    return found


def with_python(archive: Path, target: Path, kind: SourceKind) -> None:
    if kind is ZIP:
        with zipfile.ZipFile(archive) as opened:
            assert opened.testzip() is None
        shutil.unpack_archive(archive, target, "zip")
    else:
        with tarfile.open(archive) as opened:
            opened.extraction_filter = getattr(tarfile, "tar_filter", None)  # since 3.11.4
            opened.extractall(target)


def with_a_program(archive: Path, target: Path, kind: SourceKind) -> None:
    words = (
        ["unzip", "-q", archive, "-d", target]
        if kind is ZIP
        else ["tar", "xf", archive, "-C", target]
    )
    if shutil.which(words[0]) is None:
        pytest.skip(f"{words[0]} is not installed")
    subprocess.run(words, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})


@pytest.mark.row("F-14")
@pytest.mark.skipif(sys.platform == "win32", reason="makes links and names that Windows refuses")
@pytest.mark.parametrize("kind", ARCHIVE_KINDS)
def test_an_archive_is_unpacked_as_what_the_folder_was(folder, tmp_path, kind):
    path, target = tmp_path / "made", tmp_path / "target"
    target.mkdir()
    data, manifest = made(folder, kind)
    path.write_bytes(data)
    with_a_program(path, target, kind)
    expected = tree(folder)
    if kind is ZIP:  # unzip drops control characters from names
        expected["newline"] = expected.pop("new\nline")
    assert tree(target / folder.name) == expected
    assert [each.name for each in target.iterdir()] == [folder.name]
    script = target / folder.name / "script.sh"
    assert stat.S_IMODE(script.stat().st_mode) == 0o755
    assert script.stat().st_mtime == 1_000_000_000
    assert manifest.members == len(tree(folder)) + 1
    assert manifest.skipped_count == 0


@pytest.mark.parametrize("kind", ARCHIVE_KINDS)
def test_pythons_own_reader_agrees(folder, tmp_path, kind):
    for link in ("outside", "dangling", "to twin"):
        (folder / link).unlink()
    path, target = tmp_path / "made", tmp_path / "target"
    path.write_bytes(archived(folder, kind))
    with_python(path, target, kind)
    assert tree(target / folder.name) == tree(folder)


@pytest.mark.parametrize("kind", ARCHIVE_KINDS)
def test_the_same_folder_gives_the_same_bytes(folder, kind):
    assert archived(folder, kind) == archived(folder, kind)


def test_a_tar_gz_is_the_tar_compressed(folder):
    assert gzip.decompress(archived(folder, TAR_GZ)) == archived(folder, TAR)


def test_names_are_relative_and_links_are_stored_and_not_followed(folder):
    with tarfile.open(fileobj=io.BytesIO(archived(folder, TAR))) as opened:
        for member in opened:
            assert not member.name.startswith("/")
            assert ".." not in member.name.split("/")
        assert opened.getmember("run 17/outside").linkname == "/etc/passwd"
        assert opened.getmember("run 17/outside").issym()


@pytest.mark.parametrize("typed", ["..", ".", "sub/.."])
def test_a_folder_that_was_named_by_dots_keeps_its_name(folder, typed, monkeypatch):
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub" if typed == ".." else folder)
    source = ArchiveSource(Path(typed).absolute(), TAR, AWS.limits, Stop())
    with tarfile.open(fileobj=io.BytesIO(b"".join(source._chunks))) as opened:
        assert opened.getnames()[0] == "run 17"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="such names need Linux")
def test_a_name_that_is_not_unicode_is_kept_by_tar_and_refused_by_zip(tmp_path):
    top = tmp_path / "t"
    top.mkdir()
    Path(os.fsdecode(os.fsencode(top) + b"/caf\xe9")).write_bytes(b"x")
    with tarfile.open(fileobj=io.BytesIO(archived(top, TAR))) as opened:
        assert [os.fsencode(name) for name in opened.getnames()] == [b"t", b"t/caf\xe9"]
    with pytest.raises(InputError, match="not valid Unicode"):
        archived(top, ZIP)


@pytest.mark.skipif(sys.platform == "win32", reason="a backslash parts names there")
def test_a_backslash_is_kept_by_tar_and_refused_by_zip(tmp_path):
    top = tmp_path / "t"
    top.mkdir()
    (top / "..\\..\\evil").write_bytes(b"x")
    with tarfile.open(fileobj=io.BytesIO(archived(top, TAR))) as opened:
        assert "t/..\\..\\evil" in opened.getnames()
    with pytest.raises(InputError, match="backslash"):
        archived(top, ZIP)


@pytest.mark.row("F-14")
@pytest.mark.parametrize("kind", ARCHIVE_KINDS)
def test_what_vanishes_is_left_out_and_named_and_the_archive_is_valid(tmp_path, kind):
    top = tmp_path / "t"
    (top / "z").mkdir(parents=True)
    for name in ("a", "b", "z/c"):
        (top / name).write_bytes(os.urandom(300_000))

    def vanish(read: int) -> None:
        if read and (top / "b").exists():
            (top / "b").unlink()
            shutil.rmtree(top / "z")

    data, manifest = made(top, kind, vanish)
    path, target = tmp_path / "made", tmp_path / "target"
    path.write_bytes(data)
    with_python(path, target, kind)
    assert set(tree(target / "t")) == {"a"}
    assert {each.name for each in manifest.skipped} == {"t/b", "t/z"}
    assert manifest.skipped_count == 2
    assert manifest.members == 2
    assert all("does not exist" in each.reason for each in manifest.skipped)


@pytest.mark.row("F-14")
@pytest.mark.parametrize("kind", ARCHIVE_KINDS)
@pytest.mark.parametrize("how", ["grows", "shrinks", "is rewritten"])
def test_a_member_that_changes_while_it_is_read_ends_the_archive(tmp_path, kind, how):
    top = tmp_path / "t"
    top.mkdir()
    log = top / "log"
    log.write_bytes(os.urandom(3 * MIB))
    changed = threading.Event()

    def change(read: int) -> None:
        if read > MIB and not changed.is_set():
            changed.set()
            if how == "shrinks":
                os.truncate(log, 10)
            else:
                with log.open("ab" if how == "grows" else "r+b") as file:
                    file.write(b"x")

    with pytest.raises(SourceChanged, match="log"):
        made(top, kind, change)
    assert changed.is_set()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes in folders")
@pytest.mark.parametrize("kind", ARCHIVE_KINDS)
def test_pipes_are_left_out_and_named(tmp_path, kind):
    top = tmp_path / "t"
    top.mkdir()
    os.mkfifo(top / "fifo")
    _, manifest = made(top, kind)
    assert [(each.name, each.reason) for each in manifest.skipped] == [
        ("t/fifo", "It is a pipe, a socket or a device.")
    ]


def test_only_folders_are_archived(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(SourceNotAFile, match="not a folder"):
        ArchiveSource(tmp_path / "file", TAR, AWS.limits, Stop())
    with pytest.raises(SourceMissing):
        ArchiveSource(tmp_path / "nothing", TAR, AWS.limits, Stop())


def test_a_stop_is_heard_while_the_folder_is_counted_and_while_it_is_read(folder):
    stop = Stop()
    source = ArchiveSource(folder, TAR, AWS.limits, stop)
    next(source._chunks)
    stop.request(StopReason.PAUSED)
    with pytest.raises(Stopped):
        list(source._chunks)
    with pytest.raises(Stopped):
        ArchiveSource(folder, TAR, AWS.limits, stop)


@pytest.mark.parametrize("kind", ARCHIVE_KINDS)
def test_a_stop_is_heard_within_a_member(tmp_path, kind):
    (tmp_path / "large").write_bytes(os.urandom(4 * MIB))
    stop = Stop()
    with ArchiveSource(tmp_path, kind, AWS.limits, stop) as source:
        while not source.manifest.member_bytes:
            next(source._chunks)
        stop.request(StopReason.PAUSED)
        with pytest.raises(Stopped):
            next(source._chunks)


@pytest.mark.parametrize("kind", ARCHIVE_KINDS)
def test_memory_stays_small_whatever_a_member_has(tmp_path, kind):
    top = tmp_path / "t"
    top.mkdir()
    large = top / "large"
    large.touch()
    os.truncate(large, 24 * MIB)
    with ArchiveSource(top, kind, AWS.limits, Stop()) as source:
        tracemalloc.start()
        length = sum(map(len, source._chunks))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert length > 20_000
    assert peak < 6 * MIB


def test_parts_are_as_large_as_the_folder_needs(tmp_path):
    """A folder of 200 GiB fits into parts that are never spooled to a file."""
    large = tmp_path / "large"
    large.touch()
    try:
        os.truncate(large, 200 * 1024 * MIB)
    except OSError:
        pytest.skip("the file system of the tests has no room for a sparse file of 200 GiB")
    source = ArchiveSource(tmp_path, TAR, AWS.limits, Stop())
    sizes = {next(source._sizes) for _ in range(9000)}
    assert sizes == {22 * MIB}


@settings(max_examples=30)
@given(st.lists(st.integers(0, 3000), max_size=6), st.sampled_from(ARCHIVE_KINDS))
def test_any_sizes_are_read_back(tmp_path_factory, sizes, kind):
    top = tmp_path_factory.mktemp("sizes") / "t"
    top.mkdir()
    for number, size in enumerate(sizes):
        (top / f"f{number}").write_bytes(os.urandom(size))
    data = io.BytesIO(archived(top, kind))
    if kind is ZIP:
        with zipfile.ZipFile(data) as opened:
            read = {name: opened.read(name) for name in opened.namelist() if name != "t/"}
    else:
        assert len(data.getvalue()) % 10240 == 0 or kind is TAR_GZ
        with tarfile.open(fileobj=data) as opened_tar:
            read = {
                each.name: opened_tar.extractfile(each).read()
                for each in opened_tar
                if each.isfile()
            }
    assert read == {
        f"t/f{number}": (top / f"f{number}").read_bytes() for number in range(len(sizes))
    }
