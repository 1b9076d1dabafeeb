"""An HTTP server on 127.0.0.1 that answers what a test wrote down, and keeps what it was asked."""

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from s3gui.adapters.s3 import S3Store, connect
from s3gui.core.profile import Credentials, Profile, Secret

ACCESS_KEY_ID = "AKIASCRIPTED00000001"
SECRET = "scripted-secret-access-key-0123456789abcd"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """`is_cut` closes the connection instead of answering."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    is_cut: bool = False


class ScriptedServer:
    """Gives `answers` in turn, the last one for ever."""

    def __init__(self, endpoint_url: str) -> None:
        self.endpoint_url = endpoint_url
        self.asked: list[Asked] = []
        self.answers: list[Answer] = [Answer(headers={"ETag": '"etag"'})]

    def next_answer(self) -> Answer:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def store(self, provider_id: str = "practice") -> S3Store:
        profile = Profile(
            "scripted",
            "Scripted",
            provider_id=provider_id,
            endpoint_url=self.endpoint_url,
            region="us-east-1",
        )
        return connect(profile, Credentials(ACCESS_KEY_ID, Secret(SECRET)))


@contextmanager
def scripted_server(tls: ssl.SSLContext | None = None) -> Iterator[ScriptedServer]:
    server: ScriptedServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except (ConnectionError, ssl.SSLError):
                self.close_connection = True

        def do_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            server.asked.append(Asked(self.command, self.path, headers, body))
            answer = server.next_answer()
            if answer.is_cut:
                self.close_connection = True
                return
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_any  # noqa: N815

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Quiet: what was asked is kept."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        # Idle connections of a client are not waited for.
        listener.daemon_threads = True
        listener.block_on_close = False
        if tls is not None:
            listener.socket = tls.wrap_socket(
                listener.socket, server_side=True, do_handshake_on_connect=False
            )
        scheme = "http" if tls is None else "https"
        server = ScriptedServer(f"{scheme}://127.0.0.1:{listener.server_address[1]}")
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown()
            thread.join()
