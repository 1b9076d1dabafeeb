"""Figure G5: what a resume sends again, and what it asks for, of a file in 2,500 parts."""

from __future__ import annotations

import math
import random
import time
from pathlib import Path

from s3gui.adapters.transfer_db import TransferDb
from s3gui.core.profile import Profile
from s3gui.core.transfer import Batch, Destination, Transfer, TransferState, UploadOptions
from s3gui.practice import AFTER_BODY, Limits, PracticeServer, delay
from tests.stress.etags import etag_of_parts
from tests.stress.figure import Outcome
from tests.support.lives import AfterSeconds, Lives
from tests.support.upload_world import BUCKET, PARTS_OF_CHILD

PART = 1024
PARTS = 2500
_PAGE_PARTS = 1000


def run_resumes(folder: Path, count: int, seed: int) -> Outcome:
    """Killed and resumed so often: what is acknowledged is listed page by page, and kept."""
    outcome = Outcome()
    chance = random.Random(seed)
    path = folder / "large.bin"
    path.write_bytes(chance.randbytes(PART * PARTS))
    with PracticeServer(folder / "server", limits=Limits(minimum_part_bytes=PART)) as server:
        server.create_bucket(BUCKET)
        server.faults.add(delay(0.01, AFTER_BODY), operation="UploadPart", times=None)
        profile = Profile(
            id="child",
            name="child",
            provider_id="practice",
            endpoint_url=server.endpoint_url,
            region=server.region,
            access_key_id=server.credentials.access_key_id,
            allow_http=True,
        )
        queue_file = folder / "queue.sqlite"
        with Lives(queue_file, server.credentials.secret_access_key, PART) as lives:
            number = 0
            while outcome.done < count:
                _add(queue_file, profile, path, str(number))
                _resume_until_done(lives, server, str(number), count, chance, outcome)
                number += 1
        _judge(queue_file, server, path, outcome)
    return outcome


def _add(queue_file: Path, profile: Profile, path: Path, key: str) -> None:
    journal = TransferDb.open(queue_file)
    batch = journal.add_batch(Batch(key, Destination(BUCKET, ""), profile))
    options = UploadOptions(part_size=PART)
    size = path.stat().st_size
    there = Destination(BUCKET, key)
    journal.add_transfers([Transfer(batch.id, str(path), there, size=size, options=options)])
    journal.close()


def _resume_until_done(
    lives: Lives,
    server: PracticeServer,
    key: str,
    count: int,
    chance: random.Random,
    outcome: Outcome,
) -> None:
    ledger, status = server.ledger, -9
    stored = listed = sent = 0
    while status != 0:
        kills = outcome.done < count
        status = lives.live(AfterSeconds(chance.uniform(0.5, 5)) if kills else None)
        outcome.expect(_is_at_rest(server), f"{key}: the server still serves a life that has ended")
        about = f"{key}, resume {outcome.done}"
        records = ledger.records("UploadPart", key=key, status=200)
        now_stored = len({record.part_number for record in records})
        now_listed, now_sent = ledger.count("ListParts", key=key, status=200), len(records)
        again = now_sent - sent - (now_stored - stored)
        outcome.count("parts sent again", again)
        outcome.at_most("most parts sent again by one resume", again)
        outcome.expect(again <= PARTS_OF_CHILD, f"{about}: {again} parts sent again")
        pages = now_listed - listed
        # A life that was killed while it listed sent nothing; and where the life before was killed
        # while the object was made, the upload is gone and has no parts to list.
        is_gone = ledger.count("ListParts", key=key, status=404) > 0
        if stored and not is_gone and (now_sent > sent or status == 0):
            wanted = math.ceil(stored / _PAGE_PARTS)
            outcome.expect(pages == wanted, f"{about}: {pages} pages of {stored} parts")
        outcome.count("pages listed", pages)
        outcome.done += status != 0
        stored, listed, sent = now_stored, now_listed, now_sent


def _is_at_rest(server: PracticeServer) -> bool:
    """Waits until all that a life sent is in the ledger; not longer than ten seconds."""
    ends_by = time.monotonic() + 10
    while server.open_connections and time.monotonic() < ends_by:
        time.sleep(0.005)
    return not server.open_connections


def _judge(queue_file: Path, server: PracticeServer, path: Path, outcome: Outcome) -> None:
    etag = etag_of_parts(path.read_bytes(), PART)
    journal = TransferDb.open(queue_file)
    for row in journal.transfers(journal.ids()):
        versions = server.ledger.commits(key=row.destination.key)
        is_right = [version.etag.strip('"') == etag for version in versions]
        about = f"{row.destination.key}: {row.state}, objects that are right: {is_right}"
        outcome.expect(row.state is TransferState.COMPLETED and is_right == [True], about)
    journal.close()
    outcome.count("parts", PARTS)
