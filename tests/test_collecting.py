"""In processes of their own: the collector is the same for all that run in one."""

import subprocess
import sys

_A_KNOT = """
import gc, weakref
from s3gui.collecting import collect_everything, collect_rarely, keep_what_is_loaded

class Knot:
    def __init__(self):
        self.itself = self

collect_rarely()
at_first = gc.get_threshold()[0]
knot = Knot()
is_there = weakref.ref(knot)
keep_what_is_loaded()
del knot
gc.collect()
before = is_there() is not None
collect_everything()
print(at_first, gc.get_threshold()[0], before, is_there() is not None)
"""


def test_what_was_loaded_is_left_out_until_everything_is_wanted():
    run = subprocess.run(
        [sys.executable, "-c", _A_KNOT], check=True, capture_output=True, text=True, timeout=60
    )
    assert run.stdout.split() == ["50000", "20000", "True", "False"]
