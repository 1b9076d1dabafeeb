"""How soon a long line is full: 20 ms, 10 MB/s a connection, 300 MB/s for all of them."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.benchmarks.compare import Bench, run_alone
from tests.benchmarks.goals import LINK_SHARE, LINK_WITHIN_SECONDS
from tests.benchmarks.jobs import LINK
from tests.benchmarks.measure import Figures

_MEGA = 1_000_000


def run(bench: Bench) -> str:
    """The rate in each second, and when it was enough."""
    figures, reports = run_alone(bench, LINK)
    rates = _rates(figures, reports)
    wanted = LINK_SHARE * LINK.line.link_rate
    reached = next((second for second, rate in enumerate(rates, 1) if rate >= wanted), None)
    goal = f"Goal: {wanted:.0f} MB/s within {LINK_WITHIN_SECONDS} s; reached after: {reached} s."
    return "\n".join(
        [LINK.title, "", "MB/s: " + " ".join(f"{rate:.0f}" for rate in rates), goal, ""]
    )


def _rates(figures: Figures, reports: list[dict[str, Any]]) -> list[float]:
    """MB/s in each second since the command was started."""
    received: Counter[int] = Counter()
    for report in reports:
        for second, size in report["received_by_second"].items():
            received[int(second)] += size
    first = int(figures.started_at)
    return [received[second] / _MEGA for second in range(first, max(received, default=first) + 1)]
