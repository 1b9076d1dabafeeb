"""botocore's descriptions of the services that s3gui speaks to, read once a process."""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader

SERVICES = ("s3", "sso", "sso-oidc", "signin", "sts")
"""S3, and what botocore's own chain asks for credentials."""


class _Models(Loader):
    def list_available_services(self, type_name: str) -> list[str]:
        """botocore looks through four hundred folders to know that S3 is among them."""
        del type_name
        return list(SERVICES)


@cache
def models() -> _Models:
    return _Models()
