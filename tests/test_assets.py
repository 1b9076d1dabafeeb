from __future__ import annotations

from s3gui import assets
from s3gui.assets import resource


def test_resources_are_found_beside_the_package_of_a_checkout():
    assert resource("icons", "retry.svg").is_file()


def test_resources_inside_the_package_of_a_wheel_come_first(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "_PACKAGE", tmp_path)
    (tmp_path / "_resources").mkdir()
    assert resource("app", "icon.png") == tmp_path / "_resources" / "app" / "icon.png"
