"""The practice server as a program: `s3gui practice`, or `python -m s3gui.practice`."""

import argparse
import contextlib
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from s3gui.practice.errors import S3Error
from s3gui.practice.ledger import Ledger
from s3gui.practice.server import PracticeServer

_REMEMBERED_REQUESTS = 1_000
_HUMAN = """\
Practice server at {endpoint_url} (region {region}), files in {root}

  AWS_ACCESS_KEY_ID={access_key_id}
  AWS_SECRET_ACCESS_KEY={secret_access_key}

With these two in the environment:

  s3gui upload FILE s3://{bucket}/ --endpoint-url {endpoint_url}

Ctrl-C stops it. What was stored stays there for the next start.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Runs until a signal, or the end of standard input if asked; then 0.

    1 when the server cannot start, 2 for wrong arguments. Buckets named by --bucket are made with
    ACLs enabled and public access not blocked, so that every choice of ACL can be tried; buckets
    that clients make are as AWS makes them.
    """
    arguments = _parser().parse_args(argv)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server = PracticeServer(
        arguments.root, arguments.port, ledger=Ledger(limit=_REMEMBERED_REQUESTS)
    )
    try:
        server.start()
    except OSError as error:
        print(f"The practice server cannot start: {_sentence(error)}", file=sys.stderr)  # noqa: T201
        return 1
    try:
        for name in arguments.bucket:
            server.create_bucket(name, acls_enabled=True, public_access_blocked=False)
        _announce(server, arguments)
        if arguments.until_stdin_closes:
            threading.Thread(target=_await_end_of_input, args=(stop,), daemon=True).start()
        stop.wait()
    except S3Error as error:
        print(f"{error.message} ({name})", file=sys.stderr)  # noqa: T201
        return 2
    finally:
        server.stop()
    return 0


def _sentence(error: OSError) -> str:
    if error.strerror:
        return error.strerror if error.filename is None else f"{error.strerror}: {error.filename}"
    return str(error)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="s3gui practice", description=__doc__)
    parser.add_argument("--root", type=Path, required=True, help="folder that keeps everything")
    parser.add_argument("--port", type=_port, default=0, help="0: any free one")
    parser.add_argument(
        "--bucket",
        action="append",
        default=[],
        metavar="NAME",
        help="make this bucket, with ACLs enabled, if it does not exist; may be repeated",
    )
    parser.add_argument(
        "--until-stdin-closes", action="store_true", help="stop when standard input ends"
    )
    parser.add_argument(
        "--ready-json", action="store_true", help="print one line of JSON once it listens"
    )
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port < 1 << 16:
        raise argparse.ArgumentTypeError("a port is a number from 0 to 65535")
    return port


def _announce(server: PracticeServer, arguments: argparse.Namespace) -> None:
    ready = {
        "endpoint_url": server.endpoint_url,
        "access_key_id": server.credentials.access_key_id,
        "secret_access_key": server.credentials.secret_access_key,
        "region": server.region,
    }
    if arguments.ready_json:
        print(json.dumps(ready), flush=True)  # noqa: T201
        return
    bucket = arguments.bucket[0] if arguments.bucket else "BUCKET"
    print(_HUMAN.format(root=arguments.root, bucket=bucket, **ready), flush=True)  # noqa: T201


def _await_end_of_input(stop: threading.Event) -> None:
    # Not by sys.stdin's buffer: its lock would be held when the interpreter ends.
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
