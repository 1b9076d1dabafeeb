"""All day, or from one time of the day to another."""

from __future__ import annotations

from PySide6.QtCore import QTime, Signal
from PySide6.QtWidgets import QComboBox, QTimeEdit, QWidget

from s3gui.gui.form import give_margins, plain_label
from s3gui.gui.form_row import FormRow
from s3gui.i18n import _, pgettext


class HoursBox(FormRow):
    """Times are minutes after midnight."""

    hours_changed = Signal()

    def __init__(
        self, begins: int, ends: int, *, has_hours: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        self.kind.addItem(_("All day"), False)
        self.kind.addItem(pgettext("hours", "From"), True)
        self.kind.setCurrentIndex(1 if has_hours else 0)
        self.begin, self.end = _time_edit(begins), _time_edit(ends)
        self._to = plain_label(_("to"))
        self.lay_out(self.kind, self.begin, self._to, self.end)
        self._show_parts()
        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.begin.timeChanged.connect(self.hours_changed)
        self.end.timeChanged.connect(self.hours_changed)

    @property
    def has_hours(self) -> bool:
        return bool(self.kind.currentData())

    @property
    def begins(self) -> int:
        return _minute(self.begin)

    @property
    def ends(self) -> int:
        return _minute(self.end)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.kind.setAccessibleName(name)
        self.begin.setAccessibleName(_("{what}: from").format(what=name))
        self.end.setAccessibleName(_("{what}: to").format(what=name))

    def setAccessibleDescription(self, description: str) -> None:
        super().setAccessibleDescription(description)
        self.kind.setAccessibleDescription(description)

    def _choose_kind(self) -> None:
        self._show_parts()
        self.hours_changed.emit()

    def _show_parts(self) -> None:
        for each in (self.begin, self._to, self.end):
            each.setEnabled(self.has_hours)


def _time_edit(minute: int) -> QTimeEdit:
    edit = QTimeEdit(QTime(minute // 60, minute % 60))
    edit.setDisplayFormat("HH:mm")
    edit.setWrapping(True)
    give_margins(edit)
    return edit


def _minute(edit: QTimeEdit) -> int:
    time = edit.time()
    return int(time.hour() * 60 + time.minute())
