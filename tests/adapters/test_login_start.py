from __future__ import annotations

import configparser
import plistlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from s3gui.adapters.login_start import (
    AutostartEntry,
    LaunchAgent,
    LoginStartUnavailable,
    RunKey,
    exec_line,
    login_start,
    program_command,
)

COMMAND = ["/opt/s3gui/s3gui"]
HOSTILE = [
    "/home/a b/s3 gui",
    '/x/"quoted"',
    "/x/$HOME/`id`",
    r"/x/back\slash\n",
    "/x/50%f %U",
    "/x/new\nline\ttab",
    "/x/;rm -rf ~&|<>*?#()'",
    "/x/ü/日本",
    "",
]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "config" / "autostart"


@pytest.fixture
def entry(folder, tmp_path):
    return AutostartEntry(folder, COMMAND, sandbox=tmp_path / "no-sandbox")


def test_turned_on_and_off_it_leaves_what_the_session_reads_and_then_nothing(entry, folder):
    assert not entry.is_on()
    entry.turn(on=True)
    assert entry.is_on()
    assert [path.name for path in folder.iterdir()] == ["s3gui.desktop"]
    parser = configparser.RawConfigParser()
    parser.optionxform = str
    parser.read(folder / "s3gui.desktop", "utf-8")
    assert parser["Desktop Entry"]["Exec"] == '"/opt/s3gui/s3gui"'
    assert parser["Desktop Entry"]["TryExec"] == "/opt/s3gui/s3gui"
    assert parser["Desktop Entry"]["TryExec"] == "/opt/s3gui/s3gui"
    assert parser["Desktop Entry"]["Type"] == "Application"
    entry.turn(on=False)
    assert not entry.is_on()
    assert list(folder.iterdir()) == []
    entry.turn(on=False)


@pytest.mark.parametrize(
    "line", ["Hidden=true", "Hidden = true", "X-GNOME-Autostart-enabled=false"]
)
def test_whoever_turns_it_off_in_the_systems_settings_has_turned_it_off(entry, folder, line):
    entry.turn(on=True)
    path = folder / "s3gui.desktop"
    path.write_text(path.read_text() + line + "\n")
    assert not entry.is_on()
    entry.turn(on=True)
    assert entry.is_on()


@pytest.mark.skipif(
    shutil.which("desktop-file-validate") is None, reason="needs desktop-file-utils"
)
def test_the_entry_is_one_by_the_specification(folder, tmp_path):
    AutostartEntry(folder, HOSTILE[:5], sandbox=tmp_path / "none").turn(on=True)
    checked = subprocess.run(
        ["desktop-file-validate", folder / "s3gui.desktop"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (checked.returncode, checked.stdout) == (0, "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize("argument", HOSTILE)
def test_a_session_that_reads_the_line_starts_what_was_meant(argument):
    """As the specification reads it: a string's escapes, then quotes as a shell's, then %%."""
    line = exec_line(["program", argument])
    assert "\n" not in line
    script = f"printf '%s\\0' {_unescaped(line)}"
    shell = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True)
    words = shell.stdout.decode().split("\0")[:-1]
    assert [word.replace("%%", "%") for word in words] == ["program", argument]


def _unescaped(line: str) -> str:
    result, characters = "", iter(line)
    for character in characters:
        if character == "\\":
            result += {"n": "\n", "t": "\t", "r": "\r", "s": " ", "\\": "\\"}[next(characters)]
        else:
            result += character
    return result


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(tmp_path):
    (tmp_path / "autostart").write_text("a file")
    entry = AutostartEntry(tmp_path / "autostart", COMMAND, sandbox=tmp_path / "none")
    with pytest.raises(LoginStartUnavailable, match="cannot be changed"):
        entry.turn(on=True)
    assert not entry.is_on()


def test_in_a_sandbox_it_is_not_offered_to_do_what_cannot_work(folder, tmp_path):
    sandbox = tmp_path / ".flatpak-info"
    sandbox.touch()
    with pytest.raises(LoginStartUnavailable, match="sandbox"):
        AutostartEntry(folder, COMMAND, sandbox=sandbox).turn(on=True)
    assert not folder.exists()


def test_a_launch_agent_names_the_program_and_its_arguments(tmp_path):
    agent = LaunchAgent(tmp_path / "LaunchAgents", ["/Applications/s3 gui.app/x", "-a & b"])
    assert not agent.is_on()
    agent.turn(on=True)
    (path,) = (tmp_path / "LaunchAgents").iterdir()
    content = plistlib.loads(path.read_bytes())
    assert content["ProgramArguments"] == ["/Applications/s3 gui.app/x", "-a & b"]
    assert content["RunAtLoad"] is True
    assert content["Label"] == path.stem
    agent.turn(on=False)
    assert not agent.is_on()


def test_the_run_key_holds_one_line_that_windows_takes_apart_again():
    assert RunKey([r"C:\Program Files\s3gui\s3gui.exe"]).line == (
        r'"C:\Program Files\s3gui\s3gui.exe"'
    )


@pytest.mark.skipif(sys.platform == "win32", reason="it has a registry")
def test_where_there_is_no_registry_nothing_is_written_to_one():
    key = RunKey(COMMAND)
    assert not key.is_on()
    with pytest.raises(LoginStartUnavailable):
        key.turn(on=True)


@pytest.mark.parametrize(
    ("config", "expected"),
    [("/c", "/c/autostart"), ("", "/h/.config/autostart"), ("rel", "/h/.config/autostart")],
)
def test_the_entry_lies_where_the_session_looks(config, expected):
    start = login_start(platform="linux", environment={"XDG_CONFIG_HOME": config}, home=Path("/h"))
    assert isinstance(start, AutostartEntry)
    assert start._path.parent == Path(expected)


def test_each_system_has_its_own_way():
    assert isinstance(login_start(platform="win32", home=Path("/h")), RunKey)
    mac = login_start(platform="darwin", home=Path("/h"))
    assert isinstance(mac, LaunchAgent)
    assert mac._path.parent == Path("/h/Library/LaunchAgents")


def test_what_is_started_is_this_copy(monkeypatch, tmp_path):
    assert program_command({}) == [sys.executable, "-P", "-m", "s3gui"]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "usr/lib/s3gui/s3gui"))
    assert program_command({}) == [sys.executable]
    image = {"APPIMAGE": "/home/a/s3gui.AppImage", "APPDIR": str(tmp_path)}
    assert program_command(image) == ["/home/a/s3gui.AppImage"]
    others = {"APPIMAGE": "/home/a/Terminal.AppImage", "APPDIR": str(tmp_path / "other")}
    assert program_command(others) == [sys.executable]
