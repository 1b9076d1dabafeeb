"""What can be done with transfers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from s3gui.core.transfer import TransferState
from s3gui.i18n import _

if TYPE_CHECKING:
    from s3gui.engine.queue import TransferQueue

_CAN_GO_ON = frozenset({TransferState.PAUSED, TransferState.WAITING})
_CAN_RETRY = frozenset({TransferState.FAILED, TransferState.CANCELLED, TransferState.SKIPPED})


class Action(StrEnum):
    """The value is the name of its icon."""

    PAUSE = "pause"
    RESUME = "play"
    RETRY = "retry"
    CANCEL = "cancel"
    REMOVE = "remove"

    @property
    def label(self) -> str:
        return {
            Action.PAUSE: _("Pause"),
            Action.RESUME: _("Resume"),
            Action.RETRY: _("Retry"),
            Action.CANCEL: _("Cancel"),
            Action.REMOVE: _("Remove from the list"),
        }[self]

    def fits(self, state: TransferState) -> bool:
        """Whether it means anything for a transfer in `state`."""
        match self:
            case Action.PAUSE:
                return state.is_active or state is TransferState.QUEUED
            case Action.RESUME:
                return state in _CAN_GO_ON
            case Action.RETRY:
                return state in _CAN_RETRY
            case Action.CANCEL:
                return not state.is_ended
            case Action.REMOVE:
                return state.is_ended

    def of(self, queue: TransferQueue) -> Callable[[Sequence[int]], None]:
        """The queue's method: to be called off the GUI thread."""
        return {
            Action.PAUSE: queue.pause,
            Action.RESUME: queue.resume,
            Action.RETRY: queue.retry,
            Action.CANCEL: queue.cancel,
            Action.REMOVE: queue.remove,
        }[self]


class Place(StrEnum):
    """Where in the queue."""

    FIRST = "first"
    LAST = "last"

    @property
    def label(self) -> str:
        return _("Send first") if self is Place.FIRST else _("Send last")


def row_actions(state: TransferState) -> list[Action]:
    """The two that a row offers at its end: the likeliest, and the way out."""
    first = next(
        (each for each in (Action.RETRY, Action.RESUME, Action.PAUSE) if each.fits(state)), None
    )
    last = Action.REMOVE if state.is_ended else Action.CANCEL
    return [last] if first is None else [first, last]
