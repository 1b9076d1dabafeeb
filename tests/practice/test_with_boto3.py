"""boto3 with its default settings: managed transfers, checksums of its own, presigned URLs."""

import threading
import urllib.error
import urllib.request

import pytest
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import SSLError

MEBIBYTE = 1024 * 1024


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(bytes(range(256)) * (20 * MEBIBYTE // 256) + b"the end")
    return path


def test_a_file_goes_up_in_parts_and_comes_back(server, client, file, tmp_path):
    client.upload_file(str(file), "bucket", "key", ExtraArgs={"Metadata": {"a": "b"}})
    assert server.ledger.count("UploadPart", status=200) == 3
    client.download_file("bucket", "key", str(tmp_path / "back.bin"))
    assert (tmp_path / "back.bin").read_bytes() == file.read_bytes()
    head = client.head_object(Bucket="bucket", Key="key", ChecksumMode="ENABLED")
    assert head["ChecksumType"] == "COMPOSITE"
    assert head["ChecksumCRC32"].endswith("-3")


def test_a_big_copy_is_made_of_copied_parts(server, client, file):
    client.upload_file(str(file), "bucket", "key")
    client.copy(
        {"Bucket": "bucket", "Key": "key"},
        "bucket",
        "copy",
        Config=TransferConfig(multipart_threshold=6 * MEBIBYTE, multipart_chunksize=6 * MEBIBYTE),
    )
    assert server.ledger.count("UploadPartCopy", status=200) == 4
    assert client.get_object(Bucket="bucket", Key="copy")["Body"].read() == file.read_bytes()


def test_presigned_urls_work_for_anyone(server, make_client):
    client = make_client(signature_version="s3v4")
    where = {"Bucket": "bucket", "Key": "a b/ü"}
    url = client.generate_presigned_url("put_object", where, 60)
    request = urllib.request.Request(url, b"hello", method="PUT")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    with urllib.request.urlopen(client.generate_presigned_url("get_object", where, 60)) as answer:
        assert answer.read() == b"hello"
    server.clock.move(61)
    url = url.replace("X-Amz-Expires=60", "X-Amz-Expires=6000")
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(url)
    with caught.value as answer:
        assert b"SignatureDoesNotMatch" in answer.read()


def test_over_tls_boto3_sends_its_checksums_as_trailers(
    server_with_tls, make_client, certificate, file
):
    server = server_with_tls
    client = make_client(
        server.credentials, endpoint_url=server.endpoint_url, verify=str(certificate)
    )
    sent = []
    client.meta.events.register(
        "before-send.s3", lambda request, **_: sent.append(request.headers.get("X-Amz-Trailer"))
    )
    with file.open("rb") as body:
        client.put_object(Bucket="bucket", Key="key", Body=body)
    assert sent == [b"x-amz-checksum-crc32"]
    reply = client.get_object(Bucket="bucket", Key="key", ChecksumMode="ENABLED")
    assert reply["ChecksumCRC32"]
    assert reply["Body"].read() == file.read_bytes()
    client.upload_file(str(file), "bucket", "parts")
    reply = client.get_object(Bucket="bucket", Key="parts")
    assert reply["Body"].read() == file.read_bytes()
    assert server.ledger.count("UploadPart", status=200) == 3


def test_a_client_without_trust_is_no_trouble(server_with_tls, make_client, certificate, capfd):
    server = server_with_tls
    with pytest.raises(SSLError):
        make_client(server.credentials, endpoint_url=server.endpoint_url).list_buckets()
    plain = server.endpoint_url.replace("https:", "http:")
    with pytest.raises(OSError):  # a reset or a closed connection
        urllib.request.urlopen(plain)
    trusting = make_client(
        server.credentials, endpoint_url=server.endpoint_url, verify=str(certificate)
    )
    trusting.list_buckets()
    assert capfd.readouterr().err == ""


def test_stopping_does_not_wait_for_a_client_over_tls(server_with_tls, make_client, certificate):
    server = server_with_tls
    client = make_client(
        server.credentials, endpoint_url=server.endpoint_url, verify=str(certificate)
    )
    client.list_buckets()  # leaves its connection open
    thread = threading.Thread(target=server.stop)
    thread.start()
    thread.join(5)
    assert not thread.is_alive()
