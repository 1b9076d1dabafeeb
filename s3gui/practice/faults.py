"""Scripted faults: which requests they hit, at which moment of the request, and what happens.

server.faults.add(answer("SlowDown"), operation="UploadPart", part_number=3)
server.faults.add(close_connection(AFTER_STORING), operation="PutObject", first=2, times=1)
server.faults.add_storm([answer("SlowDown"), spoiled(Spoil.CUT_SHORT)], share=0.1, seed=7)
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from s3gui.practice.errors import CODES, ConnectionLost, S3Error
from s3gui.practice.storm import Storm

BEFORE_BODY = "before the body"  # headers read; nothing of the body yet
AFTER_BODY = "after the body"  # body read to its end; nothing stored
AFTER_STORING = "after storing"  # stored; not answered: a reply that is lost
MOMENTS = (BEFORE_BODY, AFTER_BODY, AFTER_STORING)


class Spoil(StrEnum):
    """What becomes of an answer on its way, when everything was done as asked."""

    SIGN_IN_PAGE = "a sign-in page"  # 200, as the network of a hotel answers
    BARE = "no fields"  # 200 without the headers and the elements that it must hold
    EMPTY = "no document"  # the status and the headers, and no document
    GARBLED = "a garbled document"
    CUT_SHORT = "half of an answer"  # and the connection closed


@dataclass(frozen=True)
class Fault:
    """First the delay, then at most one of: an error answered, the connection ended, a spoil."""

    moment: str
    delay_seconds: float = 0
    error_code: str | None = None
    inside_200: bool = False
    closes: bool = False
    resets: bool = False
    whitespace_seconds: float = 0
    spoil: Spoil | None = None

    def __str__(self) -> str:
        waiting = f"whitespace {self.whitespace_seconds} s" if self.whitespace_seconds else ""
        ending = "reset" if self.resets else "close" if self.closes else ""
        delay = f"delay {self.delay_seconds} s"
        inside = " inside 200" if self.inside_200 else ""
        what = self.error_code or self.spoil or waiting or ending or delay
        return f"{what}{inside} {self.moment}"


def answer(error_code: str, moment: str = BEFORE_BODY, *, delay_seconds: float = 0) -> Fault:
    if error_code not in CODES:
        raise ValueError(f"{error_code} is no error code of S3 that is known here")
    return Fault(moment, delay_seconds, error_code)


def error_inside_200(error_code: str = "InternalError", moment: str = AFTER_BODY) -> Fault:
    """As CompleteMultipartUpload and CopyObject may: status 200, and an <Error> in the body."""
    return Fault(moment, error_code=error_code, inside_200=True)


def delay(seconds: float, moment: str = BEFORE_BODY) -> Fault:
    return Fault(moment, delay_seconds=seconds)


def close_connection(moment: str = BEFORE_BODY) -> Fault:
    return Fault(moment, closes=True)


def reset_connection(moment: str = BEFORE_BODY) -> Fault:
    """Ended by a RST: what was on its way to the client is lost too."""
    return Fault(moment, closes=True, resets=True)


def spoiled(spoil: Spoil) -> Fault:
    return Fault(AFTER_STORING, spoil=spoil)


def whitespace(seconds: float) -> Fault:
    """As a long CompleteMultipartUpload answers: status 200, then blanks until the result."""
    return Fault(AFTER_STORING, whitespace_seconds=seconds)


class FaultInside200(S3Error):
    """Answered with status 200 although it is an error."""


@dataclass
class Rule:
    """A fault with what it waits for. `first` and `times` count the calls that match."""

    fault: Fault
    operation: str | None
    bucket: str | None
    key: str | None
    part_number: int | None
    first: int
    times: int | None
    seen: int = 0
    hits: int = 0

    def takes(self, operation: str, bucket: str | None, key: str | None, part: int | None) -> bool:
        pairs = (
            (self.operation, operation),
            (self.bucket, bucket),
            (self.key, key),
            (self.part_number, part),
        )
        if any(wanted is not None and wanted != actual for wanted, actual in pairs):
            return False
        self.seen += 1
        if self.seen < self.first or (self.times is not None and self.hits >= self.times):
            return False
        self.hits += 1
        return True


class Faults:
    """The rules in force. A request meets every rule that takes it, in the order of adding."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []
        self._storms: list[Storm[Fault]] = []
        self._lock = threading.Lock()

    def add(
        self,
        fault: Fault,
        *,
        operation: str | None = None,
        bucket: str | None = None,
        key: str | None = None,
        part_number: int | None = None,
        first: int = 1,
        times: int | None = 1,
    ) -> Rule:
        """From the `first` matching call on, `times` times (None: for ever).

        The rule that comes back tells how many calls matched (`seen`) and were hit (`hits`).
        """
        rule = Rule(fault, operation, bucket, key, part_number, first, times)
        with self._lock:
            self._rules.append(rule)
        return rule

    def add_storm(
        self, kinds: Sequence[Fault], *, share: float, seed: int, operation: str | None = None
    ) -> Storm[Fault]:
        """Hit `share` of all requests, or of those of `operation`; what comes back counts them."""
        storm = Storm(kinds, share=share, seed=seed, operation=operation)
        with self._lock:
            self._storms.append(storm)
        return storm

    def remove(self, rule: Rule) -> None:
        with self._lock:
            self._rules.remove(rule)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._storms.clear()

    def meet(
        self, operation: str, bucket: str | None, key: str | None, part_number: int | None
    ) -> list[Fault]:
        """The faults of one request: asked once, at its start."""
        call = (operation, bucket, key, part_number)
        with self._lock:
            scripted = [rule.fault for rule in self._rules if rule.takes(*call)]
            seeded = [storm.take(*call) for storm in self._storms]
        return scripted + [fault for fault in seeded if fault is not None]


class Script:
    """The faults of one request, played as it reaches each moment."""

    def __init__(self, faults: list[Fault], stopping: threading.Event) -> None:
        self._faults = faults
        self._stopping = stopping
        self._reached: set[str] = set()

    def __str__(self) -> str:
        return "; ".join(map(str, self._faults))

    @property
    def whitespace_seconds(self) -> float:
        """How long blanks come before the document of the answer."""
        return sum(fault.whitespace_seconds for fault in self._faults)

    @property
    def spoil(self) -> Spoil | None:
        return next((fault.spoil for fault in self._faults if fault.spoil is not None), None)

    def reach(self, moment: str) -> None:
        """Raises S3Error or ConnectionLost when a fault says so. Each moment comes once."""
        if moment in self._reached:
            return
        self._reached.add(moment)
        for fault in self._faults:
            if fault.moment != moment:
                continue
            if fault.delay_seconds and self._stopping.wait(fault.delay_seconds):
                raise ConnectionLost
            if fault.closes:
                raise ConnectionLost(by_reset=fault.resets)
            if fault.error_code is not None:
                raise (FaultInside200 if fault.inside_200 else S3Error)(fault.error_code)
