"""The AWS command line: a fourth client, driven where it is installed.

It is no development requirement: it pins its own botocore exactly and takes 150 MB.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MEBIBYTE = 1024 * 1024


def _program():
    """None where there is none, or one that does not start."""
    places = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    program = shutil.which("aws", path=places)
    if program is None:
        return None
    asked = subprocess.run([program, "--version"], capture_output=True, check=False, timeout=60)
    return program if asked.returncode == 0 else None


@pytest.fixture(scope="module")
def program():
    found = _program()
    if found is None:
        pytest.skip("the AWS command line (Debian's package awscli) is not installed")
    return found


@pytest.fixture
def aws(server, program, tmp_path):
    """A function that runs `aws`; answers with what it printed."""
    config = tmp_path / "aws-config"
    config.write_text(
        "[default]\ns3 =\n  addressing_style = path\n"
        f"  multipart_threshold = {6 * MEBIBYTE}\n  multipart_chunksize = {5 * MEBIBYTE}\n"
    )
    environment = {
        **os.environ,
        "AWS_CONFIG_FILE": str(config),
        "AWS_ACCESS_KEY_ID": server.credentials.access_key_id,
        "AWS_SECRET_ACCESS_KEY": server.credentials.secret_access_key,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_PAGER": "",
    }

    def run(*arguments, refused=False):
        done = subprocess.run(
            [program, "--endpoint-url", server.endpoint_url, *map(str, arguments)],
            env=environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )
        # Version 1 says 255 where version 2 says 254.
        assert (done.returncode > 250) if refused else (done.returncode == 0), done.stderr
        return done.stderr if refused else done.stdout

    return run


def test_a_folder_goes_up_and_comes_back_by_its_transfer_manager(server, aws, tmp_path):
    source = tmp_path / "source"
    (source / "sub folder").mkdir(parents=True)
    (source / "big.bin").write_bytes(random.Random(1).randbytes(12 * MEBIBYTE))
    (source / "empty").write_bytes(b"")
    (source / "sub folder" / "zażółć +%&.txt").write_text("hello")
    aws("s3", "cp", "--recursive", "--only-show-errors", source, "s3://bucket/here")
    assert server.ledger.count("UploadPart", status=200) == 3
    aws("s3", "sync", "--only-show-errors", "s3://bucket/here", tmp_path / "back")
    for path in filter(Path.is_file, source.rglob("*")):
        back = tmp_path / "back" / path.relative_to(source)
        assert back.read_bytes() == path.read_bytes()


def test_its_plain_commands_agree_about_conditions_checksums_and_refusals(aws, tmp_path):
    file = tmp_path / "file"
    file.write_bytes(b"hello")
    put = ("s3api", "put-object", "--bucket", "bucket", "--key", "k", "--body", file)
    made = json.loads(aws(*put, "--checksum-algorithm", "SHA256"))
    assert made["ChecksumSHA256"] == "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
    seen = json.loads(aws("s3api", "head-object", "--bucket", "bucket", "--key", "k"))
    assert (seen["ContentLength"], seen["ETag"]) == (5, made["ETag"])
    said = aws("s3api", "head-object", "--bucket", "bucket", "--key", "none", refused=True)
    assert "404" in said
    acl = ("--key", "k", "--acl", "public-read")
    said = aws("s3api", "put-object-acl", "--bucket", "bucket", *acl, refused=True)
    assert "AccessControlListNotSupported" in said
