"""What a request has to know of a service, where that takes no botocore to find out."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Literal

from s3gui.adapters.s3_address import Address, amazons_address, plain_address
from s3gui.adapters.s3_keys import Keys, keys_of, keys_of_environment
from s3gui.core.profile import Addressing, Credentials, Profile

_OTHER_HOSTS = ("AWS_DEFAULTS_", "AWS_S3_", "AWS_USE_")
"""Variables that begin so lead to other hosts of Amazon's, for saved connections, too."""

BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")
"""Variables with a file of certificates, where AWS_CA_BUNDLE names none."""


class KnownService:
    """An endpoint that was given, or Amazon's own, with the keys for it."""

    def __init__(
        self, endpoint_url: str | None, region: str, keys: Keys, *, trusted: str | Literal[True]
    ) -> None:
        """`endpoint_url`: None for Amazon's; `trusted` as `Network` takes it."""
        self.keys = keys
        self.trusted = trusted
        self.is_encrypted = endpoint_url is None or endpoint_url.startswith("https:")
        self._endpoint_url = endpoint_url
        self._region = region

    def address_of(self, bucket: str) -> Address | None:
        if self._endpoint_url is None:
            return amazons_address(self._region, bucket)
        return plain_address(self._endpoint_url, self._region, bucket)


def known_service(
    profile: Profile, credentials: Credentials | None, environment: Mapping[str, str] = os.environ
) -> KnownService | None:
    """None where botocore has to say what the profile means."""
    if not _is_addressed_as_usual(profile, environment):
        return None
    region = profile.region or ""
    trusted: str | Literal[True] = profile.ca_file or True
    if profile.aws_profile is None:
        # A saved connection means the same whatever the environment says.
        keys = None if credentials is None else keys_of(credentials)
    elif profile.aws_profile:
        keys = None
    else:
        keys = keys_of_environment(environment)
        region = region or environment.get("AWS_DEFAULT_REGION", "")
        bundles = (profile.ca_file, *map(environment.get, ("AWS_CA_BUNDLE", *BUNDLES)))
        trusted = next(filter(None, bundles), True)
    if keys is None:
        return None
    region = region or profile.provider.default_region
    return KnownService(profile.endpoint_url, region, keys, trusted=trusted)


def _is_addressed_as_usual(profile: Profile, environment: Mapping[str, str]) -> bool:
    if profile.endpoint_url is not None:
        return profile.addressing is not Addressing.VIRTUAL
    has_other_hosts = any(name.upper().startswith(_OTHER_HOSTS) for name in environment)
    return profile.addressing is Addressing.AUTO and not has_other_hosts


class Addresses:
    """Where buckets are. What botocore has learnt of one counts more than what was known."""

    def __init__(
        self,
        known: Callable[[str], Address | None],
        learnt: Callable[[str], Address | None],
    ) -> None:
        self._known = known
        self._learnt = learnt
        self._moved: set[str] = set()

    def of(self, bucket: str) -> Address | None:
        """None where botocore has to send. Raises what botocore raises."""
        address = None if bucket in self._moved else self._known(bucket)
        return address or self._learnt(bucket)

    def learn(self, bucket: str) -> None:
        """The service has told botocore more about this one."""
        self._moved.add(bucket)
