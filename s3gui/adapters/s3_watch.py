"""Watches over the requests under way, and cuts the connection of one that must end.

Most of a request's life is spent in calls that block: waiting for a place in a socket's buffer,
or for an answer. Only the end of the connection wakes them all.
"""

from __future__ import annotations

import contextlib
import logging
import math
import socket
import sys
import threading
import time
from enum import StrEnum
from types import TracebackType

if sys.platform != "win32":
    import fcntl
    import termios

from s3gui.adapters.s3_bounds import Bounds
from s3gui.engine.stop import Stop

_log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.1
_ASLEEP_SECONDS = 10.0
"""Between two looks lies a tenth of a second, unless the whole computer stood still."""

_REST_SECONDS = 5.0


_GOES_ASLEEP = getattr(time, "CLOCK_BOOTTIME", None)


def awake_or_asleep_seconds() -> float:
    """A clock that also goes while the computer sleeps, where there is one."""
    return time.time() if _GOES_ASLEEP is None else time.clock_gettime(_GOES_ASLEEP)


def _unacknowledged_bytes(connection: socket.socket | None) -> int:
    """What the system holds for the other side; 0 where it does not tell."""
    if connection is None or sys.platform == "win32":
        return 0
    try:
        answer = fcntl.ioctl(connection, termios.TIOCOUTQ, bytes(4))
    except (OSError, ValueError):
        return 0  # closed meanwhile
    return int.from_bytes(answer, sys.byteorder)


class Cut(StrEnum):
    STOPPED = "stopped"
    SILENT = "silent"
    LATE = "late"
    UNOPENED = "unopened"
    UNOPENED_BY_PROXY = "unopened by the proxy"
    ASLEEP = "asleep"


class Exchange:
    """One request and its answer. `cut` tells why it was ended, if it was."""

    cut: Cut | None = None
    _on_its_way = 0
    _opening: Cut | None = None
    _stopped_at: float | None = None
    _connection: socket.socket | None = None

    def __init__(
        self,
        stop: Stop | None,
        *,
        opening_seconds: float,
        answer_seconds: float,
        grace_seconds: float,
        silence_seconds: float,
        is_download: bool,
    ) -> None:
        self.is_download = is_download
        self._stop = stop
        self._answer_seconds = answer_seconds
        self._grace_seconds = grace_seconds
        self._silence_seconds = silence_seconds
        self._alive_at = time.monotonic()
        self._ends_by = self._alive_at + opening_seconds
        self._lock = threading.Lock()

    def hold(self, connection: socket.socket | None) -> None:
        """What is to be cut; None when it is another's again."""
        with self._lock:
            self._connection = connection
            if self.cut is not None:
                self._end()

    def opens(self, *, by_proxy: bool) -> None:
        self._opening = Cut.UNOPENED_BY_PROXY if by_proxy else Cut.UNOPENED

    def opened(self) -> None:
        self._opening = None

    def moved(self, now: float | None = None) -> None:
        """Bytes of the request have left, at the time `now` of the monotonic clock."""
        self._alive_at = time.monotonic() if now is None else now
        if self._opening is None:
            self._ends_by = self._alive_at + self._answer_seconds

    def heard(self) -> None:
        """Bytes of the answer have come."""
        self._alive_at = time.monotonic()

    @property
    def is_cut(self) -> bool:
        return self.cut is not None

    def check_stop(self) -> None:
        if self._stop is not None:
            self._stop.check()

    def look(self, now: float, *, slept: bool) -> None:
        """Cut where it is time to."""
        if self._is_over(now):
            self._cut_for(Cut.STOPPED)
        elif slept:
            self._cut_for(Cut.ASLEEP)
        elif now - self._alive_at > min(1.0, self._silence_seconds) and self._is_draining():
            self.moved()
        elif now > self._ends_by:
            self._cut_for(self._opening or Cut.LATE)
        elif now - self._alive_at > self._silence_seconds:
            self._cut_for(self._opening or Cut.SILENT)

    def _is_draining(self) -> bool:
        """Whether less is on its way than at the last look: a slow line, not a dead one."""
        before, self._on_its_way = self._on_its_way, _unacknowledged_bytes(self._connection)
        return self._on_its_way < before

    def _is_over(self, now: float) -> bool:
        if self._stop is None or not self._stop.is_requested:
            return False
        if self._stopped_at is None:
            self._stopped_at = now
        return now >= self._stopped_at + self._grace_seconds

    def _cut_for(self, reason: Cut) -> None:
        with self._lock:
            if self.cut is None:
                self.cut = reason
            self._end()

    def _end(self) -> None:
        if self._connection is not None:
            # Not SSLSocket.shutdown(): it forgets TLS first, and who sends would send in clear.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(self._connection, socket.SHUT_RDWR)


class Watch:
    """Over all requests of one service. Its thread lives while there are any. Thread-safe."""

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._woke_at = float("-inf")
        self._under_way: set[Exchange] = set()
        self._guard = threading.RLock()  # entered in half of the condition's time
        self._changed = threading.Condition(self._guard)
        self._is_running = False
        self._here = threading.local()

    def heeding(self, stop: Stop) -> _Heeding:
        """Requests that this thread makes inside are cut when `stop` is requested."""
        return _Heeding(self._here, stop)

    def exchange(
        self,
        *,
        answer_seconds: float | None = None,
        grace_seconds: float | None = None,
        silence_seconds: float | None = None,
        is_download: bool = False,
    ) -> _UnderWatch:
        """A context for one exchange. None: as the bounds have it."""
        exchange = self.begin(
            answer_seconds=answer_seconds,
            grace_seconds=grace_seconds,
            silence_seconds=silence_seconds,
            is_download=is_download,
        )
        return _UnderWatch(self, exchange)

    def begin(
        self,
        *,
        answer_seconds: float | None = None,
        grace_seconds: float | None = None,
        silence_seconds: float | None = None,
        is_download: bool = False,
    ) -> Exchange:
        """As `exchange`, for one whose end, which is called, lies elsewhere."""
        bounds = self.bounds
        exchange = Exchange(
            getattr(self._here, "stop", None),
            opening_seconds=bounds.opening_seconds,
            answer_seconds=answer_seconds or bounds.answer_seconds,
            grace_seconds=grace_seconds or bounds.grace_seconds,
            silence_seconds=silence_seconds or bounds.silence_seconds,
            is_download=is_download,
        )
        self._here.exchange = exchange
        with self._guard:
            if not self._is_running:
                # May raise RuntimeError: then the next one tries again.
                threading.Thread(target=self._run, name="watch", daemon=True).start()
                self._is_running = True
            self._under_way.add(exchange)
            if len(self._under_way) == 1:
                self._changed.notify()
        return exchange

    def end(self, exchange: Exchange) -> None:
        """It holds no connection any more."""
        self._here.exchange = None
        with self._guard:
            self._under_way.discard(exchange)

    def is_fresh(self, used_at: float) -> bool:
        """Whether a connection last used then, by `awake_or_asleep_seconds`, may be used again.

        A long rest, and a sleep, take with them what routers and servers knew of it.
        """
        idle_seconds = awake_or_asleep_seconds() - used_at
        return 0 <= idle_seconds <= self.bounds.idle_seconds and used_at > self._woke_at

    @property
    def current(self) -> Exchange:
        """The exchange that this thread is in."""
        exchange: Exchange | None = getattr(self._here, "exchange", None)
        if exchange is None:
            raise RuntimeError("a connection is used outside of an exchange")
        return exchange

    def _run(self) -> None:
        looked_at = awake_or_asleep_seconds()
        while True:
            with self._guard:
                if not self._under_way:
                    if not self._changed.wait_for(lambda: self._under_way, _REST_SECONDS):
                        self._is_running = False
                        return
                    looked_at = awake_or_asleep_seconds()
            time.sleep(_LOOK_SECONDS)
            now = awake_or_asleep_seconds()
            slept, looked_at = now - looked_at > _ASLEEP_SECONDS, now
            if slept:
                # Who has just read an answer that came before the sleep may keep its connection
                # meanwhile, or take it for a request that is not looked at here.
                self._woke_at = math.inf
            with self._guard:
                under_way = list(self._under_way)
            for exchange in under_way:
                _look_at(exchange, slept=slept)
            if slept:
                self._woke_at = awake_or_asleep_seconds()


def _look_at(exchange: Exchange, *, slept: bool) -> None:
    try:
        exchange.look(time.monotonic(), slept=slept)
    except Exception:  # noqa: BLE001 - without this thread no request would ever be cut
        _log.exception("a request under way could not be looked at")


class _Heeding:
    """These two are plainer, and quicker, than generators: there is one for each request."""

    __slots__ = ("_before", "_here", "_stop")

    def __init__(self, here: threading.local, stop: Stop) -> None:
        self._here = here
        self._stop = stop

    def __enter__(self) -> None:
        self._before = getattr(self._here, "stop", None)
        self._here.stop = self._stop

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._here.stop = self._before


class _UnderWatch:
    __slots__ = ("_exchange", "_watch")

    def __init__(self, watch: Watch, exchange: Exchange) -> None:
        self._watch = watch
        self._exchange = exchange

    def __enter__(self) -> Exchange:
        return self._exchange

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._exchange.hold(None)
        self._watch.end(self._exchange)
