"""Clients whose requests are broken off soon after a stop is requested."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s3gui.adapters.s3_answers import Answer
from s3gui.adapters.s3_watch import Watch
from s3gui.engine.stop import Stop


class HeedingClients:
    """As `s3_clients.Clients`, for one transfer; a small one uses its sender only."""

    __slots__ = ("_clients", "_stop")

    def __init__(self, clients: Any, stop: Stop) -> None:
        self._clients = clients
        self._stop = stop

    @property
    def browse(self) -> Any:
        return _Heeding(self._clients.browse, self._clients.watch, self._stop)

    @property
    def transfer(self) -> Any:
        return _Heeding(self._clients.transfer, self._clients.watch, self._stop)

    @property
    def anonymous(self) -> Any:
        return self._clients.anonymous

    @property
    def sender(self) -> Any:
        return _Heeding(self._clients.sender, self._clients.watch, self._stop)

    def heeding(self, stop: Stop) -> HeedingClients:
        return HeedingClients(self._clients, stop)


class _Heeding:
    def __init__(self, client: Any, watch: Watch, stop: Stop) -> None:
        self._client = client
        self._watch = watch
        self._stop = stop

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = getattr(self._client, name)

        def heeding(*arguments: Any, **parameters: Any) -> Any:
            with self._watch.heeding(self._stop):
                return call(*arguments, **parameters)

        return heeding

    def begin(self, *arguments: Any) -> Callable[[], Answer]:
        heeding = self._watch.heeding(self._stop)
        with heeding:
            answer_of = self._client.begin(*arguments)

        def end() -> Answer:
            with heeding:
                answer: Answer = answer_of()
                return answer

        return end
