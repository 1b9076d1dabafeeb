from __future__ import annotations

import pytest

from s3gui.core.transfer import Destination
from s3gui.gui.new_prefix_dialog import NewPrefixDialog


@pytest.fixture
def dialog(qtbot):
    dialog = NewPrefixDialog(Destination("photos", "raw/"))
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_it_leads_to_a_prefix_below_and_says_that_none_is_made(dialog, qtbot):
    qtbot.keyClicks(dialog.name, "day 1/best")
    note = dialog.form.fields[0].note.text()
    assert "S3 has no folders" in note
    assert "s3://photos/raw/day 1/best/" in note
    with qtbot.waitSignal(dialog.destination_chosen) as chosen:
        dialog.accept_button.click()
    assert chosen.args == [Destination("photos", "raw/day 1/best/")]


@pytest.mark.parametrize("name", ["", "/", "x" * 1024])
def test_what_cannot_be_a_prefix_gets_a_sentence(dialog, qtbot, name):
    dialog.name.setText(name)
    dialog.name.textEdited.emit(name)
    with qtbot.assertNotEmitted(dialog.destination_chosen):
        dialog.accept_button.click()
    assert dialog.isVisible()
    assert dialog.form.fields[0].note.is_error
