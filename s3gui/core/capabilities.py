"""What a probe learnt of a service, beside what is known of its kind."""

from __future__ import annotations

from s3gui.core.frozen import frozen, replace
from s3gui.core.provider import Provider


@frozen
class Capabilities:
    """None where the probe could not tell.

    `checksum` names the full-object checksum that the service compares and keeps, and is empty
    where there is none. `acls`: whether it takes ACLs on objects at all; a bucket may refuse them
    all the same. `probed_at` is seconds since the epoch.
    """

    checksum: str | None = None
    conditional_writes: bool | None = None
    conditional_replaces: bool | None = None
    acls: bool | None = None
    probed_at: float = 0.0

    def of(self, provider: Provider) -> Provider:
        """The kind of service as this one of it really is."""
        checksum = provider.checksum if self.checksum is None else self.checksum or None
        return replace(
            provider,
            checksum=checksum,
            conditional_writes=_known(self.conditional_writes, provider.conditional_writes),
            conditional_replaces=_known(self.conditional_replaces, provider.conditional_replaces),
            acls=_known(self.acls, provider.acls),
        )


def _known(found: bool | None, otherwise: bool) -> bool:  # noqa: FBT001 - two answers to one question
    return otherwise if found is None else found
