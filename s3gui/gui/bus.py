"""A connection to a message bus of the desktop (D-Bus), in a thread that may wait for its answers.

Nothing here is needed: without a bus, or without somebody on it who answers in time, `failed` is
called and the program goes on without what that service does.
"""

from __future__ import annotations

import logging
import os
import queue
import selectors
import socket
import sys
import threading
from collections import deque
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Signal

from s3gui.core.frozen import frozen
from s3gui.gui.crossing import Crossing

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.io.blocking import DBusConnection

T = TypeVar("T")
_log = logging.getLogger(__name__)
_PATIENCE_SECONDS = 5.0
_SYSTEM_BUS = "unix:path=/run/dbus/system_bus_socket"


class BusError(Exception):
    """Nobody of that name, a refusal, no answer in time, or an answer of another shape."""


@frozen
class Peer:
    """An object of a service on the bus, and the interface by which it is asked."""

    service: str
    path: str
    interface: str


class BusLine:
    """The connection as work in the bus's thread sees it. All of it may block for some seconds."""

    def __init__(self, connection: DBusConnection) -> None:
        self._connection = connection
        self._listened_to: set[Peer] = set()

    def ask(
        self,
        peer: Peer,
        method: str,
        signature: str = "",
        *body: object,
        may_start: bool = True,
    ) -> tuple[Any, ...]:
        """Call and wait for the answer's values. Raises BusError, OSError.

        Without `may_start` a service that does not run yet is not started for it.
        """
        from jeepney import DBusAddress, MessageFlag, MessageType, new_method_call

        address = DBusAddress(peer.path, bus_name=peer.service, interface=peer.interface)
        message = new_method_call(address, method, signature or None, body)
        if not may_start:
            message.header.flags |= MessageFlag.no_auto_start
        answer = self._connection.send_and_get_reply(message, timeout=_PATIENCE_SECONDS)
        if answer.header.message_type is not MessageType.method_return:
            raise BusError(f"{peer.service} refuses {method}: {answer.body!r:.200}")
        return tuple(answer.body)

    def announce(self, path: str, interface: str, name: str, signature: str, *body: object) -> None:
        """Send a signal to whoever listens. Raises OSError."""
        from jeepney import DBusAddress, new_signal

        self._connection.send(
            new_signal(DBusAddress(path, interface=interface), name, signature, body)
        )

    def listen(self, peer: Peer) -> None:
        """Let the peer's signals come out of `Bus.heard`, as long as this line is there.

        A second time does nothing more. Raises OSError.
        """
        from jeepney import MatchRule, message_bus

        if peer in self._listened_to:
            return
        rule = MatchRule(
            type="signal", sender=peer.service, path=peer.path, interface=peer.interface
        )
        self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=_PATIENCE_SECONDS)
        self._listened_to.add(peer)

    def is_listened_to(self, message: Message) -> bool:
        """The bus itself says some things unasked, such as which name it gave to this line."""
        from jeepney import HeaderFields

        fields = message.header.fields
        where = fields.get(HeaderFields.path), fields.get(HeaderFields.interface)
        return any(where == (peer.path, peer.interface) for peer in self._listened_to)


class Bus(QObject):
    """Lives in the GUI thread; `done` and `failed` are called there, work is called in order.

    `address` as D-Bus writes it (`unix:path=…`); None where there is no bus. The connection is
    made when it is first needed, and again after it was lost.
    """

    heard = Signal(str, object)
    """The name of a signal that somebody sent who is listened to, and its values."""

    def __init__(self, address: str | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._answers = Crossing(self._call)
        self._signals = Crossing(self._hear)
        self._is_closed = False
        self._serving: _Serving | None = None
        self._address = address

    def run(
        self,
        work: Callable[[BusLine], T],
        done: Callable[[T], None],
        failed: Callable[[], None],
    ) -> None:
        """Call `work` with the line, then `done` with its result, or `failed`; returns at once."""
        if self._is_closed:
            return
        answers = self._answers
        if self._address is None:
            answers.send(failed)
            return
        if self._serving is None:
            self._serving = _Serving(self._address, self._signals)
            self._serving.start()

        def serve(line: BusLine | None) -> None:
            try:
                if line is None:
                    raise BusError("there is no bus")  # noqa: TRY301
                result = work(line)
            except (BusError, TimeoutError) as error:
                _log.debug("Nobody on the bus does it: %s", error)
                answers.send(failed)
            except Exception:
                answers.send(failed)
                raise
            else:
                answers.send(partial(done, result))

        self._serving.take(serve)

    def close(self) -> None:
        """Take nothing more; what the services hold for this connection they let go."""
        if self._serving is not None and not self._is_closed:
            self._serving.take(None)
        self._is_closed = True

    def _call(self, answer: Callable[[], None]) -> None:
        target = answer.func if isinstance(answer, partial) else answer
        owner = getattr(target, "__self__", None)
        is_gone = isinstance(owner, QObject) and not shiboken6.isValid(owner)
        if not self._is_closed and not is_gone:
            answer()

    def _hear(self, said: tuple[str, tuple[Any, ...]]) -> None:
        if not self._is_closed:
            self.heard.emit(*said)


class _Serving:
    """The thread: it does what it was given, and reads what comes meanwhile.

    A daemon: a bus that does not answer keeps no program from its end.
    """

    def __init__(self, address: str, heard: Crossing) -> None:
        self._address = address
        self._heard = heard
        self._work: queue.SimpleQueue[Callable[[BusLine | None], None] | None] = queue.SimpleQueue()
        self._wakes, self._wake = socket.socketpair()
        self._connection: DBusConnection | None = None
        self._line: BusLine | None = None
        self._signals: deque[Any] = deque(maxlen=100)

    def start(self) -> None:
        threading.Thread(target=self._serve, name="s3gui-bus", daemon=True).start()

    def take(self, work: Callable[[BusLine | None], None] | None) -> None:
        """Do it after what was given before; None is the end."""
        self._work.put(work)
        self._wake.send(b"!")

    def _serve(self) -> None:
        try:
            while self._turn():
                pass
        finally:
            self._hang_up()
            self._wakes.close()
            self._wake.close()

    def _turn(self) -> bool:
        """Wait for work or for a message, and see to it; False after the end."""
        with selectors.DefaultSelector() as selector:
            selector.register(self._wakes, selectors.EVENT_READ)
            if self._connection is not None:
                selector.register(self._connection.sock, selectors.EVENT_READ)
            ready = {key.fileobj for key, _events in selector.select()}
        try:
            if self._wakes in ready:
                self._wakes.recv(1)
                work = self._work.get()
                if work is None:
                    return False
                work(self._connected())
            self._read()
        except Exception as error:  # noqa: BLE001  a bus that speaks otherwise is as one that is gone
            _log.debug("The bus is lost: %s: %s", type(error).__name__, error)
            self._hang_up()
        return True

    def _connected(self) -> BusLine | None:
        if self._line is None:
            from jeepney import MatchRule

            try:
                self._connection = _connect(self._address)
            except Exception as error:  # noqa: BLE001  jeepney raises what its sockets and parsers do
                _log.debug("There is no bus: %s: %s", type(error).__name__, error)
                return None
            self._connection.filter(MatchRule(type="signal"), queue=self._signals)
            self._line = BusLine(self._connection)
        return self._line

    def _read(self) -> None:
        while self._connection is not None:
            try:
                self._connection.recv_messages(timeout=0)
            except TimeoutError:
                break
        while self._signals:
            message = self._signals.popleft()
            from jeepney import HeaderFields

            if self._line is not None and self._line.is_listened_to(message):
                name = message.header.fields[HeaderFields.member]
                self._heard.send((name, tuple(message.body)))

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = self._line = None
        self._signals.clear()


def _connect(address: str) -> DBusConnection:
    """Raises what jeepney and its sockets do; no step of it may take for ever."""
    from jeepney.bus import get_bus
    from jeepney.io.blocking import DBusConnection, prep_socket

    class Patient(DBusConnection):  # type: ignore[misc]
        """jeepney would wait without end for the answer to its first call."""

        def send_and_get_reply(self, message: Any, *, timeout: float | None = None) -> Any:
            return super().send_and_get_reply(message, timeout=timeout or _PATIENCE_SECONDS)

    line = prep_socket(get_bus(address), enable_fds=True, timeout=_PATIENCE_SECONDS)
    try:
        return Patient(line, enable_fds=True)
    except BaseException:
        line.close()
        raise


def session_bus_address(environment: Mapping[str, str]) -> str | None:
    """The user's own bus; None on systems that have none."""
    if sys.platform != "linux":
        return None
    address = environment.get("DBUS_SESSION_BUS_ADDRESS")
    usual = Path(environment.get("XDG_RUNTIME_DIR") or "/nowhere", "bus")
    return address or (f"unix:path={usual}" if usual.is_socket() else None)


def system_bus_address(environment: Mapping[str, str]) -> str | None:
    if sys.platform != "linux":
        return None
    return environment.get("DBUS_SYSTEM_BUS_ADDRESS") or _SYSTEM_BUS


def desktop_buses(parent: QObject) -> tuple[Bus, Bus]:
    """The session's and the system's, for the environment of this program."""
    session, system = session_bus_address(os.environ), system_bus_address(os.environ)
    return Bus(session, parent), Bus(system, parent)
