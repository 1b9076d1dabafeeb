"""What runs beside the window: tray, notifications, task bar, staying awake, and the summary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from s3gui.bootstrap import Workspace
from s3gui.core.transfer import TransferState
from s3gui.gui.awake import awake_for
from s3gui.gui.bus import desktop_buses
from s3gui.gui.counters import Counters, total
from s3gui.gui.desktop_services import ServiceLook
from s3gui.gui.event_feed import Changes
from s3gui.gui.front import bring_to_front
from s3gui.gui.leaving import Leaving
from s3gui.gui.notices import Notices
from s3gui.gui.receipts import Receipts
from s3gui.gui.round_report import RoundReport
from s3gui.gui.summary_card import SummaryCard
from s3gui.gui.task_bar import TaskBar
from s3gui.gui.telling import Telling
from s3gui.gui.tray import Tray
from s3gui.gui.work_round import RoundSummary
from s3gui.gui.work_watch import WorkWatch

if TYPE_CHECKING:
    from s3gui.gui.main_window import MainWindow


class Beside(QObject):
    """Joins the parts; each of them is quietly nothing where the desktop has no such service."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._counters: Counters | None = None
        self._is_sending = False
        self._buses = desktop_buses(self)
        session_bus, system_bus = self._buses
        self.tray = Tray(window)
        self.notices = Notices(session_bus, self.tray.show_notice, self)
        self.task_bar = TaskBar(session_bus, self)
        self.awake = awake_for(session_bus, system_bus, self)
        self.watch = WorkWatch(self._is_reading, self)
        self.telling = Telling(self._may_notify, self.notices.show, self)
        self.card = SummaryCard(window.theme)
        self.receipts = Receipts(window, window.session.background)
        self.services = ServiceLook(session_bus, system_bus, self.tray, self)
        self.leaving = Leaving(window, window.session, self.tray, window.is_busy, window.leave)

    def connect_window(self) -> None:
        """Call it when the window has all its parts."""
        window, tray, card, watch = self._window, self.tray, self.card, self.watch
        for shows in (tray.show_wanted, tray.message_clicked, self.notices.clicked):
            shows.connect(lambda: bring_to_front(window))
        tray.pause_or_resume_wanted.connect(window.transfers.pause_or_resume_all)
        tray.files_wanted.connect(self._choose_files)
        tray.quit_wanted.connect(window.leave)
        window.status.work_shown.connect(self._show_work)
        window.dialogs.services = self.services
        window.status.summary_wanted.connect(self._open_summary)
        window.session.settings_changed.connect(lambda _settings: self._keep_awake())
        window.session.closed.connect(self._close)
        watch.sending_changed.connect(self._set_sending)
        watch.ended.connect(self._show_end)
        watch.failed_first.connect(self.telling.tell_failure)
        watch.person_needed.connect(self.telling.tell_need)
        card.failures_wanted.connect(window.transfers.show_failed)
        card.receipt_wanted.connect(lambda: self.receipts.choose(self._round_ids))
        card.links_wanted.connect(lambda kind: self.receipts.copy(self._round_ids, kind))
        self.receipts.said.connect(window.say)
        self.receipts.failed.connect(window.show_error)
        card.shown_or_hidden.connect(self._offer_summary)
        window.reviews.filled.connect(card.give_way)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._come_back)

    def attach(self, workspace: Workspace, counters: Counters) -> None:
        """The queue is open: `counters` tells of it from now on."""
        self._counters = counters
        transfers, receipts = workspace.transfers, self.receipts
        receipts.attach(RoundReport(transfers, workspace.store_of_batch))
        batches = self._window.transfers.batches
        batches.receipt_wanted.connect(
            lambda batch: receipts.choose(lambda: transfers.ids(batch_id=batch))
        )
        batches.links_wanted.connect(
            lambda batch, kind: receipts.copy(lambda: transfers.ids(batch_id=batch), kind)
        )
        counters.changed.connect(self._observe)

    def apply(self, changes: Changes) -> None:
        self.watch.apply(changes)
        self.telling.note_held(changes.held)

    def leave(self) -> None:
        """The program ends: nothing of it stays on the desktop, whatever still comes in."""
        self.watch.blockSignals(True)
        self._window.status.work_shown.disconnect(self._show_work)
        self._set_sending(False)
        self.task_bar.show_share(None)
        self.tray.disappear()

    # What is told.

    def _observe(self) -> None:
        if self._counters is not None:
            self.telling.note_failures(self._counters.summary)
            self.watch.observe(self._counters.summary)
            self._heed_failed()
            button = self._window.transfers.pause_all
            self.tray.show_commands(
                button.text(), can_pause=button.isEnabled(), is_busy=self._window.is_busy()
            )

    def _show_work(self, share: float | None, text: str) -> None:
        self.tray.show_progress(share, text, is_moving=self._is_sending)
        self.task_bar.show_share(share)

    def _set_sending(self, is_sending: bool) -> None:  # noqa: FBT001 - as the signal
        self._is_sending = is_sending
        if is_sending:
            self.tray.appear()
        self._keep_awake()

    def _keep_awake(self) -> None:
        if self._is_sending and self._window.session.settings.keeps_awake:
            self.awake.hold()
        else:
            self.awake.release()

    def _show_end(self, summary: RoundSummary) -> None:
        self.card.show_round(summary)
        self._heed_failed()
        self.telling.tell_end(summary)

    def _open_summary(self) -> None:
        self.card.open()
        self._heed_failed()

    def _heed_failed(self) -> None:
        if self._counters is not None:
            self.card.heed_failed(
                total(self._counters.summary.counts, [TransferState.FAILED]).files
            )

    def _offer_summary(self) -> None:
        is_there = self.card.summary is not None and self.card.isHidden()
        self._window.status.summary.setVisible(is_there)

    def _come_back(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationActive:
            self.notices.withdraw()

    def _may_notify(self) -> bool:
        return self._window.session.settings.notifies and QApplication.activeWindow() is None

    def _is_reading(self) -> bool:
        commands = self._window.commands
        return commands is not None and commands.is_reading

    # What is asked for.

    def _choose_files(self) -> None:
        bring_to_front(self._window)
        self._window.choose_files()

    def _round_ids(self) -> Iterable[int]:
        return self.card.summary.ids if self.card.summary is not None else ()

    def _close(self) -> None:
        for bus in self._buses:
            bus.close()
