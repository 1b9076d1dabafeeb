"""Asks the project whether there is a newer release: signed, never older, from one host only.

The version file is JSON: `signed` (base64 of the JSON of a `Release`) and `signature` (base64,
RSA-PSS with SHA-256 over these bytes). The request carries nothing that tells one copy of the
program from another. Nothing is ever downloaded or installed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import ssl
import urllib.error
import urllib.request
from datetime import date
from email.message import Message
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from s3gui.core.errors import S3guiError
from s3gui.core.frozen import frozen
from s3gui.core.release import Release, order, release_from_json

_MOST_BYTES = 65_536
_TIMEOUT_SECONDS = 10.0
_LEAST_KEY_BYTES = 400
"""A key of 3,072 bits in PEM has about 620 characters; one of 2,048 has 450."""


class ReleaseRefused(S3guiError):
    code = "release-refused"
    title = "The word of a newer release cannot be trusted"
    hint = "Look at the project's own page, and tell the project."


class ReleasesUnreachable(S3guiError):
    code = "releases-unreachable"
    title = "The project's page of releases cannot be reached"
    hint = "The program works without it; it will ask again another time."


@frozen
class ReleaseSource:
    """Where to ask, and the public key (PEM, PKCS#1) that the answer must be signed with."""

    url: str
    public_key: str

    def newest(self, *, newest_seen: str, today: date, context: ssl.SSLContext) -> Release:
        """What the project says is its newest release.

        `newest_seen` is the highest version that was ever told, here or by the program of itself:
        an answer below it is an old one played again. Blocks for ten seconds at most a step.
        Raises ReleaseRefused, ReleasesUnreachable.
        """
        signed = self._verified(_fetch(self.url, context))
        try:
            release = release_from_json(json.loads(signed))
        except (ValueError, RecursionError):
            raise ReleaseRefused(detail="signed, but not a release") from None
        if order(release.version) < order(newest_seen):
            raise ReleaseRefused(
                f"The project's page tells of {release.version}, older than {newest_seen}."
            )
        if today > release.expires:
            raise ReleaseRefused(f"The word of release {release.version} is out of date.")
        return release

    def _verified(self, answer: bytes) -> bytes:
        from awscrt.crypto import RSA, RSASignatureAlgorithm

        try:
            envelope = json.loads(answer)
            signed = base64.b64decode(envelope["signed"], validate=True)
            signature = base64.b64decode(envelope["signature"], validate=True)
            key = RSA.new_public_key_from_pem_data(self.public_key)
            digest = hashlib.sha256(signed).digest()
            is_ours = key.verify(RSASignatureAlgorithm.PSS_SHA256, digest, signature)
        except (KeyError, TypeError, ValueError, RecursionError, RuntimeError) as error:
            raise ReleaseRefused(detail=type(error).__name__) from None
        if not is_ours:
            raise ReleaseRefused(detail="the signature is not the project's")
        return signed


def release_source(file: Path) -> ReleaseSource | None:
    """What `file` says, which goes with the program; None where this copy knows no project."""
    try:
        data = json.loads(file.read_text("utf-8"))
        source = ReleaseSource(data["url"], data["public_key"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    is_usable = urlsplit(source.url).scheme == "https" and len(source.public_key) > _LEAST_KEY_BYTES
    return source if is_usable else None


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Another host is none of the project's, whatever sends there."""

    def redirect_request(  # noqa: PLR0917 - urllib's signature
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Message,
        newurl: str,
    ) -> None:
        del req, fp, code, msg, headers, newurl


def _fetch(url: str, context: ssl.SSLContext) -> bytes:
    handlers: list[Any] = [_StayHere, urllib.request.HTTPSHandler(context=context)]
    opener = urllib.request.build_opener(*handlers)
    # Nothing but the name: not even the version says more than it must.
    opener.addheaders = [("User-Agent", "s3gui")]
    try:
        with opener.open(url, timeout=_TIMEOUT_SECONDS) as answer:
            body: bytes = answer.read(_MOST_BYTES + 1)
    except urllib.error.HTTPError as error:
        error.close()
        raise ReleasesUnreachable(detail=f"HTTP status {error.code}") from None
    except (OSError, ValueError) as error:
        raise ReleasesUnreachable(detail=str(error)) from None
    if len(body) > _MOST_BYTES:
        raise ReleaseRefused(detail="the answer is too long for a version file")
    return body
