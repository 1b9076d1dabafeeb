"""Writes and signs what programs are told when they ask for a newer release.

    python packaging/version_file.py OUTPUT KEY.pem PAGE     (the build's Python: it needs awscrt)

KEY is a private RSA key of 3,072 bits or more. s3gui/adapters/releases.py says what is checked.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from environment import python, source_date_epoch
from version import TOP, VERSION

DIST = TOP / "dist"
_KEY_VARIABLE = "S3GUI_SIGN_RELEASE"
_PAGE_VARIABLE = "S3GUI_RELEASE_PAGE"
_BELIEVED_DAYS = 120
"""Each release, and each renewal without one, is believed for so long."""


def build_version_file() -> Path | None:
    """Returns dist/version.json, or None where there is no key to sign with."""
    key, page = os.environ.get(_KEY_VARIABLE), os.environ.get(_PAGE_VARIABLE)
    if not key or not page:
        print(f"NOT SIGNED: version.json ({_KEY_VARIABLE} or {_PAGE_VARIABLE} is not set)")
        return None
    DIST.mkdir(exist_ok=True)
    output = DIST / "version.json"
    subprocess.run([python(), __file__, output, key, page], check=True)
    return output


def main(output: Path, key_file: Path, page: str) -> None:
    from awscrt.crypto import RSA, RSASignatureAlgorithm

    published = datetime.fromtimestamp(int(source_date_epoch()), UTC).date()
    release = {
        "version": VERSION,
        "published": published.isoformat(),
        "expires": (published + timedelta(days=_BELIEVED_DAYS)).isoformat(),
        "page": page,
    }
    signed = json.dumps(release, sort_keys=True).encode()
    key = RSA.new_private_key_from_pem_data(key_file.read_text())
    signature = key.sign(RSASignatureAlgorithm.PSS_SHA256, hashlib.sha256(signed).digest())
    parts = {"signed": signed, "signature": signature}
    texts = {name: base64.b64encode(part).decode() for name, part in parts.items()}
    output.write_text(json.dumps(texts, indent=2) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
