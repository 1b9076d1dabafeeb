import pytest

from s3gui.driver import Container, S3StorageDriver
from s3gui.driver.endpoint import profile_for


def profile(**given):
    known = {"secure": True, "host": None, "port": None, "region": None}
    return profile_for("key", **{**known, "provider_id": None, "ca_file": None, **given})


@pytest.mark.parametrize(
    ("given", "provider_id", "endpoint_url", "region"),
    [
        ({}, "aws", None, "us-east-1"),
        ({"region": "eu-west-1"}, "aws", None, "eu-west-1"),
        ({"secure": False}, "aws", "http://s3.us-east-1.amazonaws.com", "us-east-1"),
        (
            {"port": 8443, "region": "cn-north-1"},
            "aws",
            "https://s3.cn-north-1.amazonaws.com.cn:8443",
            "cn-north-1",
        ),
        (
            {"host": "s3-eu-west-1.amazonaws.com", "region": "eu-west-1"},
            "aws",
            "https://s3-eu-west-1.amazonaws.com",
            "eu-west-1",
        ),
        (
            {"host": "127.0.0.1", "port": 9000, "secure": False},
            "generic",
            "http://127.0.0.1:9000",
            "us-east-1",
        ),
        ({"host": "files.example.com"}, "generic", "https://files.example.com", "us-east-1"),
        ({"host": "files.example.com", "region": "garage"}, "generic", None, "garage"),
        ({"host": "::1", "port": 1}, "generic", "https://[::1]:1", "us-east-1"),
        ({"host": "localhost", "provider_id": "practice"}, "practice", None, "us-east-1"),
        (
            {"provider_id": "wasabi"},
            "wasabi",
            "https://s3.us-east-1.wasabisys.com",
            "us-east-1",
        ),
        ({"host": "r2.example.com", "provider_id": "r2"}, "r2", None, "auto"),
    ],
)
def test_host_and_region_choose_the_service(given, provider_id, endpoint_url, region):
    chosen = profile(**given)

    assert (chosen.provider_id, chosen.region) == (provider_id, region)
    if endpoint_url is not None:
        assert chosen.endpoint_url == endpoint_url


def test_plain_http_is_allowed_to_who_says_secure_false():
    assert profile(host="files.example.com", secure=False).allow_http


@pytest.mark.parametrize(
    "given",
    [
        {"region": "nowhere"},
        {"host": "https://files.example.com"},
        {"host": "user:secret@files.example.com"},
        {"host": "files.example.com", "port": 99_999},
        {"provider_id": "floppy"},
        {"provider_id": "minio"},
    ],
)
def test_what_cannot_be_connected_to_is_a_value_error(given):
    with pytest.raises(ValueError):
        profile(**given)


def test_a_misspelt_extension_is_refused_and_libclouds_own_arguments_are_not():
    with pytest.raises(TypeError, match="ex_provdier"):
        S3StorageDriver("key", "secret", ex_provdier="practice")

    driver = S3StorageDriver("key", "secret", timeout=5, retry_delay=1)

    assert driver.name == "Amazon S3 (us-east-1)"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({"region": "eu-west-1"}, "Amazon S3 (eu-west-1)"),
        ({"host": "files.example.com"}, "S3-compatible service (files.example.com)"),
        ({"host": "::1", "port": 9000, "ex_provider": "minio"}, "MinIO ([::1]:9000)"),
    ],
)
def test_a_driver_is_named_for_where_it_goes(given, name):
    driver = S3StorageDriver("key", "secret", **given)

    assert driver.name == name
    assert name in repr(Container("photos", None, driver))
