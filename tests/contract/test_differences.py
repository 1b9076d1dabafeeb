from pathlib import Path

from tests.contract.differences import DIFFERENCES


def test_every_difference_is_looked_for_by_a_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    known = {behaviour for differences in DIFFERENCES.values() for behaviour in differences}

    assert {behaviour for behaviour in known if f'"{behaviour}"' not in tests} == set()
