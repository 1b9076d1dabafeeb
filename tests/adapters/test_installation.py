from pathlib import Path

import pytest

from s3gui.adapters.installation import installation
from s3gui.core.release import Installation

_TOP = Path(__file__).parents[2]


def test_a_checkout_knows_itself():
    assert installation() is Installation.CHECKOUT
    assert installation(package=_TOP / "s3gui", is_frozen=False) is Installation.CHECKOUT


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ("home/.local/share/pipx/venvs/s3gui/lib/python3.12/site-packages/s3gui", "pipx"),
        ("home/.local/share/uv/tools/s3gui/lib/python3.12/site-packages/s3gui", "uv"),
        ("home/project/.venv/lib/python3.12/site-packages/s3gui", "pip"),
    ],
)
def test_a_copy_of_python_packages_is_told_by_its_place(tmp_path, package, expected):
    assert installation(package=tmp_path / package, is_frozen=False).value == expected


def _frozen(tmp_path: Path, executable: Path, **environment: str) -> Installation:
    return installation(
        executable=executable, is_frozen=True, environment=environment, root=tmp_path
    )


def test_a_frozen_copy_is_told_by_its_place(tmp_path):
    system = Path("/usr/lib/s3gui/s3gui")
    assert _frozen(tmp_path, tmp_path / "s3gui-1.0" / "s3gui") is Installation.PORTABLE
    assert _frozen(tmp_path, system) is Installation.RPM
    (tmp_path / "var/lib/dpkg/info").mkdir(parents=True)
    (tmp_path / "var/lib/dpkg/info/s3gui.list").touch()
    assert _frozen(tmp_path, system) is Installation.DEB
    image = {"APPIMAGE": "/home/s3gui.AppImage", "APPDIR": str(tmp_path / "mounted")}
    inside = tmp_path / "mounted/usr/lib/s3gui/s3gui"
    assert _frozen(tmp_path, inside, **image) is Installation.APPIMAGE
    assert _frozen(tmp_path, system, **image) is Installation.DEB  # from a terminal in an AppImage
    app = tmp_path / "s3gui.app/Contents/MacOS/s3gui"
    assert _frozen(tmp_path, app) is Installation.MACOS_APP
    (tmp_path / "Programs").mkdir()
    (tmp_path / "Programs" / "uninstall.exe").touch()
    assert _frozen(tmp_path, tmp_path / "Programs/s3gui.exe") is Installation.WINDOWS_INSTALLER
    (tmp_path / ".flatpak-info").touch()
    assert _frozen(tmp_path, tmp_path / "app/lib/s3gui/s3gui") is Installation.FLATPAK
