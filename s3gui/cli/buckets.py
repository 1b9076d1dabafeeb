"""The command that lists buckets."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Sequence

from s3gui.cli.connection import profile_of
from s3gui.cli.exits import EXIT_OK
from s3gui.cli.json_lines import JsonLines
from s3gui.cli.lines import Lines
from s3gui.cli.pools import LatePool
from s3gui.cli.state import OpenWorkspace
from s3gui.core.errors import AccessDenied
from s3gui.core.text import visible
from s3gui.engine.ports import Bucket


def buckets(arguments: Namespace, output: Lines, open_workspace: OpenWorkspace) -> int:
    """Raises InputError and S3guiError."""
    workspace = open_workspace(
        transfers_executor=LatePool("transfers"),
        parts_executor=LatePool("parts"),
        publish=lambda _event: None,
        keep_queue=False,
    )
    with workspace:
        try:
            found = workspace.store(profile_of(arguments, workspace)).list_buckets()
        except AccessDenied as error:
            raise AccessDenied(
                error.message,
                hint="These credentials may not list buckets; uploading to one may be allowed.",
                detail=error.detail,
            ) from error
    if arguments.json:
        lines = JsonLines(output)
        for bucket in found:
            lines.bucket(bucket)
        lines.end_of_buckets(len(found))
    else:
        for line in table(found):
            output.write(line)
    return EXIT_OK


def table(buckets: Sequence[Bucket]) -> list[str]:
    """Name, region and day of creation in columns; the name first, for `cut` and `awk`."""
    rows = [
        (
            visible(bucket.name),
            visible(bucket.region or "-"),
            bucket.created_at.date().isoformat() if bucket.created_at is not None else "-",
        )
        for bucket in buckets
    ]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(2)]
    return [f"{name:{widths[0]}}  {region:{widths[1]}}  {day}" for name, region, day in rows]
