"""One connection: a request goes out in large pieces, a small answer comes back.

The socket never blocks. Whoever waits looks up several times a second, so that a stop is heard
at any moment, an answer that comes before all was sent is seen, and silence is told from
slowness: what moves at all is never given up.
"""

from __future__ import annotations

import select
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterable
from enum import Enum, auto
from typing import Any

if sys.platform == "linux":
    import fcntl
    import termios

from s3gui.adapters.s3_response import Response, ResponseReader
from s3gui.adapters.s3_watch import Exchange, awake_or_asleep_seconds
from s3gui.core.checksum import BytesLike
from s3gui.engine.stop import Stopped

_LOOK_SECONDS = 0.25
_LAST_LOOK_SECONDS = 0.05
_GRACE_SECONDS = 0.5
"""Where all is sent, a stop waits so long for the answer: parts that are there are kept."""

_SMALLEST_STEP = 32 * 1024
_FIRST_STEP = 256 * 1024
_LARGEST_STEP = 1024 * 1024
_QUICK_SECONDS = 0.05
_SLOW_SECONDS = 0.25
JOINED = 64 * 1024
"""Bodies up to this size go out together with the head: one packet, one system call."""

_UNSENT_BYTES = 128 * 1024
"""What the kernel may keep beyond what is on its way: progress is real, and a stop is quick."""

_MOST_UNSENT_BYTES = 1024 * 1024
"""The same where that goes out in a twentieth of a second: less would only wake us more often."""

_UNSENT_OPTION = getattr(socket, "TCP_NOTSENT_LOWAT", 25 if hasattr(select, "epoll") else None)

Sent = Callable[[int], None]
"""Told how many bytes of the body are gone, and now and then that nothing moves. May raise."""


class Broken(ConnectionError):
    """The connection ended too early. `is_clean`: the service cannot have acted on the request."""

    def __init__(self, message: str, *, is_clean: bool) -> None:
        super().__init__(message)
        self.is_clean = is_clean


class Ready(Enum):
    """What can be done; TO_READ is said where there is both."""

    NOT = auto()
    TO_READ = auto()
    TO_WRITE = auto()


class Connection:
    """`patience_seconds`: how long the other side may be silent. Not thread-safe."""

    def __init__(self, opened: socket.socket, patience_seconds: float) -> None:
        self._socket = opened
        self._patience_seconds = patience_seconds
        self._step = _FIRST_STEP
        self._requests = 0
        self._used_at = awake_or_asleep_seconds()
        opened.setblocking(False)
        # Asked for once: Python makes a new name of the family each time.
        self._is_tcp = opened.family in {socket.AF_INET, socket.AF_INET6}
        self._unsent_bytes = 0
        self._allow_unsent(_UNSENT_BYTES)
        self._polls = _polls(opened)

    @property
    def was_used(self) -> bool:
        return self._requests > 1

    @property
    def used_at(self) -> float:
        """By `awake_or_asleep_seconds`."""
        return self._used_at

    def is_silent(self) -> bool:
        """Whether a new request may go out: nothing came unasked, such as an end or an answer."""
        try:
            # What is readable may be TLS's own business, and then reads as nothing.
            return self._ready(is_writing=False, seconds=0) is Ready.NOT or self.read() is None
        except OSError:
            return False

    def begin(
        self,
        head: bytes,
        blocks: Iterable[BytesLike],
        size: int,
        on_sent: Sent,
        watched: Exchange,
        *,
        is_for_head: bool = False,
    ) -> Sending:
        """Send the head and the body of `size` bytes; the answer is still to be awaited.

        `is_for_head`: it will have no body. Raises what `on_sent` and `blocks` raise; after that,
        and after what `Sending.end` raises, the connection is of no use.
        """
        self._requests += 1
        watched.hold(self._socket)
        reader = ResponseReader(is_for_head=is_for_head)
        sending = Sending(self, head, blocks, size, on_sent=on_sent, watched=watched, reader=reader)
        sending.begin()
        return sending

    def close(self) -> None:
        self._socket.close()

    # What a sending needs.

    def answered(self) -> None:
        self._used_at = awake_or_asleep_seconds()

    def write(self, data: memoryview | bytes) -> int:
        """How many bytes went out; 0 if none can at the moment."""
        try:
            return self._socket.send(data)
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            return 0

    def read(self) -> bytes | None:
        """What came; None if nothing did, nothing at all if the other side has ended."""
        try:
            return self._socket.recv(65536)
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return None

    def wait(self, *, is_writing: bool, seconds: float) -> Ready:
        """Until something can be done, which is told."""
        return self._ready(is_writing=is_writing, seconds=seconds)

    def unacknowledged(self) -> int:
        """How many bytes the other side has not confirmed; 0 where the system does not tell."""
        if sys.platform != "linux":
            return 0
        count = fcntl.ioctl(self._socket, termios.TIOCOUTQ, bytes(4))
        return int.from_bytes(count, sys.byteorder)

    @property
    def patience_seconds(self) -> float:
        return self._patience_seconds

    @property
    def step(self) -> int:
        """How much to hand over at once: a turn of the interpreter's lock, a report."""
        return self._step

    def adapt(self, seconds: float) -> None:
        """`seconds`: what the last step took."""
        rate = self._step / max(seconds, 1e-9)
        if seconds < _QUICK_SECONDS:
            self._step = min(self._step * 2, _LARGEST_STEP)
        elif seconds > _SLOW_SECONDS:
            self._step = max(self._step // 2, _SMALLEST_STEP)
        count = _MOST_UNSENT_BYTES
        while count > max(_UNSENT_BYTES, rate * _QUICK_SECONDS):
            count //= 2
        self._allow_unsent(count)

    def _allow_unsent(self, count: int) -> None:
        if _UNSENT_OPTION is not None and self._is_tcp and count != self._unsent_bytes:
            self._socket.setsockopt(socket.IPPROTO_TCP, _UNSENT_OPTION, count)
            self._unsent_bytes = count

    def _ready(self, *, is_writing: bool, seconds: float) -> Ready:
        if self._polls is not None:
            found = self._polls[is_writing].poll(seconds * 1000)
            if not found:
                return Ready.NOT
            # An end and an error are read, too.
            return Ready.TO_WRITE if found[0][1] == select.POLLOUT else Ready.TO_READ
        writing = [self._socket] if is_writing else []
        readable, writable, _ = select.select([self._socket], writing, [], seconds)
        if readable:
            return Ready.TO_READ
        return Ready.TO_WRITE if writable else Ready.NOT


def _polls(opened: socket.socket) -> tuple[Any, Any] | None:
    """Where reading, and where reading or writing, is waited for; None where select must do."""
    if not hasattr(select, "poll"):
        return None
    polls = select.poll(), select.poll()
    for poll, events in zip(polls, (select.POLLIN, select.POLLIN | select.POLLOUT), strict=True):
        poll.register(opened, events)
    return polls


class Sending:
    """One request and its answer."""

    __slots__ = (
        "_blocks",
        "_connection",
        "_error",
        "_head",
        "_is_all_sent",
        "_moved_at",
        "_on_sent",
        "_reader",
        "_sent",
        "_size",
        "_stopped_at",
        "_unacknowledged",
        "_watched",
    )

    def __init__(
        self,
        connection: Connection,
        head: bytes,
        blocks: Iterable[BytesLike],
        size: int,
        *,
        on_sent: Sent,
        watched: Exchange,
        reader: ResponseReader,
    ) -> None:
        self._connection = connection
        self._watched = watched
        self._head = head
        self._blocks = blocks
        self._size = size
        self._on_sent = on_sent
        self._sent = 0
        self._reader = reader
        self._unacknowledged = 0
        self._stopped_at: float | None = None
        self._moved_at = time.monotonic()
        self._is_all_sent = False
        self._error: OSError | None = None

    def begin(self) -> None:
        """Raises what is no fault of the connection's: that comes with the end."""
        try:
            self._is_all_sent = self._send_joined() if self._size <= JOINED else self._send()
        except OSError as error:
            self._error = error

    def end(self) -> Response:
        """The answer. Raises Broken, TimeoutError after silence, and BadAnswer."""
        response = self._response()
        self._connection.answered()
        return response

    def _response(self) -> Response:
        if self._error is not None:
            # Who refuses a request may hang up before it is all there: the reason comes first.
            left = self._answer_left()
            if left is None:
                raise self._broken(self._error) from self._error
            return left.cut_short()
        response = self._receive()
        return response if self._is_all_sent else response.cut_short()

    def _send(self) -> bool:
        """Returns False where the answer began before all was sent."""
        if not self._write(memoryview(self._head)):
            return False
        for block in self._blocks:
            rest = memoryview(block)
            while rest:
                step = rest[: self._connection.step]
                started_at = time.monotonic()
                if not self._write(step):
                    return False
                self._connection.adapt(time.monotonic() - started_at)
                rest = rest[len(step) :]
                self._tell(self._sent + len(step))
            if self._has_answer():
                return self._sent == self._size
        return True

    def _send_joined(self) -> bool:
        joined = b"".join((self._head, *self._blocks))
        count = self._connection.write(joined)
        if count < len(joined) and not self._write(memoryview(joined)[count:]):
            return False
        self._tell(self._size)
        return True

    def _tell(self, sent: int) -> None:
        self._sent = sent
        self._on_sent(sent)
        self._has_moved()  # a limit on the rate may have waited in there

    def _has_moved(self) -> None:
        self._moved_at = now = time.monotonic()
        self._watched.moved(now)

    def _write(self, data: memoryview) -> bool:
        """All of it; returns False where the answer began meanwhile."""
        while data:
            count = self._connection.write(data)
            if count:
                data = data[count:]
                self._has_moved()
                continue
            if self._wait(is_writing=True) is not Ready.TO_WRITE and self._has_answer():
                return False
        return True

    def _has_answer(self) -> bool:
        """Whether an answer began; an end without one is an error."""
        # TLS takes ten times as long to find that there is nothing to read.
        if self._connection.wait(is_writing=False, seconds=0) is Ready.NOT:
            return False
        received = self._connection.read()
        if received is None:
            return False
        if not received:
            raise ConnectionResetError("the other side closed the connection")
        self._reader.add(received)
        return True

    def _receive(self) -> Response:
        """What drips in without end is ended by the watch."""
        self._moved_at = time.monotonic()
        response = self._reader.response() if self._reader.has_begun else None
        while response is None:
            try:
                received = self._connection.read()
            except OSError as error:
                raise self._broken(error) from error
            if received:
                self._reader.add(received)
                self._moved_at = time.monotonic()
                response = self._reader.response()
            elif received is None:
                self._wait(is_writing=False)
            else:
                response = self._reader.response_at_end()
                if response is None:
                    raise self._broken(None)
        return response

    def _answer_left(self) -> Response | None:
        """What had come before the connection broke."""
        try:
            while received := self._connection.read():
                self._reader.add(received)
            return self._reader.response_at_end()
        except OSError:
            return self._reader.response()

    def _wait(self, *, is_writing: bool) -> Ready:
        seconds = _LOOK_SECONDS if self._stopped_at is None else _LAST_LOOK_SECONDS
        ready = self._connection.wait(is_writing=is_writing, seconds=seconds)
        if ready is not Ready.NOT:
            return ready
        try:
            self._on_sent(self._sent)
        except Stopped:
            now = time.monotonic()
            self._stopped_at = self._stopped_at or now
            if is_writing or now - self._stopped_at > _GRACE_SECONDS:
                raise
        self._check_patience()
        return ready

    def _check_patience(self) -> None:
        # What the kernel took may still be on its way, on a slow line for minutes.
        unacknowledged = self._connection.unacknowledged()
        if unacknowledged != self._unacknowledged:
            self._unacknowledged = unacknowledged
            self._has_moved()
        elif time.monotonic() - self._moved_at > self._connection.patience_seconds:
            raise TimeoutError("nothing moved for too long")

    def _broken(self, error: OSError | None) -> OSError:
        if isinstance(error, TimeoutError):
            return error
        is_clean = self._sent < self._size and not self._reader.has_begun
        return Broken(str(error or "the connection ended without an answer"), is_clean=is_clean)
