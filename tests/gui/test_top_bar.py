from __future__ import annotations

from dataclasses import replace

import pytest

from s3gui.core.profile import Profile
from s3gui.gui.connections import ConnectionState
from s3gui.gui.top_bar import TopBar

WORK = Profile("work", "R&D", region="us-east-1", access_key_id="AKIDEXAMPLE")
PRACTICE = Profile("practice", "Practice server", "practice", "http://127.0.0.1:9")


@pytest.fixture
def bar(theme, qtbot):
    bar = TopBar(theme)
    qtbot.addWidget(bar)
    return bar


def items(bar) -> dict[str, object]:
    return {each.text(): each for each in bar.connections_menu.actions() if each.text()}


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (ConnectionState.CONNECTED, "connected to amazonaws.com"),
        (ConnectionState.CONNECTING, "connecting…"),
        (ConnectionState.FAILED, "not connected"),
    ],
)
def test_the_state_of_the_connection_is_said_in_words(bar, state, said):
    bar.show_connection(WORK, state)
    assert bar.connection.accessibleName() == f"Connection: R&D, {said}"


def test_why_it_is_not_connected_is_in_the_tooltip(bar):
    bar.show_connection(WORK, ConnectionState.FAILED, "<b>Nobody</b> answers.")
    assert "&lt;b&gt;Nobody&lt;/b&gt; answers." in bar.connection.toolTip()


@pytest.mark.row("C-06")
def test_a_connection_that_is_not_encrypted_wears_a_badge(bar):
    plain = replace(WORK, provider_id="generic", endpoint_url="http://nas.lan", allow_http=True)
    bar.show_connection(plain, ConnectionState.CONNECTED)
    assert "connected to nas.lan, not encrypted" in bar.connection.accessibleName()
    assert "not encrypted" in bar.connection.toolTip()
    with_badge = bar.connection.sizeHint().width()
    assert not bar.connection.grab().isNull()
    encrypted = replace(plain, endpoint_url="https://nas.lan")
    bar.show_connection(encrypted, ConnectionState.CONNECTED)
    assert "not encrypted" not in bar.connection.accessibleName()
    assert bar.connection.sizeHint().width() < with_badge


def test_connections_can_be_switched_edited_and_added(bar, qtbot):
    bar.show_profiles([WORK], WORK)
    assert list(items(bar)) == [
        "R&&D  —  amazonaws.com",
        "Practice server",
        "Add a connection…",
        "Edit “R&&D”…",
        "Duplicate “R&&D”…",
        "Import connections…",
        "Export connections…",
    ]
    assert items(bar)["R&&D  —  amazonaws.com"].isChecked()
    with qtbot.waitSignal(bar.profile_chosen) as chosen:
        items(bar)["R&&D  —  amazonaws.com"].trigger()
    assert chosen.args == [WORK]
    with qtbot.waitSignal(bar.edit_profile_wanted) as edited:
        items(bar)["Edit “R&&D”…"].trigger()
    assert edited.args == [WORK]
    with qtbot.waitSignal(bar.duplicate_profile_wanted) as duplicated:
        items(bar)["Duplicate “R&&D”…"].trigger()
    assert duplicated.args == [WORK]
    with qtbot.waitSignals([bar.practice_wanted, bar.add_profile_wanted]):
        items(bar)["Practice server"].trigger()
        items(bar)["Add a connection…"].trigger()


def test_the_practice_server_is_not_to_be_edited(bar):
    bar.show_profiles([WORK], PRACTICE)
    assert not any(text.startswith("Edit") for text in items(bar))
    assert items(bar)["Practice server"].isChecked()


def test_a_long_name_is_shortened_and_never_widens_the_window(bar):
    bar.show_connection(Profile("x", "name " * 60), ConnectionState.CONNECTED)
    assert bar.connection.sizeHint().width() <= 420
