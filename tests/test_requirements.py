"""requirements-dev.txt is compiled from pyproject.toml (CONTRIBUTING.md says how), and agrees."""

import re
import tomllib
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import pytest
import yaml
from packaging.markers import Environment, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_TOP = Path(__file__).parent.parent
_REQUIREMENTS = (_TOP / "requirements-dev.txt").read_text()


@dataclass(frozen=True)
class Pin:
    requirement: Requirement
    hashes: tuple[str, ...]
    asked_for_by: frozenset[str]

    @property
    def name(self) -> str:
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        (specifier,) = self.requirement.specifier
        assert specifier.operator == "==", self.requirement
        return specifier.version


def _pins() -> list[Pin]:
    pins = []
    for block in re.split(r"\n(?=[A-Za-z0-9])", _REQUIREMENTS.strip()):
        lines = [line.strip().removesuffix("\\").strip() for line in block.splitlines()]
        comments = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
        asked_for_by = [line.removeprefix("via").strip() for line in comments]
        pins.append(
            Pin(
                requirement=Requirement(lines[0]),
                hashes=tuple(line for line in lines if line.startswith("--hash=")),
                asked_for_by=frozenset(asked_for_by) - {""},
            )
        )
    return pins


def _entries() -> list[tuple[Requirement, str]]:
    """Each dependency of pyproject.toml, with how the compiled file calls the place it is from."""
    project = tomllib.loads((_TOP / "pyproject.toml").read_text())
    groups = {"s3gui (pyproject.toml)": project["project"]["dependencies"]} | {
        f"s3gui (pyproject.toml:{group})": requirements
        for group, requirements in project["dependency-groups"].items()
    }
    return [
        (Requirement(requirement), place)
        for place, requirements in groups.items()
        for requirement in requirements
    ]


def _environments() -> list[Environment]:
    systems = [("linux", "Linux"), ("darwin", "Darwin"), ("win32", "Windows")]
    versions = ["3.11", "3.12", "3.13", "3.14"]
    return [
        default_environment()
        | {
            "sys_platform": sys_platform,
            "platform_system": platform_system,
            "python_version": version,
            "python_full_version": f"{version}.2",
        }
        for (sys_platform, platform_system), version in product(systems, versions)
    ]


def _holds(requirement: Requirement, environment: Environment) -> bool:
    return requirement.marker is None or requirement.marker.evaluate(dict(environment))


@pytest.mark.parametrize(
    "environment",
    _environments(),
    ids=lambda environment: f"{environment['sys_platform']}-{environment['python_version']}",
)
def test_each_dependency_of_pyproject_has_one_pin_that_satisfies_it(
    environment: Environment,
) -> None:
    pins = [pin for pin in _pins() if _holds(pin.requirement, environment)]
    for entry, place in _entries():
        if _holds(entry, environment):
            (pin,) = (pin for pin in pins if pin.name == canonicalize_name(entry.name))
            assert place in pin.asked_for_by, f"{entry} is not what {pin.requirement} is there for"
            assert entry.specifier.contains(pin.version), f"{pin.requirement} is not {entry}"


def test_each_pin_that_names_pyproject_is_a_dependency_there() -> None:
    entries = {(canonicalize_name(entry.name), place) for entry, place in _entries()}
    pins = {
        (pin.name, place)
        for pin in _pins()
        for place in pin.asked_for_by
        if place.startswith("s3gui")
    }
    assert pins == entries


def test_each_pin_has_hashes_and_a_reason() -> None:
    for pin in _pins():
        assert pin.hashes, pin
        assert pin.asked_for_by, pin
        for digest in pin.hashes:
            assert re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", digest), pin


def test_every_list_of_pins_is_looked_up_among_known_weaknesses() -> None:
    text = (_TOP / ".github" / "workflows" / "audit.yml").read_text()
    (loop,) = re.findall(r"for pins in (.+); do", text)
    audited = {path for pattern in loop.split() for path in _TOP.glob(pattern)}
    lists = [*_TOP.glob("*.txt"), *_TOP.glob("packaging/**/*.txt")]
    assert audited == {path for path in lists if "--hash=" in path.read_text()}
    assert {"--strict", "--require-hashes"} <= set(text.split())
    assert {"pull_request", "schedule"} <= set(yaml.safe_load(text)[True])  # YAML's word for “on”


def test_no_address_of_a_registry_is_in_the_file() -> None:
    assert "://" not in _REQUIREMENTS
    assert not re.search(r"^--?[a-z]", _REQUIREMENTS, re.MULTILINE)
