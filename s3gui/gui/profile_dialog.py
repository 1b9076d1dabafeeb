"""Adds, tests, changes and removes a connection."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from s3gui.bootstrap import Workspace
from s3gui.core.errors import (
    CredentialsMissing,
    KeyringUnavailable,
    S3guiError,
)
from s3gui.core.inspection import Inspection
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.text import visible
from s3gui.core.transfer import Destination
from s3gui.engine.probe import ProbeReport
from s3gui.gui.background import Background
from s3gui.gui.form import FormDialog, error_sentences
from s3gui.gui.inspection_text import inspection_sentences
from s3gui.gui.probe_dialog import ProbeDialog
from s3gui.gui.profile_form import ProfileForm
from s3gui.gui.question import ask
from s3gui.i18n import _

Inspect = Callable[[Profile, Credentials | None], Inspection]


class ProfileDialog(FormDialog):
    """The secret goes to the keyring or stays in memory, and nowhere else."""

    saved = Signal(object)
    """The Profile, saved."""

    removed = Signal(object)
    """The Profile that is no more, nor its secret."""

    def __init__(
        self,
        workspace: Workspace,
        background: Background,
        profile: Profile | None = None,
        parent: QWidget | None = None,
        *,
        inspect: Inspect | None = None,
        template: Profile | None = None,
    ) -> None:
        title = _("Add a connection") if profile is None else _("Edit the connection")
        self._profile_form = ProfileForm(profile, template=template)
        super().__init__(title, _("Save"), parent, form=self._profile_form)
        self._workspace = workspace
        self._background = background
        self._profile = profile
        self._inspect = inspect
        self._test_number = 0
        self.test_button = self.add_action(_("&Test connection"))
        self.test_button.clicked.connect(self.test)
        self.probe_button = self.add_action(_("Try &it out…"))
        self.probe_button.clicked.connect(self.probe)
        if profile is not None:
            self.remove_button = self.add_action(_("Re&move…"))
            self.remove_button.clicked.connect(self.remove)
        self._profile_form.changed.connect(self._forget_test)
        background.run(workspace.aws_profile_names, self._show_aws_profiles, self._ignore)
        background.run(workspace.credentials.is_available, self._show_keyring, self._ignore)

    @property
    def fields(self) -> ProfileForm:
        return self._profile_form

    def test(self) -> None:
        """Ask the service for its buckets, and say what came of it."""
        profile = self._profile_form.read()
        if profile is None:
            return
        self._test_number += 1
        number, secret = self._test_number, self._profile_form.secret
        self.test_button.setEnabled(False)
        self.message.set_hint(_("Connecting to {host}…").format(host=visible(profile.host)))
        self._background.run(
            lambda: (number, self._try(profile, secret)), self._show_test, self._fail
        )

    def accept(self) -> None:
        profile = self._profile_form.read()
        if profile is None:
            return
        form = self._profile_form
        secret, keeps_secret = form.secret, form.keeps_secret
        self._set_busy(busy=True)
        self.message.set_hint(_("Saving…"))
        self._background.run(
            lambda: self._save(profile, secret, keeps_secret=keeps_secret),
            self._close_saved,
            self._fail,
        )

    def reject(self) -> None:
        self._profile_form.clear_secret()
        super().reject()

    def remove(self) -> None:
        profile = self._profile
        if profile is not None:
            ask(
                self,
                _("Remove “{name}”?").format(name=visible(profile.name)),
                _("Its secret is removed from the keyring, too. Nothing on the service changes."),
                yes=_("&Remove"),
                on_yes=lambda: self._remove(profile),
                is_danger=True,
            )

    def probe(self) -> None:
        """Ask where the service may be tried with small objects."""
        profile, secret = self._profile_form.read(), self._profile_form.secret
        if profile is None:
            return

        def run(place: Destination) -> ProbeReport:
            return self._workspace.probe(profile, place, self._credentials(profile, secret))

        dialog = ProbeDialog(run, self._background, parent=self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # Off the GUI thread.

    def _try(self, profile: Profile, typed: Secret | None) -> S3guiError | Inspection:
        """What a look at the service tells; what went wrong."""
        try:
            inspect = self._inspect or self._workspace.looks.inspect
            return inspect(profile, self._credentials(profile, typed))
        except S3guiError as error:
            return error

    def _credentials(self, profile: Profile, typed: Secret | None) -> Credentials | None:
        if profile.aws_profile is not None:
            return None
        secret = typed or self._workspace.credentials.secret(profile)
        if secret is None:
            raise CredentialsMissing(
                _("No secret is kept for this connection."),
                hint=_("Enter its secret access key again."),
            )
        return Credentials(profile.access_key_id, secret)

    def _save(self, profile: Profile, secret: Secret | None, *, keeps_secret: bool) -> Profile:
        """The secret first: a profile without its secret would be of no use."""
        keeper = self._workspace.credentials
        if profile.aws_profile is not None:
            if self._profile is not None:
                keeper.forget(profile.id)
        elif secret is not None:
            if keeps_secret:
                keeper.save(profile, secret)
            else:
                keeper.forget(profile.id)
                credentials = Credentials(profile.access_key_id, secret)
                keeper.keep_for_session(profile, credentials)
        self._workspace.profiles.save(profile)
        self._workspace.forget_store(profile.id)
        return profile

    def _remove(self, profile: Profile) -> None:
        def work() -> Profile:
            self._workspace.credentials.forget(profile.id)
            self._workspace.profiles.remove(profile.id)
            self._workspace.forget_store(profile.id)
            return profile

        self._set_busy(busy=True)
        self._background.run(work, self._close_removed, self._fail)

    # Back in the GUI thread.

    def _show_test(self, answer: tuple[int, S3guiError | Inspection]) -> None:
        number, result = answer
        self.test_button.setEnabled(True)
        if number != self._test_number:
            return
        self.message.set_hint("")
        if isinstance(result, S3guiError):
            self.message.set_error(error_sentences(result))
        else:
            self.message.set_ok("\n".join(inspection_sentences(result)))

    def _forget_test(self) -> None:
        """What was found out is about other values than those that stand there now."""
        self._test_number += 1
        self.message.set_hint("")
        self.message.set_error("")

    def _show_aws_profiles(self, names: list[str]) -> None:
        self._profile_form.set_aws_profiles(names)

    def _show_keyring(self, available: bool) -> None:  # noqa: FBT001  (an answer, not a switch)
        self._profile_form.set_keyring(available=available)

    def _ignore(self, _error: S3guiError) -> None:
        """Without the suggestions the form still works."""

    def _close_saved(self, profile: Profile) -> None:
        self._profile_form.clear_secret()
        super().accept()
        self.saved.emit(profile)

    def _close_removed(self, profile: Profile) -> None:
        self._profile_form.clear_secret()
        super().accept()
        self.removed.emit(profile)

    def _fail(self, error: S3guiError) -> None:
        self._set_busy(busy=False)
        self.message.set_hint("")
        if isinstance(error, KeyringUnavailable):
            self._profile_form.set_keyring(available=False)
        self.message.set_error(error_sentences(error))

    def _set_busy(self, *, busy: bool) -> None:
        for widget in (self._profile_form, self.accept_button, self.test_button):
            widget.setEnabled(not busy)
