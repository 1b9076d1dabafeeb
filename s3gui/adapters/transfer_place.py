"""Where the queue lies: on a disk that other computers write to, or put back from a backup."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from s3gui.core.errors import S3guiError
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


def is_as_last_marked(path: Path, token: str) -> bool:
    """Whether the queue in `path` is the file that was used last, and `token` its last mark.

    One from a backup has an older token, or is another file.
    """
    try:
        return _mark(path).read_text() == _words(path, token)
    except (OSError, ValueError):
        return False


def remember_mark(path: Path, token: str) -> None:
    with suppress(OSError):  # then it counts as a copy next time, which costs a look
        _mark(path).touch(mode=0o600)
        _mark(path).write_text(_words(path, token))


def _mark(path: Path) -> Path:
    return path.with_suffix(".mark")


def _words(path: Path, token: str) -> str:
    return f"{token} {path.stat().st_ino}"
