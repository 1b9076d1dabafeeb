"""Figure G16: the window and the command line start at once; one owns the queue, each time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState
from s3gui.practice import PracticeServer
from tests.stress.figure import Outcome
from tests.support.upload_world import BUCKET

_TOP = Path(__file__).parents[2]
_FILES = 3
_PATIENCE_SECONDS = 60
_LONGEST_HEAD_START_SECONDS = 3.0
_STALE_OWNER_SECONDS = 5.0


def run_races(folder: Path, count: int, seed: int) -> Outcome:
    """Three queued files each time. The loser says so; the owner is killed in the end."""
    outcome = Outcome()
    chance = random.Random(seed)
    home = folder / "home"
    home.mkdir(mode=0o700)
    with PracticeServer(folder / "server") as server:
        server.create_bucket(BUCKET)
        # Known to the queue only, as a connection is that was typed on the command line.
        profile = Profile(
            id="race",
            name="race",
            provider_id="practice",
            endpoint_url=server.endpoint_url,
            region=server.region,
            aws_profile="race",
            allow_http=True,
        )
        environment = _environment(folder, home, server)
        source = folder / "file.bin"
        source.write_bytes(chance.randbytes(1000))
        for number in range(count):
            _add(home, profile, source, number)
            _race(environment, server, home, number, chance, f"seed {seed}, {number}", outcome)
            outcome.done += 1
        _finish(environment, home, f"seed {seed}", outcome)
        outcome.expect(not server.ledger.unexpected(), "the server itself failed")
        versions = len(server.ledger.commits())
        outcome.expect(versions == count * _FILES, f"{versions} versions of {count * _FILES}")
    return outcome


def _finish(environment: dict[str, str], home: Path, about: str, outcome: Outcome) -> None:
    """What a kill left between an answer and its note is found, and not sent again."""
    command = [sys.executable, "-m", "s3gui", "resume", "--json"]
    subprocess.run(
        command,
        env=environment,
        cwd=_TOP,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=_PATIENCE_SECONDS,
    )
    journal = TransferDb.open(home / "transfers.sqlite")
    states = {row.state for row in journal.transfers(journal.ids())}
    journal.close()
    outcome.expect(states == {TransferState.COMPLETED}, f"{about}: in the end {states}")


def _environment(folder: Path, home: Path, server: PracticeServer) -> dict[str, str]:
    keys = folder / "aws-credentials"
    keys.write_text(
        f"[race]\naws_access_key_id = {server.credentials.access_key_id}\n"
        f"aws_secret_access_key = {server.credentials.secret_access_key}\n"
    )
    return {
        **os.environ,
        "AWS_SHARED_CREDENTIALS_FILE": str(keys),
        "S3GUI_HOME": str(home),
        "QT_QPA_PLATFORM": "offscreen",
    }


def _add(home: Path, profile: Profile, source: Path, number: int) -> None:
    journal = TransferDb.open(home / "transfers.sqlite")
    there = Destination(BUCKET, f"{number}/")
    batch = journal.add_batch(Batch(str(number), there, profile))
    keys = [f"{number}/{file}" for file in range(_FILES)]
    size = source.stat().st_size
    journal.add_transfers(
        [Transfer(batch.id, str(source), Destination(BUCKET, key), size=size) for key in keys]
    )
    journal.close()


def _race(
    environment: dict[str, str],
    server: PracticeServer,
    home: Path,
    number: int,
    chance: random.Random,
    about: str,
    outcome: Outcome,
) -> None:
    window = [sys.executable, "-m", "s3gui"]
    command = [sys.executable, "-m", "s3gui", "resume", "--json"]
    runs: dict[str, subprocess.Popen[bytes]] = {}
    for name, line in (("window", window), ("command", command)):
        runs[name] = subprocess.Popen(
            line, env=environment, cwd=_TOP, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        if name == "window":  # which takes longer to get there
            time.sleep(chance.uniform(0, _LONGEST_HEAD_START_SECONDS))
    wanted = (number + 1) * _FILES
    is_stored = server.ledger.wait_for(wanted, "PutObject", status=200, timeout_seconds=60)
    outcome.expect(is_stored, f"{about}: the queue was not worked off")
    status = runs["command"].wait(_PATIENCE_SECONDS)
    outcome.count("the command owned the queue" if status == 0 else "the window owned the queue")
    outcome.expect(status in {0, 1}, f"{about}: the command ended with {status}")
    outcome.expect(runs["window"].poll() is None, f"{about}: the window is gone")
    runs["window"].kill()
    runs["window"].wait()
    started = time.monotonic()
    journal = TransferDb.open(home / "transfers.sqlite")
    seconds = time.monotonic() - started
    outcome.at_most("most seconds until a stale owner was replaced", round(seconds, 3))
    outcome.expect(seconds <= _STALE_OWNER_SECONDS, f"{about}: {seconds} s for a stale owner")
    journal.close()
