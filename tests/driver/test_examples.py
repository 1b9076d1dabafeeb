"""The example programs of the documentation, run as they stand there."""

import os
import re
import runpy
import urllib.request
from pathlib import Path

import pytest

_DOCS = Path(__file__).parents[2] / "docs"
_PROGRAMS = ["upload_large_file.py", "upload_with_acl.py"]
BUCKET = "my-backups-12345"


@pytest.fixture
def here(tmp_path, address):
    """The examples' placeholders, and what stands in for them here."""
    file = tmp_path / "myfile.tar.gz"
    file.write_bytes(os.urandom(12_000_000))
    given = ", ".join(f"{name}={value!r}" for name, value in address.items())
    return file, {
        '"/home/user/myfile.tar.gz"': repr(str(file)),
        'cls("api key", "api secret key")': f"cls({given})",
        'S3StorageDriver("api key", "api secret key")': f"S3StorageDriver({given})",
    }


def run(text, replacements, tmp_path):
    for placeholder, value in replacements.items():
        text = text.replace(placeholder, value)
    (tmp_path / "program.py").write_text(text)
    return runpy.run_path(str(tmp_path / "program.py"), run_name="__main__")


@pytest.fixture
def bucket(server):
    """Like a bucket of before 2023: its objects may have ACLs."""
    server.create_bucket(BUCKET, acls_enabled=True, public_access_blocked=False)
    return BUCKET


@pytest.mark.parametrize("name", _PROGRAMS)
def test_the_programs_of_libclouds_manual_run_with_the_import_changed(
    name, here, bucket, server, tmp_path
):
    file, replacements = here
    text = (_DOCS / "examples" / name).read_text()
    assert text.count("import") == 1, "only the import is changed"

    result = run(text, replacements, tmp_path)["obj"]

    assert (result.name, result.size) == ("backup.tar.gz", 12_000_000)
    found = result.container.get_object("backup.tar.gz")
    assert found.extra["content_type"] == "application/octet-stream"
    assert b"".join(found.as_stream()) == file.read_bytes()
    is_public = "acl" in name
    assert server.ledger.commits(bucket=bucket)[-1].acl == (
        "public-read" if is_public else "private"
    )
    url = f"{server.endpoint_url}/{bucket}/backup.tar.gz"
    if is_public:
        with urllib.request.urlopen(url) as answer:
            assert answer.read() == file.read_bytes()
    else:
        with pytest.raises(urllib.request.HTTPError, match="403") as refused:
            urllib.request.urlopen(url)
        refused.value.close()


def blocks():
    text = (_DOCS / "driver.md").read_text()
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_every_example_of_the_drivers_manual_runs(here, bucket, tmp_path, monkeypatch):
    _, replacements = here
    monkeypatch.chdir(tmp_path)
    assert len(blocks()) >= 5

    for block in blocks():
        run(block, replacements, tmp_path)
