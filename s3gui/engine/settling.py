"""The ends of small files, saved many at a time: each is told only after it was saved.

A small file that was sent, and whose end was not saved yet when the process was killed, is sent
again: whole, and never instead of another. So nothing of it needs to be on the disk meanwhile but
that it was begun, and one write to the disk serves them all.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Protocol

from s3gui.core.archive import SourceKind
from s3gui.core.errors import S3guiError
from s3gui.core.events import TransferChanged
from s3gui.core.provider import MIB
from s3gui.core.transfer import ConflictRule, Transfer
from s3gui.engine.ports import Publish, TransferStore

_log = logging.getLogger(__name__)
_MOST_BYTES = MIB
"""A larger one takes a while: its row and the counts say that it is under way."""
_GATHER_SECONDS = 0.05
"""Between two writes to the disk. A kill can repeat what was sent in so long, and one write."""

_REST_SECONDS = 2.0
_IN_ONE_PLACE = (ConflictRule.FAIL, ConflictRule.SKIP, ConflictRule.REPLACE)
"""Other rules decide something that a later run has to know."""


class Settled(Protocol):
    def __call__(self, transfers: Sequence[Transfer], error: S3guiError | None) -> None: ...


def is_small(transfer: Transfer) -> bool:
    """Whether it is sent in one request, soon over, that a later run may simply make again."""
    size, options = transfer.size, transfer.options
    return (
        transfer.kind is SourceKind.FILE
        and size is not None
        and size <= min(options.part_size or _MOST_BYTES, _MOST_BYTES)
        and transfer.multipart is None
        and options.on_conflict in _IN_ONE_PLACE
    )


class Settler:
    """Saves what it is given, soon. Its thread lives while there is something. Thread-safe.

    `settled` is called in that thread, or in the caller's where none can begin, with transfers that
    were saved and told, or with those that could not be saved, and why.
    """

    def __init__(self, journal: TransferStore, publish: Publish, settled: Settled) -> None:
        self._journal = journal
        self._publish = publish
        self._settled = settled
        self._waiting: list[Transfer] = []
        self._lock = threading.Lock()  # entered in half of the condition's time
        self._changed = threading.Condition(self._lock)
        self._is_running = False
        self._no_more = threading.Event()

    def no_more(self) -> None:
        """Nothing else is under way: what waits is saved without waiting for others to join it."""
        self._no_more.set()

    def settle(self, transfer: Transfer) -> None:
        with self._lock:
            has_thread = self._is_running or self._begins()
            if has_thread:
                self._waiting.append(transfer)
                if len(self._waiting) == 1:
                    self._changed.notify()
        if not has_thread:
            self._save([transfer])

    def _begins(self) -> bool:
        """False where the system gives no more threads."""
        try:
            threading.Thread(target=self._run, name="settling", daemon=True).start()
        except RuntimeError:
            return False
        self._is_running = True
        return True

    def _run(self) -> None:
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._waiting, _REST_SECONDS):
                    self._is_running = False
                    return
                transfers, self._waiting = self._waiting, []
                self._no_more.clear()
            self._save(transfers)
            self._no_more.wait(_GATHER_SECONDS)

    def _save(self, transfers: Sequence[Transfer]) -> None:
        try:
            self._journal.save_ends(transfers)
        except S3guiError as error:
            self._tell(transfers, error)
        except Exception as error:  # noqa: BLE001 - the next ones are waited for too
            self._unexpected(transfers, error)
        else:
            self._tell_saved(transfers)
            self._tell(transfers, None)

    def _unexpected(self, transfers: Sequence[Transfer], error: Exception) -> None:
        """Each by itself: one that cannot be saved takes none of the others with it."""
        if len(transfers) > 1:
            for each in transfers:
                self._save([each])
        else:
            _log.error("an end could not be saved", exc_info=error)
            self._tell(transfers, S3guiError(detail=f"{type(error).__name__}: {error}"))

    def _tell_saved(self, transfers: Sequence[Transfer]) -> None:
        for transfer in transfers:
            try:
                self._publish(TransferChanged(transfer))
            except Exception:  # noqa: BLE001 - it is saved, and the others are to be told
                _log.exception("that transfer %d ended could not be told", transfer.id)

    def _tell(self, transfers: Sequence[Transfer], error: S3guiError | None) -> None:
        try:
            self._settled(transfers, error)
        except Exception:  # noqa: BLE001 - the next ones are waited for too
            _log.exception("%d transfers could not be settled", len(transfers))
