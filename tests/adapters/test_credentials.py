import subprocess
import sys
from collections.abc import Callable

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import InitError, KeyringError, KeyringLocked, PasswordDeleteError

from s3gui.adapters.credentials import CredentialKeeper, os_keyring
from s3gui.core.errors import KeyringUnavailable
from s3gui.core.profile import Credentials, Secret
from tests.support.secret_service import SecretService

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
    keeper.save("work", SECRET)

    assert keeper.secret("work") == SECRET
    assert keeper.secret("home") is None
    assert fake.passwords == {("s3gui", "work"): SECRET.reveal()}
    assert keeper.is_available()


def test_a_forgotten_secret_is_gone_and_may_be_forgotten_again(
    keeper: CredentialKeeper, fake: FakeKeyring
) -> None:
    keeper.save("work", SECRET)
    keeper.keep_for_session("work", Credentials("AKIA", SECRET))

    keeper.forget("work")
    keeper.forget("work")

    assert keeper.secret("work") is None
    assert keeper.for_session("work") is None
    assert fake.passwords == {}


def test_what_is_kept_for_the_session_never_reaches_the_keyring(
    keeper: CredentialKeeper, fake: FakeKeyring
) -> None:
    temporary = Credentials("AKIA", SECRET, Secret("token"))

    keeper.keep_for_session("work", temporary)

    assert keeper.for_session("work") == temporary
    assert keeper.secret("work") == SECRET
    assert keeper.for_session("home") is None
    assert fake.passwords == {}


@pytest.mark.parametrize("error", [InitError("x"), KeyringLocked("x"), KeyringError("x")])
def test_a_keyring_that_fails_is_unavailable(
    keeper: CredentialKeeper, fake: FakeKeyring, error: KeyringError
) -> None:
    fake.error = error
    calls: list[Callable[[], object]] = [
        lambda: keeper.save("work", SECRET),
        lambda: keeper.secret("work"),
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
        keeper.save("work", SECRET)

    assert caught.value.message == "This system offers no keyring that keeps secrets safe."
    assert "session" in caught.value.advice
    with pytest.raises(KeyringUnavailable):
        keeper.secret("work")
    keeper.forget("work")


def test_a_session_works_without_any_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)
    keeper = CredentialKeeper()

    keeper.keep_for_session("work", Credentials("AKIA", SECRET))

    assert keeper.secret("work") == SECRET


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

    CredentialKeeper().save("work", SECRET)

    assert os_keyring() is wallet
    assert plain.passwords == {}


def test_a_chain_without_a_keyring_of_the_system_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(keyring, "get_keyring", lambda: _chain(PlainTextKeyring()))

    with pytest.raises(KeyringUnavailable):
        os_keyring()


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
from s3gui.core.profile import Secret
keeper = CredentialKeeper()
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
        secret_service, "keeper.save('work', Secret('s3cr3t')); print(keeper.is_available())"
    )
    read = _in_a_process(secret_service, "print(keeper.secret('work').reveal())")
    forgotten = _in_a_process(
        secret_service, "keeper.forget('work'); keeper.forget('work'); print(keeper.secret('work'))"
    )

    assert (saved, read, forgotten) == ("True", "s3cr3t", "None")


@pytest.mark.secret_service
def test_a_locked_secret_service_is_unavailable(locked_secret_service: SecretService) -> None:
    for statement in ("keeper.save('work', Secret('s3cr3t'))", "keeper.secret('work')"):
        said = _in_a_process(locked_secret_service, statement + "; print('no error')")
        assert said == "unavailable: The system's keyring is locked or does not answer."


@pytest.mark.secret_service
def test_a_real_secret_service_that_was_never_used_holds_nothing(
    secret_service: SecretService,
) -> None:
    assert _in_a_process(secret_service, "print(keeper.secret('work'))") == "None"
