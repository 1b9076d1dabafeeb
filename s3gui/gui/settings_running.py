"""What goes on beside the window, and what becomes of what is done."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker

from s3gui.core.settings import OnClosing, Settings
from s3gui.gui.desktop_services import DesktopServices
from s3gui.gui.settings_page import SettingsPage
from s3gui.i18n import _, ngettext

_FOR_EVER = 0
_DAYS = (1, 7, 30, 90, 365, _FOR_EVER)


class RunningPage(SettingsPage):
    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.on_closing = self.add_choice(
            _("&When closed"),
            (
                (_("Ask me"), OnClosing.ASK),
                (_("Keep uploading in the tray"), OnClosing.TRAY),
                (_("Pause and quit"), OnClosing.PAUSE),
            ),
            settings.on_closing,
            _("While transfers are under way. Without any the program ends."),
        )
        self.notifies = self.add_switch(
            _("Notifications"),
            _("&Notify me when all is sent, or something needs me"),
            _("By the system's notifications, and only while the window is not in front."),
            is_on=settings.notifies,
        )
        self.keeps_awake = self.add_switch(
            _("Sleep"),
            _("Keep the computer awake while &sending"),
            _("Only as long as something is sent; not while all is paused or waits."),
            is_on=settings.keeps_awake,
        )
        self.starts_at_login = self.add_switch(
            _("Start"),
            _("Start s3gui when I &log in"),
            _("What was left unfinished then goes on by itself."),
            is_on=settings.starts_at_login,
        )
        self.asks_for_releases = self.add_switch(
            _("Releases"),
            _("Tell me when a newer release &exists"),
            _("Asks the project once a start, and tells it nothing. s3gui never updates itself."),
            is_on=settings.asks_for_releases,
        )
        self.add_stretch()

    def show_services(self, services: DesktopServices) -> None:
        """Say at each setting what this desktop lacks for it."""
        for control, is_there, lack in (
            (
                self.on_closing,
                services.has_tray,
                _("This desktop has no tray: without one it asks, and never hides the window."),
            ),
            (
                self.notifies,
                services.has_notifications,
                _("This desktop has no service for notifications: none is shown."),
            ),
            (
                self.keeps_awake,
                services.stays_awake,
                _("Nothing on this desktop does it on request: it may fall asleep."),
            ),
        ):
            if not is_there:
                next(field for field in self.fields if field.control is control).set_hint(lack)

    def show_closing(self, settings: Settings) -> None:
        """It may be chosen by who closes the window, too."""
        with QSignalBlocker(self.on_closing):
            self.on_closing.setCurrentIndex(self.on_closing.findData(settings.on_closing))

    def apply(self, settings: Settings) -> Settings:
        return replace(
            settings,
            on_closing=OnClosing(self.on_closing.currentData()),
            notifies=self.notifies.isChecked(),
            keeps_awake=self.keeps_awake.isChecked(),
            starts_at_login=self.starts_at_login.isChecked(),
            asks_for_releases=self.asks_for_releases.isChecked(),
        )


class KeepingPage(SettingsPage):
    def __init__(self, settings: Settings) -> None:
        super().__init__()
        choices = sorted({settings.finished_days, *_DAYS}, key=lambda days: days or 1 << 31)
        self.finished_days = self.add_choice(
            _("&Finished transfers"),
            [(_days_text(days), days) for days in choices],
            settings.finished_days,
            _(
                "Older ones leave the table when s3gui starts. What is unfinished, or failed,"
                " always stays. Objects are never touched."
            ),
        )
        self.add_stretch()

    def apply(self, settings: Settings) -> Settings:
        return replace(settings, finished_days=int(self.finished_days.currentData()))


def _days_text(days: int) -> str:
    if days == _FOR_EVER:
        return _("Keep for ever")
    return ngettext("Keep for {count} day", "Keep for {count} days", days).format(count=days)
