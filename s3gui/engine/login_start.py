"""Starting with the user's session, as front doors switch it (a port)."""

from __future__ import annotations

from typing import Protocol


class LoginStart(Protocol):
    """Whether the program starts with the user's session."""

    def is_on(self) -> bool: ...

    def turn(self, *, on: bool) -> None:
        """Raises S3guiError."""
        ...
