"""Doubles of the desktop's services on a message bus; also as a process of their own."""

import json
import sys
import threading
from dataclasses import dataclass, field
from typing import Any

from jeepney import (
    DBusAddress,
    HeaderFields,
    MatchRule,
    Message,
    MessageFlag,
    MessageType,
    message_bus,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.io.blocking import DBusConnection, open_dbus_connection


@dataclass
class FakeDesktop:
    """Owns `names` on the bus and answers by `answers`: method -> (signature, values).

    A method that is not among them is refused. What was asked is in `calls`, and the signals that
    were announced to all are in `signals`: (name, values).
    """

    address: str
    names: tuple[str, ...]
    answers: dict[str, tuple[str, tuple[Any, ...]]] = field(default_factory=dict)
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    signals: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    flags: list[MessageFlag] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._connection: DBusConnection | None = None
        self._is_over = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Answer from now on, in a thread."""
        self.connect()
        self._thread = threading.Thread(target=self.serve, name="fake desktop", daemon=True)
        self._thread.start()

    def connect(self) -> None:
        self._connection = open_dbus_connection(self.address, enable_fds=True)
        for name in self.names:
            self._connection.send_and_get_reply(message_bus.RequestName(name), timeout=5)
        everything = MatchRule(type="signal", interface="com.canonical.Unity.LauncherEntry")
        self._connection.send_and_get_reply(message_bus.AddMatch(everything), timeout=5)

    def serve(self) -> None:
        assert self._connection is not None
        while not self._is_over:
            try:
                self._take(self._connection.receive(timeout=0.02))
            except TimeoutError:
                continue
            except (OSError, ValueError):
                break
        self._connection.close()

    def say(self, path: str, interface: str, name: str, signature: str, *body: object) -> None:
        """Send a signal, as the service that it stands for."""
        assert self._connection is not None
        address = DBusAddress(path, interface=interface)
        self._connection.send(new_signal(address, name, signature, body))

    def stop(self) -> None:
        """Leave the bus: afterwards nobody has its names."""
        self._is_over = True
        if self._thread is not None:
            self._thread.join(5)

    def methods(self) -> list[str]:
        return [name for name, _values in self.calls]

    def _take(self, message: Message) -> None:
        name = message.header.fields.get(HeaderFields.member, "")
        values = tuple(message.body)
        if message.header.message_type is MessageType.signal:
            if message.header.fields.get(HeaderFields.interface) != "org.freedesktop.DBus":
                self.signals.append((name, values))
            return
        if message.header.message_type is not MessageType.method_call:
            return
        assert self._connection is not None
        self.flags.append(message.header.flags)
        self.calls.append((name, values))
        if name in self.answers:
            signature, answer = self.answers[name]
            self._connection.send(new_method_return(message, signature or None, answer))
        else:
            self._connection.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod"))


def main() -> None:
    """In a process of its own: ADDRESS, then names and answers as JSON; tells calls by lines."""
    address, script = sys.argv[1:]
    told = json.loads(script)
    answers = {name: (sig, tuple(values)) for name, (sig, values) in told["answers"].items()}
    desktop = FakeDesktop(address, tuple(told["names"]), answers)
    desktop.connect()
    sys.stdout.write('"ready"\n')
    sys.stdout.flush()
    take = desktop._take

    def take_and_tell(message: Message) -> None:
        before = len(desktop.calls), len(desktop.signals)
        take(message)
        for call in desktop.calls[before[0] :] + desktop.signals[before[1] :]:
            sys.stdout.write(json.dumps(call, default=str) + "\n")
        sys.stdout.flush()

    desktop._take = take_and_tell  # type: ignore[method-assign]
    desktop.serve()


if __name__ == "__main__":
    main()
