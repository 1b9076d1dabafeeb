"""Another language counts when the settings are closed: the window begins anew, as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from s3gui.gui.language import language_for
from s3gui.gui.window_look import WindowLook
from s3gui.i18n import LANGUAGES, _, spoken_language

if TYPE_CHECKING:
    from s3gui.gui.main_window import MainWindow

_ASKED_AGAIN_MILLISECONDS = 100
_TIMES_ASKED = 20
"""The settings are still being saved when their dialog closes; a service may not answer."""


class LanguageChange(QObject):
    """Texts are made with their widgets, so every widget is made anew, and the queue opened anew.

    Nothing is lost by that, but it is done unasked only where nobody would notice more than a
    blink: nothing is sent, read or asked.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.is_possible = False
        """Whether somebody opens the next window: not where a notebook holds this one."""

        self.next_look: WindowLook | None = None
        """How the next window is to begin, once this one closes for it."""

    def look(self, times_left: int = _TIMES_ASKED) -> None:
        """Compare what is spoken with what was chosen, and act on it."""
        language = language_for(self._window.session.settings.language)
        if language == spoken_language():
            return
        if not self._can_begin_anew() or self._window.is_busy():
            self._offer(language)
        elif self._window.session.background.is_idle:
            self.begin_anew()
        elif times_left:
            QTimer.singleShot(_ASKED_AGAIN_MILLISECONDS, self, lambda: self.look(times_left - 1))
        else:
            self._offer(language)

    def begin_anew(self) -> None:
        """Close, for a window in the language that was chosen."""
        if self._can_begin_anew():
            self.next_look = WindowLook.of(self._window)
            self._window.leave()
        else:
            self._offer(language_for(self._window.session.settings.language))

    def _can_begin_anew(self) -> bool:
        """Without losing what is only in memory: secrets, and drops that were not started."""
        window, workspace = self._window, self._window.session.workspace
        connections = window.connections
        if not self.is_possible or workspace is None or connections is None:
            return False
        if window.adding.is_looking or (window.commands is not None and window.commands.is_reading):
            return False
        kept = workspace.credentials.for_session
        return not any(kept(each) is not None for each in connections.profiles)

    def _offer(self, language: str) -> None:
        can_now = self._can_begin_anew()
        self._window.banner.say(
            _("{language} is spoken from the next start on.").format(
                language=LANGUAGES.get(language, language)
            ),
            _("To change now, what is being sent pauses for a moment.") if can_now else "",
            is_error=False,
            fix=_("Change now") if can_now else "",
            on_fix=self.begin_anew if can_now else None,
        )
