"""What probes learnt of each connection's service, in a JSON file."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from s3gui.adapters.settings_file import FileUnavailable, JsonFile
from s3gui.core.capabilities import Capabilities
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS

_CHECKSUMS = frozenset({"", "CRC64NVME", "CRC32"})


class CapabilitiesFile:
    """Read anew each time. What was learnt holds for one kind of service at one endpoint."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, "capabilities")
        self._lock = threading.Lock()

    def get(self, profile: Profile) -> Capabilities | None:
        """None where nothing was learnt, or it cannot be read: then the least is taken for true."""
        with suppress(FileUnavailable):
            row = self._all().get(profile.id)
            if row is not None and row.get("place") == _place(profile):
                return _capabilities(row)
        return None

    def save(self, profile: Profile, found: Capabilities) -> None:
        """Raises FileUnavailable."""
        with self._lock:
            rows = self._all()
            rows[profile.id] = {
                "place": _place(profile),
                "checksum": found.checksum,
                "conditional_writes": found.conditional_writes,
                "conditional_replaces": found.conditional_replaces,
                "acls": found.acls,
                "probed_at": found.probed_at,
            }
            self._file.write(rows)

    def forget(self, profile_id: str) -> None:
        with self._lock:
            rows = self._all()
            if rows.pop(profile_id, None) is not None:
                self._file.write(rows)

    def _all(self) -> dict[str, Mapping[str, Any]]:
        return self._file.read(_rows) or {}


def is_unknown(profile: Profile, found: Capabilities | None) -> bool:
    """Whether a probe would tell what nobody knows yet."""
    return found is None and profile.provider is not AWS and not profile.provider.checksum


def _place(profile: Profile) -> str:
    return f"{profile.provider_id} {profile.endpoint_url or ''}"


def _rows(data: Any) -> dict[str, Mapping[str, Any]]:
    if not isinstance(data, Mapping):
        raise ValueError("not an object")  # noqa: TRY004 - bad data
    return {name: row for name, row in data.items() if isinstance(row, Mapping)}


def _capabilities(row: Mapping[str, Any]) -> Capabilities:
    checksum, probed_at = row.get("checksum"), row.get("probed_at")
    return Capabilities(
        checksum=checksum if checksum in _CHECKSUMS else None,
        conditional_writes=_flag(row.get("conditional_writes")),
        conditional_replaces=_flag(row.get("conditional_replaces")),
        acls=_flag(row.get("acls")),
        probed_at=float(probed_at) if isinstance(probed_at, int | float) else 0.0,
    )


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None
