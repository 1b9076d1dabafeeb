"""New rows of the queue, column by column: what all of them share is said once.

The files of a folder differ in path, key and size, and in nothing else: to write the rest out for
each of a million files, and to have SQLite read it again, took most of the time of adding them.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import repeat
from operator import attrgetter
from typing import Any

from s3gui.adapters.transfer_codec import dumped, options_text, storable
from s3gui.core.transfer import Transfer

_AT_ONCE = 250
_PATHS_ARE_UTF8 = sys.getfilesystemencoding() == "utf-8"
_VALUES: dict[str, Callable[[Transfer], Any]] = {
    "batch_id": attrgetter("batch_id"),
    "source": attrgetter("source"),
    "bucket": attrgetter("destination.bucket"),
    "key": attrgetter("destination.key"),
    "size": attrgetter("size"),
    "state": attrgetter("state"),
    "waiting_for": attrgetter("waiting_for"),
    "sent_bytes": attrgetter("sent_bytes"),
    "options": attrgetter("options"),
    "failure": attrgetter("failure"),
    "identity": attrgetter("identity"),
    "upload_id": lambda each: each.multipart and each.multipart.upload_id,
    "part_size": attrgetter("part_size"),
    "stored": attrgetter("stored"),
    "started_at": attrgetter("started_at"),
    "ended_at": attrgetter("ended_at"),
    "depth": attrgetter("depth"),
    "kind": attrgetter("kind"),
    "manifest": attrgetter("manifest"),
    "upload_checksum": lambda each: each.multipart and each.multipart.algorithm,
}


def _word(value: Any) -> str | None:
    return None if value is None else value.value


_STORED: dict[str, Callable[[Any], object]] = {
    "source": os.fsencode,
    "key": storable,
    "state": _word,
    "waiting_for": _word,
    "options": options_text,
    "failure": dumped,
    "identity": dumped,
    "stored": dumped,
    "kind": _word,
    "manifest": dumped,
}


class NewRows:
    """What to insert for some transfers, at least one."""

    def __init__(self, transfers: Sequence[Transfer]) -> None:
        self._count = len(transfers)
        self._shared: dict[str, object] = {}
        self._own: dict[str, list[Any]] = {}
        """As the transfers have them, not yet as they are stored."""
        for name, value_of in _VALUES.items():
            values = list(map(value_of, transfers))
            if values.count(values[0]) < self._count:
                self._own[name] = values
            elif values[0] is not None:  # an empty column need not be named
                self._shared[name] = _stored(name, values[0])

    def statement(self) -> tuple[str, Sequence[object]] | None:
        """One step of SQLite's for all: at each step the interpreter's lock changes hands.

        None where JSON cannot hold them: it knows no names that are not Unicode.
        """
        text = _text(self._own) if self._own else None
        if text is None:
            return None
        values = ["?"] * len(self._shared) + list(map(_read, self._own, range(len(self._own))))
        # json_each numbers the rows by a column `key` of its own.
        select = f"SELECT {', '.join(values)} FROM json_each(?) ORDER BY key"  # noqa: S608 - constant names
        return f"{self._into()} {select}", (*self._shared.values(), text)

    def statements(self) -> tuple[str, Iterable[Sequence[object]]]:
        """One for each row, whatever is in it."""
        marks = ", ".join("?" * (len(self._shared) + len(self._own)))
        shared = (repeat(value, self._count) for value in self._shared.values())
        own = ([_stored(name, each) for each in values] for name, values in self._own.items())
        return f"{self._into()} VALUES ({marks})", zip(*shared, *own, strict=True)

    def _into(self) -> str:
        return f"INSERT INTO transfer ({', '.join((*self._shared, *self._own))})"


def _stored(name: str, value: Any) -> object:
    stored = _STORED.get(name)
    return value if stored is None else stored(value)


def _text(columns: Mapping[str, list[Any]]) -> str | None:
    """A list of a list for each row."""
    stored = []
    for name, values in columns.items():
        if name in {"source", "key"}:
            if not _is_unicode(values):
                return None
            stored.append(values)
        else:
            stored.append([_stored(name, each) for each in values] if name in _STORED else values)
    rows = list(zip(*stored, strict=True))
    # Whoever waits for the interpreter's lock, as the window does, gets none while JSON is made.
    some = (json.dumps(rows[at : at + _AT_ONCE])[1:-1] for at in range(0, len(rows), _AT_ONCE))
    text = f"[{','.join(some)}]"
    # SQLite's JSON knows no text with a null character.
    return None if r"\u0000" in text else text


def _is_unicode(names: list[str]) -> bool:
    try:
        "".join(names).encode()
    except UnicodeEncodeError:
        return False
    return _PATHS_ARE_UTF8


def _read(column: str, place: int) -> str:
    value = f"json_extract(value, '$[{place}]')"
    return f"CAST({value} AS BLOB)" if column == "source" else value
