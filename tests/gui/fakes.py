"""Stand-ins for the engine's queue: they remember what was asked of them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence


class FakeRanking:
    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note

    def send_first(self, ids: Sequence[int]) -> None:
        self._note("send_first", list(ids))

    def send_last(self, ids: Sequence[int]) -> None:
        self._note("send_last", list(ids))

    def send_before(self, ids: Sequence[int], before: int) -> None:
        self._note("send_before", list(ids), before)


class FakeQueue:
    """Notes every call as (name, ids), and that it did not come from the GUI thread."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []
        self.threads: set[int] = set()
        self.called = threading.Event()
        self.ranking = FakeRanking(self._note)

    def _note(self, *call: object) -> None:
        self.threads.add(threading.get_ident())
        self.calls.append(call)
        self.called.set()

    def add(self, paths, destination, options, profile, *, name="", stop=None, choose=None):
        self.choose = choose
        self._note("add", list(paths), destination, options, profile)

    def add_archive(self, folder, destination, options, profile, kind):
        self._note("add_archive", folder, destination, options, profile, kind)

    def start(self) -> None:
        self._note("start")

    def pause(self, ids: Sequence[int]) -> None:
        self._note("pause", list(ids))

    def resume(self, ids: Sequence[int]) -> None:
        self._note("resume", list(ids))

    def retry(self, ids: Sequence[int]) -> None:
        self._note("retry", list(ids))

    def cancel(self, ids: Sequence[int]) -> None:
        self._note("cancel", list(ids))

    def remove(self, ids: Sequence[int]) -> None:
        self._note("remove", list(ids))

    def pause_all(self) -> None:
        self._note("pause_all")

    def resume_all(self) -> None:
        self._note("resume_all")

    def retry_failed(self) -> None:
        self._note("retry_failed")

    def release(self, profile_id: str) -> None:
        self._note("release", profile_id)
