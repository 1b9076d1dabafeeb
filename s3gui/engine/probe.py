"""Finds out by trying what a service does: small objects under random names, deleted at once.

It sends what uploads send, by the same road, so that what it learns holds for them. It is started
only by a person's yes.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from s3gui.core.acl import CannedAcl
from s3gui.core.capabilities import Capabilities
from s3gui.core.checksum import Checksum
from s3gui.core.errors import (
    AclRefused,
    AlreadyExists,
    BadDigest,
    NoSuchUpload,
    NotSupported,
    ObjectChanged,
    S3guiError,
    ServiceError,
)
from s3gui.core.frozen import frozen
from s3gui.core.provider import Provider
from s3gui.core.transfer import Destination, MultipartUpload, StoredObject, UploadOptions
from s3gui.engine.browse import BrowsingStore
from s3gui.engine.ports import Clock
from s3gui.engine.retry import Patience, Retrier
from s3gui.engine.source import MemoryBody
from s3gui.engine.stop import Stop

NAME = "s3gui-probe-"
"""What the names of its objects begin with, so that one that was killed can be found."""

_ALGORITHMS = ("CRC64NVME", "CRC32")
_PATIENCE = Patience(attempts=3, first_contact=2)
_STALE_SECONDS = 3600.0
_MOST_STALE = 100
_OWN_NAME = re.compile(re.escape(NAME) + r"[0-9a-f]{16}-[a-z0-9-]+")
_READ_AT_ONCE = 65_536


@frozen
class ProbeReport:
    """`problems` are sentences for a person; with one of them the service is not to be trusted.

    `left_behind` are keys that could not be proven gone; `removed_stale` counts objects of
    earlier probes that were killed.
    """

    capabilities: Capabilities
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    left_behind: tuple[str, ...] = ()
    removed_stale: int = 0


def probe(
    open_as: Callable[[Provider], BrowsingStore],
    provider: Provider,
    prefix: Destination,
    clock: Clock,
) -> ProbeReport:
    """Blocks for some seconds. `open_as` gives live access that speaks as a provider does.

    `prefix` is a bucket and a prefix in which objects may be stored. Raises S3guiError where not
    even the plainest object can be stored; whatever was stored is deleted in any case.
    """
    return _Probe(open_as, provider, prefix, clock).run()


@dataclass
class _Probe:
    open_as: Callable[[Provider], BrowsingStore]
    provider: Provider
    prefix: Destination
    clock: Clock
    name: str = field(default_factory=lambda: f"{NAME}{secrets.token_hex(8)}")
    stored: list[tuple[Destination, str | None]] = field(default_factory=list)
    opened: list[MultipartUpload] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.retrier = Retrier(self.clock, Stop(), _PATIENCE)
        self.plain = self.open_as(
            replace(
                self.provider, checksum=None, conditional_writes=False, conditional_replaces=False
            )
        )

    def run(self) -> ProbeReport:
        left_behind: list[str] = []
        try:
            self._store_and_read_back()
            checksum = next((each for each in _ALGORITHMS if self._keeps(each)), "")
            strict = self.open_as(
                replace(
                    self.provider,
                    checksum=checksum or None,
                    conditional_writes=True,
                    conditional_replaces=True,
                )
            )
            found = Capabilities(
                checksum=checksum,
                conditional_writes=self._refuses_existing(strict),
                conditional_replaces=self._refuses_changed(strict),
                acls=self._takes_acls(),
                probed_at=self.clock.now(),
            )
        finally:
            left_behind += self._clean_up()
        return ProbeReport(
            found,
            tuple(self.problems),
            tuple(self.notes),
            tuple(left_behind),
            self._remove_stale(),
        )

    # What is tried.

    def _store_and_read_back(self) -> None:
        place = self._place("plain")
        self._put(self.plain, place)
        if self._read(place) != probe_bytes(place.key):
            self.problems.append("The service gave back other bytes than were stored.")

    def _keeps(self, algorithm: str) -> bool:
        """Whether it compares this checksum, keeps it, and knows it of an object in parts."""
        store = self.open_as(replace(self.provider, checksum=algorithm))
        whole, wrong, parts = (
            self._place(f"{algorithm.lower()}-{each}") for each in ("whole", "wrong", "parts")
        )
        try:
            stored = self._put(store, whole)
            is_kept = self._has_checksum(store, whole, stored)
            is_same = self._read(whole) == probe_bytes(whole.key)
            is_compared = self._is_refused(store, wrong)
            is_joined = self._has_checksum(store, parts, self._put_in_parts(store, parts))
        except ServiceError:
            return False
        if not is_same:
            self.problems.append(
                f"Sent with a checksum ({algorithm}), the service gave back other bytes."
            )
        return is_kept and is_same and is_compared and is_joined

    def _refuses_existing(self, store: BrowsingStore) -> bool | None:
        """If-None-Match, on both requests that make an object."""
        place, parts = self._place("new"), self._place("new-parts")
        try:
            self._put(store, place, only_if_absent=True)
            self._put(self.plain, parts)
        except ServiceError:
            return False
        return self._refuses(
            lambda: self._put(store, place, only_if_absent=True), AlreadyExists
        ) and self._refuses(
            lambda: self._put_in_parts(store, parts, only_if_absent=True), AlreadyExists
        )

    def _refuses_changed(self, store: BrowsingStore) -> bool | None:
        """If-Match: the right ETag is taken, another one refused, and one of nothing, too."""
        place, parts, nothing = (
            self._place(each) for each in ("match", "match-parts", "match-none")
        )
        other = "0" * 32
        try:
            etag = self._put(self.plain, place).etag
            self._put(store, place, only_if_etag=etag)
            self._put(self.plain, parts)
        except ServiceError:
            return False
        return (
            self._refuses(lambda: self._put(store, place, only_if_etag=other), ObjectChanged)
            and self._refuses(lambda: self._put(store, nothing, only_if_etag=other), ObjectChanged)
            and self._refuses(
                lambda: self._put_in_parts(store, parts, only_if_etag=other), ObjectChanged
            )
        )

    def _takes_acls(self) -> bool | None:
        """By an ACL that gives nobody else anything."""
        options = UploadOptions(acl=CannedAcl.BUCKET_OWNER_READ)
        try:
            self._put(self.plain, self._place("acl"), options=options)
        except AclRefused:
            self.notes.append(f"The bucket “{self.prefix.bucket}” does not allow ACLs.")
            return None
        except NotSupported:
            return False
        except ServiceError as error:
            self.notes.append(f"Whether ACLs work is not known: {error.message}")
            return None
        return True

    # How.

    def _place(self, what: str) -> Destination:
        return replace(self.prefix, key=f"{self.prefix.key}{self.name}-{what}")

    def _put(
        self,
        store: BrowsingStore,
        place: Destination,
        *,
        options: UploadOptions | None = None,
        checksum: Checksum | None = None,
        **condition: object,
    ) -> StoredObject:
        body = MemoryBody(probe_bytes(place.key))
        # Before the request: its answer may be lost.
        self.stored.append((place, None))
        chosen = {"only_if_absent": False, **condition}
        stored = self.retrier.call(
            lambda: store.put_object(
                place,
                body,
                checksum or store.checksums.of(body.blocks()),
                options or UploadOptions(),
                on_sent=lambda _sent: None,
                **chosen,  # type: ignore[arg-type]
            )
        )
        self.stored.append((place, stored.version_id))
        return stored

    def _put_in_parts(
        self, store: BrowsingStore, place: Destination, **condition: object
    ) -> StoredObject:
        body = MemoryBody(probe_bytes(place.key))
        self.stored.append((place, None))
        upload = self.retrier.call(lambda: store.create_multipart(place, UploadOptions()))
        self.opened.append(upload)
        checksum = store.checksums.of(body.blocks())
        part = self.retrier.call(
            lambda: store.upload_part(upload, 1, body, checksum, on_sent=lambda _sent: None)
        )
        whole = store.checksums.whole([(checksum, body.size)])
        chosen = {"only_if_absent": False, **condition}
        stored = store.complete_multipart(upload, [part], whole, **chosen)  # type: ignore[arg-type]
        self.opened.remove(upload)
        self.stored.append((place, stored.version_id))
        return stored

    def _has_checksum(self, store: BrowsingStore, place: Destination, stored: StoredObject) -> bool:
        expected = store.checksums.of([probe_bytes(place.key)])
        seen = self.retrier.call(lambda: store.head(place, stored.version_id))
        return seen is not None and seen.checksum == expected

    def _is_refused(self, store: BrowsingStore, place: Destination) -> bool:
        """Whether bytes that do not fit their checksum are not stored."""
        wrong = store.checksums.of([b"other bytes"])
        with suppress(BadDigest, ServiceError):
            self._put(store, place, checksum=wrong)
        return self.retrier.call(lambda: store.head(place)) is None

    def _refuses(self, call: Callable[[], object], error: type[S3guiError]) -> bool:
        try:
            call()
        except error:
            return True
        except ServiceError:
            return False
        return False

    def _read(self, place: Destination) -> bytes:
        return self.retrier.call(lambda: b"".join(self.plain.download(place).chunks(_READ_AT_ONCE)))

    # Leaving nothing.

    def _clean_up(self) -> list[str]:
        """Returns the keys that could not be proven gone."""
        for upload in self.opened:
            with suppress(S3guiError, NoSuchUpload):
                self.retrier.call(lambda upload=upload: self.plain.abort_multipart(upload))  # type: ignore[misc]
        versions: dict[Destination, list[str]] = {place: [] for place, _ in self.stored}
        for place, version in self.stored:
            if version is not None:
                versions[place].append(version)
        return sorted(place.key for place in versions if not self._delete(place, versions[place]))

    def _delete(self, place: Destination, versions: list[str]) -> bool:
        """Whether it is gone for certain."""
        try:
            known: list[str | None] = [*versions] or [None]
            for version in known:
                self.retrier.call(lambda version=version: self.plain.delete(place, version))  # type: ignore[misc]
            if versions and self.plain.head(place) is not None:
                self.plain.delete(place)
            return self.plain.head(place) is None
        except S3guiError:
            return False

    def _remove_stale(self) -> int:
        """Objects of earlier probes: by their names, and by the bytes that belong to a name."""
        count = 0
        with suppress(S3guiError):
            for key in self._stale_keys():
                place = replace(self.prefix, key=key)
                if self._read(place) == probe_bytes(key):
                    self.plain.delete(place)
                    count += 1
        return count

    def _stale_keys(self) -> Iterator[str]:
        before = datetime.fromtimestamp(self.clock.now() - _STALE_SECONDS, UTC)
        found = self.plain.find_objects(replace(self.prefix, key=f"{self.prefix.key}{NAME}"))
        for count, each in enumerate(found):
            if count >= _MOST_STALE:
                return
            name = each.key.removeprefix(self.prefix.key)
            is_old = each.modified_at is not None and each.modified_at < before
            is_ours = _OWN_NAME.fullmatch(name) and each.size == len(probe_bytes(each.key))
            if is_old and is_ours:
                yield each.key


def probe_bytes(key: str) -> bytes:
    """The content of a probe's object: nobody else's object of that name holds it by chance."""
    name = key.rpartition(NAME)[2]
    return f"This is {NAME}{name}, stored by s3gui to try a service. It can be deleted.\n".encode()
