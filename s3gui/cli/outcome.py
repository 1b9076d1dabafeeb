"""How a run ended, and the sentence that says so."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from s3gui.cli.exits import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE
from s3gui.cli.failures import NO_FAILURES, Failures, error_sentence
from s3gui.core.errors import InputError, S3guiError
from s3gui.core.frozen import frozen
from s3gui.core.text import format_duration, format_rate, format_size, visible
from s3gui.core.transfer import Transfer, TransferState
from s3gui.engine.ports import Count
from s3gui.i18n import _, ngettext

_WORTH_A_RATE_BYTES = 10_000_000
_WELL_ENDED = frozenset({TransferState.COMPLETED, TransferState.SKIPPED})


@frozen
class Outcome:
    """`error` is what ended the whole run.

    `is_kept`: whether the queue on the disk still holds what did not end well. `is_all_found`:
    whether the folders were read to their end. `has_left_off`: False while workers still hang in
    a request that nobody answers.
    """

    counts: Mapping[TransferState, Count] = MappingProxyType({})
    seconds: float = 0.0
    earlier_bytes: int = 0
    is_interrupted: bool = False
    is_all_found: bool = True
    is_kept: bool = True
    has_left_off: bool = True
    failures: Failures = NO_FAILURES
    error: S3guiError | None = None
    last_stored: Transfer | None = None

    @property
    def files(self) -> int:
        return sum(count.files for count in self.counts.values())

    def files_in(self, state: TransferState) -> int:
        return self.counts[state].files if state in self.counts else 0

    @property
    def stored_bytes(self) -> int:
        stored = self.counts.get(TransferState.COMPLETED)
        return stored.bytes if stored is not None else 0

    @property
    def is_all_well(self) -> bool:
        return self.error is None and all(
            state in _WELL_ENDED for state, count in self.counts.items() if count.files
        )

    @property
    def exit_code(self) -> int:
        if self.is_interrupted and not (self.is_all_well and self.is_all_found and self.files):
            return EXIT_INTERRUPTED
        if self.is_all_well:
            return EXIT_OK
        if isinstance(self.error, InputError) and not self.files:
            return EXIT_USAGE
        return EXIT_FAILED

    def sentences(self) -> list[str]:
        """What to say to a person at the end, failures apart."""
        if self.error is not None:
            told = [error_sentence(self.error)]
            return [*told, *self._numbers(), *self._how_to_go_on()] if self.files else told
        return [*self._numbers(), *self._how_to_go_on()]

    def _numbers(self) -> list[str]:
        stored, skipped = (self.files_in(state) for state in sorted(_WELL_ENDED))
        failed = self.files_in(TransferState.FAILED)
        if not self.files:
            return [] if self.is_interrupted else [_("There is nothing to upload.")]
        if self.files == 1 and self.last_stored is not None:
            what = visible(str(self.last_stored.destination))
        else:
            what = ngettext("{count} file", "{count} files", stored).format(count=f"{stored:,}")
        text = _("Stored and verified {what} ({size}) in {time}").format(
            what=what, size=format_size(self.stored_bytes), time=_duration(self.seconds)
        )
        moved_bytes = self.stored_bytes - self.earlier_bytes
        if moved_bytes >= _WORTH_A_RATE_BYTES:
            text += f", {format_rate(moved_bytes / self.seconds)}"
        if not stored:
            text = _("Nothing was stored")
        others = (
            (_("{count} skipped because the key exists"), skipped),
            (_("{count} failed"), failed),
            (_("{count} not finished"), self.files - stored - skipped - failed),
        )
        told = [state.format(count=f"{count:,}") for state, count in others if count]
        return [f"{'; '.join([text, ', '.join(told)]) if told else text}."]

    def _how_to_go_on(self) -> list[str]:
        failed = self.files_in(TransferState.FAILED)
        unfinished = self.files - failed - sum(map(self.files_in, _WELL_ENDED))
        if not self.is_all_found:
            return [
                _(
                    "Interrupted before every folder was read to its end: run the same command "
                    "again, with --on-conflict skip for what is stored already."
                )
            ]
        if unfinished and self.is_kept:
            return [_("What was sent is kept: go on with “s3gui resume”, or in the window.")]
        if not unfinished and all(group.needs_a_change for group in self.failures):
            return []
        if failed and self.is_kept:
            return [_("To try again: “s3gui resume --failed”, or in the window.")]
        again = _(
            "To try again, run the same command again, with --on-conflict skip for what is stored "
            "already."
        )
        return [again] if unfinished or failed else []


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < 10 else format_duration(seconds)
