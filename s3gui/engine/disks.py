"""Calls to disks that may never answer, made so that nobody has to wait for them.

A thread that hangs in a call to a dead network disk cannot be ended. So such calls are made by
threads of their own, and whoever wants the answer stops waiting when it takes too long, or when it
is asked to leave off. Disks of this computer are called directly: that costs nothing.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from queue import SimpleQueue
from typing import Any, Generic, Protocol, TypeVar

from s3gui.core.errors import SourceStalled
from s3gui.engine.mounts import Mounts
from s3gui.engine.stop import Stop

Result = TypeVar("Result")

_log = logging.getLogger(__name__)
_PATIENCE_SECONDS = 15.0
"""A disk that slept needs ten seconds to spin up."""

_LOOK_SECONDS = 0.1
_CLOSING_SECONDS = 1.0
_IDLE_THREADS_KEPT = 16


class Access(Protocol):
    """How the disk of one source is called, for one run of a transfer."""

    def call(
        self, act: Callable[[], Result], undo: Callable[[Result], object] | None = None
    ) -> Result:
        """What `act` returns or raises. Raises SourceStalled, and Stopped.

        `undo` is given the result if it comes after nobody waited for it any more.
        """
        ...

    def leave(self, act: Callable[[], object]) -> None:
        """Call it, but do not depend on its return."""
        ...


class Direct:
    """For disks that answer."""

    def call(
        self, act: Callable[[], Result], undo: Callable[[Result], object] | None = None
    ) -> Result:
        del undo
        return act()

    def leave(self, act: Callable[[], object]) -> None:
        act()


DIRECT = Direct()


def each(access: Access, items: Iterator[Result]) -> Iterator[Result]:
    """The items, each asked for through `access`."""
    if access is DIRECT:
        yield from items
        return
    while (item := access.call(lambda: next(items, None))) is not None:
        yield item


class Disks:
    """Knows which disks do not answer. `on_answer` is called, in any thread, when one does again.

    While a call to a disk is unanswered, further ones raise SourceStalled at once: no thread
    more is given to it. Thread-safe.
    """

    def __init__(
        self,
        unsure: Callable[[str], str | None] | None = None,
        patience_seconds: float = _PATIENCE_SECONDS,
    ) -> None:
        self.on_answer: Callable[[], None] = lambda: None
        self._unsure = unsure or Mounts().unsure
        self.patience_seconds = patience_seconds
        self._lock = threading.Lock()
        # A disk that answered a moment ago may have transfers that are not queued again yet.
        self.has_ever_stalled = False
        self._unanswered: dict[str, int] = {}
        self._idle: list[_Caller] = []

    @property
    def has_stalled(self) -> bool:
        """Whether a call was given up, and its disk has not answered since."""
        return bool(self._unanswered)

    def access(self, path: str | os.PathLike[str], stop: Stop) -> Access:
        """`path` is absolute."""
        place = self._unsure(os.fspath(path))
        return DIRECT if place is None else _Patient(self, place, stop)

    def is_stalled(self, place: str) -> bool:
        return place in self._unanswered

    def start(self, question: _Question[Result]) -> None:
        with self._lock:
            caller = self._idle.pop() if self._idle else None
        if caller is None:
            caller = _Caller(self._is_kept)
            caller.start()
        caller.questions.put(question)

    def give_up(self, place: str, question: _Question[Result]) -> bool:
        """Returns False where the answer came at the last moment."""
        with self._lock:
            if question.is_answered:
                return False
            question.is_given_up = self.has_ever_stalled = True
            self._unanswered[place] = self._unanswered.get(place, 0) + 1
        return True

    def answered(self, place: str, question: _Question[Result]) -> None:
        with self._lock:
            question.is_answered = True
            if not question.is_given_up:
                return
            self._unanswered[place] -= 1
            is_back = not self._unanswered[place]
            if is_back:
                del self._unanswered[place]
        if is_back:
            try:
                self.on_answer()
            except Exception:  # noqa: BLE001 - the call itself is to be ended too
                _log.exception("what waits for “%s” could not be told that it answers", place)

    def _is_kept(self, caller: _Caller) -> bool:
        with self._lock:
            if len(self._idle) >= _IDLE_THREADS_KEPT:
                return False
            self._idle.append(caller)
        return True


class _Patient:
    def __init__(self, disks: Disks, place: str, stop: Stop) -> None:
        self._disks = disks
        self._place = place
        self._stop = stop

    def call(
        self, act: Callable[[], Result], undo: Callable[[Result], object] | None = None
    ) -> Result:
        self._stop.check()
        if self._disks.is_stalled(self._place):
            raise self._stalled()
        question = self._ask(act, undo)
        waited_seconds = 0.0
        while not question.wait(_LOOK_SECONDS):
            waited_seconds += _LOOK_SECONDS
            is_enough = waited_seconds >= self._disks.patience_seconds
            if (is_enough or self._stop.is_requested) and self._disks.give_up(
                self._place, question
            ):
                self._stop.check()
                raise self._stalled()
        return question.result()

    def leave(self, act: Callable[[], object]) -> None:
        seconds = 0.0 if self._disks.is_stalled(self._place) else _CLOSING_SECONDS
        question = self._ask(act, None)
        if not question.wait(seconds):
            self._disks.give_up(self._place, question)

    def _ask(
        self, act: Callable[[], Result], undo: Callable[[Result], object] | None
    ) -> _Question[Result]:
        question = _Question(act, undo, lambda asked: self._disks.answered(self._place, asked))
        self._disks.start(question)
        return question

    def _stalled(self) -> SourceStalled:
        return SourceStalled(f"The disk at “{self._place}” does not answer.")


class _Question(Generic[Result]):
    """A call under way. `is_answered` and `is_given_up` are decided under the lock of Disks."""

    def __init__(
        self,
        act: Callable[[], Result],
        undo: Callable[[Result], object] | None,
        on_answer: Callable[[_Question[Result]], None],
    ) -> None:
        self._act = act
        self._undo = undo
        self._on_answer = on_answer
        self._returned = threading.Event()
        self._results: list[Result] = []
        self._error: BaseException | None = None
        self.is_answered = False
        self.is_given_up = False

    def run(self) -> None:
        try:
            self._results.append(self._act())
        except BaseException as error:  # noqa: BLE001 - raised where the answer is wanted
            self._error = error
        self._on_answer(self)
        if self.is_given_up and self._undo is not None and self._results:
            self._undo(self._results[0])
        self._returned.set()

    def wait(self, timeout_seconds: float) -> bool:
        return self._returned.wait(timeout_seconds)

    def result(self) -> Result:
        if self._error is not None:
            raise self._error
        return self._results[0]


class _Caller(threading.Thread):
    """Asks one question after another. A daemon: no program waits for a disk in order to end."""

    def __init__(self, is_kept: Callable[[_Caller], bool]) -> None:
        super().__init__(name="disk", daemon=True)
        self.questions: SimpleQueue[_Question[Any]] = SimpleQueue()
        self._is_kept = is_kept

    def run(self) -> None:
        while True:
            self.questions.get().run()
            if not self._is_kept(self):
                return
