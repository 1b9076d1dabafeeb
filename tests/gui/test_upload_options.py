from __future__ import annotations

import pytest
from PySide6.QtWidgets import QComboBox

from s3gui.core.provider import AWS, MIB, PROVIDERS
from s3gui.core.transfer import ConflictRule, UploadOptions
from s3gui.gui.options_text import chosen_options
from s3gui.gui.upload_options import UploadOptionsDialog

EVERYTHING = UploadOptions(
    storage_class="STANDARD_IA",
    content_type="image/jpeg",
    cache_control="max-age=60",
    content_disposition="attachment",
    content_encoding="gzip",
    encryption="aws:kms",
    kms_key_id="alias/photos",
    metadata=(("author", "me"), ("camera", "D850")),
    tags=(("project", "atlas"),),
    on_conflict=ConflictRule.RENAME,
    part_size=16 * MIB,
)


@pytest.fixture
def open_dialog(qtbot):
    def open_it(options=EVERYTHING, provider=AWS):
        dialog = UploadOptionsDialog(options, provider)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return open_it


def accepted(dialog: UploadOptionsDialog, qtbot) -> UploadOptions:
    with qtbot.waitSignal(dialog.options_chosen) as chosen:
        dialog.accept_button.click()
    assert not dialog.isVisible()
    return chosen.args[0]


@pytest.mark.parametrize(
    "options",
    [
        UploadOptions(),
        EVERYTHING,
        UploadOptions(storage_class="COLDLINE", part_size=5 * MIB + 1, encryption="AES256"),
    ],
)
def test_what_was_chosen_comes_back_as_it_was(options, open_dialog, qtbot):
    assert accepted(open_dialog(options), qtbot) == options


def test_choices_are_taken_over(open_dialog, qtbot):
    dialog = open_dialog(UploadOptions())
    dialog.on_conflict.setCurrentIndex(dialog.on_conflict.findData(ConflictRule.SKIP))
    dialog.storage_class.setEditText("Glacier, instant retrieval")
    dialog.content_type.setEditText(" text/plain ")
    dialog.part_size.setText("32")
    dialog.tags.set_pairs([("a", "b")])
    assert accepted(dialog, qtbot) == UploadOptions(
        on_conflict=ConflictRule.SKIP,
        storage_class="GLACIER_IR",
        content_type="text/plain",
        part_size=32 * MIB,
        tags=(("a", "b"),),
    )


def test_the_kms_key_is_asked_for_only_where_it_is_used(open_dialog, qtbot):
    dialog = open_dialog()
    assert dialog.kms_key_id.isVisible()
    dialog.encryption.setCurrentIndex(dialog.encryption.findData("AES256"))
    assert not dialog.kms_key_id.isVisible()
    assert accepted(dialog, qtbot).kms_key_id is None


@pytest.mark.parametrize(
    ("spoil", "page"),
    [
        (lambda dialog: dialog.part_size.setText("4"), 0),
        (lambda dialog: dialog.storage_class.setEditText("very cold"), 0),
        (lambda dialog: dialog.content_type.setEditText("jpeg"), 1),
        (lambda dialog: dialog.cache_control.setText("für immer"), 1),
        (lambda dialog: dialog.metadata.set_pairs([("two words", "x")]), 2),
        (lambda dialog: dialog.tags.set_pairs([("aws:x", "x")]), 3),
    ],
)
def test_bad_input_gets_a_sentence_on_its_page_and_loses_nothing(spoil, page, open_dialog, qtbot):
    dialog = open_dialog()
    spoil(dialog)
    with qtbot.assertNotEmitted(dialog.options_chosen):
        dialog.accept_button.click()
    assert dialog.isVisible()
    assert dialog.pages.stack.currentIndex() == page
    wrong = [field for field in dialog.pages.stack.currentWidget().fields if field.note.is_error]
    assert len(wrong) == 1
    assert wrong[0].note.isVisible()
    assert wrong[0].control.accessibleDescription() == wrong[0].note.text()
    dialog.reset_button.click()
    assert accepted(dialog, qtbot) == UploadOptions()


def test_reset_brings_the_defaults_and_cancel_keeps_what_was(open_dialog, qtbot):
    dialog = open_dialog()
    dialog.reset_button.click()
    assert dialog.kms_key_id.text() == ""
    with qtbot.assertNotEmitted(dialog.options_chosen):
        dialog.cancel_button.click()


def test_a_service_that_cannot_check_for_existing_keys_says_so(open_dialog):
    def hint(dialog):
        return dialog.on_conflict.accessibleDescription()

    assert hint(open_dialog()) == ""
    assert "cannot check" in hint(open_dialog(provider=PROVIDERS["minio"]))


def test_no_drop_down_is_without_a_name(open_dialog):
    dialog = open_dialog()
    assert all(box.accessibleName() for box in dialog.findChildren(QComboBox))


def test_what_is_not_the_default_is_told_in_words():
    assert chosen_options(UploadOptions()) == []
    lines = chosen_options(EVERYTHING)
    assert "Storage class: Standard, infrequent access" in lines
    assert "Part size: 16 MiB" in lines
    assert "Metadata: 2 entries" in lines
    assert "Tags: 1 entry" in lines
    assert "If the key exists: Keep both: add a number to the name" in lines
    assert len(lines) == 11
