"""Walking through sorted entries page by page, as all of S3's listings do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from s3gui.practice.call import Call
from s3gui.practice.errors import S3Error

Entry = TypeVar("Entry")
_SMALL_BATCH = 32


@dataclass(frozen=True)
class Query:
    """What every listing may ask for. `limit` is at most S3's page."""

    prefix: str
    delimiter: str
    limit: int
    encoding_type: str | None

    @classmethod
    def of(cls, call: Call, *, limit_name: str) -> "Query":
        encoding_type = call.request.argument("encoding-type") or None
        if encoding_type not in {None, "url"}:
            raise S3Error(
                "InvalidArgument",
                "Invalid Encoding Method specified in Request",
                ArgumentName="encoding-type",
                ArgumentValue=encoding_type,
            )
        page = call.service.limits.page_entries
        return cls(
            call.request.argument("prefix") or "",
            call.request.argument("delimiter") or "",
            call.request.number(limit_name, page, highest=page),
            encoding_type,
        )

    def encode(self, text: str) -> str:
        return quote(text, safe="/") if self.encoding_type == "url" else text

    def common_prefix(self, key: str) -> str | None:
        """What a key is rolled up into, if it is."""
        if not self.delimiter:
            return None
        end = key.find(self.delimiter, len(self.prefix))
        return None if end < 0 else key[: end + len(self.delimiter)]

    def after(self, marker: str) -> bytes:
        """The first key that a page after `marker` may begin with."""
        if marker.startswith(self.prefix) and self.common_prefix(marker) == marker:
            return _beyond(marker)
        return marker.encode() + b"\0"


@dataclass
class Page(Generic[Entry]):
    """`last_name` is the key or common prefix that came last; `last` the entry, if it was one."""

    entries: list[Entry] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    truncated: bool = False
    last_name: str = ""
    last: Entry | None = None

    @property
    def count(self) -> int:
        return len(self.entries) + len(self.prefixes)


def walk(
    query: Query,
    start: tuple[bytes, Any],
    fetch: Callable[[bytes, Any, int], list[Entry]],
    key_of: Callable[[Entry], str],
    state_of: Callable[[Entry], Any],
) -> Page[Entry]:
    """One page.

    `fetch(key, state, limit)` gives entries in order from `key` on; with a state, of that key only
    those that come after the entry `state_of` made it from.
    """
    page: Page[Entry] = Page()
    if query.limit == 0:
        return page
    position = max(start, (query.prefix.encode(), None), key=lambda place: place[0])
    batch_limit = query.limit + 1
    while True:
        batch = fetch(*position, batch_limit)
        for entry in batch:
            key = key_of(entry)
            if not key.startswith(query.prefix):
                return page
            common = query.common_prefix(key)
            if common is not None and page.prefixes and page.prefixes[-1] == common:
                continue
            if page.count == query.limit:
                page.truncated = True
                return page
            if common is not None:
                page.prefixes.append(common)
                page.last_name, page.last = common, None
            else:
                page.entries.append(entry)
                page.last_name, page.last = key, entry
        if len(batch) < batch_limit:
            return page
        last = batch[-1]
        common = query.common_prefix(key_of(last))
        if common is not None:  # a big folder: jump over the rest of it
            position, batch_limit = (_beyond(common), None), _SMALL_BATCH
        else:
            position = (key_of(last).encode(), state_of(last))
            batch_limit = min(batch_limit * 2, query.limit + 1)


def _beyond(prefix: str) -> bytes:
    """Greater than every key that starts so. UTF-8 never has the byte 255."""
    raw = prefix.encode()
    return raw[:-1] + bytes([raw[-1] + 1])
