"""What a command does not need it does not load: each half of a second is felt."""

import re
import subprocess

_HEAVY = {
    "PySide6",
    "boto3",
    "botocore",
    "dataclasses",
    "email",
    "http",
    "inspect",
    "keyring",
    "shutil",
    "urllib3",
    "uuid",
}


def loaded_by(program, *arguments) -> set[str]:
    """The packages that a command imported before it ended well."""
    python, *rest = program.command(*arguments, "--endpoint-url", program.endpoint_url)
    done = subprocess.run(
        [python, "-X", "importtime", *rest],
        env=program.environment,
        cwd=program.folder,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()[-500:]
    names = re.findall(r"^import time:.*\| +(\w+)", done.stderr.decode(), re.MULTILINE)
    assert "s3gui" in names
    return set(names)


def test_what_goes_well_needs_no_botocore(program, practice, large) -> None:
    (program.folder / "small.txt").write_text("a few words")

    heavy = _HEAVY & loaded_by(program, "upload", "small.txt", large, "s3://practice/")

    assert practice.read("small.txt") == b"a few words"
    assert practice.read(large.name) == large.read_bytes()
    assert heavy == set()
