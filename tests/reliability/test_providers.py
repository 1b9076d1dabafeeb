"""Rows S-14 to S-16: what kinds of services are not like AWS."""

from dataclasses import replace

import pytest

from s3gui.adapters.s3_socket import Connection
from s3gui.core.provider import Limits as ServiceLimits
from s3gui.core.transfer import UploadOptions
from tests.support.upload_world import PART, completed, failure_of, in_parts, upload_world


@pytest.mark.row("S-15")
@pytest.mark.parametrize("provider_id", ["practice", "generic"])
@pytest.mark.parametrize("parts", [0.5, 4])
def test_an_etag_under_kms_is_never_taken_for_a_mismatch(tmp_path, provider_id, parts):
    with upload_world(tmp_path, provider_id=provider_id) as world:
        world.upload(world.file(parts=parts), options=in_parts(encryption="aws:kms"))
        assert completed(world)
        world.check()


@pytest.mark.row("S-16")
@pytest.mark.parametrize(
    "limits",
    [
        ServiceLimits(min_part_size=PART, equal_parts=True),
        ServiceLimits(min_part_size=PART, max_parts=4),
        ServiceLimits(min_part_size=2 * PART),
    ],
)
def test_the_plan_obeys_the_services_quirks(world, limits):
    world.store._provider = replace(world.store.provider, limits=limits)
    world.upload(world.file(parts=7.3), options=UploadOptions(part_size=2 * PART))
    world.upload(world.file("second", parts=9), options=UploadOptions(part_size=4 * PART))
    assert completed(world)
    for commit in world.server.ledger.commits():
        sizes = [
            record.bytes_accepted
            for record in world.server.ledger.records("UploadPart", upload_id=commit.upload_id)
            if commit.upload_id
        ]
        assert len(sizes) <= limits.max_parts
        assert len(set(sorted(sizes, reverse=True)[:-1])) <= 1
        assert all(size >= limits.min_part_size for size in sorted(sizes)[1:])


@pytest.mark.row("S-16")
def test_what_is_too_large_is_refused_before_the_first_byte(world):
    limits = ServiceLimits(min_part_size=PART, max_object_size=3 * PART)
    world.store._provider = replace(world.store.provider, limits=limits)
    world.upload(world.file())
    assert failure_of(world).code == "too-large"
    assert world.requests("CreateMultipartUpload") == 0
    assert world.requests("UploadPart") == 0


@pytest.mark.row("S-14")
@pytest.mark.parametrize("parts", [0.5, 4])
def test_an_unknown_service_gets_content_md5_and_neither_trailers_nor_new_checksums(
    tmp_path, monkeypatch, parts
):
    with upload_world(tmp_path, provider_id="generic") as world:
        sent: list[dict[str, str]] = []

        def note(request, **_):
            sent.append({name.lower(): value for name, value in request.headers.items()})

        world.store._transfer.meta.events.register("before-send.s3", note)
        write = Connection.write

        def note_head(connection, data):
            lines = bytes(data).partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
            if lines[0].startswith("PUT /"):
                headers = (line.partition(": ") for line in lines[1:])
                sent.append({name.lower(): value for name, _, value in headers})
            return write(connection, data)

        monkeypatch.setattr(Connection, "write", note_head)
        world.upload(world.file(parts=parts))
        assert completed(world)
        world.check()
    names = {name for headers in sent for name in headers}
    assert not {name for name in names if "checksum" in name or "trailer" in name}
    assert sum("content-md5" in headers for headers in sent) == max(1, int(parts))
    assert all("aws-chunked" not in headers.get("content-encoding", "") for headers in sent)
