"""Whether the queue lies where it should not: on a disk that other computers write to as well."""

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
