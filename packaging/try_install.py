"""Installs a package on a Debian 12 that has nothing else, uses it as a person would, removes it.

    .venv/bin/python packaging/try_install.py dist/s3gui_1.2.3_amd64.deb [--screenshot PICTURE.png]
    .venv/bin/python packaging/try_install.py dist/s3gui-1.2.3-linux-x86_64.tar.gz
    .venv/bin/python packaging/try_install.py dist/s3gui-1.2.3-1.x86_64.rpm

Needs root, debootstrap, and what `./dev test` installs. The screen, the window manager and the drag
come from this machine; the program, its libraries and its user live in the new root alone.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(TOP))

from tests.support.xvfb import Screen, screen_running

_BASE = TOP / "build" / "debian-12"
_PERSON = "person"
_SAMPLE_BYTES = 20_000_000
_TIME_LIMIT_SECONDS = 120
_TARBALL_NEEDS = (
    *("libgl1", "libegl1", "libglib2.0-0", "libdbus-1-3", "libfontconfig1", "libxkbcommon0"),
    *("libxkbcommon-x11-0", "libxcb-shape0", "libxcb-xkb1", "libx11-xcb1", "libxcb-randr0"),
    *("libxcb-sync1", "libxcb-xfixes0", "libxcb-render0", "libxcb-shm0", "libgssapi-krb5-2"),
)
"""What every desktop has, and a root with no desktop has not."""

_LEFT_BY_THE_SYSTEM = (
    *(
        "etc/ld.so.cache",
        "var/cache/",
        "var/lib/apt/",
        "var/lib/dpkg/",
        "var/lib/rpm/",
        "root/.rpmdb",
        "var/log/",
        "tmp/",
        "run/",
    ),
    *("etc/group", "etc/passwd", "etc/shadow", "etc/gshadow", "etc/subuid", "etc/subgid"),
    *("usr/share/mime/", "usr/share/icons/hicolor/icon-theme.cache", "var/lib/systemd/"),
)
_DATA = f"home/{_PERSON}/"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("package", type=Path)
    parser.add_argument("--screenshot", type=Path)
    arguments = parser.parse_args()
    with _new_root() as root:
        before = _paths(root)
        install, remove = _WAYS[arguments.package.suffix]
        program = install(root, arguments.package.resolve())
        print(_as_person(root, f"{program} --self-test"))
        with screen_running() as screen:
            _use(root, program, screen, arguments.screenshot)
        remove(root)
        left = [each for each in sorted(_paths(root) - before) if not _is_expected(each)]
        if left:
            raise SystemExit("left behind:\n" + "\n".join(left[:40]))
        kept = root / _DATA / ".local/share/s3gui/transfers.sqlite"
        if not kept.is_file():
            raise SystemExit("the person's own queue is gone")
    print(f"{arguments.package.name}: installed, used, removed; only the person's data is left")


@contextmanager
def _new_root() -> Iterator[Path]:
    """A copy of a minimal Debian 12 that is made once."""
    if not (_BASE / "made").is_file():
        shutil.rmtree(_BASE, ignore_errors=True)
        _run("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", _BASE)
        (_BASE / "made").touch()
    root = Path(tempfile.mkdtemp(prefix="s3gui-root-"))
    mounts = {
        "proc": ("-t", "proc", "proc"),
        "dev": ("--bind", "/dev"),
        "dev/pts": ("--bind", "/dev/pts"),
    }
    try:
        _run("cp", "-a", f"{_BASE}/.", root)
        for file in ("etc/resolv.conf", "etc/hosts", "etc/ssl/certs/ca-certificates.crt"):
            shutil.copyfile(f"/{file}", root / file)
        for folder in ("etc/apt/apt.conf.d", "etc/apt/sources.list.d"):
            if Path(f"/{folder}").is_dir():
                shutil.copytree(f"/{folder}", root / folder, dirs_exist_ok=True)
        if Path("/etc/apt/sources.list").is_file():
            shutil.copyfile("/etc/apt/sources.list", root / "etc/apt/sources.list")
        for name, source in mounts.items():
            _run("mount", *source, root / name)
        _in_root(root, "useradd", "--create-home", "--shell", "/bin/sh", _PERSON)
        _in_root(root, "apt-get", "update", "-qq")
        yield root
    finally:
        for name in reversed(mounts):
            subprocess.run(["umount", root / name], check=False, capture_output=True)
        _run("rm", "-rf", "--one-file-system", root)


def _install_deb(root: Path, package: Path) -> str:
    shutil.copyfile(package, root / "tmp" / package.name)
    _apt(root, "install", f"/tmp/{package.name}")  # noqa: S108 - inside a root of our own
    (root / "tmp" / package.name).unlink()
    return "s3gui"


def _remove_deb(root: Path) -> None:
    _apt(root, "purge", "--autoremove", "s3gui")


def _install_rpm(root: Path, package: Path) -> str:
    """On Debian: shows what RPM does with the files; whom it depends on is for an RPM system."""
    _apt(root, "install", "rpm", *_TARBALL_NEEDS)
    shutil.copyfile(package, root / "tmp" / package.name)
    _in_root(root, "rpm", "--force-debian", "--install", "--nodeps", f"/tmp/{package.name}")  # noqa: S108
    (root / "tmp" / package.name).unlink()
    return "s3gui"


def _remove_rpm(root: Path) -> None:
    _in_root(root, "rpm", "--force-debian", "--erase", "s3gui")
    # On its own systems these folders belong to another package; here it leaves them, empty.
    _in_root(root, "find", "/usr/share", "-type", "d", "-empty", "-delete")
    _apt(root, "purge", "--autoremove", "rpm", *_TARBALL_NEEDS)


def _unpack(root: Path, package: Path) -> str:
    """As the person, into a folder of theirs, with a menu entry."""
    _apt(root, "install", *_TARBALL_NEEDS)
    home = root / _DATA
    _run("tar", "-xzf", package, "-C", home)
    (folder,) = home.glob("s3gui-*")
    _in_root(root, "chown", "-R", f"{_PERSON}:", f"/home/{_PERSON}/{folder.name}")
    _as_person(root, f"~/{folder.name}/menu add")
    entry = home / ".local/share/applications/s3gui.desktop"
    if f"/home/{_PERSON}/{folder.name}/s3gui" not in entry.read_text():
        raise SystemExit("the menu entry does not name the program")
    return "~/.local/bin/s3gui"


def _remove_unpacked(root: Path) -> None:
    _as_person(root, "~/s3gui-*/menu remove && rm -r ~/s3gui-*")
    for left in (root / _DATA / ".local").rglob("*"):
        if left.is_file() and left.name.removeprefix("_").startswith("s3gui."):
            raise SystemExit(f"the menu kept {left}")
    if (root / _DATA / ".local/bin/s3gui").is_symlink():
        raise SystemExit("the menu kept the command")
    _apt(root, "purge", "--autoremove", *_TARBALL_NEEDS)


_WAYS: dict[str, tuple[Callable[[Path, Path], str], Callable[[Path], None]]] = {
    ".deb": (_install_deb, _remove_deb),
    ".gz": (_unpack, _remove_unpacked),
    ".rpm": (_install_rpm, _remove_rpm),
}


def _use(root: Path, program: str, screen: Screen, screenshot: Path | None) -> None:
    """Drop a file on the window from another process, and wait until it is verified."""
    home = root / _DATA
    sample = home / "sample.bin"
    sample.write_bytes(os.urandom(_SAMPLE_BYTES))
    sample.chmod(0o644)
    started = time.monotonic()
    window = subprocess.Popen(_person_command(root, f"exec {program} --practice", screen))
    try:
        _wait(lambda: _window_is_shown(screen), "a window")
        print(f"window shown after {time.monotonic() - started:.1f} s")
        store = home / ".local/share/s3gui"
        _wait((store / "practice").is_dir, "the practice server")
        _wait(lambda: _drops(screen), "a drop that is accepted")
        _wait(lambda: _states(store / "transfers.sqlite") == ["completed"], "a verified upload")
        if screenshot is not None:
            time.sleep(1)  # a picture of the window after it has painted the end
            _take_screenshot(screen, screenshot)
    finally:
        subprocess.run(["pkill", "-TERM", "-P", str(window.pid)], check=False)
        window.terminate()
    if window.wait(20) not in {0, -15}:
        raise SystemExit(f"the window ended with {window.returncode}")


def _drops(screen: Screen) -> bool:
    return screen.drop([Path(f"/home/{_PERSON}/sample.bin")], "s3gui")


def _window_is_shown(screen: Screen) -> bool:
    found = subprocess.run(
        ["xdotool", "search", "--onlyvisible", "--name", "s3gui"],
        env=screen.environment,
        capture_output=True,
        check=False,
    )
    return bool(found.stdout.strip())


def _states(database: Path) -> list[str]:
    if not database.is_file():
        return []
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        return [str(state) for (state,) in connection.execute("SELECT state FROM transfer")]


def _take_screenshot(screen: Screen, picture: Path) -> None:
    script = (
        "import sys; from PySide6.QtGui import QGuiApplication as A; a = A([]);"
        "sys.exit(not a.primaryScreen().grabWindow(0).save(sys.argv[1]))"
    )
    _run(sys.executable, "-c", script, picture, environment=screen.environment)


def _person_command(root: Path, command: str, screen: Screen | None = None) -> list[str]:
    display = [f"DISPLAY={screen.environment['DISPLAY']}"] if screen is not None else []
    return [
        *("chroot", f"--userspec={_PERSON}:{_PERSON}", str(root), "env", "-i"),
        *("PATH=/usr/bin:/bin", f"HOME=/home/{_PERSON}", "LANG=C.UTF-8", *display),
        *("sh", "-c", f"cd && {command}"),
    ]


def _as_person(root: Path, command: str) -> str:
    return subprocess.run(
        _person_command(root, command), check=True, stdout=subprocess.PIPE, text=True, timeout=180
    ).stdout.strip()


def _apt(root: Path, *words: str) -> None:
    _in_root(root, "apt-get", "-y", "-qq", "--no-install-recommends", *words)


def _in_root(root: Path, *words: str) -> None:
    """As root in the new root, without this machine's environment but for its proxies."""
    proxies = [f"{name}={value}" for name, value in os.environ.items() if "proxy" in name.lower()]
    path = "PATH=/usr/sbin:/usr/bin:/sbin:/bin"
    quiet = ("DEBIAN_FRONTEND=noninteractive", "LANG=C.UTF-8")
    _run("chroot", root, "env", "-i", path, *quiet, *proxies, *words, stdout=subprocess.DEVNULL)


def _run(
    *words: str | Path, environment: dict[str, str] | None = None, stdout: int | None = None
) -> None:
    subprocess.run([str(word) for word in words], check=True, env=environment, stdout=stdout)


def _paths(root: Path) -> set[str]:
    found = subprocess.run(
        ["find", root, "-xdev", "-mindepth", "1", "-printf", "%P\n"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(found.stdout.splitlines())


def _is_expected(path: str) -> bool:
    return path.startswith((_DATA, *_LEFT_BY_THE_SYSTEM)) or path.rstrip("-") in _LEFT_BY_THE_SYSTEM


def _wait(condition: Callable[[], bool], for_what: str) -> None:
    ends_by = time.monotonic() + _TIME_LIMIT_SECONDS
    while not condition():
        if time.monotonic() > ends_by:
            raise SystemExit(f"waited {_TIME_LIMIT_SECONDS} s in vain for {for_what}")
        time.sleep(0.1)


if __name__ == "__main__":
    main()
