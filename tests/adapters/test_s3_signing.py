from datetime import UTC, datetime
from unittest.mock import patch
from urllib.parse import quote

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from s3gui.adapters.s3_signing import (
    PATH,
    PAYLOAD_HASH,
    QUERY,
    UNSIGNED_PAYLOAD,
    CanonicalForm,
    Signer,
)

SEGMENT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40)
NAMES = st.from_regex(r"x-amz-[A-Za-z0-9-]{1,12}[a-z]", fullmatch=True) | st.sampled_from(
    ["Content-Type", "Content-MD5", "If-None-Match", "Cache-Control", "User-Agent", "Expect", "TE"]
)
VALUES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60)
TIMES = st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001 - hypothesis wants them so
ALWAYS = {"X-Amz-Date", "X-Amz-Content-SHA256"}
UNTOUCHED = {"host", "x-amz-date", "x-amz-content-sha256", "x-amz-security-token"}


def encoded(text: str) -> str:
    return quote(text, safe="-_.~")


@given(
    method=st.sampled_from(["PUT", "GET", "POST", "DELETE", "HEAD"]),
    key=SEGMENT,
    query=st.dictionaries(SEGMENT.filter(bool), SEGMENT, max_size=4),
    headers=st.dictionaries(NAMES, VALUES, max_size=6),
    token=st.none() | st.text("abcXYZ0189+/=", min_size=1, max_size=80),
    region=st.sampled_from(["us-east-1", "eu-central-1", "auto"]),
    host=st.sampled_from(["example.com", "bucket.example.com:9000", "[::1]:9000", "127.0.0.1"]),
    signed_at=TIMES,
    is_encrypted=st.booleans(),
    data=st.data(),
)
def test_the_signature_is_botocores_own(
    method, key, query, headers, token, region, host, signed_at, is_encrypted, data
):
    headers = {name: text for name, text in headers.items() if name.lower() not in UNTOUCHED}
    if len({name.lower() for name in headers}) < len(headers):
        return
    path = f"/bucket/{quote(key, safe='/~')}"
    pairs = sorted((encoded(name), encoded(text)) for name, text in query.items())
    text = "&".join(f"{name}={value}" for name, value in pairs)
    scheme = "https" if is_encrypted else "http"
    differing = data.draw(st.sets(st.sampled_from(["", *headers])))
    differing = {each for each in differing if headers.get(each, "").split() == [headers.get(each)]}
    request = AWSRequest(method, f"{scheme}://{host}{path}" + (f"?{text}" if text else ""))
    if is_encrypted:
        headers["Content-MD5"] = "1B2M2Y8AsgTpgAmY7PhCfg=="
        request.context |= {"payload_signing_enabled": False, "has_streaming_input": True}
    for name, value in headers.items():
        request.headers[name] = value
    now = signed_at.replace(tzinfo=UTC)
    credentials = Credentials("AKIAEXAMPLE", "a secret/of+mine", token)
    with patch.object(auth, "get_current_datetime", return_value=now):
        auth.S3SigV4Auth(credentials, "s3", region).add_auth(request)
    timestamp = request.headers["X-Amz-Date"]
    payload_hash = request.headers["X-Amz-Content-SHA256"]
    assert (payload_hash == UNSIGNED_PAYLOAD) is is_encrypted
    headers |= {"Host": host, "X-Amz-Date": timestamp, "X-Amz-Content-SHA256": payload_hash}
    if token is not None:
        headers["X-Amz-Security-Token"] = token

    varying = {name: headers[name] for name in headers if name in differing or name in ALWAYS}
    fixed = {name: value for name, value in headers.items() if name not in varying}
    form = CanonicalForm(method, fixed, varying)
    signature = Signer(region).authorization(
        form.filled({**varying, PATH: path, QUERY: text, PAYLOAD_HASH: payload_hash}),
        form.signed_names,
        access_key="AKIAEXAMPLE",
        secret_key="a secret/of+mine",
        timestamp=timestamp,
    )

    assert signature == request.headers["Authorization"]


def test_a_signer_follows_the_day_and_the_credentials_and_keeps_no_secret():
    signer = Signer("us-east-1")
    form = CanonicalForm("PUT", {"Host": "h"}, ())
    canonical = form.filled({PATH: "/b/k", QUERY: "", PAYLOAD_HASH: UNSIGNED_PAYLOAD})

    def signed(secret, timestamp):
        return signer.authorization(
            canonical,
            form.signed_names,
            access_key="AKIA",
            secret_key=secret,
            timestamp=timestamp,
        )

    one = signed("first", "20260101T000000Z")
    assert signed("first", "20260102T000000Z") != one
    assert signed("other", "20260101T000000Z") != one
    assert signed("first", "20260101T000000Z") == one
    assert "first" not in repr(vars(signer))
