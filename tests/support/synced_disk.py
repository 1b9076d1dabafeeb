"""A disk that forgets what a failed sync did not keep, played from the system calls of a process.

As on Linux since 4.13: after a sync that failed the cache calls its pages clean. A later sync is a
success, and writes nothing of them that was not written anew.
"""

from __future__ import annotations

import ast
import random
import re
from dataclasses import dataclass, field
from pathlib import Path

CALLS = "pwrite64,fdatasync,fsync,ftruncate,unlink,write"
"""What strace has to follow, with `-y -x` and long strings."""

_PAGE = 4096
_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(\d+<([^>]*)>(?:, (.*))?\) += (-?\d+)")
_UNLINKED = re.compile(r'^(?:\d+ +)?unlink\("([^"]*)"\) += 0')


@dataclass
class _File:
    cached: bytearray = field(default_factory=bytearray)
    kept: bytearray = field(default_factory=bytearray)
    dirty: set[int] = field(default_factory=set)

    def write(self, start: int, content: bytes) -> None:
        end = start + len(content)
        self.cached.extend(bytes(max(0, end - len(self.cached))))
        self.cached[start:end] = content
        self.dirty.update(range(start // _PAGE, (end - 1) // _PAGE + 1))

    def truncate(self, length: int) -> None:
        del self.cached[length:]
        self.cached.extend(bytes(length - len(self.cached)))
        del self.kept[length:]

    def flush(self, pages: set[int]) -> None:
        for page in sorted(pages):
            block = self.cached[page * _PAGE : (page + 1) * _PAGE]
            end = page * _PAGE + len(block)
            self.kept.extend(bytes(max(0, end - len(self.kept))))
            self.kept[page * _PAGE : end] = block
        self.dirty -= pages


class SyncedDisk:
    """`said`: the last line that the process wrote to its standard output."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._files: dict[str, _File] = {}
        self.said = ""
        self.failed_syncs = 0

    def play(self, line: str) -> None:
        """One line of strace's."""
        if unlinked := _UNLINKED.match(line):
            self._files.pop(Path(unlinked[1]).name, None)
        found = _CALL.match(line)
        if found is None:
            return
        call, place, arguments, result = found.groups()
        if call == "write":
            if not place.startswith("/") or "pipe:" in place:
                self.said = _text(arguments).decode().strip() or self.said
            return
        file = self._files.setdefault(Path(place).name, _File())
        if call == "pwrite64" and int(result) > 0:
            _, _, start = arguments.rsplit(", ", 2)
            file.write(int(start), _text(arguments)[: int(result)])
        elif call == "ftruncate" and result == "0":
            file.truncate(int(arguments))
        elif call in {"fdatasync", "fsync"}:
            self._sync(file, has_failed=result != "0")

    def cut_power(self, folder: Path) -> None:
        """Make there what a start after it would find."""
        for name, file in self._files.items():
            if not name.endswith("-shm"):
                after = _File(file.cached, bytearray(file.kept))
                after.flush(self._some(file.dirty))
                (folder / name).write_bytes(after.kept)

    def _sync(self, file: _File, *, has_failed: bool) -> None:
        self.failed_syncs += has_failed
        file.flush(self._some(file.dirty) if has_failed else set(file.dirty))
        file.dirty.clear()

    def _some(self, pages: set[int]) -> set[int]:
        return {page for page in sorted(pages) if self._chance.random() < 0.5}


def _text(arguments: str) -> bytes:
    quoted = arguments[: arguments.rindex('"') + 1]
    found = ast.literal_eval("b" + quoted)
    assert isinstance(found, bytes)
    return found
