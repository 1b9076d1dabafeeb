import dataclasses

import pytest

from s3gui.adapters.settings_capabilities import CapabilitiesFile, is_unknown
from s3gui.cli.trial import problems_of, rows
from s3gui.core.capabilities import Capabilities
from s3gui.core.inspection import Certificate, Inspection
from s3gui.core.profile import Profile
from s3gui.core.provider import AWS, GENERIC

SEEN = Inspection("https://s3.example.com", "us-east-1", 3, 0.0, Certificate("Some CA", 2e9))
PROFILE = Profile("p", "P", "generic", "https://s3.example.com")


@pytest.fixture
def file(tmp_path):
    return CapabilitiesFile(tmp_path / "capabilities.json")


def test_the_practice_server_is_described_and_nothing_is_written(program, practice):
    result = program.run("test-connection", "--endpoint-url", practice.service.endpoint_url)
    assert result.status == 0, result.errors
    assert "Clock          right" in result.output
    assert "Buckets        1" in result.output
    assert "MD5 only" in result.output
    assert "--probe" in result.errors
    assert practice.keys() == set()


@pytest.mark.row("S-14")
def test_what_a_probe_learns_is_used_from_then_on(program, practice, tmp_path):
    endpoint = ("--endpoint-url", practice.service.endpoint_url)
    result = program.run("test-connection", *endpoint, "--probe", "s3://practice/tests", "--json")
    assert result.status == 0, result.errors
    told = {each["event"]: each for each in result.events}
    assert told["connection"]["checksum"] == "CRC64NVME"
    assert told["probe"]["left_behind"] == []
    assert practice.keys() == set()
    path = tmp_path / "a.txt"
    path.write_text("a")
    program.run("upload", path, "s3://practice/", *endpoint)
    with practice.client() as client:
        seen = client.head_object(Bucket="practice", Key="a.txt", ChecksumMode="ENABLED")
    assert seen["ChecksumCRC64NVME"]


def test_a_service_that_cannot_be_reached_is_an_error(program):
    result = program.run("test-connection", "--endpoint-url", "http://127.0.0.1:9")
    assert result.status == 1
    assert "cannot be reached" in result.errors or "no answer" in result.errors.lower()


def test_a_clock_that_is_far_off_is_a_problem():
    wrong = dataclasses.replace(SEEN, clock_offset_seconds=3600.0)
    assert "15 minutes" in problems_of(wrong, None)[0]
    assert any("behind the service" in value for _, value in rows(wrong, AWS, None))


def test_buckets_that_may_not_be_listed_are_no_problem():
    hidden = dataclasses.replace(SEEN, buckets=None)
    assert problems_of(hidden, None) == []
    assert "may not be listed" in dict(rows(hidden, GENERIC, None))["Buckets"]


def test_a_condition_that_is_not_enforced_is_called_not_atomic():
    assert "not atomic" in dict(rows(SEEN, GENERIC, None))["If-Match"]
    assert dict(rows(SEEN, AWS, None))["If-Match"] == "checked by the service"


def test_what_was_learnt_is_kept_for_its_endpoint_only(file):
    found = Capabilities("CRC32", conditional_writes=True, acls=False, probed_at=5.0)
    file.save(PROFILE, found)
    assert file.get(PROFILE) == found
    elsewhere = dataclasses.replace(PROFILE, endpoint_url="https://other.example.com")
    assert file.get(elsewhere) is None
    file.forget(PROFILE.id)
    assert file.get(PROFILE) is None


@pytest.mark.parametrize("text", ["", "[]", '{"version": 1, "capabilities": {"p": 3}}', "{"])
def test_a_file_that_is_not_understood_means_that_nothing_is_known(file, tmp_path, text):
    (tmp_path / "capabilities.json").write_text(text)
    assert file.get(PROFILE) is None


def test_amazon_needs_no_probe_and_an_unknown_service_does():
    assert is_unknown(PROFILE, None)
    assert not is_unknown(PROFILE, Capabilities())
    assert not is_unknown(Profile("a", "A"), None)


def test_an_upload_to_a_service_that_nobody_knows_hints_at_the_probe(run_here, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a")
    unknown = run_here("upload", path, "s3://bucket", "--endpoint-url", "https://nas.example.com")
    assert unknown.status == 0
    assert "test-connection --probe s3://bucket/" in unknown.errors
    known = run_here("upload", path, "s3://bucket/b/")
    assert "--probe" not in known.errors
