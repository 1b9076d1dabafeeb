"""What a large or conflicting drop would do, before it is done. Blocks nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from s3gui.core.transfer import ConflictRule
from s3gui.gui import review_text as say
from s3gui.gui.access_box import acl_title
from s3gui.gui.form import check_box, plain_label, set_style_property
from s3gui.gui.options_text import conflict_titles
from s3gui.gui.survey_run import Drop, SurveyRun
from s3gui.i18n import _

if TYPE_CHECKING:
    from s3gui.engine.survey import Survey

_LEAST_RULE_WIDTH = 160


class ReviewSheet(QFrame):
    """Counts go on while it is open; a start does not wait for them."""

    accepted = Signal(object)
    """The Drop, with what was chosen here."""

    cancelled = Signal()

    def __init__(
        self, drop: Drop, run: SurveyRun, bytes_per_second: float, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("card", True)
        self._drop = drop
        self._run = run
        self._bytes_per_second = bytes_per_second
        self._is_rule_suggested = False
        self.heading = plain_label(wrap=True)
        self.heading.setProperty("heading", True)
        self.state = plain_label(muted=True, wrap=True)
        self.busy = QProgressBar()
        self.busy.setRange(0, 0)
        self.busy.setTextVisible(False)
        self.busy.setFixedHeight(4)
        self.busy.setAccessibleName(_("Reading"))
        self.conflict_label = plain_label()
        self.conflict_rule = QComboBox()
        self.conflict_rule.setMinimumWidth(_LEAST_RULE_WIDTH)  # it gives way on a small screen
        self.conflict_rule.setAccessibleName(_("If a key exists already"))
        for rule, title in conflict_titles().items():
            self.conflict_rule.addItem(title, rule)
        self.conflict_rule.setCurrentIndex(self.conflict_rule.findData(drop.options.on_conflict))
        self.skip_junk = check_box("")
        self.skip_junk.setChecked(True)
        self.public = plain_label(wrap=True)
        self.public.setProperty("warning", True)
        self.warnings = plain_label(wrap=True)
        self.start = QPushButton(_("Start &upload"))
        self.start.setProperty("primary", True)
        self.cancel = QPushButton(_("Cancel"))
        self._lay_out()
        self.start.clicked.connect(self._accept)
        self.cancel.clicked.connect(self._cancel)
        run.changed.connect(self.show_survey)
        self.show_survey(run.survey)

    def show_survey(self, survey: Survey) -> None:
        self.heading.setText(say.heading(survey, self._drop.destination))
        self.setAccessibleName(self.heading.text())
        self.state.setText(say.state(survey, self._bytes_per_second))
        self.busy.setVisible(not survey.is_done)
        self._suggest_rule(survey)
        conflicts = say.conflicts(survey)
        self.conflict_label.setText(conflicts)
        set_style_property(self.conflict_label, "warning", bool(survey.conflicts))
        for widget in (self.conflict_label, self.conflict_rule):
            widget.setVisible(bool(conflicts))
        junk = say.junk(survey)
        self.skip_junk.setText(junk)
        self.skip_junk.setAccessibleName(junk.replace("&", ""))
        self.skip_junk.setVisible(bool(junk))
        self._show_public()
        warnings = say.warnings(survey)
        self.warnings.setText("\n".join(warnings))
        self.warnings.setVisible(bool(warnings))

    def _suggest_rule(self, survey: Survey) -> None:
        """Being asked already, nobody wants to be asked again for each file."""
        if survey.conflicts and not self._is_rule_suggested:
            self._is_rule_suggested = True
            if self.conflict_rule.currentData() == ConflictRule.FAIL:
                self.conflict_rule.setCurrentIndex(self.conflict_rule.findData(ConflictRule.SKIP))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._cancel()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self._accept()
        else:
            super().keyPressEvent(event)

    def _show_public(self) -> None:
        acl = self._drop.options.acl
        self.public.setVisible(acl.is_public)
        if acl.is_public:
            self.public.setText(
                _("Access: {title}. Everything in this upload gets it.").format(
                    title=acl_title(acl)
                )
            )

    def _lay_out(self) -> None:
        conflicts = QHBoxLayout()
        conflicts.setSpacing(8)
        conflicts.addWidget(self.conflict_label)
        conflicts.addWidget(self.conflict_rule)
        conflicts.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(6)
        words.addWidget(self.heading)
        words.addWidget(self.state)
        words.addWidget(self.busy)
        words.addLayout(conflicts)
        words.addWidget(self.skip_junk)
        words.addWidget(self.public)
        words.addWidget(self.warnings)
        buttons = QVBoxLayout()
        buttons.setSpacing(6)
        buttons.addWidget(self.start)
        buttons.addWidget(self.cancel)
        buttons.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 12, 12, 12)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addLayout(buttons)

    def _accept(self) -> None:
        self._run.cancel()
        rule = ConflictRule(self.conflict_rule.currentData())
        options = replace(self._drop.options, on_conflict=rule)
        chosen = replace(self._drop, options=options, skips_junk=self.skip_junk.isChecked())
        self.accepted.emit(chosen)

    def _cancel(self) -> None:
        self._run.cancel()
        self.cancelled.emit()
