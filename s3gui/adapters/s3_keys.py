"""The keys that sign requests, where no sign-in is needed to have them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from s3gui.core.profile import Credentials

_FILES = {"AWS_CONFIG_FILE": "~/.aws/config", "AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"}
_SESSION_TOKEN = "AWS_SESSION_TOKEN"  # noqa: S105 - the name of a variable
_UNDERSTOOD = frozenset(
    {
        "AWS_ACCESS_KEY_ID",
        "AWS_CA_BUNDLE",
        "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_PAGER",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        _SESSION_TOKEN,
        *_FILES,
    }
)


class Keys:
    """As botocore's frozen credentials, but it does not show itself."""

    __slots__ = ("access_key", "secret_key", "token")

    def __init__(self, access_key: str, secret_key: str, token: str | None) -> None:
        self.access_key = access_key
        self.secret_key = secret_key
        self.token = token

    def __repr__(self) -> str:
        return "Keys(…)"

    def get_frozen_credentials(self) -> Keys:
        """These never change; botocore's own may renew themselves."""
        return self


def keys_of(credentials: Credentials) -> Keys:
    token = credentials.session_token
    return Keys(
        credentials.access_key_id,
        credentials.secret_access_key.reveal(),
        None if token is None else token.reveal(),
    )


def keys_of_environment(environment: Mapping[str, str]) -> Keys | None:
    """The keys that botocore's own chain would find; None where it has to look for itself.

    That is wherever a file or a variable might have a say that is not understood here.
    """
    names = {name for name in environment if name.upper().startswith("AWS_")}
    access_key = environment.get("AWS_ACCESS_KEY_ID", "")
    secret_key = environment.get("AWS_SECRET_ACCESS_KEY", "")
    if not (access_key and secret_key) or names - _UNDERSTOOD:
        return None
    if any(_says_something(environment.get(name, place)) for name, place in _FILES.items()):
        return None
    return Keys(access_key, secret_key, environment.get(_SESSION_TOKEN) or None)


def _says_something(place: str) -> bool:
    try:
        return Path(os.path.expandvars(place)).expanduser().stat().st_size > 0
    except FileNotFoundError:
        return False
    except (OSError, RuntimeError, ValueError):
        return True
