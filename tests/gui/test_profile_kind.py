from __future__ import annotations

from dataclasses import replace

import pytest

from s3gui.core.profile import Profile
from s3gui.gui.profile_kind import ProfileKind, kind_of, shares_secret

KEYS = Profile("1", "Photos", region="eu-west-1", access_key_id="AKID")
NAS = Profile("2", "NAS", "generic", "https://nas.local:9000", access_key_id="AKID")


@pytest.mark.parametrize(
    ("profile", "kind"),
    [
        (KEYS, ProfileKind.AWS_KEYS),
        (Profile("3", "Work", aws_profile="work"), ProfileKind.AWS_PROFILE),
        (Profile("4", "Default", aws_profile=""), ProfileKind.AWS_PROFILE),
        (replace(NAS, provider_id="wasabi"), ProfileKind.SERVICE),
        (NAS, ProfileKind.CUSTOM),
        (replace(NAS, provider_id="aws"), ProfileKind.CUSTOM),
    ],
)
def test_the_kind_of_a_saved_profile_is_recognized(profile, kind):
    assert kind_of(profile) is kind


def test_a_secret_stays_with_its_key_and_its_host():
    assert shares_secret(NAS, replace(NAS, name="Archive", region="other"))
    assert shares_secret(NAS, replace(NAS, endpoint_url="https://NAS.local:9000/"))
    assert not shares_secret(NAS, replace(NAS, endpoint_url="https://nas.1ocal:9000"))
    assert not shares_secret(NAS, replace(NAS, endpoint_url="http://nas.local:9000"))
    assert not shares_secret(NAS, replace(NAS, endpoint_url=None))
    assert not shares_secret(NAS, replace(NAS, access_key_id="OTHER"))
    assert not shares_secret(replace(KEYS, aws_profile="work"), KEYS)
