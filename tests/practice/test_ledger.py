import json
import threading

from s3gui.practice import Ledger

FIELDS = {
    "time": 1.0,
    "operation": "PutObject",
    "bucket": "bucket",
    "key": "key",
    "part_number": None,
    "upload_id": None,
    "version_id": None,
    "access_key_id": "AKIA",
    "bytes_accepted": 5,
    "status": 200,
    "error_code": None,
    "seconds": 0.1,
}


def test_it_answers_by_operation_and_field():
    ledger = Ledger()
    ledger.append(**FIELDS)
    ledger.append(**{**FIELDS, "operation": "UploadPart", "part_number": 3, "bytes_accepted": 7})
    assert ledger.count() == 2
    assert ledger.count("UploadPart") == ledger.count(part_number=3) == 1
    assert ledger.bytes_accepted() == 12
    assert ledger.bytes_accepted("UploadPart", key="key") == 7
    assert [record.number for record in ledger.records()] == [1, 2]


def test_it_can_be_waited_for():
    ledger = Ledger()
    assert not ledger.wait_for(1, "PutObject", timeout_seconds=0)
    thread = threading.Thread(target=lambda: ledger.append(**FIELDS))
    thread.start()
    assert ledger.wait_for(1, "PutObject", bucket="bucket")
    thread.join()


def test_it_forgets_the_oldest_beyond_its_limit():
    ledger = Ledger(limit=2)
    for _ in range(5):
        ledger.append(**FIELDS)
    assert [record.number for record in ledger.records()] == [4, 5]


def test_it_writes_each_entry_as_a_line_at_once(tmp_path):
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.append(**FIELDS)
    lines = (tmp_path / "ledger.jsonl").read_text().splitlines()
    assert json.loads(lines[0])["operation"] == "PutObject"
    ledger.close()
    ledger.close()


def test_requests_and_committed_versions_are_recorded(server, client):
    client.put_object(Bucket="bucket", Key="key", Body=b"hello", ContentType="text/plain")
    [record] = server.ledger.records("PutObject")
    assert (record.bucket, record.key, record.bytes_accepted, record.status) == (
        "bucket",
        "key",
        5,
        200,
    )
    assert record.access_key_id == server.credentials.access_key_id
    [commit] = server.ledger.commits(key="key")
    assert (commit.size_bytes, commit.etag) == (5, "5d41402abc4b2a76b9719d911017c592")


def test_a_refused_write_commits_nothing(server, raw):
    reply = raw.call("PUT", "/bucket/key", b"hello", {"Content-MD5": "A" * 22 + "=="})
    assert reply.code == "BadDigest"
    [record] = server.ledger.records("PutObject")
    assert (record.status, record.error_code, record.bytes_accepted) == (400, "BadDigest", 0)
    assert server.ledger.commits() == []
