"""botocore's descriptions of the services that s3gui speaks to, read once a process."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from botocore.loaders import JSONFileLoader, Loader

SERVICES = ("s3", "sso", "sso-oidc", "signin", "sts")
"""S3, and what botocore's own chain asks for credentials."""


class _Plainly(JSONFileLoader):
    """Dictionaries keep their order by themselves: botocore's ordered ones take twice as long."""

    def load_file(self, file_path: str) -> Any:
        plain, packed = Path(f"{file_path}.json"), Path(f"{file_path}.json.gz")
        if plain.is_file():
            return json.loads(plain.read_bytes())
        return json.loads(gzip.decompress(packed.read_bytes())) if packed.is_file() else None


class _Models(Loader):
    def list_available_services(self, type_name: str) -> list[str]:
        """botocore looks through four hundred folders to know that S3 is among them."""
        del type_name
        return list(SERVICES)


@cache
def models() -> _Models:
    return _Models(file_loader=_Plainly())
