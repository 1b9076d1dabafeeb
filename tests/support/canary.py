"""Secrets that must never be found anywhere, and the looking for them."""

import base64
import json
import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, quote_plus

SECRET = "canary/K7+MDENGbPxRfiCYzEXAMPLESECRETKEY"
TOKEN = "canary//IQoJb3JpZ2luX2VjEJr+SESSION+TOKEN=="
PASSWORD = "canary&proxy pass"
MARK = "cAnArYsEcReT"
"""With this begins every secret of a practice server in the tests' own process."""

CANARIES = (SECRET, TOKEN, PASSWORD, MARK)

_BLOCK_BYTES = 1024**2
_WRITTEN_BY_PROGRAMS = (".log", ".json", ".jsonl", ".csv", ".sqlite", "-wal", "-shm", ".txt")
_LONGEST_SPELLING = 1024
_ITS_OWN = frozenset({"credentials.json", "credentials.new", "aws-credentials", "program.py"})
"""Where a practice server keeps its keys, and where a user of AWS or of the driver does."""


@dataclass
class Seen:
    """How much was looked through."""

    files: int = 0
    bytes: int = 0


def spellings(secret: str) -> set[bytes]:
    """The ways in which programs write a text down: raw, base64, hexadecimal, URL-coded, JSON."""
    raw = secret.encode()
    found = {raw, secret.encode("utf-16-le"), raw.hex().encode(), raw.hex().upper().encode()}
    found |= {quote(secret).encode(), quote(secret, safe="").encode(), quote_plus(secret).encode()}
    found.add(json.dumps(secret)[1:-1].replace("/", "\\/").encode())
    for code in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            # In the middle of something longer it begins at any of three places; the letters at
            # both ends hold bits of the neighbours.
            text = code(b"\0" * shift + raw)
            found.add(text[(0, 2, 3)[shift] :].rstrip(b"=")[:-1])
    return found


def hits(content: bytes, canaries: Iterable[str] = CANARIES) -> list[str]:
    """Those that are in it, in any spelling."""
    return [secret for secret in canaries if any(each in content for each in spellings(secret))]


def hits_in_files(
    folder: Path,
    canaries: Iterable[str] = CANARIES,
    *,
    seconds: float = 60,
    seen: Seen | None = None,
) -> Iterator[tuple[Path, str]]:
    """Every file below that holds one. Links are not followed; files that vanish are passed.

    What comes after the first MiB is the content of an upload, but where programs write.
    """
    seen = seen or Seen()
    wanted = [(secret, each) for secret in canaries for each in spellings(secret)]
    ends_at = time.monotonic() + seconds
    for place, _, names in os.walk(folder):
        for name in names:
            if time.monotonic() > ends_at:
                raise TimeoutError(f"{folder} holds too much to look through")
            if name in _ITS_OWN:
                continue
            seen.files += 1
            is_whole = name.endswith(_WRITTEN_BY_PROGRAMS)
            for block in _blocks(f"{place}/{name}", is_whole=is_whole):
                seen.bytes += len(block)
                yield from ((Path(place, name), secret) for secret, each in wanted if each in block)


def _blocks(path: str, *, is_whole: bool) -> Iterator[bytes]:
    """The first MiB, or all of it; what lies across two blocks is in the second as a whole."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return
    tail = b""
    try:
        while block := os.read(descriptor, _BLOCK_BYTES):
            yield tail + block
            tail = block[-_LONGEST_SPELLING:]
            if not is_whole:
                return
    except OSError:
        return
    finally:
        os.close(descriptor)
