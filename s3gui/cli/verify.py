"""The command that proves files and objects the same, by the service's checksums."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

from s3gui.cli.connection import profile_of
from s3gui.cli.exits import EXIT_FAILED, EXIT_OK
from s3gui.cli.json_lines import JsonLines
from s3gui.cli.lines import Lines
from s3gui.cli.pools import LatePool
from s3gui.cli.receipt import check_receipt
from s3gui.cli.state import OpenWorkspace
from s3gui.core.errors import InputError, S3guiError
from s3gui.core.frozen import frozen
from s3gui.core.text import format_size, padded, visible
from s3gui.core.transfer import Destination
from s3gui.engine.adding import find
from s3gui.engine.disks import Disks
from s3gui.engine.proof import Evidence, Proof, Prover, Verdict
from s3gui.engine.receipt import write_receipt
from s3gui.engine.scan import Found
from s3gui.engine.stop import Stop, StopReason
from s3gui.engine.window import sliding_window
from s3gui.i18n import _, translated

_AT_ONCE = 8


@frozen
class Checked:
    found: Found
    proof: Proof
    evidence: Evidence | None = None


def verify(
    arguments: Namespace, output: Lines, errors: Lines, open_workspace: OpenWorkspace
) -> int:
    """Raises InputError before anything began, and S3guiError."""
    destination = Destination.parse(arguments.destination)
    receipt = check_receipt(arguments.receipt) if arguments.receipt is not None else None
    workspace = open_workspace(
        transfers_executor=LatePool("transfers"),
        parts_executor=LatePool("parts"),
        publish=lambda _event: None,
        keep_queue=False,
    )
    with workspace:
        profile = profile_of(arguments, workspace)
        found = find(arguments.sources, destination, Disks(), Stop())
        prover = workspace.looks.prover(profile)
        teller = _Teller(output, errors, is_json=arguments.json)
        rows = []
        for checked in _checked(prover, (each for each in found if not each.is_empty_folder)):
            teller.tell(checked)
            if receipt is not None:
                rows.append(_row(checked))
    if receipt is not None:
        write_receipt(receipt, rows, profile.host)
    return teller.end()


def _checked(prover: Prover, found: Iterable[Found]) -> Iterator[Checked]:
    stop = Stop()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="verify") as pool:
        try:
            calls = (partial(_check, prover, each, stop) for each in found)
            yield from sliding_window(pool, calls, _AT_ONCE)
        finally:
            stop.request(StopReason.CANCELLED)  # an interrupted command ends at once


def _check(prover: Prover, found: Found, stop: Stop) -> Checked:
    if found.failure is not None:
        return Checked(found, Proof(Verdict.UNPROVEN, found.failure.message))
    try:
        proof, evidence = prover.prove(found.path, found.depth, found.destination, stop)
    except S3guiError as error:
        if not isinstance(error, InputError) and error.code in _ENDS_ALL:
            raise
        return Checked(found, Proof(Verdict.UNPROVEN, error.message))
    return Checked(found, proof, evidence)


_ENDS_ALL = frozenset(
    {"credentials-missing", "credentials-expired", "credentials-refused", "no-such-bucket"}
)


class _Teller:
    def __init__(self, output: Lines, errors: Lines, *, is_json: bool) -> None:
        self._output = output
        self._errors = errors
        self._json = JsonLines(output) if is_json else None
        self._counts = dict.fromkeys(Verdict, 0)
        self._bytes = 0

    def tell(self, checked: Checked) -> None:
        proof = checked.proof
        self._counts[proof.verdict] += 1
        if proof.verdict is Verdict.SAME:
            self._bytes += checked.found.size or 0
        if self._json is not None:
            self._json.tell("verified", **_row(checked))
            return
        reason = translated(proof.reason)
        how = proof.checksum.algorithm if proof.checksum is not None else reason
        place = visible(str(checked.found.destination))
        self._output.write(f"{padded(_word(proof.verdict), 16)}  {place}  {visible(how)}")

    def end(self) -> int:
        counts = {verdict.value: count for verdict, count in self._counts.items()}
        same, files = self._counts[Verdict.SAME], sum(self._counts.values())
        status = EXIT_OK if files and same == files else EXIT_FAILED
        if self._json is not None:
            self._json.tell(
                "summary",
                exit_code=status,
                files=files,
                verdicts=counts,
                bytes=self._bytes,
                error=None,
            )
        elif not files:
            self._errors.write(_("There is nothing to verify."))
        else:
            others = ", ".join(
                f"{count:,} {_word(verdict)}"
                for verdict, count in self._counts.items()
                if count and verdict is not Verdict.SAME
            )
            told = _("{same} of {files} proven the same ({size})").format(
                same=f"{same:,}", files=f"{files:,}", size=format_size(self._bytes)
            )
            self._errors.write(f"{told}; {others}." if others else f"{told}.")
        return status


def _word(verdict: Verdict) -> str:
    return {
        Verdict.SAME: _("same"),
        Verdict.DIFFERS: _("differs"),
        Verdict.MISSING: _("missing"),
        Verdict.UNPROVEN: _("cannot be proven"),
    }[verdict]


def _row(checked: Checked) -> dict[str, Any]:
    found, proof, evidence = checked.found, checked.proof, checked.evidence
    checksum = proof.checksum
    return {
        "path": found.path,
        "size_bytes": found.size,
        "bucket": found.destination.bucket,
        "key": found.destination.key,
        "result": proof.verdict.value,
        "reason": proof.reason,
        "checksum_algorithm": checksum.algorithm if checksum is not None else "",
        "checksum": checksum.value if checksum is not None else "",
        "etag": evidence.etag if evidence is not None else "",
        "version_id": (evidence.version_id or "") if evidence is not None else "",
        "at": datetime.now(UTC).isoformat(),
    }
