"""Runs a job: the work in one thread, reports and signals in the main one."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Final

from s3gui.cli.failures import Failures, held_sentence, unexpected_hint
from s3gui.cli.folder_notes import archive_sentence, empty_folders_sentence
from s3gui.cli.interruption import Interruption
from s3gui.cli.job import Job
from s3gui.cli.outcome import Outcome
from s3gui.cli.reporter import Reporter
from s3gui.cli.tally import Tally
from s3gui.core.errors import S3guiError
from s3gui.core.events import (
    ConnectionHeld,
    ConnectionReleased,
    Event,
    PartCompleted,
    PartProgress,
    TransferChanged,
    TransfersAdded,
)
from s3gui.core.transfer import Transfer, TransferState
from s3gui.engine.stop import Stopped
from s3gui.i18n import _

_log = logging.getLogger(__name__)
_EVENTS_SECONDS = 0.1
_TICK_SECONDS = 0.2
"""A picture takes three milliseconds to draw."""

_LEAVE_OFF_SECONDS = 2.0
"""Of the three seconds in which an interrupted command is gone, the most it may wait."""


class _Ended(Event):
    """The work is over."""


class _Interrupted(Event):
    """A signal came."""


_ENDED: Final = _Ended()
_INTERRUPTED: Final = _Interrupted()
_FREQUENT = (TransferChanged, PartProgress, PartCompleted)
"""What a thousand small files make thousands of: nobody is woken for one of these."""


class Events:
    """From any thread and from signal handlers to the main thread, which sleeps meanwhile.

    Waking it for each event would cost a small file as much as its request does.
    """

    def __init__(self) -> None:
        self._waiting: deque[Event] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()

    def publish(self, event: Event) -> None:
        self._waiting.append(event)
        if not isinstance(event, _FREQUENT):
            self._bell.put(None)

    def interrupt(self) -> None:
        """Safe in a signal handler: a SimpleQueue may be put to while it is being put to."""
        self.publish(_INTERRUPTED)

    def wait(self, timeout_seconds: float) -> None:
        """Return when something rare was published, and in any case after the time."""
        with suppress(Empty):
            self._bell.get(timeout=max(0.0, timeout_seconds))

    def take(self) -> Iterator[Event]:
        """What was published and not taken yet, in its order."""
        with suppress(IndexError):
            while True:
                yield self._waiting.popleft()


class Run:
    """One job from its start to its outcome."""

    def __init__(
        self, job: Job, events: Events, reporter: Reporter, interruption: Interruption
    ) -> None:
        self._job = job
        self._events = events
        self._reporter = reporter
        self._interruption = interruption
        self._tally = Tally(size_is_known=job.size_is_known)
        self._failures = Failures()
        self._error: S3guiError | None = None
        self._is_all_found = True
        self._last_stored: Transfer | None = None
        self._ticked_at = float("-inf")

    def to_its_end(self, before_end: Callable[[], None] = lambda: None) -> Outcome:
        """Returns when nothing moves any more, or when an interrupted job will not leave off.

        `before_end` is called while the job still knows its transfers.
        """
        started_at = time.monotonic()
        earlier_bytes = sum(count.sent_bytes for count in self._job.counts().values())
        worker = threading.Thread(target=self._work, name="job", daemon=True)
        worker.start()
        has_left_off = self._watch()
        self._tell_failures()
        outcome = Outcome(
            counts=dict(self._job.counts()),
            seconds=time.monotonic() - started_at,
            earlier_bytes=earlier_bytes,
            is_interrupted=self._interruption.is_requested,
            is_all_found=self._is_all_found,
            is_kept=self._job.is_kept,
            has_left_off=has_left_off,
            failures=self._failures,
            error=self._error,
            last_stored=self._last_stored,
        )
        before_end()
        if has_left_off:
            worker.join()
            self._job.ended()
        self._reporter.close(outcome)
        return outcome

    def _work(self) -> None:
        try:
            self._job.work()
        except Stopped:
            self._is_all_found = False
        except S3guiError as error:
            self._error = error
        except Exception as error:  # noqa: BLE001 - a thread has no border of its own
            _log.exception("the work ended unexpectedly")
            self._error = S3guiError(hint=unexpected_hint(), detail=repr(error))
        finally:
            self._events.publish(_ENDED)

    def _watch(self) -> bool:
        """Returns whether everything left off, which it does by itself if nobody interrupts."""
        while True:
            self._events.wait(_EVENTS_SECONDS)
            for event in self._events.take():
                if event is _ENDED:
                    return True
                if event is _INTERRUPTED:
                    return self._leave_off()
                self._apply(event)
            self._tick()

    def _leave_off(self) -> bool:
        ends_by = time.monotonic() + _LEAVE_OFF_SECONDS
        self._reporter.note(_("Stopping …"))
        has_left_off = self._job.leave_off(_LEAVE_OFF_SECONDS)
        while has_left_off:
            for event in self._events.take():
                if event is _ENDED:
                    # Once more, for what was found and queued in the meantime.
                    return self._job.leave_off(0.0)
                self._apply(event)
            seconds_left = ends_by - time.monotonic()
            has_left_off = seconds_left > 0
            self._events.wait(seconds_left)
        return False

    def _apply(self, event: Event) -> None:
        if isinstance(event, TransferChanged):
            transfer = event.transfer
            if transfer.state is TransferState.FAILED and not self._failures.add(transfer):
                return
            if transfer.state is TransferState.COMPLETED:
                self._last_stored = transfer
                self._note(archive_sentence(transfer))
        elif isinstance(event, ConnectionHeld):
            self._reporter.note(held_sentence(event))
        elif isinstance(event, ConnectionReleased):
            self._reporter.note(_("Going on."))
        self._job.apply(event)
        self._tally.apply(event)
        self._reporter.apply(event)
        if isinstance(event, TransfersAdded) and event.is_last:
            self._note(empty_folders_sentence(event.empty_folders))
            self._tell_failures()

    def _note(self, sentence: str) -> None:
        if sentence:
            self._reporter.note(sentence)

    def _tell_failures(self) -> None:
        """What could not even be queued: no event tells of it."""
        for transfer in self._job.failed():
            self._apply(TransferChanged(transfer))

    def _tick(self) -> None:
        now = time.monotonic()
        if now - self._ticked_at >= _TICK_SECONDS:
            self._ticked_at = now
            self._tally.measure(self._job.counts(), now)
            self._reporter.tick(self._tally, now)
