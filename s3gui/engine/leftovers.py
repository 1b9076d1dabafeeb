"""Multipart uploads that are open on a service: whose they are, and dropping them.

Their parts cost money until somebody aborts them, and no list of objects shows them. What s3gui
opened is told apart from what others did, and nothing of others is dropped unasked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from itertools import islice

from s3gui.core.errors import AccessDenied, InputError, NoSuchUpload, NotSupported
from s3gui.core.frozen import frozen, replace
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    AskedUpload,
    Destination,
    MultipartUpload,
    Transfer,
    TransferState,
)
from s3gui.engine.abort import abort_until_gone
from s3gui.engine.ports import Clock, ObjectStore, OpenUpload, TransferStore
from s3gui.engine.retry import PATIENCE, Retrier
from s3gui.engine.stop import Stop

_MOST_LISTED = 100_000
_WINDOW_SECONDS = 3600.0
"""How far the service's time of an upload may be from ours of the question: clocks differ."""

_UNWANTED = frozenset({TransferState.CANCELLED, TransferState.COMPLETED, TransferState.SKIPPED})


class Owner(StrEnum):
    """PROBABLY_OURS: asked for at that time under that key, but the answer never came."""

    OURS = "ours"
    PROBABLY_OURS = "probably-ours"
    OTHERS = "others"


@frozen
class Leftover:
    """One open upload. `parts` and `size_bytes` are None where the service does not tell.

    `transfer` is the row of the queue that has it; `started_at` is seconds since the epoch, by
    the service's clock where it tells, and None where nobody knows.
    """

    profile: Profile
    multipart: MultipartUpload
    owner: Owner
    started_at: float | None = None
    parts: int | None = None
    size_bytes: int | None = None
    transfer: Transfer | None = None
    asked_id: int = 0

    @property
    def is_wanted(self) -> bool:
        """Whether a row of the queue may still go on with it."""
        return self.transfer is not None and self.transfer.state not in _UNWANTED


@frozen
class Found:
    """`note` is a sentence for a person where the service did not tell all."""

    leftovers: list[Leftover]
    note: str = ""


class Leftovers:
    """Blocks. `store_for` gives live access for a profile and may raise S3guiError."""

    def __init__(
        self, journal: TransferStore, store_for: Callable[[Profile], ObjectStore], clock: Clock
    ) -> None:
        self._journal = journal
        self._store_for = store_for
        self._clock = clock

    def known(self) -> list[AskedUpload]:
        """What the journal names, without asking any service."""
        return self._journal.asked_uploads()

    def count_unwanted(self) -> int:
        """How many uploads the journal names that no transfer will go on with."""
        return sum(
            each.upload_id is not None
            and (each.transfer is None or each.transfer.state in _UNWANTED)
            for each in self.known()
        )

    def places(self) -> list[tuple[Profile, Destination]]:
        """The connections and buckets where the journal names something."""
        places: dict[tuple[str, str], tuple[Profile, Destination]] = {}
        for each in self.known():
            bucket = each.destination.bucket
            places[each.profile.id, bucket] = (each.profile, Destination(bucket))
        return list(places.values())

    def find(self, profile: Profile, within: Destination, *, with_others: bool = False) -> Found:
        """What is open below `within`. Raises S3guiError.

        Where the service does not list uploads, those that the journal names are looked at one
        by one, and what it cannot name stays unseen.
        """
        store = self._store_for(profile)
        asked = [
            each
            for each in self.known()
            if each.destination.bucket == within.bucket
            and each.destination.key.startswith(within.key)
        ]
        by_id = {each.upload_id: each for each in asked if each.upload_id is not None}
        unanswered = [each for each in asked if each.upload_id is None]
        ours = [each for each in by_id.values() if _is_same_service(each.profile, profile)]
        try:
            listed = list(islice(store.list_multipart_uploads(within), _MOST_LISTED))
        except (AccessDenied, NotSupported) as error:
            open_ones = [self._seen(store, _named(profile, each)) for each in ours]
            note = (
                f"{error.message} So only uploads that the queue names were looked at; what else "
                "is open there cannot be seen, and is left alone."
            )
            return Found([each for each in open_ones if each is not None], note)
        found = []
        for upload in listed:
            leftover = _described(profile, upload, by_id, unanswered)
            if with_others or leftover.owner is not Owner.OTHERS:
                seen = self._seen(store, leftover)
                if seen is not None:
                    found.append(seen)
        listed_ids = {upload.multipart.upload_id for upload in listed}
        for each in ours:
            if each.upload_id not in listed_ids:  # a list may be late
                seen = self._seen(store, _named(profile, each))
                if seen is not None:
                    found.append(seen)
        self._forget_unanswered(profile, unanswered, found)
        return Found(found)

    def abort(self, leftover: Leftover) -> None:
        """Drop it until nothing of it is left; the queue's row forgets it. Raises S3guiError."""
        transfer = None
        if leftover.transfer is not None:
            transfer = self._journal.transfer(leftover.transfer.id)
        if transfer is not None and transfer.state.is_active:
            raise InputError(
                f"“{transfer.name}” is being sent in this upload.", hint="Cancel the transfer."
            )
        store = self._store_for(leftover.profile)
        abort_until_gone(leftover.multipart, store, self._clock)
        self._forget(leftover, transfer)

    # Inside.

    def _seen(self, store: ObjectStore, leftover: Leftover) -> Leftover | None:
        """With its parts counted; None, and forgotten, where the service does not know it."""
        retrier = Retrier(self._clock, Stop(), PATIENCE)
        try:
            parts = retrier.call(lambda: store.list_parts(leftover.multipart))
        except NoSuchUpload:
            if leftover.asked_id:
                self._journal.forget_asked(leftover.asked_id)
            return None
        except (AccessDenied, NotSupported):
            return leftover
        return replace(leftover, parts=len(parts), size_bytes=sum(part.size for part in parts))

    def _forget(self, leftover: Leftover, transfer: Transfer | None) -> None:
        if leftover.asked_id:
            self._journal.forget_asked(leftover.asked_id)
        multipart = transfer.multipart if transfer is not None else None
        is_same = multipart is not None and multipart.upload_id == leftover.multipart.upload_id
        if transfer is not None and is_same:
            self._journal.forget_parts(transfer.id)
            self._journal.save(replace(transfer, multipart=None, sent_bytes=0))

    def _forget_unanswered(
        self, profile: Profile, unanswered: Sequence[AskedUpload], found: Iterable[Leftover]
    ) -> None:
        """Questions whose upload would be in the service's list by now if there were one."""
        still_open = {each.asked_id for each in found}
        latest = self._clock.now() - _WINDOW_SECONDS
        for each in unanswered:
            is_late = each.asked_at < latest and each.id not in still_open
            if is_late and _is_same_service(each.profile, profile):
                self._journal.forget_asked(each.id)


def _is_same_service(one: Profile, other: Profile) -> bool:
    """The driver, and a connection that was removed, are other ways to the same uploads."""
    return one.id == other.id or one.origin == other.origin


def _named(profile: Profile, asked: AskedUpload) -> Leftover:
    destination = asked.destination
    assert asked.upload_id is not None
    return Leftover(
        profile,
        MultipartUpload(destination.bucket, destination.key, asked.upload_id),
        Owner.OURS,
        started_at=asked.asked_at or None,
        transfer=asked.transfer,
        asked_id=asked.id,
    )


def _described(
    profile: Profile,
    upload: OpenUpload,
    by_id: dict[str, AskedUpload],
    unanswered: Sequence[AskedUpload],
) -> Leftover:
    started_at = upload.started_at.timestamp() if upload.started_at is not None else None
    asked = by_id.get(upload.multipart.upload_id)
    if asked is not None:
        named = _named(profile, asked)
        return replace(named, started_at=started_at or named.started_at)
    likely = next((each for each in unanswered if _may_be(each, upload, started_at)), None)
    if likely is None:
        return Leftover(profile, upload.multipart, Owner.OTHERS, started_at)
    return Leftover(profile, upload.multipart, Owner.PROBABLY_OURS, started_at, asked_id=likely.id)


def _may_be(asked: AskedUpload, upload: OpenUpload, started_at: float | None) -> bool:
    if asked.destination.key != upload.multipart.key:
        return False
    return started_at is None or abs(started_at - asked.asked_at) <= _WINDOW_SECONDS
