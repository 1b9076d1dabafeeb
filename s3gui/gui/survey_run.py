"""A survey of one drop, made in the background and told as it grows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from s3gui.core.errors import S3guiError
from s3gui.core.frozen import frozen
from s3gui.core.junk import is_junk
from s3gui.core.preferences import Preferences
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.ports import ObjectStore
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.gui.background import Background
from s3gui.gui.crossing import Crossing

if TYPE_CHECKING:
    from s3gui.engine.scan import Found
    from s3gui.engine.survey import Survey

_TOLD_EVERY_SECONDS = 0.1
_KEPT = 256


@frozen
class Drop:
    """Paths on their way to a place, and how they are to be stored there."""

    paths: tuple[str, ...]
    destination: Destination
    options: UploadOptions
    profile: Profile
    preferences: Preferences = Preferences()
    skips_junk: bool = True

    def choose(self, found: Found) -> UploadOptions | None:
        """What `TransferQueue.add` asks for each file."""
        key = found.destination.key
        if self.skips_junk and is_junk(key):
            return None
        if self.options.content_type is None:
            return _of_type(self.options, self.preferences.content_type(key))
        return self.options


@lru_cache(_KEPT)
def _of_type(options: UploadOptions, content_type: str | None) -> UploadOptions:
    """The same for all files of a kind: of a million, none is made for each."""
    return replace(options, content_type=content_type)


class SurveyRun(QObject):
    """`changed` comes at most ten times a second, and once at the end."""

    changed = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        paths: Sequence[str],
        destination: Destination,
        store: ObjectStore | None,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        from s3gui.engine.survey import Survey

        self.survey = Survey()
        self._stop = Stop()
        self._surveys = Crossing(self._take)
        background.run(lambda: self._run(paths, destination, store), self._take, self._fail)

    def cancel(self) -> None:
        """Leave off; nothing is told any more."""
        self._stop.request(StopReason.CANCELLED)

    def _run(
        self, paths: Sequence[str], destination: Destination, store: ObjectStore | None
    ) -> Survey:
        """In a worker."""
        from s3gui.engine.survey import survey

        newest, told_at = self.survey, 0.0
        was_scanned = False
        try:
            for newest in survey(paths, destination, store, self._stop):
                now = time.monotonic()
                if now - told_at > _TOLD_EVERY_SECONDS or newest.is_scanned != was_scanned:
                    told_at, was_scanned = now, newest.is_scanned
                    self._surveys.send(newest)
        except Stopped:
            self._stop.request(StopReason.CANCELLED)
        return newest

    def _take(self, survey: Survey) -> None:
        if not self._stop.is_requested and not self.survey.is_done:
            self.survey = survey
            self.changed.emit(survey)

    def _fail(self, error: S3guiError) -> None:
        if not self._stop.is_requested:
            self.failed.emit(error)
