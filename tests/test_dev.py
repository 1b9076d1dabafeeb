"""./dev on machines that lack something: it says what in plain words, and how to get it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_TOP = Path(__file__).parent.parent
_TOOLS = ("awk", "cat", "cksum", "dirname", "ln", "mv", "readlink", "rm", "sed", "sh", "uname")
_TURN = ".venv-turn"

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the missing things are Linux's")


class Machine:
    """A checkout, and a PATH that has nothing but the most ordinary tools."""

    def __init__(self, folder: Path) -> None:
        self.checkout = folder / "a checkout"
        self.programs = folder / "programs"
        self.checkout.mkdir()
        self.programs.mkdir()
        for name in ("dev", "requirements-dev.txt"):
            shutil.copy(_TOP / name, self.checkout)
        for tool in _TOOLS:
            found = shutil.which(tool)
            assert found, tool
            (self.programs / tool).symlink_to(found)
        self.has("id", "echo 1000")

    def has(self, program: str, script: str) -> Path:
        path = self.programs / program
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def has_an_environment(self, python_script: str = 'echo "asked for: $*"') -> None:
        """As if an earlier start had made it: with a Python that says what it was asked to do."""
        python = self.has("a-python", python_script)
        (self.checkout / ".venv/bin").mkdir(parents=True)
        (self.checkout / ".venv/bin/python").symlink_to(python)
        with (self.checkout / "requirements-dev.txt").open("rb") as requirements:
            checksum = subprocess.run(
                ["cksum"], stdin=requirements, capture_output=True, check=True, text=True
            ).stdout
        (self.checkout / ".venv/made-from").write_text(f"{checksum}{python}\n{self.checkout}\n")

    def dev(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.checkout / "dev", *words],
            cwd=_TOP,
            env={"PATH": str(self.programs), "HOME": os.environ["HOME"]} | environment,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_without_a_command_it_shows_both(machine: Machine) -> None:
    started = machine.dev()
    assert started.returncode == 2
    assert [line.split()[:2] for line in started.stderr.splitlines()] == [
        ["./dev", "run"],
        ["./dev", "test"],
    ]


@pytest.mark.parametrize("python", [None, "exit 127", "exit 0"])
def test_without_a_new_enough_python_it_says_which_it_needs(
    machine: Machine, python: str | None
) -> None:
    if python:
        machine.has("python3", python)
    started = machine.dev("test")
    assert started.returncode == 1
    assert started.stderr.startswith("s3gui needs Python 3.11 or newer, and found none here")
    assert not (machine.checkout / ".venv").exists()


def test_a_python_without_venv_leads_to_the_line_that_installs_it(machine: Machine) -> None:
    machine.has("python3", "case $2 in *version*) echo 3.12 ;; *) exit 1 ;; esac")
    started = machine.dev("run")
    assert started.returncode == 1
    assert started.stderr.splitlines()[-1] == "  sudo apt-get install python3.12-venv"


def test_missing_libraries_are_named_with_the_line_that_installs_them(machine: Machine) -> None:
    machine.has_an_environment()
    machine.has("ldd", r'printf "\tlibEGL.so.1 => not found\n\tlibm.so.6 => /lib/libm.so.6\n"')
    started = machine.dev("run")
    assert started.returncode == 1
    first, *_, last = started.stderr.splitlines()
    assert first == "Qt needs system libraries that are missing here: libEGL.so.1"
    assert last.startswith("  sudo apt-get install --no-install-recommends libgl1 libegl1 ")


def test_packages_are_installed_where_sudo_asks_no_password(machine: Machine) -> None:
    machine.has_an_environment()
    machine.has("ldd", f'[ -e "{machine.checkout}/installed" ] || echo "libEGL.so.1 => not found"')
    machine.has("sudo", '[ "$1" = -n ] && shift && exec "$@"')
    machine.has("true", "exit 0")
    machine.has("apt-get", f'[ $1 = update ] || echo "$@" >"{machine.checkout}/installed"')
    started = machine.dev("run", "buckets")
    assert "libegl1" in (machine.checkout / "installed").read_text()
    assert started.stdout == "asked for: -m s3gui buckets\n"


def test_what_apt_says_is_shown_only_when_it_fails(machine: Machine) -> None:
    machine.has_an_environment()
    machine.has("ldd", 'echo "libEGL.so.1 => not found"')
    machine.has("id", "echo 0")
    machine.has("apt-get", "echo 'E: no space left'; exit 100")
    started = machine.dev("run")
    assert started.returncode == 1
    assert "E: no space left" in started.stderr
    assert "Qt needs system libraries" in started.stderr


def test_libraries_that_are_missing_after_the_installation_are_still_named(
    machine: Machine,
) -> None:
    machine.has_an_environment()
    machine.has("ldd", 'echo "libodd.so.1 => not found"')
    machine.has("id", "echo 0")
    machine.has("apt-get", "exit 0")
    started = machine.dev("run")
    assert started.returncode == 1
    assert "Qt needs system libraries that are missing here: libodd.so.1" in started.stderr


def test_tests_run_without_the_programs_that_cannot_be_installed(machine: Machine) -> None:
    machine.has_an_environment()
    started = machine.dev("test", "-x", "tests/a file.py")
    assert started.returncode == 0
    assert "sudo apt-get install --no-install-recommends dbus gnome-keyring" in started.stderr
    assert started.stdout == "asked for: -m pytest -x tests/a file.py\n"


def test_the_window_opens_on_the_practice_server_where_there_is_a_display(
    machine: Machine,
) -> None:
    machine.has_an_environment()
    started = machine.dev("run", DISPLAY=":0")
    assert started.stdout == "asked for: -m s3gui --practice\n"
    assert started.stderr == ""


def test_without_a_display_the_same_job_is_shown_on_the_command_line(machine: Machine) -> None:
    for tool in ("env", "head", "mktemp", "sleep"):
        (machine.programs / tool).symlink_to(shutil.which(tool) or tool)
    machine.has_an_environment(f'exec "{sys.executable}" "$@"')
    # The person's own AWS settings would lead elsewhere.
    started = machine.dev("run", AWS_PROFILE="production", AWS_SESSION_TOKEN="a token")
    assert started.returncode == 0, started.stderr
    assert started.stderr.startswith("There is no display here")
    assert "Stored and verified s3://practice/sample.bin" in started.stderr
    assert started.stdout.startswith("practice ")


def test_an_environment_made_from_other_requirements_is_made_anew(machine: Machine) -> None:
    machine.has_an_environment()
    with (machine.checkout / "requirements-dev.txt").open("a") as requirements:
        requirements.write("# another line\n")
    started = machine.dev("run", DISPLAY=":0")
    assert started.stderr.startswith("s3gui needs Python 3.11 or newer")


def test_two_at_once_make_one_environment(machine: Machine) -> None:
    machine.has_an_environment()
    made_from = machine.checkout / ".venv/made-from"
    made = made_from.rename(machine.checkout / "made")
    turn = machine.checkout / _TURN
    turn.symlink_to(str(os.getpid()))
    machine.has("sleep", f'mv "{made}" "{made_from}"; rm "{turn}"')  # the other one ends
    started = machine.dev("run", DISPLAY=":0")
    assert started.stdout == "asked for: -m s3gui --practice\n"
    assert started.stderr == (
        f"Another ./dev (process {os.getpid()}) is making .venv; waiting for it ...\n"
    )
    assert not turn.is_symlink()


def test_one_that_was_killed_while_it_made_the_environment_is_not_waited_for(
    machine: Machine,
) -> None:
    gone = subprocess.Popen(["true"])
    gone.wait()
    (machine.checkout / _TURN).symlink_to(str(gone.pid))
    started = machine.dev("run")
    assert started.stderr.startswith("s3gui needs Python 3.11 or newer")
    assert not [each for each in machine.checkout.iterdir() if each.name.startswith(_TURN)]


def test_where_nothing_can_be_written_it_says_so_and_does_not_wait(machine: Machine) -> None:
    (machine.programs / "ln").unlink()
    machine.has("ln", "echo 'ln: read-only file system' >&2; exit 1")
    started = machine.dev("run")
    assert started.returncode == 1
    assert started.stderr == "ln: read-only file system\n"
