import base64
import hashlib
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import pytest

from s3gui.adapters.crc64nvme import CRC64NVME
from s3gui.core.acl import CannedAcl
from s3gui.core.checksum import BytesLike, Checksum
from s3gui.core.errors import (
    AccessDenied,
    BadAnswer,
    BadDigest,
    InputError,
    NoSuchUpload,
    S3guiError,
    ServiceUnavailable,
    SourceUnreadable,
    Throttled,
    Unreachable,
    WrongRegion,
)
from s3gui.core.transfer import CompletedPart, Destination, MultipartUpload, UploadOptions
from s3gui.engine.ports import ObjectStore
from s3gui.engine.source import MemoryBody
from tests.adapters.scripted_server import SECRET, Answer, ScriptedServer

DATA = bytes(range(256)) * 8
AT = Destination("bucket", "folder/file")
MULTIPART = MultipartUpload("bucket", "folder/file", "upload-id")
PAGE = Answer(
    headers={"Content-Type": "text/html; charset=utf-8"},
    body=b"\n<!DOCTYPE html><html><body>Please sign in to the hotel's network</body></html>",
)


def ignore(sent: int) -> None:
    """Nobody looks at the progress."""


def put(store: ObjectStore, body: Any = None, **options: Any) -> Any:
    body = body or MemoryBody(DATA)
    return store.put_object(
        AT,
        body,
        store.checksums.of([DATA]),
        UploadOptions(**options),
        only_if_absent=True,
        on_sent=ignore,
    )


def send_part(store: ObjectStore) -> CompletedPart:
    checksum = store.checksums.of([DATA])
    return store.upload_part(MULTIPART, 1, MemoryBody(DATA), checksum, on_sent=ignore)


def complete(store: ObjectStore) -> Any:
    checksum = store.checksums.of([DATA])
    parts = [CompletedPart(1, len(DATA), "etag", checksum)]
    return store.complete_multipart(MULTIPART, parts, checksum, only_if_absent=True)


CALLS: dict[str, Callable[[ObjectStore], object]] = {
    "list_buckets": lambda store: store.list_buckets(),
    "bucket_rules": lambda store: store.bucket_rules("bucket"),
    "create_bucket": lambda store: store.create_bucket("new", region=None, acls_enabled=False),
    "list_objects": lambda store: store.list_objects(Destination("bucket")),
    "put_object": put,
    "create_multipart": lambda store: store.create_multipart(AT, UploadOptions()),
    "upload_part": send_part,
    "list_parts": lambda store: store.list_parts(MULTIPART),
    "complete_multipart": complete,
    "list_uploads": lambda store: list(store.list_multipart_uploads(Destination("bucket"))),
    "abort_multipart": lambda store: store.abort_multipart(MULTIPART),
    "delete": lambda store: store.delete(AT),
}
ALL_CALLS = pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)


@ALL_CALLS
def test_a_sign_in_page_is_never_a_success(
    server: ScriptedServer, call: Callable[[ObjectStore], object]
) -> None:
    server.answers = [PAGE]

    with pytest.raises(BadAnswer):
        call(server.store())


def test_a_head_answered_by_a_sign_in_page_is_no_object(server: ScriptedServer) -> None:
    server.answers = [PAGE]

    with pytest.raises(BadAnswer):
        server.store().head(AT)


@pytest.mark.parametrize(
    "call",
    [CALLS[name] for name in ("put_object", "create_multipart", "upload_part")],
    ids=["put_object", "create_multipart", "upload_part"],
)
def test_an_empty_success_is_not_believed(
    server: ScriptedServer, call: Callable[[ObjectStore], object]
) -> None:
    server.answers = [Answer()]

    with pytest.raises(BadAnswer):
        call(server.store())


def test_a_complete_without_a_result_is_not_believed(server: ScriptedServer) -> None:
    server.answers = [Answer(body=b"<CompleteMultipartUploadResult/>")]

    with pytest.raises(BadAnswer):
        complete(server.store())


@ALL_CALLS
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nothing_is_sent_on_to_another_address(
    server: ScriptedServer, call: Callable[[ObjectStore], object], status: int
) -> None:
    server.answers = [Answer(status, headers={"Location": "http://127.0.0.1:9/elsewhere"})]

    with pytest.raises(S3guiError):
        call(server.store())

    assert len(server.asked) == 1


def test_another_region_is_tried_once_and_then_named(server: ScriptedServer) -> None:
    server.answers = [
        Answer(
            301,
            error_body("PermanentRedirect"),
            headers={"x-amz-bucket-region": "eu-central-1"},
        )
    ]

    with pytest.raises(WrongRegion) as caught:
        put(server.store())

    assert "eu-central-1" in caught.value.advice
    assert len(server.asked) == 2
    assert "/eu-central-1/" in server.asked[1].headers["authorization"]
    assert server.asked[1].body == DATA


def error_body(code: str, message: str = "said so") -> bytes:
    return f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode()


def test_an_error_inside_a_success_is_an_error(server: ScriptedServer) -> None:
    server.answers = [Answer(200, b"<?xml version='1.0'?>\n   " + error_body("InternalError"))]

    with pytest.raises(ServiceUnavailable) as caught:
        complete(server.store())

    assert caught.value.retryable
    assert len(server.asked) == 1


def test_one_call_of_a_transfer_is_one_attempt(server: ScriptedServer) -> None:
    server.answers = [Answer(503, error_body("SlowDown"))]

    with pytest.raises(Throttled):
        put(server.store())

    assert len(server.asked) == 1


def test_browsing_tries_again_by_itself(server: ScriptedServer) -> None:
    listing = b"<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>"
    server.answers = [Answer(503, error_body("SlowDown")), Answer(body=listing)]

    assert server.store().list_buckets() == []
    assert len(server.asked) == 2


def test_a_connection_that_is_cut_is_unreachable(server: ScriptedServer) -> None:
    server.answers = [Answer(is_cut=True)]

    with pytest.raises(Unreachable) as caught:
        put(server.store())

    assert caught.value.retryable
    assert "127.0.0.1" in caught.value.message


@pytest.mark.parametrize("body", [b"<ListAllMyBucketsResult><Buckets>", b"{}", b"\x00" * 9])
def test_an_answer_that_cannot_be_read_may_be_asked_for_again(
    server: ScriptedServer, body: bytes
) -> None:
    server.answers = [Answer(body=body)]

    with pytest.raises(S3guiError) as caught:
        complete(server.store())

    assert caught.value.retryable


def test_a_source_that_fails_while_it_is_sent_says_so_itself(server: ScriptedServer) -> None:
    class FailingBody(MemoryBody):
        reads = 0

        def blocks(self) -> Iterator[BytesLike]:
            type(self).reads += 1
            if self.reads > 1:  # the first read is for the signature
                raise SourceUnreadable("the disk is gone")
            yield self.data

    with pytest.raises(SourceUnreadable, match="the disk is gone"):
        put(server.store(), FailingBody(bytes(100_000)))


def test_over_http_the_signature_covers_the_bytes(server: ScriptedServer) -> None:
    put(server.store())

    (asked,) = server.asked
    assert asked.headers["x-amz-content-sha256"] == hashlib.sha256(DATA).hexdigest()
    assert asked.headers["authorization"].startswith("AWS4-HMAC-SHA256 ")
    assert asked.body == DATA


def test_the_headers_of_a_put_are_those_that_were_asked_for(server: ScriptedServer) -> None:
    put(
        server.store(),
        acl=CannedAcl.BUCKET_OWNER_FULL_CONTROL,
        storage_class="STANDARD_IA",
        content_type="text/x-own",
        content_disposition='attachment; filename="x"',
        encryption="aws:kms",
        kms_key_id="key-id",
        metadata=(("author", "A. N. Other"),),
        tags=(("a b", "ü&="),),
    )

    headers = server.asked[0].headers
    assert headers["x-amz-acl"] == "bucket-owner-full-control"
    assert headers["x-amz-storage-class"] == "STANDARD_IA"
    assert headers["content-type"] == "text/x-own"
    assert headers["content-disposition"] == 'attachment; filename="x"'
    assert headers["x-amz-server-side-encryption"] == "aws:kms"
    assert headers["x-amz-server-side-encryption-aws-kms-key-id"] == "key-id"
    assert headers["x-amz-meta-author"] == "A. N. Other"
    assert headers["x-amz-tagging"] == "a+b=%C3%BC%26%3D"
    assert headers["x-amz-checksum-crc64nvme"] == CRC64NVME.of([DATA]).value
    assert headers["if-none-match"] == "*"
    assert "s3gui/" in headers["user-agent"]
    assert headers["content-length"] == str(len(DATA))
    assert "expect" not in headers
    assert "transfer-encoding" not in headers


def test_the_default_acl_is_no_header_at_all(server: ScriptedServer) -> None:
    put(server.store(), acl=CannedAcl.PRIVATE)

    assert "x-amz-acl" not in server.asked[0].headers


def test_a_service_without_checksums_gets_an_md5_and_no_condition(server: ScriptedServer) -> None:
    etag = hashlib.md5(DATA).hexdigest()
    server.answers = [Answer(headers={"ETag": f'"{etag}"'})]

    stored = put(server.store("generic"))

    headers = server.asked[0].headers
    assert headers["content-md5"] == base64.b64encode(hashlib.md5(DATA).digest()).decode()
    assert "if-none-match" not in headers
    assert not [name for name in headers if name.startswith("x-amz-checksum")]
    assert stored.checksum == Checksum("MD5", etag)


def test_an_etag_of_other_bytes_is_not_believed(server: ScriptedServer) -> None:
    server.answers = [Answer(headers={"ETag": f'"{"0" * 32}"'})]

    with pytest.raises(BadDigest):
        put(server.store("generic"))
    with pytest.raises(BadDigest):
        send_part(server.store("generic"))


@pytest.mark.parametrize(
    "headers",
    [
        {"ETag": '"not-an-md5"'},
        {"ETag": f'"{"0" * 32}"', "x-amz-server-side-encryption": "aws:kms"},
        {"ETag": f'"{"0" * 32}"', "x-amz-server-side-encryption-customer-algorithm": "AES256"},
    ],
    ids=["own kind", "KMS", "customer's key"],
)
def test_an_etag_that_is_no_md5_is_not_compared(
    server: ScriptedServer, headers: dict[str, str]
) -> None:
    server.answers = [Answer(headers=headers)]

    assert put(server.store("generic")).checksum is None


def test_a_part_carries_its_checksum_and_complete_the_whole(server: ScriptedServer) -> None:
    checksum = CRC64NVME.of([DATA])
    server.answers = [
        Answer(headers={"ETag": '"etag"'}),
        Answer(
            body=b"<CompleteMultipartUploadResult><ETag>etag-1</ETag></CompleteMultipartUploadResult>"
        ),
    ]
    store = server.store()

    part = send_part(store)
    stored = complete(store)

    assert part == CompletedPart(1, len(DATA), "etag", checksum)
    assert stored.etag == "etag-1"
    sent, completed = server.asked
    assert sent.headers["x-amz-checksum-crc64nvme"] == checksum.value
    assert completed.headers["x-amz-checksum-crc64nvme"] == checksum.value
    assert completed.headers["x-amz-checksum-type"] == "FULL_OBJECT"
    assert completed.headers["x-amz-mp-object-size"] == str(len(DATA))
    assert completed.headers["if-none-match"] == "*"
    assert f"<ChecksumCRC64NVME>{checksum.value}<".encode() in completed.body


def test_create_names_the_checksum_of_the_whole(server: ScriptedServer) -> None:
    document = (
        b"<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>"
    )
    server.answers = [Answer(body=document % MULTIPART.upload_id.encode())]

    assert server.store().create_multipart(AT, UploadOptions()) == MULTIPART

    headers = server.asked[0].headers
    assert headers["x-amz-checksum-algorithm"] == "CRC64NVME"
    assert headers["x-amz-checksum-type"] == "FULL_OBJECT"


@pytest.mark.parametrize("key", ["/lead", "a//b", "./a/../b", "..", "a b+c%", "日本/😀"])
def test_a_key_reaches_the_wire_byte_for_byte(server: ScriptedServer, key: str) -> None:
    server.store().delete(Destination("bucket", key))

    assert unquote(server.asked[0].path.removeprefix("/bucket/")) == key


@pytest.mark.parametrize("key", ["", "x" * 1025, "not-\udcff-unicode"])
def test_a_key_that_cannot_be_is_refused_before_anything_is_sent(
    server: ScriptedServer, key: str
) -> None:
    store = server.store()
    at = Destination("bucket", key)

    for call in (store.head, store.delete, lambda at: store.create_multipart(at, UploadOptions())):
        with pytest.raises(InputError):
            call(at)
    assert server.asked == []


def test_a_bucket_name_that_cannot_be_is_refused_before_anything_is_sent(
    server: ScriptedServer,
) -> None:
    with pytest.raises(InputError):
        server.store().delete(Destination("no such bucket/name", "key"))
    assert server.asked == []


def test_no_secret_is_in_a_failure(server: ScriptedServer) -> None:
    token = "A" * 100
    server.answers = [Answer(403, error_body("SignatureDoesNotMatch", f"{token} does not fit"))]

    with pytest.raises(S3guiError) as caught:
        put(server.store())

    failure = caught.value.failure()
    for text in (failure.message, failure.hint, failure.detail, repr(caught.value)):
        assert SECRET not in text
        assert token not in text


def test_an_access_refused_for_all_buckets_is_said_so(server: ScriptedServer) -> None:
    server.answers = [Answer(403, error_body("AccessDenied"))]

    with pytest.raises(AccessDenied, match="denies access to the list of buckets"):
        server.store().list_buckets()


@pytest.mark.parametrize(
    "call",
    [CALLS[name] for name in ("upload_part", "list_parts", "complete_multipart")],
    ids=["upload_part", "list_parts", "complete_multipart"],
)
def test_a_service_that_misses_the_key_means_the_upload(
    server: ScriptedServer, call: Callable[[ObjectStore], object]
) -> None:
    server.answers = [Answer(404, error_body("NoSuchKey"))]

    with pytest.raises(NoSuchUpload):
        call(server.store())
