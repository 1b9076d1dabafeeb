"""What the user can set; every change counts at once."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from s3gui.core.settings import Settings
from s3gui.gui.form import FormDialog
from s3gui.gui.form_pages import FormPages
from s3gui.gui.settings_appearance import AppearancePage
from s3gui.gui.settings_running import KeepingPage, RunningPage
from s3gui.gui.settings_transfers import TransfersPage
from s3gui.i18n import _


class SettingsDialog(FormDialog):
    settings_changed = Signal(object, object)
    """The Settings as they were shown, and as they are now: where both agree nothing was chosen."""

    may_grow = True

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(_("Settings"), _("Close"), parent)
        self._settings = settings
        self.cancel_button.hide()
        self.form.hide()
        self.pages = FormPages(self)
        self.appearance = AppearancePage(settings)
        self.transfers = TransfersPage(settings)
        self.running = RunningPage(settings)
        self.keeping = KeepingPage(settings)
        for title, page in (
            (_("&Appearance"), self.appearance),
            (_("&Transfers"), self.transfers),
            (_("R&unning"), self.running),
            (_("&Keeping"), self.keeping),
        ):
            self.pages.add(title, page)
            page.changed.connect(self._change)
        self.pages.add_to(self.column)
        self.appearance.appearance.setFocus()

    def show_limit(self) -> None:
        """Begin where the speed limit is chosen."""
        self.pages.open(1)
        self.transfers.limit.setFocus()

    def _change(self) -> None:
        before = changed = self._settings
        for apply in (
            self.appearance.apply,
            self.transfers.apply,
            self.running.apply,
            self.keeping.apply,
        ):
            changed = apply(changed)
        self._settings = changed
        self.settings_changed.emit(before, changed)
