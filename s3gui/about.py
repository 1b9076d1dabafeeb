"""What this copy of the program is made of, how it came here, and whether there is a newer one."""

from __future__ import annotations

from s3gui import __version__
from s3gui.assets import resource
from s3gui.core.errors import KeyringUnavailable
from s3gui.core.release import Installation, Release, order


def versions() -> dict[str, str]:
    """What this copy of the program is made of, by name. Raises ImportError for what it lacks."""
    from s3gui.adapters.credentials import os_keyring
    from s3gui.adapters.versions import versions

    try:
        keyring = type(os_keyring()).__module__
    except KeyringUnavailable:
        keyring = "none in this session"
    return {**versions(), "keyring": keyring}


def newer_release(newest_seen: str) -> Release | None:
    """What the project tells of that is newer than this copy; None also where nobody can be asked.

    `newest_seen` as in `Settings`. Blocks. Raises ReleaseRefused, ReleasesUnreachable.
    """
    import ssl
    from datetime import UTC, datetime

    from s3gui.adapters.releases import release_source

    source = release_source(resource("app", "releases.json"))
    if source is None:
        return None
    known = max(newest_seen or __version__, __version__, key=order)
    today = datetime.now(UTC).date()
    release = source.newest(newest_seen=known, today=today, context=ssl.create_default_context())
    return release if release.is_newer_than(__version__) else None


def installed_by() -> Installation:
    """How this copy came onto the computer."""
    from s3gui.adapters.installation import installation

    return installation()
