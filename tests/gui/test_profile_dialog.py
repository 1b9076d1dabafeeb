from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest

from s3gui.adapters.credentials import CredentialKeeper
from s3gui.core.errors import AccessDenied, KeyringUnavailable, Unreachable
from s3gui.core.inspection import Inspection
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.gui.profile_dialog import ProfileDialog
from s3gui.gui.profile_kind import ProfileKind
from s3gui.gui.question import Question
from tests.gui.test_accessible import sharing_a_letter

SAVED = Profile("saved", "Photos", region="eu-west-1", access_key_id="AKID")


class MemoryKeyring:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.is_locked = False
        self.threads: set[int] = set()

    def get_password(self, service: str, username: str) -> str | None:
        self.threads.add(threading.get_ident())
        return self.kept.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.threads.add(threading.get_ident())
        if self.is_locked:
            raise KeyringUnavailable
        self.kept[username] = password

    def delete_password(self, service: str, username: str) -> None:
        self.threads.add(threading.get_ident())
        del self.kept[username]

    def secrets(self) -> dict[str, str]:
        return {name: json.loads(kept)["secret_access_key"] for name, kept in self.kept.items()}


class MemoryProfiles:
    def __init__(self) -> None:
        self.saved: dict[str, Profile] = {}

    def save(self, profile: Profile) -> None:
        self.saved[profile.id] = profile

    def remove(self, profile_id: str) -> None:
        self.saved.pop(profile_id, None)


class FakeWorkspace:
    def __init__(self) -> None:
        self.keyring: MemoryKeyring | None = MemoryKeyring()
        self.profiles = MemoryProfiles()
        self.credentials = CredentialKeeper(self._find_keyring)
        self.forgotten: list[str] = []

    def aws_profile_names(self) -> list[str]:
        return ["default", "work"]

    def forget_store(self, profile_id: str) -> None:
        self.forgotten.append(profile_id)

    def _find_keyring(self) -> MemoryKeyring:
        if self.keyring is None:
            raise KeyringUnavailable
        return self.keyring


@pytest.fixture
def workspace():
    return FakeWorkspace()


@pytest.fixture
def connections():
    """Each attempt to connect: (profile, credentials)."""
    return []


@pytest.fixture
def open_dialog(workspace, background, store, connections, qtbot):
    def inspect(profile: Profile, credentials: Credentials | None):
        connections.append((profile, credentials))
        try:
            buckets = len(store.list_buckets())
        except AccessDenied:
            buckets = None
        return Inspection("https://s3.example.com", "eu-west-1", buckets, clock_offset_seconds=0.0)

    def open_it(profile: Profile | None = None) -> ProfileDialog:
        dialog = ProfileDialog(workspace, background, profile, inspect=inspect)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_it


@pytest.fixture
def saved(workspace):
    workspace.profiles.save(SAVED)
    workspace.credentials.save(SAVED, Secret("kept"))
    return SAVED


def test_no_two_controls_answer_to_one_letter(open_dialog, saved):
    assert sharing_a_letter(open_dialog(saved)) == []


def type_keys(dialog: ProfileDialog) -> None:
    dialog.fields.access_key_id.setText("AKID")
    dialog.fields.secret_edit.setText("typed")


def save(dialog: ProfileDialog, qtbot) -> Profile:
    with qtbot.waitSignal(dialog.saved) as done:
        dialog.accept_button.click()
    assert not dialog.isVisible()
    return done.args[0]


def test_a_new_connection_is_saved_and_its_secret_goes_to_the_keyring(
    open_dialog, workspace, qtbot
):
    dialog = open_dialog()
    type_keys(dialog)
    profile = save(dialog, qtbot)
    assert workspace.profiles.saved == {profile.id: profile}
    assert workspace.keyring.secrets() == {profile.id: "typed"}
    assert workspace.credentials.for_session(profile) is None
    assert workspace.forgotten == [profile.id]
    assert dialog.fields.secret_edit.text() == ""


def test_the_keyring_is_never_waited_for_in_the_gui_thread(open_dialog, workspace, saved, qtbot):
    workspace.keyring.threads.clear()
    dialog = open_dialog(saved)
    type_keys(dialog)
    save(dialog, qtbot)
    assert workspace.keyring.threads
    assert threading.get_ident() not in workspace.keyring.threads


def test_a_secret_can_be_kept_for_the_session_only(open_dialog, workspace, saved, qtbot):
    dialog = open_dialog(saved)
    dialog.fields.secret_edit.setText("typed")
    dialog.fields.keep.setChecked(False)
    save(dialog, qtbot)
    assert workspace.keyring.secrets() == {}
    assert workspace.credentials.secret(saved) == Secret("typed")


def test_a_system_without_a_keyring_keeps_it_for_the_session(open_dialog, workspace, qtbot):
    workspace.keyring = None
    dialog = open_dialog()
    qtbot.waitUntil(lambda: not dialog.fields.keep.isEnabled())
    type_keys(dialog)
    profile = save(dialog, qtbot)
    assert workspace.credentials.secret(profile) == Secret("typed")


def test_a_locked_keyring_is_told_and_loses_nothing(open_dialog, workspace, qtbot):
    workspace.keyring.is_locked = True
    dialog = open_dialog()
    type_keys(dialog)
    dialog.accept_button.click()
    qtbot.waitUntil(lambda: dialog.message.is_error)
    assert "for this session only" in dialog.message.text()
    assert dialog.isVisible()
    assert dialog.fields.secret == Secret("typed")
    assert workspace.profiles.saved == {}
    dialog.fields.keep.setChecked(False)
    save(dialog, qtbot)


def test_a_new_secret_replaces_the_one_of_the_session_too(open_dialog, workspace, saved, qtbot):
    workspace.credentials.keep_for_session(saved, Credentials("AKID", Secret("old")))
    dialog = open_dialog(saved)
    dialog.fields.secret_edit.setText("typed")
    save(dialog, qtbot)
    assert workspace.keyring.secrets() == {saved.id: "typed"}
    assert workspace.credentials.secret(saved) == Secret("typed")


def test_editing_without_a_new_secret_keeps_the_old_one(open_dialog, workspace, saved, qtbot):
    dialog = open_dialog(saved)
    dialog.fields.name.setText("Archive")
    profile = save(dialog, qtbot)
    assert profile == replace(saved, name="Archive")
    assert workspace.keyring.secrets() == {saved.id: "kept"}


def test_a_connection_that_becomes_an_aws_profile_loses_its_secret(
    open_dialog, workspace, saved, qtbot
):
    dialog = open_dialog(saved)
    qtbot.waitUntil(lambda: dialog.fields.aws_profile.count() == 3)
    form = dialog.fields
    form.kind_box.setCurrentIndex(form.kind_box.findData(ProfileKind.AWS_PROFILE))
    form.aws_profile.setCurrentIndex(form.aws_profile.findData("work"))
    assert save(dialog, qtbot).aws_profile == "work"
    assert workspace.keyring.secrets() == {}


def test_what_is_wrong_keeps_the_dialog_open(open_dialog, workspace, qtbot):
    dialog = open_dialog()
    with qtbot.assertNotEmitted(dialog.saved):
        dialog.accept_button.click()
    assert dialog.isVisible()
    assert workspace.profiles.saved == {}


def test_cancelling_forgets_the_typed_secret(open_dialog, workspace):
    dialog = open_dialog()
    type_keys(dialog)
    dialog.cancel_button.click()
    assert dialog.fields.secret_edit.text() == ""
    assert workspace.keyring.secrets() == {}


@pytest.mark.parametrize(
    ("buckets", "sentence"),
    [(0, "0 buckets found"), (1, "1 bucket found"), (3, "3 buckets found")],
)
def test_a_test_tells_what_it_found(buckets, sentence, open_dialog, store, qtbot):
    for number in range(buckets):
        store.add_bucket(f"bucket-{number}")
    dialog = open_dialog()
    type_keys(dialog)
    dialog.test_button.click()
    assert "Connecting" in dialog.message.text()
    qtbot.waitUntil(lambda: sentence in dialog.message.text())
    assert not dialog.message.is_error


def test_a_test_uses_what_was_typed_and_saves_nothing(open_dialog, workspace, connections, qtbot):
    dialog = open_dialog()
    type_keys(dialog)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: "Connected" in dialog.message.text())
    credentials = Credentials("AKID", Secret("typed"))
    assert connections == [(dialog.fields.profile(), credentials)]
    assert workspace.keyring.secrets() == {}


def test_a_test_uses_the_kept_secret_where_none_was_typed(open_dialog, saved, connections, qtbot):
    dialog = open_dialog(saved)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: "Connected" in dialog.message.text())
    assert connections[0][1] == Credentials("AKID", Secret("kept"))


def test_a_test_never_sends_the_kept_secret_to_another_host(
    open_dialog, workspace, connections, qtbot
):
    profile = replace(SAVED, provider_id="generic", endpoint_url="https://nas.local")
    workspace.credentials.save(profile, Secret("kept"))
    dialog = open_dialog(profile)
    dialog.fields.endpoint.setText("https://nas.1ocal")
    dialog.test_button.click()
    with qtbot.assertNotEmitted(dialog.saved):
        dialog.accept_button.click()
    assert connections == []
    assert dialog.test_button.isEnabled()


def test_a_test_without_any_secret_says_what_to_do(open_dialog, qtbot):
    dialog = open_dialog(SAVED)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: dialog.message.is_error)
    assert "Enter its secret" in dialog.message.text()


def test_a_key_that_may_not_list_buckets_is_connected_all_the_same(open_dialog, store, qtbot):
    store.fail("list_buckets", AccessDenied())
    dialog = open_dialog()
    type_keys(dialog)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: "may not list buckets" in dialog.message.text())
    assert not dialog.message.is_error


def test_a_failed_test_tells_cause_and_advice(open_dialog, store, qtbot):
    store.fail("list_buckets", Unreachable())
    dialog = open_dialog()
    type_keys(dialog)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: dialog.message.is_error)
    assert "cannot be reached. Check the endpoint" in dialog.message.text()
    assert dialog.test_button.isEnabled()


def test_a_surprise_in_a_test_leaves_the_dialog_usable(open_dialog, store, qtbot):
    store.fail("list_buckets", ZeroDivisionError())
    dialog = open_dialog()
    type_keys(dialog)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: dialog.message.is_error)
    assert dialog.test_button.isEnabled()


def test_the_result_of_a_test_goes_when_the_values_change(open_dialog, store, qtbot):
    may_answer = threading.Event()
    dialog = open_dialog()
    type_keys(dialog)
    dialog.test_button.click()
    qtbot.waitUntil(lambda: "Connected" in dialog.message.text())
    dialog.fields.access_key_id.setText("OTHER")
    assert dialog.message.text() == ""
    store.before["list_buckets"] = lambda _: may_answer.wait(10)
    dialog.test_button.click()
    dialog.fields.access_key_id.setText("AKID")
    may_answer.set()
    qtbot.waitUntil(dialog.test_button.isEnabled)
    assert dialog.message.text() == ""


def test_an_aws_profile_is_tested_through_its_own_chain(open_dialog, connections, qtbot):
    dialog = open_dialog()
    form = dialog.fields
    form.kind_box.setCurrentIndex(form.kind_box.findData(ProfileKind.AWS_PROFILE))
    dialog.test_button.click()
    qtbot.waitUntil(lambda: "Connected" in dialog.message.text())
    assert connections[0][1] is None


def test_removing_asks_and_takes_the_secret_along(open_dialog, workspace, saved, qtbot):
    dialog = open_dialog(saved)
    dialog.remove_button.click()
    dialog.findChild(Question).no_button.click()
    assert workspace.profiles.saved
    qtbot.waitUntil(lambda: dialog.findChild(Question) is None)
    dialog.remove_button.click()
    with qtbot.waitSignal(dialog.removed) as removed:
        dialog.findChild(Question).yes_button.click()
    assert removed.args == [saved]
    assert workspace.profiles.saved == {}
    assert workspace.keyring.secrets() == {}
    assert workspace.forgotten == [saved.id]


def test_a_new_connection_cannot_be_removed(open_dialog):
    assert not hasattr(open_dialog(), "remove_button")


def test_a_duplicate_begins_like_its_model_but_needs_its_own_secret(
    workspace, background, profile, qtbot
):
    dialog = ProfileDialog(workspace, background, template=profile)
    qtbot.addWidget(dialog)
    form = dialog.fields
    assert form.profile().name == profile.name
    assert form.profile().access_key_id == profile.access_key_id
    assert form.profile().id != profile.id
    assert form.needs_secret(form.profile())
