import pytest

from s3gui.adapters import s3_body
from s3gui.adapters.s3_body import RequestBody, exact_bytes
from s3gui.core.errors import SourceChanged
from s3gui.engine.source import MemoryBody

MIB = 1024 * 1024


class Line:
    """A line on which each block takes as long as the test says."""

    def __init__(self, monkeypatch, bytes_per_second):
        self.now = 0.0
        self.rate = bytes_per_second
        monkeypatch.setattr(s3_body.time, "monotonic", lambda: self.now)

    def send(self, body):
        body.start_sending()
        sizes = []
        while block := body.read(16384):
            self.now += len(block) / self.rate
            sizes.append(len(block))
        return sizes


def body(size, sent=None):
    return RequestBody(MemoryBody(bytes(size)), (sent if sent is not None else []).append)


def test_a_fast_line_gets_large_blocks(monkeypatch):
    sizes = Line(monkeypatch, 100 * MIB).send(body(16 * MIB))
    assert max(sizes) == MIB
    assert sum(sizes) == 16 * MIB


def test_a_slow_line_gets_blocks_that_pass_within_seconds(monkeypatch):
    rate = 20_000
    sizes = Line(monkeypatch, rate).send(body(2 * MIB))
    assert max(sizes) / rate < 5
    assert sum(sizes) == 2 * MIB


def test_only_what_is_sent_counts_and_each_attempt_starts_anew():
    sent = []
    request = body(3 * MIB, sent)
    while request.read():
        pass
    assert sent == []
    for _ in range(2):
        request.seek(0)
        request.start_sending()
        while request.read():
            pass
        assert sent[-1] == 3 * MIB
        assert sent == sorted(sent)
        sent.clear()


@pytest.mark.parametrize(("promised", "there"), [(10, 9), (10, 11)])
def test_a_body_of_another_length_is_never_sent_as_whole(promised, there):
    wrong = MemoryBody(bytes(there))
    wrong.size = promised
    request = RequestBody(wrong, lambda _: None)
    with pytest.raises(SourceChanged):
        list(iter(request.read, b""))
    assert isinstance(request.error, SourceChanged)


class Other(MemoryBody):
    """It holds other bytes than it promised, and counts how often it is read."""

    def __init__(self, promised, held):
        super().__init__(promised)
        self.held = held
        self.reads = 0

    def blocks(self):
        self.reads += 1
        yield from (self.held[:1], memoryview(self.held)[1:])


def test_a_small_body_is_read_once_and_whole():
    small = Other(b"abc", b"abc")
    assert (exact_bytes(small), small.reads) == (b"abc", 1)


@pytest.mark.parametrize(("held", "message"), [(b"ab", "shorter"), (b"abcd", "longer")])
def test_a_small_body_that_is_not_what_it_promised_is_refused(held, message):
    with pytest.raises(SourceChanged, match=message):
        exact_bytes(Other(b"abc", held))
