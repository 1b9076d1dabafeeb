import json
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError

from s3gui.adapters.credentials import CredentialKeeper, load_keyring, os_keyring
from s3gui.adapters.credentials_patience import Patience
from s3gui.core.errors import CredentialsOfAnotherHost, KeyringUnavailable
from s3gui.core.profile import Credentials, Profile, Secret
from tests.support.secret_service import SecretService

WORK = Profile("work", "Work", "generic", "https://s3.example.org", access_key_id="AKIA")
HOME = Profile("home", "Home", "generic", "https://nas.example.org", access_key_id="AKIA")
SECRET = Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


class FakeKeyring:
    """Keeps passwords in memory; `error` is raised by every call."""

    def __init__(self) -> None:
        self.passwords: dict[tuple[str, str], str] = {}
        self.error: KeyringError | None = None

    def _check(self) -> None:
        if self.error is not None:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.passwords.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.passwords[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        try:
            del self.passwords[service, username]
        except KeyError:
            raise PasswordDeleteError from None


@pytest.fixture
def fake() -> FakeKeyring:
    return FakeKeyring()


@pytest.fixture
def keeper(fake: FakeKeyring) -> CredentialKeeper:
    return CredentialKeeper(lambda: fake)


def test_a_saved_secret_comes_back(keeper: CredentialKeeper, fake: FakeKeyring) -> None:
    keeper.save(WORK, SECRET)

    assert keeper.secret(WORK) == SECRET
    assert keeper.secret(HOME) is None
    (entry,) = fake.passwords.items()
    assert entry[0] == ("s3gui", "work")
    assert json.loads(entry[1]) == {
        "access_key_id": "AKIA",
        "origin": "https://s3.example.org:443",
        "secret_access_key": SECRET.reveal(),
    }
    assert keeper.is_available()


def test_a_forgotten_secret_is_gone_and_may_be_forgotten_again(
    keeper: CredentialKeeper, fake: FakeKeyring
) -> None:
    keeper.save(WORK, SECRET)
    keeper.keep_for_session(WORK, Credentials("AKIA", SECRET))

    keeper.forget("work")
    keeper.forget("work")

    assert keeper.secret(WORK) is None
    assert keeper.for_session(WORK) is None
    assert fake.passwords == {}


def test_what_is_kept_for_the_session_never_reaches_the_keyring(
    keeper: CredentialKeeper, fake: FakeKeyring
) -> None:
    temporary = Credentials("AKIA", SECRET, Secret("token"))

    keeper.keep_for_session(WORK, temporary)

    assert keeper.for_session(WORK) == temporary
    assert keeper.secret(WORK) == SECRET
    assert keeper.for_session(HOME) is None
    assert fake.passwords == {}


@pytest.mark.row("C-07")
@pytest.mark.parametrize("keeping", ["in the keyring", "for the session"])
@pytest.mark.parametrize(
    "endpoint_url",
    [
        "https://s3.example.org.evil.example",
        "http://s3.example.org",
        "https://s3.example.org:8443",
        None,
    ],
)
def test_a_secret_goes_to_no_host_but_the_one_it_was_saved_for(
    keeper: CredentialKeeper, keeping: str, endpoint_url: str | None
) -> None:
    if keeping == "in the keyring":
        keeper.save(WORK, SECRET)
    else:
        keeper.keep_for_session(WORK, Credentials("AKIA", SECRET))
    edited = replace(WORK, endpoint_url=endpoint_url)

    with pytest.raises(CredentialsOfAnotherHost, match=r"https://s3\.example\.org:443") as refused:
        keeper.secret(edited)

    assert "edit it and enter its secret" in refused.value.failure().hint
    assert keeper.secret(replace(WORK, endpoint_url="https://S3.example.org:443/")) == SECRET
    keeper.save(edited, SECRET)  # entered again: that is the confirmation
    assert keeper.secret(edited) == SECRET


@pytest.mark.row("C-07")
def test_a_secret_is_of_no_use_with_another_key_or_without_knowing_its_host(
    keeper: CredentialKeeper, fake: FakeKeyring
) -> None:
    keeper.save(WORK, SECRET)
    assert keeper.secret(replace(WORK, access_key_id="AKIB")) is None
    for foreign in (SECRET.reveal(), "{}", "[]", '{"secret_access_key": "x"}', ""):
        fake.passwords["s3gui", "work"] = foreign
        assert keeper.secret(WORK) is None


def test_saving_for_good_ends_what_the_session_kept(keeper: CredentialKeeper) -> None:
    keeper.keep_for_session(WORK, Credentials("AKIA", Secret("old")))
    keeper.save(WORK, SECRET)
    assert keeper.for_session(WORK) is None
    assert keeper.secret(WORK) == SECRET


class HangingKeyring(FakeKeyring):
    """Answers once it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.asked = 0

    def _check(self) -> None:
        self.asked += 1
        self.go.wait(30)


@pytest.mark.row("C-01")
def test_a_keyring_that_hangs_is_waited_for_once_and_works_again_when_it_answers() -> None:
    hanging, waits = HangingKeyring(), []
    patience = Patience(lambda: waits.append(1), notice_seconds=0.01, patience_seconds=0.05)
    keeper = CredentialKeeper(lambda: hanging, patience)

    for _ in range(20):  # one for each connection: none leaves another thread behind
        with pytest.raises(KeyringUnavailable, match="does not answer"):
            keeper.secret(WORK)
    assert hanging.asked == 1
    assert waits == [1]
    keeper.keep_for_session(WORK, Credentials("AKIA", SECRET))
    assert keeper.secret(WORK) == SECRET

    hanging.go.set()
    (thread,) = [each for each in threading.enumerate() if each.name == "keyring"]
    thread.join()
    keeper.save(WORK, SECRET)
    assert keeper.secret(WORK) == SECRET


@pytest.mark.parametrize("error", [OSError("no bus"), ImportError("no such module"), ValueError()])
def test_whatever_a_backend_raises_means_that_it_cannot_be_used(error: Exception) -> None:
    def find() -> FakeKeyring:
        raise error

    keeper = CredentialKeeper(find)
    assert not keeper.is_available()
    with pytest.raises(KeyringUnavailable) as caught:
        keeper.secret(WORK)
    assert caught.value.detail == type(error).__name__


@pytest.mark.parametrize("error", [InitError("x"), KeyringLocked("x"), KeyringError("x")])
def test_a_keyring_that_fails_is_unavailable(
    keeper: CredentialKeeper, fake: FakeKeyring, error: KeyringError
) -> None:
    fake.error = error
    calls: list[Callable[[], object]] = [
        lambda: keeper.save(WORK, SECRET),
        lambda: keeper.secret(WORK),
        lambda: keeper.forget("work"),
    ]

    for call in calls:
        with pytest.raises(KeyringUnavailable) as caught:
            call()
        assert SECRET.reveal() not in repr(caught.value.failure())


class PlainTextKeyring(KeyringBackend, FakeKeyring):  # type: ignore[misc]
    """Stands for the backends that write a file."""

    priority = 0.5

    def __init__(self) -> None:
        FakeKeyring.__init__(self)

    get_password = FakeKeyring.get_password
    set_password = FakeKeyring.set_password
    delete_password = FakeKeyring.delete_password


def _looks_like(module: str, name: str) -> KeyringBackend:
    kind = type(name, (PlainTextKeyring,), {})
    kind.__module__, kind.__qualname__ = module, name
    return kind()


@pytest.mark.row("C-02")
@pytest.mark.parametrize(
    "backend",
    [null.Keyring(), fail.Keyring(), PlainTextKeyring()],
    ids=["null", "fail", "plain text"],
)
def test_only_a_keyring_of_the_system_is_trusted(
    monkeypatch: pytest.MonkeyPatch, backend: KeyringBackend
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: backend)
    keeper = CredentialKeeper()

    assert not keeper.is_available()
    with pytest.raises(KeyringUnavailable) as caught:
        keeper.save(WORK, SECRET)

    assert caught.value.message == "This system offers no keyring that keeps secrets safe."
    assert "session" in caught.value.advice
    with pytest.raises(KeyringUnavailable):
        keeper.secret(WORK)
    keeper.forget("work")


def test_a_session_works_without_any_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    keeper = CredentialKeeper()

    keeper.keep_for_session(WORK, Credentials("AKIA", SECRET))

    assert keeper.secret(WORK) == SECRET


class Chain(chainer.ChainerBackend):
    """A chain of what the test says."""

    members: list[KeyringBackend]

    @property
    def backends(self) -> list[KeyringBackend]:  # type: ignore[override]
        return self.members


def _chain(*members: KeyringBackend) -> KeyringBackend:
    chain = Chain()
    chain.members = list(members)
    Chain.__module__, Chain.__qualname__ = "keyring.backends.chainer", "ChainerBackend"
    return chain


def test_of_a_chain_the_first_keyring_of_the_system_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain, wallet = PlainTextKeyring(), _looks_like("keyring.backends.kwallet", "DBusKeyring")
    monkeypatch.setattr(keyring, "get_keyring", lambda: _chain(plain, wallet))

    CredentialKeeper().save(WORK, SECRET)

    assert os_keyring() is wallet
    assert plain.passwords == {}


def test_a_chain_without_a_keyring_of_the_system_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: _chain(PlainTextKeyring()))

    with pytest.raises(KeyringUnavailable):
        os_keyring()


def test_a_system_without_a_keyring_is_no_trouble_before_one_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(keyring, "get_keyring", lambda: asked.append(True) or fail.Keyring())

    load_keyring()

    assert asked == [True]


def test_a_backend_that_only_borrows_a_known_class_is_not_trusted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = _looks_like("somebody.elses.SecretService", "Keyring")
    monkeypatch.setattr(keyring, "get_keyring", lambda: other)

    with pytest.raises(KeyringUnavailable):
        os_keyring()


def test_the_keyring_is_not_loaded_before_a_secret_is_needed() -> None:
    program = (
        "import sys\n"
        "from s3gui.adapters.credentials import CredentialKeeper\n"
        "CredentialKeeper()\n"
        "assert 'keyring' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


_IN_A_PROCESS = """
import sys
from s3gui.adapters.credentials import CredentialKeeper
from s3gui.core.errors import KeyringUnavailable
from s3gui.core.profile import Profile, Secret
keeper = CredentialKeeper()
work = Profile("work", "Work", access_key_id="AKIA")
try:
    {}
except KeyringUnavailable as error:
    print("unavailable:", error.message)
"""


def _in_a_process(service: SecretService, statements: str) -> str:
    done = service.run([sys.executable, "-c", _IN_A_PROCESS.format(statements)])
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.secret_service
def test_a_real_secret_service_keeps_a_secret_from_process_to_process(
    secret_service: SecretService,
) -> None:
    saved = _in_a_process(
        secret_service, "keeper.save(work, Secret('s3cr3t')); print(keeper.is_available())"
    )
    read = _in_a_process(secret_service, "print(keeper.secret(work).reveal())")
    forgotten = _in_a_process(
        secret_service, "keeper.forget('work'); keeper.forget('work'); print(keeper.secret(work))"
    )

    assert (saved, read, forgotten) == ("True", "s3cr3t", "None")


@pytest.mark.secret_service
def test_a_locked_secret_service_is_unavailable(locked_secret_service: SecretService) -> None:
    for statement in ("keeper.save(work, Secret('s3cr3t'))", "keeper.secret(work)"):
        said = _in_a_process(locked_secret_service, statement + "; print('no error')")
        assert said == "unavailable: The system's keyring is locked or does not answer."


@pytest.mark.secret_service
def test_a_real_secret_service_that_was_never_used_holds_nothing(
    secret_service: SecretService,
) -> None:
    assert _in_a_process(secret_service, "print(keeper.secret(work))") == "None"
