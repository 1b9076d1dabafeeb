"""Secrets that must never be found anywhere, and the looking for them."""

import base64
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

SECRET = "canary/K7+MDENGbPxRfiCYzEXAMPLESECRETKEY"
TOKEN = "canary//IQoJb3JpZ2luX2VjEJr+SESSION+TOKEN=="
PASSWORD = "canary&proxy pass"
CANARIES = (SECRET, TOKEN, PASSWORD)

_LARGEST_FILE_BYTES = 64 * 1024**2


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


def hits_in_files(folder: Path, canaries: Iterable[str] = CANARIES) -> Iterator[tuple[Path, str]]:
    """Every file below that holds one. Links are not followed; files that vanish are passed."""
    wanted = [(secret, each) for secret in canaries for each in spellings(secret)]
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            try:
                if not path.is_symlink() and 0 < path.stat().st_size <= _LARGEST_FILE_BYTES:
                    content = path.read_bytes() if path.is_file() else b""
                    yield from ((path, secret) for secret, each in wanted if each in content)
            except OSError:
                continue
