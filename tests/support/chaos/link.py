"""One connection of a client through the proxy: two pipes, and how it ends."""

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.support.chaos.framing import Answers, Exchange, Piece, Requests
from tests.support.chaos.toxics import DOWN, UP, Cut, Direction, Slow, SlowClose, Toxic

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]

_READ_BYTES = 16 * 1024
_UNDERWAY_BYTES = 256 * 1024
"""What may be on its way, delayed, in one direction of a connection."""


@dataclass
class Line:
    """What all connections share."""

    random: random.Random
    note: Callable[[str, Piece], None]
    count: Callable[[Direction, int], None]
    toxics: tuple[Toxic, ...] = ()
    _changed: asyncio.Event = field(default_factory=asyncio.Event)

    def set_toxics(self, toxics: tuple[Toxic, ...]) -> None:
        self.toxics = toxics
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for_removal(self, toxic: Toxic) -> None:
        while toxic in self.toxics:
            await self._changed.wait()


class Link:
    def __init__(self, number: int, line: Line, client: Stream, server: Stream) -> None:
        requests = Requests(number)
        self._client, self._server = client[1], server[1]
        self._down = _Pipe(DOWN, line, server[0], client[1], Answers(requests))
        self._up = _Pipe(UP, line, client[0], server[1], requests, self._down)
        self._is_stranded = False
        self._tasks: list[asyncio.Task[None]] = []
        self._ending: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def run(self) -> None:
        """Returns when both connections are closed."""
        steps = [self._up.take(), self._up.give(), self._down.take(), self._down.give()]
        self._tasks = [asyncio.create_task(step) for step in steps]
        reset = True
        try:
            reset = await self._end()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await self._close(reset=reset)

    async def _end(self) -> bool:
        """Waits for it; whether it was a reset."""
        all_is_given = self._tasks[3]
        waiting: set[asyncio.Future[object]] = {self._ending, *self._tasks}
        while True:
            done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if self._ending in done:
                return self._ending.result()
            if self._is_stranded:
                waiting = {self._ending}
                continue
            for task in done:
                error = task.exception()
                if isinstance(error, Cut):
                    return error.reset
                if isinstance(error, OSError):
                    return True
                if error is not None:
                    raise error
            if all_is_given in done:  # the server has closed, and it was all forwarded
                return False

    def cut(self, *, reset: bool) -> None:
        if not self._ending.done():
            self._ending.set_result(reset)

    def strand(self) -> None:
        """Nothing passes any more; both sides stay open."""
        self._is_stranded = True
        for task in self._tasks:
            task.cancel()

    async def _close(self, *, reset: bool) -> None:
        self._server.transport.abort()
        if not reset:
            self._client.close()
            with contextlib.suppress(OSError):  # also of TLS, whose end the client may not answer
                await asyncio.wait_for(self._client.wait_closed(), 1)
        close_by_reset(self._client)


def close_by_reset(writer: asyncio.StreamWriter) -> None:
    """With no time to linger the system sends a RST; nothing where it is closed already."""
    # Where TLS has ended before, asyncio has no socket any more, or falls over its absence.
    with contextlib.suppress(OSError, AttributeError):
        writer.get_extra_info("socket").setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
    writer.transport.abort()


class _Pipe:
    """One direction: what is taken from one side goes by the toxics, and is given to the other."""

    def __init__(
        self,
        direction: Direction,
        line: Line,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        framing: Requests | Answers,
        back: "_Pipe | None" = None,
    ) -> None:
        self.line = line
        self.back = back or self
        self._direction = direction
        self._reader = reader
        self._writer = writer
        self._framing = framing
        self._queue: asyncio.Queue[tuple[float, Piece | Cut | None]] = asyncio.Queue()
        self._underway = 0
        self._has_room = asyncio.Event()
        self._arrives_at = 0.0
        # Drained means: given to the system. Not 0: asyncio's TLS would pause what is empty.
        writer.transport.set_write_buffer_limits(high=1)

    async def take(self) -> None:
        try:
            while data := await self._reader.read(_READ_BYTES):
                for piece in self._framing.cut(data):
                    await self._on(piece)
            for piece in self._framing.rest():
                await self._on(piece)
        except Cut as cut:
            self._queue.put_nowait((self._arrives_at, cut))
        else:
            now = asyncio.get_running_loop().time()
            self._queue.put_nowait((max(now, self._arrives_at) + self._closing_seconds(), None))

    def _closing_seconds(self) -> float:
        slow = [each for each in self.line.toxics if isinstance(each, SlowClose)]
        mine = [each for each in slow if each.direction is self._direction]
        for each in mine:
            each.hits += 1
        return sum(each.seconds for each in mine)

    async def _on(self, piece: Piece) -> None:
        toxics = [
            toxic
            for toxic in self.line.toxics
            if toxic.direction is self._direction and not piece.is_interim
        ]
        await _Onward(self, toxics).forward(piece)

    async def send(self, piece: Piece) -> None:
        """Puts it on its way, where there is room."""
        while self._underway >= _UNDERWAY_BYTES:
            self._has_room.clear()
            await self._has_room.wait()
        self._underway += len(piece.data)
        delays = [toxic.delay_seconds(piece, self.line.random) for toxic in self._slow(piece)]
        now = asyncio.get_running_loop().time()
        self._arrives_at = max(self._arrives_at, now + sum(delays))
        self._queue.put_nowait((self._arrives_at, piece))

    async def give(self) -> None:
        while True:
            arrives_at, item = await self._queue.get()
            await asyncio.sleep(arrives_at - asyncio.get_running_loop().time())
            if item is None:
                if self._direction is UP:
                    self._writer.write_eof()
                return
            if isinstance(item, Cut):
                raise item
            await self._write(item)
            self._underway -= len(item.data)
            self._has_room.set()

    async def _write(self, piece: Piece) -> None:
        rest = memoryview(piece.data)
        while rest:
            toxics = self._slow(piece)
            size = int(min([len(rest), *(toxic.slice_bytes() for toxic in toxics)]))
            for toxic in toxics:
                await toxic.pace(size, piece.exchange)
            self._writer.write(rest[:size])
            await self._writer.drain()
            self.line.count(self._direction, size)
            rest = rest[size:]

    def _slow(self, piece: Piece) -> list[Slow]:
        return [
            toxic
            for toxic in self.line.toxics
            if isinstance(toxic, Slow)
            and toxic.direction is self._direction
            and toxic.takes(piece.exchange)
        ]


class _Onward:
    """Implements `toxics.Onward`: the toxics that are left, and then the pipe itself."""

    def __init__(self, pipe: _Pipe, toxics: Sequence[Toxic]) -> None:
        self._pipe = pipe
        self._toxics = toxics

    @property
    def random(self) -> random.Random:
        return self._pipe.line.random

    async def forward(self, piece: Piece) -> None:
        if self._toxics:
            await self._toxics[0].touch(piece, _Onward(self._pipe, self._toxics[1:]))
        else:
            await self._pipe.send(piece)

    async def answer(self, data: bytes, exchange: Exchange) -> None:
        await self._pipe.back.send(Piece(data, 0, 0, exchange))

    async def wait_for_removal(self, toxic: Toxic) -> None:
        await self._pipe.line.wait_for_removal(toxic)

    def note(self, what: str, piece: Piece) -> None:
        self._pipe.line.note(what, piece)
