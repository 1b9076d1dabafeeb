"""A limit of the speed: none, or a number in the unit that one thinks in."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QWidget

from s3gui.gui.form import give_margins
from s3gui.gui.form_row import FormRow
from s3gui.i18n import _

_UNITS = {"kB/s": 1_000, "MB/s": 1_000_000, "Mbit/s": 125_000}
_USUAL_UNIT = "MB/s"
_LEAST = 10_000
"""Bytes per second. Below, a part would take hours, and any service loses its patience."""

_MOST = 99_999.0
_USUAL = 5_000_000


class RateBox(FormRow):
    """`rate_changed` tells bytes per second; 0 is no limit."""

    rate_changed = Signal(int)

    def __init__(self, bytes_per_second: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = QComboBox()
        self.kind.addItem(_("No limit"), False)
        self.kind.addItem(_("At most"), True)
        self.number = QDoubleSpinBox()
        give_margins(self.number)
        self.unit = QComboBox()
        for title, unit_bytes in _UNITS.items():
            self.unit.addItem(title, unit_bytes)
        self.lay_out(self.kind, self.number, self.unit)
        self._show(bytes_per_second or _USUAL)
        self.kind.setCurrentIndex(1 if bytes_per_second else 0)
        self._show_parts()
        self._exact: int | None = bytes_per_second or None
        """What is shown was rounded from, until another number is chosen."""

        self.kind.currentIndexChanged.connect(self._choose_kind)
        self.number.valueChanged.connect(self._choose_amount)
        self.unit.currentIndexChanged.connect(self._choose_unit)

    @property
    def bytes_per_second(self) -> int:
        if not self.kind.currentData():
            return 0
        return self._exact or max(_LEAST, round(self.number.value() * int(self.unit.currentData())))

    def setAccessibleName(self, name: str) -> None:
        """Of what is limited, which each of its controls tells of itself."""
        super().setAccessibleName(name)
        self.kind.setAccessibleName(name)
        self.number.setAccessibleName(_("{what}: how much").format(what=name))
        self.unit.setAccessibleName(_("{what}: unit").format(what=name))

    def setAccessibleDescription(self, description: str) -> None:
        super().setAccessibleDescription(description)
        self.kind.setAccessibleDescription(description)

    def _show(self, bytes_per_second: int) -> None:
        """In megabytes, or in kilobytes where it would be a small fraction of one."""
        unit = _USUAL_UNIT if bytes_per_second >= _UNITS[_USUAL_UNIT] else "kB/s"
        self.unit.setCurrentIndex(self.unit.findText(unit))
        self._bound()
        self.number.setValue(bytes_per_second / _UNITS[unit])

    def _bound(self) -> None:
        unit_bytes = self.unit.currentData()
        self.number.setDecimals(0 if unit_bytes == _UNITS["kB/s"] else 2)
        self.number.setRange(_LEAST / unit_bytes, _MOST)

    def _choose_kind(self) -> None:
        self._show_parts()
        self._tell()

    def _choose_unit(self) -> None:
        """The number stays, as one who corrects the unit expects."""
        self._bound()
        self._choose_amount()

    def _choose_amount(self) -> None:
        self._exact = None
        self._tell()

    def _show_parts(self) -> None:
        for each in (self.number, self.unit):
            each.setEnabled(bool(self.kind.currentData()))

    def _tell(self) -> None:
        self.rate_changed.emit(self.bytes_per_second)
