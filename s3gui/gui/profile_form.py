"""The fields of a connection, and the Profile they stand for."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from s3gui.core.errors import InputError
from s3gui.core.profile import Addressing, Profile, Secret, check_endpoint, is_loopback
from s3gui.core.provider import AWS, GENERIC, PRACTICE, PROVIDERS, Provider
from s3gui.core.text import visible
from s3gui.gui.form import Field, Form, check_box
from s3gui.gui.profile_kind import AWS_REGIONS, ProfileKind, kind_of, shares_secret
from s3gui.i18n import _, translated


class ProfileForm(Form):
    """`saved` is the profile to edit, None for a new one. Never shows a saved secret."""

    changed = Signal()

    def __init__(
        self,
        saved: Profile | None,
        parent: QWidget | None = None,
        *,
        template: Profile | None = None,
    ) -> None:
        super().__init__(parent)
        self._saved = saved
        self._id = saved.id if saved is not None else uuid4().hex
        self._filled_name = ""
        self._filled_endpoint = ""
        self._has_keyring = True
        self._build_kind()
        self._build_place()
        self._build_keys()
        self._build_more()
        shown = saved or template
        if shown is not None:
            self._show(shown)
        self._choose_kind()
        self._listen()

    @property
    def kind(self) -> ProfileKind:
        return ProfileKind(self.kind_box.currentData())

    @property
    def provider(self) -> Provider:
        if self.kind is ProfileKind.SERVICE:
            return PROVIDERS[self.service.currentData()]
        return GENERIC if self.kind is ProfileKind.CUSTOM else AWS

    @property
    def secret(self) -> Secret | None:
        """What was typed. Keys are pasted, and a paste may bring blanks along."""
        text = self.secret_edit.text().strip()
        return Secret(text) if text and self.kind.has_keys else None

    @property
    def keeps_secret(self) -> bool:
        """Whether the secret goes to the keyring; otherwise it lives as long as the program."""
        return self.keep.isChecked()

    def clear_secret(self) -> None:
        self.secret_edit.clear()

    def set_aws_profiles(self, names: Sequence[str]) -> None:
        """The names in the AWS config files, as soon as they are known."""
        known = {self.aws_profile.itemData(row) for row in range(self.aws_profile.count())}
        for name in names:
            if name not in known:
                self.aws_profile.addItem(visible(name), name)

    def set_keyring(self, *, available: bool) -> None:
        self._has_keyring = available
        if not available:
            self.keep.setChecked(False)
            self.keep.setEnabled(False)
            self._keep_field.set_hint(
                _("No keyring can be used: the secret is kept in memory until s3gui closes.")
            )

    def read(self) -> Profile | None:
        """The profile as it stands; None, with a sentence at each wrong field, if it cannot be."""
        self.clear_errors()
        profile = self.profile()
        problems = [
            (self._name_field, self._name_problem()),
            (self._endpoint_field, self._endpoint_problem()),
            (self._key_id_field, self._key_id_problem()),
            (self._secret_field, self._secret_problem(profile)),
        ]
        wrong = [(field, problem) for field, problem in problems if problem]
        for field, problem in wrong:
            field.set_error(problem)
        if wrong:
            wrong[0][0].control.setFocus()
            return None
        profile.check()
        return profile

    def profile(self) -> Profile:
        """The profile as it stands, right or wrong."""
        kind = self.kind
        endpoint_url = self.endpoint.text().strip().rstrip("/") if kind.has_endpoint else None
        aws_profile = self.aws_profile.currentData()
        return Profile(
            id=self._id,
            name=self.name.text().strip(),
            provider_id=self.provider.id,
            endpoint_url=endpoint_url,
            region=self.region.currentText().strip() or None,
            addressing=Addressing(self.addressing.currentData()),
            access_key_id=self.access_key_id.text().strip() if kind.has_keys else "",
            aws_profile=str(aws_profile) if kind is ProfileKind.AWS_PROFILE else None,
            ca_file=self.ca_file.text().strip() or None,
            allow_http=self.allow_http.isChecked() and self._is_open_http(),
        )

    def needs_secret(self, profile: Profile) -> bool:
        """Whether the secret must be typed, although one may be saved."""
        if not self.kind.has_keys:
            return False
        return self._saved is None or not shares_secret(self._saved, profile)

    # Building.

    def _build_kind(self) -> None:
        self.kind_box = QComboBox()
        for kind, title in (
            (ProfileKind.AWS_KEYS, _("Amazon S3 with access keys")),
            (ProfileKind.AWS_PROFILE, _("AWS profile of this computer")),
            (ProfileKind.SERVICE, _("S3-compatible service")),
            (ProfileKind.CUSTOM, _("Other endpoint")),
        ):
            self.kind_box.addItem(title, kind)
        self.add_field(_("&Kind"), self.kind_box)
        self.aws_profile = QComboBox()
        self.aws_profile.addItem(_("Default: environment or default profile"), "")
        self._aws_profile_field = self.add_field(
            _("AWS &profile"),
            self.aws_profile,
            _("Signs in as the AWS command line does, single sign-on included."),
        )
        self.service = QComboBox()
        for provider in PROVIDERS.values():
            if provider.id not in {AWS.id, PRACTICE.id, GENERIC.id}:
                self.service.addItem(translated(provider.title), provider.id)
        self._service_field = self.add_field(_("Ser&vice"), self.service)

    def _build_place(self) -> None:
        self.name = QLineEdit()
        self._name_field = self.add_field(_("&Name"), self.name)
        self.region = QComboBox()
        self.region.setEditable(True)
        self.region.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        region_edit = QLineEdit()
        region_edit.setPlaceholderText(_("The service's own"))
        region_edit.setStyleSheet("border: none; padding: 0; background: transparent;")
        self.region.setLineEdit(region_edit)
        self._region_field = self.add_field(_("&Region"), self.region)
        self.endpoint = QLineEdit()
        self.endpoint.setPlaceholderText("https://s3.example.com")
        self._endpoint_field = self.add_field(_("&Endpoint"), self.endpoint)
        self.allow_http = check_box(_("Allow &http:// for this connection"))
        self._http_field = self.add_field(
            "",
            self.allow_http,
            _("Everybody on the way can read your files and change them."),
        )

    def _build_keys(self) -> None:
        self.access_key_id = QLineEdit()
        self._key_id_field = self.add_field(_("&Access key id"), self.access_key_id)
        self.secret_edit = QLineEdit()
        self.secret_edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.secret_edit.setInputMethodHints(
            Qt.InputMethodHint.ImhHiddenText
            | Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self._secret_field = self.add_field(_("&Secret access key"), self.secret_edit)
        self.keep = check_box(_("Keep the secret in the system's ke&yring"))
        self.keep.setChecked(True)
        self._keep_field = self.add_field("", self.keep)

    def _build_more(self) -> None:
        self.more = QToolButton()
        self.more.setText(_("More options"))
        self.more.setAccessibleName(_("More options"))
        self.more.setCheckable(True)
        self.more.setProperty("flat", True)
        self.more.setArrowType(Qt.ArrowType.RightArrow)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add_field("", self.more)
        self.addressing = QComboBox()
        self.addressing.addItem(_("Automatic"), Addressing.AUTO)
        self.addressing.addItem(_("In the path: host/bucket"), Addressing.PATH)
        self.addressing.addItem(_("In the host's name: bucket.host"), Addressing.VIRTUAL)
        self._addressing_field = self.add_field(_("&Bucket's name"), self.addressing)
        self.ca_file = QLineEdit()
        self.ca_file.setAccessibleName(_("Certificate file"))
        browse = QPushButton(_("Br&owse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QWidget()
        row.setFocusProxy(self.ca_file)
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.ca_file, 1)
        layout.addWidget(browse)
        self._ca_field = self.add_field(
            _("&Certificate file"), row, _("Trusts this authority too, for this connection only.")
        )

    def _listen(self) -> None:
        self.kind_box.currentIndexChanged.connect(self._choose_kind)
        self.service.currentIndexChanged.connect(self._choose_service)
        self.aws_profile.currentIndexChanged.connect(self._fill_name)
        self.region.currentTextChanged.connect(self._fill_endpoint)
        self.endpoint.textChanged.connect(self._fill_name)
        self.more.toggled.connect(self._show_fields)
        for edit in (self.name, self.endpoint, self.access_key_id, self.secret_edit, self.ca_file):
            edit.textChanged.connect(self._tell_change)
        for box in (self.kind_box, self.service, self.aws_profile, self.addressing):
            box.currentIndexChanged.connect(self._tell_change)
        for check in (self.allow_http, self.keep):
            check.toggled.connect(self._tell_change)
        self.region.currentTextChanged.connect(self._tell_change)
        self.name.editingFinished.connect(lambda: self._name_field.set_error(self._name_problem()))
        self.endpoint.editingFinished.connect(
            lambda: self._endpoint_field.set_error(self._endpoint_problem())
        )

    # Filling.

    def _show(self, profile: Profile) -> None:
        self.kind_box.setCurrentIndex(self.kind_box.findData(kind_of(profile)))
        if profile.aws_profile:
            self.set_aws_profiles([profile.aws_profile])
        self.aws_profile.setCurrentIndex(self.aws_profile.findData(profile.aws_profile or ""))
        self.service.setCurrentIndex(max(0, self.service.findData(profile.provider_id)))
        self.name.setText(profile.name)
        self.region.setEditText(profile.region or "")
        self.endpoint.setText(profile.endpoint_url or "")
        self._filled_endpoint = self._usual_endpoint()
        self.allow_http.setChecked(profile.allow_http)
        self.access_key_id.setText(profile.access_key_id)
        self.addressing.setCurrentIndex(self.addressing.findData(profile.addressing))
        self.ca_file.setText(profile.ca_file or "")
        self.more.setChecked(
            profile.addressing is not Addressing.AUTO or profile.ca_file is not None
        )

    def _choose_kind(self) -> None:
        self._choose_service()

    def _choose_service(self) -> None:
        region = self.region.currentText()
        self.region.clear()
        self.region.addItems(list(AWS_REGIONS if self.provider is AWS else self.provider.regions))
        is_suggestion = region in {"", *(each.default_region for each in PROVIDERS.values())}
        if self._saved is None and is_suggestion:
            has_own = self.kind is ProfileKind.AWS_PROFILE
            region = "" if has_own else self.provider.default_region
        self.region.setEditText(region)
        self._fill_name()
        self._fill_endpoint()
        self._show_fields()

    def _fill_name(self) -> None:
        """Suggest a name until the user has one."""
        if self.name.text() not in {"", self._filled_name}:
            return
        suggested = translated(self.provider.title)
        if self.kind is ProfileKind.AWS_PROFILE:
            suggested = str(self.aws_profile.currentData()) or _("AWS")
        elif self.kind is ProfileKind.CUSTOM:
            suggested = self.endpoint.text().strip().partition("://")[2].partition("/")[0]
        self._filled_name = suggested
        self.name.setText(suggested)

    def _fill_endpoint(self) -> None:
        if self.endpoint.text() not in {"", self._filled_endpoint}:
            return
        self._filled_endpoint = self._usual_endpoint()
        self.endpoint.setText(self._filled_endpoint)

    def _usual_endpoint(self) -> str:
        """Where the chosen service answers in the chosen region; empty if nobody knows."""
        region = self.region.currentText().strip() or self.provider.default_region
        return (self.provider.endpoint or "").format(region=region)

    def _show_fields(self) -> None:
        kind, has_more = self.kind, self.more.isChecked()
        self.more.setArrowType(Qt.ArrowType.DownArrow if has_more else Qt.ArrowType.RightArrow)
        profile = self.profile()
        shown: list[tuple[Field, bool]] = [
            (self._aws_profile_field, kind is ProfileKind.AWS_PROFILE),
            (self._service_field, kind is ProfileKind.SERVICE),
            (self._endpoint_field, kind.has_endpoint),
            (self._http_field, self._is_open_http()),
            (self._key_id_field, kind.has_keys),
            (self._secret_field, kind.has_keys),
            (self._keep_field, kind.has_keys),
            (self._addressing_field, has_more),
            (self._ca_field, has_more),
        ]
        for field, is_shown in shown:
            field.set_visible(visible=is_shown)
        is_unchanged = self._saved is not None and not self.needs_secret(profile)
        self.secret_edit.setPlaceholderText(_("unchanged") if is_unchanged else "")
        self._secret_field.set_hint(
            _("Another key or another host: its secret has to be entered again.")
            if self._saved is not None and self.needs_secret(profile)
            else ""
        )

    def _tell_change(self) -> None:
        for field in (self._name_field, self._endpoint_field, self._key_id_field):
            if field.note.is_error:
                field.set_error("")
        self._secret_field.set_error("")
        self._show_fields()
        self.changed.emit()

    def _browse(self) -> None:
        dialog = QFileDialog(self, _("Certificate file"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.ca_file.setText)
        dialog.open()

    # Checking.

    def _name_problem(self) -> str:
        return "" if self.name.text().strip() else _("The connection needs a name.")

    def _endpoint_problem(self) -> str:
        if not self.kind.has_endpoint:
            return ""
        endpoint_url = self.endpoint.text().strip()
        if not endpoint_url:
            return _("Type the service's address; it starts with https://.")
        try:
            check_endpoint(endpoint_url, allow_http=self.allow_http.isChecked())
        except InputError as error:
            return visible(translated(error.message))
        return ""

    def _key_id_problem(self) -> str:
        if self.kind.has_keys and not self.access_key_id.text().strip():
            return _("Type the access key id; it comes with the secret access key.")
        return ""

    def _secret_problem(self, profile: Profile) -> str:
        if self.secret is None and self.needs_secret(profile):
            return _("Type the secret access key.")
        return ""

    def _is_open_http(self) -> bool:
        """Whether the endpoint is one that needs the user's consent."""
        endpoint_url = self.endpoint.text().strip()
        if not self.kind.has_endpoint or not endpoint_url.lower().startswith("http://"):
            return False
        try:
            return not is_loopback(endpoint_url)
        except ValueError:
            return False
