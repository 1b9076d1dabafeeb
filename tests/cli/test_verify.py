import csv
import json
import os
import stat

import pytest

from s3gui.cli.receipt import check_receipt
from s3gui.core.errors import InputError
from s3gui.engine.receipt import write_receipt
from s3gui.practice.faults import answer

MIB = 1024**2


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "run"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.txt").write_bytes(b"a")
    (folder / "empty").write_bytes(b"")
    (folder / "sub" / "large.bin").write_bytes(os.urandom(11 * MIB))
    return folder


@pytest.fixture
def verify(program, practice):
    def run(*words):
        return program.run("verify", *words, "--endpoint-url", practice.service.endpoint_url)

    return run


def store_as_others_do(practice, folder):
    """By boto3's own transfers: CRC32 of parts, composite."""
    with practice.client() as client:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                key = f"run/{path.relative_to(folder).as_posix()}"
                client.upload_file(str(path), "practice", key)


def test_what_we_uploaded_is_proven_the_same(program, practice, verify, folder, tmp_path):
    endpoint = ("--endpoint-url", practice.service.endpoint_url)
    program.run("upload", folder, "s3://practice/", *endpoint)
    result = verify(folder, "s3://practice/")
    assert result.status == 0, result.errors
    assert result.output.count("same") == 3
    assert "3 of 3 proven the same" in result.errors


def test_what_others_uploaded_is_proven_too_and_nothing_is_downloaded(practice, verify, folder):
    store_as_others_do(practice, folder)
    result = verify(folder, "s3://practice/", "--json")
    assert result.status == 0, result.errors
    assert {each["result"] for each in result.events[:-1]} == {"same"}
    assert practice.server.ledger.count("GetObject") == 0


def test_each_file_that_is_not_the_same_is_told_with_its_reason(practice, verify, folder):
    store_as_others_do(practice, folder)
    (folder / "a.txt").write_bytes(b"b")
    (folder / "new.txt").write_bytes(b"new")
    content = bytearray((folder / "sub" / "large.bin").read_bytes())
    content[-1] ^= 1
    (folder / "sub" / "large.bin").write_bytes(content)
    result = verify(folder, "s3://practice/", "--json")
    assert result.status == 1
    results = {each["key"]: each["result"] for each in result.events[:-1]}
    assert results == {
        "run/a.txt": "differs",
        "run/empty": "same",
        "run/new.txt": "missing",
        "run/sub/large.bin": "differs",
    }
    assert result.summary["verdicts"]["differs"] == 2


def test_credentials_that_expired_are_told_once_for_all_files(practice, verify, folder):
    """Its answer has no body: each file could not be proven, for “400 Bad Request”."""
    for operation in ("HeadObject", "ListObjectsV2"):
        practice.server.faults.add(answer("ExpiredToken"), operation=operation, times=None)
    result = verify(folder, "s3://practice/", "--json")
    assert result.status != 0
    assert [each["error"]["code"] for each in result.events if each.get("error")] == [
        "credentials-expired"
    ]


def test_nothing_to_verify_is_not_a_success(verify, tmp_path):
    (tmp_path / "nothing").mkdir()
    result = verify(tmp_path / "nothing", "s3://practice/")
    assert result.status == 1
    assert "nothing to verify" in result.errors


def test_a_receipt_says_what_was_proven(practice, verify, folder, tmp_path):
    store_as_others_do(practice, folder)
    receipt = tmp_path / "receipt.json"
    assert verify(folder, "s3://practice/", "--receipt", receipt).status == 0
    document = json.loads(receipt.read_text())
    assert len(document["files"]) == 3
    row = next(each for each in document["files"] if each["key"] == "run/sub/large.bin")
    assert row["result"] == "same"
    assert row["size_bytes"] == 11 * MIB
    assert row["checksum"]


def test_a_receipt_takes_no_other_files_place(verify, folder, tmp_path):
    receipt = tmp_path / "receipt.csv"
    receipt.write_text("mine")
    result = verify(folder, "s3://practice/", "--receipt", receipt)
    assert result.status == 2
    assert receipt.read_text() == "mine"


@pytest.mark.parametrize("name", ["receipt", "receipt.txt", "no-such-folder/receipt.json"])
def test_a_receipt_that_cannot_be_is_refused_before_anything_begins(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError):
        check_receipt(name)


def test_a_receipt_for_a_spreadsheet_holds_no_formula(tmp_path):
    path = tmp_path / "receipt.csv"
    write_receipt(path, [{"path": "=1+1", "key": "a,b\n\udcff", "size_bytes": 3}], "host")
    (row,) = csv.DictReader(path.read_text().splitlines(keepends=True))
    assert row["path"] == "'=1+1"
    assert row["size_bytes"] == "3"
    assert stat.S_ISREG(path.stat().st_mode)
    assert [each.name for each in tmp_path.iterdir()] == ["receipt.csv"]


@pytest.mark.parametrize("words", [("run",), ("-",)], ids=["folder", "stream"])
def test_an_upload_writes_a_receipt_of_what_was_stored(practice, program, folder, tmp_path, words):
    receipt = tmp_path / "receipt.csv"
    to = "s3://practice/" if words != ("-",) else "s3://practice/from-a-pipe"
    sources = [folder if word == "run" else word for word in words]
    endpoint = ("--endpoint-url", practice.service.endpoint_url)
    result = program.run(
        "upload", *sources, to, *endpoint, "--receipt", receipt, standard_input=b"piped"
    )
    assert result.status == 0, result.errors
    rows = list(csv.DictReader(receipt.read_text().splitlines()))
    assert {row["key"] for row in rows} == practice.keys()
    assert {row["result"] for row in rows} == {"stored-and-verified"}
    assert all(row["checksum"] or row["etag"] for row in rows)


def test_a_receipt_that_exists_stops_an_upload_before_it_begins(
    practice, program, folder, tmp_path
):
    receipt = tmp_path / "receipt.json"
    receipt.write_text("mine")
    endpoint = ("--endpoint-url", practice.service.endpoint_url)
    result = program.run("upload", folder, "s3://practice/", *endpoint, "--receipt", receipt)
    assert result.status == 2
    assert practice.keys() == set()
    assert receipt.read_text() == "mine"
