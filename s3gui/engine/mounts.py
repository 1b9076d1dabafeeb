"""Which disk a path is on, told without asking that disk: it may not answer."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_SURE = frozenset(
    {"bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "jfs", "overlay", "ramfs", "reiserfs"}
    | {"rootfs", "squashfs", "tmpfs", "xfs", "zfs", "proc", "sysfs", "devtmpfs"}
)
"""File systems on this computer's own disks: they answer, or report an error."""

_NETWORK = frozenset(
    {"9p", "afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.sshfs", "gfs2", "gpfs"}
    | {"lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs"}
)

_ESCAPED = re.compile(r"\\(\d{3})")
_KNOWN_FOR_SECONDS = 5.0
_MOST_LINKS = 40
_FAR_FOLDERS = {"darwin": ("/Volumes/", "/Network/", "/net/")}


class Mounts:
    """Looks at the system's own list, again every few seconds. Thread-safe."""

    def __init__(
        self,
        read: Callable[[], str] = _MOUNTS.read_text,
        steady: Callable[[], float] = time.monotonic,
        platform: str = sys.platform,
    ) -> None:
        self._read = read
        self._steady = steady
        self._platform = platform
        self._read_at = float("-inf")
        self._kinds: dict[str, str] = {}
        self._known: dict[str, str | None] = {}

    def unsure(self, path: str | os.PathLike[str]) -> str | None:
        """The root of the disk that `path` is on if that may leave a call unanswered, else None.

        Network disks, FUSE and removable disks may; links on the way are seen through.
        """
        if self._steady() - self._read_at > _KNOWN_FOR_SECONDS:
            self._kinds = _mount_kinds(self._read) if self._platform == "linux" else {}
            self._known = {}
            self._read_at = self._steady()
        text = os.fspath(path)
        # Asked for each file: what tells its folder from others will do.
        start, known = text[: text.rfind(os.sep)], self._known
        if start not in known:
            known[start] = self._unsure_folder(Path(os.path.dirname(text)))  # noqa: PTH120
        return known[start] or self._unsure_mount(text)

    def network_kind(self, folder: Path) -> str | None:
        """The kind of network disk that a folder is on, as the system calls it, or None.

        Where there is no such list it is only known of Windows' shares that are named as such.
        """
        if self._platform == "win32":
            return "share" if folder.drive.startswith("\\\\") else None
        kinds = _mount_kinds(self._read) if self._platform == "linux" else {}
        at = folder.resolve()
        kind = next((kinds[str(each)] for each in (at, *at.parents) if str(each) in kinds), "")
        return kind if kind in _NETWORK else None

    def _unsure_folder(self, folder: Path) -> str | None:
        if self._platform == "win32":
            return _unsure_drive(folder)
        for far in _FAR_FOLDERS.get(self._platform, ()):
            if str(folder).startswith(far):
                return "/".join(folder.parts[:3])[1:]
        return self._through_links(folder) if self._kinds else None

    def _through_links(self, folder: Path) -> str | None:
        """Goes down as the kernel would, and stops at the first disk that may not answer."""
        at, names = "/", list(folder.parts[1:])
        for _ in range(_MOST_LINKS):
            while names:
                at = os.path.normpath(os.path.join(at, names.pop(0)))  # noqa: PTH118
                unsure = self._unsure_mount(at)
                if unsure is not None:
                    return unsure
                try:
                    target = os.readlink(at)  # noqa: PTH115 - a folder's a string here
                except OSError:
                    continue  # no link, or not there: whoever opens it will say so
                names = [*Path(target).parts, *names]
                at = "/" if os.path.isabs(target) else os.path.dirname(at)  # noqa: PTH117, PTH120
                break
            else:
                return None
        return None

    def _unsure_mount(self, path: str) -> str | None:
        kind = self._kinds.get(path)
        return path if kind is not None and kind not in _SURE else None


def _mount_kinds(read: Callable[[], str]) -> dict[str, str]:
    """File systems by where they are mounted; the last one at a place hides those before."""
    kinds = {}
    try:
        lines = read().splitlines()
    except OSError:
        return {}
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) > 4 and after:
            kinds[_ESCAPED.sub(_character, fields[4])] = after.split()[0]
    return kinds


def _character(match: re.Match[str]) -> str:
    return chr(int(match[1], 8))


def _unsure_drive(folder: Path) -> str | None:
    drive = folder.drive.upper()
    return None if drive == os.environ.get("SYSTEMDRIVE", "C:").upper() else drive
