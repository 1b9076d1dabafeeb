"""When Python looks for circular garbage. It walks all that there is, and nobody else runs."""

from __future__ import annotations

import gc

_NEW_OBJECTS_AT_THE_START = 50_000
"""Python's own 700 have the collector walk all that is being imported, again and again: it is a
tenth of the start, and finds nothing. To send a file makes 29,000."""

_NEW_OBJECTS_BETWEEN_COLLECTIONS = 20_000
"""To walk as many takes 5 ms, for which a window stands still."""


def collect_rarely() -> None:
    """From the first moment of a process of our own; a notebook's is not."""
    gc.set_threshold(_NEW_OBJECTS_AT_THE_START)


def keep_what_is_loaded() -> None:
    """Leave out what is there now: to walk it takes the window 60 ms each time."""
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS_BETWEEN_COLLECTIONS)


def collect_everything() -> None:
    """Also of what was left out."""
    gc.unfreeze()
    gc.collect()
