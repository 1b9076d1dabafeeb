"""Rows S-01 to S-17, D-01 and the figure G11: what a server may do to an upload."""

import pytest

from s3gui.core.transfer import TransferState
from s3gui.practice import AFTER_BODY, AFTER_STORING, BEFORE_BODY, answer
from tests.support.upload_world import PART, UploadWorld, in_parts, upload_world


@pytest.fixture
def world(tmp_path):
    with upload_world(tmp_path) as world:
        yield world


def completed(world: UploadWorld) -> bool:
    return {row.state for row in world.rows()} == {TransferState.COMPLETED}


@pytest.mark.row("S-01")
@pytest.mark.parametrize(
    "operation",
    ["HeadObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"],
)
@pytest.mark.parametrize(
    "code",
    ["InternalError", "BadGateway", "ServiceUnavailable", "GatewayTimeout", "TooManyRequests"],
)
def test_what_passes_is_tried_again_with_jitter_on_each_operation(world, operation, code):
    rule = world.server.faults.add(answer(code), operation=operation, times=3)
    world.upload(world.file())
    assert completed(world)
    assert rule.hits == 3
    assert len(world.clock.pauses) == 3
    assert all(0 <= pause <= 20 for pause in world.clock.pauses)


@pytest.mark.row("S-01")
@pytest.mark.parametrize("moment", [BEFORE_BODY, AFTER_BODY, AFTER_STORING])
def test_a_small_file_survives_an_error_at_any_moment_and_is_stored_once(world, moment):
    world.server.faults.add(answer("InternalError", moment), operation="PutObject", times=2)
    world.upload(world.file(parts=0.5))
    assert completed(world)
    assert len(world.server.ledger.commits(key="file.bin")) == 1
