"""What can go wrong on a line. Each toxic works on one direction; together they add up.

`only` is a regular expression that is searched in the head of a request: a toxic takes the
requests (and their answers) that match, from the `first` on, `times` of them (None: all).
`hits` counts those that it took.
"""

import asyncio
import math
import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from tests.support.chaos.framing import Exchange, Piece


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


UP, DOWN = Direction.UP, Direction.DOWN


class Cut(Exception):
    """Ends a connection when everything before it is forwarded; by a reset, or cleanly."""

    def __init__(self, *, reset: bool) -> None:
        self.reset = reset


class Onward(Protocol):
    """What lies behind a toxic on its line."""

    @property
    def random(self) -> random.Random: ...

    async def forward(self, piece: Piece) -> None: ...

    async def answer(self, data: bytes, exchange: Exchange) -> None:
        """Bytes for the client that no server has sent."""

    async def wait_for_removal(self, toxic: "Toxic") -> None: ...

    def note(self, what: str, piece: Piece) -> None: ...


@dataclass(kw_only=True, eq=False)
class Toxic:
    direction: Direction = UP
    only: str = ""
    first: int = 1
    times: int | None = None
    hits: int = field(default=0, init=False)
    _seen: int = field(default=0, init=False, repr=False)
    _taken: dict[Exchange, bool] = field(default_factory=dict, init=False, repr=False)

    def takes(self, exchange: Exchange) -> bool:
        """Decided once for each request."""
        if exchange not in self._taken:
            takes = re.search(self.only, exchange.head, re.MULTILINE) is not None
            if takes:
                self._seen += 1
                takes = self._seen >= self.first and (self.times is None or self.hits < self.times)
                self.hits += takes
            self._taken[exchange] = takes
        return self._taken[exchange]

    async def touch(self, piece: Piece, onward: Onward) -> None:
        """Forwards what shall go on instead of `piece`; may raise Cut."""
        await onward.forward(piece)


class Slow(Toxic):
    """Bytes arrive as they were sent, but later."""

    def delay_seconds(self, piece: Piece, random: random.Random) -> float:
        """How much later `piece` arrives."""
        del piece, random
        return 0

    def slice_bytes(self) -> float:
        """The most that may leave at once."""
        return math.inf

    async def pace(self, count: int, exchange: Exchange) -> None:
        """Waits until `count` more bytes may leave."""


@dataclass(kw_only=True, eq=False)
class Latency(Slow):
    seconds: float
    jitter_seconds: float = 0

    def delay_seconds(self, piece: Piece, random: random.Random) -> float:
        del piece
        return max(0, self.seconds + random.uniform(-self.jitter_seconds, self.jitter_seconds))


@dataclass(kw_only=True, eq=False)
class Loss(Slow):
    """A packet that is sent again: it, and what comes behind it, is late. Bytes never get lost."""

    probability: float
    seconds: float

    def delay_seconds(self, piece: Piece, random: random.Random) -> float:
        packets = max(1, len(piece.data) // 1460)
        is_lost = random.random() > (1 - self.probability) ** packets
        return self.seconds if is_lost else 0


@dataclass(kw_only=True, eq=False)
class Bandwidth(Slow):
    """`is_shared` by all connections, or for each of them."""

    bytes_per_second: float
    is_shared: bool = True
    _free_at: dict[int, float] = field(default_factory=dict, init=False, repr=False)

    def slice_bytes(self) -> float:
        return max(1, self.bytes_per_second // 50)

    async def pace(self, count: int, exchange: Exchange) -> None:
        line = 0 if self.is_shared else exchange.connection
        now = asyncio.get_running_loop().time()
        self._free_at[line] = max(now, self._free_at.get(line, now)) + count / self.bytes_per_second
        await asyncio.sleep(self._free_at[line] - now)


@dataclass(kw_only=True, eq=False)
class Drip(Slow):
    """One byte every `seconds`."""

    seconds: float

    def slice_bytes(self) -> float:
        return 1

    async def pace(self, count: int, exchange: Exchange) -> None:
        del count, exchange
        await asyncio.sleep(self.seconds)


@dataclass(kw_only=True, eq=False)
class _AtByte(Toxic):
    """Byte `at` is the first that does not pass: of the body, or of the whole connection."""

    at: int = 0
    of_connection: bool = False

    async def touch(self, piece: Piece, onward: Onward) -> None:
        start = piece.at if self.of_connection else piece.body_at
        if not start <= self.at < start + len(piece.data) or not self.takes(piece.exchange):
            await onward.forward(piece)
            return
        before, after = piece.split(self.at - start)
        if before.data:
            await onward.forward(before)
        onward.note(type(self).__name__.lower(), after)
        await self.act(after, onward)

    async def act(self, piece: Piece, onward: Onward) -> None:
        raise NotImplementedError


class Reset(_AtByte):
    """The connection ends by a RST, without a word."""

    async def act(self, piece: Piece, onward: Onward) -> None:
        raise Cut(reset=True)


class Close(_AtByte):
    """The connection ends as if the other side had closed it."""

    async def act(self, piece: Piece, onward: Onward) -> None:
        raise Cut(reset=False)


@dataclass(kw_only=True, eq=False)
class SlowClose(Toxic):
    """When one side has closed, the other hears of it `seconds` later; `only` plays no part."""

    seconds: float


class Silence(_AtByte):
    """Nothing more passes, and nobody says so; until the toxic is removed."""

    async def act(self, piece: Piece, onward: Onward) -> None:
        await onward.wait_for_removal(self)
        await onward.forward(piece)


@dataclass(kw_only=True, eq=False)
class Flip(_AtByte):
    """One bit of byte `at` arrives turned."""

    bit: int = 0

    async def act(self, piece: Piece, onward: Onward) -> None:
        data = bytes([piece.data[0] ^ 1 << self.bit]) + piece.data[1:]
        await onward.forward(replace(piece, data=data))


@dataclass(kw_only=True, eq=False)
class RandomFlips(Toxic):
    """Each byte of a body has `probability` to arrive with one bit turned."""

    probability: float

    async def touch(self, piece: Piece, onward: Onward) -> None:
        data = bytearray(piece.data)
        if piece.body_at >= 0 and self.takes(piece.exchange):
            position = self._gap(onward.random)
            while position < len(data):
                data[position] ^= 1 << onward.random.randrange(8)
                onward.note("flip", piece.split(position)[1])
                position += 1 + self._gap(onward.random)
        await onward.forward(replace(piece, data=bytes(data)))

    def _gap(self, random: random.Random) -> int:
        """The bytes up to the next flip, drawn at once: a body has millions."""
        return int(math.log(1 - random.random()) / math.log(1 - self.probability))


@dataclass(kw_only=True, eq=False)
class LostReply(Toxic):
    """The request was taken and answered; the answer never comes."""

    direction: Direction = DOWN
    reset: bool = True

    async def touch(self, piece: Piece, onward: Onward) -> None:
        if self.takes(piece.exchange):
            onward.note("lost reply", piece)
            raise Cut(reset=self.reset)
        await onward.forward(piece)


@dataclass(kw_only=True, eq=False)
class Reply(Toxic):
    """Other bytes instead of the answer.

    UP: the server never sees the request; it is answered after its last byte, or `early`, after
    its head, and then read on, or left unread where the toxic `stops_reading`. DOWN: the server
    has done what was asked, but its answer is replaced.
    """

    content: bytes | Callable[[], Iterable[bytes]] = field(repr=False)
    closes: bool = False
    early: bool = False
    stops_reading: bool = False

    async def touch(self, piece: Piece, onward: Onward) -> None:
        if not self.takes(piece.exchange):
            await onward.forward(piece)
            return
        is_head = piece.body_at < 0
        if not (is_head if self.direction is DOWN or self.early else piece.is_end):
            return
        onward.note("reply", piece)
        for data in [self.content] if isinstance(self.content, bytes) else self.content():
            await onward.answer(data, piece.exchange)
        if self.stops_reading:
            await onward.wait_for_removal(self)
        if self.closes:
            raise Cut(reset=False)


def http_answer(
    status: str, body: bytes = b"", *, content_type: str = "application/xml", **headers: str
) -> bytes:
    """`http_answer("302 Found", location="/")`."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


SIGN_IN_PAGE = http_answer(
    "200 OK",
    b"<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>"
    b"<form action='/login'>Room <input name='room'></form></body></html>",
    content_type="text/html; charset=utf-8",
)
"""What the network of a hotel answers to every request."""
