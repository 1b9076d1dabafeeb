"""The dialogs that the window opens, and what follows from each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QWidget

from s3gui.core.archive import SourceKind
from s3gui.core.profile import Profile
from s3gui.core.settings import Settings
from s3gui.core.transfer import Destination
from s3gui.gui.connections import Connections
from s3gui.gui.desktop_services import ServiceLook
from s3gui.gui.session import Session
from s3gui.gui.theme import Theme
from s3gui.gui.transfer_filter import Filter
from s3gui.gui.transfer_text import format_count
from s3gui.i18n import _, ngettext

if TYPE_CHECKING:
    from s3gui.engine.probe import ProbeReport
    from s3gui.gui.settings_dialog import SettingsDialog

DIALOGS = tuple(
    f"s3gui.gui.{name}"
    for name in (
        "review_sheet",
        "profile_dialog",
        "settings_dialog",
        "kept_options_dialog",
        "question",
        "archive_dialog",
        "new_bucket_dialog",
        "new_prefix_dialog",
        "open_bucket_dialog",
        "close_dialog",
        "sign_in_dialog",
        "leftovers_dialog",
        "probe_dialog",
        "transfer_export",
        "browser",
    )
)
"""What is imported when it is first used: the window is there sooner without."""


class WindowDialogs(QObject):
    """None of them blocks: transfers and the window go on behind it."""

    settings_closed = Signal()

    def __init__(self, window: QWidget, session: Session, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._session = session
        self._theme = theme
        self.services: ServiceLook | None = None

    def edit_profile(self, connections: Connections, profile: Profile | None = None) -> None:
        """Add a connection, or change or remove `profile`."""
        workspace = self._session.workspace
        if workspace is None:
            return
        from s3gui.gui.profile_dialog import ProfileDialog

        dialog = ProfileDialog(workspace, self._session.background, profile, self._window)
        dialog.saved.connect(connections.saved)
        dialog.removed.connect(connections.removed)
        _open(dialog)

    def duplicate_profile(self, connections: Connections, profile: Profile) -> None:
        """Add a connection that begins like `profile`; its secret has to be entered."""
        workspace = self._session.workspace
        if workspace is None:
            return
        from s3gui.gui.profile_dialog import ProfileDialog

        name = _("{name} (copy)").format(name=profile.name)
        template = replace(profile, name=name)
        dialog = ProfileDialog(
            workspace, self._session.background, None, self._window, template=template
        )
        dialog.saved.connect(connections.saved)
        _open(dialog)

    def export_profiles(self, then: Callable[[str], None]) -> None:
        """`then` hears a sentence about what was done."""
        workspace = self._session.workspace
        if workspace is None:
            return

        def export(path: str) -> None:
            self._session.background.run(
                lambda: workspace.export_profiles(Path(path)),
                lambda count: then(
                    ngettext(
                        "{count} connection exported, without its secret.",
                        "{count} connections exported, without their secrets.",
                        count,
                    ).format(count=count)
                ),
            )

        dialog = QFileDialog(self._window, _("Export connections"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("json")
        dialog.selectFile("s3gui-connections.json")
        dialog.fileSelected.connect(export)
        _open(dialog)

    def import_profiles(self, connections: Connections, then: Callable[[str], None]) -> None:
        workspace = self._session.workspace
        if workspace is None:
            return

        def show(profiles: list[Profile]) -> None:
            connections.load(then=lambda: None)
            then(
                ngettext(
                    "{count} connection imported. Edit it to enter its secret.",
                    "{count} connections imported. Edit them to enter their secrets.",
                    len(profiles),
                ).format(count=len(profiles))
            )

        dialog = QFileDialog(self._window, _("Import connections"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(
            lambda path: self._session.background.run(
                lambda: workspace.import_profiles(Path(path)), show
            )
        )
        _open(dialog)

    def export_transfers(self, shown: Filter, then: Callable[[str], None]) -> None:
        """Write what the table shows; `then` hears a sentence about it."""
        workspace = self._session.workspace
        if workspace is None:
            return
        transfers = workspace.transfers

        def export(path: str) -> None:
            from s3gui.gui.transfer_export import export_transfers

            self._session.background.run(
                lambda: export_transfers(Path(path), transfers, shown.ids(transfers)),
                lambda count: then(
                    ngettext(
                        "{count} transfer exported.", "{count} transfers exported.", count
                    ).format(count=format_count(count))
                ),
            )

        dialog = QFileDialog(self._window, _("Export transfers"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["CSV (*.csv)", "JSON (*.json)"])
        dialog.filterSelected.connect(
            lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else "csv")
        )
        dialog.setDefaultSuffix("csv")
        dialog.selectFile("s3gui-transfers.csv")
        dialog.fileSelected.connect(export)
        _open(dialog)

    def leftovers(self, then: Callable[[], None]) -> None:
        """`then` is called whenever something changed."""
        workspace = self._session.workspace
        if workspace is None:
            return
        from s3gui.gui.leftovers_dialog import LeftoversDialog

        dialog = LeftoversDialog(workspace.leftovers, self._session.background, self._window)
        dialog.changed.connect(then)
        _open(dialog)

    def probe(self, profile: Profile, place: Destination) -> None:
        """Ask whether, and where, a service may be tried with small objects."""
        workspace = self._session.workspace
        if workspace is None:
            return

        from s3gui.gui.probe_dialog import ProbeDialog

        def run(where: Destination) -> ProbeReport:
            return workspace.probe(profile, where)

        _open(ProbeDialog(run, self._session.background, place, self._window))

    def settings(self) -> None:
        _open(self._settings_dialog())

    def speed_limit(self) -> None:
        """The settings, where the speed limit is chosen."""
        dialog = self._settings_dialog()
        _open(dialog)
        dialog.show_limit()

    def _settings_dialog(self) -> SettingsDialog:
        from s3gui.gui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self._session.settings, self._window)
        dialog.settings_changed.connect(self._change_settings)
        dialog.finished.connect(self.settings_closed)
        self._session.settings_changed.connect(dialog.running.show_closing)
        if self.services is not None:
            self.services.found.connect(dialog.running.show_services)
            self.services.look()
        return dialog

    def choose_files(self, then: Callable[[list[str]], None]) -> None:
        self._choose(_("Add files"), QFileDialog.FileMode.ExistingFiles, then)

    def choose_archive(
        self, place: Destination, then: Callable[[str, Destination, SourceKind], None]
    ) -> None:
        """Ask for a folder, then how it is to be sent as one archive below `place`."""

        def ask(folders: list[str]) -> None:
            from s3gui.gui.archive_dialog import ArchiveDialog

            dialog = ArchiveDialog(Path(folders[0]), place, self._window)
            dialog.archive_chosen.connect(
                lambda destination, kind: then(folders[0], destination, kind)
            )
            _open(dialog)

        self._choose(_("Add a folder as archive"), QFileDialog.FileMode.Directory, ask)

    def choose_folder(self, then: Callable[[list[str]], None]) -> None:
        self._choose(_("Add a folder"), QFileDialog.FileMode.Directory, then)

    def _choose(
        self, title: str, mode: QFileDialog.FileMode, then: Callable[[list[str]], None]
    ) -> None:
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(mode)
        dialog.filesSelected.connect(then)
        _open(dialog)

    def _change_settings(self, before: Settings, after: Settings) -> None:
        # Others may have been changed elsewhere while the dialog was open.
        settings = self._session.settings.with_changes(before, after)
        self._session.change_settings(settings)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            self._theme.apply(application, settings.appearance, settings.text_percent)


def _open(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
