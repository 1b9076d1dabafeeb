"""botocore set up for s3gui: bounded, unredirected, without prompts."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import botocore.session
from botocore import UNSIGNED
from botocore.config import Config
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.exceptions import BotoCoreError
from botocore.handlers import add_expect_header

from s3gui import __version__
from s3gui.adapters.s3_address import Address, address_of
from s3gui.adapters.s3_body import RequestBody
from s3gui.adapters.s3_botocore_sender import BotocoreSender
from s3gui.adapters.s3_clock import ServiceTime
from s3gui.adapters.s3_errors import s3gui_error
from s3gui.adapters.s3_exchange import BoundedExchanges, GivenAnswers
from s3gui.adapters.s3_models import models
from s3gui.adapters.s3_network import proxies_of
from s3gui.adapters.s3_service import BUNDLES
from s3gui.adapters.s3_watch import Watch
from s3gui.adapters.s3_xml import is_web_page
from s3gui.core.errors import BadAnswer, CredentialsMissing
from s3gui.core.profile import Addressing, Credentials, Profile, check_endpoint

if TYPE_CHECKING:
    from s3gui.adapters.s3_clients import Prompter

_CONNECTIONS = 64
_BROWSE_ATTEMPTS = 3

_AUTO = Addressing.AUTO.value
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Botocore:
    """botocore for one profile: a session of it, and the clients that it makes.

    Beside them, what our own sender has to know: `keys`, None where there are none; `trusted` as
    `Network` takes it; whether requests are `is_encrypted`.
    """

    def __init__(
        self,
        profile: Profile,
        credentials: Credentials | None,
        prompter: Prompter | None,
        watch: Watch,
        service_time: ServiceTime,
    ) -> None:
        """Raises InputError, CredentialsMissing and CredentialsExpired."""
        given_answers = GivenAnswers()
        try:
            session = _session(profile, prompter)
            given = _credential_arguments(profile, credentials)
            make = partial(
                _client,
                session,
                profile,
                given,
                watch=watch,
                service_time=service_time,
                given_answers=given_answers,
            )
            addressing = _addressing(profile)
            is_encrypted = not (profile.endpoint_url or "").startswith("http:")
            transfer = make(addressing, attempts=1, sign_payload=not is_encrypted)
            # With “auto” botocore signs URLs for the global host, which other regions refuse.
            is_global = addressing == _AUTO and _is_amazons(transfer)
            if is_global or is_encrypted != transfer.meta.endpoint_url.startswith("https:"):
                addressing = Addressing.VIRTUAL.value if is_global else addressing
                is_encrypted = transfer.meta.endpoint_url.startswith("https:")
                transfer = make(addressing, attempts=1, sign_payload=not is_encrypted)
            self.keys = _credentials(session, given)
        except (BotoCoreError, ValueError) as error:
            raise s3gui_error(error, host=profile.host) from error
        check_endpoint(transfer.meta.endpoint_url, allow_http=profile.allow_http)
        self._looking = partial(make, addressing, attempts=_BROWSE_ATTEMPTS, sign_payload=True)
        self.transfer = transfer
        self.sender = BotocoreSender(transfer, service_time, given_answers)
        self.is_encrypted = is_encrypted
        self.trusted = _trusted(session, profile)

    def browsing(self) -> Any:
        """A client that tries again by itself."""
        return self._looking()

    def anonymous(self) -> Any:
        """As `browsing`, and it signs nothing."""
        return self._looking(signature=UNSIGNED)

    def address_of(self, bucket: str) -> Address | None:
        """As `s3_address.address_of`."""
        return address_of(self.transfer, bucket)


def aws_profile_names() -> list[str]:
    """The profiles of the AWS config files; empty if they cannot be read."""
    try:
        return list(botocore.session.Session().available_profiles)
    except BotoCoreError:
        return []


def sign_in_command(aws_profile: str) -> list[str]:
    """What signs this profile of the AWS config in again; empty where no command does."""
    session = botocore.session.Session(profile=aws_profile or None)
    try:
        config = session.get_scoped_config()
    except BotoCoreError:
        return []
    named = ["--profile", aws_profile] if aws_profile else []
    if "sso_session" in config or "sso_start_url" in config:
        return ["aws", "sso", "login", *named]
    return ["aws", "login", *named] if "login_session" in config else []


def _session(profile: Profile, prompter: Prompter | None) -> botocore.session.Session:
    if profile.aws_profile is None:
        # A saved connection means the same whatever the environment and the AWS files say.
        nowhere = {
            "profile": (None, None, None, None),
            "config_file": (None, None, os.devnull, None),
            "credentials_file": (None, None, os.devnull, None),
        }
        session = botocore.session.Session(session_vars=nowhere)
        session.register_component("data_loader", models())
        return session
    session = botocore.session.Session(profile=profile.aws_profile or None)
    session.register_component("data_loader", models())
    resolver = session.get_component("credential_provider")
    provider = resolver.get_provider("assume-role")
    # botocore has no parameter for it, and its own prompt would read the terminal of a
    # program that has none.
    provider._prompter = prompter or _nobody_to_ask  # noqa: SLF001
    return session


def _nobody_to_ask(prompt: str) -> str:
    del prompt
    raise CredentialsMissing(
        "The AWS profile wants an MFA code, and nobody can be asked for it here.",
        hint="Sign in with the AWS command line first, or choose another profile.",
    )


def _credential_arguments(profile: Profile, credentials: Credentials | None) -> dict[str, Any]:
    if profile.aws_profile is not None:
        return {}
    assert credentials is not None, "open_clients asks for them"
    arguments = {
        "aws_access_key_id": credentials.access_key_id,
        "aws_secret_access_key": credentials.secret_access_key.reveal(),
    }
    if credentials.session_token is not None:
        arguments["aws_session_token"] = credentials.session_token.reveal()
    return arguments


def _client(
    session: botocore.session.Session,
    profile: Profile,
    given: dict[str, Any],
    addressing: str,
    *,
    watch: Watch,
    service_time: ServiceTime,
    given_answers: GivenAnswers,
    attempts: int,
    sign_payload: bool,
    signature: Any = "s3v4",
) -> Any:
    endpoint_url = profile.endpoint_url
    settings: dict[str, Any] = {
        "signature_version": signature,
        "connect_timeout": watch.bounds.beyond_seconds,
        "read_timeout": watch.bounds.beyond_seconds,
        "max_pool_connections": _CONNECTIONS,
        "tcp_keepalive": True,
        "retries": {"mode": "standard", "total_max_attempts": attempts},
        # Checksums are ours: botocore's default ones travel in trailers, which many services
        # refuse (boto3#4392).
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
        "ignore_configured_endpoint_urls": profile.aws_profile is None,
        "proxies": proxies_of(profile),
        "user_agent_extra": f"s3gui/{__version__}",
        "s3": {
            "addressing_style": addressing,
            "payload_signing_enabled": sign_payload,
        },
    }
    client: Any = session.create_client(
        "s3",
        region_name=_region(session, profile),
        endpoint_url=endpoint_url,
        verify=_trusted(session, profile),
        config=Config(**settings),
        **given,
    )
    events = client.meta.events
    # A server that does not answer to `Expect` would cost a second per request.
    events.unregister("before-call.s3", add_expect_header)
    service_time.register(events)
    events.register("before-send.s3", _mark_sending)
    BoundedExchanges(watch, profile.host, given_answers).register(client)
    events.register("response-received.s3", partial(_refuse_foreign_answer, profile.host))
    return client


def _credentials(session: botocore.session.Session, given: dict[str, Any]) -> Any:
    """Those that the clients use; they may renew themselves."""
    if not given:
        return session.get_credentials()
    return BotocoreCredentials(
        given["aws_access_key_id"],
        given["aws_secret_access_key"],
        given.get("aws_session_token"),
    )


def _trusted(session: botocore.session.Session, profile: Profile) -> str | Literal[True]:
    """A file of certificates, or True for those that botocore brings."""
    if profile.ca_file is not None:
        return profile.ca_file
    if profile.aws_profile is None:
        return True  # only the profile, not the environment, can widen the trust
    configured: str | None = session.get_config_variable("ca_bundle")
    environment = map(os.environ.get, BUNDLES)
    return next(filter(None, (configured, *environment)), True)


def _region(session: botocore.session.Session, profile: Profile) -> str:
    if profile.region:
        return profile.region
    configured: str | None = None
    if profile.aws_profile is not None:
        configured = session.get_config_variable("region")
    return configured or profile.provider.default_region


def _addressing(profile: Profile) -> str:
    if profile.addressing is Addressing.AUTO and profile.provider.path_style:
        return Addressing.PATH.value
    return profile.addressing.value


def _is_amazons(client: Any) -> bool:
    host = urlsplit(client.meta.endpoint_url).hostname or ""
    return host.endswith((".amazonaws.com", ".amazonaws.com.cn"))


def _mark_sending(request: Any, **_: Any) -> None:
    if isinstance(request.body, RequestBody):
        request.body.start_sending()


def _refuse_foreign_answer(
    host: str,
    response_dict: dict[str, Any] | None,
    parsed_response: dict[str, Any] | None,
    **_: Any,
) -> None:
    """Refuse what botocore would take for S3's answer, or follow without end."""
    if response_dict is None or parsed_response is None:
        return
    status, headers = response_dict["status_code"], response_dict["headers"]
    names_region = "x-amz-bucket-region" in headers or "Region" in parsed_response.get("Error", {})
    if status in _REDIRECTS and not names_region:
        raise BadAnswer(f"{host} sends on to another address, which is not followed.")
    body = response_dict["body"]
    if status < 300 and isinstance(body, bytes) and is_web_page(body):
        raise BadAnswer(f"{host} answered with a web page, not as an S3 service does.")
