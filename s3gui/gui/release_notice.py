"""Says once a start that a newer release exists, where that was asked for, and how it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from s3gui.about import installed_by, newer_release
from s3gui.core.release import Installation, Release
from s3gui.gui.banner import Banner
from s3gui.gui.session import Session
from s3gui.i18n import _


class ReleaseNotice:
    """`ask` as `about.newer_release`. Where it fails, nothing is said: the program works."""

    def __init__(
        self,
        session: Session,
        banner: Banner,
        ask: Callable[[str], Release | None] = newer_release,
    ) -> None:
        self._session = session
        self._banner = banner
        self._ask = ask

    def look(self) -> None:
        settings = self._session.settings
        if settings.asks_for_releases:
            self._session.background.run(
                lambda: self._ask(settings.newest_release_seen), self._tell, lambda _error: None
            )

    def _tell(self, release: Release | None) -> None:
        if release is None:
            return
        seen = replace(self._session.settings, newest_release_seen=release.version)
        self._session.change_settings(seen)
        sentence = _("s3gui {version} is available.").format(version=release.version)
        self._banner.say(sentence, how_it_comes(installed_by()), is_error=False)


def how_it_comes(installation: Installation) -> str:
    """What a person does to have the newer one; s3gui never replaces itself."""
    by_hand = _("Download it from the project's page and put it in the place of this one.")
    return {
        Installation.CHECKOUT: _("This is a checkout: update it with git."),
        Installation.PIP: _("Update with: pip install --upgrade s3gui"),
        Installation.PIPX: _("Update with: pipx upgrade s3gui"),
        Installation.UV: _("Update with: uv tool upgrade s3gui"),
        Installation.DEB: _("Install the new .deb over this one."),
        Installation.RPM: _("Install the new .rpm over this one."),
        Installation.FLATPAK: _("Update with: flatpak update"),
        Installation.WINDOWS_INSTALLER: _("Run the new installer; it replaces this version."),
        Installation.MACOS_APP: _("Drag the new s3gui into Applications, over this one."),
    }.get(installation, by_hand)
