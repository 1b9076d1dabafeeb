import io
from pathlib import Path
from types import SimpleNamespace

import pytest

from s3gui.cli.lines import Lines
from s3gui.cli.state import StateUnusable, opener
from s3gui.core.errors import S3guiError


def a_workspace(*set_aside: Path) -> SimpleNamespace:
    profiles = SimpleNamespace(all=list)
    queue = set_aside[0] if set_aside else None
    return SimpleNamespace(
        profiles=profiles, set_aside=set_aside, queue_set_aside=queue, queue_warning=None
    )


def test_what_was_set_aside_is_told_with_its_place() -> None:
    said = io.StringIO()
    opener(lambda **_: a_workspace(Path("a\nqueue"), Path("settings")), Lines(said))()
    queue, settings = said.getvalue().splitlines()
    assert "a\\u000aqueue" in queue
    assert "leftovers --all" in queue
    assert settings == "Saved settings could not be read; they are kept as “settings”."


@pytest.mark.row("D-05")
def test_that_the_queue_is_on_a_network_disk_is_said_in_one_line() -> None:
    said, workspace = io.StringIO(), a_workspace()
    workspace.queue_warning = S3guiError("It is far away.", hint="Bring it here.")
    opener(lambda **_: workspace, Lines(said))()
    assert said.getvalue() == "It is far away. Bring it here.\n"


def test_a_folder_that_cannot_be_used_is_named(monkeypatch, tmp_path) -> None:
    home = tmp_path / "file" / "home"
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("S3GUI_HOME", str(home))
    opens = opener(None, Lines(None))
    with pytest.raises(StateUnusable) as refused:
        opens(transfers_executor=None, parts_executor=None, publish=None)
    assert str(home) in refused.value.message
    assert "S3GUI_HOME" in refused.value.advice


def test_what_opens_is_opened_with_what_was_asked_for() -> None:
    workspace, arguments = a_workspace(), {}
    opens = opener(lambda **given: arguments.update(given) or workspace, Lines(None))
    assert opens(keep_queue=False) is workspace
    assert arguments.pop("keyring_waits") is not None
    assert arguments == {"keep_queue": False}


@pytest.mark.row("C-01")
def test_that_the_keyring_is_waited_for_is_said_in_one_line() -> None:
    said = io.StringIO()

    def opens(*, keyring_waits):
        keyring_waits()
        return a_workspace()

    opener(opens, Lines(said))()
    assert said.getvalue().splitlines() == [
        "Waiting for the system's keyring; unlock it if it asks for a password."
    ]
