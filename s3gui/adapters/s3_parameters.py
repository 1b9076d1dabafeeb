"""Parameters of a request that know what they have in common with those of others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Shared:
    """Parameters that many requests share: what is prepared of them is found again by this object.

    All of these requests have the same other parameters, with values of their own.
    """

    __slots__ = ("parameters",)

    def __init__(self, parameters: Mapping[str, Any]) -> None:
        self.parameters = parameters


class Parameters(dict[str, Any]):
    """By botocore's names; `own` are those beside what is shared."""

    __slots__ = ("shared",)

    def __init__(self, shared: Shared, own: Mapping[str, Any]) -> None:
        super().__init__(shared.parameters)
        self.update(own)
        self.shared = shared
