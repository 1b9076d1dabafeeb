import dataclasses
import pickle

import pytest

from s3gui.core.errors import InputError
from s3gui.core.profile import Credentials, Profile, Secret, check_endpoint


def test_a_secret_shows_itself_only_when_asked():
    secret = Secret("wJalrXUtnFEMI")
    shown = f"{secret} {secret!r} {Credentials('AKIA', secret)!r} {[secret]}"
    assert "wJalr" not in shown
    assert secret.reveal() == "wJalrXUtnFEMI"
    assert secret == Secret("wJalrXUtnFEMI")
    assert Secret("")._text == ""
    assert not Secret("")


def test_a_secret_cannot_be_pickled():
    with pytest.raises(TypeError, match="never written"):
        pickle.dumps(Secret("x"))


def test_a_profile_has_no_place_for_a_secret():
    names = {field.name for field in dataclasses.fields(Profile)}
    assert not {name for name in names if "secret" in name or "token" in name or "password" in name}


@pytest.mark.parametrize(
    "url",
    [
        "s3.example.org",
        "ftp://s3.example.org",
        "https://",
        "https://user:pass@s3.example.org",
        "https://s3.example.org/bucket",
        "https://s3.example.org?x=1",
        "https://s3.example.org:99999",
        "https://s3.example.org:0",
        "https://[::1",
    ],
)
def test_an_endpoint_is_a_scheme_a_host_and_a_port(url):
    with pytest.raises(InputError):
        check_endpoint(url, allow_http=True)


def test_plain_http_needs_a_yes_unless_it_stays_on_this_computer():
    check_endpoint("http://127.0.0.1:9000", allow_http=False)
    check_endpoint("http://localhost", allow_http=False)
    check_endpoint("https://minio.example.org:9000/", allow_http=False)
    check_endpoint("http://minio.example.org", allow_http=True)
    with pytest.raises(InputError, match="in the clear"):
        check_endpoint("http://minio.example.org", allow_http=False)


def test_a_profile_is_checked_in_one_sentence():
    Profile("1", "Work").check()
    with pytest.raises(InputError, match="name"):
        Profile("1", " ").check()
    with pytest.raises(InputError, match="kind of service"):
        Profile("1", "x", provider_id="tape").check()
    with pytest.raises(InputError, match="needs an endpoint"):
        Profile("1", "x", provider_id="minio").check()


def test_the_host_is_what_stands_beside_the_name():
    assert Profile("1", "x").host == "amazonaws.com"
    assert Profile("1", "x", endpoint_url="http://127.0.0.1:9000").host == "127.0.0.1"
