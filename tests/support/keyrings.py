"""Keyrings that behave badly, and a connection whose secret would be in one."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from s3gui.adapters.settings_file import ProfileFile
from s3gui.core.profile import Profile
from tests.support.servers import Service


class HangingKeyring:
    """A keyring that answers nothing before it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.is_asked = threading.Event()

    @classmethod
    @contextmanager
    def while_it_hangs(cls) -> Iterator[Self]:
        keyring = cls()
        try:
            yield keyring
        finally:
            keyring.go.set()

    def get_password(self, service: str, username: str) -> str | None:
        self.is_asked.set()
        self.go.wait(60)
        return None

    set_password = delete_password = get_password


def saved_profile(home: Path, service: Service) -> Profile:
    """A connection to `service`, saved in `home`, whose secret is nowhere yet."""
    profile = Profile(
        "work",
        "Work",
        "generic",
        service.endpoint_url,
        service.region,
        access_key_id=service.access_key_id,
    )
    ProfileFile(home / "profiles.json").save(profile)
    return profile
