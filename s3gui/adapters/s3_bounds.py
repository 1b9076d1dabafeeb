"""What one request may cost: time, silence, and memory for its answer."""

from __future__ import annotations

from s3gui.core.frozen import frozen

_MIB = 1024 * 1024


@frozen
class Bounds:
    """In seconds and bytes. Only bytes of the body that leave put the end of the time off.

    An answer of one byte every two seconds never lets a socket time out: `answer_seconds`
    bounds it from the last byte sent to the last one received.
    """

    connect_seconds: float = 10.0
    """For a name to be found, and for each of its addresses to take the connection."""

    opening_seconds: float = 30.0
    """Until a new connection is ready: addresses, the proxy and TLS together."""

    silence_seconds: float = 60.0
    """Without a byte taken or given: then the attempt is over."""

    answer_seconds: float = 120.0
    completion_seconds: float = 900.0
    """CompleteMultipartUpload sends blanks for minutes, and then its answer."""

    idle_seconds: float = 30.0
    """A connection that was not used for longer is not used again: who knows what it met."""

    grace_seconds: float = 0.5
    """How long a stopped request may still wait for its answer, which acknowledges a part or names
    what was opened. Bodies are not sent on meanwhile."""

    answer_bytes: int = 8 * _MIB
    """Of any answer but a download, head and all. A page of the longest keys takes 3 MiB."""

    elements: int = 100_000
    depth: int = 32

    @property
    def beyond_seconds(self) -> float:
        """For a socket's own time-out, which knows less than the watch and is to come later."""
        return self.answer_seconds + self.silence_seconds


BOUNDS = Bounds()
