"""Figure G14: whatever a file is called, it gets its own key, or a row that says why not."""

from __future__ import annotations

import os
import random
import unicodedata
from pathlib import Path

from s3gui.core.transfer import Destination
from s3gui.engine.scan import scan
from tests.stress.figure import Outcome
from tests.support.upload_world import BUCKET, SECONDS, UploadWorld, in_parts, upload_world

_SENT_AT_MOST = 500


def run_names(folder: Path, count: int, seed: int) -> Outcome:
    """All are looked for; some of them are sent too, and compared with the server's ledger."""
    outcome = Outcome()
    chance = random.Random(seed)
    place = folder / "names"
    place.mkdir()
    made: set[bytes] = set()
    while len(made) < count:
        made.add(random_name(chance))
    for name in made:
        os.close(os.open(os.fsencode(place) + b"/" + name, os.O_CREAT | os.O_WRONLY))
    names = {os.fsencode(each.name) for each in place.iterdir()}
    outcome.done = len(names)
    found = list(scan([os.fspath(place)], Destination(BUCKET, "")))
    about = f"seed {seed}"
    paths = {os.fsencode(each.path) for each in found}
    expected = {os.fsencode(place) + b"/" + name for name in names}
    outcome.expect(paths == expected, f"{about}: skipped or renamed: {paths ^ expected}")
    outcome.expect(len(found) == len(names), f"{about}: {len(found)} rows of {len(names)} names")
    keys = {each.destination.key.encode() for each in found if each.failure is None}
    readable = {b"names/" + name for name in names if _is_unicode(name)}
    outcome.expect(keys == readable, f"{about}: other keys than names: {keys ^ readable}")
    refused = [each.failure for each in found if each.failure is not None]
    outcome.count("refused rows", len(refused))
    outcome.count("keys", len(keys))
    for failure in refused:
        outcome.expect("not valid Unicode" in failure.message, f"{about}: {failure}")
    (folder / "world").mkdir()
    with upload_world(folder / "world") as world:
        some = sorted(name for name in names if _is_unicode(name))[:_SENT_AT_MOST]
        _send(world, [os.fsdecode(os.fsencode(place) + b"/" + name) for name in some], outcome)
    return outcome


def random_name(chance: random.Random) -> bytes:
    kind = chance.randrange(4)
    if kind == 0:
        raw = bytes(chance.randrange(1, 256) for _ in range(chance.randrange(1, 40)))
    elif kind == 1:
        raw = "".join(chr(chance.randrange(32, 0x3000)) for _ in range(20)).encode()
    elif kind == 2:
        text = "".join(chance.choices("éüñôÅ", k=5)) + f"{chance.randrange(10**6)}"
        raw = unicodedata.normalize(chance.choice(["NFC", "NFD"]), text).encode()
    else:
        raw = "".join(chance.choices("ab .+%?#&\\\t\n🎉\u202e", k=9)).encode()
    raw = raw.replace(b"/", b"_")
    return raw if raw not in {b".", b".."} else b"_"


def _is_unicode(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


def _send(world: UploadWorld, paths: list[str], outcome: Outcome) -> None:
    with world.queue() as queue:
        queue.start()
        queue.add(paths, Destination(BUCKET, ""), in_parts(), world.profile)
        outcome.expect(queue.wait_until_idle(SECONDS * 5), "it never got done")
    committed = {commit.key for commit in world.server.ledger.commits()}
    wanted = {os.path.basename(path) for path in paths}  # noqa: PTH119
    refused = {row.destination.key: row.failure for row in world.rows() if row.failure is not None}
    outcome.count("sent", len(committed))
    outcome.expect(
        committed == wanted - refused.keys(), f"stored under other keys: {committed ^ wanted}"
    )
    for failure in refused.values():
        outcome.expect(failure.code != "unexpected", f"{failure}")
