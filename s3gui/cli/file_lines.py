"""Which files get a line of their own: the few, never the thousands."""

from __future__ import annotations

from s3gui.cli.failures import Failures, failure_sentence, source_name
from s3gui.core.events import Event, TransferChanged, TransfersAdded
from s3gui.core.text import format_size, visible
from s3gui.core.transfer import Transfer, TransferState
from s3gui.i18n import _

_FEW = 20
_FAILURES_TOLD_OF_FEW = 10
_FAILURES_TOLD_OF_MANY = 3


class FileLines:
    """Says what became of a file, while there are few enough to be read."""

    def __init__(self) -> None:
        self._files = 0
        self._told = Failures()

    def line(self, event: Event) -> str | None:
        if isinstance(event, TransferChanged):
            if event.transfer.state is TransferState.FAILED:
                return self._failed(event.transfer)
            if 1 < self._files <= _FEW:
                return self._ended(event.transfer)
        elif isinstance(event, TransfersAdded):
            self._files += len(event.ids)
        return None

    def closing(self, failures: Failures) -> list[str]:
        """The failures in groups, unless each was told already."""
        if len(failures) == len(self._told):
            return []
        return [group.sentence() for group in failures]

    def _failed(self, transfer: Transfer) -> str | None:
        failure = transfer.failure
        most = _FAILURES_TOLD_OF_FEW if self._files <= _FEW else _FAILURES_TOLD_OF_MANY
        if failure is None or len(self._told) >= most or not self._told.add(transfer):
            return None
        return failure_sentence(source_name(transfer), failure)

    def _ended(self, transfer: Transfer) -> str | None:
        where = visible(str(transfer.destination))
        if transfer.state is TransferState.COMPLETED:
            size = format_size(transfer.size or 0)
            return _("Stored {place} ({size})").format(place=where, size=size)
        if transfer.state is TransferState.SKIPPED:
            return _("Skipped {place}: it exists already.").format(place=where)
        return None
