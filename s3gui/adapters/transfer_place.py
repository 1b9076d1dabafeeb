"""Where the queue lies: on a disk that other computers write to, or put back from a backup."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from s3gui.adapters.transfer_file import log_of, set_aside
from s3gui.core.errors import JournalMissing, S3guiError
from s3gui.engine.mounts import Mounts


class QueueOnNetworkDisk(S3guiError):
    code = "queue-on-network-disk"
    title = "The queue is kept on a network disk"
    hint = (
        "It works there for one computer at a time, while that disk can be reached; set "
        "S3GUI_HOME to a folder on a local disk."
    )


def news_of_network_disk(
    path: Path, kind_of: Callable[[Path], str | None] | None = None
) -> QueueOnNetworkDisk | None:
    """To be told once: that it was, is remembered beside the queue in `path`."""
    kind = (kind_of or Mounts().network_kind)(path.parent)
    if kind is None:
        return None
    told = path.with_suffix(".network")
    with suppress(OSError):
        if told.exists() and told.read_text() == kind:
            return None
        told.touch(mode=0o600)
        told.write_text(kind)
    return QueueOnNetworkDisk(f"The queue is kept on a network disk ({kind}), in “{path.parent}”.")


def is_put_back(path: Path) -> bool:
    """Whether the queue in `path` is not the file that was left there, but one from a backup.

    To be asked before it is opened. After a kill its time is not known, and not compared.
    """
    try:
        now = _described(path)
    except OSError:
        return False  # there is none yet
    try:
        then = _mark(path).read_text().split()
    except (OSError, ValueError):
        return True
    return then != now[: len(then)] or not then


def is_as_left(path: Path) -> bool:
    """Whether nobody has touched the queue in `path` since its owner closed it."""
    try:
        is_same = _mark(path).read_text().split() == _described(path)
    except (OSError, ValueError):
        return False
    return is_same and not log_of(path).exists()


def set_aside_emptied(path: Path) -> Path | None:
    """A file without a byte is no new queue where one is remembered; returns its new name."""
    if path.exists() and not path.stat().st_size and _mark(path).exists():
        return set_aside(path)
    return None


def news_of_missing(path: Path) -> JournalMissing | None:
    """Where a queue is remembered and there is none: to be asked before a new one is begun."""
    if path.exists() or not _mark(path).exists():
        return None
    return JournalMissing(f"The queue in “{path}” is gone, and a new one was begun.")


def remember(path: Path, *, is_closed: bool) -> None:
    """That this file is the queue, and once it is closed, what it was like then."""
    with suppress(OSError):  # then it counts as put back next time, which costs a look
        described = _described(path) if is_closed else _described(path)[:1]
        _mark(path).touch(mode=0o600)
        _mark(path).write_text(" ".join(described))


def _mark(path: Path) -> Path:
    return path.with_suffix(".mark")


def _described(path: Path) -> list[str]:
    status = path.stat()
    return [str(status.st_ino), str(status.st_mtime_ns), str(status.st_size)]
