"""A place as people type it."""

from __future__ import annotations

from dataclasses import replace

from s3gui.core.errors import InputError
from s3gui.core.transfer import Destination
from s3gui.gui.bucket_name import existing_bucket_name_problem


def read_prefix(text: str) -> Destination:
    """Read `s3://bucket/prefix/`, or the same without `s3://` or the last slash.

    Raises InputError with one sentence.
    """
    text = text.strip()
    destination = Destination.parse(text if "://" in text else f"s3://{text}")
    problem = existing_bucket_name_problem(destination.bucket)
    if problem:
        raise InputError(problem)
    if not destination.is_prefix:
        destination = replace(destination, key=f"{destination.key}/")
    if destination.key:
        destination.check()
    return destination
