"""Which names may be tried where a key may be taken."""

from __future__ import annotations

from collections.abc import Iterator

from s3gui.core.frozen import replace
from s3gui.core.transfer import ConflictRule, Destination, Transfer

_MOST_NAMES = 1000


def names_to_try(transfer: Transfer) -> Iterator[Destination]:
    """The destination; with “rename” then `name (1).ext`, `name (2).ext`, … next to it."""
    yield transfer.destination
    if transfer.options.on_conflict is ConflictRule.RENAME:
        for number in range(1, _MOST_NAMES):
            key = numbered(transfer.destination.key, number)
            yield replace(transfer.destination, key=key)


def numbered(key: str, number: int) -> str:
    """The key with a number before its ending.

    >>> numbered("raw/a.tar.gz", 2), numbered("raw/.profile", 1)
    ('raw/a (2).tar.gz', 'raw/.profile (1)')
    """
    folder, slash, name = key.rpartition("/")
    stem, dot, ending = name.partition(".") if not name.startswith(".") else (name, "", "")
    return f"{folder}{slash}{stem} ({number}){dot}{ending}"
