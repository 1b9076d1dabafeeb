"""What people keep for the next time: places, options under a name, options of a bucket."""

from __future__ import annotations

import re
from collections.abc import Iterable

from s3gui.core.errors import InputError
from s3gui.core.frozen import frozen, replace
from s3gui.core.transfer import Destination, UploadOptions

_ENDING = re.compile(r"\.[a-z0-9][a-z0-9._+-]{0,30}")


@frozen
class Favourite:
    """A place of a connection."""

    profile_id: str
    destination: Destination


@frozen
class Preset:
    """Options under a name; the access is never part of them."""

    name: str
    options: UploadOptions


@frozen
class BucketOptions:
    """With what the uploads to a bucket begin."""

    profile_id: str
    bucket: str
    options: UploadOptions


@frozen
class Preferences:
    """`content_types` are (ending, content type), such as (".nef", "image/x-nikon-nef")."""

    favourites: tuple[Favourite, ...] = ()
    presets: tuple[Preset, ...] = ()
    bucket_options: tuple[BucketOptions, ...] = ()
    content_types: tuple[tuple[str, str], ...] = ()

    def favourites_of(self, profile_id: str) -> tuple[Destination, ...]:
        return tuple(each.destination for each in self.favourites if each.profile_id == profile_id)

    def toggle_favourite(self, favourite: Favourite) -> Preferences:
        others = tuple(each for each in self.favourites if each != favourite)
        if len(others) < len(self.favourites):
            return replace(self, favourites=others)
        return replace(self, favourites=(*others, favourite))

    def with_preset(self, preset: Preset) -> Preferences:
        """Add it, or let it take the place of the one with its name. Raises InputError."""
        if not preset.name.strip():
            raise InputError("A preset needs a name.")
        others = [each for each in self.presets if each.name != preset.name]
        return replace(self, presets=tuple(sorted([*others, preset], key=lambda p: p.name)))

    def without_preset(self, name: str) -> Preferences:
        return replace(self, presets=tuple(each for each in self.presets if each.name != name))

    def options_of(self, profile_id: str, bucket: str) -> UploadOptions | None:
        """None where the bucket has none of its own."""
        return next(
            (
                each.options
                for each in self.bucket_options
                if (each.profile_id, each.bucket) == (profile_id, bucket)
            ),
            None,
        )

    def with_bucket_options(
        self, profile_id: str, bucket: str, options: UploadOptions | None
    ) -> Preferences:
        """None forgets them."""
        others = tuple(
            each
            for each in self.bucket_options
            if (each.profile_id, each.bucket) != (profile_id, bucket)
        )
        new = () if options is None else (BucketOptions(profile_id, bucket, options),)
        return replace(self, bucket_options=(*others, *new))

    def with_content_types(self, pairs: Iterable[tuple[str, str]]) -> Preferences:
        """Of two entries for one ending the later one holds."""
        return replace(self, content_types=tuple(sorted(dict(pairs).items())))

    def content_type(self, key: str) -> str | None:
        """By the longest ending of the key that is in the table."""
        name = key.rsplit("/", 1)[-1].lower()
        fitting = [(ending, kind) for ending, kind in self.content_types if name.endswith(ending)]
        return max(fitting, key=lambda each: len(each[0]))[1] if fitting else None


def read_ending(text: str) -> str:
    """`.nef` from `NEF`, `*.nef` or `.nef`. Raises InputError."""
    ending = "." + text.strip().lower().lstrip("*").lstrip(".")
    if not _ENDING.fullmatch(ending):
        raise InputError(f"“{text.strip()}” is not an ending of a name; write it like .nef.")
    return ending
