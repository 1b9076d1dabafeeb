"""What is uploaded, and over which line."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

KIB, MIB, GIB = 1024, 1024**2, 1024**3
_WRITTEN_AT_ONCE = MIB


@dataclass(frozen=True, slots=True)
class Line:
    """A line that the sink imitates; rates in MB/s, 0 without limit."""

    latency_ms: float = 0
    connection_rate: float = 0
    link_rate: float = 0

    def options(self) -> list[str]:
        return [
            f"--latency-ms={self.latency_ms}",
            f"--connection-mb-per-second={self.connection_rate}",
            f"--link-mb-per-second={self.link_rate}",
        ]


@dataclass(frozen=True, slots=True)
class Job:
    """`files` files of `size` bytes each."""

    name: str
    title: str
    files: int
    size: int
    is_tls: bool
    line: Line = Line()

    @property
    def total_size(self) -> int:
        return self.files * self.size

    @property
    def is_of_small_files(self) -> bool:
        return self.size < MIB


LOOPBACK, WAN = Line(), Line(20, 10, 300)

JOBS = {
    job.name: job
    for job in (
        Job("a-https", "one file of 2 GiB, https", 1, 2 * GIB, True),
        Job("a-http", "one file of 2 GiB, http, payload signed", 1, 2 * GIB, False),
        Job("b-http", "5,000 files of 10 KiB, http", 5000, 10 * KIB, False),
        Job("b-https", "5,000 files of 10 KiB, https", 5000, 10 * KIB, True),
        Job("c-https", "200 files of 8 MiB, https", 200, 8 * MIB, True),
        Job("wan", "1 GiB; 20 ms, 10 MB/s a connection, 300 MB/s link", 1, GIB, False, WAN),
        Job("wan-small", "500 files of 10 KiB at 20 ms", 500, 10 * KIB, False, replace(WAN)),
    )
}
LINK = Job("link", "4 GiB over the same line, to see the link filled", 1, 4 * GIB, False, WAN)


def shortened(job: Job) -> Job:
    """The same for daily use: a quarter of it."""
    if job.files == 1:
        return replace(job, size=job.size // 4, title=f"{job.title} (a quarter)")
    return replace(job, files=job.files // 4, title=f"{job.title} (a quarter)")


def make_files(job: Job, folder: Path) -> Path:
    """The job's source below `folder`: one file, or a folder of files; kept for the next time."""
    place = folder / f"{job.files}x{job.size}"
    if job.files == 1:
        return _make_file(place.with_suffix(".bin"), job.size)
    place.mkdir(parents=True, exist_ok=True)
    for number in range(job.files):
        _make_file(place / f"{number:06}.bin", job.size)
    return place


def _make_file(path: Path, size: int) -> Path:
    if path.is_file() and path.stat().st_size == size:
        return path
    with Path("/dev/urandom").open("rb") as noise, path.open("wb") as file:
        for start in range(0, size, _WRITTEN_AT_ONCE):
            file.write(noise.read(min(_WRITTEN_AT_ONCE, size - start)))
    return path
