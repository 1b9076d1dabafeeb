from collections.abc import Iterable

import pytest

from tests.support.chaos.framing import Answers, Piece, Requests

PUT = b"PUT /bucket/key HTTP/1.1\r\nHost: here\r\nContent-Length: 6\r\n\r\n"
GET = b"GET /bucket HTTP/1.1\r\nHost: here\r\n\r\n"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"


def cut(framing: Requests | Answers, blocks: Iterable[bytes]) -> list[Piece]:
    return [piece for block in blocks for piece in framing.cut(block)]


def every_way(data: bytes) -> Iterable[list[bytes]]:
    return ([data[:where], data[where:]] for where in range(1, len(data)))


def test_heads_and_bodies_are_told_apart_however_the_bytes_arrive() -> None:
    for blocks in every_way(PUT + b"abcdef" + GET + PUT + b"uvwxyz"):
        pieces = cut(Requests(1), blocks)

        assert b"".join(piece.data for piece in pieces) == b"".join(blocks)
        heads = [piece for piece in pieces if piece.body_at < 0]
        assert [head.data for head in heads] == [PUT, GET, PUT]
        assert [head.exchange.number for head in heads] == [1, 2, 3]
        bodies = [piece for piece in pieces if piece.body_at >= 0]
        assert b"".join(piece.data for piece in bodies) == b"abcdefuvwxyz"
        assert sum(piece.is_end for piece in pieces) == 3
        assert pieces[-1].is_end


def test_positions_count_from_the_connections_start_and_from_the_bodys() -> None:
    head, body, next_head = cut(Requests(1), [PUT + b"abcdef" + GET])

    assert (head.at, head.body_at) == (0, -len(PUT))
    assert (body.at, body.body_at) == (len(PUT), 0)
    assert (next_head.at, next_head.body_at) == (len(PUT) + 6, -len(GET))
    assert [(part.data, part.body_at) for part in body.split(2)] == [(b"ab", 0), (b"cdef", 2)]


@pytest.mark.parametrize("data", [b"\x16\x03\x01\x00raw", b"hello there\r\nPUT it here\r\n\r\n"])
def test_what_is_not_http_is_passed_on_as_it_is(data: bytes) -> None:
    pieces = cut(Requests(1), [data, b"more"])

    assert [piece.data for piece in pieces] == [data, b"more"]
    assert [piece.at for piece in pieces] == [0, len(data)]
    assert pieces[0].exchange.head == ""


def test_an_answer_goes_on_until_the_next_request() -> None:
    for first, second in every_way(OK + b"hello"):
        requests = Requests(1)
        answers = Answers(requests)
        cut(requests, [GET])
        one = cut(answers, [first, second])
        cut(requests, [GET])
        two = cut(answers, [OK + b"there"])

        assert b"".join(piece.data for piece in one if piece.body_at >= 0) == b"hello"
        assert [(piece.data, piece.body_at) for piece in two] == [(OK, -len(OK)), (b"there", 0)]
        assert {piece.exchange.number for piece in one} == {1}
        assert {piece.exchange.number for piece in two} == {2}


def test_a_100_is_not_the_answer() -> None:
    requests = Requests(1)
    answers = Answers(requests)
    cut(requests, [PUT])

    interim, head = cut(answers, [b"HTTP/1.1 100 Continue\r\n\r\n" + OK])

    assert interim.is_interim
    assert (head.data, head.body_at, head.is_interim) == (OK, -len(OK), False)


def test_half_a_head_is_not_lost() -> None:
    requests = Requests(1)
    assert cut(requests, [GET[:-2]]) == []
    assert [piece.data for piece in requests.rest()] == [GET[:-2]]
