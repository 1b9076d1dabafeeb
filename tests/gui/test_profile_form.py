from __future__ import annotations

import pytest
from PySide6.QtWidgets import QFileDialog, QLineEdit

from s3gui.core.profile import Addressing, Profile, Secret
from s3gui.core.provider import PROVIDERS
from s3gui.gui.profile_form import ProfileForm
from s3gui.gui.profile_kind import ProfileKind

KEYS = Profile("1", "Photos", region="eu-west-1", access_key_id="AKID")
AWS_PROFILE = Profile("2", "Work", aws_profile="work")
WASABI = Profile(
    "3",
    "Wasabi",
    "wasabi",
    "https://s3.eu-west-1.wasabisys.com",
    "eu-west-1",
    access_key_id="AKID",
)
NAS = Profile(
    "4",
    "NAS",
    "generic",
    "http://nas.local:9000",
    "us-east-1",
    Addressing.PATH,
    "AKID",
    ca_file="/etc/ca.pem",
    allow_http=True,
)


@pytest.fixture
def open_form(qtbot):
    def open_it(saved: Profile | None = None, kind: ProfileKind | None = None) -> ProfileForm:
        form = ProfileForm(saved)
        qtbot.addWidget(form)
        form.show()
        if kind is not None:
            form.kind_box.setCurrentIndex(form.kind_box.findData(kind))
        return form

    return open_it


def errors(form: ProfileForm) -> list[str]:
    return [field.note.text() for field in form.fields if field.note.is_error]


def type_keys(form: ProfileForm) -> None:
    form.access_key_id.setText("AKID")
    form.secret_edit.setText("secret")


@pytest.mark.parametrize("saved", [KEYS, AWS_PROFILE, WASABI, NAS])
def test_a_saved_profile_comes_back_as_it_was(saved, open_form):
    form = open_form(saved)
    assert form.read() == saved
    assert form.secret is None


def test_a_saved_secret_is_never_shown(open_form):
    form = open_form(KEYS)
    assert form.secret_edit.text() == ""
    assert form.secret_edit.placeholderText() == "unchanged"
    assert form.secret_edit.echoMode() is QLineEdit.EchoMode.Password


def test_a_new_connection_to_aws_needs_its_keys(open_form):
    form = open_form()
    assert form.read() is None
    assert len(errors(form)) == 2
    type_keys(form)
    profile = form.read()
    assert profile is not None
    assert (profile.name, profile.region) == ("Amazon S3", "us-east-1")
    assert profile.endpoint_url is None
    assert form.secret == Secret("secret")


def test_two_new_connections_are_two(open_form):
    assert open_form().profile().id != open_form().profile().id


def test_blanks_around_a_pasted_secret_are_not_part_of_it(open_form):
    form = open_form()
    form.secret_edit.setText(" secret \n")
    assert form.secret == Secret("secret")


def test_only_the_fields_of_the_kind_are_shown(open_form):
    form = open_form()
    assert not form.endpoint.isVisible()
    assert not form.service.isVisible()
    form.kind_box.setCurrentIndex(form.kind_box.findData(ProfileKind.AWS_PROFILE))
    assert form.aws_profile.isVisible()
    assert not form.secret_edit.isVisible()
    form.kind_box.setCurrentIndex(form.kind_box.findData(ProfileKind.CUSTOM))
    assert form.endpoint.isVisible()
    assert not form.ca_file.isVisible()
    form.more.setChecked(True)
    assert form.ca_file.isVisible()
    assert not any(field.note.isVisible() for field in form.fields if not field.control.isVisible())


def test_an_aws_profile_is_chosen_by_its_name(open_form):
    form = open_form(kind=ProfileKind.AWS_PROFILE)
    form.set_aws_profiles(["work", "home"])
    form.set_aws_profiles(["work", "home"])
    assert form.aws_profile.count() == 3
    profile = form.read()
    assert profile is not None
    assert profile.aws_profile == ""
    form.aws_profile.setCurrentIndex(form.aws_profile.findData("home"))
    profile = form.read()
    assert profile is not None
    assert (profile.name, profile.aws_profile, profile.region) == ("home", "home", None)
    assert profile.access_key_id == ""


def test_a_known_service_brings_its_endpoint_which_follows_the_region(open_form):
    form = open_form(kind=ProfileKind.SERVICE)
    form.service.setCurrentIndex(form.service.findData("wasabi"))
    assert form.endpoint.text() == "https://s3.us-east-1.wasabisys.com"
    form.region.setEditText("eu-west-1")
    assert form.endpoint.text() == "https://s3.eu-west-1.wasabisys.com"
    form.service.setCurrentIndex(form.service.findData("b2"))
    assert form.endpoint.text() == "https://s3.eu-west-1.backblazeb2.com"
    assert form.name.text() == "Backblaze B2"
    form.endpoint.setText("https://my.own.example")
    form.region.setEditText("us-west-2")
    assert form.endpoint.text() == "https://my.own.example"


def test_every_known_service_can_be_chosen(open_form):
    form = open_form(kind=ProfileKind.SERVICE)
    offered = {form.service.itemData(row) for row in range(form.service.count())}
    assert offered == set(PROVIDERS) - {"aws", "practice", "generic"}


def test_the_suggested_name_gives_way_to_the_user_s(open_form):
    form = open_form(kind=ProfileKind.CUSTOM)
    form.endpoint.setText("https://nas.local:9000")
    assert form.name.text() == "nas.local:9000"
    form.name.setText("My NAS")
    form.endpoint.setText("https://other.local")
    assert form.name.text() == "My NAS"


@pytest.mark.parametrize(
    ("endpoint", "word"),
    [
        ("", "https://"),
        ("nas.local", "https://"),
        ("https://user:pass@nas.local", "password"),
        ("https://nas.local/bucket", "port only"),
        ("http://nas.local", "in the clear"),
        ("http://[::1", "not a valid"),
    ],
)
def test_a_wrong_endpoint_gets_a_sentence(endpoint, word, open_form):
    form = open_form(kind=ProfileKind.CUSTOM)
    form.name.setText("NAS")
    type_keys(form)
    form.endpoint.setText(endpoint)
    form.endpoint.editingFinished.emit()
    assert len(errors(form)) == 1
    assert word in errors(form)[0]
    assert form.read() is None
    form.endpoint.setText("https://nas.local")
    assert errors(form) == []
    assert form.read() is not None


def test_http_needs_consent_except_on_this_computer(open_form):
    form = open_form(kind=ProfileKind.CUSTOM)
    type_keys(form)
    form.endpoint.setText("http://127.0.0.1:9000")
    assert not form.allow_http.isVisible()
    assert form.read() is not None
    form.endpoint.setText("http://nas.local")
    assert form.allow_http.isVisible()
    assert form.read() is None
    form.allow_http.setChecked(True)
    profile = form.read()
    assert profile is not None
    assert profile.allow_http
    form.endpoint.setText("https://nas.local")
    profile = form.read()
    assert profile is not None
    assert not profile.allow_http


@pytest.mark.parametrize(
    "change",
    [
        lambda form: form.endpoint.setText("https://s3.eu-west-1.wasabisys.com.evil.example"),
        lambda form: form.endpoint.setText("http://s3.eu-west-1.wasabisys.com"),
        lambda form: form.region.setEditText("us-east-1"),
        lambda form: form.access_key_id.setText("OTHER"),
        lambda form: form.kind_box.setCurrentIndex(form.kind_box.findData(ProfileKind.AWS_KEYS)),
    ],
)
def test_another_host_or_key_needs_the_secret_again(change, open_form):
    form = open_form(WASABI)
    change(form)
    form.allow_http.setChecked(True)
    assert form.secret_edit.placeholderText() == ""
    assert form.read() is None
    assert errors(form) == ["Type the secret access key."]
    form.secret_edit.setText("secret")
    assert form.read() is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda form: form.name.setText("Archive"),
        lambda form: form.endpoint.setText("https://S3.eu-west-1.wasabisys.com/"),
        lambda form: form.addressing.setCurrentIndex(1),
    ],
)
def test_other_changes_leave_the_secret_alone(change, open_form):
    form = open_form(WASABI)
    change(form)
    assert form.read() is not None


def test_a_name_is_needed(open_form):
    form = open_form(KEYS)
    form.name.setText("  ")
    assert form.read() is None
    assert errors(form) == ["The connection needs a name."]


def test_without_a_keyring_the_secret_is_kept_for_the_session(open_form):
    form = open_form()
    assert form.keeps_secret
    form.set_keyring(available=True)
    assert form.keeps_secret
    form.set_keyring(available=False)
    assert not form.keeps_secret
    assert not form.keep.isEnabled()
    assert "in memory until" in form.keep.accessibleDescription()


def test_a_certificate_file_can_be_looked_for(open_form, qtbot):
    form = open_form(NAS)
    form._browse()
    dialog = form.findChild(QFileDialog)
    dialog.fileSelected.emit("/etc/other.pem")
    assert form.ca_file.text() == "/etc/other.pem"
    dialog.reject()


def test_clearing_leaves_nothing_to_undo(open_form):
    form = open_form()
    form.secret_edit.setText("secret")
    form.clear_secret()
    form.secret_edit.undo()
    assert form.secret is None
