"""The settings and the saved connections, in JSON files that their owner may read and edit."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from s3gui.adapters.json_values import from_json, to_json
from s3gui.adapters.settings_preferences import preferences_from_json, preferences_to_json
from s3gui.core.errors import S3guiError
from s3gui.core.frozen import replace
from s3gui.core.preferences import Preferences
from s3gui.core.profile import Profile
from s3gui.core.settings import Settings

Value = TypeVar("Value")

_VERSION = 1
_LOOK_SECONDS = 0.1


class FileUnavailable(S3guiError):
    code = "settings-unavailable"
    title = "The settings cannot be read or saved"
    hint = "Check that the disk is not full and that the folder can be written."


class SettingsFile:
    """`set_aside` says where a file that could not be understood was moved to."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, "settings")
        self._lock = threading.Lock()

    @property
    def set_aside(self) -> Path | None:
        return self._file.set_aside

    def load(self) -> Settings:
        """The defaults where nothing is saved or nothing can be read: never an error."""
        try:
            return self._file.read(lambda data: from_json(Settings, data)) or Settings()
        except FileUnavailable:
            return Settings()

    def save(self, settings: Settings) -> None:
        """Raises FileUnavailable."""
        self._file.write(to_json(settings))

    def change(self, change: Callable[[Settings], Settings]) -> None:
        """Save what it makes of what is saved; no other thread's change comes between.

        Raises FileUnavailable.
        """
        with self._lock:
            saved = self.load()
            changed = change(saved)
            if changed != saved:
                self.save(changed)


class PreferencesFile:
    """As `SettingsFile`, for what the window keeps for the next time."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, "preferences")

    @property
    def set_aside(self) -> Path | None:
        return self._file.set_aside

    def load(self) -> Preferences:
        """Nothing where nothing can be read: never an error."""
        try:
            return self._file.read(preferences_from_json) or Preferences()
        except FileUnavailable:
            return Preferences()

    def save(self, preferences: Preferences) -> None:
        """Raises FileUnavailable."""
        self._file.write(preferences_to_json(preferences))


class ProfileFile:
    """Read anew each time, so that a window and a command line see what the other saved."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path, "profiles")
        self._lock = threading.Lock()
        self._known: tuple[object, dict[str, Profile]] | None = None
        self._looked_at = float("-inf")

    @property
    def set_aside(self) -> Path | None:
        return self._file.set_aside

    def all(self) -> list[Profile]:
        """In the order they were first saved. Raises FileUnavailable."""
        return self._file.read(_profiles) or []

    def get(self, profile_id: str) -> Profile | None:
        """Asked for each file that is sent: what another process changed is seen a little later."""
        known = self._known
        now = time.monotonic()
        if known is None or now - self._looked_at > _LOOK_SECONDS:
            self._looked_at = now  # before the look, so that a change meanwhile asks for another
            mark = self._file.mark()
            if known is None or known[0] != mark:
                known = self._known = (mark, {each.id: each for each in reversed(self.all())})
        return known[1].get(profile_id)

    def save(self, profile: Profile) -> None:
        """Add, or take the place of the one with the same id. Raises InputError, FileUnavailable.

        Only what passes `Profile.check` is written: an endpoint cannot hold a password. Consent to
        http can be given later; without it the connection is not opened.
        """
        replace(profile, allow_http=True).check()
        with self._lock:
            profiles = {each.id: each for each in self.all()}
            profiles[profile.id] = profile
            self._write(list(profiles.values()))

    def remove(self, profile_id: str) -> None:
        with self._lock:
            self._write([each for each in self.all() if each.id != profile_id])

    def _write(self, profiles: list[Profile]) -> None:
        self._file.write([to_json(each) for each in profiles])
        self._looked_at = float("-inf")


def _profiles(data: Any) -> list[Profile]:
    if not isinstance(data, list):
        raise ValueError("not a list of profiles")  # noqa: TRY004 - bad data
    return [from_json(Profile, row) for row in data]


class JsonFile:
    """`{"version": 1, NAME: ...}`, replaced as a whole or not at all."""

    def __init__(self, path: Path, name: str) -> None:
        self.set_aside: Path | None = None
        self._path = path
        self._place = os.fspath(path)
        self._name = name

    def mark(self) -> object:
        """Another one when the file may hold something else; None where there is none."""
        try:
            status = os.stat(self._place)  # noqa: PTH116 - half the time of Path.stat
        except OSError:
            return None
        return (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)

    def read(self, understand: Callable[[Any], Value]) -> Value | None:
        """None where there is no file, or none that this version understands."""
        try:
            text = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _unavailable(self._path, error) from error
        try:
            return understand(_content(json.loads(text), self._name))
        except (KeyError, TypeError, ValueError, RecursionError):
            self._move_aside()
            return None

    def write(self, content: Any) -> None:
        document = {"version": _VERSION, self._name: content}
        text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        try:
            self._replace(text.encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise _unavailable(self._path, error) from error

    def _replace(self, content: bytes) -> None:
        import tempfile  # seldom needed, and large

        folder = self._path.parent
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # mkstemp makes the file for its owner only.
        file, name = tempfile.mkstemp(prefix=f".{self._path.name}.", dir=folder)
        try:
            with os.fdopen(file, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            Path(name).replace(self._path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise
        _sync_folder(folder)

    def _move_aside(self) -> None:
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        aside = self._path.with_name(f"{self._path.name}.set-aside-{stamp}")
        try:
            self._path.rename(aside)
        except OSError as error:
            raise _unavailable(self._path, error) from error
        self.set_aside = aside


def _content(document: Any, name: str) -> Any:
    if document["version"] != _VERSION:
        raise ValueError("written by another version")
    return document[name]


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where a folder can be opened for that."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unavailable(path: Path, error: OSError) -> FileUnavailable:
    reason = os.strerror(error.errno) if error.errno else str(error)
    return FileUnavailable(f"“{path.name}” cannot be read or saved: {reason}.", detail=str(error))
