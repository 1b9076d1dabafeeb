from __future__ import annotations

import pytest

from s3gui.gui.welcome import Welcome


@pytest.fixture
def welcome(theme, qtbot):
    welcome = Welcome(theme)
    qtbot.addWidget(welcome)
    welcome.show()
    return welcome


def test_an_aws_profile_found_here_can_be_used(welcome, qtbot):
    welcome.set_aws_profiles(["default", "wo\u202erk"])
    assert welcome.aws_profiles.itemText(1) == "wo\\u202erk"
    welcome.aws_profiles.setCurrentIndex(1)
    with qtbot.waitSignal(welcome.aws_profile_chosen) as chosen:
        welcome.use_button.click()
    assert chosen.args == ["wo\u202erk"]


def test_where_none_was_found_the_card_says_how_to_make_one(welcome):
    assert not welcome.use_button.isVisible()
    assert "None was found" in welcome._aws_sentence.text()
    welcome.set_aws_profiles(["default"])
    assert welcome.use_button.isVisible()
    assert "None" not in welcome._aws_sentence.text()


def test_the_other_two_roads_are_open_at_once(welcome, qtbot):
    with qtbot.waitSignal(welcome.add_wanted):
        welcome.add_button.click()
    with qtbot.waitSignal(welcome.practice_wanted):
        welcome.practice_button.click()
