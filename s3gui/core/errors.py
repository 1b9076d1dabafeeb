"""Every failure s3gui knows.

    S3guiError
    ├── InputError                what the user gave cannot be used; nothing was sent
    │   ├── SourceMissing         SourceUnreadable      SourceNotAFile
    │   └── KeyTooLong            TooLarge              SameKey
    ├── SourceChanged             the file is no longer the one that was started
    ├── SourceStalled             its disk does not answer
    ├── CredentialsMissing        CredentialsExpired    CredentialsRefused
    │   └── CredentialsOfAnotherHost   never sent there before someone said so
    ├── KeyringUnavailable
    ├── JournalUnwritable         the disk is full, or takes no more writes
    │   ├── JournalOnFailingDisk  it reports an error of its own
    │   └── JournalDamaged        what is on it is not what was written
    ├── JournalMissing            it was there, and is no longer
    ├── Unreachable               no answer: network, name, TLS, proxy
    ├── ServiceError              the service answered, and said no
    │   ├── AccessDenied          NoSuchBucket          NoSuchKey        NoSuchUpload
    │   ├── AclRefused            AlreadyExists         WriteConflict
    │   │                         └── ObjectChanged     └── OperationAborted
    │   ├── BadDigest             ClockSkewed           WrongRegion
    │   ├── NotSupported          Throttled             ServiceUnavailable
    │   └── BadAnswer             an answer that is not S3's (a sign-in page, a proxy)
    └── VerificationFailed        what is stored is not what was sent

Pausing and cancelling are not errors: see `s3gui.engine.stop`.
"""

from __future__ import annotations

from typing import ClassVar, Self

from s3gui.core.frozen import frozen
from s3gui.core.redact import redact


@frozen
class Failure:
    """An error as it is kept in the queue and shown: plain text, no exception."""

    code: str
    message: str
    hint: str = ""
    detail: str = ""
    retryable: bool = False


class S3guiError(Exception):
    """A failure with one plain sentence; `hint` says what to do about it."""

    code: ClassVar[str] = "unexpected"
    title: ClassVar[str] = "Something unexpected happened"
    hint: ClassVar[str] = "Try again; if it happens again, report it with the details."
    retryable: ClassVar[bool] = False

    def __init__(self, message: str = "", *, hint: str = "", detail: str = "") -> None:
        super().__init__(message or self.title)
        self.message = message or self.title
        self.advice = hint or self.hint
        self.detail = detail

    def failure(self) -> Failure:
        # Details are others' words, which may quote a header: they are saved, and shown.
        detail = redact(self.detail)
        return Failure(self.code, self.message, self.advice, detail, self.retryable)


class InputError(S3guiError):
    code = "input"
    title = "This cannot be used"
    hint = ""


class SourceMissing(InputError):
    code = "source-missing"
    title = "The file does not exist"
    hint = "Check the name; it may have been moved or deleted."


class SourceUnreadable(InputError):
    code = "source-unreadable"
    title = "The file cannot be read"
    hint = "Check its permissions, and that its disk is connected."


class SourceNotAFile(InputError):
    code = "source-not-a-file"
    title = "This is not a file"
    hint = "Pipes, sockets and devices can be sent from standard input only."


class KeyTooLong(InputError):
    code = "key-too-long"
    title = "The key is longer than 1,024 bytes"
    hint = "Shorten the name or the prefix."


class TooLarge(InputError):
    code = "too-large"
    title = "The file is larger than the service allows"
    hint = "Split the file, or choose a service with a higher limit."


class SameKey(InputError):
    code = "same-key"
    title = "Two files would have one key"
    hint = "Rename it, or send it below another prefix."


class SourceChanged(S3guiError):
    code = "source-changed"
    title = "The file changed while it was being sent"
    hint = "Nothing was stored. Retry when nothing writes to the file any more."


class SourceStalled(S3guiError):
    code = "source-stalled"
    title = "The disk does not answer"
    hint = "The transfer goes on by itself as soon as it does; check the disk or its network."


class CredentialsMissing(S3guiError):
    code = "credentials-missing"
    title = "No credentials were found"
    hint = "Add a connection, or set up an AWS profile."


class CredentialsOfAnotherHost(CredentialsMissing):
    code = "credentials-of-another-host"
    title = "The secret was saved for another host"
    hint = "If the connection is right as it is, edit it and enter its secret access key."


class CredentialsExpired(S3guiError):
    code = "credentials-expired"
    title = "The credentials have expired"
    hint = "Sign in again; what was sent is kept."


class CredentialsRefused(S3guiError):
    code = "credentials-refused"
    title = "The service does not accept these credentials"
    hint = "Check the access key id and the secret access key of the connection."


class KeyringUnavailable(S3guiError):
    code = "keyring-unavailable"
    title = "The system's keyring cannot be used"
    hint = "Unlock the keyring, or keep the secret for this session only."


class JournalUnwritable(S3guiError):
    code = "journal-unwritable"
    title = "The queue cannot be written to the disk"
    hint = "Free some space; the uploads then go on by themselves."


class JournalOnFailingDisk(JournalUnwritable):
    """It took no change, or did not keep one, for another reason than that it is full."""

    code = "journal-on-failing-disk"
    hint = "The disk reports an error: look at how it is connected; the uploads then go on."


class JournalDamaged(JournalUnwritable):
    """Waiting does not mend it."""

    code = "journal-damaged"
    title = "The queue on the disk is damaged"
    hint = (
        "Close s3gui and start it again: the damaged queue is kept under another name, which is "
        "told, and a new one is begun."
    )


class JournalMissing(S3guiError):
    """A new one was begun; nobody can tell what the old one held."""

    code = "journal-missing"
    title = "The queue is gone, and a new one was begun"
    hint = (
        "What it held is not resumed: add it again, and skip what is stored already. What is left "
        "open on a service can be listed and dropped: “Leftover uploads…”, or s3gui leftovers "
        "--all."
    )


class Unreachable(S3guiError):
    """`was_connected`: whether there was a connection, so that something may have been sent."""

    code = "unreachable"
    title = "The service cannot be reached"
    hint = "Check the endpoint and the network connection."
    retryable = True

    def __init__(
        self,
        message: str = "",
        *,
        hint: str = "",
        detail: str = "",
        was_connected: bool = True,
    ) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.was_connected = was_connected


class ServiceError(S3guiError):
    """What the service said; `service_code` is its own word, `request_id` its reference."""

    code = "refused"
    title = "The service refused the request"
    hint = "The details hold the service's own words."

    def __init__(
        self,
        message: str = "",
        *,
        hint: str = "",
        detail: str = "",
        service_code: str = "",
        status: int = 0,
        request_id: str = "",
    ) -> None:
        super().__init__(message, hint=hint, detail=detail)
        self.service_code = service_code
        self.status = status
        self.request_id = request_id

    def quoting(self, refusal: ServiceError) -> Self:
        """The error itself, with what the service said in `refusal`, which it tells otherwise."""
        self.detail = self.detail or refusal.detail
        self.service_code = refusal.service_code
        self.status = refusal.status
        self.request_id = refusal.request_id
        return self


class AccessDenied(ServiceError):
    code = "access-denied"
    title = "Access denied"
    hint = "These credentials are not allowed to do this in this bucket."


class NoSuchBucket(ServiceError):
    code = "no-such-bucket"
    title = "The bucket does not exist"
    hint = "Check the bucket's name and the connection."


class NoSuchKey(ServiceError):
    code = "no-such-key"
    title = "There is no such object"
    hint = "It may have been deleted or renamed."


class NoSuchUpload(ServiceError):
    code = "no-such-upload"
    title = "The service no longer knows this upload"
    hint = "It was cancelled or expired there; retrying sends the file again."


class AclRefused(ServiceError):
    code = "acl-refused"
    title = "The bucket does not allow ACLs"
    hint = "Choose the access “Private (default)”: the bucket's own policy decides who may read."


class AlreadyExists(ServiceError):
    code = "already-exists"
    title = "An object with this key already exists"
    hint = "Nothing was overwritten. Choose to replace it, to keep both, or to skip it."


class ObjectChanged(AlreadyExists):
    code = "object-changed"
    title = "The object is no longer the one that was to be replaced"
    hint = "Nothing was overwritten. Look at what is there now, then choose again."


class WriteConflict(ServiceError):
    code = "write-conflict"
    title = "Another upload wrote the same key at the same time"
    hint = "Nothing was overwritten. Retry to decide again."


class OperationAborted(WriteConflict):
    """Another request for the same thing was under way: the very same one may be sent again."""

    code = "operation-aborted"
    retryable = True


class BadDigest(ServiceError):
    code = "bad-digest"
    title = "The bytes were damaged on their way"
    hint = "Retry; if it happens again, suspect the network or the computer's memory."
    retryable = True


class ClockSkewed(ServiceError):
    code = "clock-skewed"
    title = "This computer's clock is wrong"
    hint = "Set the clock; the service refuses requests that are 15 minutes off."


class WrongRegion(ServiceError):
    code = "wrong-region"
    title = "The bucket is in another region"
    hint = "Set the region of the connection to the bucket's region."


class NotSupported(ServiceError):
    code = "not-supported"
    title = "The service does not support this"
    hint = "Choose other options for this service."


class Throttled(ServiceError):
    code = "throttled"
    title = "The service asks to slow down"
    hint = "It is retried with pauses."
    retryable = True


class ServiceUnavailable(ServiceError):
    code = "service-unavailable"
    title = "The service has a problem of its own"
    hint = "It is retried with pauses."
    retryable = True


class BadAnswer(ServiceError):
    code = "bad-answer"
    title = "The answer did not come from an S3 service"
    hint = "A proxy or a sign-in page may stand in between; check the endpoint."
    retryable = True


class VerificationFailed(S3guiError):
    code = "verification-failed"
    title = "The stored object is not what was sent"
    hint = "Do not rely on the stored object; retry with “replace”."
