"""What a service says of an object that can prove it the same as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from s3gui.adapters import s3_answers as answers
from s3gui.adapters.crc64nvme import CRC64NVME
from s3gui.adapters.s3 import S3Store
from s3gui.adapters.s3_answers import Answer
from s3gui.adapters.s3_checksums import checksums_of
from s3gui.adapters.s3_clients import Prompter, open_clients
from s3gui.adapters.s3_reasons import telling_why
from s3gui.core.checksum import BytesLike, Checksum
from s3gui.core.errors import AccessDenied, NoSuchKey, NotSupported, ServiceError
from s3gui.core.profile import Credentials, Profile
from s3gui.core.transfer import Destination
from s3gui.engine.proof import Evidence, Running, RunningCrc, equal_parts, standard_sums

_ALGORITHMS = ("CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512")
_MOST_PARTS = 10_000


def connect_for_evidence(
    profile: Profile, credentials: Credentials | None, prompter: Prompter | None = None
) -> S3Evidence:
    """As `s3.connect`."""
    clients = open_clients(profile, credentials, prompter)
    return S3Evidence(profile, clients, checksums_of(profile.provider))


def sums() -> dict[str, Callable[[], Running]]:
    """All algorithms that this computer can compute fast."""
    return {
        **standard_sums(),
        "CRC64NVME": lambda: RunningCrc(CRC64NVME.update, CRC64NVME.width_bits),
        "CRC32C": lambda: RunningCrc(_crc32c, 32),
    }


def _crc32c(block: BytesLike, value: int) -> int:
    from awscrt.checksums import crc32c

    return int(crc32c(block, value))


class S3Evidence(S3Store):
    """Asks with HEAD and GetObjectAttributes; what a HEAD cannot say, a list is asked for."""

    def evidence(self, destination: Destination) -> Evidence | None:
        """None where there is no such object. Raises S3guiError."""
        destination.check()
        try:
            with telling_why(lambda: self.list_objects(destination)), self._asking(destination):
                answer = self._browse.head_object(
                    Bucket=destination.bucket, Key=destination.key, ChecksumMode="ENABLED"
                )
        except NoSuchKey:
            return None
        size, etag = int(answer.get("ContentLength", 0)), answers.etag(answer)
        found = tuple(
            Checksum(each, _marked(answer, str(answer[f"Checksum{each}"])))
            for each in _ALGORITHMS
            if answer.get(f"Checksum{each}")
        )
        is_in_parts = "-" in etag or any("-" in each.value for each in found)
        return Evidence(
            size,
            etag,
            version_id=answer.get("VersionId"),
            checksums=found,
            etag_is_md5=answers.checksum(answer, "MD5") is not None,
            part_sizes=self._part_sizes(destination, answer, size) if is_in_parts else (),
        )

    def _part_sizes(self, destination: Destination, head: Answer, size: int) -> tuple[int, ...]:
        """Empty where the service does not tell."""
        given = {"VersionId": head["VersionId"]} if head.get("VersionId") else {}
        for ask in (self._listed_sizes, self._sizes_of_ends):
            try:
                with self._asking(destination):
                    sizes = ask(destination, size, given)
            except (AccessDenied, NotSupported, ServiceError):
                continue
            if sum(sizes) == size and sizes:
                return tuple(sizes)
        return ()

    def _listed_sizes(
        self, destination: Destination, size: int, given: dict[str, Any]
    ) -> list[int]:
        del size
        sizes: list[int] = []
        marker = 0
        while len(sizes) <= _MOST_PARTS:
            answer = self._browse.get_object_attributes(
                Bucket=destination.bucket,
                Key=destination.key,
                ObjectAttributes=["ObjectParts"],
                MaxParts=1000,
                PartNumberMarker=marker,
                **given,
            )
            page = answer.get("ObjectParts", {})
            rows = page.get("Parts", ())
            sizes += [int(row["Size"]) for row in rows]
            if not page.get("IsTruncated") or not rows:
                return sizes
            marker = int(rows[-1]["PartNumber"])
        return []

    def _sizes_of_ends(
        self, destination: Destination, size: int, given: dict[str, Any]
    ) -> list[int]:
        """By the first part and the last: whether all between are as large as the first."""

        def part(number: int) -> Answer:
            answer: Answer = self._browse.head_object(
                Bucket=destination.bucket, Key=destination.key, PartNumber=number, **given
            )
            return answer

        first = part(1)
        count, part_size = int(first.get("PartsCount", 0)), int(first.get("ContentLength", 0))
        if not count or not part_size:
            return []
        sizes = equal_parts(size, part_size)
        is_so = len(sizes) == count and int(part(count).get("ContentLength", 0)) == sizes[-1]
        return sizes if is_so else []


def _marked(answer: Answer, value: str) -> str:
    """Some services leave the number of parts away from a composite one: then it proves nothing."""
    is_composite = answer.get("ChecksumType") == "COMPOSITE"
    return f"{value}-0" if is_composite and "-" not in value else value
