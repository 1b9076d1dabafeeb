"""Types into real shells what a person types, and looks at what Tab makes of it.

    python3 packaging/try_completions.py SHARE      (the folder that stage.py fills)

Each shell runs on a terminal of its own. There `s3gui` is a function that shows the words it is
given, so that quoting is tried as well. A shell that is not installed is said aloud.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import sys
import tempfile
import time
from pathlib import Path

_CASES = {
    "s3gui up\t": "upload",
    "s3gui upload lett\t": "upload letter.txt",
    "s3gui upload my\t": "upload my report.pdf",
    "s3gui upload letter.txt my\t": "upload letter.txt my report.pdf",
    "s3gui upload --acl bucket-owner-r\t": "upload --acl bucket-owner-read",
    "s3gui upload --on-c\t": "upload --on-conflict",
    "s3gui upload --archive tar.\t": "upload --archive tar.gz",
    "s3gui upload --log-file lett\t": "upload --log-file letter.txt",
    "s3gui upload --json lett\t": "upload --json letter.txt",
    "s3gui verify lett\t": "verify letter.txt",
    "s3gui test-\t": "test-connection",
    "s3gui practice --root pho\t": "practice --root photos/",
}
"""What is typed, and the words that the program is then given."""

_SHOW = {
    "bash": 's3gui() { local IFS=" "; echo "<<$*>>"; }',
    "zsh": 's3gui() { echo "<<$*>>"; }',
    "fish": 'function s3gui; echo "<<$argv>>"; end',
}
_STARTS = {
    "bash": ["bash", "--norc", "--noprofile", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "-i"],
}
_LOADS = {
    "bash": "source {share}/bash-completion/completions/s3gui",
    "zsh": "fpath=({share}/zsh/site-functions $fpath); autoload -Uz compinit; compinit -u -D",
    "fish": "source {share}/fish/vendor_completions.d/s3gui.fish",
}
_SHOWN = re.compile(r"<<([^$*>]+)>>")
_TIME_LIMIT_SECONDS = 20


def try_completions(share: Path) -> None:
    """Raises SystemExit with a line for each completion that is not what a person wants."""
    wrong = []
    for shell, command in _STARTS.items():
        if shutil.which(shell) is None:
            print(f"NOT TRIED: completions in {shell} (not installed)")
            continue
        first = f"{_LOADS[shell].format(share=share)}\n{_SHOW[shell]}\n"
        for typed, wanted in _CASES.items():
            given = _words(command, first + typed)
            if given.rstrip("/ ") != wanted.rstrip("/"):  # a slash or a space helps to go on
                wrong.append(f"{shell}: {typed.strip()!r} and Tab became {given!r}, not {wanted!r}")
        print(f"{len(_CASES)} completions tried in {shell}")
    if wrong:
        raise SystemExit("\n".join(wrong))


def _words(command: list[str], typed: str) -> str:
    """What `s3gui` is given when `typed`, and Enter, are typed into the shell `command`."""
    with tempfile.TemporaryDirectory(prefix="s3gui-shell-") as home:
        for name in ("letter.txt", "my report.pdf"):
            (Path(home) / name).touch()
        (Path(home) / "photos").mkdir()
        process, terminal = pty.fork()
        if process == 0:
            os.chdir(home)
            environment = {"HOME": home, "PATH": os.environ["PATH"], "TERM": "dumb"}
            environment["LANG"] = "C.UTF-8"
            os.execvpe(command[0], command, environment)  # noqa: S606 - a shell is what is tried
        try:
            os.write(terminal, f"{typed}\n".encode())
            return _read_until_shown(terminal)
        finally:
            os.close(terminal)
            os.kill(process, 9)
            os.waitpid(process, 0)


def _read_until_shown(terminal: int) -> str:
    ends_by = time.monotonic() + _TIME_LIMIT_SECONDS
    seen = ""
    while time.monotonic() < ends_by:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                seen += os.read(terminal, 65536).decode(errors="replace")
            except OSError:
                break
        shown = _SHOWN.search(seen)
        if shown:
            return shown[1]
    return f"nothing: {seen[-300:]}"


if __name__ == "__main__":
    try_completions(Path(sys.argv[1]).resolve())
