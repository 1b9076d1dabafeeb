"""Figure G2: seeded faults of many kinds on up to a tenth of all requests, and no wrong object."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

from s3gui.core.events import ConnectionHeld, Event
from s3gui.core.transfer import Destination, Transfer, TransferState, UploadOptions
from s3gui.engine.queue import TransferQueue
from s3gui.practice import (
    AFTER_BODY,
    AFTER_STORING,
    BEFORE_BODY,
    Fault,
    Spoil,
    answer,
    close_connection,
    delay,
    error_inside_200,
    reset_connection,
    spoiled,
    whitespace,
)
from s3gui.practice.ledger import Commit
from tests.stress.etags import etag_of_parts, etag_of_whole
from tests.stress.figure import Outcome
from tests.support.upload_world import BUCKET, SECONDS, HastyClock, UploadWorld, upload_world

PART = 4 * 1024
LARGEST_SHARE = 0.1
LEAST_FINISHING = 0.999
_FILES_AT_ONCE = 40
_SIZES_IN_PARTS = (0, 0.01, 0.2, 0.5, 0.9, 1, 1.5, 3, 4.2, 7)
_MOMENTS = (BEFORE_BODY, AFTER_BODY, AFTER_STORING)

ANYWHERE: tuple[Fault, ...] = (
    *(
        answer(code, moment)
        for code in ("InternalError", "ServiceUnavailable", "SlowDown", "GatewayTimeout")
        for moment in _MOMENTS
    ),
    answer("BadGateway"),
    answer("TooManyRequests"),
    *(close_connection(moment) for moment in _MOMENTS),
    *(reset_connection(moment) for moment in _MOMENTS),
    *(spoiled(spoil) for spoil in Spoil),
    *(delay(0.02, moment) for moment in _MOMENTS),
)
"""What may happen to any request."""

_SAID_IN_A_DOCUMENT = (
    answer("OperationAborted"),
    answer("RequestTimeTooSkewed"),
    answer("ExpiredToken"),
)
"""A refusal of HEAD has no document: there these could not be told from others."""

ON_OPERATION: dict[str, tuple[Fault, ...]] = {
    "CreateMultipartUpload": _SAID_IN_A_DOCUMENT,
    "UploadPart": (
        *_SAID_IN_A_DOCUMENT,
        answer("RequestTimeout", AFTER_BODY),
        answer("BadDigest", AFTER_BODY),
        answer("XAmzContentSHA256Mismatch", AFTER_BODY),
        answer("IncompleteBody", AFTER_BODY),
        answer("NoSuchUpload"),
    ),
    "PutObject": (
        *_SAID_IN_A_DOCUMENT,
        answer("RequestTimeout", AFTER_BODY),
        answer("BadDigest", AFTER_BODY),
        answer("ConditionalRequestConflict", AFTER_BODY),
    ),
    "CompleteMultipartUpload": (
        *_SAID_IN_A_DOCUMENT,
        answer("RequestTimeout", AFTER_BODY),
        answer("InvalidPart", AFTER_BODY),
        answer("ConditionalRequestConflict", AFTER_BODY),
        error_inside_200("InternalError"),
        error_inside_200("SlowDown"),
        error_inside_200("InternalError", AFTER_STORING),
        whitespace(0.1),
    ),
}
"""What makes sense for one operation only."""

KINDS = {
    str(fault) for fault in (*ANYWHERE, *(each for some in ON_OPERATION.values() for each in some))
}


class ImpatientClock(HastyClock):
    """Hardly waits: ten thousand pauses are minutes otherwise."""

    longest_pause_seconds = 0.001


def run_faults(
    folder: Path,
    count: int,
    seed: int,
    *,
    share: float = LARGEST_SHARE,
    finishing: float = LEAST_FINISHING,
) -> Outcome:
    """Files are uploaded until so many faults have happened, and all is judged.

    `share` of the requests are hit in most rounds; `finishing` of the files must arrive.
    """
    outcome = Outcome()
    kinds: set[str] = set()
    with upload_world(folder, part_bytes=PART) as world:
        world.clock = ImpatientClock(seed)
        number = 0
        while outcome.done < count:
            _run_round(world, number, seed, share, kinds, outcome)
            number += 1
        mistakes = world.server.ledger.unexpected()
        outcome.expect(not mistakes, f"the server failed: {mistakes[:1]}")
    finished, transfers = outcome.facts["finished"], outcome.facts["transfers"]
    outcome.expect(finished >= finishing * transfers, f"seed {seed}: {outcome.facts}")
    outcome.at_most("most kinds of faults", len(kinds))
    return outcome


def _run_round(
    world: UploadWorld, number: int, seed: int, share: float, kinds: set[str], outcome: Outcome
) -> None:
    chance = random.Random(f"{seed} {number}")
    paths = _files(world.folder / str(number), chance)
    faults, before = world.server.faults, world.server.ledger.count()
    # Most rounds are rough; some are mild, as most days are.
    rough = share * chance.choice([1, 1, 1, 0.5, 0.1])
    storms = [faults.add_storm(ANYWHERE, share=rough * 0.8, seed=chance.randrange(2**32))]
    for operation, faults_of_it in ON_OPERATION.items():
        own_seed = chance.randrange(2**32)
        storms.append(
            faults.add_storm(faults_of_it, share=rough * 0.2, seed=own_seed, operation=operation)
        )
    world.events.clear()
    with world.queue(parts_at_once=4, files_at_once=4) as queue:
        _sign_in_again_whenever_asked(world, queue)
        queue.start()
        batch = queue.add(
            paths, Destination(BUCKET, f"{number}/"), UploadOptions(part_size=PART), world.profile
        )
        is_idle = queue.wait_until_idle(SECONDS)
    faults.clear()
    outcome.expect(is_idle, f"seed {seed}, round {number}: it never got done")
    kinds.update(*(storm.hits for storm in storms))
    outcome.done += sum(storm.hits.total() for storm in storms)
    outcome.count("requests", world.server.ledger.count() - before)
    rows = world.journal.transfers(world.journal.ids(batch_id=batch.id))
    _judge(world, rows, f"seed {seed}, round {number}", outcome)
    world.journal.remove([row.id for row in rows])
    for path in paths:
        path.unlink()


def _sign_in_again_whenever_asked(world: UploadWorld, queue: TransferQueue) -> None:
    def publish(event: Event) -> None:
        world.events.append(event)
        if isinstance(event, ConnectionHeld):
            queue.release(event.profile_id)

    queue._publish = queue._runner.publish = publish


def _files(folder: Path, chance: random.Random) -> list[Path]:
    folder.mkdir()
    paths = []
    for number in range(_FILES_AT_ONCE):
        path = folder / f"{number}.bin"
        path.write_bytes(chance.randbytes(int(PART * chance.choice(_SIZES_IN_PARTS))))
        paths.append(path)
    return paths


def _judge(world: UploadWorld, rows: Sequence[Transfer], about: str, outcome: Outcome) -> None:
    outcome.count("transfers", len(rows))
    committed: dict[str, list[Commit]] = {}
    for commit in world.server.ledger.commits():
        committed.setdefault(commit.key, []).append(commit)
    for row in rows:
        data = Path(row.source).read_bytes()
        versions = committed.get(row.destination.key, [])
        etags = {etag_of_whole(data), etag_of_parts(data, PART)}
        what = f"{about}, {row.destination.key}"
        is_right = bool(versions) and versions[-1].etag.strip('"') in etags
        outcome.expect(
            all(each.etag.strip('"') in etags for each in versions), f"{what}: corrupted object"
        )
        if row.state is TransferState.COMPLETED:
            outcome.count("finished")
            outcome.expect(is_right, f"{what}: a false success")
        else:
            outcome.count("ended with a code")
            outcome.count(f"code {row.failure.code}" if row.failure else "no code")
            code = row.failure.code if row.failure is not None else ""
            outcome.expect(code and code != "unexpected", f"{what}: {row.state} {row.failure}")
    named = {row.multipart.upload_id for row in rows if row.multipart is not None}
    outcome.count("uploads left without a name", len(world.open_uploads() - named))
    for each in world.store.list_multipart_uploads(Destination(BUCKET, "")):
        world.store.abort_multipart(each.multipart)
