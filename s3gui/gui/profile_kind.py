"""How a person thinks of a connection, and what that means for its Profile."""

from __future__ import annotations

from enum import StrEnum

from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, GENERIC

AWS_REGIONS = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "eu-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "sa-east-1",
)
"""Suggestions: any other region can be typed."""


class ProfileKind(StrEnum):
    AWS_KEYS = "aws-keys"
    AWS_PROFILE = "aws-profile"
    SERVICE = "service"
    CUSTOM = "custom"

    @property
    def has_keys(self) -> bool:
        return self is not ProfileKind.AWS_PROFILE

    @property
    def has_endpoint(self) -> bool:
        return self in {ProfileKind.SERVICE, ProfileKind.CUSTOM}


def kind_of(profile: Profile) -> ProfileKind:
    if profile.aws_profile is not None:
        return ProfileKind.AWS_PROFILE
    if profile.provider_id == AWS.id and profile.endpoint_url is None:
        return ProfileKind.AWS_KEYS
    if profile.provider_id in {AWS.id, GENERIC.id}:
        return ProfileKind.CUSTOM
    return ProfileKind.SERVICE


def shares_secret(saved: Profile, profile: Profile) -> bool:
    """Whether the secret kept for `saved` may be used with `profile`, its changed self.

    A secret belongs to its key and its host. Were it used with another endpoint, one wrong
    letter there would hand signed requests to a stranger.
    """
    return (
        saved.aws_profile is None
        and saved.access_key_id == profile.access_key_id
        and saved.origin == profile.origin
    )
