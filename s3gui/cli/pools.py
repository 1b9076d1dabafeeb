"""An executor whose size is known later than itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class LatePool(Executor):
    """Threads whose number comes from the settings, which the workspace opens with the pools."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._pool: ThreadPoolExecutor | None = None

    def open(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=self._name)

    def submit(
        self, call: Callable[Parameters, Result], /, *args: Parameters.args, **kw: Parameters.kwargs
    ) -> Future[Result]:
        if self._pool is None:
            raise RuntimeError(f"the pool of {self._name} was not opened")
        return self._pool.submit(call, *args, **kw)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002 - Executor's signature
        if self._pool is not None:
            self._pool.shutdown(wait, cancel_futures=cancel_futures)
