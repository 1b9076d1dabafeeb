"""The saved connections, and the one that is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from s3gui.bootstrap import PRACTICE_PROFILE_ID, Workspace
from s3gui.core.errors import AccessDenied, S3guiError
from s3gui.core.profile import Profile
from s3gui.core.provider import PRACTICE
from s3gui.engine.ports import ObjectStore
from s3gui.gui.background import Background
from s3gui.i18n import translated

T = TypeVar("T")

AWS_PREFIX = "aws-"
"""A profile made from one of the AWS config has this and its name for an id."""


class ConnectionState(StrEnum):
    NONE = "none"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    FAILED = "failed"


class Connections(QObject):
    """One connection is open at a time; transfers of others go on meanwhile."""

    listed = Signal()
    """The saved profiles are known, or others than before."""

    changed = Signal()
    """Another profile is current, or its state is another."""

    opened = Signal(object, object)
    """The ObjectStore and its Profile, ready to be looked into. Both None: nothing is open."""

    def __init__(
        self, workspace: Workspace, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self._background = background
        self.profiles: list[Profile] = []
        self.profile: Profile | None = None
        self.store: ObjectStore | None = None
        self.state = ConnectionState.NONE
        self.error: S3guiError | None = None
        self.is_secret_for_session = False

    def load(self, then: Callable[[], None]) -> None:
        """Read the saved profiles."""

        def show(profiles: list[Profile]) -> None:
            self.profiles = profiles
            self.listed.emit()
            then()

        self._background.run(self._workspace.profiles.all, show)

    def choose(self, profile: Profile) -> None:
        """Open `profile` in the background, instead of what is open."""
        self.profile, self.store, self.error = profile, None, None
        self._be(ConnectionState.CONNECTING)
        self.opened.emit(None, None)
        self._background.run(
            lambda: self._open(profile),
            self._only_for(profile, self._show_store),
            self._only_for(profile, self._fail),
        )

    def choose_id(self, profile_id: str) -> bool:
        """Open the saved profile with this id; False if there is none."""
        if profile_id == PRACTICE_PROFILE_ID:
            self.start_practice()
            return True
        found = next((each for each in self.profiles if each.id == profile_id), None)
        if found is not None:
            self.choose(found)
        return found is not None

    def start_practice(self) -> None:
        waiting = Profile(PRACTICE_PROFILE_ID, translated(PRACTICE.title), PRACTICE.id)
        self.profile, self.store, self.error = waiting, None, None
        self._be(ConnectionState.CONNECTING)
        self._background.run(
            self._workspace.start_practice,
            self._only_for(waiting, self.choose),
            self._only_for(waiting, self._fail),
        )

    def use_aws_profile(self, name: str) -> None:
        """Save the AWS config's profile as a connection, and open it."""
        profile = Profile(f"{AWS_PREFIX}{name}", name, aws_profile=name)
        self._background.run(
            lambda: self._workspace.profiles.save(profile), lambda _nothing: self.saved(profile)
        )

    def saved(self, profile: Profile) -> None:
        """Show a connection that was saved, and open it as it is now."""
        self.load(then=lambda: self.choose(profile))

    def removed(self, profile: Profile) -> None:
        """Show that a connection is no more; if it was open, nothing is."""
        self.load(then=lambda: None)
        if self.profile is not None and self.profile.id == profile.id:
            self.profile, self.store, self.error = None, None, None
            self._be(ConnectionState.NONE)
            self.opened.emit(None, None)

    def retry(self) -> None:
        if self.profile is not None:
            self.choose_id(self.profile.id)

    def _open(self, profile: Profile) -> tuple[Profile, ObjectStore]:
        store = self._workspace.store(profile)
        is_saved = profile.id != PRACTICE_PROFILE_ID
        kept = self._workspace.credentials.for_session(profile) if is_saved else None
        self.is_secret_for_session = kept is not None
        self._workspace.settings.change(lambda saved: replace(saved, last_profile_id=profile.id))
        return profile, store

    def _show_store(self, opened: tuple[Profile, ObjectStore]) -> None:
        profile, store = opened
        self.store = store
        self.opened.emit(store, profile)
        self._background.run(
            lambda: _greet(store),
            self._only_for(profile, lambda _nothing: self._be(ConnectionState.CONNECTED)),
            self._only_for(profile, self._fail),
        )

    def _only_for(self, profile: Profile, listener: Callable[[T], None]) -> Callable[[T], None]:
        """Another profile may have been chosen when the answer comes."""

        def listen(value: T) -> None:
            if profile is self.profile:
                listener(value)

        return listen

    def _fail(self, error: S3guiError) -> None:
        self.error = error
        self._be(ConnectionState.FAILED)

    def _be(self, state: ConnectionState) -> None:
        self.state = state
        self.changed.emit()


def _greet(store: ObjectStore) -> None:
    """Whether the service answers; a key that may not list buckets still is a good one."""
    try:
        store.list_buckets()
    except AccessDenied:
        return
