import random
import socket
import threading
import time

import pytest

from tests.support.chaos.proxy import ChaosProxy
from tests.support.chaos.talk import ANSWER, BODY, Client, Server
from tests.support.chaos.toxics import (
    DOWN,
    UP,
    Close,
    Drip,
    Flip,
    Latency,
    LostReply,
    Reset,
    Silence,
    Toxic,
)


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
