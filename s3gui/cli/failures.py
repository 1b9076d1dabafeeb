"""A thousand equal failures are one line."""

from __future__ import annotations

from collections.abc import Iterator

from s3gui.cli.arguments import STANDARD_INPUT
from s3gui.core.errors import (
    AclRefused,
    AlreadyExists,
    CredentialsExpired,
    CredentialsMissing,
    CredentialsOfAnotherHost,
    Failure,
    InputError,
    JournalDamaged,
    KeyringUnavailable,
    NoSuchBucket,
    S3guiError,
)
from s3gui.core.events import ConnectionHeld
from s3gui.core.text import joined, visible
from s3gui.core.transfer import Transfer, WaitingFor
from s3gui.i18n import _, ngettext, translated

_EXAMPLES = 3
_ENDS = ".?!…。"


class FailureGroup:
    """What failed for one reason: the first failure, some names, and how many there are."""

    __slots__ = ("count", "first", "has_one_message", "names")

    def __init__(self, first: Failure) -> None:
        self.first = first
        self.count = 0
        self.names: list[str] = []
        self.has_one_message = True

    def add(self, transfer: Transfer, failure: Failure) -> None:
        self.count += 1
        self.has_one_message = self.has_one_message and failure.message == self.first.message
        if len(self.names) < _EXAMPLES:
            self.names.append(source_name(transfer))

    @property
    def needs_a_change(self) -> bool:
        """Whether trying again is in vain until the user changed what was asked for."""
        return self.first.code in _NEEDING_A_CHANGE

    @property
    def message(self) -> str:
        """What happened to all of them; names none of several."""
        return self.first.message if self.has_one_message else _title(self.first)

    def sentence(self) -> str:
        """“412 files: the bucket does not allow ACLs. What to do. (a.txt, b.txt, c.txt, …)”"""
        if self.count == 1:
            return failure_sentence(self.names[0], self.first)
        names = ", ".join(visible(name) for name in self.names)
        more = ", …" if self.count > len(self.names) else ""
        text = ngettext("{count} file: {message}", "{count} files: {message}", self.count).format(
            count=f"{self.count:,}",
            message=f"{visible(translated(self.message))} {_hint(self.first)}".rstrip(),
        )
        return f"{text} ({names}{more})"


class Failures:
    """All failures of a run by their code, in the order of their first."""

    def __init__(self) -> None:
        self._groups: dict[str, FailureGroup] = {}
        self._ids: set[int] = set()

    def add(self, transfer: Transfer) -> bool:
        """Returns whether it is new."""
        failure = transfer.failure
        if failure is None or transfer.id in self._ids:
            return False
        self._ids.add(transfer.id)
        self._groups.setdefault(failure.code, FailureGroup(failure)).add(transfer, failure)
        return True

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[FailureGroup]:
        return iter(self._groups.values())


NO_FAILURES = Failures()
"""Nothing is ever added to these."""


def error_sentence(error: S3guiError) -> str:
    """“What happened. What to do about it.”"""
    failure = error.failure()
    return _sentences(failure)


def held_sentence(held: ConnectionHeld) -> str:
    """“What happened. What to do about it.”, and whether that is waited for."""
    sentence = _sentences(held.failure)
    if held.failure.code == CredentialsExpired.code:
        return sentence  # its hint says so
    if held.waiting_for is WaitingFor.CREDENTIALS:
        return f"{sentence} {_('What was sent is kept.')}"
    if held.failure.code == JournalDamaged.code:
        return sentence  # nobody can tell yet what is kept
    return f"{sentence} {_('Waiting; what was sent is kept.')}"


def failure_sentence(name: str, failure: Failure) -> str:
    """“photo.jpg: what happened. What to do about it.”"""
    sentences = _sentences(failure)
    return sentences if f"“{name}”" in failure.message else f"{visible(name)}: {sentences}"


def source_name(transfer: Transfer) -> str:
    return _("standard input") if transfer.source == STANDARD_INPUT else transfer.source_name


def _hints() -> dict[str, str]:
    """Where the errors' own hints speak of the window."""
    return {
        AclRefused.code: _("Leave out --acl: the bucket's own policy decides who may read."),
        AlreadyExists.code: _("Nothing was overwritten; --on-conflict says what to do instead."),
        CredentialsOfAnotherHost.code: _("If that is right, enter its secret again in the window."),
        KeyringUnavailable.code: _("Unlock it, or use the AWS_* variables or an AWS profile."),
        CredentialsMissing.code: _(
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use --profile."
        ),
    }


def unexpected_hint() -> str:
    return _("Try again with --debug to see where it comes from.")


def _hint(failure: Failure) -> str:
    return _hints().get(failure.code) or visible(translated(failure.hint))


def _sentences(failure: Failure) -> str:
    """A message that is no sentence yet, as a title is none, becomes one."""
    message = _as_sentence(visible(translated(failure.message)))
    return joined(message, _hint(failure))


def _as_sentence(text: str) -> str:
    return f"{text}." if text and text[-1] not in _ENDS else text


def _title(failure: Failure) -> str:
    """What all failures of this code have in common, as a sentence."""
    titles = {kind.code: kind.title for kind in _kinds(S3guiError)}
    title = titles.get(failure.code)
    return failure.message if title is None else _as_sentence(translated(title))


def _kinds(kind: type[S3guiError]) -> list[type[S3guiError]]:
    return [kind, *(each for below in kind.__subclasses__() for each in _kinds(below))]


_OTHER_THAN_INPUT: list[type[S3guiError]] = [AclRefused, AlreadyExists, NoSuchBucket]
_NEEDING_A_CHANGE = frozenset(kind.code for kind in _kinds(InputError) + _OTHER_THAN_INPUT)
