"""A keyring may wait for its user, or for a bus that never answers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from s3gui.core.errors import KeyringUnavailable

T = TypeVar("T")

NOTICE_SECONDS = 2.0
"""What takes longer waits for a person: they should know what for."""

PATIENCE_SECONDS = 30.0


class Patience:
    """Asks in a thread of its own, one question at a time, and waits only so long.

    While a question is open beyond that, none is asked: each would leave another thread behind.
    An answer that comes late, after the user unlocked the keyring, makes it usable again.
    """

    def __init__(
        self,
        on_waiting: Callable[[], None] | None = None,
        *,
        notice_seconds: float = NOTICE_SECONDS,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        self._on_waiting = on_waiting
        self._notice_seconds = notice_seconds
        self._patience_seconds = patience_seconds
        self._turn = threading.Lock()
        self._last_answered = threading.Event()
        self._last_answered.set()

    def ask(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises. Raises KeyringUnavailable where it takes too long."""
        if not self._turn.acquire(timeout=self._patience_seconds):
            raise _no_answer()
        try:
            if not self._last_answered.is_set():
                raise _no_answer()
            question = _Question(work)
            self._last_answered = question.is_answered
            self._wait_for(question)
        finally:
            self._turn.release()
        return question.result()

    def _wait_for(self, question: _Question[T]) -> None:
        if question.is_answered.wait(self._notice_seconds):
            return
        if self._on_waiting is not None:
            self._on_waiting()
        if not question.is_answered.wait(self._patience_seconds - self._notice_seconds):
            raise _no_answer()


class _Question(Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        self.is_answered = threading.Event()
        self._work = work
        self._answer: list[T] = []
        self._error: BaseException | None = None
        # A daemon: nobody waits for a keyring when the program ends.
        threading.Thread(target=self._run, name="keyring", daemon=True).start()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._answer[0]

    def _run(self) -> None:
        try:
            self._answer.append(self._work())
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that asked
            self._error = error
        finally:
            self.is_answered.set()


def _no_answer() -> KeyringUnavailable:
    return KeyringUnavailable("The system's keyring does not answer.", detail="no answer in time")
