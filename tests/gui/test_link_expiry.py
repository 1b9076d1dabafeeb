from __future__ import annotations

from PySide6.QtWidgets import QMenu

from s3gui.gui.link_expiry import DAY, HOUR, LinkExpiryDialog, add_expiries


def test_any_time_up_to_seven_days_can_be_chosen(qtbot):
    dialog = LinkExpiryDialog()
    qtbot.addWidget(dialog)
    dialog.unit.setCurrentIndex(dialog.unit.findData(DAY))
    dialog.amount.setValue(99)
    with qtbot.waitSignal(dialog.seconds_chosen) as chosen:
        dialog.accept()
    assert chosen.args == [7 * DAY]


def test_the_menu_offers_the_usual_times(qtbot):
    chosen: list[int] = []
    menu = QMenu()
    qtbot.addWidget(menu)
    add_expiries(menu, menu, chosen.append)
    for action in menu.actions()[:3]:
        action.trigger()
    assert chosen == [HOUR, DAY, 7 * DAY]
