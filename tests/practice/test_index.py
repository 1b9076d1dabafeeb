import sqlite3
import threading

import pytest

from s3gui.practice.index import Index
from s3gui.practice.model import Bucket


@pytest.fixture
def freed():
    return []


@pytest.fixture
def index(tmp_path, freed):
    made = Index(tmp_path / "index.sqlite3", freed.extend)
    yield made
    made.close()


def test_a_transaction_that_fails_leaves_nothing(index):
    done = []

    def fail():
        with index.transaction():
            index.save_bucket(Bucket("bucket", "us-east-1", 1.0))
            index.after_commit(lambda: done.append("told"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert index.bucket("bucket") is None
    with index.transaction():
        pass
    assert done == []


def test_what_follows_a_commit_follows_the_outermost_one(index):
    done = []
    with index.transaction():
        with index.transaction():
            index.after_commit(lambda: done.append("told"))
        assert done == []
    assert done == ["told"]


def test_an_inner_failure_that_is_caught_does_not_end_the_outer_one(index):
    with index.transaction():
        with pytest.raises(KeyError), index.transaction():
            raise KeyError
        index.save_bucket(Bucket("bucket", "us-east-1", 1.0))
    assert index.bucket("bucket") is not None


def test_transactions_of_threads_wait_for_each_other(index):
    def add(number):
        with index.transaction():
            seen = len(index.buckets())
            index.save_bucket(Bucket(f"bucket-{seen}", "us-east-1", number))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(index.buckets()) == 16


def test_a_damaged_file_is_said_to_be_one(tmp_path):
    (tmp_path / "index.sqlite3").write_bytes(b"this is no database" * 100)
    with pytest.raises(OSError, match="is damaged"):
        Index(tmp_path / "index.sqlite3", list)


def test_a_file_of_another_version_is_left_alone(tmp_path):
    connection = sqlite3.connect(tmp_path / "index.sqlite3")
    connection.execute("CREATE TABLE buckets (name TEXT)")
    connection.close()
    with pytest.raises(OSError, match="another version"):
        Index(tmp_path / "index.sqlite3", list)
