"""Who may sign requests. The server's own keys live in its folder, readable by their owner only."""

import json
import os
import secrets
import string
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

_ALPHABET = string.ascii_uppercase + string.digits


@dataclass(frozen=True)
class PracticeCredentials:
    """`expires_at` is in seconds since the epoch, by the server's clock."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None
    expires_at: float | None = None

    def __repr__(self) -> str:
        return f"PracticeCredentials({self.access_key_id})"

    @classmethod
    def generate(
        cls, *, temporary: bool = False, expires_at: float | None = None
    ) -> "PracticeCredentials":
        """Temporary ones carry a session token, and an ASIA key id as AWS gives them."""
        name = "".join(secrets.choice(_ALPHABET) for _ in range(16))
        return cls(
            ("ASIA" if temporary else "AKIA") + name,
            secrets.token_urlsafe(30),
            secrets.token_urlsafe(96) if temporary else None,
            expires_at,
        )


class KeyRing:
    """The credentials a server knows, by access key id."""

    def __init__(self) -> None:
        self._known: dict[str, PracticeCredentials] = {}
        self._lock = threading.Lock()

    def add(self, credentials: PracticeCredentials) -> None:
        with self._lock:
            self._known[credentials.access_key_id] = credentials

    def remove(self, access_key_id: str) -> None:
        with self._lock:
            self._known.pop(access_key_id, None)

    def find(self, access_key_id: str) -> PracticeCredentials | None:
        with self._lock:
            return self._known.get(access_key_id)


def load_or_create(path: Path) -> PracticeCredentials:
    """The keys kept in `path`; new ones where there is no such file or it cannot be read as one."""
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return PracticeCredentials(str(kept["access_key_id"]), str(kept["secret_access_key"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return _create(path)


def _create(path: Path) -> PracticeCredentials:
    credentials = PracticeCredentials.generate()
    kept = {
        name: value for name, value in asdict(credentials).items() if name.endswith(("id", "key"))
    }
    written = path.with_suffix(".new")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(kept, file)
    written.replace(path)
    return credentials
