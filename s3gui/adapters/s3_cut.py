"""What it means that the watch has cut a connection, in words a person understands."""

from __future__ import annotations

from s3gui.adapters.s3_watch import Cut, Exchange
from s3gui.core.errors import Unreachable

_SENTENCES = {
    Cut.SILENT: "{host} cannot be reached: it went silent.",
    Cut.LATE: "{host} did not finish its answer in time.",
    Cut.UNOPENED: "{host} cannot be reached: it did not answer in time.",
    Cut.UNOPENED_BY_PROXY: "{host} cannot be reached: the proxy did not find it in time.",
    Cut.ASLEEP: "This computer was asleep, and its connection to {host} did not survive it.",
}
_NOT_CONNECTED = frozenset({Cut.UNOPENED, Cut.UNOPENED_BY_PROXY})


def check_cut(exchange: Exchange, host: str) -> None:
    """Raise what it means that the watch has cut the exchange, if it has."""
    cut = exchange.cut
    if cut is None:
        return
    if cut is Cut.STOPPED:
        exchange.check_stop()
    raise Unreachable(_SENTENCES[cut].format(host=host), was_connected=cut not in _NOT_CONNECTED)
