"""What reaches one service: our own sender, and botocore's clients for all that it leaves over."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from s3gui.adapters.s3_answers import Answer
from s3gui.adapters.s3_bounds import BOUNDS, Bounds
from s3gui.adapters.s3_clock import ServiceTime
from s3gui.adapters.s3_heeding import HeedingClients
from s3gui.adapters.s3_network import Network, proxies_of
from s3gui.adapters.s3_sender import SocketSender
from s3gui.adapters.s3_service import Addresses, known_service
from s3gui.adapters.s3_watch import Watch
from s3gui.core.errors import CredentialsMissing, InputError
from s3gui.core.frozen import frozen
from s3gui.core.profile import Credentials, Profile
from s3gui.engine.ports import Body, OnSent
from s3gui.engine.stop import Stop

if TYPE_CHECKING:
    from s3gui.adapters.s3_botocore import Botocore

_Made = TypeVar("_Made")
Prompter = Callable[[str], str]
"""Asks the user for a one-time code; raises where nobody can be asked."""


class Sender(Protocol):
    """Sends what uploads consist of, each request once."""

    def send(
        self, operation: str, parameters: Mapping[str, Any], body: Body, on_sent: OnSent
    ) -> Answer:
        """PutObject or UploadPart. `parameters` without the body, and answer, as botocore's.

        Raises what botocore raises, S3guiError, and what `body` and `on_sent` raise.
        """
        ...

    def begin(
        self, operation: str, parameters: Mapping[str, Any], body: Body, on_sent: OnSent
    ) -> Callable[[], Answer]:
        """As `send`, which what it returns ends: meanwhile its thread may begin others."""
        ...

    def ask(self, operation: str, parameters: Mapping[str, Any]) -> Answer:
        """HeadObject, CreateMultipartUpload or CompleteMultipartUpload.

        `parameters` and answer as botocore names them. Raises what botocore raises, and S3guiError.
        """
        ...


@frozen
class Clients:
    """Botocore's S3 clients: `browse` tries again by itself, `transfer` never does.

    `anonymous` is as `browse`, but signs nothing. `sender` sends in the name of `transfer`;
    `judge` can do it too, by botocore itself.
    """

    browse: Any
    transfer: Any
    anonymous: Any
    watch: Watch
    sender: Sender
    judge: Sender

    def heeding(self, stop: Stop) -> HeedingClients:
        """The same clients, whose requests raise Stopped soon after `stop` is requested."""
        return HeedingClients(self, stop)


class _Once(Generic[_Made]):
    """Makes when it is first called; who only uploads may need none of it. Thread-safe."""

    def __init__(self, make: Callable[[], _Made]) -> None:
        self._make = make
        self._made: _Made | None = None
        self._making = threading.Lock()

    def __call__(self) -> _Made:
        with self._making:
            if self._made is None:
                self._made = self._make()
            return self._made


class _Later:
    """Passes for what it will make."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._made = _Once(make)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)


def open_clients(
    profile: Profile,
    credentials: Credentials | None,
    prompter: Prompter | None,
    bounds: Bounds = BOUNDS,
) -> Clients:
    """Raises InputError, CredentialsMissing and CredentialsExpired."""
    profile.check()
    _check_ca_file(profile.ca_file)
    if profile.aws_profile is None and credentials is None:
        raise CredentialsMissing(f"No secret access key is known for “{profile.name}”.")
    watch = Watch(bounds)
    service_time = ServiceTime()

    def make() -> Botocore:
        from s3gui.adapters.s3_botocore import Botocore

        return Botocore(profile, credentials, prompter, watch, service_time)

    botocore = _Once(make)
    service = known_service(profile, credentials) or botocore()
    judge: Any = _Later(lambda: botocore().sender)
    sender = SocketSender(
        service.keys,
        Addresses(service.address_of, lambda bucket: botocore().address_of(bucket)),
        Network(watch, verify=service.trusted, proxies=proxies_of(profile)),
        service_time,
        judge,
        watch=watch,
        # Over TLS the checksum is proof enough; in the clear the signature must cover the bytes.
        signs_payload=not service.is_encrypted,
    )
    return Clients(
        browse=_Later(lambda: botocore().browsing()),
        transfer=_Later(lambda: botocore().transfer),
        anonymous=_Later(lambda: botocore().anonymous()),
        watch=watch,
        sender=sender,
        judge=judge,
    )


def _check_ca_file(ca_file: str | None) -> None:
    if ca_file is None:
        return
    try:
        ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise InputError(
            f"“{ca_file}” cannot be used as a certificate file.", detail=str(error)
        ) from error
