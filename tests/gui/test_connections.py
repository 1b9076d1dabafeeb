from __future__ import annotations

import pytest

from s3gui.adapters.credentials import CredentialKeeper
from s3gui.core.errors import AccessDenied, S3guiError, Unreachable
from s3gui.core.profile import Profile
from s3gui.core.settings import Settings
from s3gui.gui.connections import Connections, ConnectionState
from tests.fakes.object_store import FakeObjectStore

AWS = Profile("aws", "Work", region="us-east-1", access_key_id="AKIDEXAMPLE")
OTHER = Profile("other", "Home", region="eu-central-1", access_key_id="AKIDEXAMPLE")
PRACTICE = Profile("practice", "Practice server", "practice", "http://127.0.0.1:9")


class FakeProfiles:
    def __init__(self) -> None:
        self.kept = [AWS, OTHER]

    def all(self):
        return list(self.kept)

    def save(self, profile):
        self.kept.append(profile)


class FakeSettings:
    def __init__(self) -> None:
        self.kept = Settings()

    def change(self, change):
        self.kept = change(self.kept)


class FakeWorkspace:
    """Services by profile; an error in place of a store is raised."""

    def __init__(self) -> None:
        self.profiles = FakeProfiles()
        self.settings = FakeSettings()
        self.credentials = CredentialKeeper()
        self.stores: dict[str, FakeObjectStore | S3guiError] = {
            each.id: FakeObjectStore() for each in (AWS, OTHER, PRACTICE)
        }

    def store(self, profile):
        store = self.stores[profile.id]
        if isinstance(store, S3guiError):
            raise store
        return store

    def start_practice(self):
        return PRACTICE


class RefusingStore(FakeObjectStore):
    def __init__(self, error: S3guiError) -> None:
        super().__init__()
        self._error = error

    def list_buckets(self):
        raise self._error


@pytest.fixture
def workspace():
    return FakeWorkspace()


@pytest.fixture
def connections(workspace, background):
    return Connections(workspace, background)


@pytest.fixture
def opened(connections):
    opened: list[object] = []
    connections.opened.connect(lambda store, profile: opened.append((store, profile)))
    return opened


def in_state(connections, qtbot, state: ConnectionState) -> None:
    qtbot.waitUntil(lambda: connections.state is state)


def test_a_chosen_connection_opens_and_is_remembered(connections, workspace, opened, qtbot):
    connections.choose(AWS)
    assert connections.state is ConnectionState.CONNECTING
    in_state(connections, qtbot, ConnectionState.CONNECTED)
    assert opened == [(None, None), (workspace.stores["aws"], AWS)]
    assert workspace.settings.kept.last_profile_id == "aws"


def test_a_service_that_does_not_answer_leaves_its_reason(connections, workspace, qtbot):
    workspace.stores["aws"] = RefusingStore(Unreachable("Nobody is there."))
    connections.choose(AWS)
    in_state(connections, qtbot, ConnectionState.FAILED)
    assert connections.error.message == "Nobody is there."


def test_a_secret_that_is_not_there_is_a_failure_too(connections, workspace, opened, qtbot):
    workspace.stores["aws"] = S3guiError("No secret.")
    connections.choose(AWS)
    in_state(connections, qtbot, ConnectionState.FAILED)
    assert opened == [(None, None)]


def test_a_key_that_may_not_list_buckets_is_connected(connections, workspace, qtbot):
    workspace.stores["aws"] = RefusingStore(AccessDenied())
    connections.choose(AWS)
    in_state(connections, qtbot, ConnectionState.CONNECTED)


def test_the_last_choice_wins_whatever_answers_come_late(connections, workspace, opened, qtbot):
    workspace.stores["aws"] = RefusingStore(Unreachable())
    connections.choose(AWS)
    connections.choose(OTHER)
    in_state(connections, qtbot, ConnectionState.CONNECTED)
    qtbot.wait(50)
    assert connections.state is ConnectionState.CONNECTED
    assert opened[-1] == (workspace.stores["other"], OTHER)


def test_saved_connections_are_listed_and_found_by_their_id(connections, qtbot):
    with qtbot.waitSignal(connections.listed):
        connections.load(then=lambda: None)
    assert connections.profiles == [AWS, OTHER]
    assert not connections.choose_id("unknown")
    assert connections.choose_id("other")
    in_state(connections, qtbot, ConnectionState.CONNECTED)


def test_the_practice_server_is_started_and_opened(connections, opened, workspace, qtbot):
    connections.start_practice()
    assert connections.profile.name == "Practice server"
    in_state(connections, qtbot, ConnectionState.CONNECTED)
    assert opened[-1] == (workspace.stores["practice"], PRACTICE)


def test_an_aws_profile_becomes_a_connection(connections, workspace, qtbot):
    workspace.stores["aws-work"] = FakeObjectStore()
    connections.use_aws_profile("work")
    in_state(connections, qtbot, ConnectionState.CONNECTED)
    assert workspace.profiles.kept[-1].aws_profile == "work"
    assert connections.profile in connections.profiles


def test_a_connection_that_was_removed_is_closed(connections, workspace, opened, qtbot):
    connections.choose(AWS)
    in_state(connections, qtbot, ConnectionState.CONNECTED)
    workspace.profiles.kept.remove(AWS)
    with qtbot.waitSignal(connections.listed):
        connections.removed(AWS)
    assert connections.profiles == [OTHER]
    assert (connections.state, opened[-1]) == (ConnectionState.NONE, (None, None))
