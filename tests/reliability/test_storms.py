"""Figures G2 and G3 in small: storms of seeded faults, and bits that are turned on the wire.

`python -m tests.stress G2 G3` runs them in full. A failure names its seed; `RELIABILITY_SEED`
sets it.
"""

import pytest

from tests.stress.faults import KINDS, run_faults
from tests.stress.figure import a_seed
from tests.stress.flips import run_flips

_ROUGH_SHARE = 0.35


@pytest.mark.row("S-01")
@pytest.mark.row("S-04")
@pytest.mark.row("S-08")
@pytest.mark.row("S-09")
@pytest.mark.row("S-12")
@pytest.mark.timeout(280)
def test_two_thousand_faults_corrupt_nothing_and_nearly_all_files_arrive(tmp_path):
    """On a third of all requests: rougher than the figure's tenth, and done in less time."""
    outcome = run_faults(tmp_path, 2000, a_seed(), share=_ROUGH_SHARE, finishing=0.99)
    assert outcome.failures == []
    assert len(KINDS) >= 25
    assert outcome.facts["most kinds of faults"] >= 25


@pytest.mark.row("S-04")
def test_every_bit_that_is_turned_on_the_wire_is_noticed(tmp_path):
    outcome = run_flips(tmp_path, 100, a_seed())
    assert outcome.failures == []
    assert outcome.facts["detected"] == 100
