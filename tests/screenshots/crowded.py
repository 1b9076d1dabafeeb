"""Everything at once that comes and goes in the window, each thing asking for room."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from s3gui.core.acl import CannedAcl
from s3gui.core.errors import AlreadyExists, Unreachable
from s3gui.core.events import ConnectionHeld
from s3gui.core.transfer import TransferState, UploadOptions, WaitingFor
from s3gui.engine.survey import Survey
from s3gui.gui.survey_run import Drop, SurveyRun
from s3gui.gui.work_round import RoundSummary
from tests.gui.queue_rows import QueueRows
from tests.screenshots.stage import PLACE, PROFILE, Stage


def crowded(stage: Stage) -> QWidget:
    stage.connect()
    workspace, window = stage.session.workspace, stage.window
    assert workspace is not None
    rows = QueueRows(workspace.transfers, stage.session.signals.publish)
    for number in range(4):
        for each in rows.add(3, rows.batch(f"Card {number}", PLACE), size=48_000_000):
            rows.change(each, TransferState.FAILED, failure=AlreadyExists().failure())
    unreachable = Unreachable("s3.eu-central-1.amazonaws.com cannot be reached.")
    rows.publish(ConnectionHeld(PROFILE.id, WaitingFor.NETWORK, unreachable.failure()))
    stage.until(window.transfers.banner.isVisible)
    stage.until(window.transfers.held.isVisible)
    window.transfers.search.open()
    window.beside.card.show_round(RoundSummary(1204, 154_000_000_000, 154_000_000_000, 640.0, 3))
    drop = Drop(("/a",), PLACE, UploadOptions(acl=CannedAcl.PUBLIC_READ), PROFILE)
    run = SurveyRun([], PLACE, None, stage.session.background)
    run.cancel()
    window.adding.review(drop, run)
    [sheet] = window.reviews.sheets
    sheet.show_survey(Survey(12, 3_000_000, 2, 1, 1, 1, 1, 3, is_scanned=True))
    window.show_error(unreachable)
    window.keyring._say_for_session(PROFILE)
    window.resize(1_300, 690)
    return window
