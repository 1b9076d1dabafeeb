"""Put files into S3: a window, a command line and a Python driver over one engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s3gui.driver import S3StorageDriver as Driver
    from s3gui.gui.app import open_window

__version__ = "0.1.0"
__all__ = ["Driver", "__version__", "open_window"]


def __getattr__(name: str) -> Any:
    """Load a front door when it is first asked for, so that none pays for another."""
    if name == "Driver":
        from s3gui.driver import S3StorageDriver

        return S3StorageDriver
    if name == "open_window":
        from s3gui.gui.app import open_window

        return open_window
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
