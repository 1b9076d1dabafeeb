"""A line of real packets that are late, lost and few: a TUN device in a network of its own.

What the kernel sends to 10.9.0.2 comes back from there to 10.9.0.1, so that client and server are
two ends of one path and TCP itself meets the loss. Linux only, and only inside of
`unshare --user --map-root-user --net`: nothing outside can see or reach it.
"""

from __future__ import annotations

import heapq
import itertools
import os
import random
import shutil
import struct
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

NEAR, FAR = "10.9.0.1", "10.9.0.2"
"""Servers listen on the near one, below `FIRST_PORT_OF_CLIENTS`; clients ask the far one."""

FIRST_PORT_OF_CLIENTS = 32768

_NAME = "line0"
_TUN_SET_NAME = 0x400454CA
_TUN_WITHOUT_HEADERS = 0x0001 | 0x1000
_IPV4 = 4
_LARGEST_PACKET_BYTES = 65536
_SYSCTL = Path("/proc/sys/net/ipv4/conf")
_IN_PRIVATE = ["unshare", "--user", "--map-root-user", "--net"]


def why_not() -> str:
    """Why there can be no such line here; empty where there can."""
    if sys.platform != "linux":
        return "network namespaces are Linux's"
    missing = [name for name in ("unshare", "ip") if shutil.which(name) is None]
    if missing:
        return f"there is no command {missing[0]}"
    if not Path("/dev/net/tun").exists():
        return "there is no /dev/net/tun"
    attempt = [*_IN_PRIVATE, "ip", "tuntap", "add", "dev", _NAME, "mode", "tun"]
    done = subprocess.run(attempt, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"no private network may be made: {done.stderr.strip()}"


def in_private_network(command: list[str]) -> list[str]:
    return [*_IN_PRIVATE, *command]


@dataclass(frozen=True)
class LossyLine:
    """`delay_seconds` one way; `loss` is the probability of each packet, in both directions."""

    delay_seconds: float
    loss: float
    bytes_per_second: float
    seed: int
    queue_bytes: int = 256 * 1024
    """What waits before the narrow place; more is dropped, as by a router."""

    def start(self) -> None:
        """For the rest of the process, which is in a network of its own."""
        _run("ip", "link", "set", "lo", "up")
        _run("ip", "tuntap", "add", "dev", _NAME, "mode", "tun")
        _run("ip", "address", "add", f"{NEAR}/24", "dev", _NAME)
        _run("ip", "link", "set", _NAME, "up")
        (_SYSCTL / _NAME / "rp_filter").write_text("0")
        ports = Path("/proc/sys/net/ipv4/ip_local_port_range")
        ports.write_text(f"{FIRST_PORT_OF_CLIENTS} 60999")
        wire = _Wire(self, _opened())
        for work in (wire.take, wire.give):
            threading.Thread(target=work, name="line", daemon=True).start()


class _Wire:
    """Takes packets from the device, and gives them back when and if they arrive."""

    def __init__(self, line: LossyLine, device: int) -> None:
        self._line = line
        self._device = device
        self._random = random.Random(line.seed)
        self._free_at = {True: 0.0, False: 0.0}
        self._late: list[tuple[float, int, bytes]] = []
        self._changed = threading.Condition()

    def take(self) -> None:
        rate = self._line.bytes_per_second
        for number in itertools.count():
            packet = os.read(self._device, _LARGEST_PACKET_BYTES)
            if packet[0] >> 4 != _IPV4 or self._random.random() < self._line.loss:
                continue
            is_up = int.from_bytes(packet[22:24], "big") < FIRST_PORT_OF_CLIENTS
            now = time.monotonic()
            free_at = max(now, self._free_at[is_up])
            if (free_at - now) * rate > self._line.queue_bytes:
                continue
            self._free_at[is_up] = free_at + len(packet) / rate
            arrives_at = self._free_at[is_up] + self._line.delay_seconds
            # Who swaps both addresses need not reckon the checksum anew.
            turned = packet[:12] + packet[16:20] + packet[12:16] + packet[20:]
            with self._changed:
                heapq.heappush(self._late, (arrives_at, number, turned))
                self._changed.notify()

    def give(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._late)
                seconds = self._late[0][0] - time.monotonic()
                if seconds > 0:
                    self._changed.wait(seconds)
                    continue
                packet = heapq.heappop(self._late)[2]
            os.write(self._device, packet)


def _opened() -> int:
    import fcntl

    device = os.open("/dev/net/tun", os.O_RDWR)
    wanted = struct.pack("16sH22x", _NAME.encode(), _TUN_WITHOUT_HEADERS)
    fcntl.ioctl(device, _TUN_SET_NAME, wanted)
    return device


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
