"""All figures that `python -m tests.stress` can run."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.stress.faults import run_faults
from tests.stress.figure import Figure, Outcome
from tests.stress.flaps import run_flaps
from tests.stress.flips import run_flips
from tests.stress.kills import run_kills, run_kills_at_system_calls
from tests.stress.lossy import run_lossy, run_slow
from tests.stress.mutations import run_mutations
from tests.stress.names import run_names
from tests.stress.power_cuts import run_power_cuts
from tests.stress.races import run_races
from tests.stress.resumes import run_resumes
from tests.stress.slow_downs import run_slow_downs
from tests.stress.soak import run_soak
from tests.stress.suites import run_bad_certificates, run_canaries, run_hostile_answers
from tests.stress.window_load import run_window_load

FIGURES = (
    Figure("G1", "kills at random moments", 1000, 100, run_kills),
    Figure("G1s", "kills at chosen system calls", 200, 10, run_kills_at_system_calls),
    Figure("G2", "faults of the service", 10_000, 2000, run_faults),
    Figure("G3", "bits turned on the wire", 1000, 100, run_flips),
    Figure("G4", "sources that change", 500, 100, run_mutations),
    Figure("G5", "resumes of 2,500 parts", 40, 4, run_resumes),
    Figure("G6", "power cuts", 10_000, 1000, run_power_cuts),
    Figure("G7", "rows in the window", 1_000_000, 50_000, run_window_load, is_whole=True),
    Figure("U6", "small files of a soak", 20_000, 600, run_soak),
    Figure("G12", "tests with everything logged", 700, 700, run_canaries, is_whole=True),
    Figure("G13", "fuzzed answers", 1000, 325, run_hostile_answers, is_whole=True),
    Figure("G14", "names", 10_000, 2000, run_names, is_whole=True),
    Figure("G15", "bad certificates and old TLS", 10, 10, run_bad_certificates, is_whole=True),
    Figure("G16", "starts of window and command at once", 100, 4, run_races),
    Figure("S2", "seconds of refusing half", 60, 2, run_slow_downs, is_whole=True),
    Figure("N4", "MiB in one part at 20 KB/s", 3, 1, run_slow, is_whole=True),
    Figure("N5", "MiB over a line that loses 2 %", 48, 4, run_lossy, is_whole=True),
    Figure("N9", "flaps of the line in one upload", 1000, 12, run_flaps, is_whole=True),
)


def run_share(figure_id: str, count: int, seed: int) -> Outcome:
    """In a process of its own: the others are measured even where this one falls over."""
    figure = next(each for each in FIGURES if each.id == figure_id)
    with tempfile.TemporaryDirectory(prefix=f"s3gui-{figure_id}-") as folder:
        try:
            return figure.run(Path(folder), count, seed)
        except Exception as error:  # noqa: BLE001
            return Outcome(failures=[f"seed {seed}: {type(error).__name__}: {error}"])
