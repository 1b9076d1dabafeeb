import os
import stat

import pytest

from s3gui.practice.credentials import KeyRing, PracticeCredentials, load_or_create


def test_the_keys_are_made_once_and_kept(tmp_path):
    made = load_or_create(tmp_path / "credentials.json")
    assert made.access_key_id.startswith("AKIA")
    assert len(made.secret_access_key) == 40
    assert load_or_create(tmp_path / "credentials.json") == made
    assert [path.name for path in tmp_path.iterdir()] == ["credentials.json"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_their_owner_may_read_them(tmp_path):
    previous = os.umask(0)
    try:
        load_or_create(tmp_path / "credentials.json")
    finally:
        os.umask(previous)
    assert stat.S_IMODE((tmp_path / "credentials.json").stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"access_key_id": "A"}', b"\xff"])
def test_a_broken_file_is_replaced(tmp_path, content):
    path = tmp_path / "credentials.json"
    path.write_bytes(content)
    assert load_or_create(path) == load_or_create(path)


def test_no_secret_shows_in_their_text():
    made = PracticeCredentials.generate(temporary=True)
    assert made.secret_access_key not in f"{made} {made!r}"
    assert made.session_token
    assert made.session_token not in repr(made)


def test_a_ring_finds_what_was_added_until_it_is_removed():
    ring, made = KeyRing(), PracticeCredentials.generate()
    assert ring.find(made.access_key_id) is None
    ring.add(made)
    assert ring.find(made.access_key_id) == made
    ring.remove(made.access_key_id)
    ring.remove(made.access_key_id)
    assert ring.find(made.access_key_id) is None
