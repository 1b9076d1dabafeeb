import itertools
import socket
import time

import pytest

from tests.support.chaos.proxy import ChaosProxy
from tests.support.chaos.talk import ANSWER, BODY, DAMAGED, Client, Server
from tests.support.chaos.toxics import (
    DOWN,
    SIGN_IN_PAGE,
    Bandwidth,
    Close,
    Drip,
    Flip,
    Latency,
    Loss,
    RandomFlips,
    Reply,
    SlowClose,
    http_answer,
)


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
