"""Files that systems leave in folders for themselves, and nobody wants in a bucket."""

from __future__ import annotations

_NAMES = frozenset(
    {
        ".ds_store",
        ".localized",
        "thumbs.db",
        "ehthumbs.db",
        "desktop.ini",
        ".directory",
        ".spotlight-v100",
        ".trashes",
        ".fseventsd",
        ".temporaryitems",
        "icon\r",
    }
)
_FOLDERS = frozenset({".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems", "__macosx"})


def is_junk(key: str) -> bool:
    """Whether the key is that of a system's own file; macOS's `._NAME` twins count too.

    >>> is_junk("photos/.DS_Store"), is_junk("photos/._a.jpg"), is_junk("photos/a.jpg")
    (True, True, False)
    """
    *folders, name = key.lower().split("/")
    return name in _NAMES or name.startswith("._") or any(each in _FOLDERS for each in folders)
