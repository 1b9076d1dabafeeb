"""Secrets, in the keyring of the operating system and nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from s3gui.core.errors import KeyringUnavailable
from s3gui.core.profile import Credentials, Secret

_SERVICE = "s3gui"
_ALLOWED = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.macOS.Keyring",
    }
)
"""By name, not by base class: others write plain text, keep nothing, or cannot be judged."""

_CHAIN = "keyring.backends.chainer.ChainerBackend"


class Keyring(Protocol):
    """What is used of a keyring backend."""

    def get_password(self, service: str, username: str) -> str | None: ...

    def set_password(self, service: str, username: str, password: str) -> None: ...

    def delete_password(self, service: str, username: str) -> None: ...


class CredentialKeeper:
    """Secrets by profile id. Every method may wait for the user to unlock the keyring.

    Thread-safe. Raises KeyringUnavailable; a secret that cannot go into a keyring can be kept
    in memory for the session, never in a file.
    """

    def __init__(self, find_keyring: Callable[[], Keyring] | None = None) -> None:
        self._find_keyring = find_keyring or os_keyring
        self._session: dict[str, Credentials] = {}
        self._lock = threading.Lock()

    def is_available(self) -> bool:
        """Whether there is a keyring to keep secrets in; it may still turn out to be locked."""
        try:
            self._find_keyring()
        except KeyringUnavailable:
            return False
        return True

    def save(self, profile_id: str, secret: Secret) -> None:
        """Keep for good."""
        with _keyring_errors():
            self._find_keyring().set_password(_SERVICE, profile_id, secret.reveal())

    def keep_for_session(self, profile_id: str, credentials: Credentials) -> None:
        """Keep until the program ends."""
        with self._lock:
            self._session[profile_id] = credentials

    def for_session(self, profile_id: str) -> Credentials | None:
        with self._lock:
            return self._session.get(profile_id)

    def secret(self, profile_id: str) -> Secret | None:
        """The secret access key; None if none is kept."""
        kept = self.for_session(profile_id)
        if kept is not None:
            return kept.secret_access_key
        with _keyring_errors():
            text = self._find_keyring().get_password(_SERVICE, profile_id)
        return None if text is None else Secret(text)

    def forget(self, profile_id: str) -> None:
        """Keep nothing of this profile any more; it is no error if nothing was kept."""
        with self._lock:
            self._session.pop(profile_id, None)
        if not self.is_available():
            return
        with _keyring_errors():
            keyring = self._find_keyring()
            # Deleting what is missing is an error in some keyrings.
            if keyring.get_password(_SERVICE, profile_id) is not None:
                keyring.delete_password(_SERVICE, profile_id)


def os_keyring() -> Keyring:
    """The system's own keyring. Raises KeyringUnavailable where there is none to trust."""
    with _keyring_errors():
        import keyring

        chosen: Any = keyring.get_keyring()
        # With several keyrings the library chains them; a chain may end in a plain file.
        members = list(chosen.backends) if _name(chosen) == _CHAIN else [chosen]
    for member in members:
        if _name(member) in _ALLOWED:
            trusted: Keyring = member
            return trusted
    raise KeyringUnavailable(
        "This system offers no keyring that keeps secrets safe.",
        hint="Install and unlock a keyring (such as GNOME Keyring or KWallet), "
        "or keep the secret for this session only.",
        detail=f"offered: {', '.join(_name(member) for member in members) or 'nothing'}",
    )


def _name(backend: Any) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


@contextmanager
def _keyring_errors() -> Iterator[None]:
    # Imported when a secret is first needed: it costs a third of a second.
    from keyring.errors import KeyringError

    try:
        yield
    except KeyringError as error:
        raise KeyringUnavailable(
            "The system's keyring is locked or does not answer.",
            detail=type(error).__name__,
        ) from error
