"""A text with gaps: what is the same in thousands of requests is written once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping


class Gap(str):
    """The name of what is to be filled in."""

    __slots__ = ()


class Form:
    """To be filled again and again: what stands between the gaps is not looked at any more."""

    def __init__(self, pieces: Iterable[str]) -> None:
        """`pieces` are texts and gaps, in their order."""
        self._pieces = list(pieces)
        self._gaps = [
            (place, str(name)) for place, name in enumerate(self._pieces) if isinstance(name, Gap)
        ]

    def filled(self, values: Mapping[str, str]) -> str:
        """`values` by the names of the gaps."""
        pieces = self._pieces.copy()
        for place, name in self._gaps:
            pieces[place] = values[name]
        return "".join(pieces)
