import mimetypes

import pytest

from s3gui.core.content_type import _TYPES, _types, guess_content_type


@pytest.mark.parametrize(
    ("key", "content_type"),
    [
        ("site/index.html", "text/html"),
        ("app.JS", "text/javascript"),
        ("DSC_0142.NEF", "image/x-nikon-nef"),
        ("genome-run-14.fastq.gz", "application/gzip"),
        ("thesis.tar.gz", "application/gzip"),
        ("notes.md", "text/markdown"),
        ("data.json", "application/json"),
        ("no-ending", "application/octet-stream"),
        (".profile", "application/octet-stream"),
        ("folder.html/file", "application/octet-stream"),
        ("odd?name#x.png", "image/png"),
        ("", "application/octet-stream"),
    ],
)
def test_the_ending_says_what_it_is(key, content_type):
    assert guess_content_type(key) == content_type


def test_what_the_system_knows_is_not_even_read(monkeypatch):
    def read(*_files):
        raise AssertionError("it was read")

    monkeypatch.setattr(mimetypes, "inited", False)
    monkeypatch.setattr(mimetypes, "init", read)
    assert _types().types_map == _TYPES.types_map
    assert not mimetypes.inited
