"""What services do is found out by trying, and nothing of the trial is left."""

import re
import time
from contextlib import suppress
from dataclasses import replace

import pytest

from s3gui.adapters.s3_browse import S3BrowsingStore, connect_for_probing
from s3gui.core.capabilities import Capabilities
from s3gui.core.errors import S3guiError, Unreachable
from s3gui.core.profile import Credentials, Profile, Secret
from s3gui.core.provider import AWS, GENERIC
from s3gui.core.transfer import Destination, UploadOptions
from s3gui.engine.clock import SystemClock
from s3gui.engine.probe import NAME, probe, probe_bytes
from s3gui.engine.source import MemoryBody
from s3gui.practice import PracticeServer

BUCKET = "probed"


def opener(service):
    profile = Profile(
        "p",
        "P",
        provider_id="generic",
        endpoint_url=service.endpoint_url,
        region=service.region,
        access_key_id=service.access_key_id,
        allow_http=True,
    )
    secret = Secret(service.secret_access_key)
    return connect_for_probing(profile, Credentials(service.access_key_id, secret))


@pytest.fixture
def at(request):
    """Probes a service below a prefix of its own; returns the report and the plain store."""

    def run(service, prefix="below/", clock=None):
        open_as = opener(service)
        store = open_as(GENERIC)
        with suppress(S3guiError):
            store.create_bucket(BUCKET, region=None, acls_enabled=True)
        report = probe(open_as, GENERIC, Destination(BUCKET, prefix), clock or SystemClock())
        return report, store

    return run


def keys(store):
    return [each.key for each in store.find_objects(Destination(BUCKET))]


def open_uploads(store):
    return list(store.list_multipart_uploads(Destination(BUCKET)))


@pytest.mark.row("S-14")
def test_a_service_that_does_all_is_known_afterwards_and_empty_as_before(at, practice_service):
    report, store = at(practice_service)
    found = report.capabilities
    assert (found.checksum, found.conditional_writes, found.conditional_replaces, found.acls) == (
        "CRC64NVME",
        True,
        True,
        True,
    )
    assert (report.problems, report.left_behind) == ((), ())
    assert keys(store) == []
    assert open_uploads(store) == []
    assert found.of(GENERIC).checksum == "CRC64NVME"


@pytest.mark.row("S-14")
def test_checksums_that_a_service_takes_but_never_compares_count_for_nothing(at, moto_service):
    report, store = at(moto_service)
    assert report.capabilities.checksum == ""
    assert report.capabilities.conditional_writes is True
    assert report.capabilities.conditional_replaces is False, "not on CompleteMultipartUpload"
    assert report.problems == ()
    assert keys(store) == []
    assert open_uploads(store) == []


@pytest.mark.row("S-14")
def test_a_simple_service_keeps_the_most_widely_understood_requests(at, rclone_service):
    report, store = at(rclone_service)
    assert report.capabilities.of(GENERIC).checksum is None
    assert report.capabilities.conditional_replaces is False
    assert report.problems == ()
    assert keys(store) == []


@pytest.fixture
def versioned(tmp_path):
    with PracticeServer(tmp_path / "server") as server:
        server.create_bucket(BUCKET)
        yield server


def as_service(server):
    from tests.support.servers import Service

    return Service(
        "practice",
        server.endpoint_url,
        server.credentials.access_key_id,
        server.credentials.secret_access_key,
        server.region,
    )


def test_a_bucket_that_keeps_versions_keeps_none_of_a_probe(at, versioned):
    service = as_service(versioned)
    with service.client() as client:
        client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
        report, _ = at(service)
        assert report.left_behind == ()
        assert client.list_object_versions(Bucket=BUCKET).get("Versions", []) == []


def test_a_bucket_without_acls_is_noted_and_no_fault_of_the_service(at, versioned):
    report, _ = at(as_service(versioned))
    assert report.capabilities.acls is None
    assert "does not allow ACLs" in report.notes[0]


def test_every_object_of_a_probe_has_a_name_that_tells_and_bytes_that_prove(at, versioned):
    at(as_service(versioned))
    stored = {commit.key for commit in versioned.ledger.commits()}
    assert stored
    for key in stored:
        assert re.fullmatch(r"below/s3gui-probe-[0-9a-f]{16}-[a-z0-9-]+", key)


class Later(SystemClock):
    """Two hours from now."""

    def now(self):
        return time.time() + 7200


def test_what_a_killed_probe_left_is_removed_later_and_nothing_that_only_looks_so(at, versioned):
    service = as_service(versioned)
    store = opener(service)(GENERIC)

    def put(key, data):
        body = MemoryBody(data)
        store.put_object(
            Destination(BUCKET, key),
            body,
            store.checksums.of(body.blocks()),
            UploadOptions(),
            only_if_absent=False,
            on_sent=lambda _: None,
        )

    stale = f"below/{NAME}{'0' * 16}-plain"
    theirs = f"below/{NAME}{'1' * 16}-plain"
    put(stale, probe_bytes(stale))
    put(theirs, bytes(len(probe_bytes(theirs))))
    put(f"below/{NAME}notes", b"x")
    at(service)
    assert stale in keys(store), "another probe may be at work at this moment"
    report, _ = at(service, clock=Later())
    assert report.removed_stale == 1
    assert keys(store) == [theirs, f"below/{NAME}notes"]


class Damaging(S3BrowsingStore):
    """As a service whose gateway writes the checksum's trailer into the object."""

    def download(self, destination, start=None, end=None):
        download = super().download(destination, start, end)
        chunks = download.chunks
        download.chunks = lambda size: iter([*chunks(size), b"0;x-amz-checksum-crc32:x"])
        return download


def test_bytes_that_come_back_other_are_a_problem_that_is_said(versioned):
    open_as = opener(as_service(versioned))

    def damaging(provider):
        store = open_as(provider)
        store.__class__ = Damaging
        return store

    report = probe(damaging, GENERIC, Destination(BUCKET, ""), SystemClock())
    assert "other bytes" in report.problems[0]
    assert report.capabilities.checksum == ""
    assert report.left_behind == ()


def test_a_probe_that_is_broken_off_still_leaves_nothing(versioned):
    open_as = opener(as_service(versioned))

    def breaking(provider):
        store = open_as(provider)
        if provider.checksum is not None:

            def lose_the_network(*_, **__):
                raise Unreachable

            store.upload_part = lose_the_network
        return store

    with pytest.raises(Unreachable):
        probe(breaking, GENERIC, Destination(BUCKET, ""), SystemClock())
    store = open_as(GENERIC)
    assert keys(store) == []
    assert open_uploads(store) == []


def test_what_a_probe_could_not_tell_leaves_the_kind_of_service_as_it_is():
    assert Capabilities().of(AWS) == AWS
    assert Capabilities(checksum="").of(AWS) == replace(AWS, checksum=None)
