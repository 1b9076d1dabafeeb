"""Rows F-11 and F-12: names."""

import os
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from s3gui.core.profile import Profile
from tests.reliability.file_world import HERE, PARTS, SECONDS, World, code
from tests.stress.figure import a_seed
from tests.stress.names import run_names


@pytest.fixture
def world():
    with closing(World()) as world:
        yield world


# F-11, F-12: names.


@pytest.mark.row("F-11")
def test_twins_that_differ_in_form_or_case_only_are_objects_of_their_own(world, tmp_path):
    names = {unicodedata.normalize(form, "é.txt") for form in ("NFC", "NFD")} | {"A", "a"}
    run = tmp_path / "run"
    run.mkdir()
    for name in names:
        (run / name).write_bytes(name.encode())
    there = {each.name for each in run.iterdir()}  # some file systems take twins for one
    world.send(run)
    assert world.stored() == {f"run/{name}": (run / name).read_bytes() for name in there}


@pytest.mark.row("F-11")
def test_two_files_for_one_key_are_found_before_either_overwrites_the_other(world, tmp_path):
    for top in ("one", "two"):
        (tmp_path / top / "run").mkdir(parents=True)
        (tmp_path / top / "a.txt").write_bytes(top.encode())
        (tmp_path / top / "run" / "same").write_bytes(top.encode())
        (tmp_path / top / "run" / top).write_bytes(top.encode())
    paths = [tmp_path / top / name for top in ("one", "two") for name in ("a.txt", "run")]
    batch = world.queue.add(paths, HERE, PARTS, Profile("p", "P"))
    assert world.queue.wait_until_idle(SECONDS)
    rows = world.journal.transfers(world.journal.ids(batch_id=batch.id))
    refused = [row for row in rows if row.failure]
    assert {Path(row.source).relative_to(tmp_path).as_posix() for row in refused} == {
        "two/a.txt",
        "two/run/same",
    }
    assert {code(row) for row in refused} == {"same-key"}
    assert world.stored() == {
        "a.txt": b"one",
        "run/same": b"one",
        "run/one": b"one",
        "run/two": b"two",
    }


@pytest.mark.row("F-11")
@pytest.mark.row("F-12")
def test_every_name_becomes_its_own_key_or_a_refused_row(tmp_path):
    """The small form of figure G14: one key for one name, no name skipped or renamed."""
    outcome = run_names(tmp_path, 2000, a_seed())
    assert outcome.failures == []
    assert min(outcome.facts["keys"], outcome.facts["refused rows"]) > 100


@pytest.mark.row("F-12")
def test_a_name_that_is_not_unicode_is_a_refused_row_and_the_others_go_on(world, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    os.close(os.open(os.fsencode(run) + b"/caf\xe9", os.O_CREAT | os.O_WRONLY))
    (run / "good").write_bytes(b"x")
    rows = world.send(run)
    (bad,) = [row for row in rows.values() if row.failure]
    assert "not valid Unicode" in bad.failure.message
    assert world.stored() == {"run/good": b"x"}
