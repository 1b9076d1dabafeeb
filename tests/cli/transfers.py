"""Transfers as the tests of the reporters want them."""

from s3gui.core.errors import Failure
from s3gui.core.transfer import Destination, Transfer, TransferState


def transfer(number=1, state=TransferState.RUNNING, *, key=None, **fields):
    name = f"file-{number}.bin"
    return Transfer(
        batch_id=1,
        destination=Destination("bucket", key or f"prefix/{name}"),
        id=number,
        state=state,
        **{"source": f"folder/{name}", "size": 100, **fields},
    )


def failed(number=1, code="access-denied", message="Access denied.", hint="Ask.", **fields):
    failure = Failure(code, message, hint)
    return transfer(number, TransferState.FAILED, failure=failure, **fields)
