"""All figures that `python -m tests.stress` can run."""

from __future__ import annotations

from tests.stress.faults import run_faults
from tests.stress.figure import Figure
from tests.stress.flips import run_flips
from tests.stress.kills import run_kills, run_kills_at_system_calls
from tests.stress.mutations import run_mutations
from tests.stress.names import run_names
from tests.stress.power_cuts import run_power_cuts
from tests.stress.races import run_races
from tests.stress.resumes import run_resumes

FIGURES = (
    Figure("G1", "kills at random moments", 1000, 100, run_kills),
    Figure("G1s", "kills at chosen system calls", 200, 10, run_kills_at_system_calls),
    Figure("G2", "faults of the service", 10_000, 2000, run_faults),
    Figure("G3", "bits turned on the wire", 1000, 100, run_flips),
    Figure("G4", "sources that change", 500, 100, run_mutations),
    Figure("G5", "resumes of 2,500 parts", 40, 4, run_resumes),
    Figure("G6", "power cuts", 10_000, 1000, run_power_cuts),
    Figure("G14", "names", 10_000, 2000, run_names, is_whole=True),
    Figure("G16", "starts of window and command at once", 100, 4, run_races),
)
