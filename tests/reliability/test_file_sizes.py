"""Rows F-06 to F-08: sizes, numbers and depths."""

import os
from contextlib import closing

import pytest

from s3gui.core.errors import TooLarge
from s3gui.core.events import TransfersAdded
from s3gui.core.parts import DEFAULT_PART_SIZE, PartPlan, plan_parts
from s3gui.core.provider import AWS, MIB, PROVIDERS, TIB
from s3gui.core.transfer import TransferState
from s3gui.engine.scan import scan
from s3gui.engine.source import FileSource
from tests.reliability.file_world import HERE, SECONDS, World, code


@pytest.fixture
def world():
    with closing(World()) as world:
        yield world


# F-06, F-07: sizes.


@pytest.mark.row("F-06")
def test_hard_links_and_empty_files_are_objects_and_empty_folders_are_counted(world, tmp_path):
    run = tmp_path / "run"
    (run / "none" / "none").mkdir(parents=True)
    (run / "nothing").mkdir()
    (run / "one").write_bytes(b"the same")
    (run / "two").hardlink_to(run / "one")
    (run / "zero").touch()
    rows = world.send(run)
    assert {row.state for row in rows.values()} == {TransferState.COMPLETED}
    assert world.stored() == {"run/one": b"the same", "run/two": b"the same", "run/zero": b""}
    assert world.store.count("create_multipart") == 0
    told = [event for event in world.events if isinstance(event, TransfersAdded)]
    assert told[-1].is_last
    assert told[-1].empty_folders == 2


@pytest.mark.row("F-06")
def test_a_sparse_tebibyte_is_planned_by_its_logical_size(tmp_path):
    path = tmp_path / "sparse"
    path.touch()
    try:
        os.truncate(path, TIB)
    except OSError:  # the file system of the test has a smaller limit: the plan alone is tried
        size = TIB
    else:
        (found,) = scan([path], HERE)
        with FileSource(path) as source:
            assert found.size == source.size == TIB
            assert source.read_at(TIB - 5, 5) == bytes(5)
            assert source.whole(DEFAULT_PART_SIZE) is None
            size = source.size
    plan = plan_parts(size, AWS.limits)
    assert len(plan) <= 10_000
    assert plan[-1].offset + plan[-1].length == TIB


@pytest.mark.row("F-07")
@pytest.mark.parametrize("limits", sorted({each.limits for each in PROVIDERS.values()}, key=repr))
@pytest.mark.parametrize("around", [-1, 0, 1])
def test_sizes_around_every_edge_have_an_exact_plan(limits, around):
    part = DEFAULT_PART_SIZE
    for edge in (part, 2 * part, 9_500 * part, 10_000 * part, limits.max_object_size - 1):
        size = edge + around
        plan = plan_parts(size, limits)
        assert 1 <= len(plan) <= limits.max_parts
        assert plan.part_size % MIB == 0 or len(plan) == limits.max_parts
        lengths = {each.length for each in list(plan)[:-1]}
        assert lengths <= {plan.part_size}
        assert plan[-1].offset + plan[-1].length == size
        assert limits.min_part_size <= plan.part_size <= limits.max_part_size
    assert len(plan_parts(part + around, limits)) == (2 if around == 1 else 1)
    assert len(plan_parts(2 * part + around, limits)) == (3 if around == 1 else 2)
    grown = plan_parts(10_000 * part + around, limits, part)
    assert (grown.part_size == part) == (around < 1)
    with pytest.raises(TooLarge):
        plan_parts(limits.max_object_size + 1, limits)


@pytest.mark.row("F-07")
@pytest.mark.parametrize("size", [9, 10, 11, 19, 20, 21, 29, 30, 31])
def test_a_file_around_the_edge_of_a_part_arrives_in_as_many_parts_as_it_needs(
    world, tmp_path, size
):
    path = tmp_path / "a"
    path.write_bytes(os.urandom(size))
    world.send(path)
    assert world.stored() == {"a": path.read_bytes()}
    assert world.store.count("put_object") == (size <= 10)
    assert world.store.count("upload_part") == (len(PartPlan(size, 10)) if size > 10 else 0)


# F-08: many, deep and long.


@pytest.mark.row("F-08")
def test_a_folder_of_100_000_entries_is_found_whole_and_in_order(tmp_path):
    folder = tmp_path / "many"
    folder.mkdir()
    descriptor = os.open(folder, os.O_RDONLY)
    os.close(os.open("000000", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    for number in range(1, 100_000):
        if number % 30_000:  # a file has no more names than its file system allows
            os.link(
                f"{number - 1:06}", f"{number:06}", src_dir_fd=descriptor, dst_dir_fd=descriptor
            )
        else:
            os.close(os.open(f"{number:06}", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
    os.close(descriptor)
    found = scan([folder], HERE)
    assert [each.destination.key for each in found] == [
        f"raw/many/{number:06}" for number in range(100_000)
    ]


@pytest.mark.row("F-08")
def test_sending_begins_before_a_folder_of_folders_is_read_to_its_end(world, tmp_path, monkeypatch):
    for name in ("a", "b"):
        (tmp_path / "run" / name).mkdir(parents=True)
        for number in range(600):
            (tmp_path / "run" / name / f"{number:03}").touch()
    original = os.scandir
    sent_before_the_end = []

    def scandir(path):
        if str(path).endswith("/b"):
            deadline = SECONDS * 100
            while not world.stored() and deadline:
                world.queue.wait_until_idle(0.01)
                deadline -= 1
            sent_before_the_end.append(len(world.stored()))
        return original(path)

    monkeypatch.setattr(os, "scandir", scandir)
    rows = world.send(tmp_path / "run")
    assert len(rows) == len(world.stored()) == 1200
    assert sent_before_the_end[0] > 0


@pytest.mark.row("F-08")
def test_a_path_of_more_than_4096_bytes_is_refused_row_by_row_and_stops_nothing(world, tmp_path):
    root = tmp_path / "deep"
    root.mkdir()
    descriptor = os.open(root, os.O_RDONLY)
    for _ in range(25):
        os.close(os.open("leaf", os.O_CREAT | os.O_WRONLY, dir_fd=descriptor))
        os.mkdir("d" * 250, dir_fd=descriptor)
        below = os.open("d" * 250, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(descriptor)
    rows = world.send(root)
    failures = {code(row) for row in rows.values()}
    assert failures == {None, "key-too-long", "source-unreadable"}
    assert set(world.stored()) == {"deep/" + ("d" * 250 + "/") * n + "leaf" for n in range(5)} & {
        key for key, row in rows.items() if row.failure is None
    }
    assert "deep/leaf" in world.stored()
