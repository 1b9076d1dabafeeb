"""How transfers begin, how many run at once, and how fast they may be."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QComboBox

from s3gui.core.settings import MOST_AT_ONCE, Settings
from s3gui.gui.hours_box import HoursBox
from s3gui.gui.rate_box import RateBox
from s3gui.gui.settings_page import SettingsPage
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _

_FILES = (1, 2, 3, 4, 6, 8, 12, 16)
_REQUESTS = (1, 2, 4, 6, 8, 12, 16, 24, 32, MOST_AT_ONCE)
_NEVER = 1_000_000_000
_WITHOUT_REVIEW = (0, 20, 100, 1_000, 10_000, _NEVER)


class TransfersPage(SettingsPage):
    def __init__(self, settings: Settings) -> None:
        super().__init__()
        without = settings.files_without_review
        self.files_without_review = self.add_choice(
            _("&Review before the start"),
            [(_review_text(files), files) for files in sorted({without, *_WITHOUT_REVIEW})],
            without,
            _("Other drops start at once. One that meets existing keys is always shown first."),
        )
        self.files_at_once = self._add_number(
            _("&Files at once"),
            settings.files_at_once,
            _FILES,
            _("Automatic: a few large ones, or many small ones."),
        )
        self.parts_at_once = self._add_number(
            _("Re&quests at once"),
            settings.parts_at_once,
            _REQUESTS,
            _("Of all files together. Automatic: as many as make it faster."),
        )
        self.limit = RateBox(settings.most_bytes_per_second)
        self.add_field(
            _("&Speed limit"),
            self.limit,
            _("Of everything together. It counts at once, also for what is being sent."),
        )
        self.hours = HoursBox(
            settings.limit_begins, settings.limit_ends, has_hours=settings.limit_has_hours
        )
        self._hours_field = self.add_field(
            _("&Hours of the limit"),
            self.hours,
            _("By the clock of this computer; they may go over midnight."),
        )
        self.otherwise = RateBox(settings.most_bytes_per_second_otherwise)
        self._otherwise_field = self.add_field(
            _("At &other hours"), self.otherwise, _("In the rest of the day.")
        )
        self.add_stretch()
        self.limit.rate_changed.connect(self._change_limit)
        self.hours.hours_changed.connect(self._change_limit)
        self.otherwise.rate_changed.connect(self._change_limit)
        self._show_hours()

    def apply(self, settings: Settings) -> Settings:
        return replace(
            settings,
            files_without_review=int(self.files_without_review.currentData()),
            files_at_once=self.files_at_once.currentData(),
            parts_at_once=self.parts_at_once.currentData(),
            most_bytes_per_second=self.limit.bytes_per_second,
            limit_has_hours=self.hours.has_hours,
            limit_begins=self.hours.begins,
            limit_ends=self.hours.ends,
            most_bytes_per_second_otherwise=self.otherwise.bytes_per_second,
        )

    def _add_number(
        self, text: str, value: int | None, offered: tuple[int, ...], hint: str
    ) -> QComboBox:
        """Another number, from the settings file, is kept."""
        numbers = sorted({*offered, *([] if value is None else [value])})
        choices = [(_("Automatic"), None), *((str(number), number) for number in numbers)]
        return self.add_choice(text, choices, value, hint)

    def _change_limit(self) -> None:
        self._show_hours()
        self.changed.emit()

    def _show_hours(self) -> None:
        """“No limit, all day” is all there is to say; so are its hours without another limit."""
        has_hours = self.hours.has_hours
        self._hours_field.set_visible(visible=has_hours or self.limit.bytes_per_second > 0)
        self._otherwise_field.set_visible(visible=has_hours)


def _review_text(files: int) -> str:
    if files == 0:
        return _("Every drop")
    if files >= _NEVER:
        return _("No drop")
    return _("Drops of more than {count} files").format(count=format_count(files))
