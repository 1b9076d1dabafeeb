"""PracticeServer: the listening socket, a thread for each connection, the folder."""

import contextlib
import socket
import ssl
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from s3gui.practice import dispatch
from s3gui.practice.blobs import Blobs
from s3gui.practice.buckets import check_name
from s3gui.practice.call import HOME_REGION, Service
from s3gui.practice.clock import Clock
from s3gui.practice.credentials import KeyRing, PracticeCredentials, load_or_create
from s3gui.practice.errors import ConnectionLost, S3Error
from s3gui.practice.faults import Faults
from s3gui.practice.index import Index
from s3gui.practice.ledger import Ledger
from s3gui.practice.limits import Limits
from s3gui.practice.lock import FolderLock
from s3gui.practice.model import ENFORCED, Bucket, PublicAccessBlock
from s3gui.practice.uploads import Uploads
from s3gui.practice.versions import Versions
from s3gui.practice.wire import Wire

_HOST = "127.0.0.1"
_MAXIMUM_CONNECTIONS = 512


class PracticeServer:
    """An S3 server on 127.0.0.1 that keeps everything in the folder `root`.

    With `port` 0 the system picks one. Without `credentials` the folder's own are used, made at
    the first start. Use it as a context manager, or call `start` and `stop`.

    Raises OSError when the port is taken or the folder cannot be used, BlockingIOError when
    another server uses the folder.
    """

    region = HOME_REGION

    def __init__(
        self,
        root: Path,
        port: int = 0,
        *,
        credentials: PracticeCredentials | None = None,
        ledger: Ledger | None = None,
        faults: Faults | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
        tls: ssl.SSLContext | None = None,
        idle_timeout_seconds: float = 60,
    ) -> None:
        self._root = root
        self._port = port
        self._tls = tls
        self._idle_timeout_seconds = idle_timeout_seconds
        self.ledger = ledger or Ledger()
        self.faults = faults or Faults()
        self.clock = clock or Clock()
        self._limits = limits or Limits()
        self._given_credentials = credentials
        self._key_ring = KeyRing()
        self._stopping = threading.Event()
        self._threads_lock = threading.Lock()
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._resources = contextlib.ExitStack()
        self._service: Service | None = None
        self._listener: socket.socket | None = None

    def start(self) -> Self:
        with contextlib.ExitStack() as resources:
            self._open(resources)
            self._resources = resources.pop_all()
        return self

    def _open(self, resources: contextlib.ExitStack) -> None:
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._root.chmod(0o700)
        resources.enter_context(FolderLock(self._root / "lock"))
        self.credentials = self._given_credentials or load_or_create(
            self._root / "credentials.json"
        )
        self._key_ring.add(self.credentials)
        blobs = Blobs(self._root / "blobs")
        index = Index(self._root / "index.sqlite3", blobs.remove)
        resources.callback(index.close)
        blobs.sweep(index.known_blobs())
        self._service = Service(
            index=index,
            versions=Versions(index),
            uploads=Uploads(index),
            blobs=blobs,
            clock=self.clock,
            ledger=self.ledger,
            faults=self.faults,
            key_ring=self._key_ring,
            limits=self._limits,
            stopping=self._stopping,
        )
        listener = socket.create_server((_HOST, self._port), backlog=128)
        resources.callback(listener.close)
        self._listener = listener
        thread = threading.Thread(
            target=self._accept, args=(listener,), name="practice", daemon=True
        )
        resources.callback(thread.join)
        resources.callback(self._interrupt)
        thread.start()

    def stop(self) -> None:
        """At once: requests in the middle are cut off. May be called again."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def port(self) -> int:
        assert self._listener is not None, "the server was not started"
        return int(self._listener.getsockname()[1])

    @property
    def endpoint_url(self) -> str:
        return f"{'http' if self._tls is None else 'https'}://{_HOST}:{self.port}"

    @property
    def open_connections(self) -> int:
        with self._threads_lock:
            return len(self._connections)

    def add_credentials(self, credentials: PracticeCredentials) -> None:
        self._key_ring.add(credentials)

    def remove_credentials(self, access_key_id: str) -> None:
        self._key_ring.remove(access_key_id)

    def create_bucket(
        self,
        name: str,
        *,
        region: str | None = None,
        acls_enabled: bool = False,
        public_access_blocked: bool = True,
        versioning: bool = False,
    ) -> None:
        """Makes it without HTTP; one that exists is left as it is.

        Raises S3Error InvalidBucketName.
        """
        check_name(name)
        assert self._service is not None, "the server was not started"
        with self._service.index.transaction():
            if self._service.index.bucket(name) is None:
                self._service.index.save_bucket(
                    Bucket(
                        name,
                        region or self.region,
                        self.clock.now(),
                        "ObjectWriter" if acls_enabled else ENFORCED,
                        PublicAccessBlock() if public_access_blocked else None,
                        versioning="Enabled" if versioning else None,
                    )
                )

    def _interrupt(self) -> None:
        self._stopping.set()
        assert self._listener is not None
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):  # wakes accept() where shutdown does not
            socket.create_connection(self._listener.getsockname(), 1).close()
        with self._threads_lock:
            open_connections = list(self._connections)
            for connection in self._connections.values():
                with contextlib.suppress(OSError):
                    # The plain one: that of TLS would pull the layer from under its thread.
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in open_connections:
            thread.join()

    def _accept(self, listener: socket.socket) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                if self._stopping.wait(0.05):  # too many open files, or stopping
                    return
                continue
            with self._threads_lock:
                if self._stopping.is_set() or len(self._connections) >= _MAXIMUM_CONNECTIONS:
                    connection.close()
                    continue
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                try:
                    thread.start()
                except RuntimeError:  # no more threads: the client may try again
                    connection.close()
                else:
                    self._connections[thread] = connection

    def _serve(self, connection: socket.socket) -> None:
        try:
            if self._tls is not None:
                connection = self._encrypted(connection)
            self._converse(connection)
        except OSError:  # no TLS client, or one that does not trust us
            pass
        finally:
            with self._threads_lock:
                self._connections.pop(threading.current_thread(), None)
            connection.close()

    def _encrypted(self, connection: socket.socket) -> socket.socket:
        assert self._tls is not None
        connection.settimeout(self._idle_timeout_seconds)
        with self._threads_lock:
            encrypted = self._tls.wrap_socket(
                connection, server_side=True, do_handshake_on_connect=False
            )
            self._connections[threading.current_thread()] = encrypted
        try:
            encrypted.do_handshake()
        except OSError:
            encrypted.close()
            raise
        return encrypted

    def _converse(self, connection: socket.socket) -> None:
        assert self._service is not None
        wire = Wire(connection, self._idle_timeout_seconds)
        try:
            while not self._stopping.is_set() and _exchange(self._service, wire):
                pass
        except ConnectionLost as lost:
            if lost.by_reset:
                wire.reset()
        finally:
            wire.close()


def _exchange(service: Service, wire: Wire) -> bool:
    """One request and its answer; whether another may follow on the connection."""
    try:
        head = wire.read_head()
        if head is None:
            return False
        body = wire.body(head)
    except S3Error as error:
        wire.send(dispatch.refuse(service, error, "/"), without_body=False, closing=True)
        wire.close_gently()
        return False
    response = dispatch.answer(service, head, body)
    try:
        closing = body.broken or body.untouched or not (body.finished and head.keeps_alive)
        closing = closing or response.is_cut_short
        wire.send(response, without_body=head.method == "HEAD", closing=closing)
    finally:
        if response.content is not None:
            response.content.close()
    if not closing:
        return True
    if not body.finished and not body.broken:
        wire.close_gently()
    return False
