"""The story of one object, from the first look at its source to its verification."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TypeVar

from s3gui.core.checksum import Checksum
from s3gui.core.content_type import guess_content_type
from s3gui.core.errors import (
    AccessDenied,
    AlreadyExists,
    NoSuchUpload,
    S3guiError,
    SourceChanged,
    Throttled,
    VerificationFailed,
)
from s3gui.core.events import (
    PartCompleted,
    PartFailed,
    PartsConfirmed,
    TransferChanged,
)
from s3gui.core.parts import DEFAULT_PART_SIZE, Part, PartPlan, check_part_size, plan_parts
from s3gui.core.transfer import (
    CompletedPart,
    ConflictRule,
    Destination,
    StoredObject,
    Transfer,
    TransferState,
)
from s3gui.engine.abort import drop_multipart, forget_multipart
from s3gui.engine.conflict import names_to_try
from s3gui.engine.means import Means
from s3gui.engine.meter import PartMeter
from s3gui.engine.ports import Body
from s3gui.engine.resume import EarlierParts, Resumption
from s3gui.engine.retry import Retrier
from s3gui.engine.source import Piece, Source
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.verify import verify
from s3gui.engine.window import sliding_window

_log = logging.getLogger(__name__)
Result = TypeVar("Result")


def upload(transfer: Transfer, source: Source, means: Means, stop: Stop) -> Transfer:
    """Put `source` where `transfer` says; returns the transfer as it ended, COMPLETED.

    Blocks. Raises S3guiError when it failed, Stopped when it was asked to leave off, and
    whatever the source raises. A pause or a failure keeps the parts that the service
    acknowledged, if the source can be read again; otherwise the multipart upload is aborted.
    """
    return _Upload(transfer, source, means, stop).run()


class _Upload:
    def __init__(self, transfer: Transfer, source: Source, means: Means, stop: Stop) -> None:
        self._transfer = transfer
        self._source = source
        self._means = means
        self._store = means.store
        self._stop = stop
        self._retrier = Retrier(means.clock, stop, means.patience)
        self._lock = threading.Lock()

    def run(self) -> Transfer:
        try:
            self._prepare()
            whole = self._source.whole(self._put_limit())
            if whole is not None:
                stored, checksum, size = self._put(whole)
            else:
                stored, checksum, size = self._multipart()
            self._change(state=TransferState.VERIFYING, size=size, sent_bytes=size)
            stored = self._retrier.call(
                lambda: verify(self._store, self._transfer, stored, checksum, size)
            )
        except BaseException as reason:
            if self._must_abort(reason):
                self._drop_multipart()
            raise
        self._means.journal.forget_parts(self._transfer.id)
        self._change(
            state=TransferState.COMPLETED,
            stored=stored,
            multipart=None,
            ended_at=self._means.clock.now(),
        )
        return self._transfer

    def _prepare(self) -> None:
        self._stop.check()
        transfer, source = self._transfer, self._source
        if transfer.identity not in {None, source.identity}:
            raise SourceChanged(f"“{transfer.name}” is not the file that was started.")
        if transfer.multipart is not None and transfer.identity is None:
            self._drop_multipart()
        transfer.destination.check()
        options = transfer.options
        if options.part_size is not None:
            check_part_size(options.part_size, self._store.provider.limits)
        if options.content_type is None:
            content_type = guess_content_type(transfer.destination.key)
            options = replace(options, content_type=content_type)
        self._change(
            state=TransferState.PREPARING,
            identity=source.identity,
            size=source.size,
            options=options,
            failure=None,
            waiting_for=None,
            started_at=transfer.started_at or self._means.clock.now(),
        )

    def _put_limit(self) -> int:
        limits = self._store.provider.limits
        return min(self._transfer.options.part_size or DEFAULT_PART_SIZE, limits.max_put_size)

    # One request.

    def _put(self, body: Body) -> tuple[StoredObject, Checksum, int]:
        part = Part(1, 0, body.size)
        checksum = self._store.checksums.of(body.blocks())
        self._means.publish(PartsConfirmed(self._transfer.id, 1, frozenset()))

        def put(destination: Destination) -> StoredObject:
            self._source.check_unchanged()
            return self._sparingly(
                lambda: self._store.put_object(
                    destination,
                    body,
                    checksum,
                    self._transfer.options,
                    only_if_absent=self._only_if_absent,
                    on_sent=self._meter(part),
                )
            )

        # The smallest files ask nothing beforehand: the condition on the request decides.
        ask_first = not self._store.provider.conditional_writes
        for destination in self._destinations(ask_first=ask_first):
            self._change(state=TransferState.RUNNING, destination=destination)
            stored = self._once(partial(put, destination), checksum, part)
            if stored is not None:
                self._means.publish(PartCompleted(self._transfer.id, 1, body.size))
                return stored, checksum, body.size
        raise self._exists()

    # Many requests.

    def _multipart(self) -> tuple[StoredObject, Checksum, int]:
        for destination in self._destinations(ask_first=True):
            if self._transfer.destination != destination:
                self._change(destination=destination)
            plan = self._plan()
            earlier = self._earlier(plan)
            if plan is not None and self._transfer.multipart is not None and not earlier.is_open:
                finished = self._finished_earlier(plan, earlier)
                if finished is not None:
                    return finished
                self._forget_multipart()
                earlier = EarlierParts({}, is_open=False)
            self._open_multipart()
            sent = self._send_parts(plan, earlier.parts)
            stored, checksum, size = self._complete(sent)
            if stored is not None:
                return stored, checksum, size
            self._drop_multipart()
        raise self._exists()

    def _plan(self) -> PartPlan | None:
        """None for a stream, which makes its parts as it goes."""
        size = self._source.size
        if not self._source.is_repeatable or size is None:
            return None
        part_size = self._transfer.part_size or self._transfer.options.part_size
        plan = plan_parts(size, self._store.provider.limits, part_size)
        if plan.part_size != self._transfer.part_size:
            self._change(part_size=plan.part_size)
        return plan

    def _open_multipart(self) -> None:
        """The upload's id is saved before the first part is sent: nothing is left unnamed."""
        if self._transfer.multipart is None:
            destination, options = self._transfer.destination, self._transfer.options
            multipart = self._retrier.call(
                lambda: self._store.create_multipart(destination, options)
            )
            self._change(multipart=multipart)

    def _earlier(self, plan: PartPlan | None) -> EarlierParts:
        multipart = self._transfer.multipart
        if multipart is None or plan is None:
            return EarlierParts({}, is_open=multipart is not None)
        resumption = Resumption(
            self._store,
            self._source,
            self._retrier,
            self._means.parts_executor,
            self._means.parts_at_once,
            self._stop.check,
        )
        saved = self._means.journal.parts(self._transfer.id)
        return resumption.earlier_parts(multipart, plan, saved)

    def _finished_earlier(
        self, plan: PartPlan, earlier: EarlierParts
    ) -> tuple[StoredObject, Checksum, int] | None:
        """Whether an earlier run completed the upload and only the answer was lost.

        The service no longer knows the upload, though every part was acknowledged: the object
        itself says whether it is ours. An upload id that is gone is never taken for a success.
        """
        if len(earlier.parts) != len(plan):
            return None
        checksum = self._whole_checksum([earlier.parts[part.number] for part in plan])
        stored = self._ours(checksum, plan.size)
        return (stored, checksum, plan.size) if stored is not None else None

    def _send_parts(
        self, plan: PartPlan | None, confirmed: dict[int, CompletedPart]
    ) -> list[CompletedPart]:
        sent_bytes = sum(part.size for part in confirmed.values())
        self._change(state=TransferState.RUNNING, sent_bytes=sent_bytes)
        self._means.publish(
            PartsConfirmed(
                self._transfer.id,
                len(plan) if plan is not None else None,
                frozenset(confirmed),
            )
        )
        missing = (part for part in plan or () if part.number not in confirmed)
        calls = self._sends(self._source.pieces(missing))
        width = self._means.parts_at_once
        completed = dict(confirmed)
        for part in sliding_window(self._means.parts_executor, calls, width):
            completed[part.number] = part
        return [completed[number] for number in sorted(completed)]

    def _sends(self, pieces: Iterator[Piece]) -> Iterator[Callable[[], CompletedPart]]:
        for piece in pieces:
            self._stop.check()
            yield partial(self._send, piece)

    def _send(self, piece: Piece) -> CompletedPart:
        """In a worker of the parts pool: sent, acknowledged and saved before it returns."""
        part = piece.part
        multipart = self._transfer.multipart
        assert multipart is not None

        def send() -> CompletedPart:
            self._source.check_unchanged()
            body = piece.body()
            checksum = self._store.checksums.of(body.blocks())
            return self._sparingly(
                lambda: self._store.upload_part(
                    multipart, part.number, body, checksum, on_sent=self._meter(part)
                )
            )

        completed = self._retrier.call(send, lambda error, again: self._failed(part, error, again))
        with self._lock:
            sent_bytes = self._transfer.sent_bytes + part.length
            self._transfer = replace(self._transfer, sent_bytes=sent_bytes)
            self._means.journal.save_part(self._transfer.id, completed, sent_bytes)
        self._means.publish(PartCompleted(self._transfer.id, part.number, part.length))
        return completed

    def _complete(self, parts: list[CompletedPart]) -> tuple[StoredObject | None, Checksum, int]:
        self._stop.check()
        self._source.check_unchanged()
        multipart = self._transfer.multipart
        assert multipart is not None
        size = sum(part.size for part in parts)
        checksum = self._whole_checksum(parts)
        self._change(state=TransferState.FINISHING, size=size)

        def complete() -> StoredObject:
            return self._store.complete_multipart(
                multipart, parts, checksum, only_if_absent=self._only_if_absent
            )

        return self._once(complete, checksum, Part(0, 0, size)), checksum, size

    def _whole_checksum(self, parts: list[CompletedPart]) -> Checksum:
        pairs = [(part.checksum, part.size) for part in parts if part.checksum is not None]
        return self._store.checksums.whole(pairs)

    # Conflicts, lost answers, and leaving off.

    @property
    def _only_if_absent(self) -> bool:
        return self._transfer.options.on_conflict is not ConflictRule.REPLACE

    def _destinations(self, *, ask_first: bool) -> Iterator[Destination]:
        """Where to put it: one place, or the next free name where both are to be kept.

        Raises AlreadyExists early rather than after the last part, where `ask_first`.
        """
        for destination in names_to_try(self._transfer):
            is_open = self._transfer.multipart is not None
            if not (ask_first and self._only_if_absent) or is_open or self._is_free(destination):
                yield destination

    def _is_free(self, destination: Destination) -> bool:
        try:
            return self._retrier.call(lambda: self._store.head(destination)) is None
        except AccessDenied:
            return True  # may write but not look: the condition on the last request decides

    def _exists(self) -> AlreadyExists:
        return AlreadyExists(f"“{self._transfer.destination.key}” already exists in the bucket.")

    def _once(
        self, call: Callable[[], StoredObject], checksum: Checksum, part: Part
    ) -> StoredObject | None:
        """The result of a call that creates an object; None where the key is taken.

        After a failed attempt the object may be there all the same, its answer lost on the way:
        then “exists already” and “no such upload” mean our own success.
        """
        failures: list[S3guiError] = []

        def failed(error: S3guiError, will_retry: bool) -> None:  # noqa: FBT001 - Retrier's call
            if will_retry:
                failures.append(error)
                self._failed(part, error, will_retry)

        try:
            return self._retrier.call(call, failed)
        except (AlreadyExists, NoSuchUpload) as error:
            ours = self._ours(checksum, part.length) if failures else None
            if ours is not None or isinstance(error, AlreadyExists):
                return ours
            raise

    def _ours(self, checksum: Checksum, size: int) -> StoredObject | None:
        stored = self._retrier.call(lambda: self._store.head(self._transfer.destination))
        if stored is None or stored.size != size:
            return None
        known = stored.checksum or Checksum("MD5", stored.etag)
        return stored if known == checksum else None

    def _must_abort(self, reason: BaseException) -> bool:
        if isinstance(reason, Stopped) and reason.reason is StopReason.CANCELLED:
            return True
        is_hopeless = isinstance(reason, SourceChanged | AlreadyExists | VerificationFailed)
        can_go_on = self._source.is_repeatable and self._means.keeps_parts
        return is_hopeless or not can_go_on

    def _drop_multipart(self) -> None:
        try:
            self._transfer = drop_multipart(self._transfer, self._means)
        except S3guiError as error:
            _log.warning("an upload stays open on the service: %s", error.message)

    def _forget_multipart(self) -> None:
        self._transfer = forget_multipart(self._transfer, self._means)

    def _sparingly(self, call: Callable[[], Result]) -> Result:
        """A request with a body, among as few others as the service asked for."""
        concurrency = self._means.concurrency
        with concurrency.one(self._stop):
            try:
                result = call()
            except Throttled:
                concurrency.slow_down(self._means.clock.steady())
                raise
        concurrency.succeeded()
        return result

    # Telling.

    def _change(self, **changes: object) -> None:
        """Saved first, then told: nobody hears of a state that a crash could take back."""
        with self._lock:
            self._transfer = replace(self._transfer, **changes)  # type: ignore[arg-type]
            self._means.journal.save(self._transfer)
        self._means.publish(TransferChanged(self._transfer))

    def _meter(self, part: Part) -> PartMeter:
        means = self._means
        return PartMeter(
            self._transfer.id, part, publish=means.publish, clock=means.clock, stop=self._stop
        )

    def _failed(self, part: Part, error: S3guiError, will_retry: bool) -> None:  # noqa: FBT001
        failure = PartFailed(self._transfer.id, part.number, error.message, will_retry)
        self._means.publish(failure)
