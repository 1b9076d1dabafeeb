from __future__ import annotations

import pytest

from s3gui.core.transfer import Destination
from s3gui.gui.open_bucket_dialog import OpenBucketDialog


@pytest.fixture
def dialog(qtbot):
    dialog = OpenBucketDialog()
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def test_a_name_opens_the_bucket(dialog, qtbot):
    qtbot.keyClicks(dialog.name, "photos")
    with qtbot.waitSignal(dialog.destination_chosen) as chosen:
        dialog.accept_button.click()
    assert chosen.args == [Destination("photos")]
    assert not dialog.isVisible()


@pytest.mark.parametrize("text", ["", "https://photos", "a b"])
def test_bad_input_gets_a_sentence_and_keeps_the_dialog_open(text, dialog, qtbot):
    dialog.name.setText(text)
    with qtbot.assertNotEmitted(dialog.destination_chosen):
        dialog.accept_button.click()
    note = dialog.form.fields[0].note
    assert note.is_error
    assert note.text().endswith(".")
    assert dialog.isVisible()
    qtbot.keyClicks(dialog.name, "x")
    assert not note.is_error
