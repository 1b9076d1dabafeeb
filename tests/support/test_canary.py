import base64
import json
from urllib.parse import quote

import pytest

from tests.support.canary import TOKEN, hits, hits_in_files

SECRET = "a/secret+of THIS test, which writes it into files"

WRITTEN = {
    "raw": SECRET.encode(),
    "utf-16": SECRET.encode("utf-16"),
    "hex": SECRET.encode().hex().encode(),
    "base64": base64.b64encode(SECRET.encode()),
    "base64 of a pair": base64.b64encode(f"user:{SECRET}".encode()),
    "base64 of a header": base64.b64encode(f"{{'a': '{SECRET}', 'b': 1}}".encode()),
    "base64 for URLs": base64.urlsafe_b64encode(f"x{SECRET}y".encode()),
    "in a URL": quote(f"?{SECRET}", safe="").encode(),
    "in a path": quote(SECRET).encode(),
    "JSON": json.dumps({"a": SECRET}).encode(),
}


@pytest.mark.row("C-03")
@pytest.mark.parametrize("content", WRITTEN.values(), ids=WRITTEN)
def test_a_canary_is_found_however_it_is_written(tmp_path, content) -> None:
    assert hits(b"\0\1" + content + b"\2", [SECRET]) == [SECRET]
    (tmp_path / "file").write_bytes(b"x" * 99 + content)
    (tmp_path / "link").symlink_to(tmp_path / "file")
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    assert {secret for _, secret in hits_in_files(tmp_path, [SECRET])} == {SECRET}
    assert list(hits_in_files(tmp_path, [TOKEN])) == []


def test_where_there_is_none_none_is_found(tmp_path) -> None:
    (tmp_path / "file").write_bytes(SECRET[:-1].encode() + SECRET[1:].encode())
    assert list(hits_in_files(tmp_path, [SECRET])) == []
