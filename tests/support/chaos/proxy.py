"""A proxy between a client and a server on this machine, on which everything can go wrong."""

import asyncio
import contextlib
import random
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

from tests.support.chaos.framing import Piece
from tests.support.chaos.link import Line, Link, close_by_reset
from tests.support.chaos.toxics import Direction, Toxic

Result = TypeVar("Result")
AnyToxic = TypeVar("AnyToxic", bound=Toxic)

_HOST = "127.0.0.1"
_TIMEOUT_SECONDS = 10
_SMALL_BUFFER_BYTES = 64 * 1024
"""Of the sockets' own buffers: what lies in them has neither been delayed nor cut."""


@dataclass(frozen=True)
class Deed:
    """Something the proxy did to a byte; `at` as in `Piece.body_at`."""

    what: str
    where: str
    at: int

    def __str__(self) -> str:
        return f"{self.what} at byte {self.at} of {self.where}"


class ChaosProxy:
    """Passes everything on to `target_port`, as the toxics let it.

    A context manager; everything happens in a thread of its own. With `tls` it speaks TLS to the
    client and, decrypted, HTTP to the server. Methods may be called from any thread, while
    connections are open; what they ask for is done when they return.
    """

    def __init__(
        self, target_port: int, *, seed: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self._seed = seed
        self._target_port = target_port
        self._tls = tls
        self._listener: asyncio.Server | None = None
        self._links: set[Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="chaos", daemon=True)
        self._loop: asyncio.AbstractEventLoop
        self._stopping: asyncio.Event
        self._ready: Future[int] = Future()
        self._line = Line(random.Random(seed), self._note, self._count)
        self.connections = 0
        self.bytes = dict.fromkeys(Direction, 0)
        self.deeds: list[Deed] = []

    def __repr__(self) -> str:
        return f"ChaosProxy(seed={self._seed}, toxics={list(self._line.toxics)})"

    def __enter__(self) -> Self:
        self._thread.start()
        self.port = self._ready.result(_TIMEOUT_SECONDS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(_TIMEOUT_SECONDS)
        if self._thread.is_alive():
            raise RuntimeError("the chaos proxy does not stop")
        if error is not None:
            error.add_note(f"{self!r} did: {'; '.join(map(str, self.deeds)) or 'nothing'}")

    @property
    def endpoint_url(self) -> str:
        return f"{'http' if self._tls is None else 'https'}://{_HOST}:{self.port}"

    # What a test does to the line.

    def add(self, toxic: AnyToxic) -> AnyToxic:
        self._call(self._set_toxics, (*self._line.toxics, toxic))
        return toxic

    def remove(self, toxic: Toxic) -> None:
        self._call(self._set_toxics, tuple(one for one in self._line.toxics if one is not toxic))

    def clear(self) -> None:
        self._call(self._set_toxics, ())

    def link_down(self) -> None:
        """Resets all connections; new ones are refused until `link_up`."""
        self._call(self._close_listener)

    def link_up(self) -> None:
        self._await(self._open_listener())

    def cut_connections(self, *, reset: bool = True) -> None:
        self._call(self._cut_links, reset)

    def strand_connections(self) -> None:
        """Leaves the open connections as they are: nothing passes, and nobody says so."""
        self._call(lambda: [link.strand() for link in self._links])

    def flap(
        self,
        count: int,
        *,
        up_seconds: tuple[float, float],
        down_seconds: tuple[float, float],
    ) -> "Future[None]":
        """Starts going down and up `count` times, for times drawn from these ranges."""
        return asyncio.run_coroutine_threadsafe(
            self._flap(count, up_seconds, down_seconds), self._loop
        )

    # What a test wants to know.

    @property
    def open_connections(self) -> int:
        return len(self._links)

    def wait_for(
        self, condition: Callable[[Self], object], timeout_seconds: float = _TIMEOUT_SECONDS
    ) -> None:
        """Until `condition` holds: asked anew after each byte and deed. Raises TimeoutError."""
        with self._changed:
            if not self._changed.wait_for(lambda: condition(self), timeout_seconds):
                raise TimeoutError(f"{self!r} never got there")

    # In the proxy's own thread.

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except BaseException as error:
            if self._ready.done():
                raise
            self._ready.set_exception(error)

    async def _main(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        self._loop.set_exception_handler(self._ignore_broken_connections)
        # Bound and never listening, it keeps the port ours while the link is down.
        with socket.socket() as self._keeper:
            self._keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._keeper.bind((_HOST, 0))
            await self._open_listener()
            self._ready.set_result(self._keeper.getsockname()[1])
            await self._stopping.wait()
            self._close_listener()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ignore_broken_connections(
        self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]
    ) -> None:
        if not isinstance(context.get("exception"), OSError):
            loop.default_exception_handler(context)

    async def _open_listener(self) -> None:
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER_BYTES)
        listener.bind(self._keeper.getsockname())
        self._listener = await asyncio.start_server(
            self._serve, sock=listener, ssl=self._tls, limit=_SMALL_BUFFER_BYTES, backlog=128
        )

    def _close_listener(self) -> None:
        if self._listener is not None:
            self._listener.close()
            self._listener = None
        self._cut_links(reset=True)

    def _cut_links(self, reset: bool) -> None:  # noqa: FBT001 - passed on by _call
        for link in self._links:
            link.cut(reset=reset)

    def _set_toxics(self, toxics: tuple[Toxic, ...]) -> None:
        self._line.set_toxics(toxics)

    async def _flap(
        self, count: int, up_seconds: tuple[float, float], down_seconds: tuple[float, float]
    ) -> None:
        for _ in range(count):
            await asyncio.sleep(self._line.random.uniform(*up_seconds))
            self._close_listener()
            await asyncio.sleep(self._line.random.uniform(*down_seconds))
            await self._open_listener()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with self._changed:
            self.connections += 1
            number = self.connections
            self._changed.notify_all()
        # A task that was cancelled, because the proxy stops, would be reported as an error.
        with contextlib.suppress(OSError, asyncio.CancelledError), contextlib.ExitStack() as ending:
            ending.callback(close_by_reset, writer)
            server = await asyncio.open_connection(
                _HOST, self._target_port, limit=_SMALL_BUFFER_BYTES
            )
            ending.callback(server[1].transport.abort)
            link = Link(number, self._line, (reader, writer), server)
            ending.callback(self._forget, link)
            self._remember(link)
            if self._listener is not None:  # it may have gone down meanwhile
                await link.run()

    def _remember(self, link: Link) -> None:
        with self._changed:
            self._links.add(link)
            self._changed.notify_all()

    def _forget(self, link: Link) -> None:
        with self._changed:
            self._links.discard(link)
            self._changed.notify_all()

    def _note(self, what: str, piece: Piece) -> None:
        with self._changed:
            self.deeds.append(Deed(what, str(piece.exchange), piece.body_at))
            self._changed.notify_all()

    def _count(self, direction: Direction, count: int) -> None:
        with self._changed:
            self.bytes[direction] += count
            self._changed.notify_all()

    # From a test's thread into the proxy's.

    def _call(self, function: Callable[..., Result], *arguments: object) -> Result:
        async def call() -> Result:
            return function(*arguments)

        return self._await(call())

    def _await(self, coroutine: Coroutine[Any, Any, Result]) -> Result:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(_TIMEOUT_SECONDS)
