"""Whoever cannot see the window, or uses no mouse, gets the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QSpinBox,
    QStackedWidget,
    QWidget,
)

from s3gui.core.acl import CannedAcl
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS
from s3gui.core.settings import Appearance, Settings
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.survey import Survey
from s3gui.gui.archive_dialog import ArchiveDialog
from s3gui.gui.background import Background
from s3gui.gui.bucket_list import BucketList
from s3gui.gui.code_prompt import CodeDialog
from s3gui.gui.destination_bar import DestinationBar
from s3gui.gui.kept_options_dialog import KeptOptionsDialog
from s3gui.gui.kept_preferences import KeptPreferences
from s3gui.gui.link_expiry import LinkExpiryDialog
from s3gui.gui.new_bucket_dialog import NewBucketDialog
from s3gui.gui.new_prefix_dialog import NewPrefixDialog
from s3gui.gui.object_list import ObjectList
from s3gui.gui.open_bucket_dialog import OpenBucketDialog
from s3gui.gui.preset_row import PresetNameDialog
from s3gui.gui.profile_form import ProfileForm
from s3gui.gui.question import Question
from s3gui.gui.review_sheet import ReviewSheet
from s3gui.gui.settings_dialog import SettingsDialog
from s3gui.gui.sign_in_dialog import SignInDialog
from s3gui.gui.survey_run import Drop, SurveyRun
from s3gui.gui.theme import Theme
from s3gui.gui.welcome import Welcome

PLACE = Destination("photos", "november/")


def _destination_bar(background: Background, theme: Theme) -> DestinationBar:
    bar = DestinationBar(theme, KeptPreferences(background))
    bar.set_profile(Profile("1", "Photos"))
    bar.set_destination(PLACE)
    return bar


def _welcome(theme: Theme) -> Welcome:
    welcome = Welcome(theme)
    welcome.set_aws_profiles(["default"])
    return welcome


def _profile_form() -> ProfileForm:
    form = ProfileForm(Profile("1", "NAS", "generic", "http://nas.local", access_key_id="AKID"))
    form.more.setChecked(True)
    return form


def _options_dialog(background: Background) -> KeptOptionsDialog:
    preferences = KeptPreferences(background)
    return KeptOptionsDialog(UploadOptions(), AWS, preferences, ("1", "photos"))


def _review_sheet(background: Background) -> ReviewSheet:
    options = UploadOptions(acl=CannedAcl.PUBLIC_READ)
    drop = Drop(("/a",), PLACE, options, Profile("1", "Photos"))
    run = SurveyRun([], PLACE, None, background)
    run.cancel()
    sheet = ReviewSheet(drop, run, 1_000_000)
    sheet.resize(1_000, 400)
    sheet.show_survey(Survey(12, 3_000_000, 2, 1, 1, 1, 1, 3, is_scanned=True))
    return sheet


def _settings_dialog(page: int) -> SettingsDialog:
    dialog = SettingsDialog(Settings(most_bytes_per_second=5_000_000, limit_has_hours=True))
    dialog.pages.open(page)
    return dialog


BUILDERS = {
    "bucket list": lambda background, theme, store: BucketList(background, theme),
    "destination bar": lambda background, theme, store: _destination_bar(background, theme),
    "object list": lambda background, theme, store: ObjectList(background, theme),
    "archive": lambda background, theme, store: ArchiveDialog(Path("/x/run 17"), PLACE),
    "link expiry": lambda background, theme, store: LinkExpiryDialog(),
    "new bucket": lambda background, theme, store: NewBucketDialog(
        background, store, Profile("1", "Photos")
    ),
    "new prefix": lambda background, theme, store: NewPrefixDialog(PLACE),
    "open bucket": lambda background, theme, store: OpenBucketDialog(),
    "profile": lambda background, theme, store: _profile_form(),
    "question": lambda background, theme, store: Question(
        None, "Sure?", "It is gone then. " * 9, yes="Yes", on_yes=lambda: None
    ),
    "review sheet": lambda background, theme, store: _review_sheet(background),
    "settings": lambda background, theme, store: SettingsDialog(Settings()),
    "settings, transfers": lambda background, theme, store: _settings_dialog(1),
    "settings, running": lambda background, theme, store: _settings_dialog(2),
    "settings, keeping": lambda background, theme, store: _settings_dialog(3),
    "MFA code": lambda background, theme, store: CodeDialog("Enter MFA code for ada: "),
    "preset name": lambda background, theme, store: PresetNameDialog(),
    "sign in": lambda background, theme, store: SignInDialog(
        Profile("1", "Work", aws_profile="work"), ["aws", "sso", "login", "--profile", "work"]
    ),
    "upload options": lambda background, theme, store: _options_dialog(background),
    "welcome": lambda background, theme, store: _welcome(theme),
}


@pytest.fixture(params=BUILDERS)
def widget(request, background, theme, store, qtbot):
    widget = BUILDERS[request.param](background, theme, store)
    qtbot.addWidget(widget)
    widget.show()
    return widget


@pytest.fixture(params=[1.0, 1.5], ids=["usual text", "large text"])
def dressed(request, qapp):
    """The style sheet, with text of the usual size and half as large again."""
    before = qapp.palette(), qapp.styleSheet(), qapp.style().name(), qapp.font()
    font = qapp.font()
    font.setPointSizeF(font.pointSizeF() * request.param)
    qapp.setFont(font)
    theme = Theme()
    theme.apply(qapp, Appearance.LIGHT)
    yield theme
    qapp.styleHints().unsetColorScheme()
    theme.deleteLater()
    qapp.setStyleSheet(before[1])
    qapp.setPalette(before[0])
    qapp.setStyle(before[2])
    qapp.setFont(before[3])


@pytest.fixture
def dressed_live(theme, qapp):
    """The theme that widgets hear of, worn before they are made."""
    before = qapp.palette(), qapp.styleSheet(), qapp.style().name(), qapp.font()
    theme.apply(qapp, Appearance.LIGHT)
    yield
    theme.apply(qapp, Appearance.LIGHT)
    qapp.styleHints().unsetColorScheme()
    qapp.setStyleSheet(before[1])
    qapp.setPalette(before[0])
    qapp.setStyle(before[2])
    assert qapp.font() == before[3]


def controls(widget: QWidget) -> list[QWidget]:
    """What the Tab key reaches, but for the insides of other controls."""
    return [
        each
        for each in widget.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not isinstance(each, QScrollBar | QScrollArea)
        and not _is_part_of_another(each)
    ]


def _is_part_of_another(widget: QWidget) -> bool:
    parent = widget.parent()
    while isinstance(parent, QWidget):
        if isinstance(parent, QComboBox | QAbstractItemView | QAbstractSpinBox):
            return True
        parent = parent.parent()
    return False


def test_every_control_has_a_name(widget):
    found = controls(widget)
    assert found
    nameless = [each for each in found if not each.accessibleName() and not _text(each)]
    assert nameless == []


def test_no_two_controls_answer_to_one_letter(widget):
    assert sharing_a_letter(widget) == []


def sharing_a_letter(widget: QWidget) -> list[list[str]]:
    """On one page: those of another are not there, but what is hidden on this one may come."""
    found = []
    for page in range(max([each.count() for each in widget.findChildren(QStackedWidget)] or [1])):
        for stack in widget.findChildren(QStackedWidget):
            stack.setCurrentIndex(page)
        by_letter: dict[str, list[str]] = {}
        for each in [*widget.findChildren(QAbstractButton), *widget.findChildren(QLabel)]:
            letter = re.search(r"&(\w)", each.text().replace("&&", ""))
            if letter and not _is_on_another_page(each):
                by_letter.setdefault(letter[1].lower(), []).append(each.text())
        found += [texts for texts in by_letter.values() if len(texts) > 1]
    return found


def _is_on_another_page(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QStackedWidget) and not parent.currentWidget().isAncestorOf(widget):
            return True
        parent = parent.parentWidget()
    return False


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


def test_the_tab_key_goes_as_one_reads(widget):
    """From row to row, and in a row from left to right."""
    places = [_place(each, widget) for each in _in_focus_order(widget)]
    in_order = sorted(places)
    first = places.index(in_order[0]) if places else 0  # the way is a circle
    assert places[first:] + places[:first] == in_order


@pytest.mark.parametrize(
    "widget",
    ["link expiry", "new bucket", "new prefix", "open bucket", "settings", "upload options"],
    indirect=True,
)
def test_a_dialog_begins_with_its_first_field(widget):
    first_field = min(
        (each for each in controls(widget) if isinstance(each, QLineEdit | QComboBox | QSpinBox)),
        key=lambda each: (not each.isVisible(), _place(each, widget)),
    )
    assert widget.focusWidget() is first_field


def _in_focus_order(widget: QWidget) -> list[QWidget]:
    wanted = [each for each in controls(widget) if each.isVisible()]
    order, each = [], widget.nextInFocusChain()
    while each is not widget:
        if each in wanted:
            order.append(each)
        each = each.nextInFocusChain()
    assert len(order) == len(wanted)
    return order


def _place(control: QWidget, widget: QWidget) -> tuple[int, int]:
    """(row, column) in pixels; the middles of one row's controls differ by a little."""
    middle = control.mapTo(widget, control.rect().center())
    return middle.y() // 12, middle.x()


def test_labels_show_what_they_hold_and_never_read_it_as_markup(widget):
    labels = [each for each in widget.findChildren(QLabel) if each.text()]
    assert all(each.textFormat() is Qt.TextFormat.PlainText for each in labels)


def test_no_text_is_cut_off(dressed, widget, qtbot):
    qtbot.waitUntil(lambda: _cut_off(widget) == [], timeout=2_000)


def test_no_text_is_cut_off_when_it_grows_while_it_is_shown(
    dressed_live, theme, widget, qapp, qtbot
):
    if not isinstance(widget, QDialog):
        widget.resize(1_200, 900)  # it has the room that the window gives it
    theme.apply(qapp, Appearance.HIGH_CONTRAST_DARK, 150)
    qtbot.waitUntil(lambda: _cut_off(widget) == [], timeout=2_000)


def _cut_off(widget: QWidget) -> list[str]:
    return [each.text() for each in _texts(widget) if not _fits(each)]


def _texts(widget: QWidget) -> list[QLabel | QAbstractButton]:
    found = [*widget.findChildren(QLabel), *widget.findChildren(QAbstractButton)]
    return [each for each in found if each.isVisible() and each.text()]


def _fits(widget: QLabel | QAbstractButton) -> bool:
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.height() >= widget.heightForWidth(widget.width())
    needed = widget.sizeHint()
    return widget.width() >= needed.width() and widget.height() >= needed.height()
