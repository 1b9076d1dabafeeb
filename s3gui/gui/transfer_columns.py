"""The columns of the table of transfers: what each says about a row."""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum

from PySide6.QtCore import Qt

from s3gui.core.frozen import frozen
from s3gui.core.text import visible
from s3gui.core.transfer import Destination, Transfer
from s3gui.engine.order import TransferOrder
from s3gui.gui import transfer_text as say
from s3gui.gui.live import LiveParts
from s3gui.i18n import _

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The whole `Row`; None while it is being read."""

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Column(IntEnum):
    FILE = 0
    SIZE = 1
    PROGRESS = 2
    SPEED = 3
    LEFT = 4
    STATUS = 5
    ACTIONS = 6


ORDERS = {
    Column.FILE: TransferOrder.NAME,
    Column.SIZE: TransferOrder.SIZE,
    Column.STATUS: TransferOrder.STATE,
}
"""The columns that a click on their heading sorts by."""


@frozen
class Row:
    """What a delegate paints: the transfer, its batch's place, its parts while in hand."""

    transfer: Transfer
    root: Destination | None
    live: LiveParts | None


def header(column: Column) -> str:
    return {
        Column.FILE: _("File"),
        Column.SIZE: _("Size"),
        Column.PROGRESS: _("Progress"),
        Column.SPEED: _("Speed"),
        Column.LEFT: _("Left"),
        Column.STATUS: _("Status"),
        Column.ACTIONS: "",
    }[column]


def alignment(column: Column) -> Qt.AlignmentFlag:
    return RIGHT if column in {Column.SIZE, Column.SPEED, Column.LEFT} else LEFT


def text(row: Row, column: Column) -> str:
    say_it = _TEXTS.get(column)
    return say_it(row) if say_it is not None else ""


def hint(row: Row, column: Column) -> str:
    """The exact story behind the text, for a tooltip; empty where there is no more to say."""
    say_it = _HINTS.get(column)
    return say_it(row) if say_it is not None else ""


def _places(row: Row) -> str:
    transfer = row.transfer
    return f"{visible(transfer.source)}\n→ {visible(str(transfer.destination))}"


_TEXTS: dict[Column, Callable[[Row], str]] = {
    Column.FILE: lambda row: say.file_text(row.transfer, row.root),
    Column.SIZE: lambda row: say.size_text(row.transfer),
    Column.PROGRESS: lambda row: say.percent_text(row.transfer, row.live),
    Column.SPEED: lambda row: say.speed_text(row.transfer, row.live),
    Column.LEFT: lambda row: say.left_text(row.transfer, row.live),
    Column.STATUS: lambda row: say.status_text(row.transfer, row.live),
}
_HINTS: dict[Column, Callable[[Row], str]] = {
    Column.FILE: _places,
    Column.SIZE: lambda row: say.exact_bytes(row.transfer.size),
    Column.PROGRESS: lambda row: say.progress_hint(row.transfer, row.live),
    Column.STATUS: lambda row: say.status_hint(row.transfer, row.live),
}
