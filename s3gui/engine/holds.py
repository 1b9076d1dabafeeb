"""What keeps all transfers of a connection from going on, and until when.

A network that is away, credentials that expired, a clock that is wrong: each is one cause, told
once, and no transfer fails for it. Whoever met it waits, and nobody else is sent to meet it too.
"""

from __future__ import annotations

from s3gui.core.errors import (
    AccessDenied,
    AclRefused,
    ClockSkewed,
    CredentialsExpired,
    CredentialsMissing,
    CredentialsRefused,
    Failure,
    JournalDamaged,
    JournalUnwritable,
    KeyringUnavailable,
    NoSuchBucket,
    S3guiError,
    Unreachable,
)
from s3gui.core.frozen import frozen
from s3gui.core.transfer import Destination, WaitingFor

_CAUSES: tuple[tuple[type[S3guiError], WaitingFor], ...] = (
    (Unreachable, WaitingFor.NETWORK),
    (CredentialsExpired, WaitingFor.CREDENTIALS),
    (CredentialsMissing, WaitingFor.CREDENTIALS),
    (CredentialsRefused, WaitingFor.CREDENTIALS),
    (KeyringUnavailable, WaitingFor.CREDENTIALS),
    (ClockSkewed, WaitingFor.CLOCK),
    (JournalUnwritable, WaitingFor.DISK),
)

_MET_BY_THE_WHOLE_BATCH = (NoSuchBucket, AclRefused)
_MET_BY_PERHAPS_THE_WHOLE_BATCH = (AccessDenied,)
_REFUSALS_THAT_SUFFICE = 3
"""A policy may refuse a single key; when it refuses so many in a row it refuses them all."""


@frozen
class Hold:
    """Why a connection is held. `destination` is what the next look at the service asks for."""

    waiting_for: WaitingFor
    failure: Failure
    destination: Destination

    @property
    def is_for_disk(self) -> bool:
        return self.waiting_for is WaitingFor.DISK

    @property
    def ends_by_itself(self) -> bool:
        """Whether looking again can end it; credentials, and a damage, need a person."""
        is_damage = self.failure.code == JournalDamaged.code
        return self.waiting_for is not WaitingFor.CREDENTIALS and not is_damage


def hold_for(error: S3guiError, destination: Destination) -> Hold | None:
    """The hold that an error means for its connection, if it does."""
    for kind, waiting_for in _CAUSES:
        if isinstance(error, kind):
            return Hold(waiting_for, error.failure(), destination)
    return None


class Refusals:
    """Counts what a batch is refused, so that one cause is met once and not ten thousand times."""

    def __init__(self) -> None:
        self._in_a_row: dict[int, int] = {}

    def succeeded(self, batch_id: int) -> None:
        self._in_a_row.pop(batch_id, None)

    def is_whole_batch(self, batch_id: int, error: S3guiError) -> bool:
        """Whether the rest of the batch would certainly meet the same refusal."""
        if isinstance(error, _MET_BY_THE_WHOLE_BATCH):
            return True
        if not isinstance(error, _MET_BY_PERHAPS_THE_WHOLE_BATCH):
            return False
        self._in_a_row[batch_id] = self._in_a_row.get(batch_id, 0) + 1
        return self._in_a_row[batch_id] >= _REFUSALS_THAT_SUFFICE
