import threading

import pytest

from s3gui.core.settings import Settings
from tests.cli.kept import MIB


def test_concurrency_sets_both_pools(run_here, state, folder) -> None:
    run_here("upload", folder, "s3://bucket/", "--concurrency", "3")
    assert (state.pools.files_at_once, state.pools.parts_at_once) == (3, 3)


def test_without_it_the_saved_settings_count(run_here, state, folder) -> None:
    from s3gui.adapters.settings_file import SettingsFile

    state.home.mkdir()
    SettingsFile(state.home / "settings.json").save(Settings(parts_at_once=5, files_at_once=2))
    run_here("upload", folder, "s3://bucket/")
    assert (state.pools.files_at_once, state.pools.parts_at_once) == (2, 5)


def test_a_limit_of_the_settings_counts_here_too_and_is_told(run_here, state, folder) -> None:
    _save(state, Settings(most_bytes_per_second=5_000_000))
    result = run_here("upload", folder, "s3://bucket/")
    assert state.bandwidth.bytes_per_second == 5_000_000
    assert "limit the speed to 5.0 MB/s" in result.errors


def test_a_limit_that_is_typed_counts_for_this_run_only(run_here, state, folder) -> None:
    _save(state, Settings(most_bytes_per_second=5_000_000, files_at_once=2))
    result = run_here("upload", folder, "s3://bucket/", "--limit-rate", "30MB/s")
    assert state.bandwidth.bytes_per_second == 30_000_000
    assert state.pools.files_at_once == 2
    assert "limit" not in result.errors
    run_here("upload", folder, "s3://bucket/", "--limit-rate", "none", "--on-conflict", "skip")
    assert state.bandwidth.bytes_per_second is None


def test_hours_of_the_settings_are_told_with_what_holds_now(run_here, state, folder) -> None:
    _save(
        state,
        Settings(
            most_bytes_per_second=5_000_000,
            most_bytes_per_second_otherwise=5_000_000,
            limit_has_hours=True,
        ),
    )
    result = run_here("upload", folder, "s3://bucket/")
    assert "from 08:00 to 18:00; the limit now is 5.0 MB/s" in result.errors


@pytest.mark.parametrize("rate", ["", "fast", "-1", "5", "0", "2 MB/h"])
def test_a_rate_that_cannot_be_is_refused(run_here, folder, rate) -> None:
    result = run_here("upload", folder, "s3://bucket/", "--limit-rate", rate)
    assert result.status == 2


def _save(state, settings: Settings) -> None:
    from s3gui.adapters.settings_file import SettingsFile

    state.home.mkdir(exist_ok=True)
    SettingsFile(state.home / "settings.json").save(settings)


def test_with_a_concurrency_of_one_requests_come_one_after_another(
    run_here, state, tmp_path
) -> None:
    source = tmp_path / "large"
    source.write_bytes(b"x" * (30 * MIB))
    busy = threading.Semaphore(1)
    overlaps = []

    def enter(call):
        overlaps.append(not busy.acquire(blocking=False))
        busy.release()

    state.store.before["upload_part"] = enter
    arguments = ["--part-size", "5MiB", "--concurrency", "1"]
    assert run_here("upload", source, "s3://bucket/", *arguments).status == 0
    assert overlaps == [False] * 6
