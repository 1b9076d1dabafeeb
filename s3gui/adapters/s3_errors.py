"""From what S3 and botocore say to `s3gui.core.errors`: the one table."""

from __future__ import annotations

from typing import Any

from botocore import exceptions as boto
from botocore.parsers import ResponseParserError
from urllib3 import exceptions as urllib3

from s3gui.adapters.s3_unreachable import plain_text, unreachable
from s3gui.core import errors
from s3gui.core.text import visible
from s3gui.core.transfer import Destination

_BY_CODE: dict[str, type[errors.S3guiError]] = {
    "AccessDenied": errors.AccessDenied,
    "AccountProblem": errors.AccessDenied,
    "AllAccessDisabled": errors.AccessDenied,
    "InvalidObjectState": errors.AccessDenied,
    "InvalidPayer": errors.AccessDenied,
    "AuthorizationHeaderMalformed": errors.CredentialsRefused,
    "InvalidAccessKeyId": errors.CredentialsRefused,
    "InvalidClientTokenId": errors.CredentialsRefused,
    "InvalidSecurity": errors.CredentialsRefused,
    "InvalidToken": errors.CredentialsRefused,
    "NotSignedUp": errors.CredentialsRefused,
    "SignatureDoesNotMatch": errors.CredentialsRefused,
    "UnrecognizedClientException": errors.CredentialsRefused,
    "ExpiredToken": errors.CredentialsExpired,
    "ExpiredTokenException": errors.CredentialsExpired,
    "TokenRefreshRequired": errors.CredentialsExpired,
    "NoSuchBucket": errors.NoSuchBucket,
    "NoSuchKey": errors.NoSuchKey,
    "NoSuchVersion": errors.NoSuchKey,
    "NoSuchUpload": errors.NoSuchUpload,
    "AccessControlListNotSupported": errors.AclRefused,
    "InvalidBucketAclWithObjectOwnership": errors.AclRefused,
    "PreconditionFailed": errors.AlreadyExists,
    "BucketAlreadyExists": errors.AlreadyExists,
    "BucketAlreadyOwnedByYou": errors.AlreadyExists,
    "ConditionalRequestConflict": errors.WriteConflict,
    "OperationAborted": errors.OperationAborted,
    "BadDigest": errors.BadDigest,
    "IncompleteBody": errors.BadDigest,
    "InvalidDigest": errors.BadDigest,
    "XAmzContentChecksumMismatch": errors.BadDigest,
    "XAmzContentSHA256Mismatch": errors.BadDigest,
    "RequestExpired": errors.ClockSkewed,
    "RequestInTheFuture": errors.ClockSkewed,
    "RequestTimeTooSkewed": errors.ClockSkewed,
    "IllegalLocationConstraintException": errors.WrongRegion,
    "PermanentRedirect": errors.WrongRegion,
    "TemporaryRedirect": errors.WrongRegion,
    "InvalidEncryptionAlgorithmError": errors.NotSupported,
    "InvalidStorageClass": errors.NotSupported,
    "MethodNotAllowed": errors.NotSupported,
    "NotImplemented": errors.NotSupported,
    "XNotImplemented": errors.NotSupported,
    "BandwidthLimitExceeded": errors.Throttled,
    "RequestLimitExceeded": errors.Throttled,
    "SlowDown": errors.Throttled,
    "SlowDownRead": errors.Throttled,
    "SlowDownWrite": errors.Throttled,
    "Throttling": errors.Throttled,
    "ThrottlingException": errors.Throttled,
    "TooManyRequests": errors.Throttled,
    "TooManyRequestsException": errors.Throttled,
    "InternalError": errors.ServiceUnavailable,
    "InternalFailure": errors.ServiceUnavailable,
    "RequestTimeout": errors.ServiceUnavailable,
    "ServiceUnavailable": errors.ServiceUnavailable,
    "EntityTooLarge": errors.TooLarge,
    "KeyTooLongError": errors.KeyTooLong,
    "InvalidBucketName": errors.InputError,
    "InvalidTag": errors.InputError,
    "MetadataTooLarge": errors.InputError,
}
_BY_STATUS: dict[int, type[errors.S3guiError]] = {
    301: errors.WrongRegion,
    302: errors.WrongRegion,
    307: errors.WrongRegion,
    308: errors.WrongRegion,
    401: errors.CredentialsRefused,
    403: errors.AccessDenied,
    405: errors.NotSupported,
    407: errors.Unreachable,
    409: errors.WriteConflict,
    412: errors.AlreadyExists,
    429: errors.Throttled,
    501: errors.NotSupported,
    511: errors.BadAnswer,
}
_SENTENCES: dict[type[errors.S3guiError], str] = {
    errors.AccessDenied: "{host} denies access to {place}.",
    errors.CredentialsRefused: "{host} does not accept these credentials.",
    errors.CredentialsExpired: "The credentials for {host} have expired.",
    errors.NoSuchBucket: "The bucket “{bucket}” does not exist on {host}.",
    errors.NoSuchKey: "There is no object at {place}.",
    errors.NoSuchUpload: "{host} no longer knows the upload to {place}.",
    errors.AclRefused: "The bucket “{bucket}” does not allow ACLs.",
    errors.AlreadyExists: "{place} exists already.",
    errors.WriteConflict: "Another request changed {place} at the same time.",
    errors.OperationAborted: "Another request changed {place} at the same time.",
    errors.BadDigest: "The bytes for {place} were damaged on their way to {host}.",
    errors.ClockSkewed: "This computer's clock and the clock of {host} differ too much.",
    errors.WrongRegion: "The bucket “{bucket}” is in another region.",
    errors.NotSupported: "{host} does not support this request for {place}.",
    errors.Throttled: "{host} asks to slow down.",
    errors.ServiceUnavailable: "{host} has a problem of its own.",
    errors.TooLarge: "{host} does not take an object or a part of this size.",
    errors.KeyTooLong: "The key is too long for {host}.",
    errors.Unreachable: "The proxy on the way to {host} wants a user name and a password.",
    errors.BadAnswer: "A sign-in page stands between this computer and {host}.",
}
_REFUSED = "{host} refused the request for {place}: {detail}"
_GATEWAY_GOT_NO_ANSWER = (
    "A gateway or a proxy on the way to {host} got no answer from it ({status})."
)
_LIST_OF_BUCKETS = "the list of buckets"
_CHECK_AWS_PROFILE = "Check the AWS profile; this is what its sign-in said."
_SET_REGION = "Set the region of the connection to {region}."
_GATEWAYS = frozenset({502, 504})
_SIGN_IN_CALLS = frozenset(
    {
        "AssumeRole",
        "AssumeRoleWithWebIdentity",
        "CreateOAuth2Token",
        "CreateToken",
        "GetRoleCredentials",
        "GetSessionToken",
    }
)
_SIGN_IN_EXPIRED = (
    boto.LoginError,
    boto.RefreshWithMFAUnsupportedError,
    boto.SSOError,
    boto.TokenRetrievalError,
)
_NO_CREDENTIALS = (
    boto.CredentialRetrievalError,
    boto.InvalidConfigError,
    boto.MetadataRetrievalError,
    boto.NoAuthTokenError,
    boto.NoCredentialsError,
    boto.PartialCredentialsError,
    boto.ProfileNotFound,
    boto.UnknownCredentialError,
    boto.ConfigNotFound,
    boto.ConfigParseError,
    boto.MissingDependencyException,
)
_NETWORK = (boto.ConnectionError, boto.HTTPClientError, urllib3.HTTPError, OSError)
_OVER_AN_ANSWER = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError)
"""Where botocore, or we, stumble over what no service should say."""

WHAT_BOTOCORE_RAISES = (
    *_OVER_AN_ANSWER,
    boto.BotoCoreError,
    boto.ClientError,
    ResponseParserError,
    urllib3.HTTPError,
    OSError,
    ValueError,
)


def s3gui_error(
    error: Exception, *, host: str, destination: Destination | None = None
) -> errors.S3guiError:
    """What `error`, raised by botocore for a call about `destination`, means."""
    inner = getattr(error, "kwargs", {}).get("error")
    for known in (error, inner):
        if isinstance(known, errors.S3guiError):
            return known
    if isinstance(error, boto.ClientError):
        return _service_error(error, host, destination)
    if isinstance(error, _NETWORK):
        return unreachable(error, host)
    return _no_answer(error, host)


def _no_answer(error: Exception, host: str) -> errors.S3guiError:
    detail = plain_text(str(error))
    if isinstance(error, _SIGN_IN_EXPIRED):
        message = "The sign-in of the AWS profile has expired."
        return errors.CredentialsExpired(message, detail=detail)
    if isinstance(error, _NO_CREDENTIALS):
        return errors.CredentialsMissing(f"No credentials for {host}: {detail}", detail=detail)
    if isinstance(error, (ResponseParserError, *_OVER_AN_ANSWER)):
        return errors.BadAnswer(f"The answer of {host} cannot be read.", detail=detail)
    return errors.InputError(f"This request cannot be sent: {detail}", detail=detail)


def _service_error(
    error: boto.ClientError, host: str, destination: Destination | None
) -> errors.S3guiError:
    answer: dict[str, Any] = dict(error.response)
    said = answer.get("Error", {})
    metadata = answer.get("ResponseMetadata", {})
    headers = metadata.get("HTTPHeaders", {})
    service_code = plain_text(str(said.get("Code", "")))
    status = int(metadata.get("HTTPStatusCode", 0))
    request_id = plain_text(metadata.get("RequestId") or headers.get("x-amz-request-id", ""))
    detail = f"{service_code}: {plain_text(str(said.get('Message', '')))}"
    if request_id:
        detail += f" (HTTP {status}, request {request_id})"
    kind = _kind(service_code, status)
    hint = ""
    if error.operation_name in _SIGN_IN_CALLS:
        kind = errors.CredentialsExpired if "Expired" in service_code else errors.CredentialsRefused
        hint = _CHECK_AWS_PROFILE
    region = headers.get("x-amz-bucket-region") or said.get("Region")
    if region and service_code in {"AuthorizationHeaderMalformed", "IncorrectEndpoint"}:
        kind = errors.WrongRegion
    if kind is errors.WrongRegion and region:
        hint = _SET_REGION.format(region=plain_text(region))
    is_gateways = status in _GATEWAYS and service_code in {"", str(status)}
    sentence = _GATEWAY_GOT_NO_ANSWER if is_gateways else _SENTENCES.get(kind, _REFUSED)
    message = sentence.format(
        host=host,
        bucket=visible(destination.bucket) if destination else "",
        place=visible(str(destination)) if destination else _LIST_OF_BUCKETS,
        detail=detail,
        status=status,
    )
    if not issubclass(kind, errors.ServiceError):
        return kind(message, hint=hint, detail=detail)
    return kind(
        message,
        hint=hint,
        detail=detail,
        service_code=service_code,
        status=status,
        request_id=request_id,
    )


def _kind(service_code: str, status: int) -> type[errors.S3guiError]:
    by_code = _BY_CODE.get(service_code)
    if by_code is not None:
        return by_code
    # Answers to HEAD have no body: botocore gives the status as the code.
    if service_code in {"", "Forbidden", "NotFound", str(status)} and status == 404:
        return errors.NoSuchKey
    if status >= 500 and status not in _BY_STATUS:
        return errors.ServiceUnavailable
    return _BY_STATUS.get(status, errors.ServiceError)
