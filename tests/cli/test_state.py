import io

import pytest

from s3gui.cli.lines import Lines
from s3gui.cli.state import StateUnusable, opener


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
    opens = opener(lambda **arguments: arguments, Lines(None))
    arguments = opens(keep_queue=False)
    assert arguments.pop("keyring_waits") is not None
    assert arguments == {"keep_queue": False}


@pytest.mark.row("C-01")
def test_that_the_keyring_is_waited_for_is_said_in_one_line() -> None:
    said = io.StringIO()
    opener(lambda **arguments: arguments, Lines(said))()["keyring_waits"]()
    assert said.getvalue().splitlines() == [
        "Waiting for the system's keyring; unlock it if it asks for a password."
    ]
