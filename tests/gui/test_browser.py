import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl

from s3gui.gui.browser import open_in_browser
from s3gui.gui.child_environment import child_environment
from tests.support import canary

SECRETS = {
    "AWS_SECRET_ACCESS_KEY": canary.SECRET,
    "AWS_SESSION_TOKEN": canary.TOKEN,
    "S3GUI_HOME": "/somewhere",
    "MY_PASSWORD": canary.PASSWORD,
    "GITHUB_TOKEN": canary.TOKEN,
    "PYTHONPATH": "/x",
}


def test_a_browser_gets_no_secret_and_what_it_needs() -> None:
    needed = {"PATH": "/bin", "DISPLAY": ":0", "HOME": "/h", "https_proxy": "http://p", "LANG": "C"}
    needed |= {"AWS_CONFIG_FILE": "/c", "AWS_SHARED_CREDENTIALS_FILE": "/s", "AWS_PROFILE": "p"}
    needed |= {"AWS_WEB_IDENTITY_TOKEN_FILE": "/t"}
    assert child_environment({**needed, **SECRETS}) == needed
    packaged = {"LD_LIBRARY_PATH": "/ours", "LD_LIBRARY_PATH_ORIG": "/theirs"}
    assert child_environment(packaged)["LD_LIBRARY_PATH"] == "/theirs"


@pytest.mark.row("N-08")
@pytest.mark.parametrize("scheme", ["http://", "https://", ""])
def test_a_child_gets_the_proxy_and_not_its_password(scheme: str) -> None:
    given = {"HTTPS_PROXY": f"{scheme}user:p@ss/word@proxy.example:3128", "no_proxy": "a.example"}
    expected = {"HTTPS_PROXY": f"{scheme}proxy.example:3128", "no_proxy": "a.example"}
    assert child_environment(given) == expected


@pytest.mark.row("C-03")
@pytest.mark.skipif(sys.platform != "linux", reason="xdg-open is Linux's")
def test_the_program_that_opens_the_browser_sees_the_address_and_no_secret(
    qapp, qtbot, monkeypatch, tmp_path: Path
) -> None:
    program, seen = tmp_path / "xdg-open", tmp_path / "seen"
    program.write_text(f'#!/bin/sh\n(echo "$#" "$1"; env) > {seen}.new\nmv {seen}.new {seen}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    assert open_in_browser(QUrl("https://b.s3.amazonaws.com/a b/ü?x=$(id)&y=--flag"))
    qtbot.waitUntil(seen.exists)
    first, *rest = seen.read_text().splitlines()
    assert first == "1 https://b.s3.amazonaws.com/a%20b/%C3%BC?x=$(id)&y=--flag"
    assert canary.hits("\n".join(rest).encode()) == []
    assert any(line.startswith("PATH=") for line in rest)


@pytest.mark.row("C-08")
@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:alert(1)", "ssh://h/x", "--version", "https:///x", ""],
)
def test_nothing_but_a_web_address_is_opened(qapp, monkeypatch, tmp_path, address) -> None:
    program = tmp_path / "xdg-open"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not open_in_browser(QUrl(address))


def test_without_a_program_to_ask_nothing_happens(qapp, monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert not open_in_browser(QUrl("https://example.org"))
