"""Keeps the holds, and looks now and then whether they can end."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from s3gui.core.errors import S3guiError
from s3gui.core.profile import Profile
from s3gui.core.transfer import WaitingFor
from s3gui.engine.holds import Hold, hold_for
from s3gui.engine.ports import Clock
from s3gui.engine.stop import Stop, Stopped, StopReason

_LOOK_AFTER_SECONDS = (2.0, 3.0)
_LOOK_EVERY_SECONDS = 5.0
"""Later. A network that is back is used again within 15 seconds."""

_log = logging.getLogger(__name__)

Look = Callable[[Profile, Hold], None]
"""Asks the service (or the disk) once; raises S3guiError as an upload would."""

OnReleased = Callable[[Profile, Hold], Callable[[], None]]
"""Called in any thread while the hold still counts; what it returns, when it does no more.

So nobody sees neither a hold nor something to do. It may hold the same profile for another cause,
which then stays.
"""


class Holding:
    """The holds of all connections, by profile id.

    A thread exists only while there is a hold that can end by itself.
    """

    def __init__(self, look: Look, clock: Clock, on_released: OnReleased) -> None:
        self._look = look
        self._clock = clock
        self._on_released = on_released
        self._holds: dict[str, tuple[Profile, Hold]] = {}
        self._lock = threading.Lock()
        self._watcher: threading.Thread | None = None
        self._stop = Stop()
        self._looks = 0

    @property
    def profile_ids(self) -> frozenset[str]:
        with self._lock:
            return frozenset(self._holds)

    def all_need_a_person(self) -> bool:
        with self._lock:
            return all(not hold.ends_by_itself for _, hold in self._holds.values())

    def hold(self, profile: Profile, hold: Hold) -> bool:
        """Returns whether this is news: one cause is told once."""
        with self._lock:
            known = self._holds.get(profile.id)
            self._holds[profile.id] = (profile, hold)
            self._looks = 0
            if hold.ends_by_itself and self._watcher is None and not self._stop.is_requested:
                self._watcher = self._begin()
        return known is None or known[1].waiting_for is not hold.waiting_for

    def _begin(self) -> threading.Thread | None:
        """None where the system gives no more threads: the next hold, or a person, tries again."""
        try:
            watcher = threading.Thread(target=self._watch, name="holds", daemon=True)
            watcher.start()
        except RuntimeError:
            _log.exception("nobody looks whether a hold has ended")
            return None
        return watcher

    def release(self, profile_id: str) -> None:
        """End the hold of a connection, if it has one: somebody mended the cause, or hopes so."""
        with self._lock:
            held = self._holds.get(profile_id)
        go_on: list[Callable[[], None]] = []
        while held is not None:
            go_on.append(self._on_released(*held))
            held = self._let_go(profile_id, held)
        for each in go_on:
            each()

    def _let_go(self, profile_id: str, held: tuple[Profile, Hold]) -> tuple[Profile, Hold] | None:
        """What else is to be released: a hold that nobody was told of, and only a person can end.

        Somebody met the same cause in this moment, and may have met it as it was before.
        """
        with self._lock:
            now = self._holds.get(profile_id)
            if now is held:
                del self._holds[profile_id]
            elif now is not None and now[1].waiting_for is WaitingFor.CREDENTIALS:
                return now if held[1].waiting_for is now[1].waiting_for else None
        return None

    def close(self) -> None:
        self._stop.request(StopReason.CLOSING)
        with self._lock:
            watcher = self._watcher
        if watcher is not None and watcher is not threading.current_thread():
            watcher.join(timeout=1)

    def _watch(self) -> None:
        try:
            while True:
                self._clock.pause(self._next_pause_seconds(), self._stop)
                with self._lock:
                    waiting = [each for each in self._holds.values() if each[1].ends_by_itself]
                    if not waiting:
                        self._watcher = None
                        return
                for profile, hold in waiting:
                    self._look_at(profile, hold)
        except Stopped:
            return

    def _next_pause_seconds(self) -> float:
        with self._lock:
            looks, self._looks = self._looks, self._looks + 1
        return (*_LOOK_AFTER_SECONDS, _LOOK_EVERY_SECONDS)[min(looks, len(_LOOK_AFTER_SECONDS))]

    def _look_at(self, profile: Profile, hold: Hold) -> None:
        """Whatever comes of it: what waits is looked at again, or it would wait for ever."""
        try:
            if self._has_ended(profile, hold):
                self.release(profile.id)
        except Exception:  # noqa: BLE001 - see above
            _log.exception("a hold of “%s” could not be looked at", profile.name)

    def _has_ended(self, profile: Profile, hold: Hold) -> bool:
        try:
            self._look(profile, hold)
        except S3guiError as error:
            now = hold_for(error, hold.destination)
            # Another answer is an answer: the next transfer will hear it, and say so.
            return now is None or now.waiting_for is not hold.waiting_for
        return True
