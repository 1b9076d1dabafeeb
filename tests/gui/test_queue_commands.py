from __future__ import annotations

import threading

import pytest

from s3gui.bootstrap import memory_journal
from s3gui.core.transfer import TransferState, UploadOptions
from s3gui.gui.queue_commands import QueueCommands
from s3gui.gui.transfer_actions import Action, row_actions
from tests.gui.fakes import FakeQueue
from tests.gui.queue_rows import PLACE, PROFILE, QueueRows


@pytest.fixture
def journal():
    journal = memory_journal()
    yield journal
    journal.close()


@pytest.fixture
def queue():
    return FakeQueue()


@pytest.fixture
def commands(queue, journal, background):
    yield QueueCommands(queue, journal, background)
    background.close()


@pytest.mark.parametrize("action", Action)
def test_every_action_reaches_the_queue_off_the_gui_thread(commands, queue, qtbot, action):
    commands.act(action, [1, 2])
    qtbot.waitUntil(lambda: len(queue.calls) == 1)
    assert queue.calls[0][1] == [1, 2]
    assert threading.get_ident() not in queue.threads


def test_a_batch_is_acted_on_where_the_action_fits(commands, queue, journal, qtbot):
    rows = QueueRows(journal, lambda _event: None)
    ids = rows.add(4)
    rows.change(ids[0], TransferState.COMPLETED)
    rows.change(ids[1], TransferState.FAILED)
    rows.add(2)
    commands.act_on_batch(Action.REMOVE, 1)
    qtbot.waitUntil(lambda: queue.calls == [("remove", ids[:2])])


def test_files_are_added_off_the_gui_thread(commands, queue, qtbot):
    options = UploadOptions()
    commands.add(["/a"], PLACE, options, PROFILE)
    qtbot.waitUntil(lambda: queue.calls == [("add", ["/a"], PLACE, options, PROFILE)])
    assert threading.get_ident() not in queue.threads


class EndlessFolder(FakeQueue):
    """Reads until it is stopped."""

    def add(self, paths, destination, options, profile, *, name="", stop=None, choose=None):
        self.called.set()
        stop.wait(10)
        self._note("stopped")
        stop.check()


def test_reading_a_folder_can_be_broken_off(journal, background, qtbot):
    queue = EndlessFolder()
    commands = QueueCommands(queue, journal, background)
    with qtbot.assertNotEmitted(background.unhandled):
        commands.add(["/a"], PLACE, UploadOptions(), PROFILE)
        assert queue.called.wait(10)
        assert commands.is_reading
        commands.stop_reading()
        qtbot.waitUntil(lambda: not commands.is_reading)
    assert queue.calls == [("stopped",)]


def test_every_state_offers_a_way_out_and_never_a_useless_button():
    for state in TransferState:
        actions = row_actions(state)
        assert all(action.fits(state) for action in actions)
        assert actions[-1] is (Action.REMOVE if state.is_ended else Action.CANCEL)
    assert row_actions(TransferState.COMPLETED) == [Action.REMOVE]
    assert row_actions(TransferState.FAILED)[0] is Action.RETRY
    assert row_actions(TransferState.PAUSED)[0] is Action.RESUME
    assert row_actions(TransferState.RUNNING)[0] is Action.PAUSE


def test_every_action_has_a_name(qapp):
    assert all(action.label for action in Action)
