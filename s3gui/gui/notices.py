"""Notifications of the system: by the desktop's own service, else by the icon in the tray."""

from __future__ import annotations

import os
from collections.abc import Callable
from enum import StrEnum
from html import escape

from PySide6.QtCore import QObject, Signal

from s3gui.core.frozen import frozen
from s3gui.core.text import visible
from s3gui.gui.bus import Bus, BusError, BusLine, Peer
from s3gui.gui.desktop_entry import desktop_entry

SERVICE = Peer(
    "org.freedesktop.Notifications",
    "/org/freedesktop/Notifications",
    "org.freedesktop.Notifications",
)
_LONGEST_TEXT = 300
_AS_THE_SERVICE_LIKES = -1


class NoticeKind(StrEnum):
    """Its category by the Desktop Notifications Specification.

    A later one takes the place of an earlier one of its kind: never thousands.
    """

    DONE = "transfer.complete"
    PROBLEM = "transfer.error"


@frozen
class Notice:
    kind: NoticeKind
    title: str
    text: str


class Notices(QObject):
    """`fallback` shows one where the desktop has no such service, if it can."""

    clicked = Signal()

    def __init__(
        self, bus: Bus, fallback: Callable[[Notice], None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bus = bus
        self._fallback = fallback
        self._shown: dict[NoticeKind, int] = {}
        bus.heard.connect(self._hear)

    def show(self, notice: Notice) -> None:
        def send(line: BusLine) -> int:
            line.listen(SERVICE)
            return _notify(line, notice, self._shown.get(notice.kind, 0))

        def keep(number: int) -> None:
            self._shown[notice.kind] = number

        self._bus.run(send, keep, lambda: self._fallback(notice))

    def withdraw(self) -> None:
        """Whoever is back at the window needs none of them."""
        numbers, self._shown = list(self._shown.values()), {}

        def close(line: BusLine) -> None:
            for number in numbers:
                line.ask(SERVICE, "CloseNotification", "u", number)

        if numbers:
            self._bus.run(close, lambda _nothing: None, lambda: None)

    def _hear(self, name: str, body: tuple[object, ...]) -> None:
        if len(body) != 2 or body[0] not in self._shown.values():
            return
        if name == "ActivationToken":
            # Wayland lets a window come to the front only with this; Qt looks for it here.
            os.environ["XDG_ACTIVATION_TOKEN"] = str(body[1])
        elif name == "ActionInvoked":
            self.clicked.emit()


def _notify(line: BusLine, notice: Notice, replaced: int) -> int:
    """Returns the service's number for it. Raises BusError, OSError."""
    abilities = line.ask(SERVICE, "GetCapabilities")[0]
    text = _shortened(notice.text)
    if "body-markup" in abilities:
        text = escape(text, quote=False)
    actions = ["default", ""] if "actions" in abilities else []
    hints = {
        "desktop-entry": ("s", desktop_entry()),
        "category": ("s", notice.kind.value),
        "urgency": ("y", 1),
    }
    answer = line.ask(
        SERVICE,
        "Notify",
        "susssasa{sv}i",
        *("s3gui", replaced, desktop_entry(), _shortened(notice.title), text),
        *(actions, hints, _AS_THE_SERVICE_LIKES),
    )
    if len(answer) != 1 or not isinstance(answer[0], int):
        raise BusError("the notification got no number")
    return answer[0]


def _shortened(text: str) -> str:
    text = visible(text)
    return text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
