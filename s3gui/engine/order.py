"""How a list of transfers may be sorted."""

from __future__ import annotations

from enum import StrEnum


class TransferOrder(StrEnum):
    """By what a list of transfers is sorted; those that are alike by age."""

    AGE = "age"
    NAME = "name"
    SIZE = "size"
    STATE = "state"
    QUEUE = "queue"
    """What runs, then what waits in the order in which it will run, then the rest."""
