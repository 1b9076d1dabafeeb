"""One prompt when a sign-in has expired: what to do, and a button to go on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from s3gui.bootstrap import Workspace
from s3gui.core.errors import CredentialsExpired
from s3gui.core.profile import Profile
from s3gui.gui.background import Background
from s3gui.gui.connections import Connections
from s3gui.gui.event_feed import Changes

if TYPE_CHECKING:
    from s3gui.gui.sign_in_dialog import SignInDialog


class SignIn(QObject):
    """Opens one dialog per connection, however many transfers wait for it."""

    edit_wanted = Signal(object)
    """The Profile whose keys have to be entered anew."""

    def __init__(self, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._background = background
        self._window = window
        self._workspace: Workspace | None = None
        self._connections: Connections | None = None
        self._open: dict[str, SignInDialog] = {}

    def attach(self, workspace: Workspace, connections: Connections) -> None:
        self._workspace, self._connections = workspace, connections
        connections.changed.connect(self._look_at_connection)

    def apply(self, changes: Changes) -> None:
        """Ask for the connections that transfers wait for."""
        known = {each.id: each for each in self._connections.profiles} if self._connections else {}
        for profile_id, held in changes.held.items():
            is_expired = held is not None and held.failure.code == CredentialsExpired.code
            if is_expired and profile_id in known:
                self.ask(known[profile_id])

    def ask(self, profile: Profile) -> None:
        workspace = self._workspace
        if workspace is not None and profile.id not in self._open:
            self._background.run(
                lambda: workspace.sign_in_command(profile),
                lambda command: self._show(profile, command),
                lambda _error: self._show(profile, []),
            )

    def _look_at_connection(self) -> None:
        connections = self._connections
        if connections is None or connections.profile is None:
            return
        if isinstance(connections.error, CredentialsExpired):
            self.ask(connections.profile)

    def _go_on(self, profile: Profile) -> None:
        """With new credentials, in the same multipart uploads."""
        workspace, connections = self._workspace, self._connections
        if workspace is None or connections is None:
            return

        def release() -> None:
            workspace.forget_store(profile.id)
            workspace.queue.release(profile.id)

        is_shown = connections.profile is not None and connections.profile.id == profile.id
        self._background.run(release, lambda _nothing: connections.retry() if is_shown else None)

    def _show(self, profile: Profile, command: Sequence[str]) -> None:
        if profile.id in self._open:
            return
        from s3gui.gui.sign_in_dialog import SignInDialog

        dialog = self._open[profile.id] = SignInDialog(profile, command, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(lambda _code: self._open.pop(profile.id, None))
        dialog.accepted.connect(lambda: self._go_on(profile))
        dialog.edit_wanted.connect(lambda: self.edit_wanted.emit(profile))
        dialog.show()  # not as a sheet: the window goes on to be used
