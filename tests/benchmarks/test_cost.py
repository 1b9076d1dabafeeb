"""s3gui's processor time for a GiB and for a small file, held against plain Python's in this run.

Never a time by itself: machines differ, and this one may have other things to do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.benchmarks import yardstick
from tests.benchmarks.contestants import upload_command
from tests.benchmarks.jobs import KIB, MIB
from tests.benchmarks.measure import run_command
from tests.benchmarks.service import BUCKET, Service, sink

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the sink needs Linux")

_ROUNDS = 2
_SMALL_FILES = 500
_BIG_BYTES = 256 * MIB

_MOST_FOR_BYTES = 3.0
_MOST_FOR_A_FILE = 8.0
"""Times the yardstick's processor time; s3gui's start is not counted."""


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with sink(None) as running:
        yield running


class _Cost:
    """The least of some rounds: what else the machine does can only add."""

    def __init__(self, service: Service, folder: Path) -> None:
        self._service = service
        self._folder = folder
        self._runs = 0

    def of_s3gui(self, source: Path) -> float:
        return min(self._run(source) for _ in range(_ROUNDS))

    def of_yardstick(self, paths: list[Path]) -> float:
        return min(yardstick.cpu_seconds(paths, self._service.endpoint_url) for _ in range(_ROUNDS))

    def _run(self, source: Path) -> float:
        self._runs += 1
        home = self._folder / f"home-{self._runs}"
        place = f"s3://{BUCKET}/{self._runs}/"
        command = upload_command(self._service, home, str(source), place)
        return run_command(command, self._folder).cpu_seconds


@pytest.fixture(scope="module")
def cost(service: Service, tmp_path_factory: pytest.TempPathFactory) -> _Cost:
    return _Cost(service, tmp_path_factory.mktemp("cost"))


@pytest.fixture(scope="module")
def start(cost: _Cost, tmp_path_factory: pytest.TempPathFactory) -> float:
    """What a command costs before the first byte."""
    nearly_nothing = tmp_path_factory.mktemp("start") / "nearly-nothing"
    nearly_nothing.write_bytes(b"x")
    return cost.of_s3gui(nearly_nothing)


def test_a_big_file_costs_little_more_than_reading_hashing_and_sending_it(
    cost: _Cost, start: float, tmp_path: Path
) -> None:
    big = tmp_path / "big"
    big.write_bytes(bytes(_BIG_BYTES))
    ratio = (cost.of_s3gui(big) - start) / cost.of_yardstick([big])
    assert ratio < _MOST_FOR_BYTES


def test_a_small_file_costs_a_few_times_its_bare_request(
    cost: _Cost, start: float, tmp_path: Path
) -> None:
    folder = tmp_path / "small"
    folder.mkdir()
    paths = [folder / f"{number}" for number in range(_SMALL_FILES)]
    for path in paths:
        path.write_bytes(bytes(10 * KIB))
    ratio = (cost.of_s3gui(folder) - start) / cost.of_yardstick(paths)
    assert ratio < _MOST_FOR_A_FILE
