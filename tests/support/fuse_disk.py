"""A file system of a test's own, served by a child process: it hangs when it is told to.

The child speaks the kernel's FUSE protocol itself (version 7.19 of fuse_kernel.h), as root and on
Linux only. It is a process of its own so that the kernel lets go of everything when it ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import errno
import json
import os
import stat
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

_LOOKUP, _FORGET, _GETATTR, _OPEN, _READ, _RELEASE, _FLUSH = 1, 2, 3, 14, 15, 18, 25
_INIT, _OPENDIR, _READDIR, _RELEASEDIR, _BATCH_FORGET, _INTERRUPT = 26, 27, 28, 29, 42, 36
_IN_HEADER = struct.Struct("<IIQQIIII")
_OUT_HEADER = struct.Struct("<IiQ")
_ATTR = struct.Struct("<QQQQQQIIIIIIIIII")
_LAZY = 2
_NO_SUID_NO_DEVICES = 6
_BUFFER_BYTES = 1 << 20
_DIRECT_IO = 1
"""Of an open file: the kernel keeps nothing, so that every read comes here."""


def why_not() -> str:
    """Why there can be no such disk here; empty where there can be."""
    if sys.platform != "linux":
        return "FUSE by hand is for Linux"
    if os.geteuid() != 0:
        return "mounting a FUSE disk needs root"
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        return "there is no /dev/fuse"
    return ""


class FuseDisk:
    """A folder of files at `mount_point` while entered.

    `hang()` leaves every request to the disk unanswered until `answer()`, and `is_asked` is set
    by the first of them; `vanish()` takes the disk away.
    """

    def __init__(self, mount_point: Path, files: Mapping[str, bytes]) -> None:
        self.mount_point = mount_point
        self.is_asked = threading.Event()
        self._hangs = threading.Event()
        self._files = files

    def hang(self) -> None:
        self.is_asked.clear()
        self._hangs.clear()
        self._tell("hang")
        assert self._hangs.wait(10)

    def answer(self) -> None:
        self._tell("answer")

    def vanish(self) -> None:
        """What a cable does that is pulled: the kernel ends every call with an error."""
        self._child.kill()

    def __enter__(self) -> Self:
        self.mount_point.mkdir()
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tests.support.fuse_disk", self.mount_point],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        self._tell(json.dumps({name: data.hex() for name, data in self._files.items()}))
        assert self._child.stdout is not None
        assert self._child.stdout.readline() == "ready\n"
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._child.kill()
        self._child.wait()
        self._listener.join()
        for pipe in (self._child.stdin, self._child.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):
                pipe.close()
        _libc().umount2(bytes(self.mount_point), _LAZY)

    def _tell(self, line: str) -> None:
        assert self._child.stdin is not None
        with contextlib.suppress(OSError):  # it has vanished
            self._child.stdin.write(f"{line}\n")
            self._child.stdin.flush()

    def _listen(self) -> None:
        assert self._child.stdout is not None
        for line in self._child.stdout:
            (self._hangs if line == "hangs\n" else self.is_asked).set()


class _Server:
    """In the child: one request after another."""

    def __init__(self, mount_point: Path, files: Mapping[str, str]) -> None:
        self._files = {
            number: (name, bytes.fromhex(data))
            for number, (name, data) in enumerate(files.items(), start=2)
        }
        self._numbers = {name: number for number, (name, _) in self._files.items()}
        self._answers = threading.Event()
        self._answers.set()
        self._device = os.open("/dev/fuse", os.O_RDWR)
        options = f"fd={self._device},rootmode=40000,user_id=0,group_id=0,allow_other"
        flags = ctypes.c_ulong(_NO_SUID_NO_DEVICES)
        if _libc().mount(b"test-disk", bytes(mount_point), b"fuse", flags, options.encode()):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        threading.Thread(target=self._serve, daemon=True).start()

    def obey(self, lines: Iterable[str]) -> None:
        """Until there are none any more."""
        _say("ready")
        for line in lines:
            if line == "hang\n":
                self._answers.clear()
                _say("hangs")
            else:
                self._answers.set()

    def _serve(self) -> None:
        while True:
            try:
                request = os.read(self._device, _BUFFER_BYTES + 4096)
            except OSError:  # unmounted
                return
            _, operation, unique, node, *_ = _IN_HEADER.unpack_from(request)
            body = request[_IN_HEADER.size :]
            if operation in {_FORGET, _BATCH_FORGET, _INTERRUPT}:
                continue
            if operation != _INIT and not self._answers.is_set():
                _say("asked")
                self._answers.wait()
            answer = self._answer(operation, node, body)
            number, data = (-answer, b"") if isinstance(answer, int) else (0, answer)
            header = _OUT_HEADER.pack(_OUT_HEADER.size + len(data), number, unique)
            with contextlib.suppress(OSError):  # whoever asked was interrupted
                os.write(self._device, header + data)

    def _answer(self, operation: int, node: int, body: bytes) -> bytes | int:  # noqa: PLR0911 - a table
        """The bytes of the answer, or the number of an error."""
        if operation == _INIT:
            return struct.pack("<IIIIHHI", 7, 19, 0, 0, 12, 10, _BUFFER_BYTES)
        if operation == _LOOKUP:
            number = self._numbers.get(os.fsdecode(body.rstrip(b"\0")))
            if number is None:
                return errno.ENOENT
            return struct.pack("<QQQQII", number, 0, 0, 0, 0, 0) + self._attributes(number)
        if operation == _GETATTR:
            return struct.pack("<QII", 0, 0, 0) + self._attributes(node)
        if operation in {_OPEN, _OPENDIR}:
            return struct.pack("<QII", 0, _DIRECT_IO if operation == _OPEN else 0, 0)
        if operation == _READ:
            _, offset, size = struct.unpack_from("<QQI", body)
            return self._files[node][1][offset : offset + size]
        if operation == _READDIR:
            (_, offset) = struct.unpack_from("<QQ", body)
            return self._listing() if offset == 0 else b""
        return b"" if operation in {_RELEASE, _RELEASEDIR, _FLUSH} else errno.ENOSYS

    def _attributes(self, number: int) -> bytes:
        is_root = number == 1
        size = 0 if is_root else len(self._files[number][1])
        mode = stat.S_IFDIR | 0o755 if is_root else stat.S_IFREG | 0o644
        times = (1_000_000_000, 1_000_000_000, 1_000_000_000, 0, 0, 0)
        return _ATTR.pack(number, size, size // 512, *times, mode, 1, 0, 0, 0, 4096, 0)

    def _listing(self) -> bytes:
        listing = b""
        for index, (number, (name, _)) in enumerate(self._files.items(), start=1):
            encoded = os.fsencode(name)
            entry = struct.pack("<QQII", number, index, len(encoded), stat.S_IFREG >> 12) + encoded
            listing += entry + bytes(-len(entry) % 8)
        return listing


def _say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(ctypes.util.find_library("c"), use_errno=True)


if __name__ == "__main__":
    _Server(Path(sys.argv[1]), json.loads(sys.stdin.readline())).obey(sys.stdin)
