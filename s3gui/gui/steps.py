"""The way from a bucket down to a prefix."""

from __future__ import annotations

from s3gui.core.frozen import frozen
from s3gui.core.transfer import Destination


@frozen
class Step:
    """`name` as stored, without its slash; a prefix of nothing but a slash has an empty one."""

    name: str
    destination: Destination


def steps(destination: Destination) -> list[Step]:
    """The bucket first, then one prefix after the other, down to `destination`."""
    way = [Step(destination.bucket, Destination(destination.bucket))]
    key = ""
    for name in destination.key.split("/")[:-1]:
        key += f"{name}/"
        way.append(Step(name, Destination(destination.bucket, key)))
    return way


def one_up(destination: Destination) -> Destination | None:
    """The prefix above; None for a bucket."""
    way = steps(destination)
    return way[-2].destination if len(way) > 1 else None
