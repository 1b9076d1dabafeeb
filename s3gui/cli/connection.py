"""Which service is meant, and whose credentials: from the options and the environment."""

from __future__ import annotations

import os
from argparse import Namespace
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

from s3gui.bootstrap import Workspace
from s3gui.core.errors import InputError
from s3gui.core.frozen import frozen, replace
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, provider_at

_ENDPOINT_VARIABLES = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
_IGNORE_VARIABLE = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"


@frozen
class Connection:
    """What was typed: a profile's name, or an endpoint, or neither."""

    profile: str | None = None
    endpoint_url: str | None = None
    region: str | None = None


def profile_of(arguments: Namespace, workspace: Workspace) -> Profile:
    """The profile that a command's options mean. Raises InputError."""
    return choose_profile(
        Connection(arguments.profile, arguments.endpoint_url, arguments.region),
        saved=workspace.profiles.all,
        aws_profile_names=workspace.aws_profile_names,
        environment=os.environ,
    )


def choose_profile(
    typed: Connection,
    *,
    saved: Callable[[], list[Profile]],
    aws_profile_names: Callable[[], list[str]],
    environment: Mapping[str, str],
) -> Profile:
    """The saved connection of that name, else the AWS profile; without a name botocore's default.

    Raises InputError where there is no such profile, or it cannot work.
    """
    profile = _profile(typed, saved, aws_profile_names, environment)
    if typed.region is not None:
        profile = replace(profile, region=typed.region)
    profile.check()
    return profile


def _profile(
    typed: Connection,
    saved: Callable[[], list[Profile]],
    aws_profile_names: Callable[[], list[str]],
    environment: Mapping[str, str],
) -> Profile:
    if typed.endpoint_url is not None:
        return _at_endpoint(typed.endpoint_url, aws_profile="")
    if typed.profile is None:
        return _aws_profile("", environment)
    connections = {profile.name: profile for profile in saved()}
    if typed.profile in connections:
        return connections[typed.profile]
    aws_names = aws_profile_names()
    if typed.profile in aws_names:
        return _aws_profile(typed.profile, environment)
    names = ", ".join(f"“{name}”" for name in [*connections, *aws_names])
    raise InputError(
        f"There is no connection and no AWS profile named “{typed.profile}”.",
        hint=f"There are: {names}." if names else "None is saved, and the AWS config has none.",
    )


def _aws_profile(name: str, environment: Mapping[str, str]) -> Profile:
    """An AWS profile, at the endpoint that the environment names as for every AWS tool."""
    endpoint_url = next(filter(None, map(environment.get, _ENDPOINT_VARIABLES)), None)
    if endpoint_url is not None and environment.get(_IGNORE_VARIABLE, "").lower() != "true":
        return _at_endpoint(endpoint_url, aws_profile=name)
    return Profile(id=f"aws:{name}", name=name or AWS.title, aws_profile=name)


def _at_endpoint(endpoint_url: str, aws_profile: str) -> Profile:
    """Naming an http:// endpoint is consent to it: nobody is asked on a command line."""
    try:
        host = urlsplit(endpoint_url).hostname or ""
    except ValueError:  # such as a bracket that is never closed; `Profile.check` says so
        host = ""
    return Profile(
        id=f"endpoint:{endpoint_url}:{aws_profile}",
        name=host or "S3",
        provider_id=provider_at(host).id,
        endpoint_url=endpoint_url,
        aws_profile=aws_profile,
        allow_http=True,
    )
