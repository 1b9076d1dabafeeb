"""Row P-02 for the window: it is told to go while a request hangs, and what it sent is kept."""

import os
import signal
import subprocess
import sys
import time

import pytest

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, UploadOptions
from s3gui.practice import AFTER_BODY, Limits, PracticeServer, delay
from tests.support.programs import running
from tests.support.upload_world import BUCKET, SECONDS

PART = 5 * 1024 * 1024
GONE_SECONDS = 3
LOADED_SECONDS = 2
"""More on a machine that is busy with others."""


@pytest.mark.row("P-02")
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGTERM to be heard")
def test_a_window_that_sends_is_gone_within_three_seconds_and_its_parts_are_kept(tmp_path):
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    source = tmp_path / "large.bin"
    source.write_bytes(os.urandom(4 * PART))
    limits = Limits(minimum_part_bytes=PART)
    with PracticeServer(tmp_path / "server", limits=limits) as server:
        server.create_bucket(BUCKET)
        slow = server.faults.add(delay(30, AFTER_BODY), operation="UploadPart", first=3, times=None)
        profile = Profile(
            id="typed",
            name="typed",
            provider_id="practice",
            endpoint_url=server.endpoint_url,
            region=server.region,
            aws_profile="typed",
            allow_http=True,
        )
        journal = TransferDb.open(home / "transfers.sqlite")
        batch = journal.add_batch(Batch("one", Destination(BUCKET), profile))
        there, options = Destination(BUCKET, "large.bin"), UploadOptions(part_size=PART)
        size = source.stat().st_size
        journal.add_transfers([Transfer(batch.id, str(source), there, size=size, options=options)])
        journal.close()
        keys = tmp_path / "aws-credentials"
        keys.write_text(
            f"[typed]\naws_access_key_id = {server.credentials.access_key_id}\n"
            f"aws_secret_access_key = {server.credentials.secret_access_key}\n"
        )
        environment = os.environ | {
            "AWS_SHARED_CREDENTIALS_FILE": str(keys),
            "S3GUI_HOME": str(home),
            "QT_QPA_PLATFORM": "offscreen",
        }
        with running(
            [sys.executable, "-m", "s3gui"], tmp_path / "output", environment=environment
        ) as window:
            assert server.ledger.wait_for(2, "UploadPart", status=200, timeout_seconds=SECONDS)
            asked_at = time.monotonic()
            window.send_signal(signal.SIGTERM)
            assert window.wait(timeout=30) == 0
        assert time.monotonic() - asked_at < GONE_SECONDS + LOADED_SECONDS
        assert server.ledger.commits() == []
        server.faults.remove(slow)
        command = [sys.executable, "-m", "s3gui", "resume", "--json"]
        done = subprocess.run(
            command, env=environment, capture_output=True, timeout=SECONDS, check=False
        )
        keys.unlink()  # the search for secrets would find it
        assert done.returncode == 0, done.stderr
        (commit,) = server.ledger.commits()
        assert commit.size_bytes == size
        assert server.ledger.count("CreateMultipartUpload") == 1
