import pytest

from s3gui.cli.state import StateUnusable, opener


def test_a_folder_that_cannot_be_used_is_named(monkeypatch, tmp_path) -> None:
    home = tmp_path / "file" / "home"
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("S3GUI_HOME", str(home))
    opens = opener(None)
    with pytest.raises(StateUnusable) as refused:
        opens(transfers_executor=None, parts_executor=None, publish=None)
    assert str(home) in refused.value.message
    assert "S3GUI_HOME" in refused.value.advice


def test_what_opens_is_opened_with_what_was_asked_for() -> None:
    opens = opener(lambda **arguments: arguments)
    assert opens(keep_queue=False) == {"keep_queue": False}
