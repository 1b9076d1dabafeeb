"""The window: places the parts and joins their signals; what they do, they do themselves."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QMainWindow,
    QStackedWidget,
)

from s3gui.bootstrap import PRACTICE_PROFILE_ID, Workspace
from s3gui.core.errors import S3guiError
from s3gui.core.profile import Profile
from s3gui.core.transfer import Destination
from s3gui.engine.ports import ObjectStore
from s3gui.gui.adding import Adding, ReviewArea
from s3gui.gui.banner import Banner
from s3gui.gui.beside import Beside
from s3gui.gui.bucket_list import BucketList
from s3gui.gui.code_prompt import CodePrompt
from s3gui.gui.connections import Connections, ConnectionState
from s3gui.gui.counters import Counters, total
from s3gui.gui.drop import WindowDrops
from s3gui.gui.event_feed import EventFeed
from s3gui.gui.favourites import Favourites
from s3gui.gui.incoming import Incoming
from s3gui.gui.inspector import Inspector
from s3gui.gui.kept_preferences import KeptPreferences
from s3gui.gui.keyring_banner import KeyringBanner
from s3gui.gui.language_change import LanguageChange
from s3gui.gui.leftover_count import LeftoverCount
from s3gui.gui.limit_button import SpeedLimit
from s3gui.gui.live import LiveTransfers
from s3gui.gui.login_switch import LoginSwitch
from s3gui.gui.place_card import PlaceCard
from s3gui.gui.probe_offer import ProbeOffer
from s3gui.gui.queue_commands import QueueCommands
from s3gui.gui.release_notice import ReleaseNotice
from s3gui.gui.session import Session
from s3gui.gui.set_aside_notice import tell_set_aside
from s3gui.gui.sign_in import SignIn
from s3gui.gui.status_bar import StatusBar
from s3gui.gui.theme import Theme
from s3gui.gui.top_bar import TopBar
from s3gui.gui.transfer_links import TransferLinks
from s3gui.gui.transfer_model import TransferModel
from s3gui.gui.transfer_panel import TransferPanel
from s3gui.gui.welcome import Welcome
from s3gui.gui.window_actions import add_actions
from s3gui.gui.window_dialogs import WindowDialogs
from s3gui.gui.window_layout import WindowLayout, stacked
from s3gui.gui.work_round import AT_WORK
from s3gui.i18n import _, translated

PRACTICE_BUCKET = "practice"


class MainWindow(QMainWindow):
    """Can be shown before the session is open: until then there is nothing to choose."""

    leaving = Signal()
    """It takes nothing more."""

    closed = Signal()
    """Everything that ran is paused and saved."""

    def __init__(self, theme: Theme, session: Session, *, practice: bool = False) -> None:
        super().__init__()
        self.setWindowTitle("s3gui")
        self.theme = theme
        self.session = session
        self.connections: Connections | None = None
        self.commands: QueueCommands | None = None
        self.counters: Counters | None = None
        self.leftover_count: LeftoverCount | None = None
        self._live = LiveTransfers(time.monotonic)
        self._feed = EventFeed(session.signals, self._live, self)
        self._wants_practice = practice
        self._is_queue_started = False
        self._is_leaving = False
        self._is_closed = False
        background = session.background
        self.top_bar = TopBar(theme)
        self.banner = Banner(theme)
        self.keyring = KeyringBanner(theme)
        self.buckets = BucketList(background, theme)
        self.preferences = KeptPreferences(background, self)
        self.place_card = PlaceCard(background, theme, self.preferences)
        self.favourites = Favourites(
            self.preferences, self.buckets, self.place_card.destination_bar
        )
        self.welcome = Welcome(theme)
        self.transfers = TransferPanel(theme)
        self.inspector = Inspector(theme, self._live, self._feed.log, background)
        self.status = StatusBar(theme)
        self.reviews = ReviewArea()
        self.adding = Adding(self.reviews, background, lambda: self.status.throughput.best, self)
        self.incoming = Incoming(self.adding, self.place_card, self.preferences, self.banner)
        self.beside = Beside(self)
        self._upper = QStackedWidget()
        self.parts = self._lay_out()
        self._drops = WindowDrops(self)
        self.dialogs = WindowDialogs(self, session, theme)
        self.language = LanguageChange(self)
        self.dialogs.settings_closed.connect(self.language.look)
        LoginSwitch(session, self)
        self.limit = SpeedLimit(session, self.status.limit, self.dialogs.speed_limit)
        self.offer = ProbeOffer(self.banner, background, self.dialogs.probe, self)
        self.incoming.began.connect(self.offer.consider)
        self.codes = CodePrompt(self)
        session.ask_for_code = self.codes.ask
        self.sign_in = SignIn(background, self)
        add_actions(self)
        self._connect()
        self.resize(1240, 780)
        self.setFocus()  # no control is more likely than another; Tab begins at the first

    @property
    def destination(self) -> Destination | None:
        """Where dropped files go."""
        return self.place_card.place

    # Building.

    def _lay_out(self) -> WindowLayout:
        self._upper.addWidget(self.place_card)
        self._upper.addWidget(self.welcome)
        layout = WindowLayout(
            above=(self.top_bar, self.banner, self.keyring),
            left=self.buckets,
            middle=(self._upper, stacked(self.beside.card, self.reviews, self.transfers)),
            beside=self.inspector,
            below=self.status,
        )
        self.setCentralWidget(layout)
        self.reviews.added.connect(layout.bring_into_view)
        return layout

    def _connect(self) -> None:
        session, bar = self.session, self.top_bar
        session.opened.connect(self._attach)
        session.settings_changed.connect(self.adding.use)
        session.failed.connect(self._cannot_open)
        session.closed.connect(self._end)
        session.background.unhandled.connect(self.show_error)
        session.keyring_waits.connect(self.keyring.show_waiting)
        self.keyring.enter_wanted.connect(self._edit_profile)
        bar.files_wanted.connect(self.choose_files)
        bar.folder_wanted.connect(self.choose_folder)
        bar.profile_chosen.connect(lambda profile: self._with(Connections.choose, profile))
        bar.edit_profile_wanted.connect(self._edit_profile)
        self.sign_in.edit_wanted.connect(self._edit_profile)
        self._feed.flushed.connect(self.sign_in.apply)
        bar.export_wanted.connect(lambda: self.dialogs.export_profiles(self.say))
        for wants_practice in (bar.practice_wanted, self.welcome.practice_wanted):
            wants_practice.connect(lambda: self._with(Connections.start_practice))
        for wants_profile in (bar.add_profile_wanted, self.welcome.add_wanted):
            wants_profile.connect(self._edit_profile)
        self.welcome.aws_profile_chosen.connect(
            lambda name: self._with(Connections.use_aws_profile, name)
        )
        self.buckets.bucket_chosen.connect(lambda name: self.place_card.go(Destination(name)))
        self.buckets.destination_chosen.connect(self.place_card.go)
        self.buckets.bucket_forgotten.connect(self.place_card.leave)
        self.buckets.paths_dropped.connect(self.add)
        self.place_card.place_changed.connect(self._show_place)
        self.place_card.place_changed.connect(self.favourites.show_place)
        self.preferences.failed.connect(self.show_error)
        self.place_card.bucket_missing.connect(self.buckets.forget)
        self.place_card.rules_known.connect(self.buckets.set_rules)
        self.place_card.paths_dropped.connect(self.add)
        self.place_card.objects.error.connect(self.show_error)
        self.adding.failed.connect(self.show_error)
        self._drops.hovered.connect(lambda held: self.place_card.highlight(is_target=held))
        self._drops.paths_dropped.connect(self.add)
        self._feed.flushed.connect(self.transfers.apply)
        self._feed.flushed.connect(self.place_card.apply)
        self._feed.flushed.connect(self.inspector.apply)
        self.transfers.view.current_changed.connect(self.inspector.show_transfer)
        self.transfers.view.inspector_wanted.connect(self.toggle_inspector)
        self.inspector.closed.connect(self.transfers.view.setFocus)
        self._feed.flushed.connect(self._show_work)
        self._feed.flushed.connect(self.beside.apply)
        self.beside.connect_window()
        self.status.leftovers_wanted.connect(self.show_leftovers)

    # The session.

    def _attach(self, workspace: Workspace) -> None:
        background = self.session.background
        model = TransferModel(workspace.transfers, background, self._live, self)
        self.counters = Counters(workspace.transfers, background, self)
        self.commands = QueueCommands(workspace.queue, workspace.transfers, background, self)
        self.adding.attach(self.commands)
        self._feed.flushed.connect(self.counters.apply)
        self.counters.changed.connect(self._show_work)
        self.beside.attach(workspace, self.counters)
        self.offer.needs_probe = workspace.needs_probe
        self.leftover_count = LeftoverCount(workspace.leftovers, background, self)
        self.leftover_count.counted.connect(self.status.show_leftovers)
        self.counters.changed.connect(self.leftover_count.count_soon)
        self.transfers.attach(model, self.counters, self.commands)
        links = TransferLinks(workspace.store_of_batch, background, self)
        self.inspector.attach(workspace.transfers, links)
        self.preferences.attach(workspace.preferences.load, workspace.preferences.save)
        ReleaseNotice(self.session, self.banner).look()
        self.connections = Connections(workspace, background, self)
        self.incoming.attach(self.connections)
        self.sign_in.attach(workspace, self.connections)
        self._connect_profiles(self.connections)
        self.connections.changed.connect(self._show_connection)
        self.connections.listed.connect(self._show_connection)
        self.connections.opened.connect(self._show_store)
        self._dress()
        self.adding.use(self.session.settings)
        background.run(
            workspace.aws_profile_names, self.welcome.set_aws_profiles, lambda _error: None
        )
        self.connections.load(then=lambda: self._open_first(workspace))

    def _connect_profiles(self, connections: Connections) -> None:
        bar, dialogs = self.top_bar, self.dialogs
        bar.duplicate_profile_wanted.connect(
            lambda profile: dialogs.duplicate_profile(connections, profile)
        )
        bar.import_wanted.connect(lambda: dialogs.import_profiles(connections, self.say))

    def _dress(self) -> None:
        application = QApplication.instance()
        if isinstance(application, QApplication):
            settings = self.session.settings
            self.theme.apply(application, settings.appearance, settings.text_percent)

    def _open_first(self, workspace: Workspace) -> None:
        """The practice server if asked for, else what was open last, else a welcome."""
        connections = self.connections
        assert connections is not None
        tell_set_aside(workspace, self.banner)

        def start_queue() -> None:
            # Not before the practice server runs: what was on its way there needs it.
            is_waiting = connections.state is ConnectionState.CONNECTING
            if not self._is_queue_started and (connections.store is not None or not is_waiting):
                self._is_queue_started = True
                self.session.start_queue()

        connections.changed.connect(start_queue)
        connections.opened.connect(start_queue)
        last = self.session.settings.last_profile_id
        if self._wants_practice:
            connections.start_practice()
        elif not connections.choose_id(last):
            self._show_connection()
            start_queue()

    def _with(self, act: Callable[..., None], *arguments: object) -> None:
        """Do something with the connections, once they are there."""
        if self.connections is not None:
            act(self.connections, *arguments)

    def _edit_profile(self, profile: Profile | None = None) -> None:
        if self.connections is not None:
            self.dialogs.edit_profile(self.connections, profile)

    def _cannot_open(self, error: S3guiError) -> None:
        self.banner.say(
            translated(error.message),
            translated(error.advice),
            fix=_("Try again"),
            on_fix=self._open_again,
        )

    def _open_again(self) -> None:
        self.banner.hide()
        self.session.open()

    # What is shown.

    def show_error(self, error: S3guiError) -> None:
        self.banner.say(translated(error.message), translated(error.advice))

    def say(self, sentence: str) -> None:
        """What was done as it was wanted."""
        self.banner.say(sentence, is_done=True)

    def _show_connection(self) -> None:
        connections = self.connections
        if connections is None:
            return
        error = connections.error
        problem = translated(error.message) if error is not None else ""
        self.top_bar.show_connection(connections.profile, connections.state, problem)
        self.top_bar.show_profiles(connections.profiles, connections.profile)
        self.keyring.show_connection(
            connections.profile,
            connections.state,
            error,
            is_for_session=connections.is_secret_for_session,
        )
        is_new = connections.state is ConnectionState.NONE
        self._upper.setCurrentWidget(self.welcome if is_new else self.place_card)

    def _show_store(self, store: ObjectStore | None, profile: Profile | None) -> None:
        self.buckets.set_connection(store, profile)
        self.place_card.set_connection(store, profile)
        self.favourites.set_profile(profile)
        if profile is not None and profile.id == PRACTICE_PROFILE_ID:
            self.place_card.go(Destination(PRACTICE_BUCKET))

    def _show_place(self, place: Destination | None) -> None:
        self.buckets.select(place.bucket if place is not None else "")

    def _show_work(self) -> None:
        if self.counters is not None and self.counters.is_known:
            live = self._live
            counts = self.counters.summary.counts
            self.status.show_work(counts, live.in_flight_bytes, live.bytes_per_second)

    # Adding.

    def add(self, paths: list[str], destination: Destination | None = None) -> None:
        """Upload files and folders to `destination`, or to where the window is."""
        self.incoming.add(paths, destination)

    def choose_files(self) -> None:
        self.dialogs.choose_files(self.add)

    def choose_folder(self) -> None:
        self.dialogs.choose_folder(self.add)

    def choose_archive(self) -> None:
        place = self.incoming.place_for_archive()
        if place is not None:
            self.dialogs.choose_archive(place, self.incoming.add_archive)

    def paste(self) -> None:
        self.incoming.paste()

    def export_transfers(self) -> None:
        self.dialogs.export_transfers(self.transfers.shown_filter(), self.say)

    def show_leftovers(self) -> None:
        if self.leftover_count is not None:
            self.dialogs.leftovers(self.leftover_count.count)

    def toggle_inspector(self) -> None:
        if self.inspector.isVisible():
            self.inspector.dismiss()
        else:
            self.parts.show_beside()
            self.inspector.open()

    def refresh(self) -> None:
        self.buckets.refresh()
        self.place_card.objects.refresh()

    # Closing.

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._is_closed:
            event.accept()
            return
        event.ignore()
        self.beside.leaving.close_wanted()

    def quit(self) -> None:
        self.beside.leaving.quit_wanted()

    def leave(self) -> None:
        """Pause what runs and close, without a question."""
        if self._is_leaving:
            return
        self._is_leaving = True
        self.leaving.emit()
        self.hide()
        self.beside.leave()
        self.adding.stop()
        self.codes.close()
        if self.commands is not None:
            self.commands.stop_reading()
        self.session.close()

    def is_busy(self) -> bool:
        """Whether something would go on if it were left alone."""
        counts = self.counters.summary.counts if self.counters is not None else {}
        is_reading = self.commands is not None and self.commands.is_reading
        return is_reading or total(counts, AT_WORK).files > 0

    def _end(self) -> None:
        self._is_closed = True
        self.close()
        self.closed.emit()
