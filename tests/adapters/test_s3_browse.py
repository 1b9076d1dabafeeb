import io

import pytest
from botocore.response import StreamingBody

from s3gui.adapters.s3_browse import S3Download, connect_for_browsing
from s3gui.core.errors import (
    AccessDenied,
    BadAnswer,
    NoSuchBucket,
    NoSuchKey,
    Unreachable,
    WriteConflict,
)
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.transfer import Destination
from tests.adapters.scripted_server import ACCESS_KEY_ID, SECRET, Answer, ScriptedServer

AT = Destination("bucket", "folder/file")
XML = {"Content-Type": "application/xml"}


def browsing(server: ScriptedServer, provider_id: str = "generic"):
    profile = Profile("scripted", "Scripted", provider_id, server.endpoint_url, "us-east-1")
    return connect_for_browsing(profile, Credentials(ACCESS_KEY_ID, Secret(SECRET)))


def listing(*keys: str, more: str = "<IsTruncated>false</IsTruncated>") -> Answer:
    rows = "".join(f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in keys)
    return Answer(200, f"<ListBucketResult>{rows}{more}</ListBucketResult>".encode(), XML)


def error(status: int, code: str) -> Answer:
    return Answer(status, f"<Error><Code>{code}</Code></Error>".encode(), XML)


def test_a_list_without_tokens_goes_on_after_its_last_key(server: ScriptedServer):
    server.answers = [
        listing("a", "b", more="<IsTruncated>true</IsTruncated>"),
        listing("c"),
    ]

    found = [row.key for row in browsing(server).find_objects(Destination("bucket"))]

    assert found == ["a", "b", "c"]
    assert "start-after=b" in server.asked[1].path


def test_a_list_that_repeats_itself_ends(server: ScriptedServer):
    server.answers = [listing("a", "b", more="<IsTruncated>true</IsTruncated>")]

    with pytest.raises(BadAnswer, match="repeat"):
        list(browsing(server).find_objects(Destination("bucket")))


def test_what_a_list_does_not_tell_is_none(server: ScriptedServer):
    server.answers = [listing("a")]

    (found,) = browsing(server).find_objects(Destination("bucket", "a"))

    assert (found.modified_at, found.owner_id, found.owner_name, found.etag) == (None,) * 3 + ("",)


def test_a_missing_bucket_and_a_forbidden_one_are_told_apart(server: ScriptedServer):
    store = browsing(server)

    server.answers = [Answer(404)]
    with pytest.raises(NoSuchBucket, match="bucket"):
        store.check_bucket("bucket")
    server.answers = [Answer(403)]
    with pytest.raises(AccessDenied):
        store.check_bucket("bucket")


def test_an_answer_without_a_body_to_a_deletion_is_understood(server: ScriptedServer):
    store = browsing(server)

    server.answers = [Answer(404)]
    with pytest.raises(NoSuchBucket):
        store.delete_bucket("bucket")
    for given in (Answer(409), error(409, "BucketNotEmpty")):
        server.answers = [given]
        with pytest.raises(WriteConflict) as raised:
            store.delete_bucket("bucket")
        assert raised.value.service_code == "BucketNotEmpty"
    server.answers = [error(409, "OperationAborted")]
    with pytest.raises(WriteConflict) as raised:
        store.delete_bucket("bucket")
    assert raised.value.service_code == "OperationAborted"


def test_a_missing_object_has_no_description(server: ScriptedServer):
    server.answers = [Answer(404)]

    assert browsing(server).describe(AT) is None


def test_a_missing_object_is_told_before_any_byte(server: ScriptedServer):
    store = browsing(server)

    for code, kind in [("NoSuchKey", NoSuchKey), ("NoSuchBucket", NoSuchBucket)]:
        server.answers = [error(404, code)]
        with pytest.raises(kind):
            store.download(AT)


def test_a_download_that_breaks_off_is_no_success():
    body = StreamingBody(io.BytesIO(b"only this"), 1000)
    answer = {"ContentLength": 1000, "Body": body}
    download = S3Download(answer, host="example.com", destination=AT)
    chunks = download.chunks(4)

    assert (download.size, next(chunks)) == (1000, b"only")
    with pytest.raises(Unreachable, match="broke"):
        list(chunks)


@pytest.mark.parametrize(
    ("start", "end", "header"),
    [(5, 10, "bytes=5-9"), (5, None, "bytes=5-"), (None, 3, "bytes=0-2")],
)
def test_a_range_leaves_its_end_out(server: ScriptedServer, start, end, header):
    server.answers = [Answer(206, b"bytes", {"Content-Range": "bytes 5-9/100"})]

    download = browsing(server).download(AT, start, end)

    assert b"".join(download.chunks(100)) == b"bytes"
    assert server.asked[0].headers["range"] == header


@pytest.mark.parametrize(
    "given", [Answer(206, b"bytes"), Answer(200, b"bytes", {"Content-Range": "bytes 5-9/100"})]
)
def test_a_range_is_known_by_its_status_or_its_header(server: ScriptedServer, given):
    server.answers = [given]

    assert b"".join(browsing(server).download(AT, 5, 10).chunks(100)) == b"bytes"


def test_the_whole_instead_of_a_range_is_refused(server: ScriptedServer):
    server.answers = [Answer(200, b"everything")]

    with pytest.raises(BadAnswer, match="whole"):
        browsing(server).download(AT, 5, 10)
