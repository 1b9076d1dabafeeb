"""Secrets, in the keyring of the operating system and nowhere else."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol, TypeVar

from s3gui.adapters.credentials_patience import Patience
from s3gui.core.errors import CredentialsOfAnotherHost, KeyringUnavailable, S3guiError
from s3gui.core.profile import Credentials, Profile, Secret

T = TypeVar("T")

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
    """Secrets by profile. Every method but those of the session may wait for the user to unlock.

    Thread-safe. Raises KeyringUnavailable; a secret that cannot go into a keyring can be kept
    in memory for the session, never in a file. A secret is given out for the key and the host
    that it was saved for, and for no other.
    """

    def __init__(
        self,
        find_keyring: Callable[[], Keyring] | None = None,
        patience: Patience | None = None,
    ) -> None:
        self._find_keyring = find_keyring or os_keyring
        self._patience = patience or Patience()
        self._session: dict[str, tuple[str, Credentials]] = {}
        self._lock = threading.Lock()

    def is_available(self) -> bool:
        """Whether there is a keyring to keep secrets in; it may still turn out to be locked."""
        try:
            self._ask(lambda _keyring: None)
        except KeyringUnavailable:
            return False
        return True

    def save(self, profile: Profile, secret: Secret) -> None:
        """Keep for good, and from now on instead of what the session kept."""
        entry = _entry(profile, secret)
        self._ask(lambda keyring: keyring.set_password(_SERVICE, profile.id, entry))
        with self._lock:
            self._session.pop(profile.id, None)

    def keep_for_session(self, profile: Profile, credentials: Credentials) -> None:
        """Keep until the program ends."""
        with self._lock:
            self._session[profile.id] = (profile.origin, credentials)

    def for_session(self, profile: Profile) -> Credentials | None:
        """What is kept in memory for this profile. Raises CredentialsOfAnotherHost."""
        with self._lock:
            kept = self._session.get(profile.id)
        if kept is None:
            return None
        origin, credentials = kept
        _check_origin(profile, origin)
        return credentials

    def secret(self, profile: Profile) -> Secret | None:
        """The secret access key; None if none is kept. Raises CredentialsOfAnotherHost too."""
        kept = self.for_session(profile)
        if kept is not None:
            return kept.secret_access_key
        entry = self._ask(lambda keyring: keyring.get_password(_SERVICE, profile.id))
        return None if entry is None else _secret_in(entry, profile)

    def forget(self, profile_id: str) -> None:
        """Keep nothing of this profile any more; it is no error if nothing was kept."""
        with self._lock:
            self._session.pop(profile_id, None)
        if not self.is_available():
            return

        def delete(keyring: Keyring) -> None:
            # Deleting what is missing is an error in some keyrings.
            if keyring.get_password(_SERVICE, profile_id) is not None:
                keyring.delete_password(_SERVICE, profile_id)

        self._ask(delete)

    def _ask(self, question: Callable[[Keyring], T]) -> T:
        with _keyring_errors():
            return self._patience.ask(lambda: question(self._find_keyring()))


def _entry(profile: Profile, secret: Secret) -> str:
    """One entry holds the secret and what it is for, so that neither changes without the other."""
    return json.dumps(
        {
            "access_key_id": profile.access_key_id,
            "origin": profile.origin,
            "secret_access_key": secret.reveal(),
        }
    )


def _secret_in(entry: str, profile: Profile) -> Secret | None:
    """None where it is of another key, or not an entry of s3gui's."""
    try:
        kept = json.loads(entry)
        origin, key_id, secret = (
            str(kept[name]) for name in ("origin", "access_key_id", "secret_access_key")
        )
    except (KeyError, TypeError, ValueError):
        return None
    if key_id != profile.access_key_id:
        return None
    _check_origin(profile, origin)
    return Secret(secret)


def _check_origin(profile: Profile, origin: str) -> None:
    if profile.origin != origin:
        raise CredentialsOfAnotherHost(
            f"The secret of “{profile.name}” was saved for {origin}, "
            f"and the connection now goes to {profile.origin}."
        )


def os_keyring() -> Keyring:
    """The system's own keyring. Raises KeyringUnavailable where there is none to trust."""
    with _keyring_errors():
        # Imported when a secret is first needed: it costs a third of a second.
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


def load_keyring() -> None:
    """So that the first secret is not waited for. Whoever needs one says that there is none."""
    with suppress(KeyringUnavailable):
        os_keyring()


def _name(backend: Any) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


@contextmanager
def _keyring_errors() -> Iterator[None]:
    """Backends raise what their bus, their library or a wrong configuration raises."""
    try:
        yield
    except S3guiError:
        raise
    except Exception as error:
        raise KeyringUnavailable(
            "The system's keyring is locked or does not answer.",
            detail=type(error).__name__,
        ) from error
