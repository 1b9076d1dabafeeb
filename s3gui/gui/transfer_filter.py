"""Which transfers the table shows, and in which order."""

from __future__ import annotations

from s3gui.core.frozen import frozen
from s3gui.core.transfer import Transfer, TransferState
from s3gui.engine.order import TransferOrder
from s3gui.engine.ports import TransferStore


@frozen
class Filter:
    """`states` None means all; `text` is looked for in the key, in any case.

    With `needs_person` only what waits for a decision or a deed of the user.
    """

    states: frozenset[TransferState] | None = None
    batch_id: int | None = None
    text: str = ""
    needs_person: bool = False
    order: TransferOrder = TransferOrder.AGE
    is_reversed: bool = False

    @property
    def is_by_age(self) -> bool:
        """Ids ascend, so that a row is found by halving and new ones come last."""
        return self.order is TransferOrder.AGE and not self.is_reversed

    @property
    def hides(self) -> bool:
        """Whether some transfers may not be shown."""
        return (self.states, self.batch_id, self.text, self.needs_person) != (None, None, "", False)

    @property
    def takes_whatever_comes(self) -> bool:
        """Whether new transfers need not be looked at."""
        return self.states is None and not self.text and not self.needs_person and self.is_by_age

    def takes(self, transfer: Transfer) -> bool:
        if self.batch_id is not None and transfer.batch_id != self.batch_id:
            return False
        if self.states is not None and transfer.state not in self.states:
            return False
        if self.needs_person and not transfer.needs_person:
            return False
        return self.text.lower() in transfer.destination.key.lower()

    def ids(self, transfers: TransferStore) -> list[int]:
        """Blocks."""
        return transfers.ids(
            states=self.states,
            batch_id=self.batch_id,
            text=self.text,
            needs_person=self.needs_person,
            order=self.order,
            is_reversed=self.is_reversed,
        )
