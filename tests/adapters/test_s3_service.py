"""What is known without botocore is what botocore would say."""

import ssl
import sys
from types import SimpleNamespace

import botocore.session
import pytest
from botocore import httpsession
from botocore.config import Config
from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from hypothesis import given, settings
from hypothesis import strategies as st

from s3gui.adapters.s3_address import address_of, plain_address
from s3gui.adapters.s3_botocore import Botocore
from s3gui.adapters.s3_bounds import BOUNDS
from s3gui.adapters.s3_clock import ServiceTime
from s3gui.adapters.s3_keys import Keys, keys_of_environment
from s3gui.adapters.s3_models import models
from s3gui.adapters.s3_service import Addresses, known_service
from s3gui.adapters.s3_trust import certificates_file, trusting
from s3gui.adapters.s3_watch import Watch
from s3gui.adapters.s3_wire import WIRES
from s3gui.core.profile import Addressing, Credentials, Profile, Secret
from s3gui.core.provider import PROVIDERS

ENDPOINTS = (
    "http://127.0.0.1:9000",
    "https://s3.example.com",
    "https://s3.example.com:443/",
    "https://S3.Example.com:8443",
    "https://0a1b2c.r2.cloudflarestorage.com",
    "https://s3.eu-central-003.backblazeb2.com",
    "http://localhost:80",
)
"""Those of which more than nothing must be known; every other may be left to botocore."""

OTHERS = (
    "https://s3.amazonaws.com",
    "https://s3.eu-west-1.amazonaws.com",
    "https://s3.cn-north-1.amazonaws.com.cn",
    "https://s3-accelerate.amazonaws.com",
    "https://bucket.vpce-1a2b3c.s3.us-east-1.vpce.amazonaws.com",
    "https://s3.dualstack.eu-west-1.amazonaws.com",
    "https://s3.us-iso-east-1.c2s.ic.gov",
    "https://[::1]:9000",
    "https://under_score.example.com",
)
REGIONS = (
    "us-east-1",
    "eu-west-1",
    "auto",
    "us-gov-west-1",
    "cn-north-1",
    "fsn1",
    "nowhere",
    "x y",
)
REGIONS += ("aws-global", "fips-us-east-1", "us-east-1-fips", "s3-external-1", "us-iso-east-1")
REGIONS += tuple(region for provider in PROVIDERS.values() for region in provider.regions)
BUCKETS = st.one_of(
    st.from_regex(r"[a-z0-9][a-z0-9.-]{1,20}[a-z0-9]", fullmatch=True),
    st.from_regex(r"[a-zA-Z0-9._-]{1,20}", fullmatch=True),
    st.sampled_from(
        ["data--x-s3", "data--use1-az4--x-s3", "a--op-s3", "xn--bucket", "data-s3alias", "a--b"]
    ),
)
CREDENTIALS = Credentials("AKIA", Secret("secret"))
KEYS = {"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "secret"}


@pytest.fixture(scope="module")
def client_of():
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    session.register_component("data_loader", models())
    made = {}

    def client(endpoint_url, region):
        if (endpoint_url, region) not in made:
            made[endpoint_url, region] = session.create_client(
                "s3",
                region_name=region,
                endpoint_url=endpoint_url,
                aws_access_key_id="AKIA",
                aws_secret_access_key="secret",
                config=Config(signature_version="s3v4", s3={"addressing_style": "auto"}),
            )
        return made[endpoint_url, region]

    return client


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ENDPOINTS + OTHERS), st.sampled_from(REGIONS), BUCKETS)
def test_a_bucket_is_where_botocore_says(client_of, endpoint_url, region, bucket):
    known = plain_address(endpoint_url, region, bucket)

    if known is not None:
        assert known == address_of(client_of(endpoint_url, region), bucket)


@pytest.mark.parametrize("endpoint_url", ENDPOINTS)
@pytest.mark.parametrize("bucket", ["photos", "photos.example.com", "a-1"])
def test_ordinary_endpoints_and_buckets_are_known(client_of, endpoint_url, bucket):
    for region in ("us-east-1", "auto", "eu-west-1"):
        known = plain_address(endpoint_url, region, bucket)
        assert known == address_of(client_of(endpoint_url, region), bucket)


@pytest.mark.parametrize("endpoint_url", OTHERS[:6])
def test_amazons_own_hosts_are_left_to_botocore(endpoint_url):
    assert plain_address(endpoint_url, "us-east-1", "photos") is None


def amazons_regions():
    session = botocore.session.Session()
    return [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions("s3", partition)
    ]


def test_amazons_buckets_are_where_botocore_says_in_every_region():
    known = set()
    for region in sorted({*amazons_regions(), "us-east-1", "aws-global", "xx-nowhere-1"}):
        profile = Profile("id", "Test", region=region)
        ours = known_service(profile, CREDENTIALS, {})
        for bucket in (
            "photos",
            "a-1",
            "photos.example.com",
            "data--x-s3",
            "data-s3alias",
            "Old_1",
        ):
            address = ours.address_of(bucket)
            if address is not None:
                theirs = Botocore(profile, CREDENTIALS, None, Watch(BOUNDS), ServiceTime())
                assert address == theirs.address_of(bucket)
                assert (ours.is_encrypted, ours.trusted) == (theirs.is_encrypted, theirs.trusted)
                known.add((region, bucket))
    assert {("us-east-1", "photos"), ("eu-central-1", "a-1"), ("cn-north-1", "photos")} <= known
    assert {bucket for _, bucket in known} == {"photos", "a-1"}


@pytest.mark.parametrize("name", ["AWS_USE_FIPS_ENDPOINT", "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT"])
def test_variables_that_lead_to_other_hosts_of_amazons_are_left_to_botocore(name):
    amazon = Profile("id", "Test")
    given = Profile("id", "Test", endpoint_url="https://s3.example.com")

    assert known_service(amazon, CREDENTIALS, {name: "x"}) is None
    assert known_service(given, CREDENTIALS, {name: "x"}) is not None


@pytest.mark.parametrize("provider", PROVIDERS.values(), ids=PROVIDERS)
def test_every_kind_of_service_is_known_by_its_own_region(provider):
    profile = Profile("id", "Test", provider.id, "https://s3.example.com")

    service = known_service(profile, CREDENTIALS, {})

    assert service.address_of("photos").region == provider.default_region


def test_what_botocore_learnt_of_a_bucket_counts_more():
    addresses = Addresses(lambda _: "known", lambda _: "learnt")

    addresses.learn("moved")

    assert [addresses.of(bucket) for bucket in ("moved", "other")] == ["learnt", "known"]
    assert Addresses(lambda _: None, lambda _: "asked").of("odd") == "asked"


@pytest.mark.parametrize(
    "changes",
    [
        {"addressing": Addressing.VIRTUAL},
        {"endpoint_url": None, "addressing": Addressing.PATH},
        {"endpoint_url": None, "addressing": Addressing.VIRTUAL},
        {"aws_profile": "work"},
        {"aws_profile": ""},
    ],
)
def test_botocore_is_asked_where_more_rules_apply(changes):
    settings = {"endpoint_url": "https://s3.example.com", **changes}

    assert known_service(Profile("id", "Test", **settings), CREDENTIALS, {}) is None


def in_environment(environment, **changes):
    profile = Profile(
        "id", "Test", endpoint_url="https://s3.example.com", aws_profile="", **changes
    )
    return known_service(profile, None, environment)


@pytest.fixture
def nowhere(tmp_path):
    """Where no AWS files are."""
    files = ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE")
    return {name: str(tmp_path / name) for name in files}


@pytest.mark.parametrize("token", [{}, {"AWS_SESSION_TOKEN": "token"}, {"AWS_SESSION_TOKEN": ""}])
def test_the_keys_of_the_environment_are_those_that_botocore_finds(nowhere, monkeypatch, token):
    environment = KEYS | nowhere | token
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    theirs = botocore.session.Session().get_credentials().get_frozen_credentials()

    ours = keys_of_environment(environment).get_frozen_credentials()

    assert (ours.access_key, ours.secret_key, ours.token) == theirs[:3]


def test_the_environments_region_and_certificates_count(nowhere):
    environment = KEYS | nowhere | {"AWS_DEFAULT_REGION": "eu-west-1", "CURL_CA_BUNDLE": "b.pem"}

    service = in_environment(environment)
    named = in_environment(environment | {"AWS_CA_BUNDLE": "a.pem"}, region="eu-north-1")

    assert (service.address_of("photos").region, service.trusted) == ("eu-west-1", "b.pem")
    assert (named.address_of("photos").region, named.trusted) == ("eu-north-1", "a.pem")
    assert in_environment(environment, ca_file="own.pem").trusted == "own.pem"


SAYING_MORE = {
    name
    for _, names, _, _ in BOTOCORE_DEFAUT_SESSION_VARIABLES.values()
    for name in ([names] if isinstance(names, str) else names or [])
} - {"AWS_CA_BUNDLE", "AWS_CONFIG_FILE", "AWS_DEFAULT_REGION", "AWS_SHARED_CREDENTIALS_FILE"}
SAYING_MORE -= {"BOTOCORE_TCP_KEEPALIVE"}  # our own connections are kept alive in any case


@pytest.mark.parametrize("name", sorted(SAYING_MORE))
def test_a_variable_that_says_more_is_left_to_botocore(nowhere, name):
    assert keys_of_environment(KEYS | nowhere | {name: "x"}) is None


@pytest.mark.parametrize(
    "missing", [{"AWS_ACCESS_KEY_ID": ""}, {"AWS_SECRET_ACCESS_KEY": ""}, {"AWS_NEW": "x"}]
)
def test_keys_that_are_not_whole_are_left_to_botocore(nowhere, missing):
    assert keys_of_environment(KEYS | nowhere | missing) is None


@pytest.mark.parametrize("name", ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"])
def test_a_file_that_says_something_is_left_to_botocore(nowhere, tmp_path, name):
    (tmp_path / name).touch()
    assert keys_of_environment(KEYS | nowhere) is not None

    (tmp_path / name).write_text("[default]\n")

    assert keys_of_environment(KEYS | nowhere) is None


def test_the_files_are_looked_for_at_home(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert keys_of_environment(KEYS) is not None

    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\nregion = eu-west-1\n")

    assert keys_of_environment(KEYS) is None


def test_keys_do_not_show_themselves():
    assert "secret" not in repr(Keys("AKIA", "secret", "token"))


def test_the_same_servers_are_trusted_as_botocore_trusts():
    ours, theirs = trusting(True), httpsession.create_urllib3_context()
    theirs.load_verify_locations(cafile=httpsession.get_cert_path(True))

    assert certificates_file() == httpsession.get_cert_path(True)
    assert ours.get_ca_certs() == theirs.get_ca_certs()
    assert ours.verify_mode == ssl.CERT_REQUIRED
    assert ours.check_hostname, "urllib3 does it itself"
    for name in ("options", "verify_flags", "maximum_version", "post_handshake_auth"):
        assert getattr(ours, name) == getattr(theirs, name), name
    assert ours.minimum_version >= ssl.TLSVersion.TLSv1_2
    assert ours.hostname_checks_common_name is False
    assert {each["name"] for each in ours.get_ciphers()} == {
        each["name"] for each in theirs.get_ciphers()
    }


def test_certifis_list_is_used_where_it_is_installed(monkeypatch):
    monkeypatch.setitem(
        sys.modules,
        "certifi",
        SimpleNamespace(where=lambda: "list.pem", __spec__=SimpleNamespace()),
    )

    assert certificates_file() == "list.pem"


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
def test_parameters_travel_as_botocores_description_says(client_of, wire):
    client = client_of(ENDPOINTS[0], "us-east-1")
    model = client.meta.service_model.operation_model(wire.operation)
    described = {
        name: (shape.serialization.get("location"), shape.serialization.get("name"))
        for name, shape in model.input_shape.members.items()
    }

    assert wire.method == model.http["method"]
    assert {name: ("header", header) for name, header in wire.header_names.items()} == {
        name: described[name] for name in wire.header_names
    }
    assert {name: ("querystring", text) for name, text in wire.query_names.items()} == {
        name: described[name] for name in wire.query_names
    }
    assert model.http["requestUri"].partition("?")[2] == wire.named
    if "Metadata" in described:
        assert wire.headers({"Metadata": {"a": "b"}}) == {"x-amz-meta-a": "b"}


@pytest.mark.parametrize("wire", WIRES.values(), ids=WIRES)
def test_an_answers_headers_mean_what_botocores_description_says(client_of, wire):
    client = client_of(ENDPOINTS[0], "us-east-1")
    members = client.meta.service_model.operation_model(wire.operation).output_shape.members
    in_headers = {
        name: shape.serialization["name"].lower()
        for name, shape in members.items()
        if shape.serialization.get("location") == "header"
    }
    headers = dict.fromkeys(in_headers.values(), "said")

    answer = wire.answer(200, headers)

    known = answer.keys() - {"ResponseMetadata"}
    assert {"ServerSideEncryption", "VersionId"} <= known <= in_headers.keys()
    assert all(answer[name] == "said" for name in known)


def test_a_parameter_that_nobody_described_is_not_left_out_silently():
    with pytest.raises(ValueError, match="PutObject has no parameter Colour"):
        WIRES["PutObject"].headers({"Bucket": "b", "Key": "k", "Colour": "red"})
