from __future__ import annotations

import json
from dataclasses import replace

import pytest

from s3gui.adapters.settings_exchange import export_profiles, import_profiles
from s3gui.adapters.settings_file import ProfileFile
from s3gui.core.errors import InputError
from s3gui.core.profile import Profile

NAS = Profile("1", "NAS", "generic", "https://nas.example", "eu", access_key_id="AKID")


def test_what_is_exported_can_be_imported_under_another_id(tmp_path):
    path = tmp_path / "connections.json"
    export_profiles(path, [NAS])
    (profile,) = import_profiles(path)
    assert profile.id != NAS.id
    assert (profile.name, profile.endpoint_url) == (NAS.name, NAS.endpoint_url)


def test_no_secret_is_in_the_file(tmp_path):
    path = tmp_path / "connections.json"
    export_profiles(path, [NAS])
    (row,) = json.loads(path.read_text())["connections"]
    assert set(row) <= set(Profile.__dataclass_fields__)
    assert not any("secret" in name for name in row)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"s3gui-connections": 1, "connections": []}', "[" * 100_000, "\x00"]
)
def test_another_file_is_refused_with_a_sentence(tmp_path, text):
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(InputError, match="holds no connections"):
        import_profiles(path)


def test_an_endpoint_with_a_password_is_refused(tmp_path):
    path = tmp_path / "bad.json"
    row = {"id": "1", "name": "x", "provider_id": "generic", "endpoint_url": "https://a:b@c"}
    path.write_text(json.dumps({"s3gui-connections": 1, "connections": [row]}))
    with pytest.raises(InputError, match="user name or a password"):
        import_profiles(path)


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    with pytest.raises(InputError, match="cannot be written"):
        export_profiles(tmp_path / "missing" / "a.json", [NAS])


@pytest.mark.row("C-08")
def test_an_import_gives_no_consent(tmp_path):
    path = tmp_path / "connections.json"
    plain = replace(NAS, endpoint_url="http://nas.example", allow_http=True, ca_file="/tmp/ca.pem")
    export_profiles(path, [plain])
    (profile,) = import_profiles(path)
    assert not profile.allow_http
    assert profile.ca_file is None
    saved = ProfileFile(tmp_path / "profiles.json")
    saved.save(profile)
    assert saved.all() == [profile]
    with pytest.raises(InputError, match="in the clear"):
        profile.check()


@pytest.mark.row("C-08")
def test_an_import_cannot_borrow_the_credentials_of_an_aws_profile(tmp_path):
    path = tmp_path / "connections.json"
    export_profiles(path, [replace(NAS, aws_profile="")])
    with pytest.raises(InputError, match=r"AWS profile to nas\.example"):
        import_profiles(path)


@pytest.mark.row("C-08")
@pytest.mark.parametrize(
    "extra",
    [{"secret_access_key": "x"}, {"command": "rm -rf ~"}, {"credential_process": "sh -c id"}],
)
def test_what_a_connection_does_not_have_is_not_taken_over(tmp_path, extra):
    path = tmp_path / "connections.json"
    row = {"id": "practice", "name": "N", "endpoint_url": "https://n.example"} | extra
    path.write_text(json.dumps({"s3gui-connections": 1, "connections": [row]}))
    (profile,) = import_profiles(path)
    assert profile == Profile(profile.id, "N", endpoint_url="https://n.example")
    assert profile.id != "practice"
