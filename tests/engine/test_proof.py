import base64
import hashlib
import zlib

import pytest

from s3gui.adapters.s3_evidence import sums
from s3gui.core.checksum import Checksum, Md5
from s3gui.core.errors import SourceChanged
from s3gui.engine.proof import Evidence, Verdict, equal_parts, prove
from s3gui.engine.source import FileSource
from s3gui.engine.stop import Stop, Stopped, StopReason

DATA = bytes(range(256)) * 100
MIB = 1024**2


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "file.bin"
    path.write_bytes(DATA)
    return path


def proof_of(path, evidence, stop=None):
    with FileSource(path) as source:
        return prove(source, evidence, sums(), stop or Stop())


def base64_of(digest):
    return base64.b64encode(digest).decode()


def md5_in_parts(data, part_size):
    parts = [data[at : at + part_size] for at in range(0, len(data), part_size)]
    whole = hashlib.md5(b"".join(hashlib.md5(part).digest() for part in parts))
    return f"{whole.hexdigest()}-{len(parts)}"


@pytest.mark.parametrize("algorithm", ["CRC64NVME", "CRC32", "CRC32C", "SHA1", "SHA256", "SHA512"])
def test_a_checksum_of_the_whole_proves_and_refutes(path, algorithm):
    running = sums()[algorithm]()
    running.update(DATA)
    right = Checksum(algorithm, base64_of(running.digest()))
    proof = proof_of(path, Evidence(len(DATA), "x", checksums=(right,)))
    assert (proof.verdict, proof.checksum) == (Verdict.SAME, right)
    wrong = Checksum(algorithm, base64_of(bytes(len(running.digest()))))
    proof = proof_of(path, Evidence(len(DATA), "x", checksums=(wrong,)))
    assert proof.verdict is Verdict.DIFFERS
    assert wrong.value in proof.reason


def test_the_fast_crc_is_that_of_zlib(path):
    right = Checksum("CRC32", base64_of(zlib.crc32(DATA).to_bytes(4)))
    assert proof_of(path, Evidence(len(DATA), "", checksums=(right,))).verdict is Verdict.SAME


def test_a_checksum_of_checksums_needs_the_sizes_of_the_parts(path):
    digests = b"".join(
        hashlib.sha256(DATA[at : at + 10_000]).digest() for at in range(0, len(DATA), 10_000)
    )
    claim = Checksum("SHA256", f"{base64_of(hashlib.sha256(digests).digest())}-3")
    sizes = tuple(equal_parts(len(DATA), 10_000))
    known = Evidence(len(DATA), "x-3", checksums=(claim,), part_sizes=sizes)
    assert proof_of(path, known).verdict is Verdict.SAME
    unknown = Evidence(len(DATA), "x-3", checksums=(claim,))
    proof = proof_of(path, unknown)
    assert proof.verdict is Verdict.UNPROVEN
    assert "sizes" in proof.reason


def test_an_etag_that_is_an_md5_proves_and_refutes(path):
    right = Evidence(len(DATA), hashlib.md5(DATA).hexdigest(), etag_is_md5=True)
    assert proof_of(path, right).verdict is Verdict.SAME
    wrong = Evidence(len(DATA), "0" * 32, etag_is_md5=True)
    assert proof_of(path, wrong).verdict is Verdict.DIFFERS


def test_an_etag_that_is_no_md5_proves_nothing(path):
    """As under KMS and customers' keys: never a mismatch."""
    proof = proof_of(path, Evidence(len(DATA), "0" * 32))
    assert proof.verdict is Verdict.UNPROVEN
    assert "no checksum" in proof.reason


def test_an_etag_of_parts_proves_with_their_sizes_and_can_be_guessed_without(tmp_path):
    data = bytes(17 * MIB)
    path = tmp_path / "large.bin"
    path.write_bytes(data)
    etag = md5_in_parts(data, 8 * MIB)
    guessed = proof_of(path, Evidence(len(data), etag, etag_is_md5=True))
    assert guessed.verdict is Verdict.SAME
    sizes = tuple(equal_parts(len(data), 8 * MIB))
    other = Evidence(len(data), f"{'0' * 32}-3", etag_is_md5=True, part_sizes=sizes)
    assert proof_of(path, other).verdict is Verdict.DIFFERS
    unusual = Evidence(len(data), md5_in_parts(data, 6 * MIB), etag_is_md5=True)
    assert proof_of(path, unusual).verdict is Verdict.UNPROVEN


def test_our_own_md5_of_parts_is_the_one_that_is_compared(path):
    parts = [(Md5().of([DATA[at : at + 10_000]]), 10_000) for at in range(0, len(DATA), 10_000)]
    etag = Md5().whole(parts).value
    sizes = tuple(equal_parts(len(DATA), 10_000))
    evidence = Evidence(len(DATA), etag, etag_is_md5=True, part_sizes=sizes)
    assert proof_of(path, evidence).verdict is Verdict.SAME


def test_another_size_differs_and_the_file_is_not_read(path):
    proof = proof_of(path, Evidence(3, "x"))
    assert proof.verdict is Verdict.DIFFERS
    assert "3 bytes there" in proof.reason


def test_no_object_is_missing(path):
    assert proof_of(path, None).verdict is Verdict.MISSING


def test_an_empty_file_is_proven_like_any_other(tmp_path):
    path = tmp_path / "empty"
    path.write_bytes(b"")
    evidence = Evidence(0, hashlib.md5(b"").hexdigest(), etag_is_md5=True)
    assert proof_of(path, evidence).verdict is Verdict.SAME


def test_a_file_that_changes_while_it_is_read_proves_nothing(path):
    evidence = Evidence(len(DATA), hashlib.md5(DATA).hexdigest(), etag_is_md5=True)
    with FileSource(path) as source:
        path.write_bytes(DATA + b"more")
        with pytest.raises(SourceChanged):
            prove(source, evidence, sums(), Stop())


def test_a_stop_is_heard_between_blocks(path):
    stop = Stop()
    stop.request(StopReason.CANCELLED)
    evidence = Evidence(len(DATA), hashlib.md5(DATA).hexdigest(), etag_is_md5=True)
    with pytest.raises(Stopped):
        proof_of(path, evidence, stop)
