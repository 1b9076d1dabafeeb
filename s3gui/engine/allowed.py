"""In which states a transfer may be paused, resumed, retried, cancelled."""

from __future__ import annotations

from s3gui.core.transfer import ACTIVE_STATES, TransferState

LEFT = ACTIVE_STATES | {TransferState.WAITING}
WAITING = frozenset({TransferState.QUEUED, TransferState.WAITING})
RESUMABLE = frozenset({TransferState.PAUSED, TransferState.WAITING})
RETRYABLE = frozenset({TransferState.FAILED, TransferState.CANCELLED, TransferState.SKIPPED})
CANCELLABLE = frozenset(TransferState) - {
    TransferState.COMPLETED,
    TransferState.CANCELLED,
    TransferState.SKIPPED,
}
