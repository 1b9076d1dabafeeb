"""The questions to the table of transfers whose text depends on what is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from s3gui.core.transfer import ASKS_PERSON, WAITS_FOR_PERSON, TransferState
from s3gui.engine.ports import TransferOrder

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
    return " AND ".join(conditions), values


def order_by(order: TransferOrder, *, is_reversed: bool) -> str:
    way = "DESC" if is_reversed else "ASC"
    age = way if order is TransferOrder.AGE else "ASC"
    return _ORDERS[order].format(way=way) + f"id {age}"


def queued(batch_id: int | None, but_not: Collection[str]) -> Question:
    """The condition of `next_queued`, but for the ranks."""
    conditions, values = ["state = 'queued'"], list[object]()
    if batch_id is not None:
        conditions.append("batch_id = ?")
        values.append(batch_id)
    if but_not:
        conditions.append(f"batch_id NOT IN ({batches_of(but_not)})")
        values += but_not
    return " AND ".join(conditions), values


RANKS = ("rank <> 0 AND rank > 0", "rank = 0", "rank <> 0 AND rank < 0")
"""One after the other: each has an index, which no condition over all of them would have."""


def batches_of(profile_ids: Collection[str]) -> str:
    return (
        "SELECT id FROM batch"  # noqa: S608 - marks only
        f" WHERE json_extract(profile, '$.id') IN ({_marks(profile_ids)})"
    )


def _marks(values: Collection[object]) -> str:
    return ", ".join("?" * len(values))


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
