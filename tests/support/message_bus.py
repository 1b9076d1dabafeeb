"""A message bus (D-Bus) of its own for tests."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.programs import need_programs, running, wait_until

# Without service directories the bus starts nothing by itself.
_CONFIGURATION = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path={socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*"/>
    <allow receive_sender="*"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@contextmanager
def bus_running() -> Iterator[str]:
    """The address of a bus that nobody is on."""
    # Not in pytest's own folder: the path of a Unix socket has at most 107 bytes.
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="s3gui-bus-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        path, log = folder / "bus", folder / "bus.log"
        configuration = folder / "bus.conf"
        configuration.write_text(_CONFIGURATION.format(socket=path))
        bus = stack.enter_context(
            running(["dbus-daemon", f"--config-file={configuration}", "--nofork"], log)
        )
        wait_until(lambda: _answers(path), bus, log)
        yield f"unix:path={path}"


def _answers(path: Path) -> bool:
    """The file is there a moment before anybody listens."""
    with socket.socket(socket.AF_UNIX) as guest:
        return guest.connect_ex(str(path)) == 0


@pytest.fixture(scope="session")
def _one_bus() -> Iterator[str]:
    need_programs({"dbus-daemon": "dbus"})
    with bus_running() as address:
        yield address


@pytest.fixture
def bus_address(_one_bus: str) -> str:
    """Of a bus for tests; what a test puts on it has to leave it again."""
    return _one_bus
