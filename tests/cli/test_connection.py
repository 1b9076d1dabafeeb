import pytest

from s3gui.cli.connection import Connection, choose_profile
from s3gui.core.errors import InputError
from s3gui.core.profile import Profile

MINIO = Profile(
    "1", "office", "minio", endpoint_url="https://minio.example.com", access_key_id="AKIA1"
)


def choose(
    typed: Connection,
    environment: dict[str, str] | None = None,
    aws: tuple[str, ...] = ("work", "office"),
) -> Profile:
    return choose_profile(
        typed,
        saved=lambda: [MINIO],
        aws_profile_names=lambda: list(aws),
        environment=environment or {},
    )


def test_without_a_word_botocores_own_chain_decides() -> None:
    profile = choose(Connection())
    assert profile.provider_id == "aws"
    assert profile.aws_profile == ""
    assert profile.endpoint_url is None


def test_a_saved_connection_comes_before_an_aws_profile_of_the_same_name() -> None:
    assert choose(Connection(profile="office")) == MINIO


def test_an_aws_profile_is_found_by_its_name() -> None:
    profile = choose(Connection(profile="work"))
    assert profile.aws_profile == "work"
    assert profile.provider_id == "aws"


def test_an_unknown_profile_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(InputError) as refused:
        choose(Connection(profile="wrok"))
    assert "wrok" in refused.value.message
    assert "“work”" in refused.value.advice
    assert "“office”" in refused.value.advice


def test_an_endpoint_that_was_typed_needs_no_further_yes() -> None:
    profile = choose(Connection(endpoint_url="http://minio.lan:9000", region="eu-west-1"))
    assert profile.provider_id == "generic"
    assert profile.allow_http
    assert profile.region == "eu-west-1"
    assert profile.aws_profile == ""


@pytest.mark.parametrize(
    ("url", "provider_id"),
    [
        ("https://s3.eu-central-1.amazonaws.com", "aws"),
        ("https://abc.r2.cloudflarestorage.com", "r2"),
        ("https://s3.eu-central-003.backblazeb2.com", "b2"),
        ("https://storage.googleapis.com", "gcs"),
        ("https://evilamazonaws.com", "generic"),
        ("https://amazonaws.com.example.org", "generic"),
        ("http://127.0.0.1:9000", "generic"),
    ],
)
def test_a_service_known_by_its_host_is_treated_by_its_own_rules(
    url: str, provider_id: str
) -> None:
    assert choose(Connection(endpoint_url=url)).provider_id == provider_id


@pytest.mark.parametrize("name", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
def test_the_environments_endpoint_counts_as_for_every_aws_tool(name: str) -> None:
    environment = {name: "http://127.0.0.1:9000"}
    assert choose(Connection(), environment).endpoint_url == "http://127.0.0.1:9000"
    profile = choose(Connection(profile="work"), environment)
    assert (profile.aws_profile, profile.endpoint_url) == ("work", "http://127.0.0.1:9000")


def test_the_endpoint_for_s3_comes_before_the_general_one() -> None:
    environment = {"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_S3": "http://b"}
    assert choose(Connection(), environment).endpoint_url == "http://b"


def test_the_environments_endpoint_can_be_ignored_and_never_moves_a_saved_connection() -> None:
    environment = {"AWS_ENDPOINT_URL": "http://a", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}
    assert choose(Connection(), environment).endpoint_url is None
    environment = {"AWS_ENDPOINT_URL": "http://elsewhere.example.com"}
    assert choose(Connection(profile="office"), environment) == MINIO


@pytest.mark.parametrize(
    "url", ["minio.lan", "ftp://x", "http://", "http://[", "http://u:p@h", "http://h/path", ""]
)
def test_an_endpoint_that_cannot_be_used_is_refused_before_anything_begins(url: str) -> None:
    with pytest.raises(InputError):
        choose(Connection(endpoint_url=url))


def test_two_connections_are_never_taken_for_one() -> None:
    ids = {
        choose(typed).id
        for typed in (
            Connection(),
            Connection(profile="work"),
            Connection(endpoint_url="http://a"),
            Connection(endpoint_url="http://b"),
        )
    }
    assert len(ids) == 4
