"""Whether more requests at once were worth it."""

from __future__ import annotations

_WORTH_IT = 0.4
_WORTH_A_PROBE = 0.7
"""Of what the added requests would bring if the line had room for them all."""


class Trial:
    """A limit that is being tried, and what the one before it brought, in bytes a second.

    It is tried when `tried_from` requests are under way. `is_probe`: after one that was in vain.
    """

    __slots__ = ("earlier_limit", "earlier_rate", "is_probe", "is_tried", "tried_from")

    def __init__(
        self, earlier_limit: int, earlier_rate: float, tried_from: int, *, is_probe: bool
    ) -> None:
        self.earlier_limit = earlier_limit
        self.earlier_rate = earlier_rate
        self.tried_from = tried_from
        self.is_probe = is_probe
        self.is_tried = False

    def was_worth_it(self, limit: int, rate: float) -> bool:
        worth_it = _WORTH_A_PROBE if self.is_probe else _WORTH_IT
        share = (limit / self.earlier_limit - 1) * worth_it
        return rate >= self.earlier_rate * (1 + share)

    def lesser(self, limit: int, rate: float) -> int:
        """Where it was not: the half, the fourth … of `limit` that would have been."""
        while limit > self.earlier_limit and not self.was_worth_it(limit, rate):
            limit //= 2
        return max(limit, self.earlier_limit)
