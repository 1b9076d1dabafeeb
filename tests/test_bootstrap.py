"""What a front door gets: one workspace, with what is saved and what is live."""

import dataclasses
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from s3gui import bootstrap
from s3gui.bootstrap import default_home, open_store, open_workspace
from s3gui.core.errors import CredentialsMissing, InputError
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.settings import Settings
from s3gui.core.transfer import Destination, TransferState, UploadOptions

SECONDS = 30


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def opened(home):
    """Opens workspaces on one home, one after the other."""
    with ThreadPoolExecutor(2) as transfers, ThreadPoolExecutor(2) as parts:

        def opens(**options):
            return open_workspace(
                transfers_executor=transfers,
                parts_executor=parts,
                publish=lambda _: None,
                home=home,
                **options,
            )

        yield opens


def test_the_home_is_what_the_environment_says_or_the_platforms_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("S3GUI_HOME", str(tmp_path / "chosen"))
    assert default_home() == tmp_path / "chosen"
    monkeypatch.delenv("S3GUI_HOME")
    assert default_home().name == "s3gui"
    assert default_home().is_relative_to(Path.home()) or default_home().is_absolute()


def test_nobody_else_may_look_into_the_home(opened, home):
    with opened():
        assert stat.S_IMODE(home.stat().st_mode) == 0o700


def test_a_queue_in_memory_leaves_no_file(opened, home):
    with opened(keep_queue=False):
        assert not list(home.glob("transfers*"))


def test_what_is_changed_for_one_run_leaves_the_other_settings_as_they_were_saved(opened):
    with opened() as workspace:
        workspace.settings.save(Settings(files_at_once=2, most_bytes_per_second=5_000))
    with opened(settings=lambda saved: dataclasses.replace(saved, files_at_once=7)) as workspace:
        assert workspace.queue._pools.files_at_once == 7
        assert workspace.queue.bandwidth.bytes_per_second == 5_000
        assert workspace.settings.load().files_at_once == 2


def test_a_connection_without_its_secret_says_what_to_do(opened):
    profile = Profile("p", "Work", access_key_id="AKIA1")
    with opened() as workspace:
        workspace.credentials.secret = lambda _: None
        with pytest.raises(CredentialsMissing, match="Work"):
            workspace.store(profile)


def test_a_connection_that_cannot_work_is_refused_before_anything_is_read(opened):
    with opened() as workspace, pytest.raises(InputError, match="endpoint"):
        workspace.store(Profile("p", "x", provider_id="minio"))
    with pytest.raises(InputError, match="endpoint"):
        open_store(Profile("p", "x", provider_id="minio"), None)


def test_a_store_is_kept_until_its_connection_changes(opened):
    profile = Profile("p", "x", endpoint_url="http://127.0.0.1:1", region="us-east-1")
    with opened() as workspace:
        workspace.credentials.keep_for_session(profile, Credentials("AKIA1", Secret("s")))
        first = workspace.store(profile)
        assert workspace.store(profile) is first
        assert workspace.store(dataclasses.replace(profile, region="eu-west-1")) is not first
        again = workspace.store(profile)
        workspace.forget_store("p")
        assert workspace.store(profile) is not again


def test_what_was_queued_goes_on_after_a_restart_though_the_practice_server_moved(opened, tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"x" * 1000)
    with opened() as workspace:
        before = workspace.start_practice()
        batch = workspace.queue.add([path], Destination("practice"), UploadOptions(), before)
    with opened() as workspace:
        now = workspace.start_practice()
        workspace.queue.start()
        assert workspace.queue.wait_until_idle(SECONDS)
        counts = workspace.queue.counts(batch.id)
        assert set(counts) == {TransferState.COMPLETED}
        stored = workspace.store(now).head(Destination("practice", "file.bin"))
        assert stored is not None
        assert stored.size == 1000


def test_a_batch_goes_on_with_its_connection_as_it_was_mended(opened, tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(b"x")
    with opened() as workspace:
        practice = workspace.start_practice()
        credentials = workspace.credentials.for_session(practice)
        mended = dataclasses.replace(practice, id="saved", name="Mended")
        wrong = dataclasses.replace(mended, endpoint_url="http://127.0.0.1:1")
        workspace.credentials.keep_for_session(mended, credentials)
        workspace.profiles.save(wrong)
        batch = workspace.queue.add([path], Destination("practice"), UploadOptions(), wrong)
        workspace.profiles.save(mended)
        workspace.queue.start()
        assert workspace.queue.wait_until_idle(SECONDS)
        assert set(workspace.queue.counts(batch.id)) == {TransferState.COMPLETED}


def test_the_regions_and_the_profiles_of_this_computer_can_be_listed(opened):
    assert "eu-central-1" in bootstrap.aws_regions()
    with opened() as workspace:
        assert workspace.aws_profile_names() == []
