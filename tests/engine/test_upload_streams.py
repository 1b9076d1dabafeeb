import pytest

from s3gui.core.errors import TooLarge
from s3gui.core.events import PartsConfirmed
from s3gui.core.transfer import ConflictRule, Transfer, UploadOptions
from s3gui.engine.stop import Stop, Stopped, StopReason
from s3gui.engine.stream import StreamSource
from s3gui.engine.upload import upload
from tests.engine.sender import HERE


def stream(means, chunks, stop=None, options=None):
    options = options or UploadOptions()
    (saved,) = means.journal.add_transfers([Transfer(1, "-", HERE, options=options)])
    source = StreamSource(chunks, means.store.provider.limits)
    return upload(means.journal.transfer(saved), source, means, stop or Stop())


@pytest.mark.row("F-13")
def test_a_stream_goes_up_in_parts_as_it_comes(means, store, data):
    done = stream(means, [data[:1], data[1:60], b"", data[60:]])
    assert store.data(HERE) == data
    assert done.size == done.sent_bytes == 95
    assert PartsConfirmed(done.id, None, frozenset()) in means.publish.__self__


@pytest.mark.row("F-13")
def test_a_short_or_empty_stream_is_one_request(means, store):
    stream(means, [b"abc"])
    assert store.data(HERE) == b"abc"
    assert store.count("create_multipart") == 0
    stream(means, [], options=UploadOptions(on_conflict=ConflictRule.REPLACE))
    assert store.data(HERE) == b""


@pytest.mark.row("F-13")
@pytest.mark.parametrize("error", [ValueError("broken"), KeyboardInterrupt()])
def test_a_stream_that_breaks_leaves_nothing_and_its_own_error_comes_out(means, store, error):
    def chunks():
        yield bytes(35)
        raise error

    with pytest.raises(type(error)):
        stream(means, chunks())
    assert store.data(HERE) is None
    assert store.open_uploads() == []


def test_a_stream_is_read_no_further_ahead_than_its_parts_may_be_kept(means, store):
    size = means.store.provider.limits.min_part_size
    ahead = []

    def chunks():
        for number in range(12):
            ahead.append(number - store.count("upload_part"))
            yield bytes(size)

    (saved,) = means.journal.add_transfers([Transfer(1, "-", HERE)])
    source = StreamSource(chunks(), means.store.provider.limits, size)
    source._most_bytes = size
    upload(means.journal.transfer(saved), source, means, Stop())
    assert store.count("upload_part") == 12
    assert max(ahead) <= 2, "the one that is sent, and the one that shows that it was not the last"


def test_a_stopped_stream_leaves_nothing(means, store):
    stop = Stop()

    def chunks():
        yield bytes(35)
        stop.request(StopReason.PAUSED)
        yield bytes(35)

    with pytest.raises(Stopped):
        stream(means, chunks(), stop)
    assert store.open_uploads() == []
    assert store.data(HERE) is None


@pytest.mark.row("F-13")
def test_a_stream_beyond_the_services_limit_leaves_nothing(means, store):
    with pytest.raises(TooLarge):
        stream(means, (bytes(100) for _ in range(100)))
    assert store.open_uploads() == []
