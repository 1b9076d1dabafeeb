"""The speed limit in the status bar: what holds now, and another one by two clicks."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from s3gui.core.schedule import Schedule, clock_time, minute_of_day
from s3gui.gui.amounts import format_rate
from s3gui.gui.session import Session
from s3gui.i18n import _

_USUAL = (0, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 50_000_000)
_LOOK_MILLISECONDS = 15_000
"""By hours of the settings, or because the clock on the wall was set."""


class LimitButton(QPushButton):
    """`minute` is that of the day."""

    rate_chosen = Signal(int)
    """Bytes per second from now on; 0 is no limit."""

    more_wanted = Signal()

    def __init__(
        self, parent: QWidget | None = None, minute: Callable[[], int] | None = None
    ) -> None:
        super().__init__(parent)
        self._minute = minute or (lambda: minute_of_day(time.time()))
        self._schedule = Schedule()
        self.setProperty("flat", True)
        self.setProperty("quiet", True)
        self._menu = QMenu(self)
        self._choices = QActionGroup(self._menu)
        self._menu.aboutToShow.connect(self._fill)
        self.setMenu(self._menu)
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MILLISECONDS)
        self._timer.timeout.connect(self.look)
        self.look()

    @property
    def rate(self) -> int:
        """Bytes per second now; 0 is no limit."""
        return self._schedule.rate_at(self._minute()) or 0

    def follow(self, schedule: Schedule) -> None:
        self._schedule = schedule
        if schedule.within == schedule.otherwise or schedule.begins == schedule.ends:
            self._timer.stop()
        else:
            self._timer.start()
        self.look()

    def look(self) -> None:
        """Show what holds at this time of the day."""
        minute = self._minute()
        rate = self.rate
        limit = _("Limit {rate}").format(rate=format_rate(rate))
        self.setText(limit if rate else _("No speed limit"))
        change = self._schedule.changes_at(minute)
        if change is None:
            until = ""
        else:
            then = self._schedule.rate_at(change)
            until = _("Until {time}; then: {limit}").format(
                time=clock_time(change), limit=_title(then or 0)
            )
        self.setToolTip(until or _("Speed limit of everything together"))
        self.setAccessibleName(_("Speed limit: {limit}").format(limit=_title(rate)))
        self.setAccessibleDescription(until)

    def _fill(self) -> None:
        self._menu.clear()
        for rate in sorted({self.rate, *_USUAL}):
            action = self._menu.addAction(_title(rate))
            action.setCheckable(True)
            action.setChecked(rate == self.rate)
            self._choices.addAction(action)
            action.triggered.connect(lambda _checked, rate=rate: self.rate_chosen.emit(rate))
        self._menu.addSeparator()
        more: QAction = self._menu.addAction(_("Another limit, or hours…"))
        more.triggered.connect(self.more_wanted)


class SpeedLimit:
    """Joins the button to the settings."""

    def __init__(
        self,
        session: Session,
        button: LimitButton,
        open_settings: Callable[[], None],
        minute: Callable[[], int] | None = None,
    ) -> None:
        self._session = session
        self._button = button
        self._minute = minute or (lambda: minute_of_day(time.time()))
        session.settings_changed.connect(lambda changed: button.follow(changed.schedule))
        session.opened.connect(lambda _workspace: button.follow(session.settings.schedule))
        button.rate_chosen.connect(self._limit)
        button.more_wanted.connect(open_settings)

    def _limit(self, bytes_per_second: int) -> None:
        now = self._session.settings.limited_now(bytes_per_second, self._minute())
        self._session.change_settings(now)


def _title(rate: int) -> str:
    if rate == 0:
        return _("No limit")
    return format_rate(rate)
