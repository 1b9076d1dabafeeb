"""The lower half of the window: pills, batches, what failed, and the table of transfers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from s3gui.core.frozen import frozen
from s3gui.core.transfer import ACTIVE_STATES, ConflictRule, TransferState
from s3gui.engine.order import TransferOrder
from s3gui.gui.batch_bar import BatchBar
from s3gui.gui.counters import Counters, Counts, Summary, total
from s3gui.gui.event_feed import Changes
from s3gui.gui.failure_banner import FailureBanner
from s3gui.gui.folding_row import FoldingRow
from s3gui.gui.form import plain_label
from s3gui.gui.hold_banner import HoldBanner
from s3gui.gui.queue_commands import QueueCommands
from s3gui.gui.spare_label import SpareLabel
from s3gui.gui.theme import Theme, tabular
from s3gui.gui.transfer_actions import Action, Place
from s3gui.gui.transfer_columns import ORDERS, Column
from s3gui.gui.transfer_filter import Filter
from s3gui.gui.transfer_model import TransferModel
from s3gui.gui.transfer_search import TransferSearch
from s3gui.gui.transfer_text import format_count
from s3gui.gui.transfer_view import TransferView
from s3gui.i18n import _

_WAITING_STATES = frozenset({TransferState.QUEUED, TransferState.WAITING, TransferState.PAUSED})
_PILL_PADDING = 14
_PILL_HEIGHT = 28
"""At least. In the style sheet it would be the least for every text, and cut large ones off."""

_MARGIN = 10
_FAILED_PILL = 4
_DONE_STATES = frozenset({TransferState.COMPLETED, TransferState.SKIPPED})


@frozen
class Pill:
    """A filter with a live count; `states` None means all."""

    label: str
    states: frozenset[TransferState] | None
    needs_person: bool = False

    def count(self, summary: Summary) -> int:
        if self.needs_person:
            return summary.needing_person
        counts = summary.counts
        return total(counts, counts if self.states is None else self.states).files


class PillButton(QPushButton):
    """Always has the room that its text takes when it is chosen, and bold."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("pill", True)
        self.setCheckable(True)
        self.setFont(tabular(self.font()))

    def sizeHint(self) -> QSize:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        spare = QFontMetrics(bold).horizontalAdvance(self.text()) + 2 * _PILL_PADDING
        return super().sizeHint().expandedTo(QSize(spare, _PILL_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class TransferPanel(QFrame):
    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._commands: QueueCommands | None = None
        self._model: TransferModel | None = None
        self._counters: Counters | None = None
        self._begins_at_top = False
        self._pills = [
            Pill(_("All"), None),
            Pill(_("Active"), ACTIVE_STATES),
            Pill(_("Waiting"), _WAITING_STATES),
            Pill(_("Done"), _DONE_STATES),
            Pill(_("Failed"), frozenset({TransferState.FAILED})),
            Pill(_("Needs you"), None, needs_person=True),
        ]
        self.pill_buttons = QButtonGroup(self)
        self.search = TransferSearch(theme)
        self.pause_all = QPushButton(_("Pause all"))
        self.retry_failed = QPushButton(_("Retry failed"))
        self.held = HoldBanner(theme)
        self.batches = BatchBar(theme, followed_by=self.held.fix)
        self.banner = FailureBanner(theme)
        self.view = TransferView(theme)
        self._empty = plain_label(muted=True, wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self.view)
        self._lay_out()
        self._connect()
        self._show_counts(Summary())

    def _lay_out(self) -> None:
        heading = SpareLabel(_("Transfers"))
        heading.setProperty("heading", True)
        pills, buttons = QHBoxLayout(), QHBoxLayout()
        pills.setSpacing(2)
        pills.addWidget(heading)
        for place in range(len(self._pills)):
            button = PillButton()
            button.setChecked(place == 0)
            self.pill_buttons.addButton(button, place)
            pills.addWidget(button)
        pills.addStretch(1)
        buttons.addStretch(1)
        for tool in (self.search.button, self.pause_all, self.retry_failed):
            buttons.addWidget(tool)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, 8)
        column.setSpacing(8)
        column.addWidget(FoldingRow(pills, buttons))
        column.addWidget(self.search)
        column.addWidget(self.batches)
        column.addWidget(self.held)
        column.addWidget(self.banner)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.pill_buttons.idClicked.connect(self._filter_states)
        self.pause_all.clicked.connect(self.pause_or_resume_all)
        self.retry_failed.clicked.connect(self._retry_failed)
        self.batches.batch_chosen.connect(self._filter_batch)
        self.batches.action_wanted.connect(self._act_on_batch)
        self.batches.place_wanted.connect(self._send_batch)
        self.held.release_wanted.connect(self._release)
        self.banner.action_wanted.connect(self._act)
        self.banner.conflict_resolved.connect(self._resolve)
        self.banner.without_acl_wanted.connect(self._send_without_acl)
        self.view.action_wanted.connect(self._act)
        self.view.order_wanted.connect(self._sort)
        self.view.place_wanted.connect(self._send)
        self.view.drag_dropped.connect(self._send_before)
        self.search.text_changed.connect(self._filter_text)
        QShortcut(QKeySequence("Ctrl+P"), self, self._pause_chosen)
        QShortcut(QKeySequence("Ctrl+R"), self, self._retry_chosen)

    def attach(self, model: TransferModel, counters: Counters, commands: QueueCommands) -> None:
        """Show the queue, as soon as it is open."""
        self._model, self._counters, self._commands = model, counters, commands
        self.view.show_model(model)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._show_table_or_sentence)
        model.modelReset.connect(self._show_other_rows)
        counters.changed.connect(self._show_summary)
        model.reload()
        counters.refresh()

    def apply(self, changes: Changes) -> None:
        if self._model is None:
            return
        self._model.apply(changes)
        self.held.apply(changes.held)
        newest = changes.batches[-1].id if changes.batches else None
        for added in changes.added:
            if added.batch_id == newest and added.ids:
                self._show_drop(added.ids[0])
                return

    def _show_drop(self, first_id: int) -> None:
        """A new drop shows itself, unless the user is busy with other rows."""
        if self._model is None or self.view.selected_ids():
            return
        row = self._model.row_of(first_id)
        if row is not None:
            self.view.show_row(row)

    # What is shown.

    def _show_summary(self) -> None:
        summary = self._counters.summary if self._counters is not None else Summary()
        self._show_counts(summary)
        self.batches.show_batches(summary.batches)
        self.banner.show_groups(summary.failures)

    def _show_counts(self, summary: Summary) -> None:
        counts = summary.counts
        for place, pill in enumerate(self._pills):
            button = self.pill_buttons.button(place)
            button.setText(f"{pill.label} {format_count(pill.count(summary))}")
            if pill.needs_person:
                button.setVisible(summary.needing_person > 0 or button.isChecked())
        can_pause = self._can_pause(counts)
        can_go_on = any(Action.RESUME.fits(state) for state in counts)
        self.pause_all.setText(_("Pause all") if can_pause or not can_go_on else _("Resume all"))
        self.pause_all.setEnabled(can_pause or can_go_on)
        self.retry_failed.setEnabled(TransferState.FAILED in counts)
        self._show_table_or_sentence()

    def _can_pause(self, counts: Counts) -> bool:
        return any(Action.PAUSE.fits(state) for state in counts)

    def _show_table_or_sentence(self) -> None:
        is_empty = self._model is None or self._model.rowCount() == 0
        is_filtered = self._model is not None and self._model.filter.hides
        self._empty.setText(
            _("No transfers here.")
            if is_filtered
            else _("Nothing to send yet. Drop files or folders anywhere in this window.")
        )
        self._stack.setCurrentWidget(self._empty if is_empty else self.view)

    def _filter_states(self, place: int) -> None:
        if self._model is not None:
            pill = self._pills[place]
            self._set_filter(states=pill.states, needs_person=pill.needs_person)

    def _filter_batch(self, batch_id: int | None) -> None:
        if self._model is not None:
            self._set_filter(batch_id=batch_id)

    def _filter_text(self, text: str) -> None:
        self._set_filter(text=text)

    def _sort(self, column: Column) -> None:
        """Once, once more the other way round, and a third time by age again."""
        order = ORDERS.get(column)
        if self._model is None or order is None:
            return
        shown = self._model.filter
        if shown.order is not order:
            self._set_filter(order=order, is_reversed=False)
        elif not shown.is_reversed:
            self._set_filter(is_reversed=True)
        else:
            self._set_filter(order=TransferOrder.AGE, is_reversed=False)

    def _set_filter(self, **changes: Any) -> None:
        if self._model is not None:
            self._begins_at_top = True
            self._model.set_filter(replace(self._model.filter, **changes))

    def _show_other_rows(self) -> None:
        """Another choice of rows is read from its beginning."""
        if self._begins_at_top:
            self._begins_at_top = False
            self.view.scrollToTop()

    # What is asked for.

    def _act(self, action: Action, ids: list[int]) -> None:
        if self._commands is not None:
            self._commands.act(action, ids)

    def _send(self, place: Place, ids: list[int]) -> None:
        if self._commands is None:
            return
        if place is Place.FIRST:
            self._commands.send_first(ids)
        else:
            self._commands.send_last(ids)
        self._set_filter(order=TransferOrder.QUEUE, is_reversed=False)

    def _send_before(self, ids: list[int], before: int) -> None:
        """What was dragged is to be seen where it was dropped."""
        if self._commands is not None:
            self._commands.send_before(ids, before)
            self._set_filter(order=TransferOrder.QUEUE, is_reversed=False)

    def _act_on_batch(self, action: Action, batch_id: int) -> None:
        if self._commands is not None:
            self._commands.act_on_batch(action, batch_id)

    def _send_batch(self, place: Place, batch_id: int) -> None:
        if self._commands is not None:
            self._commands.send_batch(place, batch_id)
            self._set_filter(order=TransferOrder.QUEUE, is_reversed=False)

    def _release(self, profile_id: str) -> None:
        if self._commands is not None:
            self._commands.release(profile_id)

    def _send_without_acl(self, ids: list[int]) -> None:
        if self._commands is not None:
            self._commands.send_without_acl(ids)

    def _resolve(self, rule: ConflictRule, ids: list[int]) -> None:
        if self._commands is not None:
            self._commands.resolve_conflicts(ids, rule)

    def shown_filter(self) -> Filter:
        """What the table shows now."""
        return self._model.filter if self._model is not None else Filter()

    def show_failed(self) -> None:
        self.pill_buttons.button(_FAILED_PILL).click()

    def _retry_failed(self) -> None:
        if self._commands is not None:
            self._commands.retry_failed()

    def pause_or_resume_all(self) -> None:
        if self._commands is None or self._counters is None:
            return
        if self._can_pause(self._counters.summary.counts):
            self._commands.pause_all()
        else:
            self._commands.resume_all()

    def _pause_chosen(self) -> None:
        """Ctrl+P: what is selected, or all."""
        if self.view.selected_ids():
            self.view.toggle_pause()
        else:
            self.pause_or_resume_all()

    def _retry_chosen(self) -> None:
        """Ctrl+R: what is selected, or all that failed."""
        if self.view.selected_ids():
            self.view.want(Action.RETRY)
        else:
            self._retry_failed()
