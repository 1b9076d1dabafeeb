"""The questions to the table of transfers whose text depends on what is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from json import dumps

from s3gui.core.transfer import ASKS_PERSON, WAITS_FOR_PERSON, TransferState
from s3gui.engine.order import TransferOrder

Question = tuple[str, list[object]]
"""A WHERE or an ORDER BY, and the values of its marks."""

_STATES = " ".join(
    f"WHEN '{state.value}' THEN {number}" for number, state in enumerate(TransferState)
)
_QUEUE = (
    "CASE WHEN state IN ('preparing', 'running', 'finishing', 'verifying') THEN 0"
    " WHEN state = 'queued' THEN 1 ELSE 2 END, rank DESC"
)
_ORDERS = {
    TransferOrder.AGE: "",
    TransferOrder.NAME: "bucket {way}, lower(key) {way}, key {way}, ",
    TransferOrder.SIZE: "size {way}, ",
    TransferOrder.STATE: f"CASE state {_STATES} END {{way}}, ",
    TransferOrder.QUEUE: f"{_QUEUE}, ",
}


def where(
    *,
    states: Iterable[TransferState] | None,
    batch_id: int | None,
    text: str,
    needs_person: bool,
    before: float | None = None,
) -> Question:
    conditions, values = ["1"], list[object]()
    if states is not None:
        wanted = [state.value for state in states]
        conditions.append(f"state IN ({_marks(wanted)})")
        values += wanted
    if batch_id is not None:
        conditions.append("batch_id = ?")
        values.append(batch_id)
    if text:
        conditions.append(r"key LIKE ? ESCAPE '\'")
        values.append(f"%{_escaped(text)}%")
    if needs_person:
        causes, codes = sorted(WAITS_FOR_PERSON), sorted(ASKS_PERSON)
        conditions.append(
            f"(state = 'waiting' AND waiting_for IN ({_marks(causes)})"
            f" OR state = 'failed' AND json_extract(failure, '$.code') IN ({_marks(codes)}))"
        )
        values += [*causes, *codes]
    if before is not None:
        # What was cancelled before its turn never ended: it never began.
        created = "(SELECT created_at FROM batch WHERE batch.id = batch_id)"
        conditions.append(f"coalesce(ended_at, started_at, {created}) < ?")
        values.append(before)
    return " AND ".join(conditions), values


def order_by(order: TransferOrder, *, is_reversed: bool) -> str:
    way = "DESC" if is_reversed else "ASC"
    age = way if order is TransferOrder.AGE else "ASC"
    return _ORDERS[order].format(way=way) + f"id {age}"


_RANKED = "FROM transfer INDEXED BY transfer_by_rank WHERE state = 'queued' AND rank <> 0"
"""SQLite would look through a million rows of rank 0 for one of another, were it not told."""


def queued(batches: Sequence[int] | None) -> Iterator[Question]:
    """What follows the columns, in the order of the queue; None for all batches.

    The unranked are asked for batch by batch: a batch that is held may be of a million rows.
    """
    of_batches, values = "", list[object]()
    if batches is not None:
        of_batches, values = " AND batch_id IN (SELECT value FROM json_each(?))", [dumps(batches)]
    yield f"{_RANKED} AND rank > 0{of_batches}", values
    unranked = "FROM transfer WHERE state = 'queued' AND rank = 0"
    if batches is None:
        yield unranked, []
    for batch_id in batches or ():
        yield f"{unranked} AND batch_id = ?", [batch_id]
    yield f"{_RANKED} AND rank < 0{of_batches}", values


def batches_with_queued(batch_id: int | None, but_not: Collection[str]) -> Question:
    """Asks for the ids of batches, the oldest first; answered from the kept counts."""
    conditions, values = ["state = 'queued'", "files > 0"], list[object]()
    if batch_id is not None:
        conditions.append("batch_id = ?")
        values.append(batch_id)
    if but_not:
        conditions.append(f"batch_id NOT IN ({batches_of(but_not)})")
        values += but_not
    where = " AND ".join(conditions)
    return f"SELECT batch_id FROM batch_count WHERE {where} ORDER BY batch_id", values  # noqa: S608


def batches_of(profile_ids: Collection[str]) -> str:
    return (
        "SELECT id FROM batch"  # noqa: S608 - marks only
        f" WHERE json_extract(profile, '$.id') IN ({_marks(profile_ids)})"
    )


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
