from __future__ import annotations

import pytest

from s3gui.core.archive import SourceKind
from s3gui.core.transfer import Destination
from s3gui.gui.archive_dialog import ArchiveDialog

PLACE = Destination("photos", "raw/")


@pytest.fixture
def dialog(qtbot, tmp_path):
    folder = tmp_path / "run 17"
    folder.mkdir()
    dialog = ArchiveDialog(folder, PLACE)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def choose(dialog, kind):
    dialog.kind.setCurrentIndex(dialog.kind.findData(kind))


@pytest.mark.parametrize("kind", [SourceKind.TAR, SourceKind.TAR_GZ, SourceKind.ZIP])
def test_the_name_follows_the_folder_and_the_format(dialog, qtbot, kind):
    choose(dialog, SourceKind.ZIP)
    choose(dialog, kind)
    assert dialog.name.text() == f"run 17.{kind.value}"
    assert f"s3://photos/raw/run 17.{kind.value}" in dialog.form.fields[1].note.text()
    with qtbot.waitSignal(dialog.archive_chosen) as chosen:
        dialog.accept_button.click()
    assert chosen.args == [Destination("photos", f"raw/run 17.{kind.value}"), kind]


def test_a_name_of_ones_own_is_kept(dialog, qtbot):
    dialog.name.setText("backup.bin")
    choose(dialog, SourceKind.ZIP)
    assert dialog.name.text() == "backup.bin"
    with qtbot.waitSignal(dialog.archive_chosen) as chosen:
        dialog.accept_button.click()
    assert chosen.args == [Destination("photos", "raw/backup.bin"), SourceKind.ZIP]


@pytest.mark.parametrize("name", ["", "/", "a/", "x" * 1024])
def test_what_cannot_be_a_name_gets_a_sentence(dialog, qtbot, name):
    dialog.name.setText(name)
    with qtbot.assertNotEmitted(dialog.archive_chosen):
        dialog.accept_button.click()
    assert dialog.isVisible()
    assert dialog.form.fields[1].note.is_error


def test_a_folder_is_never_shown_as_rich_text(qtbot, tmp_path):
    dialog = ArchiveDialog(tmp_path / "<img src=x>", PLACE)
    qtbot.addWidget(dialog)
    assert "<img src=x>" in dialog.message.text()
    assert dialog.message.textFormat().name == "PlainText"
