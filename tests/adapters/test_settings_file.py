import dataclasses
import json
import os
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.adapters.json_values import from_json, to_json
from s3gui.adapters.settings_file import FileUnavailable, ProfileFile, SettingsFile
from s3gui.core.errors import InputError
from s3gui.core.profile import Addressing, Profile, Secret
from s3gui.core.settings import Appearance, OnClosing, Settings

WORK = Profile(
    "work",
    "Arbeit “ü”",
    provider_id="minio",
    endpoint_url="https://minio.example.com:9000",
    region="eu-west-1",
    addressing=Addressing.VIRTUAL,
    access_key_id="AKIAWORK000000000001",
    ca_file="/etc/own.pem",
    allow_http=True,
)
HOME = Profile("home", "Home", aws_profile="")
BROKEN = [
    "",
    "{",
    "[]",
    "null",
    '{"version": 1}',
    '{"version": 2, "settings": {}, "profiles": []}',
    '{"settings": {}, "profiles": []}',
    '{"version": 1, "settings": 7, "profiles": 7}',
    '{"version": 1, "settings": [], "profiles": [{"name": "no id"}]}',
    "[" * 100_000,
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "file.json"


def test_settings_come_back_as_they_were_saved(path: Path) -> None:
    settings = Settings(Appearance.DARK, parts_at_once=3, files_at_once=2, last_profile_id="work")

    SettingsFile(path).save(settings)

    assert SettingsFile(path).load() == settings


def test_without_a_file_the_defaults_hold(path: Path) -> None:
    assert SettingsFile(path).load() == Settings()
    assert ProfileFile(path).all() == []
    assert not path.exists()


def test_profiles_come_back_in_the_order_they_were_first_saved(path: Path) -> None:
    profiles = ProfileFile(path)
    profiles.save(WORK)
    profiles.save(HOME)
    changed = dataclasses.replace(WORK, name="Office")
    profiles.save(changed)

    assert ProfileFile(path).all() == [changed, HOME]
    assert profiles.get("work") == changed
    assert profiles.get("nobody") is None


def test_a_removed_profile_is_gone_and_may_be_removed_again(path: Path) -> None:
    profiles = ProfileFile(path)
    profiles.save(WORK)
    profiles.save(HOME)

    profiles.remove("work")
    profiles.remove("work")

    assert profiles.all() == [HOME]


def test_what_another_program_saved_is_seen(path: Path) -> None:
    window, command_line = ProfileFile(path), ProfileFile(path)
    window.save(WORK)
    command_line.save(HOME)

    assert window.all() == [WORK, HOME]


def test_settings_changed_at_once_by_several_are_all_kept(path: Path) -> None:
    settings = SettingsFile(path)

    def count(saved: Settings) -> Settings:
        return dataclasses.replace(saved, finished_days=saved.finished_days + 1)

    threads = [threading.Thread(target=settings.change, args=(count,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert settings.load() == Settings(finished_days=8)


def test_profiles_saved_at_once_are_all_kept(path: Path) -> None:
    profiles = ProfileFile(path)
    threads = [
        threading.Thread(target=profiles.save, args=(Profile(f"id-{number}", "Name"),))
        for number in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {profile.id for profile in profiles.all()} == {f"id-{number}" for number in range(8)}


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_only_the_owner_can_read_the_files(path: Path) -> None:
    before = os.umask(0)
    try:
        ProfileFile(path).save(WORK)
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_nothing_else_is_left_beside_the_file(path: Path) -> None:
    ProfileFile(path).save(WORK)
    ProfileFile(path).save(HOME)

    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_a_broken_or_newer_file_is_set_aside_and_not_lost(path: Path, text: str) -> None:
    path.parent.mkdir()
    for file in (SettingsFile(path), ProfileFile(path)):
        path.write_text(text)

        found = file.load() if isinstance(file, SettingsFile) else file.all()

        assert found in (Settings(), [])
        assert file.set_aside is not None
        assert file.set_aside.read_text() == text
        assert not path.exists()


def test_a_broken_file_does_not_keep_new_profiles_from_being_saved(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("{broken")
    profiles = ProfileFile(path)

    profiles.save(WORK)

    assert profiles.all() == [WORK]
    assert profiles.set_aside is not None
    assert profiles.set_aside.read_text() == "{broken"


def test_what_this_version_does_not_know_is_passed_over(path: Path) -> None:
    path.parent.mkdir()
    newer = {"appearance": "sepia", "parts_at_once": 5, "future": True}
    path.write_text(json.dumps({"version": 1, "settings": newer, "more": 1}))
    file = SettingsFile(path)

    assert file.load() == Settings(parts_at_once=5)
    assert file.set_aside is None


@pytest.mark.parametrize("number", [0, -1, 65, 10**9, 2.5, "8", True, None])
def test_a_number_that_cannot_be_is_the_default(path: Path, number: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"version": 1, "settings": {"parts_at_once": number}}))

    assert SettingsFile(path).load() == Settings()


def test_an_endpoint_that_holds_a_password_never_reaches_the_disk(path: Path) -> None:
    bad = Profile(
        "x", "X", provider_id="generic", endpoint_url="https://user:password@s3.example.com"
    )

    with pytest.raises(InputError):
        ProfileFile(path).save(bad)

    assert not path.exists()


def test_no_saved_field_can_hold_a_secret() -> None:
    for kind in (Profile, Settings):
        for field in dataclasses.fields(kind):
            assert "Secret" not in str(field.type)
            assert not {"secret", "password", "token"} & set(field.name.split("_"))
    with pytest.raises(TypeError):
        json.dumps(to_json(dataclasses.replace(HOME, name=Secret("x"))))  # type: ignore[arg-type]


def test_every_field_is_written_and_read() -> None:
    for value in (
        WORK,
        Settings(
            Appearance.LIGHT,
            1,
            2,
            7,
            "id",
            asks_for_releases=True,
            newest_release_seen="2.0",
            most_bytes_per_second=9,
            limit_has_hours=True,
            limit_begins=1,
            limit_ends=1_439,
            most_bytes_per_second_otherwise=8,
            finished_days=30,
            starts_at_login=True,
            text_percent=150,
            notifies=False,
            keeps_awake=False,
            on_closing=OnClosing.TRAY,
            language="zh_CN",
        ),
    ):
        fields = {field.name for field in dataclasses.fields(value)}
        if isinstance(value, Settings):
            assert to_json(value).keys() == fields, "a field of this example has its default"
        read = from_json(type(value), to_json(value))
        assert {name: getattr(read, name) for name in fields} == {
            name: getattr(value, name) for name in fields
        }


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(FileUnavailable):
        ProfileFile(tmp_path / "file" / "profiles.json").save(WORK)


def test_a_file_that_cannot_be_read_is_not_taken_for_an_empty_one(path: Path) -> None:
    path.mkdir(parents=True)  # a folder in its place

    with pytest.raises(FileUnavailable):
        ProfileFile(path).all()
    with pytest.raises(FileUnavailable):
        ProfileFile(path).save(WORK)
    assert SettingsFile(path).load() == Settings()
    assert list(path.parent.iterdir()) == [path]


TEXTS = st.text(st.characters(exclude_categories=[]), max_size=20)


@given(
    st.builds(
        Profile,
        id=TEXTS,
        name=TEXTS,
        region=st.none() | TEXTS,
        addressing=st.sampled_from(Addressing),
        access_key_id=TEXTS,
        aws_profile=st.none() | TEXTS,
        ca_file=st.none() | TEXTS,
        allow_http=st.booleans(),
    )
)
def test_any_text_survives(profile: Profile) -> None:
    assert from_json(Profile, json.loads(json.dumps(to_json(profile)))) == profile
