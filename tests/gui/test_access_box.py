from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from s3gui.core.acl import OFFERED_ACLS, CannedAcl
from s3gui.core.provider import AWS, PROVIDERS
from s3gui.engine.ports import BucketRules
from s3gui.gui.access_box import AccessBox, refusal
from s3gui.gui.question import Question

PUBLIC = {CannedAcl.PUBLIC_READ, CannedAcl.PUBLIC_READ_WRITE, CannedAcl.AUTHENTICATED_READ}


@pytest.fixture
def box(theme, qtbot):
    box = AccessBox(theme)
    qtbot.addWidget(box)
    box.set_place("profile", AWS, "photos")
    box.show()
    return box


def choose(box: AccessBox, acl: CannedAcl) -> None:
    """As a user does."""
    row = box.findData(acl)
    box.setCurrentIndex(row)
    box.activated.emit(row)


def answer(box: AccessBox, qtbot, *, yes: bool) -> None:
    question = box.findChild(Question)
    (question.yes_button if yes else question.no_button).click()
    qtbot.waitUntil(lambda: box.findChild(Question) is None)


def possible(box: AccessBox) -> set[CannedAcl]:
    model = box.model()
    return {box.itemData(row) for row in range(box.count()) if model.item(row).isEnabled()}


def test_private_comes_first_and_is_the_default(box):
    assert box.itemText(0) == "Private (default)"
    assert box.acl() is CannedAcl.PRIVATE
    assert tuple(box.itemData(row) for row in range(box.count())) == OFFERED_ACLS
    assert possible(box) == set(OFFERED_ACLS)


def test_s3_s_own_name_is_told_with_each_choice(box):
    for row in range(1, box.count()):
        spoken = box.itemData(row, Qt.ItemDataRole.AccessibleTextRole)
        assert str(box.itemData(row)) in spoken


def test_a_choice_that_is_not_public_is_taken_at_once(box, qtbot):
    with qtbot.waitSignal(box.acl_chosen) as chosen:
        choose(box, CannedAcl.BUCKET_OWNER_READ)
    assert chosen.args == [CannedAcl.BUCKET_OWNER_READ]
    assert box.acl() is CannedAcl.BUCKET_OWNER_READ


def test_nothing_is_public_before_the_question_is_answered(box, qtbot):
    choose(box, CannedAcl.PUBLIC_READ)
    assert box.acl() is CannedAcl.PRIVATE
    assert box.currentText() == "Private (default)"
    with qtbot.assertNotEmitted(box.acl_chosen):
        answer(box, qtbot, yes=False)
    assert box.acl() is CannedAcl.PRIVATE
    choose(box, CannedAcl.PUBLIC_READ)
    with qtbot.waitSignal(box.acl_chosen):
        answer(box, qtbot, yes=True)
    assert box.acl() is CannedAcl.PUBLIC_READ
    assert box.currentText() == "Public: everyone can read"


def test_a_public_choice_looks_different_from_a_private_one(box, qtbot):
    plain = box.styleSheet()
    choose(box, CannedAcl.PUBLIC_READ)
    answer(box, qtbot, yes=True)
    assert box.styleSheet() != plain
    choose(box, CannedAcl.PRIVATE)
    assert box.styleSheet() == plain


def test_each_bucket_is_asked_about_once_and_begins_private(box, qtbot):
    choose(box, CannedAcl.PUBLIC_READ)
    answer(box, qtbot, yes=True)
    choose(box, CannedAcl.PRIVATE)
    choose(box, CannedAcl.PUBLIC_READ_WRITE)
    assert box.acl() is CannedAcl.PUBLIC_READ_WRITE
    box.set_place("profile", AWS, "backups")
    assert box.acl() is CannedAcl.PRIVATE
    choose(box, CannedAcl.PUBLIC_READ)
    assert box.acl() is CannedAcl.PRIVATE
    answer(box, qtbot, yes=False)
    box.set_place("profile", AWS, "photos")
    assert box.acl() is CannedAcl.PUBLIC_READ_WRITE
    box.set_place("other profile", AWS, "photos")
    assert box.acl() is CannedAcl.PRIVATE


def test_an_answer_that_comes_late_does_not_open_another_bucket(box, qtbot):
    choose(box, CannedAcl.PUBLIC_READ)
    box.set_place("profile", AWS, "backups")
    answer(box, qtbot, yes=True)
    assert box.acl() is CannedAcl.PRIVATE


def test_with_acls_disabled_only_what_s3_accepts_is_possible(box):
    box.set_rules(BucketRules(acls_enabled=False))
    assert possible(box) == {CannedAcl.PRIVATE, CannedAcl.BUCKET_OWNER_FULL_CONTROL}
    reason = box.itemData(1, Qt.ItemDataRole.AccessibleTextRole)
    assert "ACLs are disabled" in reason
    assert "policy" in reason


def test_blocked_public_access_leaves_the_others(box):
    box.set_rules(BucketRules(acls_enabled=True, public_acls_blocked=True))
    assert possible(box) == set(OFFERED_ACLS) - PUBLIC
    assert "presigned" in box.itemData(1, Qt.ItemDataRole.AccessibleTextRole)


def test_rules_that_nobody_knows_forbid_nothing(box):
    box.set_rules(BucketRules())
    assert possible(box) == set(OFFERED_ACLS)


def test_a_service_without_acls_has_only_private(box):
    box.set_place("profile", PROVIDERS["r2"], "photos")
    assert possible(box) == {CannedAcl.PRIVATE}
    assert "Cloudflare R2" in refusal(CannedAcl.PUBLIC_READ, BucketRules(), PROVIDERS["r2"])


def test_a_choice_that_turns_out_to_be_refused_becomes_private(box):
    choose(box, CannedAcl.BUCKET_OWNER_READ)
    box.set_rules(BucketRules(acls_enabled=False))
    assert box.acl() is CannedAcl.PRIVATE


def test_scrolling_past_changes_nothing(box):
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, wheel)
    assert box.currentText() == "Private (default)"


def test_the_list_shows_both_lines_in_full(box):
    box.set_rules(BucketRules(acls_enabled=False))
    box.showPopup()
    reason = "ACLs are disabled in this bucket: use a bucket policy instead."
    assert box.view().width() > box.fontMetrics().horizontalAdvance(reason) * 0.9
    assert not box.view().grab().isNull()
    box.hidePopup()
