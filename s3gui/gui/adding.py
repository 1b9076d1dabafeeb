"""The one road of everything that is dropped, pasted or chosen: looked through, then queued."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from s3gui.core.archive import SourceKind
from s3gui.core.profile import Profile
from s3gui.core.settings import Settings
from s3gui.core.transfer import ConflictRule, Destination, UploadOptions
from s3gui.engine.ports import ObjectStore
from s3gui.gui.background import Background
from s3gui.gui.queue_commands import QueueCommands
from s3gui.gui.survey_run import Drop, SurveyRun

if TYPE_CHECKING:
    from s3gui.engine.survey import Survey
    from s3gui.gui.review_sheet import ReviewSheet

_PATIENCE_MILLISECONDS = 1_500
"""For looking up keys, before a small drop starts without: each is checked when it is sent."""


class ReviewArea(QWidget):
    """Where the sheets lie, one below the other; hidden while there is none."""

    added = Signal(object)
    """A ReviewSheet."""

    filled = Signal(bool)
    """Whether there is one now."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._sheets: list[ReviewSheet] = []
        self.hide()

    @property
    def sheets(self) -> list[ReviewSheet]:
        return [each for each in self._sheets if not each.isHidden()]

    def add(self, sheet: ReviewSheet) -> None:
        self._column.addWidget(sheet)
        self._sheets.append(sheet)
        self.show()
        sheet.start.setFocus()
        self.added.emit(sheet)
        self.filled.emit(True)

    def take(self, sheet: ReviewSheet) -> None:
        sheet.hide()
        self._sheets = [each for each in self._sheets if each is not sheet]
        self._column.removeWidget(sheet)
        sheet.deleteLater()
        self.setVisible(bool(self.sheets))
        self.filled.emit(bool(self.sheets))


class Adding(QObject):
    """Small drops without conflicts start at once, others when their sheet says so."""

    failed = Signal(object)
    """The S3guiError for which a drop cannot go there."""

    def __init__(
        self,
        area: ReviewArea,
        background: Background,
        speed: Callable[[], float],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._area = area
        self._background = background
        self._speed = speed
        self._commands: QueueCommands | None = None
        self._runs: set[SurveyRun] = set()
        self.files_without_review = Settings().files_without_review

    @property
    def is_looking(self) -> bool:
        """Whether something that was dropped is neither queued nor put away yet."""
        return bool(self._runs or self._area.sheets)

    def attach(self, commands: QueueCommands) -> None:
        self._commands = commands

    def use(self, settings: Settings) -> None:
        self.files_without_review = settings.files_without_review

    def add(self, drop: Drop, store: ObjectStore | None) -> None:
        run = SurveyRun(drop.paths, drop.destination, store, self._background, self)
        self._runs.add(run)
        _Decision(self, drop, run)

    def queue(self, drop: Drop) -> None:
        if self._commands is not None:
            self._commands.add(
                list(drop.paths), drop.destination, drop.options, drop.profile, drop.choose
            )

    def archive(
        self,
        folder: str,
        destination: Destination,
        options: UploadOptions,
        profile: Profile,
        kind: SourceKind,
    ) -> None:
        """One folder as one object: there is nothing to look through first."""
        if self._commands is not None:
            self._commands.add_archive(folder, destination, options, profile, kind)

    def review(self, drop: Drop, run: SurveyRun) -> None:
        from s3gui.gui.review_sheet import ReviewSheet

        sheet = ReviewSheet(drop, run, self._speed(), self._area)

        def leave() -> None:
            self._area.take(sheet)
            self.forget(run)

        sheet.accepted.connect(self.queue)
        sheet.accepted.connect(leave)
        sheet.cancelled.connect(leave)
        self._area.add(sheet)

    def forget(self, run: SurveyRun) -> None:
        self._runs.discard(run)
        run.cancel()
        run.deleteLater()

    def stop(self) -> None:
        """The window closes: nothing that was not started is looked through any more."""
        for run in self._runs:
            run.cancel()


class _Decision(QObject):
    """Whether a drop starts by itself, made as soon as enough is known."""

    def __init__(self, adding: Adding, drop: Drop, run: SurveyRun) -> None:
        super().__init__(run)
        self._adding = adding
        self._drop = drop
        self._run = run
        self._is_made = False
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._lose_patience)
        self._patience.start(_PATIENCE_MILLISECONDS)
        run.changed.connect(self._look)
        run.failed.connect(self._fail)

    def _look(self, survey: Survey) -> None:
        asks = self._drop.options.on_conflict is ConflictRule.FAIL
        if survey.files > self._adding.files_without_review or (survey.conflicts and asks):
            self._make(self._adding.review)
        elif survey.is_done or (survey.is_scanned and not asks):
            self._make(self._start)

    def _lose_patience(self) -> None:
        is_small = self._run.survey.is_scanned
        self._make(self._start if is_small else self._adding.review)

    def _start(self, drop: Drop, run: SurveyRun) -> None:
        self._adding.forget(run)
        self._adding.queue(drop)

    def _fail(self, error: object) -> None:
        if not self._is_made:
            self._adding.failed.emit(error)
            self._make(lambda _drop, run: self._adding.forget(run))

    def _make(self, act: Callable[[Drop, SurveyRun], None]) -> None:
        if not self._is_made:
            self._is_made = True
            self._patience.stop()
            act(self._drop, self._run)
