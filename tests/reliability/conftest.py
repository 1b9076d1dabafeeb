from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.upload_world import UploadWorld, upload_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[UploadWorld]:
    """A queue and a server; the invariants I1 to I4 and I8 are checked after the test."""
    with upload_world(tmp_path) as world:
        yield world
        world.check()
