import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from s3gui.adapters.s3 import S3Store, connect
from s3gui.adapters.s3_botocore import aws_profile_names
from s3gui.adapters.s3_clients import open_clients
from s3gui.adapters.s3_unreachable import CertificateRefused
from s3gui.core.errors import (
    CredentialsExpired,
    CredentialsMissing,
    CredentialsRefused,
    InputError,
    S3guiError,
    Unreachable,
)
from s3gui.core.profile import Addressing, Credentials, Profile, Secret
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.source import MemoryBody
from s3gui.practice import PracticeServer
from tests.adapters.scripted_server import (
    ACCESS_KEY_ID,
    SECRET,
    Answer,
    ScriptedServer,
    scripted_server,
)
from tests.support.certificates import Authority

GIVEN = Credentials(ACCESS_KEY_ID, Secret(SECRET))
NOW = datetime.now(UTC)


def profile(endpoint_url: str | None = None, **changes: Any) -> Profile:
    provider_id = "practice" if endpoint_url else "aws"
    settings: dict[str, Any] = {"provider_id": provider_id, "endpoint_url": endpoint_url}
    return Profile("id", "Test", **settings | changes)


def put(store: S3Store) -> None:
    body = MemoryBody(b"data" * 1000)
    store.put_object(
        Destination("bucket", "key"),
        body,
        store.checksums.of(body.blocks()),
        UploadOptions(),
        only_if_absent=False,
        on_sent=lambda _: None,
    )


def credentials_of(server: PracticeServer) -> Credentials:
    given = server.credentials
    return Credentials(given.access_key_id, Secret(given.secret_access_key))


def test_over_https_the_bytes_are_sent_unsigned_to_who_is_trusted(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    with scripted_server(authority.server_context()) as server:
        put(connect(profile(server.endpoint_url, ca_file=str(authority.ca_file)), GIVEN))

        (asked,) = server.asked
        assert asked.headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD"
        assert "expect" not in asked.headers


@pytest.mark.parametrize(
    ("certificate", "reason"),
    [
        ({"valid_until": NOW - timedelta(hours=1)}, "has expired"),
        ({"valid_from": NOW + timedelta(hours=1)}, "not valid yet"),
        ({"address": "127.0.0.2"}, "for another"),
        ({"is_self_signed": True}, "signed by itself"),
    ],
    ids=["expired", "too early", "for another address", "signed by itself"],
)
def test_a_bad_certificate_is_refused_before_anything_is_sent(
    tmp_path: Path, certificate: dict[str, Any], reason: str
) -> None:
    authority = Authority(tmp_path)
    with scripted_server(authority.server_context(**certificate)) as server:
        store = connect(profile(server.endpoint_url, ca_file=str(authority.ca_file)), GIVEN)

        with pytest.raises(CertificateRefused, match=reason):
            put(store)

        assert server.asked == []


def test_an_unknown_authority_is_not_trusted_even_if_the_environment_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    authority = Authority(tmp_path)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(authority.ca_file))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.ca_file))
    with scripted_server(authority.server_context()) as server:
        with pytest.raises(CertificateRefused):
            put(connect(profile(server.endpoint_url), GIVEN))

        assert server.asked == []


@pytest.mark.parametrize("content", [None, b"not a certificate"])
def test_a_certificate_file_that_cannot_be_used_is_named(
    tmp_path: Path, content: bytes | None
) -> None:
    ca_file = tmp_path / "own.pem"
    if content is not None:
        ca_file.write_bytes(content)

    with pytest.raises(InputError, match=r"own\.pem"):
        connect(profile("https://127.0.0.1:9", ca_file=str(ca_file)), GIVEN)


def test_a_host_that_refuses_connections_is_named() -> None:
    store = connect(profile("http://127.0.0.1:9"), GIVEN)

    with pytest.raises(Unreachable, match="the connection was refused"):
        put(store)


def test_http_to_another_machine_needs_the_profiles_permission() -> None:
    with pytest.raises(InputError):
        connect(profile("http://192.0.2.1"), GIVEN)

    connect(profile("http://192.0.2.1", allow_http=True), GIVEN)


def test_a_connection_without_a_secret_is_not_made() -> None:
    with pytest.raises(CredentialsMissing):
        connect(profile("https://s3.example.com"), None)


def test_a_saved_connection_does_not_listen_to_the_environment(
    server: ScriptedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_PROFILE": "no-such-profile",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ACCESS_KEY_ID": "AKIAFROMENVIRONMENT1",
        "AWS_DEFAULT_REGION": "xx-nowhere-1",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "ALL_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(name, value)

    put(connect(profile(server.endpoint_url), GIVEN))

    authorization = server.asked[0].headers["authorization"]
    assert f"Credential={ACCESS_KEY_ID}/" in authorization
    assert "/us-east-1/s3/" in authorization


def test_a_session_token_is_sent_with_temporary_credentials(server: ScriptedServer) -> None:
    temporary = Credentials(ACCESS_KEY_ID, Secret(SECRET), Secret("session-token"))

    put(connect(profile(server.endpoint_url), temporary))

    assert server.asked[0].headers["x-amz-security-token"] == "session-token"


@pytest.mark.parametrize(
    ("changes", "url"),
    [
        ({"region": "eu-west-1"}, "https://bucket.s3.eu-west-1.amazonaws.com/key"),
        (
            {"region": "eu-west-1", "addressing": Addressing.PATH},
            "https://s3.eu-west-1.amazonaws.com/bucket/key",
        ),
        (
            {"provider_id": "minio", "endpoint_url": "https://minio.example.com"},
            "https://minio.example.com/bucket/key",
        ),
        (
            {
                "provider_id": "minio",
                "endpoint_url": "https://minio.example.com",
                "addressing": Addressing.VIRTUAL,
            },
            "https://bucket.minio.example.com/key",
        ),
    ],
)
def test_the_bucket_goes_where_the_profile_says(changes: dict[str, Any], url: str) -> None:
    store = connect(profile(**changes), GIVEN)

    assert store.url(Destination("bucket", "key")) == url


def test_transfers_are_tried_once_and_browsing_three_times() -> None:
    clients = open_clients(profile("https://s3.example.com"), GIVEN, None)

    assert clients.transfer.meta.config.retries["total_max_attempts"] == 1
    assert clients.browse.meta.config.retries["total_max_attempts"] == 3
    assert clients.transfer.meta.config.max_pool_connections == 64


class AwsFiles:
    """The AWS config files of a made-up user."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.config = folder / "config"
        monkeypatch.setenv("AWS_CONFIG_FILE", str(self.config))
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))

    def write(self, text: str) -> None:
        self.config.write_text(text)


@pytest.fixture
def aws_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AwsFiles:
    return AwsFiles(tmp_path, monkeypatch)


def test_an_aws_profile_brings_its_credentials_region_and_endpoint(
    aws_files: AwsFiles, server: ScriptedServer
) -> None:
    aws_files.write(
        "[profile work]\naws_access_key_id = AKIAWORK000000000001\n"
        "aws_secret_access_key = work-secret\nregion = ap-southeast-2\n"
        f"endpoint_url = {server.endpoint_url}\n"
    )

    put(connect(profile(aws_profile="work"), None))

    (asked,) = server.asked
    assert "Credential=AKIAWORK000000000001/" in asked.headers["authorization"]
    assert "/ap-southeast-2/s3/" in asked.headers["authorization"]
    # In the clear, so the signature covers the bytes.
    assert asked.headers["x-amz-content-sha256"] != "UNSIGNED-PAYLOAD"


def test_an_http_endpoint_from_the_aws_config_needs_permission_too(aws_files: AwsFiles) -> None:
    aws_files.write("[profile work]\nendpoint_url = http://192.0.2.1\n")

    with pytest.raises(InputError):
        connect(profile(aws_profile="work"), None)


def test_an_unknown_aws_profile_is_named(aws_files: AwsFiles) -> None:
    aws_files.write("")

    with pytest.raises(CredentialsMissing, match="no-such-profile"):
        connect(profile(aws_profile="no-such-profile"), None)


def test_no_credentials_anywhere_is_said(aws_files: AwsFiles) -> None:
    aws_files.write("")

    with pytest.raises(CredentialsMissing):
        connect(profile(aws_profile=""), None).list_buckets()


def test_an_sso_profile_without_a_sign_in_has_expired(aws_files: AwsFiles) -> None:
    aws_files.write(
        "[profile sso]\nsso_session = work\nsso_account_id = 111122223333\n"
        "sso_role_name = Reader\nregion = us-east-1\n"
        "[sso-session work]\nsso_region = us-east-1\nsso_start_url = https://example.com/start\n"
    )

    with pytest.raises((CredentialsExpired, CredentialsMissing)) as caught:
        connect(profile(aws_profile="sso"), None).list_buckets()

    assert isinstance(caught.value, CredentialsExpired)


MFA = (
    "[profile base]\naws_access_key_id = AKIABASE000000000001\naws_secret_access_key = base\n"
    "[profile role]\nsource_profile = base\nrole_arn = arn:aws:iam::111122223333:role/R\n"
    "mfa_serial = arn:aws:iam::111122223333:mfa/me\nregion = us-east-1\n"
)


def test_an_mfa_code_is_never_read_from_the_terminal(
    aws_files: AwsFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda prompt: pytest.fail(f"asked: {prompt}"))
    aws_files.write(MFA)

    with pytest.raises(CredentialsMissing, match="MFA"):
        connect(profile(aws_profile="role"), None).list_buckets()


def test_an_mfa_code_is_asked_of_the_prompter(aws_files: AwsFiles) -> None:
    aws_files.write(MFA)
    asked: list[str] = []

    def prompter(prompt: str) -> str:
        asked.append(prompt)
        raise CredentialsMissing("the person went away")

    with pytest.raises(CredentialsMissing, match="went away"):
        connect(profile(aws_profile="role"), None, prompter).list_buckets()

    assert "arn:aws:iam::111122223333:mfa/me" in asked[0]


def test_the_profiles_of_the_aws_config_are_listed(aws_files: AwsFiles) -> None:
    aws_files.write("[default]\n[profile work]\nregion = us-east-1\n")

    assert sorted(aws_profile_names()) == ["default", "work"]


@pytest.mark.parametrize("text", ["", "[broken", "\x00\x01"])
def test_an_aws_config_that_cannot_be_read_holds_no_profiles(
    aws_files: AwsFiles, text: str
) -> None:
    aws_files.write(text)

    assert aws_profile_names() == []


def test_wrong_keys_are_told_from_unknown_ones_without_naming_a_secret(tmp_path: Path) -> None:
    with PracticeServer(tmp_path / "practice") as server:
        right = credentials_of(server)
        for wrong in (
            Credentials(right.access_key_id, Secret(SECRET)),
            Credentials("AKIAUNKNOWN000000001", Secret(SECRET)),
        ):
            with pytest.raises(CredentialsRefused) as caught:
                connect(profile(server.endpoint_url), wrong).list_buckets()
            assert SECRET not in repr(caught.value.failure())


def test_a_store_and_its_failures_never_show_the_secret(server: ScriptedServer) -> None:
    server.answers = [Answer(403)]
    store = connect(profile(server.endpoint_url), GIVEN)

    with pytest.raises(S3guiError) as caught:
        put(store)

    assert SECRET not in repr(store) + repr(vars(store)) + repr(caught.value.failure())
