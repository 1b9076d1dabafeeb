import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.redact import redact

SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: AWS4-HMAC-SHA256 Credential=AKIA/x, Signature={SECRET}",
        f"{{'Authorization': 'AWS4-HMAC-SHA256 Signature={SECRET}'}}",
        f"Proxy-Authorization: Basic {SECRET}",
        f"x-amz-security-token:{SECRET}",
        f"{{'X-Amz-Security-Token': b'{SECRET}'}}",
        f'b\'{{\\"SessionToken\\": \\"{SECRET}\\"}}\'',
        f'{{"Code": "Success", "SecretAccessKey" : "{SECRET}", "Token" : "x"}}',
        f'{{"accessToken": "{SECRET}", "refreshToken": "x"}}',
        f'{{"clientSecret": "{SECRET}"}}',
        f"<SecretAccessKey>{SECRET}</SecretAccessKey>",
        f"<SessionToken>{SECRET}</SessionToken>",
        f"https://b.s3.amazonaws.com/k?X-Amz-Signature={SECRET}&X-Amz-Date=1",
        f"https://b.s3.amazonaws.com/k?X-Amz-Security-Token={SECRET}",
        f"https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKIA&Signature={SECRET}",
        f"Signature:\n{SECRET}",
        f"X-Amz-Server-Side-Encryption-Customer-Key: {SECRET}",
        f"x-amz-copy-source-server-side-encryption-customer-key: {SECRET}",
        f"{{'SSECustomerKey': '{SECRET}'}}",
        f"proxy http://user:{SECRET.replace('/', '')}@proxy.example.com:8080 refused",
        f"aws_secret_access_key={SECRET}",
        f"secret_access_key='{SECRET}'",
        f"AWS_SESSION_TOKEN={SECRET}",
        f"TokenCode={SECRET}",
        f"password: {SECRET}",
    ],
)
def test_what_looks_like_a_credential_is_hidden(text: str) -> None:
    hidden = redact(text)
    assert SECRET not in hidden
    assert SECRET.replace("/", "") not in hidden
    assert "[hidden]" in hidden


def test_a_secret_that_is_known_is_hidden_wherever_it_stands() -> None:
    assert redact(f"<{SECRET}>", [SECRET, ""]) == "<[hidden]>"
    assert redact("a b", ["a"]) == "a b"


@pytest.mark.parametrize(
    "text",
    [
        'File "upload.py", line 3, in run: the bucket s3://b/k?x=1 is not there',
        "PUT /bucket/key HTTP/1.1 200",
        "https://s3.example.org:9000/bucket/a@b.txt",
        "uploadId=2~abc partNumber=3",
    ],
)
def test_the_rest_stays_readable(text: str) -> None:
    assert redact(text) == text


@given(st.text())
def test_any_text_can_be_redacted_twice(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("piece", ["a", "a-", "_", "token", "a:", "<token", "://", "signature="])
def test_long_texts_take_no_long_time(piece: str) -> None:
    started = time.process_time()
    redact(piece * (40_000 // len(piece)))
    assert time.process_time() - started < 5
