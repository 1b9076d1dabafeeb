"""The command with which each program does a job, as a person would type it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.jobs import Job
from tests.benchmarks.measure import Command
from tests.benchmarks.peers import Peers
from tests.benchmarks.service import BUCKET, CREDENTIALS, Service

_HERE = Path(__file__).parent
S3GUI = "s3gui"
CEILING = "ceiling"
"""Not a program for people: it pushes bytes through TLS and does nothing else."""


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload; `prefix` ends in a slash and is new, `home` is an empty folder."""

    job: Job
    source: Path
    service: Service
    prefix: str
    home: Path
    peers: Peers

    @property
    def place(self) -> str:
        return f"{BUCKET}/{self.prefix}"


def s3gui(upload: Upload) -> Command:
    """With its journal on the disk and its bar on a terminal."""
    return upload_command(upload.service, upload.home, str(upload.source), f"s3://{upload.place}")


def upload_command(service: Service, home: Path, *words: str) -> Command:
    """`s3gui upload` with its state in `home`."""
    program = [sys.executable, "-m", "tests.benchmarks.as_amazon", "upload", *words]
    trust = {"AWS_CA_BUNDLE": str(service.authority)} if service.authority else {}
    return Command(
        [*program, "--endpoint-url", service.endpoint_url],
        {**CREDENTIALS, **trust, "S3GUI_HOME": str(home), "TERM": "xterm"},
        on_terminal=True,
    )


def _s5cmd(upload: Upload) -> Command:
    source = str(upload.source) if upload.source.is_file() else f"{upload.source}/"
    return Command(
        [
            *(upload.peers.program("s5cmd"), "--endpoint-url", upload.service.endpoint_url),
            *("cp", source, f"s3://{upload.place}"),
        ],
        {**CREDENTIALS, **_go_trust(upload)},
    )


def _rclone(upload: Upload, *options: str) -> Command:
    return Command(
        [
            *(upload.peers.program("rclone"), "copy", str(upload.source), f":s3:{upload.place}"),
            *("--config", "/dev/null", "--s3-provider", "Other", "--s3-env-auth"),
            *("--s3-endpoint", upload.service.endpoint_url, "--s3-force-path-style", *options),
        ],
        {**CREDENTIALS, **_go_trust(upload), "HOME": str(upload.home)},
    )


def _rclone_tuned(upload: Upload) -> Command:
    return _rclone(
        upload,
        *("--transfers", "16", "--s3-upload-concurrency", "8", "--s3-chunk-size", "16M"),
        *("--s3-no-check-bucket", "--s3-no-head", "--no-check-dest"),
    )


def _aws_cli(upload: Upload) -> Command:
    recursive = [] if upload.source.is_file() else ["--recursive"]
    trust = upload.service.authority
    return Command(
        [
            *(upload.peers.program("aws"), "--endpoint-url", upload.service.endpoint_url),
            *("s3", "cp", *recursive, str(upload.source), f"s3://{upload.place}"),
        ],
        {**CREDENTIALS, "HOME": str(upload.home)}
        | ({"AWS_CA_BUNDLE": str(trust)} if trust else {}),
    )


def _python_peer(script: str) -> Callable[[Upload], Command]:
    def command(upload: Upload) -> Command:
        return Command(
            [
                *(upload.peers.program("python"), str(_HERE / script)),
                *(str(upload.source), upload.prefix),
            ],
            {
                **CREDENTIALS,
                "ENDPOINT_URL": upload.service.endpoint_url,
                "BUCKET": BUCKET,
                "PYTHONWARNINGS": "ignore",
            },
        )

    return command


def _ceiling(upload: Upload) -> Command:
    return Command(
        [
            *(sys.executable, "-m", "tests.benchmarks.pusher"),
            *(upload.service.endpoint_url, str(upload.job.total_size)),
        ],
    )


def _go_trust(upload: Upload) -> dict[str, str]:
    trust = upload.service.authority
    return {"SSL_CERT_FILE": str(trust)} if trust else {}


COMMANDS: dict[str, Callable[[Upload], Command]] = {
    S3GUI: s3gui,
    "s5cmd": _s5cmd,
    "rclone": _rclone,
    "rclone-tuned": _rclone_tuned,
    "aws-cli": _aws_cli,
    "obstore": _python_peer("obstore_upload.py"),
    "libcloud": _python_peer("libcloud_upload.py"),
    CEILING: _ceiling,
}
