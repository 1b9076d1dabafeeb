"""While the service is asked: what botocore raises comes out as an error of s3gui's."""

from __future__ import annotations

from types import TracebackType

from s3gui.core.errors import S3guiError
from s3gui.core.transfer import Destination


class Asking:
    """A context. Plainer, and quicker, than a generator: there are two for each small file."""

    __slots__ = ("_about", "_host")

    def __init__(self, host: str, about: Destination | None) -> None:
        self._host = host
        self._about = about

    def __enter__(self) -> None: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception) or isinstance(error, S3guiError):
            return
        from s3gui.adapters.s3_errors import WHAT_BOTOCORE_RAISES, s3gui_error

        if isinstance(error, WHAT_BOTOCORE_RAISES):
            raise s3gui_error(error, host=self._host, destination=self._about) from error
