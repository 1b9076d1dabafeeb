from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from s3gui.core.acl import CannedAcl
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.ports import BucketRules
from s3gui.gui.destination_bar import DestinationBar
from s3gui.gui.kept_preferences import KeptPreferences
from s3gui.gui.upload_options import UploadOptionsDialog

PLACE = Destination("photos", "november/")


@pytest.fixture
def bar(theme, background, profile, qtbot):
    bar = DestinationBar(theme, KeptPreferences(background))
    qtbot.addWidget(bar)
    bar.set_profile(profile)
    bar.resize(900, 50)
    bar.show()
    bar.set_destination(PLACE)
    return bar


def choose(bar: DestinationBar, acl: CannedAcl) -> None:
    bar.access.activated.emit(bar.access.findData(acl))


def test_being_told_a_destination_is_no_news(bar, qtbot):
    with qtbot.assertNotEmitted(bar.destination_changed):
        bar.set_destination(Destination("backups"))
    assert bar.destination() == Destination("backups")


def test_a_clicked_step_is(bar, qtbot):
    with qtbot.waitSignal(bar.destination_changed) as changed:
        bar.breadcrumb.path.buttons[0].click()
    assert changed.args == [Destination("photos")]
    assert bar.destination() == Destination("photos")


def test_ctrl_l_lets_one_type(bar, qtbot):
    with qtbot.waitActive(bar):
        bar.activateWindow()
    qtbot.keyClick(bar, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert bar.breadcrumb.is_editing


def test_the_access_is_part_of_the_options_and_stays_with_its_bucket(bar, qtbot):
    assert bar.options() == UploadOptions()
    with qtbot.waitSignal(bar.options_changed):
        choose(bar, CannedAcl.BUCKET_OWNER_READ)
    assert bar.options().acl is CannedAcl.BUCKET_OWNER_READ
    bar.set_destination(Destination("photos", "december/"))
    assert bar.options().acl is CannedAcl.BUCKET_OWNER_READ
    bar.set_destination(Destination("backups"))
    assert bar.options().acl is CannedAcl.PRIVATE
    bar.set_destination(PLACE)
    assert bar.options().acl is CannedAcl.BUCKET_OWNER_READ


def test_the_bucket_s_rules_reach_the_access_box(bar):
    bar.set_rules(BucketRules(acls_enabled=False))
    model = bar.access.model()
    assert not model.item(bar.access.findData(CannedAcl.PUBLIC_READ)).isEnabled()
    bar.set_destination(Destination("photos", "december/"))
    assert not model.item(bar.access.findData(CannedAcl.PUBLIC_READ)).isEnabled()
    bar.set_destination(Destination("backups"))
    assert model.item(bar.access.findData(CannedAcl.PUBLIC_READ)).isEnabled()


def test_chosen_options_are_used_and_counted_on_the_button(bar, qtbot):
    bar.options_button.click()
    dialog = bar.findChild(UploadOptionsDialog)
    dialog.cache_control.setText("max-age=60")
    with qtbot.waitSignal(bar.options_changed) as changed:
        dialog.accept_button.click()
    assert changed.args[0].cache_control == "max-age=60"
    assert bar.options().cache_control == "max-age=60"
    assert "1" in bar.options_button.text()
    assert "1 in use" in bar.options_button.accessibleName()
    assert "max-age=60" in bar.options_button.toolTip()
    bar.set_options(UploadOptions())
    assert bar.options_button.accessibleName() == "Options"


def test_without_a_bucket_there_is_no_access_to_choose(bar):
    bar.set_destination(None)
    assert bar.destination() is None
    assert not bar.access.isEnabled()
    assert not bar.breadcrumb.path.new_prefix.isVisible()


def test_another_connection_forgets_the_destination(bar, profile):
    bar.set_profile(profile)
    assert bar.destination() is None


def test_a_new_prefix_can_be_asked_for(bar, qtbot):
    with qtbot.waitSignal(bar.new_prefix_wanted):
        bar.breadcrumb.path.new_prefix.click()


def test_it_can_be_switched_off(bar):
    bar.set_enabled(enabled=False)
    assert not bar.options_button.isEnabled()
