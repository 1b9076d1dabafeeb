"""Builds a Workspace: what every front door works on."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Self

from s3gui.adapters.settings_language import chosen_language as chosen_language  # noqa: PLC0414
from s3gui.core.errors import CredentialsMissing, CredentialsOfAnotherHost, S3guiError
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.provider import PRACTICE, Provider
from s3gui.core.settings import Settings
from s3gui.core.transfer import Destination
from s3gui.engine.clock import SystemClock
from s3gui.engine.login_start import LoginStart
from s3gui.engine.ports import Clock, ObjectStore, Publish, TransferStore
from s3gui.i18n import translated

if TYPE_CHECKING:
    from s3gui.adapters.credentials import CredentialKeeper
    from s3gui.adapters.practice_process import PracticeProcess
    from s3gui.adapters.settings_file import PreferencesFile, ProfileFile, SettingsFile
    from s3gui.engine.browse import BrowsingStore
    from s3gui.engine.leftovers import Leftovers
    from s3gui.engine.probe import ProbeReport
    from s3gui.engine.queue import Pools, TransferQueue

PRACTICE_PROFILE_ID = "practice"
_HOME_VARIABLE = "S3GUI_HOME"
AskForCode = Callable[[str], str]
"""Asks a person for the code of an MFA device, given what the service says about it."""


def default_home() -> Path:
    """Where the program keeps its queue and settings: $S3GUI_HOME, or the platform's folder."""
    chosen = os.environ.get(_HOME_VARIABLE)
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_data_path

    return user_data_path("s3gui", appauthor=False, roaming=False)


class Workspace:
    """The profiles, the settings, the credentials and the queue of one running program."""

    def __init__(
        self,
        home: Path,
        *,
        profiles: ProfileFile,
        preferences: PreferencesFile,
        settings: SettingsFile,
        credentials: CredentialKeeper,
        transfers: TransferStore,
        ask_for_code: AskForCode | None,
        queue_set_aside: Path | None = None,
        queue_warning: S3guiError | None = None,
    ) -> None:
        from s3gui.adapters.s3_looks import Looks
        from s3gui.adapters.settings_capabilities import CapabilitiesFile

        self.home = home
        self.profiles = profiles
        self.preferences = preferences
        self.settings = settings
        self.credentials = credentials
        self.transfers = transfers
        self.capabilities = CapabilitiesFile(home / "capabilities.json")
        self.looks = Looks(self._credentials_of, ask_for_code)
        self._ask_for_code = ask_for_code
        self.queue_set_aside = queue_set_aside
        self.queue_warning = queue_warning
        self._stores: dict[str, tuple[Profile, ObjectStore]] = {}
        self._stores_lock = threading.Lock()
        self._connecting: dict[str, threading.Lock] = {}
        self._practice: PracticeProcess | None = None
        self._practice_profile: Profile | None = None
        self._queue: TransferQueue | None = None

    @property
    def set_aside(self) -> tuple[Path, ...]:
        """Where files went that could not be understood; what they held is not lost, but unused.

        A file counts from when it was first read.
        """
        files = (self.profiles, self.settings, self.preferences)
        places = (self.queue_set_aside, *(each.set_aside for each in files))
        return tuple(place for place in places if place is not None)

    @property
    def queue(self) -> TransferQueue:
        assert self._queue is not None, "open_workspace gives it one"
        return self._queue

    def give_queue(self, pools: Pools, publish: Publish, clock: Clock) -> None:
        from s3gui.engine.queue import TransferQueue

        self._queue = TransferQueue(self.transfers, self.store_of_batch, pools, publish, clock)

    def store(self, profile: Profile) -> ObjectStore:
        """Live access to the profile's service, kept for the next time.

        Blocks while it reads the keyring or signs in. Raises S3guiError.
        """
        known = self._stores.get(profile.id)
        if known is not None and known[0] is profile:
            return known[1]  # nearly always: asked for each file that is sent
        with self._stores_lock:
            connecting = self._connecting.setdefault(profile.id, threading.Lock())
        # One lock a connection: a keyring that does not answer holds up no other.
        with connecting:
            with self._stores_lock:
                known = self._stores.get(profile.id)
            if known is not None and known[0] == profile:
                return known[1]
            from s3gui.adapters.s3 import connect

            profile.check()
            store = connect(
                profile,
                self._credentials_of(profile),
                self._ask_for_code,
                provider=self.provider_of(profile),
            )
            with self._stores_lock:
                self._stores[profile.id] = (profile, store)
        if self._queue is not None:
            # What held the connection may have been what was just mended.
            self._queue.release(profile.id)
        return store

    def provider_of(self, profile: Profile) -> Provider:
        """The kind of service, with what a probe learnt of this one."""
        found = self.capabilities.get(profile)
        return profile.provider if found is None else found.of(profile.provider)

    def needs_probe(self, profile: Profile) -> bool:
        """Whether a probe would tell what nobody knows of this service."""
        from s3gui.adapters.settings_capabilities import is_unknown

        return is_unknown(profile, self.capabilities.get(profile))

    def probe(
        self, profile: Profile, prefix: Destination, credentials: Credentials | None = None
    ) -> ProbeReport:
        """As `looks.probe`, and what was learnt is remembered and used."""
        report = self.looks.probe(profile, prefix, credentials)
        self.capabilities.save(profile, report.capabilities)
        self.forget_store(profile.id)
        return report

    @property
    def leftovers(self) -> Leftovers:
        """What uploads left open on the services."""
        from s3gui.engine.leftovers import Leftovers

        return Leftovers(self.transfers, self.store_of_batch, SystemClock())

    def store_of_batch(self, kept: Profile) -> ObjectStore:
        """Access by the connection as it is now; as the batch kept it where it was removed."""
        if kept.id == PRACTICE_PROFILE_ID:
            return self.store(self._practice_profile or kept)
        return self.store(self.profiles.get(kept.id) or kept)

    def forget_store(self, profile_id: str) -> None:
        """Connect anew next time: the profile or its credentials changed."""
        with self._stores_lock:
            self._stores.pop(profile_id, None)

    def aws_profile_names(self) -> list[str]:
        """The profiles that the AWS config files of this computer hold."""
        from s3gui.adapters.s3_botocore import aws_profile_names

        return aws_profile_names()

    def sign_in_command(self, profile: Profile) -> list[str]:
        """What to type to sign in again; empty where the keys themselves have to be new."""
        from s3gui.adapters.s3_botocore import sign_in_command

        return [] if profile.aws_profile is None else sign_in_command(profile.aws_profile)

    def export_profiles(self, path: Path) -> int:
        """Write all saved connections, without secrets; returns how many. Raises InputError."""
        from s3gui.adapters.settings_exchange import export_profiles

        profiles = self.profiles.all()
        export_profiles(path, profiles)
        return len(profiles)

    def import_profiles(self, path: Path) -> list[Profile]:
        """Save the connections of a file; their secrets are to be entered. Raises InputError."""
        from s3gui.adapters.settings_exchange import import_profiles

        profiles = import_profiles(path)
        for profile in profiles:
            self.profiles.save(profile)
        return profiles

    def start_practice(self) -> Profile:
        """Start the practice server as a child process, once; returns how to reach it.

        It keeps its objects below `home` and has a bucket named `practice`.
        """
        from s3gui.adapters.practice_process import PracticeProcess

        if self._practice is None:
            self._practice = PracticeProcess(self.home / "practice")
            self._practice.start()
        practice = self._practice
        profile = Profile(
            id=PRACTICE_PROFILE_ID,
            name=translated(PRACTICE.title),
            provider_id=PRACTICE.id,
            endpoint_url=practice.endpoint_url,
            region=practice.region,
            access_key_id=practice.credentials.access_key_id,
        )
        self.credentials.keep_for_session(profile, practice.credentials)
        self._practice_profile = profile
        return profile

    def close(self) -> None:
        """Pause what runs, keep the queue, stop the practice server."""
        if self._queue is not None:
            self._queue.close()
        self.transfers.close()
        if self._practice is not None:
            self._practice.stop()
            self._practice = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: object) -> None:
        self.close()

    def _credentials_of(self, profile: Profile) -> Credentials | None:
        """None where botocore's own chain finds them."""
        if profile.aws_profile is not None:
            self._check_aws_profile(profile)
            return None
        kept = self.credentials.for_session(profile)
        if kept is not None:
            return kept
        secret = self.credentials.secret(profile)
        if secret is None:
            raise CredentialsMissing(
                f"The keyring holds no secret for “{profile.name}”.",
                hint="Edit the connection and enter its secret access key.",
            )
        return Credentials(profile.access_key_id, secret)

    def _check_aws_profile(self, profile: Profile) -> None:
        """The window saves none with an endpoint: such a file was edited, or came from elsewhere.

        An endpoint that was typed on the command line is in no file.
        """
        if profile.endpoint_url is not None and self.profiles.get(profile.id) is not None:
            raise CredentialsOfAnotherHost(
                f"“{profile.name}” would send the credentials of an AWS profile to {profile.host}.",
                hint="Give that endpoint a connection with keys of its own.",
            )


def open_workspace(
    *,
    transfers_executor: Executor,
    parts_executor: Executor,
    publish: Publish,
    home: Path | None = None,
    keep_queue: bool = True,
    reads_queue: bool = False,
    settings: Callable[[Settings], Settings] | None = None,
    ask_for_code: AskForCode | None = None,
    keyring_waits: Callable[[], None] | None = None,
    waits_for_first_answer: bool = True,
) -> Workspace:
    """Open the program's state. Raises QueueInUse where another process owns the queue.

    `keep_queue` False keeps the queue in memory: nothing of it outlives the process but a note of
    what it left open on a service, should it be killed. `reads_queue`: only to be read, as its
    owner last wrote it.
    `settings` makes what counts here of what is saved; `keyring_waits` is told, in some thread,
    that the keyring takes its time, as when it asks for a password; `waits_for_first_answer` as
    in `Pools`.
    """
    from s3gui.adapters.credentials import CredentialKeeper
    from s3gui.adapters.credentials_patience import Patience
    from s3gui.adapters.logs import hide_secrets_in_logs
    from s3gui.adapters.private_folder import make_private_folder
    from s3gui.adapters.settings_file import PreferencesFile, ProfileFile, SettingsFile
    from s3gui.adapters.transfer_opening import open_transfers
    from s3gui.engine.queue import Pools

    hide_secrets_in_logs()
    is_chosen = home is not None or bool(os.environ.get(_HOME_VARIABLE))
    home = home or default_home()
    make_private_folder(home, is_shared=is_chosen and home.exists())
    transfers = open_transfers(home, keep_queue=keep_queue, reads_queue=reads_queue)
    settings_file = SettingsFile(home / "settings.json")
    workspace = Workspace(
        home,
        profiles=ProfileFile(home / "profiles.json"),
        preferences=PreferencesFile(home / "preferences.json"),
        settings=settings_file,
        credentials=CredentialKeeper(patience=Patience(keyring_waits)),
        transfers=transfers,
        ask_for_code=ask_for_code,
        queue_set_aside=transfers.set_aside,
        queue_warning=transfers.warning,
    )
    chosen = settings(settings_file.load()) if settings else settings_file.load()
    pools = Pools(
        transfers_executor,
        parts_executor,
        chosen.files_at_once,
        chosen.parts_at_once,
        waits_for_first_answer=waits_for_first_answer,
    )
    workspace.give_queue(pools, publish, SystemClock())
    workspace.queue.bandwidth.follow(chosen.schedule)
    return workspace


def open_store(profile: Profile, credentials: Credentials | None) -> ObjectStore:
    """Live access without a workspace, with credentials at hand. Raises S3guiError."""
    from s3gui.adapters.logs import hide_secrets_in_logs
    from s3gui.adapters.s3 import connect

    hide_secrets_in_logs()
    profile.check()
    return connect(profile, credentials, None)


@cache
def prepare_to_connect() -> None:
    """Load what the first connection would wait for: half a second. Connects nowhere."""
    from s3gui.adapters.credentials import load_keyring

    nowhere = Profile("nowhere", "Nowhere", endpoint_url="https://127.0.0.1")
    open_store(nowhere, Credentials("-", Secret("-"))).url(Destination("nowhere", "key"))
    load_keyring()


def log_to(path: Path, tell: Callable[[S3guiError], None]) -> AbstractContextManager[None]:
    """While it is entered, all logs go to this file too, without secrets. Raises S3guiError.

    `tell` is called at the end if some could not be written.
    """
    from s3gui.adapters.logs_file import log_to

    return log_to(path, tell)


def login_start() -> LoginStart:
    """Whether this copy of the program starts with the user's session."""
    from s3gui.adapters.login_start import login_start

    return login_start()


def memory_journal() -> TransferStore:
    """A queue's memory that ends with the process."""
    from s3gui.adapters.transfer_db import TransferDb

    return TransferDb(":memory:")


def noted_journal(home: Path | None = None) -> TransferStore:
    """As `memory_journal`; what it leaves open on a service is noted in `home` where that can be.

    So `s3gui leftovers` finds it, should the process be killed.
    """
    from s3gui.adapters.transfer_opening import noted_transfers

    return noted_transfers(home or default_home(), must_note=False)


def open_browsing_store(profile: Profile, credentials: Credentials) -> BrowsingStore:
    """As `open_store`; what it opens can also be looked through and read from."""
    from s3gui.adapters.logs import hide_secrets_in_logs
    from s3gui.adapters.s3_browse import connect_for_browsing

    hide_secrets_in_logs()
    profile.check()
    return connect_for_browsing(profile, credentials)


def aws_regions() -> list[str]:
    """The regions of Amazon S3, in every partition, that this installation knows."""
    from s3gui.adapters.s3_browse import aws_regions

    return aws_regions()
