"""What must hold of the key when the object is made, by the transfer's conflict rule."""

from __future__ import annotations

from collections.abc import Iterator

from s3gui.core.errors import AccessDenied, AlreadyExists, ObjectChanged
from s3gui.core.frozen import replace
from s3gui.core.transfer import ConflictRule, Destination, StoredObject, Transfer
from s3gui.engine.conflict import names_to_try
from s3gui.engine.ports import ObjectStore
from s3gui.engine.record import Record
from s3gui.engine.retry import Retrier

_REPLACING = frozenset({ConflictRule.REPLACE, ConflictRule.REPLACE_IF_UNCHANGED})


class Precondition:
    """The service enforces it with the request that makes the object, where it can.

    Where it cannot, the key is looked at right before that request, which is not atomic: what
    another writes between the look and the request is overwritten.
    """

    def __init__(self, store: ObjectStore, record: Record, retrier: Retrier) -> None:
        self._store = store
        self._record = record
        self._retrier = retrier

    @property
    def only_if_absent(self) -> bool:
        rule = self._transfer.options.on_conflict
        return rule not in _REPLACING or (self._expects_one and not self._transfer.options.if_match)

    @property
    def only_if_etag(self) -> str | None:
        return (self._transfer.options.if_match or None) if self._expects_one else None

    @property
    def is_any(self) -> bool:
        """Whether the object may be refused for what is there."""
        return self.only_if_absent or self.only_if_etag is not None

    def destinations(self, *, ask_first: bool) -> Iterator[Destination]:
        """Where to put it: one place, or the next free name where both are to be kept.

        Raises AlreadyExists early rather than after the last part, where `ask_first`.
        """
        self._note_what_is_there()
        for destination in names_to_try(self._transfer):
            is_open = self._transfer.multipart is not None
            if not (ask_first and self.only_if_absent) or is_open or self.head(destination) is None:
                yield destination

    def check(self) -> None:
        """Right before the request that makes the object, where the service does not check.

        Raises AlreadyExists and ObjectChanged.
        """
        can = self._store.provider
        is_enforced = can.conditional_writes if self.only_if_absent else can.conditional_replaces
        if self.is_any and not is_enforced:
            seen = self.head(self._transfer.destination)
            if self.is_taken_by(seen):
                raise self.error()

    def is_taken_by(self, seen: StoredObject | None) -> bool:
        """Whether what is there must stay."""
        if self.only_if_absent:
            return seen is not None
        expected = self.only_if_etag
        return expected is not None and (seen is None or seen.etag != expected)

    def error(self) -> AlreadyExists:
        key = self._transfer.destination.key
        if self._expects_one and self._transfer.options.if_match:
            return ObjectChanged(f"“{key}” is no longer the object that was to be replaced.")
        return AlreadyExists(f"“{key}” already exists in the bucket.")

    def head(self, destination: Destination) -> StoredObject | None:
        try:
            return self._look(destination)
        except AccessDenied:
            return None  # may write but not look: the condition on the last request decides

    def _look(self, destination: Destination) -> StoredObject | None:
        return self._retrier.call(lambda: self._store.head(destination), self._record.asked_in_vain)

    @property
    def _transfer(self) -> Transfer:
        return self._record.transfer

    @property
    def _expects_one(self) -> bool:
        return self._transfer.options.on_conflict is ConflictRule.REPLACE_IF_UNCHANGED

    def _note_what_is_there(self) -> None:
        """Saved before anything is sent: a later run must not take another object for the same."""
        options = self._transfer.options
        if not self._expects_one or options.if_match is not None:
            return
        try:
            seen = self._look(self._transfer.destination)
        except AccessDenied as error:
            raise AccessDenied(
                f"“{self._transfer.destination.key}” cannot be looked at, so nobody can tell "
                "whether it changes.",
                hint="Choose “replace” for objects that you may write but not read.",
            ).quoting(error) from error
        etag = seen.etag if seen is not None else ""
        self._record.change(options=replace(options, if_match=etag))
