from __future__ import annotations

import pytest

from s3gui.core.errors import AccessDenied, CredentialsExpired, Unreachable
from s3gui.core.events import ConnectionHeld
from s3gui.core.transfer import WaitingFor
from s3gui.gui.counters import FailureGroup, Summary
from s3gui.gui.notices import Notice, NoticeKind
from s3gui.gui.telling import Telling
from s3gui.gui.work_round import RoundSummary

DENIED = Summary(
    failures=(FailureGroup(AccessDenied("The bucket refuses this.").failure(), (1, 2)),)
)


@pytest.fixture
def looks():
    """Whether somebody looks at the window."""
    return [False]


@pytest.fixture
def notices() -> list[Notice]:
    return []


@pytest.fixture
def telling(qapp, looks, notices):
    return Telling(lambda: not looks[0], notices.append)


def test_the_end_says_how_much_how_long_and_how_fast(telling, notices):
    telling.tell_end(RoundSummary(48, 2_300_000_000, 2_300_000_000, 72.0))
    assert notices == [
        Notice(
            NoticeKind.DONE,
            "48 files uploaded and verified",
            "2.3 GB · in 1 min · 31.9 MB/s on average",
        )
    ]


def test_an_end_with_failures_says_so(telling, notices):
    telling.tell_end(RoundSummary(1, 100, 100, 0.1, failed=3, skipped=2))
    (notice,) = notices
    assert notice.kind is NoticeKind.PROBLEM
    assert notice.title == "1 file uploaded and verified"
    assert notice.text == "100 B · 2 skipped: exist already · 3 files failed"


def test_when_nothing_came_through_it_does_not_sound_like_success(telling, notices):
    telling.tell_end(RoundSummary(failed=2))
    assert (notices[0].title, notices[0].text) == ("Nothing was uploaded", "2 files failed")


def test_who_looks_at_the_window_is_told_nothing(telling, notices, looks):
    looks[0] = True
    telling.tell_end(RoundSummary(1, 100, 100, 0.1))
    telling.tell_failure(1)
    telling.tell_need(1)
    assert notices == []


def test_the_first_failures_are_told_with_their_cause(telling, notices):
    telling.note_failures(DENIED)
    telling.tell_failure(2)
    assert notices == [
        Notice(NoticeKind.PROBLEM, "2 files failed", "The bucket refuses this. The others go on.")
    ]


def test_what_needs_somebody_says_what_to_do(telling, notices):
    telling.note_held(
        {
            "p": ConnectionHeld("p", WaitingFor.CREDENTIALS, CredentialsExpired().failure()),
            "q": ConnectionHeld("q", WaitingFor.NETWORK, Unreachable("no network").failure()),
        }
    )
    telling.tell_need(3)
    assert notices[0].title == "3 uploads need you"
    assert notices[0].text.startswith(CredentialsExpired().message)
    telling.note_held({"p": None})
    telling.note_failures(DENIED)
    telling.tell_need(1)
    assert (notices[1].title, notices[1].text) == ("1 upload needs you", "The bucket refuses this.")
