"""The command that runs the practice server."""

from __future__ import annotations

from argparse import Namespace

from s3gui.bootstrap import default_home

_BUCKET = "practice"


def practice(arguments: Namespace) -> int:
    """Serves until a signal; returns the server's own exit status."""
    from s3gui.practice.__main__ import main

    root = arguments.root or default_home() / "practice"
    argv = ["--root", str(root), "--port", str(arguments.port)]
    for bucket in arguments.bucket or [_BUCKET]:
        argv += [f"--bucket={bucket}"]
    argv += ["--ready-json"] if arguments.ready_json else []
    argv += ["--until-stdin-closes"] if arguments.until_stdin_closes else []
    return main(argv)
