"""What each picture shows: a name, and how the window comes to look like that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import sin
from pathlib import Path

from PySide6.QtWidgets import QWidget

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.acl import CannedAcl
from s3gui.core.capabilities import Capabilities
from s3gui.core.errors import AlreadyExists, Unreachable
from s3gui.core.events import ConnectionHeld
from s3gui.core.preferences import Preferences
from s3gui.core.profile import Profile
from s3gui.core.transfer import (
    Batch,
    Destination,
    Transfer,
    TransferState,
    UploadOptions,
    WaitingFor,
)
from s3gui.core.transfer import TransferState as State
from s3gui.engine.clock import SystemClock
from s3gui.engine.leftovers import Leftovers
from s3gui.engine.probe import ProbeReport
from s3gui.gui.archive_dialog import ArchiveDialog
from s3gui.gui.close_dialog import CloseDialog
from s3gui.gui.code_prompt import CodeDialog
from s3gui.gui.connections import ConnectionState
from s3gui.gui.kept_options_dialog import KeptOptionsDialog
from s3gui.gui.leftovers_dialog import LeftoversDialog
from s3gui.gui.link_expiry import LinkExpiryDialog
from s3gui.gui.preset_row import PresetNameDialog
from s3gui.gui.probe_dialog import ProbeDialog
from s3gui.gui.settings_dialog import SettingsDialog
from s3gui.gui.sign_in_dialog import SignInDialog
from s3gui.gui.transfer_columns import Column
from s3gui.gui.work_round import RoundSummary
from tests.fakes.object_store import FakeObjectStore
from tests.gui.fake_states import fill
from tests.gui.queue_rows import QueueRows
from tests.screenshots.crowded import crowded
from tests.screenshots.stage import AWS_PROFILES, PLACE, PROFILE, Stage
from tests.screenshots.tray_picture import TrayPicture

Scene = Callable[[Stage], QWidget]


def welcome(stage: Stage) -> QWidget:
    stage.until(lambda: stage.window.welcome.aws_profiles.count() == len(AWS_PROFILES))
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
    fill(workspace.transfers, stage.session.signals.publish, stage.let_pass)
    line = stage.window.status.throughput
    line._rates.clear()
    line._rates.extend(int(2.4e8 + 5e7 * sin(x / 5) + 3e7 * sin(x)) for x in range(110))
    stage.until(lambda: "1" in stage.window.transfers.pill_buttons.button(0).text())
    stage.settle(1)
    stage.window.transfers.view.scrollToTop()
    return stage.window


def paused(stage: Stage) -> QWidget:
    rows = _rows(stage)
    rows.change_many(rows.add(6, rows.batch("Card 3", PLACE), size=48_000_000), State.PAUSED)
    return stage.window


def waiting(stage: Stage) -> QWidget:
    """A network that is away holds a connection; one sentence says so."""
    rows = _rows(stage)
    rows.change_many(rows.add(6, rows.batch("Card 3", PLACE), size=48_000_000), State.WAITING)
    failure = Unreachable("s3.eu-central-1.amazonaws.com cannot be reached.").failure()
    rows.publish(ConnectionHeld(PROFILE.id, WaitingFor.NETWORK, failure))
    return stage.window


def failed(stage: Stage) -> QWidget:
    """Equal causes are one banner."""
    rows = _rows(stage)
    for each in rows.add(12, rows.batch("Card 3", PLACE), size=48_000_000):
        rows.change(each, State.FAILED, failure=AlreadyExists().failure())
    stage.until(stage.window.transfers.banner.isVisible)
    stage.settle(1)
    stage.window.transfers.pill_buttons.button(5).click()
    return stage.window


def done(stage: Stage) -> QWidget:
    rows = _rows(stage)
    stage.until(lambda: stage.window.counters is not None and stage.window.counters.is_known)
    for each in rows.add(7, rows.batch("Card 3", PLACE), size=48_000_000):
        rows.change(each, State.RUNNING)
        rows.change(each, State.COMPLETED, sent_bytes=48_000_000)
    stage.settle(1)
    return stage.window


def search(stage: Stage) -> QWidget:
    busy(stage)
    stage.window.transfers.search.open()
    stage.window.transfers.search.field.setText("fastq")
    stage.window.transfers._sort(Column.SIZE)
    stage.settle(1)
    return stage.window


def not_connected(stage: Stage) -> QWidget:
    stage.connect()
    connections = stage.window.connections
    assert connections is not None
    connections.error = Unreachable("s3.eu-central-1.amazonaws.com cannot be reached.")
    connections._be(ConnectionState.FAILED)
    stage.window.show_error(connections.error)
    return stage.window


def no_keyring(stage: Stage) -> QWidget:
    stage.connect()
    stage.window.keyring._say_for_session(PROFILE)
    return stage.window


def delete(stage: Stage) -> QWidget:
    stage.connect()
    objects = stage.window.place_card.objects
    stage.until(lambda: objects.model.rowCount() > 0)
    objects.actions_of_objects.delete([Destination("photos-2026", "november/raw/DSC_0142.NEF")])
    return stage.dialog()


def access(stage: Stage) -> QWidget:
    """What a bucket refuses is grey, with the reason."""
    stage.connect()
    stage.window.place_card.go(Destination("website-assets"))
    box = stage.window.place_card.destination_bar.access
    stage.settle(0.5)
    box.showPopup()
    stage.settle(0.3)
    return box.view().window()


def content_types(stage: Stage) -> QWidget:
    stage.connect()
    stage.window.preferences.change(
        Preferences(content_types=((".cr3", "image/x-canon-cr3"), (".nef", "image/x-nikon-nef")))
    )
    stage.window.place_card.destination_bar.choose_options()
    dialog = stage.dialog()
    assert isinstance(dialog, KeptOptionsDialog)
    dialog.pages.tabs.buttons()[-1].click()
    return dialog


def preset_name(stage: Stage) -> QWidget:
    PresetNameDialog("Cold archive", stage.window).open()
    return stage.dialog()


def new_prefix(stage: Stage) -> QWidget:
    stage.connect()
    stage.window.place_card.objects.new_prefix()
    return stage.dialog()


def closing(stage: Stage) -> QWidget:
    """As on a desktop that has a tray."""
    CloseDialog(stage.window, can_hide=True).open()
    return stage.dialog()


def closing_without_tray(stage: Stage) -> QWidget:
    CloseDialog(stage.window, can_hide=False).open()
    return stage.dialog()


def summary(stage: Stage) -> QWidget:
    done(stage)
    stage.window.beside.card.show_round(RoundSummary(48, 2_310_000_000, 2_310_000_000, 71.0))
    return stage.window


def summary_with_failures(stage: Stage) -> QWidget:
    failed(stage)
    card = stage.window.beside.card
    card.show_round(RoundSummary(1204, 154 * 10**9, 154 * 10**9, 8_000.0, failed=12, skipped=3))
    return stage.window


def tray_menu(stage: Stage) -> QWidget:
    """The menu, below the icons that the tray shows while work goes on."""
    busy(stage)
    picture = TrayPicture(stage.window.beside.tray.menu, stage.window)
    picture.show()
    return picture


def _rows(stage: Stage) -> QueueRows:
    stage.connect()
    workspace = stage.session.workspace
    assert workspace is not None
    return QueueRows(workspace.transfers, stage.session.signals.publish)


def inspector(stage: Stage) -> QWidget:
    busy(stage)
    view = stage.window.transfers.view
    view.scrollToTop()
    view.selectRow(1)
    stage.window.toggle_inspector()
    stage.until(lambda: stage.window.inspector._details is not None)
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


def settings_transfers(stage: Stage) -> QWidget:
    changed = replace(
        stage.session.settings,
        most_bytes_per_second=2_500_000,
        limit_has_hours=True,
        most_bytes_per_second_otherwise=0,
    )
    stage.session.change_settings(changed)
    return _settings_page(stage, 1)


def settings_running(stage: Stage) -> QWidget:
    return _settings_page(stage, 2)


def settings_keeping(stage: Stage) -> QWidget:
    return _settings_page(stage, 3)


def _settings_page(stage: Stage, number: int) -> QWidget:
    stage.window.dialogs.settings()
    dialog = stage.dialog()
    assert isinstance(dialog, SettingsDialog)
    dialog.pages.open(number)
    stage.settle(0.3)
    return dialog


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
        crowded,
        archive,
        paused,
        waiting,
        failed,
        done,
        search,
        not_connected,
        no_keyring,
        delete,
        access,
        content_types,
        preset_name,
        new_prefix,
        closing,
        closing_without_tray,
        summary,
        summary_with_failures,
        tray_menu,
        settings,
        settings_transfers,
        settings_running,
        settings_keeping,
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
