"""AWS Signature Version 4, as the server checks it.

Source: "Authenticating Requests (AWS Signature Version 4)", Amazon S3 API Reference.
"""

import functools
import hashlib
import hmac
import re
from calendar import timegm
from dataclasses import dataclass
from time import strptime
from urllib.parse import quote

from s3gui.practice.clock import SECOND_FORMAT, iso_date
from s3gui.practice.credentials import KeyRing, PracticeCredentials
from s3gui.practice.errors import S3Error
from s3gui.practice.request import Request

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
_LONGEST_EXPIRY_SECONDS = 7 * 24 * 3600
_AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256\s+Credential=(?P<credential>[^,\s]+)\s*,\s*"
    r"SignedHeaders=(?P<headers>[^,\s]+)\s*,\s*Signature=(?P<signature>[0-9a-f]+)\s*"
)


@dataclass(frozen=True)
class Identity:
    """Who signed, for which region; and what the chunks of a streamed body are signed with."""

    access_key_id: str
    region: str
    signing_key: bytes
    date: str
    scope: str
    signature: str
    payload_hash: str

    def chain(self, label: str, previous: str, *hashes: str) -> str:
        """The next signature of a streamed body: each one covers the one before it."""
        lines = (f"{ALGORITHM}-{label}", self.date, self.scope, previous, *hashes)
        return _hex_hmac(self.signing_key, "\n".join(lines))


@dataclass(frozen=True)
class _Claim:
    credential: str
    signed_headers: str
    signature: str
    date: str
    payload_hash: str
    expires_seconds: int | None
    token: str | None
    malformed: str  # the error code for a claim that makes no sense


def authenticate(
    request: Request, key_ring: KeyRing, now: float, skew_seconds: float
) -> Identity | None:
    """None for an anonymous request. Raises the S3Error that AWS would answer."""
    authorization = request.header("authorization")
    presigned = request.argument("X-Amz-Algorithm") or request.argument("X-Amz-Signature")
    if authorization is not None and presigned:
        raise S3Error(
            "InvalidArgument",
            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature "
            "query string parameter or the Authorization header should be specified",
        )
    if authorization is not None:
        return _verify(request, _header_claim(request, authorization), key_ring, now, skew_seconds)
    if presigned:
        return _verify(request, _query_claim(request), key_ring, now, skew_seconds)
    if request.argument("AWSAccessKeyId") is not None:
        raise _unsupported_mechanism()
    return None


def _unsupported_mechanism() -> S3Error:
    return S3Error(
        "InvalidRequest",
        "The authorization mechanism you have provided is not supported. "
        "Please use AWS4-HMAC-SHA256.",
    )


def _header_claim(request: Request, authorization: str) -> _Claim:
    if not authorization.startswith(ALGORITHM):
        if authorization.startswith("AWS "):
            raise _unsupported_mechanism()
        raise S3Error("InvalidArgument", "Unsupported Authorization Type")
    found = _AUTHORIZATION.fullmatch(authorization)
    if found is None:
        raise S3Error("AuthorizationHeaderMalformed")
    payload_hash = request.header("x-amz-content-sha256")
    if payload_hash is None:
        raise S3Error(
            "InvalidRequest", "Missing required header for this request: x-amz-content-sha256"
        )
    date = request.header("x-amz-date")
    if date is None:
        raise S3Error(
            "AccessDenied", "AWS authentication requires a valid Date or x-amz-date header"
        )
    return _Claim(
        found["credential"],
        found["headers"],
        found["signature"],
        date,
        payload_hash,
        None,
        request.header("x-amz-security-token"),
        "AuthorizationHeaderMalformed",
    )


def _query_claim(request: Request) -> _Claim:
    names = ("Algorithm", "Credential", "SignedHeaders", "Signature", "Date", "Expires")
    values = {name: request.argument(f"X-Amz-{name}") for name in names}
    given = {name: value for name, value in values.items() if value}
    if len(given) < len(names):
        raise S3Error(
            "AuthorizationQueryParametersError",
            "Query-string authentication version 4 requires the X-Amz-Algorithm, "
            "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires "
            "parameters.",
        )
    if given["Algorithm"] != ALGORITHM:
        raise S3Error(
            "AuthorizationQueryParametersError",
            'X-Amz-Algorithm only supports "AWS4-HMAC-SHA256 and AWS4-ECDSA-P256-SHA256"',
        )
    expires = given["Expires"]
    if not (expires.isascii() and expires.isdigit() and len(expires) < 10):
        raise S3Error("AuthorizationQueryParametersError", "X-Amz-Expires should be a number")
    if int(expires) > _LONGEST_EXPIRY_SECONDS:
        raise S3Error(
            "AuthorizationQueryParametersError",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given "
            "X-Amz-Expires must be less than 604800 seconds",
        )
    return _Claim(
        given["Credential"],
        given["SignedHeaders"],
        given["Signature"],
        given["Date"],
        request.header("x-amz-content-sha256")
        or request.argument("X-Amz-Content-Sha256")
        or UNSIGNED,
        int(expires),
        request.argument("X-Amz-Security-Token") or request.header("x-amz-security-token"),
        "AuthorizationQueryParametersError",
    )


def _verify(
    request: Request, claim: _Claim, key_ring: KeyRing, now: float, skew_seconds: float
) -> Identity:
    parts = claim.credential.rsplit("/", 4)
    if len(parts) != 5 or parts[3:] != ["s3", "aws4_request"]:
        raise S3Error(
            claim.malformed,
            "The authorization header is malformed; the Credential is mal-formed; expecting "
            '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
        )
    access_key_id, day, region = parts[:3]
    signed_at = _moment(claim.date)
    if signed_at is None or not claim.date.startswith(day):
        raise S3Error(claim.malformed, "The date is not the one of the credential's scope.")
    credentials = key_ring.find(access_key_id)
    if credentials is None:
        raise S3Error("InvalidAccessKeyId", AWSAccessKeyId=access_key_id)
    _check_token(credentials, claim.token, now)
    _check_time(claim, signed_at, now, skew_seconds)
    scope = "/".join(parts[1:])
    signing_key = _signing_key(credentials.secret_access_key, day, region)
    canonical = _canonical_request(request, claim)
    text = "\n".join((ALGORITHM, claim.date, scope, _sha256(canonical)))
    if not hmac.compare_digest(_hex_hmac(signing_key, text), claim.signature):
        raise S3Error(
            "SignatureDoesNotMatch",
            AWSAccessKeyId=access_key_id,
            StringToSign=text,
            SignatureProvided=claim.signature,
            CanonicalRequest=canonical,
        )
    return Identity(
        access_key_id, region, signing_key, claim.date, scope, claim.signature, claim.payload_hash
    )


def _check_token(credentials: PracticeCredentials, token: str | None, now: float) -> None:
    if credentials.session_token is not None and token is None:
        # AWS does not know a temporary key without its token.
        raise S3Error("InvalidAccessKeyId", AWSAccessKeyId=credentials.access_key_id)
    if credentials.session_token != token:
        raise S3Error("InvalidToken")
    if credentials.expires_at is not None and now >= credentials.expires_at:
        raise S3Error("ExpiredToken")


def _check_time(claim: _Claim, signed_at: float, now: float, skew_seconds: float) -> None:
    if claim.expires_seconds is None:
        if abs(now - signed_at) > skew_seconds:
            raise S3Error(
                "RequestTimeTooSkewed",
                RequestTime=claim.date,
                ServerTime=iso_date(now),
                MaxAllowedSkewMilliseconds=int(skew_seconds * 1000),
            )
        return
    if now > signed_at + claim.expires_seconds:
        raise S3Error(
            "AccessDenied",
            "Request has expired",
            Expires=iso_date(signed_at + claim.expires_seconds),
            ServerTime=iso_date(now),
        )
    if signed_at - now > skew_seconds:
        raise S3Error("AccessDenied", "Request is not yet valid", ServerTime=iso_date(now))


def _canonical_request(request: Request, claim: _Claim) -> str:
    names = claim.signed_headers.split(";")
    unsigned = [name for name in request.headers if name.startswith("x-amz-") and name not in names]
    if "host" not in names or unsigned:
        raise S3Error(
            "AccessDenied",
            "There were headers present in the request which were not signed",
            HeadersNotSigned=", ".join(unsigned or ["host"]),
        )
    query = sorted(
        (quote(name, safe="-._~"), quote(value, safe="-._~"))
        for name, value in request.query
        if name != "X-Amz-Signature"
    )
    lines = [request.method, request.canonical_path()]
    lines.append("&".join(f"{name}={value}" for name, value in query))
    lines += [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in names]
    return "\n".join((*lines, "", claim.signed_headers, claim.payload_hash))


def _moment(date: str) -> float | None:
    try:
        return timegm(strptime(date, SECOND_FORMAT))
    except ValueError:
        return None


@functools.lru_cache(maxsize=64)
def _signing_key(secret: str, day: str, region: str) -> bytes:
    key = ("AWS4" + secret).encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _hex_hmac(key: bytes, text: str) -> str:
    return hmac.digest(key, text.encode("latin-1", "replace"), "sha256").hex()


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("latin-1", "replace")).hexdigest()
