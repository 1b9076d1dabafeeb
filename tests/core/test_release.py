import pytest

from s3gui.core.release import order, release_from_json

_DATA = {
    "version": "1.10",
    "published": "2026-11-20",
    "expires": "2027-02-20",
    "page": "https://releases.example.org/1.10",
}


def test_versions_are_compared_by_their_numbers():
    versions = ["2.0.0.1", "1.9.9", "0.10", "1.10", "1.0.1", "0.9", "1.0"]
    in_order = ["0.9", "0.10", "1.0", "1.0.1", "1.9.9", "1.10", "2.0.0.1"]
    assert sorted(versions, key=order) == in_order
    assert order("1.0") == order("1.0.0")


@pytest.mark.parametrize(
    "version", ["", "1", "v1.0", "1.0-rc1", "1.0\n", "1." + "9" * 400, "\u0661.\u0660"]
)
def test_what_is_no_version_is_refused(version):
    with pytest.raises(ValueError, match="version"):
        order(version)


def test_a_release_is_newer_only_than_what_came_before_it():
    release = release_from_json(_DATA)
    assert release.is_newer_than("1.9.9")
    assert not release.is_newer_than("1.10.0")
    assert not release.is_newer_than("1.11")
