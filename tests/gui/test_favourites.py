from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from s3gui.adapters.settings_file import PreferencesFile
from s3gui.core.transfer import Destination
from s3gui.engine.ports import Bucket
from s3gui.gui.bucket_list import BucketList
from s3gui.gui.destination_bar import DestinationBar
from s3gui.gui.favourites import Favourites
from s3gui.gui.kept_preferences import KeptPreferences

PLACE = Destination("photos", "raw/")


class World:
    def __init__(self, background, theme, path) -> None:
        self.file = PreferencesFile(path)
        self.preferences = KeptPreferences(background)
        self.preferences.attach(self.file.load, self.file.save)
        self.buckets = BucketList(background, theme)
        self.bar = DestinationBar(theme, self.preferences)
        self.favourites = Favourites(self.preferences, self.buckets, self.bar)

    def rows(self) -> list[str]:
        model = self.buckets.model
        return [model.index(row).data() for row in range(model.rowCount())]


@pytest.fixture
def world(background, theme, profile, qtbot, tmp_path) -> World:
    world = World(background, theme, tmp_path / "preferences.json")
    for widget in (world.buckets, world.bar):
        qtbot.addWidget(widget)
        widget.show()
    with qtbot.waitSignal(world.preferences.changed):
        pass
    world.bar.set_profile(profile)
    world.favourites.set_profile(profile)
    world.bar.set_destination(PLACE)
    world.buckets.model.set_listed([Bucket("backups"), Bucket("photos")])
    return world


def test_the_star_keeps_a_place_above_the_buckets(world, qtbot):
    world.bar.breadcrumb.path.favourite.click()
    assert world.rows() == ["photos/raw", "backups", "photos"]
    assert world.bar.breadcrumb.path.favourite.isChecked()
    qtbot.waitUntil(lambda: world.file.load().favourites_of("profile") == (PLACE,))


def test_the_keyboard_does_it_too(world, qtbot):
    world.bar.activateWindow()
    qtbot.keyClick(world.bar, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: world.rows()[0] == "photos/raw")


def test_a_second_time_takes_it_away(world):
    world.bar.breadcrumb.path.favourite.click()
    world.bar.breadcrumb.path.favourite.click()
    assert world.rows() == ["backups", "photos"]
    assert not world.bar.breadcrumb.path.favourite.isChecked()


def test_choosing_a_favourite_goes_there(world, qtbot):
    world.favourites.toggle(PLACE)
    with qtbot.waitSignal(world.buckets.destination_chosen) as chosen:
        world.buckets._choose(world.buckets.model.index(0))
    assert chosen.args == [PLACE]


def test_a_favourite_takes_files_for_its_prefix(world):
    world.favourites.toggle(PLACE)
    assert world.buckets._destination_at(world.buckets.model.index(0)) == PLACE


def test_the_menu_of_a_bucket_adds_it(world, qtbot):
    menu = world.buckets.menu(world.buckets.model.index(0))
    (add,) = [each for each in menu.actions() if "favourites" in each.text()]
    add.trigger()
    assert world.rows() == ["backups", "backups", "photos"]


def test_favourites_belong_to_their_connection(world, profile):
    world.favourites.toggle(PLACE)
    world.favourites.set_profile(None)
    assert world.rows() == ["backups", "photos"]
    world.favourites.set_profile(profile)
    assert world.rows()[0] == "photos/raw"
