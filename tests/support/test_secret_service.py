import sys

import pytest

from tests.support.secret_service import SecretService

pytestmark = pytest.mark.secret_service

_SET_AND_GET = """
import keyring
keyring.set_password("s3gui", "profile", "a secret with an é")
print(keyring.get_keyring().__class__.__module__, keyring.get_password("s3gui", "profile"))
"""


def test_a_child_process_keeps_a_secret_in_the_real_secret_service(
    secret_service: SecretService,
) -> None:
    child = secret_service.run([sys.executable, "-c", _SET_AND_GET])
    assert child.stdout.split(maxsplit=1) == [
        "keyring.backends.SecretService",
        "a secret with an é\n",
    ]


def test_each_secret_service_starts_empty(secret_service: SecretService) -> None:
    child = secret_service.run(
        [sys.executable, "-c", "import keyring; print(keyring.get_password('s3gui', 'profile'))"]
    )
    assert child.stdout == "None\n"


def test_a_locked_keyring_refuses_at_once(locked_secret_service: SecretService) -> None:
    child = locked_secret_service.run([sys.executable, "-c", _SET_AND_GET], timeout_seconds=20)
    assert child.returncode == 1
    assert "keyring.errors.InitError" in child.stderr
