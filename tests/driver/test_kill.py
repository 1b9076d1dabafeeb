"""A process that uploads with the driver, and is killed."""

import json
import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from s3gui.bootstrap import open_workspace
from s3gui.core.profile import Credentials, Secret
from s3gui.core.transfer import Destination
from s3gui.engine.leftovers import Owner

_TOP = Path(__file__).parents[2]
_PART = 5 * 1024**2
_CHILD = """
import json, os, signal, sys
from s3gui.driver import S3StorageDriver

address, bucket, home, part = json.load(sys.stdin)
driver = S3StorageDriver(**address, ex_home=home)

def chunks():
    yield bytes(part)
    yield bytes(part)
    yield bytes(part)  # asked for only after the first was sent
    os.kill(os.getpid(), signal.SIGKILL)

container = driver.get_container(bucket)
container.upload_object_via_stream(chunks(), "killed", ex_max_workers=1)
"""


@pytest.mark.row("P-01")
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no SIGKILL here")
def test_what_a_killed_process_had_open_is_found_and_dropped_as_ours(
    address, new_bucket, server, tmp_path
):
    bucket = new_bucket()
    killed = subprocess.run(
        [sys.executable, "-c", _CHILD],
        input=json.dumps([address, bucket, str(tmp_path), _PART]),
        text=True,
        capture_output=True,
        check=False,
        cwd=_TOP,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    with closing(
        open_workspace(transfers_executor=None, parts_executor=None, publish=print, home=tmp_path)
    ) as workspace:
        [named] = workspace.leftovers.known()
        key, secret = server.credentials.access_key_id, server.credentials.secret_access_key
        workspace.credentials.keep_for_session(named.profile, Credentials(key, Secret(secret)))
        found = workspace.leftovers.find(named.profile, Destination(bucket)).leftovers
        assert [(each.owner, each.multipart.key) for each in found] == [(Owner.OURS, "killed")]
        workspace.leftovers.abort(found[0])
        assert workspace.leftovers.known() == []
        store = workspace.store(named.profile)
        assert list(store.list_multipart_uploads(Destination(bucket))) == []
