"""What each picture shows: a name, and how the window comes to look like that."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.acl import CannedAcl
from s3gui.core.capabilities import Capabilities
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions
from s3gui.engine.clock import SystemClock
from s3gui.engine.leftovers import Leftovers
from s3gui.engine.probe import ProbeReport
from s3gui.gui.archive_dialog import ArchiveDialog
from s3gui.gui.code_prompt import CodeDialog
from s3gui.gui.leftovers_dialog import LeftoversDialog
from s3gui.gui.link_expiry import LinkExpiryDialog
from s3gui.gui.probe_dialog import ProbeDialog
from s3gui.gui.sign_in import SignInDialog
from tests.fakes.object_store import FakeObjectStore
from tests.gui.fake_states import fill
from tests.screenshots.stage import Stage

Scene = Callable[[Stage], QWidget]


def welcome(stage: Stage) -> QWidget:
    stage.window.welcome.set_aws_profiles(["default", "photos-admin"])
    return stage.window


def empty(stage: Stage) -> QWidget:
    stage.connect(objects=False)
    return stage.window


def busy(stage: Stage) -> QWidget:
    """Every state of a transfer, and so also what failed and what is paused."""
    stage.connect()
    stage.keep_something()
    workspace = stage.session.workspace
    assert workspace is not None
    seconds = iter(range(1, 100))
    fill(workspace.transfers, stage.session.signals.publish, lambda _: stage.settle(next(seconds)))
    stage.until(lambda: "1" in stage.window.transfers.pill_buttons.button(0).text())
    stage.settle(1)
    return stage.window


def inspector(stage: Stage) -> QWidget:
    busy(stage)
    view = stage.window.transfers.view
    view.scrollToTop()
    view.selectRow(1)
    stage.window.toggle_inspector()
    return stage.window


def link_expiry(stage: Stage) -> QWidget:
    LinkExpiryDialog(stage.window).open()
    return stage.dialog()


def review(stage: Stage) -> QWidget:
    stage.connect()
    stage.window.adding.files_without_review = 10
    stage.window.place_card.destination_bar.access._choose(CannedAcl.PUBLIC_READ)
    stage.window.add([str(path) for path in stage.card_of_photos()])
    stage.until(lambda: bool(stage.window.reviews.sheets))
    sheet = stage.window.reviews.sheets[0]
    stage.until(lambda: not sheet.busy.isVisible())
    return stage.window


def archive(stage: Stage) -> QWidget:
    stage.connect()
    folder = Path("/data/microscope/run 17")
    ArchiveDialog(folder, Destination("photos", "runs/"), stage.window).open()
    return stage.dialog()


def settings(stage: Stage) -> QWidget:
    stage.window.dialogs.settings()
    return stage.dialog()


def add_connection(stage: Stage) -> QWidget:
    stage.window._edit_profile()
    return stage.dialog()


def mfa_code(stage: Stage) -> QWidget:
    CodeDialog("Enter MFA code for arn:aws:iam::123456789012:mfa/ada: ", stage.window).open()
    return stage.dialog()


def sign_in(stage: Stage) -> QWidget:
    command = ["aws", "sso", "login", "--profile", "photos-admin"]
    SignInDialog(Profile("1", "photos-admin", aws_profile="p"), command, stage.window).open()
    return stage.dialog()


def probe(stage: Stage) -> QWidget:
    found = Capabilities("CRC64NVME", conditional_writes=True, conditional_replaces=True, acls=True)
    dialog = ProbeDialog(
        lambda _place: ProbeReport(found),
        stage.session.background,
        Destination("scratch", "tests/"),
        stage.window,
    )
    dialog.open()
    dialog.accept_button.click()
    stage.until(lambda: "CRC64NVME" in dialog.message.text())
    return stage.dialog()


def leftovers(stage: Stage) -> QWidget:
    """On a service where three uploads are open: cancelled, paused, and somebody else's."""
    store = FakeObjectStore()
    journal = TransferDb(":memory:")
    batch = journal.add_batch(Batch("b", Destination("bucket"), Profile("p", "P")))
    for key, state in (("raw/a.tar", TransferState.CANCELLED), ("raw/b.tar", TransferState.PAUSED)):
        place = Destination("bucket", key)
        upload = store.create_multipart(place, UploadOptions())
        journal.add_transfers([Transfer(batch.id, key, place, multipart=upload, state=state)])
    store.create_multipart(Destination("bucket", "somebody/else's.bin"), UploadOptions())
    found = Leftovers(journal, lambda _profile: store, SystemClock())
    dialog = LeftoversDialog(found, stage.session.background, stage.window)
    dialog.others.setChecked(True)
    dialog.open()
    stage.window.status.show_leftovers(1)
    stage.until(lambda: dialog.table.topLevelItemCount() == 3)
    return stage.dialog()


def new_bucket(stage: Stage) -> QWidget:
    stage.connect()
    stage.window.buckets.new_bucket()
    return stage.dialog()


def open_bucket(stage: Stage) -> QWidget:
    stage.connect()
    stage.window.buckets.open_bucket_by_name()
    return stage.dialog()


def options(stage: Stage) -> QWidget:
    stage.connect()
    stage.keep_something()
    stage.window.place_card.destination_bar.choose_options()
    return stage.dialog()


SCENES: dict[str, Scene] = {
    scene.__name__.replace("_", "-"): scene
    for scene in (
        welcome,
        empty,
        busy,
        inspector,
        link_expiry,
        review,
        archive,
        settings,
        add_connection,
        mfa_code,
        sign_in,
        probe,
        leftovers,
        new_bucket,
        open_bucket,
        options,
    )
}
