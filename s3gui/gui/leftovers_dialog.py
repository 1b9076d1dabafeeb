"""The uploads that are open on the services: seen, and dropped when the user says so."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from s3gui.core.errors import S3guiError
from s3gui.core.frozen import frozen
from s3gui.core.text import format_duration, visible
from s3gui.engine.leftovers import Leftover, Leftovers, Owner
from s3gui.gui.amounts import format_size
from s3gui.gui.background import Background
from s3gui.gui.form import FormDialog, check_box
from s3gui.gui.question import ask
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _, ngettext, translated

_SIZE = (760, 420)
_GAP = 14
_NUMBERS = (1, 2, 3)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFTOVER = Qt.ItemDataRole.UserRole


@frozen
class _Answer:
    found: list[Leftover]
    notes: list[str]


class LeftoversDialog(FormDialog):
    """Looks by itself when it is opened. Blocks nothing."""

    may_grow = True
    changed = Signal()
    """Something was dropped, or is known to be gone."""

    def __init__(
        self, leftovers: Leftovers, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(_("Leftover uploads"), _("Close"), parent)
        self._leftovers = leftovers
        self._background = background
        self.cancel_button.hide()
        self.table = QTreeWidget()
        self.table.setRootIsDecorated(False)
        self.table.setUniformRowHeights(True)
        self.table.setSelectionMode(QTreeWidget.SelectionMode.ExtendedSelection)
        self.table.setHeaderLabels([_("Object"), _("Age"), _("Parts"), _("Size"), _("Whose")])
        self.table.header().setStretchLastSection(False)
        self.table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in _NUMBERS:
            self.table.headerItem().setTextAlignment(column, _RIGHT)
        self.table.setAccessibleName(_("Leftover uploads"))
        self.table.setMinimumHeight(180)
        self.table.itemSelectionChanged.connect(self._enable)
        self.form.add_block(
            self.table,
            _(
                "Parts of uploads that were neither completed nor dropped. They are stored, and "
                "paid for, until the upload is dropped."
            ),
        )
        self.others = check_box(_("Show the uploads of &other programs and people"))
        self.others.toggled.connect(lambda _on: self.look())
        self.form.add_field("", self.others)
        self.drop_button = self.add_action(_("&Drop…"))
        self.drop_button.clicked.connect(self.drop_selected)
        self.look_button = self.add_action(_("&Look again"))
        self.look_button.clicked.connect(self.look)
        self.resize(*_SIZE)
        self._enable()
        self.look()

    def look(self) -> None:
        """Ask the services anew."""
        with_others = self.others.isChecked()
        self._set_busy(busy=True)
        self.message.set_hint(_("Looking…"))

        def show(answer: _Answer) -> None:
            if with_others == self.others.isChecked():  # else another look is on its way
                self._show(answer)

        self._background.run(lambda: self._find(with_others=with_others), show, self._fail)

    def selected(self) -> list[Leftover]:
        return [item.data(0, _LEFTOVER) for item in self.table.selectedItems()]

    def drop_selected(self) -> None:
        chosen = self.selected()
        if not chosen:
            return
        question = ngettext("Drop {count} upload?", "Drop {count} uploads?", len(chosen))
        ask(
            self,
            question.format(count=format_count(len(chosen))),
            " ".join(_consequences(chosen)),
            yes=_("&Drop"),
            on_yes=lambda: self._drop(chosen),
        )

    # Off the GUI thread.

    def _find(self, *, with_others: bool) -> _Answer:
        answer = _Answer([], [])
        for profile, within in self._leftovers.places():
            try:
                found = self._leftovers.find(profile, within, with_others=with_others)
            except S3guiError as error:
                answer.notes.append(f"{visible(profile.name)}: {translated(error.message)}")
                continue
            answer.found.extend(found.leftovers)
            if found.note:
                answer.notes.append(translated(found.note))
        return answer

    def _abort(self, chosen: Sequence[Leftover]) -> list[str]:
        """What could not be dropped, in sentences."""
        problems = []
        for each in chosen:
            try:
                self._leftovers.abort(each)
            except S3guiError as error:
                problems.append(translated(error.message))
        return problems

    # Back in the GUI thread.

    def _drop(self, chosen: Sequence[Leftover]) -> None:
        self._set_busy(busy=True)
        self.message.set_hint(_("Dropping…"))
        self._background.run(lambda: self._abort(chosen), self._show_dropped, self._fail)

    def _show(self, answer: _Answer) -> None:
        self._set_busy(busy=False)
        self.table.clear()
        now = time.time()
        for each in answer.found:
            self.table.addTopLevelItem(_item(each, now))
        for column in range(1, self.table.columnCount()):
            self.table.resizeColumnToContents(column)
            self.table.setColumnWidth(column, self.table.columnWidth(column) + _GAP)
        self.message.set_hint("")
        if answer.notes:
            self.message.set_error("\n".join(dict.fromkeys(answer.notes)))
        elif not answer.found:
            self.message.set_ok(_("Nothing is left open."))
        self._enable()
        self.changed.emit()

    def _show_dropped(self, problems: list[str]) -> None:
        self.look()
        if problems:
            self.message.set_error("\n".join(dict.fromkeys(problems)))

    def _fail(self, error: S3guiError) -> None:
        self._set_busy(busy=False)
        self.message.set_hint("")
        self.message.set_error(translated(error.message))

    def _set_busy(self, *, busy: bool) -> None:
        for widget in (self.table, self.others, self.look_button):
            widget.setEnabled(not busy)
        self._enable(busy=busy)

    def _enable(self, *, busy: bool = False) -> None:
        self.drop_button.setEnabled(not busy and bool(self.table.selectedItems()))


def _item(leftover: Leftover, now: float) -> QTreeWidgetItem:
    multipart, started_at = leftover.multipart, leftover.started_at
    size = leftover.size_bytes
    item = QTreeWidgetItem(
        [
            visible(f"s3://{multipart.bucket}/{multipart.key}"),
            format_duration(max(0.0, now - started_at)) if started_at is not None else _("unknown"),
            format_count(leftover.parts) if leftover.parts is not None else _("unknown"),
            format_size(size) if size is not None else _("unknown"),
            whose(leftover),
        ]
    )
    item.setData(0, _LEFTOVER, leftover)
    item.setSizeHint(0, QSize(0, QFontMetrics(item.font(0)).height() + _GAP))
    for column in _NUMBERS:
        item.setTextAlignment(column, _RIGHT)
    return item


def whose(leftover: Leftover) -> str:
    """In words; and whether a transfer may go on with it."""
    owner = {
        Owner.OURS: _("s3gui"),
        Owner.PROBABLY_OURS: _("probably s3gui"),
        Owner.OTHERS: _("others"),
    }[leftover.owner]
    return _("{owner}, for a transfer").format(owner=owner) if leftover.is_wanted else owner


def _consequences(chosen: Sequence[Leftover]) -> list[str]:
    size = format_size(sum(each.size_bytes or 0 for each in chosen))
    told = [_("{size} of parts are deleted on the service, for good.").format(size=size)]
    if any(each.is_wanted for each in chosen):
        told.append(_("Some belong to transfers in the list: those would be sent from the start."))
    if any(each.owner is Owner.PROBABLY_OURS for each in chosen):
        told.append(_("Of some nobody knows for certain that s3gui began them."))
    if any(each.owner is Owner.OTHERS for each in chosen):
        told.append(_("Some were not begun by s3gui: another program may be sending them now."))
    return told
