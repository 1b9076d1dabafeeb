"""The peers' programs, in an environment of their own: made once, it needs no network again."""

from __future__ import annotations

import subprocess
import venv
from dataclasses import dataclass
from pathlib import Path

_PINS = Path(__file__).with_name("peers.txt")


@dataclass(frozen=True, slots=True)
class Peers:
    folder: Path

    def program(self, name: str) -> str:
        return str(self.folder / "bin" / name)

    def versions(self) -> dict[str, str]:
        """By package, and of the programs whose packages have numbers of their own."""
        pins = dict(line.split("==") for line in _PINS.read_text().split() if "==" in line)
        s5cmd = subprocess.run(
            [self.program("s5cmd"), "version"], capture_output=True, text=True, check=True
        )
        return {**pins, "s5cmd": s5cmd.stdout.strip().partition("-")[0].removeprefix("v")}


def make_peers(folder: Path) -> Peers:
    """Install what is pinned, unless it is there already."""
    made_from = folder / "made-from"
    pins = _PINS.read_text()
    if not (made_from.is_file() and made_from.read_text() == pins):
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run(
            [folder / "bin" / "python", "-m", "pip", "install", "--quiet", "-r", _PINS], check=True
        )
        made_from.write_text(pins)
    return Peers(folder)
