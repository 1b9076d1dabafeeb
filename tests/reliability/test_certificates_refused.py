"""C-05 and figure G15: who does not prove to be the service gets no byte of a request."""

import ssl

import pytest

from s3gui.adapters import s3_trust
from s3gui.adapters.s3 import connect
from s3gui.adapters.s3_bounds import Bounds
from s3gui.core.errors import Unreachable
from s3gui.core.profile import Credentials, Profile, Secret
from tests.adapters.scripted_server import scripted_server
from tests.support.certificates import BAD_SERVERS, Authority
from tests.support.operations import OPERATIONS

GIVEN = Credentials("AKIACERTIFICATES0001", Secret("certificates-secret-0123456789abcdefgh"))
SWITCHES = ("PYTHONHTTPSVERIFY", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "AWS_CA_BUNDLE")


def store_at(endpoint_url: str, ca_file: str | None):
    profile = Profile(
        "id", "Bad", provider_id="practice", endpoint_url=endpoint_url, ca_file=ca_file
    )
    return connect(profile, GIVEN, bounds=Bounds(opening_seconds=5))


@pytest.mark.row("C-05")
@pytest.mark.row("G15")
@pytest.mark.parametrize("name", BAD_SERVERS)
def test_a_bad_server_gets_no_byte_of_any_request(tmp_path, monkeypatch, name):
    authority = Authority(tmp_path)
    for switch in SWITCHES:
        monkeypatch.setenv(switch, "0" if "VERIFY" in switch else "")
    with scripted_server(BAD_SERVERS[name](authority)) as server:
        store = store_at(server.endpoint_url, str(authority.ca_file))
        for operation in ("head", "put_object", "create_multipart", "upload_part"):
            with pytest.raises(Unreachable):
                OPERATIONS[operation](store)
        assert server.asked == []


@pytest.mark.row("C-05")
@pytest.mark.row("G15")
@pytest.mark.parametrize("name", [each for each in BAD_SERVERS if each.startswith("TLS")])
def test_an_old_tls_is_refused_also_where_the_systems_python_takes_it(tmp_path, monkeypatch, name):
    def lax(protocol: int) -> ssl.SSLContext:
        context = ssl.SSLContext(protocol)
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        return context

    authority = Authority(tmp_path)
    monkeypatch.setattr(s3_trust, "SSLContext", lax)
    with scripted_server(BAD_SERVERS[name](authority)) as server:
        store = store_at(server.endpoint_url, str(authority.ca_file))
        with pytest.raises(Unreachable):
            OPERATIONS["upload_part"](store)
        assert server.asked == []


@pytest.mark.row("C-05")
def test_only_the_connections_own_file_widens_the_trust(tmp_path, monkeypatch):
    authority = Authority(tmp_path)
    with scripted_server(authority.server_context()) as server:
        for switch in SWITCHES[1:]:
            monkeypatch.setenv(switch, str(authority.ca_file))
        for operation in ("head", "put_object"):
            with pytest.raises(Unreachable):
                OPERATIONS[operation](store_at(server.endpoint_url, None))
        assert server.asked == []
        OPERATIONS["put_object"](store_at(server.endpoint_url, str(authority.ca_file)))
        assert len(server.asked) == 1
