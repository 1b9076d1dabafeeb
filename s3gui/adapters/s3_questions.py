"""Requests without a file's bytes: what is put on the wire, and what a plain answer says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from s3gui.adapters.s3_answers import Answer
from s3gui.adapters.s3_documents import ANSWERED, completion, fields
from s3gui.adapters.s3_response import Response
from s3gui.adapters.s3_wire import WIRES
from s3gui.core.errors import NoSuchKey
from s3gui.core.frozen import frozen

_MOST_DIGITS = 18
_MISSING = 404


@frozen
class Question:
    """`parameters` are those of the head; `may_repeat`: nothing changes if it is acted on twice."""

    parameters: Mapping[str, Any]
    data: bytes
    may_repeat: bool


def question_of(operation: str, parameters: Mapping[str, Any]) -> Question:
    """`parameters` as botocore wants them."""
    if operation == "HeadObject":
        return Question(parameters, b"", may_repeat=True)
    rest = dict(parameters)
    parts = rest.pop("MultipartUpload", None)
    data = b"" if parts is None else completion(parts["Parts"])
    return Question({**rest, "ContentLength": len(data)}, data, may_repeat=False)


def understood(operation: str, response: Response) -> Answer | None:
    """A plain success as botocore would give it; None for botocore to say what it is.

    Raises NoSuchKey for what is not there.
    """
    is_for_head = operation == "HeadObject"
    if is_for_head and response.status == _MISSING:
        raise NoSuchKey("There is no such object.", status=_MISSING)
    if not 200 <= response.status < 300:
        return None
    answer = WIRES[operation].answer(response.status, response.headers)
    if is_for_head:
        size = response.headers.get("content-length", "")
        is_size = size.isascii() and size.isdigit() and len(size) <= _MOST_DIGITS
        return {**answer, "ContentLength": int(size)} if is_size else None
    if operation not in ANSWERED:
        return None
    found = fields(operation, response.body)
    return None if found is None else {**answer, **found}
