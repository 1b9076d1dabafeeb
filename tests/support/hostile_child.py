"""A process that asks a service for everything once, and says what that cost it.

Called with the endpoint; writes JSON: by operation the class of the error (null for a success),
the seconds, and by how many bytes the process grew at its largest. Linux only.
"""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

from s3gui.adapters.s3 import connect
from s3gui.adapters.s3_bounds import Bounds
from s3gui.core.errors import S3guiError
from s3gui.core.profile import Credentials, Profile, Secret
from tests.support.operations import OPERATIONS


def main() -> None:
    endpoint_url, operations = sys.argv[1], sys.argv[2:] or list(OPERATIONS)
    profile = Profile("id", "Hostile", provider_id="practice", endpoint_url=endpoint_url)
    credentials = Credentials("AKIAHOSTILE000000001", Secret("hostile-secret-0123456789abcdefgh"))
    store = connect(profile, credentials, bounds=Bounds(silence_seconds=5, answer_seconds=20))
    OPERATIONS["abort_multipart"](store)  # answered well, to have everything loaded
    found = {}
    for name in operations:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        before, began, error = _bytes("VmRSS"), time.monotonic(), None
        try:
            OPERATIONS[name](store)
        except S3guiError as raised:
            error = type(raised).__name__
        grown = _bytes("VmHWM") - before
        found[name] = {
            "error": error,
            "seconds": time.monotonic() - began,
            "grown_bytes": grown,
        }
    sys.stdout.write(json.dumps(found))


def _bytes(name: str) -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(rf"{name}:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) * 1024


if __name__ == "__main__":
    main()
