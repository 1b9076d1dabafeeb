import errno
import inspect
import socket
import ssl
import string

import pytest
from botocore import exceptions as boto
from botocore.parsers import ResponseParserError
from urllib3 import exceptions as urllib3

from s3gui.adapters.s3_errors import s3gui_error
from s3gui.adapters.s3_unreachable import CertificateRefused
from s3gui.core import errors
from s3gui.core.transfer import Destination

AT = Destination("bucket", "folder/file")


def client_error(
    code: str, status: int, operation: str = "PutObject", **headers: str
) -> boto.ClientError:
    answer = {
        "Error": {"Code": code, "Message": "the service's words"},
        "ResponseMetadata": {
            "HTTPStatusCode": status,
            "RequestId": "request-1",
            "HTTPHeaders": {name.replace("_", "-"): value for name, value in headers.items()},
        },
    }
    return boto.ClientError(answer, operation)  # type: ignore[arg-type] - as botocore makes it


def meaning(error: Exception) -> errors.S3guiError:
    return s3gui_error(error, host="s3.example.com", destination=AT)


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        ("AccessDenied", 403, errors.AccessDenied),
        ("SignatureDoesNotMatch", 403, errors.CredentialsRefused),
        ("InvalidAccessKeyId", 403, errors.CredentialsRefused),
        ("AuthorizationHeaderMalformed", 400, errors.CredentialsRefused),
        ("ExpiredToken", 400, errors.CredentialsExpired),
        ("NoSuchBucket", 404, errors.NoSuchBucket),
        ("NoSuchKey", 404, errors.NoSuchKey),
        ("NoSuchUpload", 404, errors.NoSuchUpload),
        ("AccessControlListNotSupported", 400, errors.AclRefused),
        ("PreconditionFailed", 412, errors.AlreadyExists),
        ("ConditionalRequestConflict", 409, errors.WriteConflict),
        ("BadDigest", 400, errors.BadDigest),
        ("XAmzContentSHA256Mismatch", 400, errors.BadDigest),
        ("RequestTimeTooSkewed", 403, errors.ClockSkewed),
        ("PermanentRedirect", 301, errors.WrongRegion),
        ("NotImplemented", 501, errors.NotSupported),
        ("InvalidStorageClass", 400, errors.NotSupported),
        ("SlowDown", 503, errors.Throttled),
        ("TooManyRequests", 429, errors.Throttled),
        ("InternalError", 500, errors.ServiceUnavailable),
        ("RequestTimeout", 400, errors.ServiceUnavailable),
        ("EntityTooLarge", 400, errors.TooLarge),
        ("KeyTooLongError", 400, errors.KeyTooLong),
        ("InvalidPart", 400, errors.ServiceError),
        ("EntityTooSmall", 400, errors.ServiceError),
        ("Unheard", 400, errors.ServiceError),
        # Without a code of S3's own the status decides.
        ("404", 404, errors.NoSuchKey),
        ("403", 403, errors.AccessDenied),
        ("412", 412, errors.AlreadyExists),
        ("400", 400, errors.ServiceError),
        ("500", 500, errors.ServiceUnavailable),
        ("502", 502, errors.ServiceUnavailable),
        ("Unheard", 504, errors.ServiceUnavailable),
        ("407", 407, errors.Unreachable),
        ("511", 511, errors.BadAnswer),
        ("NoSuchTagSet", 404, errors.ServiceError),
    ],
)
def test_what_the_service_says_has_a_class(
    code: str, status: int, expected: type[errors.S3guiError]
) -> None:
    assert type(meaning(client_error(code, status))) is expected


def test_a_refusal_keeps_the_services_words() -> None:
    error = meaning(client_error("InvalidPart", 400))

    assert isinstance(error, errors.ServiceError)
    assert (error.service_code, error.status, error.request_id) == ("InvalidPart", 400, "request-1")
    assert "the service's words" in error.message
    assert error.detail == "InvalidPart: the service's words (HTTP 400, request request-1)"


@pytest.mark.parametrize(
    ("code", "status", "named"),
    [
        ("NoSuchBucket", 404, "“bucket”"),
        ("AccessDenied", 403, "s3://bucket/folder/file"),
        ("SlowDown", 503, "s3.example.com"),
    ],
)
def test_a_message_names_what_it_is_about(code: str, status: int, named: str) -> None:
    assert named in meaning(client_error(code, status)).message


def test_another_region_is_named() -> None:
    error = meaning(client_error("PermanentRedirect", 301, x_amz_bucket_region="eu-west-3"))

    assert "eu-west-3" in error.advice


def test_an_error_of_the_sign_in_is_not_one_of_the_bucket() -> None:
    refused = meaning(client_error("AccessDenied", 403, "AssumeRole"))
    expired = meaning(client_error("ExpiredTokenException", 400, "GetRoleCredentials"))

    assert type(refused) is errors.CredentialsRefused
    assert type(expired) is errors.CredentialsExpired


def test_what_is_hidden_in_a_foreign_text_is_written_out() -> None:
    error = meaning(client_error("Evil\u202e\x1b[31m", 400))

    assert error.message.isprintable()
    assert error.detail.isprintable()


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        (socket.gaierror(-2, "Name or service not known"), "its name was not found"),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), "the connection was refused"),
        (OSError(errno.EHOSTUNREACH, "no route"), "there is no route to it"),
        (OSError(errno.ENETUNREACH, "no network"), "the network is down"),
        (ssl.SSLError(1, "wrong version number"), "the encrypted connection"),
        (ValueError("odd"), "the connection broke"),
    ],
)
def test_an_unreachable_host_has_a_reason(cause: Exception, reason: str) -> None:
    error = meaning(boto.EndpointConnectionError(endpoint_url="https://other.host/x", error=cause))

    assert type(error) is errors.Unreachable
    assert error.message.startswith("other.host cannot be reached: ")
    assert reason in error.message
    assert error.retryable


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (boto.ConnectTimeoutError(endpoint_url="https://h"), "did not answer in time"),
        (boto.ReadTimeoutError(endpoint_url="https://h"), "went silent"),
        (boto.ConnectionClosedError(endpoint_url="https://h"), "the connection broke"),
        (boto.ProxyConnectionError(proxy_url="http://p"), "the proxy does not answer"),
        (
            boto.ProxyConnectionError(
                proxy_url="http://p",
                error=urllib3.ProxyError(
                    "", OSError("Tunnel connection failed: 407 Proxy Authentication Required")
                ),
            ),
            "wants a user name and a password",
        ),
        (urllib3.IncompleteRead(1, 2), "the connection broke"),
    ],
)
def test_a_connection_that_fails_has_a_reason(error: Exception, reason: str) -> None:
    found = meaning(error)

    assert type(found) is errors.Unreachable
    assert reason in found.message


@pytest.mark.parametrize(
    ("number", "reason"),
    [(10, "expired"), (18, "signed by itself"), (62, "for another name"), (20, "not trusted")],
)
def test_a_certificate_that_is_refused_is_not_tried_again(number: int, reason: str) -> None:
    cause = ssl.SSLCertVerificationError(1, "certificate verify failed")
    cause.verify_code = number

    error = meaning(boto.SSLError(endpoint_url="https://h", error=urllib3.SSLError(cause)))

    assert type(error) is CertificateRefused
    assert isinstance(error, errors.Unreachable)
    assert reason in error.message
    assert not error.retryable


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (boto.NoCredentialsError(), errors.CredentialsMissing),
        (boto.ProfileNotFound(profile="work"), errors.CredentialsMissing),
        (boto.MissingDependencyException(msg="awscrt"), errors.CredentialsMissing),
        (boto.SSOTokenLoadError(error_msg="gone"), errors.CredentialsExpired),
        (boto.UnauthorizedSSOTokenError(), errors.CredentialsExpired),
        (boto.TokenRetrievalError(provider="sso", error_msg="x"), errors.CredentialsExpired),
        (boto.LoginRefreshRequired(), errors.CredentialsExpired),
        (boto.ParamValidationError(report="Invalid bucket name"), errors.InputError),
        (ResponseParserError("invalid XML"), errors.BadAnswer),
        (ValueError("Invalid endpoint: x"), errors.InputError),
        (UnicodeError("label too long"), errors.InputError),
    ],
)
def test_what_botocore_raises_itself_has_a_class(
    error: Exception, expected: type[errors.S3guiError]
) -> None:
    assert type(meaning(error)) is expected


def _botocore_errors() -> list[Exception]:
    made = []
    for _, kind in inspect.getmembers(boto, inspect.isclass):
        if issubclass(kind, boto.BotoCoreError):
            names = {name for _, name, _, _ in string.Formatter().parse(kind.fmt) if name}
            names |= {"last_response"} if kind is boto.WaiterError else set()
            made.append(kind(**dict.fromkeys(names, "x")))
    return made


@pytest.mark.parametrize("error", _botocore_errors(), ids=lambda error: type(error).__name__)
def test_every_error_of_botocore_becomes_one_sentence(error: Exception) -> None:
    found = meaning(error)

    assert isinstance(found, errors.S3guiError)
    assert found.message.isprintable()
    assert found.failure().code in {
        "bad-answer",
        "credentials-expired",
        "credentials-missing",
        "input",
        "unreachable",
    }


def test_an_error_of_our_own_stays_what_it_is() -> None:
    own = errors.SourceChanged("shorter")

    assert meaning(own) is own
    assert meaning(boto.HTTPClientError(error=own)) is own


def test_long_tokens_and_endless_texts_are_cut() -> None:
    error = meaning(ValueError("token " + "A1b2" * 30 + " and " + "word " * 1000))

    assert "A1b2A1b2" not in error.detail
    assert len(error.detail) <= 500
