from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale

from s3gui.core.archive import ArchiveManifest, SkippedMember
from s3gui.core.errors import AccessDenied
from s3gui.core.transfer import Destination, Transfer, TransferState, WaitingFor
from s3gui.gui import transfer_text as say
from s3gui.gui.amounts import format_rate
from s3gui.gui.inspector_facts import facts
from s3gui.gui.live import LiveParts

ROW = Transfer(
    1,
    "/home/ada/raw/a.nef",
    Destination("b", "photos/raw/a.nef"),
    1_000,
    id=7,
    state=TransferState.RUNNING,
)


def live_parts(*done: int) -> LiveParts:
    live = LiveParts(1_000, 100)
    live.start(10, frozenset(done))
    return live


@pytest.mark.parametrize(
    ("count", "text"), [(7, "7"), (1204, "1\u202f204"), (1_000_000, "1\u202f000\u202f000")]
)
def test_large_counts_are_grouped(count, text):
    assert say.format_count(count) == text


def test_the_unit_is_said_once_where_both_have_the_same():
    assert say.format_progress(41_200_000_000, 154_000_000_000) == "41.2 of 154 GB"
    assert say.format_progress(900_000, 154_000_000_000) == "900 kB of 154 GB"
    assert say.format_progress(0, 999) == "0 of 999 B"


def test_amounts_have_the_marks_of_the_language():
    before = QLocale()
    try:
        QLocale.setDefault(QLocale("de"))
        assert say.format_progress(41_200_000_000, 154_000_000_000) == "41,2 of 154 GB"
        assert say.exact_bytes(1_234_567) == "1.234.567 bytes"
        assert format_rate(5e6) == "5,0 MB/s"
    finally:
        QLocale.setDefault(before)
    assert say.format_progress(999, 5_000_000) == "999 B of 5.0 MB"


def test_a_file_of_a_folder_is_named_by_its_way_below_the_destination():
    assert say.file_text(ROW, Destination("b", "photos/")) == "raw/a.nef"
    assert say.file_text(ROW, None) == "a.nef"
    assert say.file_text(ROW, Destination("b", "photos/raw/a.nef")) == "a.nef"


def test_a_name_that_would_hide_itself_is_written_out():
    row = replace(ROW, destination=Destination("b", "evil\u202egnp.exe"))
    assert say.file_text(row, None) == "evil\\u202egnp.exe"


def test_percent_comes_from_acknowledged_bytes_and_is_rounded_down():
    live = live_parts(1, 2)
    live.progress(3, 99, 100)
    assert say.percent_text(ROW, live) == "20%"
    assert say.percent_text(replace(ROW, sent_bytes=999), None) == "99%"


@pytest.mark.parametrize("state", [TransferState.FINISHING, TransferState.VERIFYING])
def test_a_hundred_percent_comes_only_after_the_verification(state):
    row = replace(ROW, sent_bytes=1_000, state=state)
    assert say.percent_text(row, live_parts(*range(1, 11))) == "99%"
    assert say.percent_text(replace(row, state=TransferState.COMPLETED), None) == "100%"


def test_an_empty_file_is_nothing_until_it_is_verified():
    row = replace(ROW, size=0)
    assert say.percent_text(row, None) == "0%"
    assert say.percent_text(replace(row, state=TransferState.COMPLETED), None) == "100%"


def test_a_stream_says_how_much_is_there_instead_of_a_percentage():
    row = replace(ROW, size=None, sent_bytes=5_000_000)
    assert say.percent_text(row, None) == "5.0 MB"
    assert say.size_text(row) == "streaming"
    assert say.left_text(row, LiveParts(None, None)) == "—"


def test_an_archive_says_what_it_left_out_of_its_folder():
    skipped = tuple(SkippedMember(f"run/{n}.txt", f"“{n}.txt” does not exist.") for n in (1, 2))
    manifest = ArchiveManifest(5, 1_000, 3, skipped)
    row = replace(ROW, state=TransferState.COMPLETED, manifest=manifest)
    assert say.status_text(row) == "Verified ✓, 3 left out"
    assert say.status_hint(row).splitlines()[1:] == [
        "run/1.txt: “1.txt” does not exist.",
        "run/2.txt: “2.txt” does not exist.",
        "and 1 more.",
    ]
    assert dict(facts(row, None, None))["Left out"].count("\n") == 2


def test_a_whole_archive_left_nothing_out():
    row = replace(ROW, state=TransferState.COMPLETED, manifest=ArchiveManifest(5, 1_000))
    assert say.status_hint(row) == "Verified ✓"
    assert "Left out" not in dict(facts(row, None, None))


def test_what_ended_before_its_size_was_known_streams_no_more():
    row = replace(ROW, size=None, state=TransferState.FAILED)
    assert say.size_text(row) == "—"
    assert "Size" not in dict(facts(row, None, None))


def test_speed_and_time_left_are_said_only_while_bytes_move():
    live = live_parts()
    live.measure(0.0)
    live.progress(1, 100, 100)
    for second in range(1, 4):
        live.measure(float(second))
    assert say.speed_text(ROW, live) == "33 B/s"
    assert say.left_text(ROW, live) == "27 s"
    finishing = replace(ROW, state=TransferState.FINISHING)
    assert (say.speed_text(finishing, live), say.left_text(finishing, live)) == ("", "")


def test_in_the_first_moments_no_speed_is_guessed():
    live = live_parts()
    live.measure(0.0)
    live.progress(1, 100, 100)
    live.measure(0.1)
    assert (say.speed_text(ROW, live), say.left_text(ROW, live)) == ("", "—")


def test_a_stalled_transfer_has_no_time_left_rather_than_an_endless_one():
    live = live_parts()
    for second in range(9):
        live.measure(float(second))
    assert say.left_text(ROW, live) == "—"


def test_every_state_has_its_words():
    words = {state: say.status_text(replace(ROW, state=state)) for state in TransferState}
    assert all(words.values())
    assert words[TransferState.FINISHING] == "Finishing on the server…"
    assert words[TransferState.COMPLETED] == "Verified ✓"


@pytest.mark.parametrize("reason", [*WaitingFor, None])
def test_waiting_says_what_for(reason):
    row = replace(ROW, state=TransferState.WAITING, waiting_for=reason)
    assert say.status_text(row).startswith("Waiting")


def test_a_failure_says_its_own_sentence_and_the_tooltip_the_rest():
    failure = AccessDenied("You may not write here.", detail="RequestId 42").failure()
    row = replace(ROW, state=TransferState.FAILED, failure=failure)
    assert say.status_text(row) == "You may not write here."
    assert "RequestId 42" in say.status_hint(row)
    assert AccessDenied.hint in say.status_hint(row)


def test_exact_bytes_are_at_hand():
    assert say.exact_bytes(48_234_496) == "48,234,496 bytes"
    assert "200 of 1,000 bytes" in say.progress_hint(ROW, live_parts(1, 2))
    assert "2 of 10 parts" in say.progress_hint(ROW, live_parts(1, 2))
