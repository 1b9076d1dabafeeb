"""The story of one object, from the first look at its source to its verification."""

from __future__ import annotations

import logging
from functools import partial

from s3gui.core.checksum import Checksum
from s3gui.core.content_type import guess_content_type
from s3gui.core.errors import (
    NoSuchUpload,
    S3guiError,
    SourceChanged,
    WriteConflict,
)
from s3gui.core.events import PartCompleted, PartsConfirmed
from s3gui.core.frozen import replace
from s3gui.core.parts import DEFAULT_PART_SIZE, Part, PartPlan, check_part_size, plan_parts
from s3gui.core.transfer import (
    CompletedPart,
    Destination,
    StoredObject,
    Transfer,
    TransferState,
)
from s3gui.engine.creation import Creation
from s3gui.engine.earlier import EarlierRun
from s3gui.engine.means import Means
from s3gui.engine.multipart import open_multipart
from s3gui.engine.ports import Body
from s3gui.engine.precondition import Precondition
from s3gui.engine.record import Record
from s3gui.engine.refusal import (
    MOST_COMPLETIONS,
    MOST_UPLOADS,
    is_about_parts,
    is_hopeless,
    is_race,
    parts_refused,
)
from s3gui.engine.retry import Retrier
from s3gui.engine.source import Piece, Source
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.verify import verify, whole_checksum
from s3gui.engine.window import sliding_window

_log = logging.getLogger(__name__)


def upload(
    transfer: Transfer,
    source: Source,
    means: Means,
    stop: Stop,
    *,
    settles_later: bool = False,
    failed_already: S3guiError | None = None,
) -> Transfer:
    """Put `source` where `transfer` says; returns the transfer as it ended, COMPLETED.

    Blocks. Raises S3guiError when it failed, Stopped when it was asked to leave off, and
    whatever the source raises. A pause or a failure keeps the parts that the service
    acknowledged, if the source can be read again; otherwise the multipart upload is aborted.
    With `settles_later` the end is saved and told by the caller; see `settling.is_small`.
    `failed_already`: what the first attempt to send it in one request ended with; it counts.
    """
    record = Record(transfer, means, stop, settles_later=settles_later)
    return _Upload(record, source, means, stop).run(failed_already)


class _Upload:
    def __init__(self, record: Record, source: Source, means: Means, stop: Stop) -> None:
        self._source = source
        self._means = replace(means, store=means.store.heeding(stop))
        self._store = self._means.store
        self._stop = stop
        self._retrier = Retrier(means.clock, stop, means.patience)
        # What a stopped transfer leaves open is dropped all the same: the record hears no stop.
        self._record = record
        self._condition = Precondition(self._store, self._record, self._retrier)
        self._creation = Creation(self._record, self._condition, self._retrier)
        self._earlier = EarlierRun(
            source, self._means, self._condition, self._retrier, stop, self._record.asked_in_vain
        )
        self._is_looking_back = False
        # A run that was killed may have stored it and not have heard of it.
        begun = record.transfer
        self._may_be_stored = begun.started_at is not None and begun.multipart is None

    @property
    def _transfer(self) -> Transfer:
        return self._record.transfer

    def run(self, failed_already: S3guiError | None) -> Transfer:
        self._failed_already = failed_already
        try:
            self._stop.check()
            earlier = self._made_earlier()
            stored, checksum, size = earlier or self._made_now()
            manifest = self._transfer.manifest if earlier else self._source.manifest
            sent = {"size": size, "sent_bytes": size, "manifest": manifest}
            # What the answer has proven already is verified in no time.
            is_proven = self._transfer.multipart is None and stored.checksum == checksum
            verifying = self._record.note if is_proven else self._record.change
            verifying(state=TransferState.VERIFYING, **sent)
            stored = self._retrier.call(
                lambda: verify(self._store, self._transfer, stored, checksum, size),
                self._record.asked_in_vain,
            )
        except BaseException as reason:
            if self._must_abort(reason):
                if isinstance(reason, Stopped) and reason.reason is StopReason.CANCELLED:
                    # An abort may take its time: who cancelled need not wait for it.
                    self._record.change(state=TransferState.CANCELLED)
                self._record.drop_multipart()
            raise
        if self._transfer.multipart is not None:
            self._means.journal.forget_parts(self._transfer.id)
        self._record.end(
            state=TransferState.COMPLETED,
            stored=stored,
            multipart=None,
            ended_at=self._means.clock.now(),
        )
        return self._transfer

    def _made_now(self) -> tuple[StoredObject, Checksum, int]:
        self._prepare()
        whole = self._source.whole(self._put_limit())
        if whole is None:
            self._record.takes_long()
            return self._multipart()
        self._record.part_from_multipart()  # it may have been larger
        return self._put(whole)

    def _made_earlier(self) -> tuple[StoredObject, Checksum, int] | None:
        """What a run that was killed made of a source that comes once, and did not hear of."""
        multipart = self._transfer.multipart
        if multipart is None or self._source.is_repeatable or not self._earlier.fits(multipart):
            return None
        self._is_looking_back = True
        made = self._earlier.made_of_parts(self._transfer)
        self._is_looking_back = False
        return made

    def _prepare(self) -> None:
        transfer, source = self._transfer, self._source
        if transfer.identity not in {None, source.identity}:
            raise SourceChanged(f"“{transfer.source_name}” is not the file that was started.")
        multipart = transfer.multipart
        if multipart is not None and (
            transfer.identity is None or not self._earlier.fits(multipart)
        ):
            self._record.drop_multipart()
        transfer.destination.check()
        options = transfer.options
        if options.part_size is not None:
            check_part_size(options.part_size, self._store.provider.limits)
        if options.content_type is None:
            content_type = guess_content_type(transfer.destination.key)
            options = replace(options, content_type=content_type)
        # One request has nothing to name before it is sent, and is saved as running then.
        size = source.size
        is_one_request = size is not None and size <= self._put_limit()
        is_named = self._transfer.multipart is not None
        preparing = self._record.note if is_one_request and not is_named else self._record.change
        preparing(
            state=TransferState.PREPARING,
            identity=source.identity,
            size=size,
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
        if self._may_be_stored and self._condition.is_any:
            stored = self._creation.ours(checksum, body.size)
            if stored is not None:
                return stored, checksum, body.size

        def put(destination: Destination) -> StoredObject:
            if self._failed_already is not None:
                error, self._failed_already = self._failed_already, None
                raise error
            self._source.check_unchanged()
            self._condition.check()
            return self._means.sparingly(
                self._stop,
                lambda: self._store.put_object(
                    destination,
                    body,
                    checksum,
                    self._transfer.options,
                    only_if_absent=self._condition.only_if_absent,
                    only_if_etag=self._condition.only_if_etag,
                    on_sent=self._record.meter(part),
                ),
            )

        # The smallest files ask nothing beforehand: the condition on the request decides.
        for destination in self._condition.destinations(ask_first=False):
            self._record.change(state=TransferState.RUNNING, destination=destination)
            stored = self._creation.once(partial(put, destination), checksum, part, is_race)
            if stored is not None:
                self._means.publish(PartCompleted(self._transfer.id, 1, body.size))
                return stored, checksum, body.size
        raise self._condition.error()

    # Many requests.

    def _stored_in_parts(self) -> tuple[StoredObject, Checksum, int] | None:
        """The object, where an earlier run made it and the journal knows no more than its start.

        Where it may be replaced it is sent again: nobody tells whose access and metadata it has.
        """
        looks = self._may_be_stored and self._condition.only_if_absent
        plan = self._plan() if looks else None
        return self._earlier.ours(self._transfer, plan) if plan is not None else None

    def _multipart(self) -> tuple[StoredObject, Checksum, int]:
        stored_earlier = self._stored_in_parts()
        if stored_earlier is not None:
            return stored_earlier
        for destination in self._condition.destinations(ask_first=True):
            if self._transfer.destination != destination:
                self._record.change(destination=destination)
            plan = self._plan()
            stored, checksum, size = self._until_made(plan)
            if stored is not None:
                return stored, checksum, size
            # Else its id would be used for the next name: an upload makes its own key only.
            self._record.let_go_of_multipart()
        raise self._condition.error()

    def _until_made(self, plan: PartPlan | None) -> tuple[StoredObject | None, Checksum, int]:
        """Send and complete; anew in another upload where the service lost or gave up this one.

        The object is None where the key is taken.
        """
        for uploads_left in reversed(range(MOST_UPLOADS)):
            try:
                return self._made(plan)
            except (NoSuchUpload, WriteConflict) as error:
                if plan is None or not uploads_left:
                    raise
                if isinstance(error, NoSuchUpload):
                    finished = self._earlier.made_of_source(self._transfer, plan)
                    if finished is not None:
                        return finished
                    self._record.forget_multipart()
                else:
                    self._record.drop_multipart()
                _log.warning("all parts are sent again: %s", error.message)
                self._record.failed(Part(0, 0, plan.size), error, will_retry=True)
        raise AssertionError("unreachable: the last failure was raised")

    def _made(self, plan: PartPlan | None) -> tuple[StoredObject | None, Checksum, int]:
        """One upload, from what is left of it to its object.

        Where the service does not know the parts that it acknowledged, they are compared with
        its own list and with the source, and only those that are not there are sent again.
        """
        confirmed = self._earlier.parts(self._transfer, plan)
        self._open_multipart()
        for completions_left in reversed(range(MOST_COMPLETIONS)):
            sent = self._send_parts(plan, confirmed)
            try:
                return self._complete(sent)
            except S3guiError as error:
                if plan is None or not is_about_parts(error):
                    raise
                if not completions_left:
                    raise parts_refused(error) from error
                self._record.failed(Part(0, 0, plan.size), error, will_retry=True)
                confirmed = self._earlier.parts(self._transfer, plan)
        raise AssertionError("unreachable: the last failure was raised")

    def _plan(self) -> PartPlan | None:
        """None for a stream, which makes its parts as it goes."""
        size = self._source.size
        if not self._source.is_repeatable or size is None:
            return None
        chosen = self._transfer.part_size or self._transfer.options.part_size
        part_size = chosen or self._means.part_size()
        plan = plan_parts(size, self._store.provider.limits, part_size)
        if plan.part_size != self._transfer.part_size:
            self._record.change(part_size=plan.part_size)
        return plan

    def _open_multipart(self) -> None:
        """The upload's id is saved before the first part is sent: nothing is left unnamed."""
        if self._transfer.multipart is None:
            opens = partial(open_multipart, self._record, self._means)
            self._retrier.call(opens, self._record.asked_in_vain)

    def _send_parts(
        self, plan: PartPlan | None, confirmed: dict[int, CompletedPart]
    ) -> list[CompletedPart]:
        sent_bytes = sum(part.size for part in confirmed.values())
        self._record.change(state=TransferState.RUNNING, sent_bytes=sent_bytes)
        self._means.publish(
            PartsConfirmed(
                self._transfer.id,
                len(plan) if plan is not None else None,
                frozenset(confirmed),
            )
        )
        missing = (part for part in plan or () if part.number not in confirmed)
        calls = (partial(self._send, piece) for piece in self._source.pieces(missing))
        means, completed = self._means, dict(confirmed)
        width = partial(means.parts_of, self._source)
        for part in sliding_window(means.parts_executor, calls, width):
            completed[part.number] = part
        return [completed[number] for number in sorted(completed)]

    def _send(self, piece: Piece) -> CompletedPart:
        """In a worker of the parts pool: sent, acknowledged and saved before it returns."""
        part = piece.part
        multipart = self._transfer.multipart
        assert multipart is not None

        def send() -> CompletedPart:
            self._source.check_unchanged()
            body = piece.body()
            checksum = self._store.checksums.of(body.blocks())
            return self._store.upload_part(
                multipart, part.number, body, checksum, on_sent=self._record.meter(part)
            )

        sparingly = partial(self._means.part_sparingly, part.length, self._stop, send)
        completed = self._retrier.call(sparingly, partial(self._record.failed, part))
        self._record.completed(completed)
        return completed

    def _complete(self, parts: list[CompletedPart]) -> tuple[StoredObject | None, Checksum, int]:
        self._stop.check()
        self._source.check_unchanged()
        multipart = self._transfer.multipart
        assert multipart is not None
        size = sum(part.size for part in parts)
        checksum = whole_checksum(self._store.checksums, parts)
        manifest = self._source.manifest
        self._record.change(state=TransferState.FINISHING, size=size, manifest=manifest)

        def complete() -> StoredObject:
            self._condition.check()
            return self._store.complete_multipart(
                multipart,
                parts,
                checksum,
                only_if_absent=self._condition.only_if_absent,
                only_if_etag=self._condition.only_if_etag,
            )

        whole = Part(0, 0, size)
        return self._creation.once(complete, checksum, whole), checksum, size

    def _must_abort(self, reason: BaseException) -> bool:
        if isinstance(reason, Stopped) and reason.reason is StopReason.CANCELLED:
            return True
        # Until it is known what became of its parts, they are the only evidence.
        can_go_on = self._is_looking_back or self._source.is_repeatable
        can_go_on = can_go_on and self._means.keeps_parts
        return is_hopeless(reason) or not can_go_on
