"""Figure G3: one bit turned on the wire, a thousand times, in the clear and behind broken TLS."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from s3gui.core.transfer import Destination, Transfer, TransferState, UploadOptions
from tests.stress.etags import etag_of_parts, etag_of_whole
from tests.stress.figure import Outcome
from tests.support.certificates import Authority
from tests.support.chaos.proxy import ChaosProxy
from tests.support.chaos.toxics import Flip
from tests.support.upload_world import (
    BUCKET,
    SECONDS,
    UploadWorld,
    connect_small,
    upload_world,
)

PART = 4 * 1024
_FILES_AT_ONCE = 25
_SENDING = ("PutObject", "UploadPart")


def run_flips(folder: Path, count: int, seed: int) -> Outcome:
    """One bit in the body of one request of each file.

    Half of them behind a proxy that opens TLS, as a middlebox does: there no signature covers the
    bytes, and the checksum alone must find it.
    """
    outcome = Outcome()
    chance = random.Random(seed)
    for name, share in (("in the clear", count - count // 2), ("inside TLS", count // 2)):
        place = folder / name.replace(" ", "-")
        place.mkdir()
        with upload_world(place, part_bytes=PART) as world, _proxy(world, name) as proxy:
            left = share
            while left > 0:
                files = min(left, _FILES_AT_ONCE)
                about = f"seed {seed}, {name}, {share - left}"
                _run_round(world, proxy, about, files, chance, outcome)
                left -= files
            outcome.count(f"flips {name}", share)
            outcome.expect(not world.server.ledger.unexpected(), f"{name}: the server failed")
    return outcome


@contextmanager
def _proxy(world: UploadWorld, name: str) -> Iterator[ChaosProxy]:
    authority = Authority(world.folder) if name == "inside TLS" else None
    tls = authority.server_context() if authority is not None else None
    with ChaosProxy(world.server.port, tls=tls) as proxy:
        ca_file = str(authority.ca_file) if authority is not None else None
        profile = replace(world.profile, endpoint_url=proxy.endpoint_url, ca_file=ca_file)
        secret = world.server.credentials.secret_access_key
        world.stores[world.profile.id] = connect_small(profile, secret, part_bytes=PART)
        yield proxy


def _run_round(
    world: UploadWorld,
    proxy: ChaosProxy,
    about: str,
    files: int,
    chance: random.Random,
    outcome: Outcome,
) -> None:
    prefix = f"{chance.randrange(2**40):x}"
    flips: dict[str, Flip] = {}
    paths = []
    for number in range(files):
        path = world.folder / f"{prefix}-{number}.bin"
        path.write_bytes(chance.randbytes(chance.randint(1, 4 * PART)))
        paths.append(path)
        flips[path.name] = proxy.add(_flip(path, chance))
    with world.queue(parts_at_once=4, files_at_once=4) as queue:
        queue.start()
        options = UploadOptions(part_size=PART)
        batch = queue.add(paths, Destination(BUCKET, ""), options, world.profile)
        outcome.expect(queue.wait_until_idle(SECONDS), f"{about}: it never got done")
    proxy.clear()
    for row in world.journal.transfers(world.journal.ids(batch_id=batch.id)):
        _judge(world, row, flips[row.destination.key], about, outcome)
        Path(row.source).unlink()


def _flip(path: Path, chance: random.Random) -> Flip:
    size = path.stat().st_size
    at = chance.randrange(size)
    only = f"^PUT /{BUCKET}/{re.escape(path.name)} "
    if size > PART:
        part = at // PART + 1
        only = rf"^PUT /{BUCKET}/{re.escape(path.name)}\?.*partNumber={part}\b"
        at %= PART
    return Flip(at=at, bit=chance.randrange(8), only=only, times=1)


def _judge(world: UploadWorld, row: Transfer, flip: Flip, about: str, outcome: Outcome) -> None:
    key, ledger = row.destination.key, world.server.ledger
    data = Path(row.source).read_bytes()
    refused = [
        record
        for operation in _SENDING
        for record in ledger.records(operation, key=key)
        if record.status >= 400
    ]
    about = f"{about}, {key}"
    outcome.done += flip.hits
    outcome.count("detected", len(refused))
    for record in refused:
        outcome.count(f"by {record.error_code}")
    outcome.expect(flip.hits == 1, f"{about}: the bit was not turned")
    outcome.expect(len(refused) == flip.hits, f"{about}: {len(refused)} refusals of {flip.hits}")
    is_right = [
        commit.etag.strip('"') in {etag_of_whole(data), etag_of_parts(data, PART)}
        for commit in ledger.commits(key=key)
    ]
    outcome.expect(is_right == [True], f"{about}: objects that are right: {is_right}")
    outcome.expect(row.state is TransferState.COMPLETED, f"{about}: {row.state} {row.failure}")
