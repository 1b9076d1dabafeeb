"""From the arguments of Libcloud's constructor to a profile."""

from __future__ import annotations

import re

from s3gui.core.errors import InputError
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, GENERIC, PROVIDERS, Provider

_AWS_REGION = re.compile(r"[a-z]{2,4}(-[a-z]+)+-[0-9]+")
_AWS_HOST = re.compile(r"(.+\.)?amazonaws\.com(\.cn)?", re.IGNORECASE)


def profile_for(
    key: str,
    *,
    secure: bool,
    host: str | None,
    port: int | None,
    region: str | None,
    provider_id: str | None,
    ca_file: str | None,
) -> Profile:
    """Amazon S3 without a host, else what answers at it. Raises ValueError."""
    provider = _provider(host, provider_id)
    region = region or provider.default_region
    if provider is AWS and host is None and not _AWS_REGION.fullmatch(region):
        raise ValueError(f"“{region}” is not a region of Amazon S3")
    profile = Profile(
        id="driver",
        name="driver",
        provider_id=provider.id,
        endpoint_url=_endpoint_url(provider, host, port, region, secure=secure),
        region=region,
        access_key_id=key,
        ca_file=ca_file,
        allow_http=not secure,  # to say secure=False is consent
    )
    try:
        profile.check()
    except InputError as error:
        raise ValueError(error.message) from None
    return profile


def _provider(host: str | None, provider_id: str | None) -> Provider:
    if provider_id is not None:
        if provider_id not in PROVIDERS:
            known = ", ".join(PROVIDERS)
            raise ValueError(f"“{provider_id}” is not a known ex_provider; those are: {known}")
        return PROVIDERS[provider_id]
    return AWS if host is None or _AWS_HOST.fullmatch(host) else GENERIC


def _endpoint_url(
    provider: Provider, host: str | None, port: int | None, region: str, *, secure: bool
) -> str | None:
    if host is None:
        if provider.endpoint is not None:
            return provider.endpoint.format(region=region)
        if provider is not AWS or (secure and port is None):
            return None  # botocore knows Amazon's endpoints
        host = f"s3.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")
    if ":" in host and not host.startswith("["):
        host = f"[{host}]"  # an IPv6 address
    return f"{'https' if secure else 'http'}://{host}" + (f":{port}" if port else "")
