"""A client that sends exactly what a test says, signed by botocore's signer (or not at all)."""

import http.client
import re
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from s3gui.practice import PracticeCredentials, PracticeServer


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str | None:
        """S3's error code."""
        return self.element("Code")

    def element(self, name: str) -> str | None:
        found = re.search(f"<{name}>([^<]*)</{name}>", self.body.decode())
        return None if found is None else found[1]


class RawClient:
    """Keeps one connection open, as long as the server does."""

    def __init__(
        self, server: PracticeServer, credentials: PracticeCredentials | None = None
    ) -> None:
        self._server = server
        self._credentials = credentials or server.credentials
        host = urlsplit(server.endpoint_url).netloc
        self.connection = http.client.HTTPConnection(host, timeout=20)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def signed_headers(
        self,
        method: str,
        target: str,
        headers: dict[str, str] | None = None,
        *,
        payload_hash: str = "UNSIGNED-PAYLOAD",
        region: str = "us-east-1",
    ) -> dict[str, str]:
        request = AWSRequest(
            method,
            self._server.endpoint_url + target,
            headers={**(headers or {}), "X-Amz-Content-SHA256": payload_hash},
        )
        keys = Credentials(
            self._credentials.access_key_id,
            self._credentials.secret_access_key,
            self._credentials.session_token,
        )
        signer = S3SigV4Auth(keys, "s3", region)
        signer.payload = lambda _: payload_hash
        signer.add_auth(request)
        return dict(request.headers.items())

    def call(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        *,
        payload_hash: str = "UNSIGNED-PAYLOAD",
        region: str = "us-east-1",
    ) -> Reply:
        """`target` is the path, encoded, with the query."""
        signed = self.signed_headers(
            method, target, headers, payload_hash=payload_hash, region=region
        )
        return self.send(method, target, body, signed)

    def send(
        self, method: str, target: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Reply:
        """Unsigned."""
        self.connection.request(method, target, body or None, headers or {})
        answer = self.connection.getresponse()
        return Reply(
            answer.status,
            {name.lower(): value for name, value in answer.headers.items()},
            answer.read(),
        )

    def expect(self, method: str, target: str, size_bytes: int) -> socket.socket:
        """Sends a head that waits for the leave to send the body, and leaves the rest to you."""
        signed = self.signed_headers(method, target)
        self.connection.putrequest(method, target)
        for name, value in {
            **signed,
            "Content-Length": str(size_bytes),
            "Expect": "100-continue",
        }.items():
            self.connection.putheader(name, value)
        self.connection.endheaders()
        return self.connection.sock
