"""What a transfer sends: a file, an empty folder's marker, or a folder as one archive."""

from __future__ import annotations

from enum import StrEnum

from s3gui.core.frozen import frozen

MOST_SKIPPED_TOLD = 100
"""How many members of an archive that were left out are named; all are counted."""


class SourceKind(StrEnum):
    """The value of an archive's kind is its usual ending, too."""

    FILE = "file"
    FOLDER = "folder"
    TAR = "tar"
    TAR_GZ = "tar.gz"
    ZIP = "zip"

    @property
    def is_archive(self) -> bool:
        return self in ARCHIVE_KINDS


ARCHIVE_KINDS = (SourceKind.TAR, SourceKind.TAR_GZ, SourceKind.ZIP)


@frozen
class SkippedMember:
    """What an archive does not hold although the folder did; `reason` is a sentence."""

    name: str
    reason: str


@frozen
class ArchiveManifest:
    """What went into an archive: `members` are files, links and folders; sizes in bytes.

    `member_bytes` is what the files hold, before any compression. Of `skipped_count` members
    the first MOST_SKIPPED_TOLD are in `skipped`.
    """

    members: int = 0
    member_bytes: int = 0
    skipped_count: int = 0
    skipped: tuple[SkippedMember, ...] = ()
