"""Saves receipts and copies the addresses of what was stored: of a round of work, or of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from s3gui.gui.background import Background
from s3gui.gui.link_expiry import add_expiries
from s3gui.gui.round_report import AddressOf, RoundReport
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _, ngettext

Ids = Callable[[], Iterable[int]]
"""Which transfers; called in the background."""


class Receipts(QObject):
    said = Signal(str)
    failed = Signal(object)

    def __init__(self, window: QWidget, background: Background) -> None:
        super().__init__(window)
        self._window = window
        self._background = background
        self._report: RoundReport | None = None

    def attach(self, report: RoundReport) -> None:
        self._report = report

    def choose(self, ids: Ids) -> None:
        """Ask for a name, then save."""
        dialog = QFileDialog(self._window, _("Save receipt"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)  # it never overwrites
        dialog.setNameFilters(["JSON (*.json)", "CSV (*.csv)"])
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("csv" if "csv" in chosen else "json")
        )
        dialog.setDefaultSuffix("json")
        now = datetime.now().astimezone()
        dialog.selectFile(f"s3gui-receipt-{now:%Y-%m-%d-%H%M}.json")
        dialog.fileSelected.connect(lambda path: self.save(path, ids))
        dialog.open()

    def save(self, path: str, ids: Ids) -> None:
        report = self._report
        if report is not None:
            self._background.run(
                lambda: report.save(Path(path), ids()),
                lambda _nothing: self.said.emit(_("Receipt saved.")),
                self.failed.emit,
            )

    def copy(self, ids: Ids, address_of: AddressOf | None) -> None:
        """Into the clipboard, an address a line; `address_of` as in RoundReport."""
        report = self._report
        if report is not None:
            self._background.run(lambda: report.links(ids(), address_of), self._copied)

    def _copied(self, links: list[str]) -> None:
        QGuiApplication.clipboard().setText("\n".join(links))
        sentence = ngettext("{count} link copied.", "{count} links copied.", len(links))
        self.said.emit(sentence.format(count=format_count(len(links))))


def add_link_kinds(
    menu: QMenu, window: QWidget, choose: Callable[[AddressOf | None], object]
) -> None:
    """`choose` is called with how an address is made; None for s3://BUCKET/KEY."""
    menu.addAction(_("S3 addresses (s3://…)"), lambda: choose(None))
    menu.addAction(
        _("URLs, for what is public"), lambda: choose(lambda store, place: store.url(place))
    )
    presigned = menu.addMenu(_("Presigned links"))
    add_expiries(
        presigned,
        window,
        lambda seconds: choose(lambda store, place: store.presigned_url(place, seconds)),
    )
