"""Which content type a key's ending stands for: the same answer on every computer."""

from __future__ import annotations

import mimetypes
import re
from functools import lru_cache

DEFAULT_CONTENT_TYPE = "application/octet-stream"

_KEPT = 1024
_NOT_IN_AN_ENDING = re.compile(r"[^A-Za-z0-9._-]")
_COMPRESSED = {
    "gzip": "application/gzip",
    "bzip2": "application/x-bzip2",
    "xz": "application/x-xz",
    "br": "application/x-brotli",
    "compress": "application/x-compress",
}
_ADDED = {
    ".7z": "application/x-7z-compressed",
    ".avif": "image/avif",
    ".cr2": "image/x-canon-cr2",
    ".cr3": "image/x-canon-cr3",
    ".dng": "image/x-adobe-dng",
    ".flac": "audio/flac",
    ".geojson": "application/geo+json",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".jsonl": "application/jsonl",
    ".jxl": "image/jxl",
    ".md": "text/markdown",
    ".mkv": "video/x-matroska",
    ".mjs": "text/javascript",
    ".js": "text/javascript",
    ".nef": "image/x-nikon-nef",
    ".parquet": "application/vnd.apache.parquet",
    ".raf": "image/x-fuji-raf",
    ".toml": "application/toml",
    ".ttf": "font/ttf",
    ".otf": "font/otf",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".zst": "application/zstd",
}


def _types() -> mimetypes.MimeTypes:
    before = mimetypes.inited
    # Else all that the system knows is read first, which has no say here.
    mimetypes.inited = True
    try:
        types = mimetypes.MimeTypes(filenames=())
    finally:
        mimetypes.inited = before
    for ending, content_type in _ADDED.items():
        types.add_type(content_type, ending)
    return types


_TYPES = _types()


def guess_content_type(key: str) -> str:
    """The content type for a key's ending; a compressed file's type is its compression's.

    >>> guess_content_type("site/index.html"), guess_content_type("run.fastq.gz")
    ('text/html', 'application/gzip')
    """
    _, dot, ending = key.rsplit("/", 1)[-1].lstrip(".").partition(".")
    return _content_type(dot + ending)


@lru_cache(_KEPT)
def _content_type(ending: str) -> str:
    # As the path of a URL: a name on its own may be taken for one that has a scheme or a query.
    name = "name" + _NOT_IN_AN_ENDING.sub("_", ending)
    content_type, encoding = _TYPES.guess_type(f"file:///{name}")
    if encoding is not None:
        return _COMPRESSED.get(encoding, DEFAULT_CONTENT_TYPE)
    return content_type or DEFAULT_CONTENT_TYPE
