from datetime import date

import pytest

from s3gui.core.errors import S3guiError
from s3gui.core.release import Installation, Release
from s3gui.core.settings import Settings
from s3gui.gui.banner import Banner
from s3gui.gui.release_notice import ReleaseNotice, how_it_comes
from s3gui.gui.theme import Theme

_NEWER = Release("9.1.0", date(2026, 11, 20), date(2027, 2, 20), "https://example.org/9.1.0")


class NowBackground:
    def run(self, call, then, on_error):
        try:
            then(call())
        except S3guiError as error:
            on_error(error)


class FakeSession:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.background = NowBackground()

    def change_settings(self, settings: Settings) -> None:
        self.settings = settings


@pytest.fixture
def banner(qtbot, qapp):
    banner = Banner(Theme(qapp))
    qtbot.addWidget(banner)
    return banner


def test_nobody_is_asked_unless_that_was_wished_for(banner):
    asked = []
    ReleaseNotice(FakeSession(Settings()), banner, asked.append).look()
    assert asked == []
    assert banner.isHidden()


def test_a_newer_release_is_told_with_the_way_it_comes_and_remembered(banner):
    session = FakeSession(Settings(asks_for_releases=True, newest_release_seen="9.0.0"))
    asked = []
    ReleaseNotice(session, banner, lambda seen: asked.append(seen) or _NEWER).look()
    assert asked == ["9.0.0"]
    assert "s3gui 9.1.0 is available." in banner.text.text()
    assert "update it with git" in banner.text.text()
    assert session.settings.newest_release_seen == "9.1.0"


def test_where_nothing_is_newer_or_nobody_answers_nothing_is_said(banner):
    def refuse(_seen: str) -> Release:
        raise S3guiError

    for ask in (refuse, lambda _seen: None):
        ReleaseNotice(FakeSession(Settings(asks_for_releases=True)), banner, ask).look()
        assert banner.isHidden()


def test_every_kind_of_copy_is_told_how_a_newer_one_comes():
    sentences = {how_it_comes(kind) for kind in Installation}
    assert all(sentences)
    assert len(sentences) == len(Installation) - 1  # AppImage and portable: both by hand
