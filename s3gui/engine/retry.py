"""Trying again: with full jitter, a bound, and an ear for the stop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TypeVar

from s3gui.core.errors import BadDigest, S3guiError, Unreachable, WriteConflict
from s3gui.core.frozen import frozen
from s3gui.engine.ports import Clock
from s3gui.engine.stop import Stop

Result = TypeVar("Result")

OnFailure = Callable[[S3guiError, bool], None]
"""Told of each failure, and whether another attempt follows."""


def untold(_error: S3guiError, _will_retry: bool) -> None:  # noqa: FBT001 - OnFailure
    """Where the failures before the last are nobody's business."""


@frozen
class Patience:
    """How often a call is tried.

    `first_contact` is the number of attempts at a service that has not answered yet: who
    mistyped a host wants to hear of it, and not in five minutes. `unconnected`: without a
    connection; few suffice where the network's return is waited for instead. `same_again`: where
    bytes are damaged or a race is lost so often, something is wrong that time does not mend.
    Pauses are drawn evenly between zero and a bound that doubles from `first_pause_seconds` to
    `longest_pause_seconds`.
    """

    attempts: int = 10
    first_contact: int = 3
    unconnected: int = 10
    same_again: int = 4
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 20.0


PATIENCE = Patience()


def after(error: S3guiError, attempt: Callable[[], Result]) -> Callable[[], Result]:
    """`attempt`, which was made once already and ended with `error`: that counts as the first."""
    known = [error]

    def again() -> Result:
        if known:
            raise known.pop()
        return attempt()

    return again


class Retrier:
    """Runs calls for one transfer, again where that makes sense."""

    def __init__(
        self, clock: Clock, stop: Stop, patience: Patience, *, was_answered: bool = False
    ) -> None:
        self._clock = clock
        self._stop = stop
        self._patience = patience
        self._was_answered = was_answered

    def call(
        self,
        attempt: Callable[[], Result],
        on_failure: OnFailure = untold,
        passes: Callable[[S3guiError], bool] = lambda _error: False,
    ) -> Result:
        """The first success of `attempt`, or its last error.

        `on_failure` is told of each failure and whether another attempt follows. `passes` says
        which errors deserve another attempt beside those that always do.
        """
        kinds = Counter[type[S3guiError]]()
        for count in range(1, self._patience.attempts + 1):
            self._stop.check()
            try:
                result = attempt()
            except S3guiError as error:
                kinds[type(error)] += 1
                self._was_answered |= not isinstance(error, Unreachable)
                may_pass = error.retryable or passes(error)
                is_patient = kinds[type(error)] < self._most_alike(error)
                will_retry = may_pass and is_patient and count < self._patience.attempts
                on_failure(error, will_retry)
                if not will_retry:
                    raise
                self._clock.pause(self._pause_seconds(count), self._stop)
            else:
                self._was_answered = True
                return result
        raise AssertionError("unreachable: the last failure was raised")

    def _most_alike(self, error: S3guiError) -> int:
        """How often this may come: other errors in between count for themselves."""
        if isinstance(error, Unreachable) and not self._was_answered:
            return self._patience.first_contact
        if isinstance(error, Unreachable) and not error.was_connected:
            return self._patience.unconnected
        if isinstance(error, BadDigest | WriteConflict):
            return self._patience.same_again
        return self._patience.attempts

    def _pause_seconds(self, count: int) -> float:
        bound = self._patience.first_pause_seconds * 2.0 ** (count - 1)
        return self._clock.random() * min(bound, self._patience.longest_pause_seconds)
