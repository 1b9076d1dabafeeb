"""Offers, once, to try a service of which nothing is known; uploads go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from s3gui.core.errors import S3guiError
from s3gui.core.profile import Profile
from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.gui.background import Background
from s3gui.gui.banner import Banner
from s3gui.i18n import _


class ProbeOffer(QObject):
    """`on_yes` is told the profile and the place where it was about to upload."""

    def __init__(
        self,
        banner: Banner,
        background: Background,
        on_yes: Callable[[Profile, Destination], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.needs_probe: Callable[[Profile], bool] = lambda _profile: False
        self._banner = banner
        self._background = background
        self._on_yes = on_yes
        self._offered: set[str] = set()

    def consider(self, profile: Profile, place: Destination) -> None:
        """Before an upload: a question that blocks nothing, and is asked once a connection."""
        if profile.id in self._offered:
            return
        self._offered.add(profile.id)
        self._background.run(
            lambda: (self.needs_probe(profile), profile, place), self._offer, self._ignore
        )

    def _offer(self, answer: tuple[bool, Profile, Destination]) -> None:
        needs_probe, profile, place = answer
        if needs_probe:
            self._banner.say(
                _("What “{name}” can do is not known yet.").format(name=visible(profile.name)),
                _("Uploads use what nearly every service understands."),
                is_error=False,
                fix=_("Try it…"),
                on_fix=lambda: self._accept(profile, place),
            )

    def _accept(self, profile: Profile, place: Destination) -> None:
        self._banner.hide()
        self._on_yes(profile, place)

    def _ignore(self, _error: S3guiError) -> None:
        """An offer can be left out."""
