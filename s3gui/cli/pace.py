"""How much at once, and how fast: as in the settings, but for what was typed."""

from __future__ import annotations

from argparse import Namespace
from typing import Self

from s3gui.core.frozen import frozen, replace
from s3gui.core.schedule import clock_time
from s3gui.core.settings import Settings
from s3gui.core.text import format_rate
from s3gui.i18n import _


@frozen
class Pace:
    """`limit_rate` in bytes per second, 0 for no limit; None is as in the settings."""

    concurrency: int | None = None
    limit_rate: int | None = None

    @classmethod
    def of(cls, arguments: Namespace) -> Self:
        return cls(arguments.concurrency, arguments.limit_rate)

    def settings(self, saved: Settings) -> Settings:
        """What counts in this run."""
        if self.concurrency is not None:
            saved = replace(saved, parts_at_once=self.concurrency, files_at_once=self.concurrency)
        if self.limit_rate is not None:
            saved = replace(saved, most_bytes_per_second=self.limit_rate, limit_has_hours=False)
        return saved

    def note(self, settings: Settings, bytes_per_second: int | None) -> str:
        """What nobody typed here and yet makes it slow; empty for nothing.

        `bytes_per_second` is what holds now.
        """
        schedule = settings.schedule
        if self.limit_rate is not None or (schedule.within is None and schedule.otherwise is None):
            return ""
        now = _("none") if bytes_per_second is None else format_rate(bytes_per_second)
        if not settings.limit_has_hours:
            return _(
                "The settings limit the speed to {rate}; --limit-rate none lifts that."
            ).format(rate=now)
        return _(
            "The settings limit the speed from {begin} to {end}; the limit now is {rate}."
            " --limit-rate none lifts it."
        ).format(begin=clock_time(schedule.begins), end=clock_time(schedule.ends), rate=now)
