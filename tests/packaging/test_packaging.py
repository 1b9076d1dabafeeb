"""What packages say of themselves agrees with the program, and their scripts with each other."""

import importlib.util
import os
import plistlib
import re
import shlex
import struct
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from importlib import metadata
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree as ET

import pytest
import yaml

_TOP = Path(__file__).parents[2]
_PACKAGING = _TOP / "packaging"
_RELEASE = _PACKAGING / "release.sh"
_LANGUAGES = {"en", "de", "es", "fr", "ja", "zh_CN"}


@pytest.fixture
def script(monkeypatch):
    """Loads a script of packaging/ as Python does when it is started there."""
    monkeypatch.syspath_prepend(str(_PACKAGING))

    def load(name: str) -> ModuleType:
        spec = importlib.util.spec_from_file_location(f"_{name}", _PACKAGING / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    yield load
    for path in _PACKAGING.glob("*.py"):
        sys.modules.pop(path.stem, None)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6\\translations\\qtbase_ja.qm",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6\\plugins\\platforms\\qoffscreen.dll",
        "PySide6\\plugins\\imageformats\\qsvg.dll",
        "PySide6/Qt/plugins/platforms/libqcocoa.dylib",
        "PySide6/Qt/lib/QtWidgets.framework/Versions/A/QtWidgets",
        "PySide6/Qt/lib/libQt6DBus.so.6",
        "PySide6/QtDBus.abi3.so",
        "botocore/data/s3/2006-03-01/service-2.json.gz",
        "botocore/data/sso-oidc/2019-06-10/service-2.json.gz",
        "botocore/data/endpoints.json",
        "libpython3.11.so.1.0",
        "keyring-25.7.0.dist-info/entry_points.txt",
        "libssl.so.3",
        "libxcb-cursor.so.0",
        "s3gui/_resources/icons/retry.svg",
    ],
)
def test_what_the_program_loads_goes_into_the_bundle(script, name):
    assert script("bundle").is_needed(name)


@pytest.mark.parametrize(
    "name",
    [
        "PySide6/Qt/plugins/platformthemes/libqgtk3.so",
        "PySide6/Qt/plugins/platforms/libqeglfs.so",
        "PySide6\\plugins\\platforms\\qdirect2d.dll",
        "PySide6\\plugins\\imageformats\\qjpeg.dll",
        "PySide6\\plugins\\tls\\qopensslbackend.dll",
        "PySide6/Qt/lib/QtQuick.framework/Versions/A/QtQuick",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt/translations/qtbase_pl.qm",
        "PySide6/Qt/translations/qt_de.qm",
        "botocore/data/ec2/2016-11-15/service-2.json.gz",
        "keyring-25.7.0.dist-info/RECORD",
        "libgtk-3.so.0",
        "libstdc++.so.6",
        "libX11.so.6",
        "lib-dynload/_testcapi.cpython-311-x86_64-linux-gnu.so",
    ],
)
def test_what_nothing_loads_and_what_is_the_desktops_own_stays_out(script, name):
    assert not script("bundle").is_needed(name)


def test_of_icus_data_all_collations_stay_and_what_qt_knows_itself_goes(script):
    is_dropped = script("slim_icu")._is_dropped
    for kept in ("coll/sv.res", "coll/ucadata.icu", "root.res", "res_index.res", "zoneinfo64.res"):
        assert not is_dropped(kept), kept
    for dropped in ("sv.res", "lang/sv.res", "brkitr/word.brk", "ibm-37.cnv", "curr/de.res"):
        assert is_dropped(dropped), dropped


def test_icons_are_drawn_in_every_size_and_in_the_forms_of_windows_and_macos(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, _PACKAGING / "draw_icons.py", tmp_path]
    subprocess.run(command, check=True, env=environment, timeout=60)
    for png in tmp_path.glob("*.png"):
        width, height = struct.unpack(">II", png.read_bytes()[16:24])
        assert png.stem == f"{width}x{height}"
    assert len(list(tmp_path.glob("*.png"))) == 8
    ico = (tmp_path / "s3gui.ico").read_bytes()
    count = struct.unpack("<H", ico[4:6])[0]
    for row in range(count):
        size, offset = struct.unpack("<II", ico[6 + 16 * row + 8 : 6 + 16 * row + 16])
        assert ico[offset : offset + 4] == b"\x89PNG"
        assert offset + size <= len(ico)
    icns = (tmp_path / "s3gui.icns").read_bytes()
    assert (icns[:4], struct.unpack(">I", icns[4:8])[0]) == (b"icns", len(icns))


def test_the_menu_entry_opens_files_and_is_told_in_every_language():
    entry = ConfigParser(interpolation=None, delimiters=("=",))
    entry.optionxform = str
    entry.read(_PACKAGING / "linux" / "s3gui.desktop", encoding="utf-8")
    values = entry["Desktop Entry"]
    # The field that stands for whole paths, each an argument of its own: nothing is a shell's.
    assert values["Exec"] == "s3gui %F"
    assert set(values["MimeType"].rstrip(";").split(";")) == {
        "application/octet-stream",
        "inode/directory",
    }
    for name in ("GenericName", "Comment"):
        told = {key.partition("[")[2].rstrip("]") or "en" for key in values if key.startswith(name)}
        assert told == _LANGUAGES


@pytest.mark.parametrize("folder", ["s3gui 1.0", "Tools & Co | 100%"])
def test_the_portable_program_leaves_the_menu_as_it_was(tmp_path, folder):
    program, home = tmp_path / folder, tmp_path / "home"
    entry = program / "share" / "applications" / "s3gui.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_text("[Desktop Entry]\nExec=s3gui %F\nTryExec=s3gui\n")
    menu = program / "menu"
    menu.write_text((_PACKAGING / "linux" / "menu").read_text())
    others = home / ".config" / "autostart" / "other.desktop"
    others.parent.mkdir(parents=True)
    others.write_text("Exec=other")

    _run_menu(menu, "add", home)
    added = (home / ".local/share/applications/s3gui.desktop").read_text().splitlines()
    in_exec = str(program).replace("%", "%%")
    assert f'Exec="{in_exec}/s3gui" %F' in added
    assert f"TryExec={program}/s3gui" in added
    assert (home / ".local/bin/s3gui").readlink() == program / "s3gui"
    others.with_name("s3gui.desktop").write_text(f"TryExec={program}/s3gui")

    _run_menu(menu, "remove", home)
    left = {path.name for path in home.rglob("*") if not path.is_dir()}
    assert left <= {"other.desktop", "mimeinfo.cache"}
    _run_menu(menu, "remove", home)


def test_the_store_entry_names_the_menu_entry_and_is_wellformed():
    entry = ET.parse(_PACKAGING / "linux" / "io.github.s3gui.s3gui.metainfo.xml")
    assert entry.findtext("launchable") == "s3gui.desktop"
    assert entry.findtext("project_license") == _project()["license"]


def test_the_flatpak_takes_the_name_of_the_store_entry():
    manifest = yaml.safe_load((_PACKAGING / "linux" / "io.github.s3gui.s3gui.yml").read_text())
    assert manifest["app-id"] == "io.github.s3gui.s3gui"
    assert "--filesystem=host:ro" in manifest["finish-args"]


def test_macos_takes_every_file_and_folder_that_is_dropped_on_the_icon():
    information = plistlib.loads((_PACKAGING / "macos" / "Info.plist.in").read_bytes())
    (kind,) = information["CFBundleDocumentTypes"]
    assert set(kind["LSItemContentTypes"]) == {"public.data", "public.folder"}
    assert kind["LSHandlerRank"] == "Alternate"
    assert information["LSBackgroundOnly"] is False
    assert set(information["CFBundleLocalizations"]) == _LANGUAGES
    entitlements = plistlib.loads((_PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert all(entitlements.values())
    assert not any("get-task-allow" in name for name in entitlements)


def test_the_installer_of_windows_needs_no_administrator_and_asks_about_data():
    installer = (_PACKAGING / "windows" / "s3gui.nsi").read_text(encoding="utf-8")
    assert "RequestExecutionLevel user" in installer
    assert "HKLM" not in installer
    told = re.findall(r"LangString KEEP_DATA \$\{LANG_(\w+)\}", installer)
    assert len(told) == len(_LANGUAGES)
    # Without a person, data stays unless a word on the command line says otherwise.
    assert '"$(KEEP_DATA)" /SD IDYES' in installer


def test_the_release_workflow_calls_steps_that_there_are(script):
    steps = script("build").STEPS
    called = [
        step
        for text in [*_commands(_workflow()), _RELEASE.read_text()]
        for line in re.findall(r"packaging/build\.py (.+)", text)
        for step in line.split()
    ]
    assert len(called) > 10
    assert set(called) <= set(steps)


def test_all_that_the_workflow_does_on_linux_can_be_done_here_by_one_script():
    jobs = {
        name: job
        for name, job in _workflow()["jobs"].items()
        if str(job["runs-on"]).startswith("ubuntu")
    }
    assert set(jobs) == {"linux", "release"}
    words = []
    for line in _commands({"jobs": jobs}):
        program, word = line.split()
        assert program == "packaging/release.sh"
        words.append(word)
    offered = re.findall(r"^(\w+)\(\) \{", _RELEASE.read_text(), re.MULTILINE)
    assert set(words) == set(offered) - {"as_root"}


def test_the_script_of_the_release_refuses_what_it_does_not_know_before_it_does_anything():
    refused = _release("papers", "publish")
    assert refused.returncode == 2
    assert "packaging/release.sh STEP" in refused.stderr
    assert refused.stdout == ""
    assert _release().returncode == 2


def test_what_a_release_lacks_the_means_for_is_said_aloud_and_left_out():
    done = _release("appimage", "draft")
    assert done.returncode == 0
    assert "NOT MADE: the AppImage" in done.stdout
    assert "NOT DRAFTED: the release" in done.stdout


def test_the_workflow_names_the_actions_of_others_by_commit():
    used = [
        step["uses"]
        for job in _workflow()["jobs"].values()
        for step in job["steps"]
        if "uses" in step
    ]
    assert used
    assert [each for each in used if not re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", each)] == []


def test_the_workflow_can_write_nothing_but_the_release():
    workflow = _workflow()
    assert workflow["permissions"] == {"contents": "read"}
    writers = {name for name, job in workflow["jobs"].items() if "permissions" in job}
    assert writers == {"release"}


def test_two_builds_are_told_apart_by_what_their_files_are(script, tmp_path):
    compare = script("build_twice").compare
    for number in "12":
        tree = tmp_path / number / "tree"
        (tree / "folder").mkdir(parents=True)
        (tree / "same").write_text("same")
        (tree / "content").write_text(number)
        (tree / "mode").write_text("mode")
        (tree / "mode").chmod(0o600 + int(number))
        (tree / "link").symlink_to(f"to-{number}")
        for path in (tree / "same", tree / "content", tree / "mode", tree / "folder", tree):
            os.utime(path, (1_700_000_000, 1_700_000_000))
    (tmp_path / "1" / "tree" / "only").touch()
    os.utime(tmp_path / "2" / "tree" / "same", (1_700_000_001, 1_700_000_001))
    assert compare(tmp_path / "1" / "tree", tmp_path / "2" / "tree") == [
        "content: content",
        "link: target",
        "mode: mode",
        "only: in the first only",
        "same: time",
    ]


def test_all_that_is_packed_brings_its_licence(script, tmp_path):
    script("licences").main(tmp_path / "licences")
    written = (tmp_path / "licences").read_text()
    titles = re.findall(r"^={80}\n([\w.-]+)", written, re.MULTILINE)
    for name, _version in _pins(_PACKAGING / "requirements.txt"):
        assert name in titles or not _is_installed(name)
    for beginning in ("GNU LESSER GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE"):
        assert re.search(rf"^ +{beginning}$", written, re.MULTILINE)


def test_what_is_packed_is_what_was_tested():
    tested = _pins(_TOP / "requirements-dev.txt")
    packed = _pins(_PACKAGING / "requirements.txt")
    assert packed
    assert packed <= tested


def test_a_console_and_a_window_have_their_own_command_on_windows():
    project = _project()
    assert project["gui-scripts"] == {"s3gui": "s3gui.__main__:main"}
    assert project["scripts"] == {"s3gui-cli": "s3gui.__main__:main"}


def _run_menu(menu: Path, word: str, home: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(home)}
    subprocess.run(["sh", menu, word], check=True, env=environment, timeout=60)


def _is_installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _workflow() -> dict:
    return yaml.safe_load((_TOP / ".github" / "workflows" / "release.yml").read_text())


def _commands(workflow: dict) -> list[str]:
    return [
        step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step
    ]


def _release(*steps: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"]}
    return subprocess.run(
        ["sh", _RELEASE, *steps],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )


def _project() -> dict:
    return tomllib.loads((_TOP / "pyproject.toml").read_text())["project"]


def _pins(path: Path) -> set[tuple[str, str]]:
    return set(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==([^\s;]+)", path.read_text(), re.MULTILINE))


_NOTES_ITS_ARGUMENTS = """#!/bin/sh
echo "$(basename "$0") $*" >>"$NOTES/arguments"
case "$(basename "$0") $1" in
    "openssl rand") echo keychain-password ;;
    "security -i") cat >>"$NOTES/commands" ;;
    "security find-identity") echo '  1) 0A1B "Developer ID Application: Us (TEAM)"' ;;
esac
"""


@pytest.mark.skipif(os.name == "nt", reason="a script of macOS")
def test_macos_passwords_for_the_certificate_are_no_arguments_that_other_processes_see(tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("security", "openssl", "xcrun"):
        (tools / name).write_text(_NOTES_ITS_ARGUMENTS)
        (tools / name).chmod(0o755)
    environment = {
        "PATH": f"{tools}:{os.environ['PATH']}",
        "NOTES": str(tmp_path),
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_ENV": str(tmp_path / "environment"),
        "CERTIFICATE": "Y2VydGlmaWNhdGU=",
        "CERTIFICATE_PASSWORD": r"""a "b' \c""",
    }
    script = ["sh", str(_PACKAGING / "macos" / "identity.sh")]
    subprocess.run(script, check=True, env=environment, timeout=60)
    arguments = (tmp_path / "arguments").read_text()
    assert "keychain-password" not in arguments
    assert environment["CERTIFICATE_PASSWORD"] not in arguments
    commands = [shlex.split(line) for line in (tmp_path / "commands").read_text().splitlines()]
    keychain, certificate = f"{tmp_path}/signing.keychain-db", f"{tmp_path}/certificate.p12"
    assert commands[0] == ["create-keychain", "-p", "keychain-password", keychain]
    assert commands[2][:4] == ["import", certificate, "-P", environment["CERTIFICATE_PASSWORD"]]
    assert [each[0] for each in commands[1::2]] == ["unlock-keychain", "set-key-partition-list"]
    assert not Path(certificate).exists()
    named = "S3GUI_SIGN_MACOS=Developer ID Application: Us (TEAM)\n"
    assert (tmp_path / "environment").read_text() == named
