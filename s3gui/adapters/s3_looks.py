"""What can be asked of a service beside uploading: how it answers, what it does, what it holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from s3gui.core.profile import Credentials, Profile
from s3gui.core.transfer import Destination
from s3gui.engine.clock import SystemClock

if TYPE_CHECKING:
    from s3gui.adapters.s3_clients import Prompter
    from s3gui.core.inspection import Inspection
    from s3gui.engine.probe import ProbeReport
    from s3gui.engine.proof import Prover


class Looks:
    """Connects anew for each, and loads what it needs only then. Blocks; raises S3guiError.

    `credentials` take the place of `credentials_of(profile)` where they are not saved yet.
    """

    def __init__(
        self,
        credentials_of: Callable[[Profile], Credentials | None],
        prompter: Prompter | None,
    ) -> None:
        self._credentials_of = credentials_of
        self._prompter = prompter

    def inspect(self, profile: Profile, credentials: Credentials | None = None) -> Inspection:
        """A look that writes nothing."""
        from s3gui.adapters.s3_inspect import inspect

        return inspect(profile, self._given(profile, credentials), self._prompter)

    def probe(
        self, profile: Profile, prefix: Destination, credentials: Credentials | None = None
    ) -> ProbeReport:
        """Small objects below `prefix` are stored and deleted: only after a person's yes."""
        from s3gui.adapters.s3_browse import connect_for_probing
        from s3gui.engine.probe import probe

        given = self._given(profile, credentials)
        opens = connect_for_probing(profile, given, self._prompter)
        return probe(opens, profile.provider, prefix, SystemClock())

    def prover(self, profile: Profile) -> Prover:
        """Compares files with objects, by checksums."""
        from s3gui.adapters.s3_evidence import connect_for_evidence, sums
        from s3gui.engine.proof import Prover

        given = self._given(profile, None)
        store = connect_for_evidence(profile, given, self._prompter)
        return Prover(store, sums(), SystemClock())

    def _given(self, profile: Profile, credentials: Credentials | None) -> Credentials | None:
        profile.check()
        return credentials or self._credentials_of(profile)
