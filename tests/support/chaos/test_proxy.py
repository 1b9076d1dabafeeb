"""A client on a raw socket, a small HTTP server, and the proxy between them."""

import contextlib
import itertools
import random
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.support.chaos.proxy import ChaosProxy
from tests.support.chaos.toxics import (
    DOWN,
    SIGN_IN_PAGE,
    UP,
    Bandwidth,
    Close,
    Drip,
    Flip,
    Latency,
    Loss,
    LostReply,
    RandomFlips,
    Reply,
    Reset,
    Silence,
    SlowClose,
    Toxic,
    http_answer,
)

BODY = bytes(range(256)) * 40
ANSWER = b"thank you"
DAMAGED = b"uhank you"


@dataclass
class Server:
    """Takes anything, and keeps the bodies."""

    port: int
    bodies: list[bytes] = field(default_factory=list)
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def take(self, body: bytes) -> None:
        with self.arrived:
            self.bodies.append(body)
            self.arrived.notify_all()

    def wait_for(self, *bodies: bytes) -> None:
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.bodies) >= len(bodies), 5)
            assert self.bodies == list(bodies)


@pytest.fixture
def server() -> Iterator[Server]:
    server: Server

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            length = int(self.headers["Content-Length"])
            body = b""
            with contextlib.suppress(ConnectionError):
                while len(body) < length and (block := self.rfile.read1(length - len(body))):
                    body += block
            server.take(body)
            if len(body) < length:
                self.close_connection = True
                return
            with contextlib.suppress(ConnectionError):
                self.send_response(200)
                self.send_header("Content-Length", str(len(ANSWER)))
                self.end_headers()
                self.wfile.write(ANSWER)

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        listener.daemon_threads = True
        listener.block_on_close = False
        server = Server(listener.server_address[1])
        thread = threading.Thread(target=listener.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        listener.shutdown()
        thread.join()


@pytest.fixture
def proxy(server: Server) -> Iterator[ChaosProxy]:
    with ChaosProxy(server.port, seed=7) as proxy:
        yield proxy


class Client:
    """One connection; also the time that its last answer took."""

    def __init__(self, proxy: ChaosProxy) -> None:
        self.socket = socket.create_connection(("127.0.0.1", proxy.port), timeout=5)
        self.seconds = 0.0

    def put(self, body: bytes = BODY, path: str = "/bucket/key") -> bytes:
        """The answer's body. Raises ConnectionResetError, EOFError, TimeoutError."""
        self.send(body, path)
        return self.receive()

    def send(self, body: bytes = BODY, path: str = "/bucket/key") -> None:
        head = f"PUT {path} HTTP/1.1\r\nHost: here\r\nContent-Length: {len(body)}\r\n\r\n"
        self._sent_at = time.monotonic()
        self.socket.sendall(head.encode() + body)

    def receive(self) -> bytes:
        received = b""
        while not received.endswith((ANSWER, DAMAGED, b"</html>", b"</Error>")):
            block = self.socket.recv(65536)
            if not block:
                raise EOFError(received)
            received += block
        self.seconds = time.monotonic() - self._sent_at
        return received.partition(b"\r\n\r\n")[2]


@pytest.fixture
def client(proxy: ChaosProxy) -> Iterator[Client]:
    client = Client(proxy)
    with client.socket:
        yield client


def test_without_toxics_everything_passes_and_is_counted(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    assert client.put() == ANSWER
    assert client.put(b"more") == ANSWER

    server.wait_for(BODY, b"more")
    assert proxy.connections == proxy.open_connections == 1
    assert proxy.bytes[UP] > len(BODY) + 4
    assert proxy.bytes[DOWN] > 2 * len(ANSWER)
    assert proxy.deeds == []


@pytest.mark.parametrize("at", [0, 1, len(BODY) // 2, len(BODY) - 1])
@pytest.mark.parametrize(
    ("kind", "error"), [(Reset, ConnectionResetError), (Close, EOFError)], ids=["reset", "close"]
)
def test_a_connection_is_cut_at_exactly_the_byte_that_was_asked_for(
    proxy: ChaosProxy,
    server: Server,
    client: Client,
    at: int,
    kind: type[Reset | Close],
    error: type[Exception],
) -> None:
    toxic = proxy.add(kind(at=at, times=1))

    with pytest.raises(error):
        client.put()

    server.wait_for(BODY[:at])
    assert toxic.hits == 1
    assert [(deed.what, deed.at) for deed in proxy.deeds] == [(kind.__name__.lower(), at)]
    with Client(proxy).socket:
        proxy.wait_for(lambda proxy: proxy.connections == 2)


def test_a_connection_can_be_cut_while_it_is_answered(proxy: ChaosProxy, client: Client) -> None:
    proxy.add(Close(direction=DOWN, at=4))

    with pytest.raises(EOFError) as raised:
        client.put()

    assert raised.value.args[0].endswith(b"\r\n\r\n" + ANSWER[:4])


def test_bytes_can_be_counted_from_the_connections_start(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    proxy.add(Close(at=100, of_connection=True))

    with pytest.raises(EOFError):
        client.put()

    assert proxy.bytes[UP] == 100


@pytest.mark.parametrize(
    ("toxic", "error"), [(LostReply(), ConnectionResetError), (LostReply(reset=False), EOFError)]
)
def test_a_reply_is_lost_when_the_request_was_taken(
    proxy: ChaosProxy, server: Server, client: Client, toxic: LostReply, error: type[Exception]
) -> None:
    proxy.add(toxic)

    with pytest.raises(error):
        client.put()

    server.wait_for(BODY)
    assert proxy.bytes[DOWN] == 0


def test_silence_is_kept_until_it_is_taken_away(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    silence = proxy.add(Silence(at=1000))
    client.send()
    proxy.wait_for(lambda proxy: proxy.deeds)
    client.socket.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.receive()
    assert server.bodies == []

    client.socket.settimeout(5)
    proxy.remove(silence)
    assert client.receive() == ANSWER
    server.wait_for(BODY)


def test_one_bit_is_turned_and_no_other(proxy: ChaosProxy, server: Server, client: Client) -> None:
    proxy.add(Flip(at=5000, bit=6, times=1))

    client.put()
    client.put()

    expected = bytearray(BODY)
    expected[5000] ^= 64
    server.wait_for(bytes(expected), BODY)


def test_an_answer_can_be_damaged_as_well(proxy: ChaosProxy, client: Client) -> None:
    proxy.add(Flip(direction=DOWN, at=0))

    assert client.put() == DAMAGED


def test_random_flips_are_those_of_the_seed(server: Server) -> None:
    deeds = []
    for _ in range(2):
        with ChaosProxy(server.port, seed=3) as proxy, Client(proxy).socket as connection:
            proxy.add(RandomFlips(probability=0.001))
            client = Client.__new__(Client)
            client.socket = connection
            client.put()
            deeds.append([deed.at for deed in proxy.deeds])

    damaged, again = server.bodies
    assert deeds[0] == deeds[1]
    assert damaged == again
    turned = [at for at, (sent, got) in enumerate(zip(BODY, damaged, strict=True)) if sent != got]
    assert turned == deeds[0]
    assert 1 <= len(turned) < 40


def test_latency_delays_but_does_not_slow_down(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    proxy.add(Latency(seconds=0.1))
    proxy.add(Latency(direction=DOWN, seconds=0.1, jitter_seconds=0.05))

    client.put(BODY * 10)

    assert 0.15 <= client.seconds < 1
    server.wait_for(BODY * 10)


def test_lost_packets_come_late_and_in_order(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    proxy.add(Loss(probability=1, seconds=0.1))

    client.put()

    assert client.seconds >= 0.1
    server.wait_for(BODY)


def test_a_bandwidth_is_shared_or_each_connections_own(proxy: ChaosProxy) -> None:
    rate = 5 * len(BODY)
    seconds = {}
    for is_shared in (True, False):
        toxic = proxy.add(Bandwidth(bytes_per_second=rate, is_shared=is_shared))
        clients = [Client(proxy), Client(proxy)]
        for client in clients:
            client.send()
        for client in clients:
            client.receive()
            client.socket.close()
        seconds[is_shared] = max(client.seconds for client in clients)
        proxy.remove(toxic)

    assert seconds[False] >= 0.19
    assert seconds[True] >= 0.39


def test_a_drip_gives_one_byte_at_a_time(proxy: ChaosProxy, client: Client) -> None:
    proxy.add(Drip(direction=DOWN, seconds=0.002))
    client.send()

    assert [len(client.socket.recv(100)) for _ in range(5)] == [1] * 5
    proxy.clear()
    assert client.receive() == ANSWER


def test_the_end_of_a_connection_is_heard_late(proxy: ChaosProxy, client: Client) -> None:
    slow = proxy.add(SlowClose(seconds=0.1))
    client.put()
    closed_at = time.monotonic()
    client.socket.shutdown(socket.SHUT_WR)

    assert client.socket.recv(1) == b""  # the server has ended, too
    assert time.monotonic() - closed_at >= 0.1
    assert slow.hits == 1


def test_a_sign_in_page_answers_everything_and_the_server_hears_nothing(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    page = proxy.add(Reply(content=SIGN_IN_PAGE))

    for _ in range(3):
        assert client.put().startswith(b"<!DOCTYPE html>")

    assert (page.hits, server.bodies) == (3, [])
    proxy.remove(page)
    assert client.put() == ANSWER


def test_an_answer_can_be_replaced_after_the_server_has_done_its_work(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    proxy.add(Reply(direction=DOWN, content=http_answer("500 Oops", b"<Error></Error>"), times=1))

    assert client.put() == b"<Error></Error>"
    assert client.put() == ANSWER
    server.wait_for(BODY, BODY)


def test_an_answer_can_come_before_the_body_was_sent(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    refusal = http_answer("403 Forbidden", b"<Error></Error>", connection="close")
    proxy.add(Reply(content=refusal, early=True, closes=True))
    client._sent_at = 0.0
    client.socket.sendall(b"PUT / HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n")

    assert client.receive() == b"<Error></Error>"
    assert client.socket.recv(1) == b""
    assert server.bodies == []


def test_an_answer_without_end_ends_with_its_client(proxy: ChaosProxy) -> None:
    proxy.add(Reply(content=lambda: itertools.repeat(b"<a>" * 10_000), early=True))
    client = Client(proxy)
    with client.socket:
        client.send()
        received = 0
        while received < 5_000_000:
            received += len(client.socket.recv(100_000))

    proxy.wait_for(lambda proxy: proxy.open_connections == 0)


def test_a_toxic_takes_only_the_requests_that_it_is_meant_for(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    page = proxy.add(Reply(content=SIGN_IN_PAGE, only="^PUT .*part=2 ", first=2, times=1))

    paths = ["/key?part=1", "/key?part=2", "/key?part=2", "/key?part=2"]
    answers = [client.put(b"x", path) for path in paths]

    assert [answer == ANSWER for answer in answers] == [True, True, False, True]
    assert page.hits == 1


def test_toxics_add_up(proxy: ChaosProxy, server: Server, client: Client) -> None:
    proxy.add(Flip(at=10))
    proxy.add(Flip(at=20))
    proxy.add(Latency(seconds=0.05))
    proxy.add(Close(at=30))

    with pytest.raises(EOFError):
        client.put()

    expected = bytearray(BODY[:30])
    expected[10] ^= 1
    expected[20] ^= 1
    server.wait_for(bytes(expected))


def test_a_link_that_is_down_refuses_until_it_is_up(
    proxy: ChaosProxy, server: Server, client: Client
) -> None:
    port = proxy.port
    client.put()

    proxy.link_down()
    with pytest.raises(ConnectionResetError):
        client.socket.recv(1)
    for _ in range(3):
        with pytest.raises(ConnectionRefusedError):
            Client(proxy)
    proxy.link_up()

    again = Client(proxy)
    with again.socket:
        assert again.put() == ANSWER
    assert proxy.port == port


def test_flapping_ends_with_the_link_up(proxy: ChaosProxy) -> None:
    flapping = proxy.flap(5, up_seconds=(0.005, 0.01), down_seconds=(0.005, 0.01))
    flapping.result(5)

    client = Client(proxy)
    with client.socket:
        assert client.put() == ANSWER


def test_stranded_connections_say_nothing_and_new_ones_work(
    proxy: ChaosProxy, client: Client
) -> None:
    client.put()
    proxy.strand_connections()

    client.socket.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.put()
    other = Client(proxy)
    with other.socket:
        assert other.put() == ANSWER
    proxy.cut_connections()
    with pytest.raises(ConnectionResetError):
        client.socket.recv(1)


def test_a_server_that_cannot_be_reached_resets_the_client(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    with ChaosProxy(port) as proxy:
        # The reset may come as early as in connect().
        with pytest.raises(ConnectionResetError), Client(proxy).socket as connection:
            connection.recv(1)
        assert proxy.open_connections == 0


def test_a_failing_test_names_seed_toxics_and_deeds(server: Server) -> None:
    def fail() -> None:
        with ChaosProxy(server.port, seed=42) as proxy:
            proxy.add(Flip(at=3))
            client = Client(proxy)
            with client.socket:
                client.put()
            raise AssertionError

    with pytest.raises(AssertionError) as raised:
        fail()

    (note,) = raised.value.__notes__
    assert "seed=42" in note
    assert "Flip(" in note
    assert "flip at byte 3 of connection 1, PUT /bucket/key" in note


def test_nothing_is_left_running_whatever_was_under_way(server: Server) -> None:
    clients = []
    with ChaosProxy(server.port) as proxy:
        toxics: list[Toxic] = [Silence(at=9), Drip(seconds=5), Latency(seconds=5)]
        for number, toxic in enumerate(toxics, start=1):
            clients.append(Client(proxy))
            proxy.wait_for(lambda proxy, number=number: proxy.open_connections == number)
            proxy.add(toxic)
            clients[-1].send()
        stopping_at = time.monotonic()
    seconds = time.monotonic() - stopping_at

    assert seconds < 2
    for client in clients:
        with client.socket, pytest.raises(ConnectionResetError):
            client.socket.recv(1)
    with pytest.raises(ConnectionRefusedError):
        Client(proxy)
    assert not any(thread.name == "chaos" for thread in threading.enumerate())


def test_random_numbers_come_from_the_seed_alone(server: Server) -> None:
    with ChaosProxy(server.port, seed=9) as proxy:
        assert proxy._line.random.random() == random.Random(9).random()
        assert "seed=9" in repr(proxy)
