"""`frozen` makes what `dataclass(frozen=True, slots=True)` makes."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from dataclasses import dataclass

import pytest

from s3gui.core.frozen import frozen, replace


@frozen
class Fruit:
    """Something to eat."""

    name: str
    grams: int = 100
    seeds: tuple[str, ...] = ()

    @property
    def is_heavy(self) -> bool:
        return self.grams > 1000


@dataclass(frozen=True, slots=True)
class Apple:
    """What `Fruit` is compared with."""

    name: str
    grams: int = 100
    seeds: tuple[str, ...] = ()


@frozen
class Seed:
    color: str


@frozen
class Nothing:
    pass


@frozen
class Even:
    number: int

    def __post_init__(self) -> None:
        if self.number % 2:
            raise ValueError(self.number)


class Edible:
    __slots__ = ()


@frozen
class Bread(Edible):
    slices: int

    def __repr__(self) -> str:
        return "bread"


def test_the_fields_are_arguments_in_their_order_or_by_their_names() -> None:
    assert Fruit("pear", 120) == Fruit(grams=120, name="pear")
    pear = Fruit("pear")
    assert (pear.name, pear.grams, pear.seeds, pear.is_heavy) == ("pear", 100, (), False)


@pytest.mark.parametrize(
    ("positional", "named"), [((), {}), (("a", 1, (), 4), {}), (("a",), {"no": 1})]
)
def test_wrong_arguments_are_refused(
    positional: tuple[object, ...], named: dict[str, object]
) -> None:
    for kind in (Fruit, Apple):
        with pytest.raises(TypeError, match="__init__"):
            kind(*positional, **named)  # type: ignore[arg-type]


def test_once_it_was_used_the_class_shows_its_arguments() -> None:
    Fruit("pear")
    assert list(inspect.signature(Fruit).parameters) == ["name", "grams", "seeds"]


def test_values_are_equal_where_their_class_and_all_fields_are() -> None:
    assert Fruit("pear") == Fruit("pear")
    assert Fruit("pear") != Fruit("pear", 101)
    assert Fruit("pear") != Apple("pear")
    assert Seed("black") != "black"
    assert Nothing() == Nothing()
    assert len({Fruit("pear"), Fruit("pear"), Seed("black"), Seed("black"), Nothing()}) == 3


def test_it_is_printed_as_it_is_written() -> None:
    assert repr(Fruit("pear")) == "Fruit(name='pear', grams=100, seeds=())"
    assert repr(Nothing()) == "Nothing()"


def test_nothing_can_be_set_or_deleted_or_added() -> None:
    pear = Fruit("pear")
    with pytest.raises(dataclasses.FrozenInstanceError):
        pear.name = "plum"  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del pear.name
    with pytest.raises(dataclasses.FrozenInstanceError):
        pear.color = "green"  # type: ignore[attr-defined]
    assert not hasattr(pear, "__dict__")
    assert pear == Fruit("pear")


def test_a_value_is_checked_as_it_is_made() -> None:
    assert Even(2).number == 2
    with pytest.raises(ValueError, match="3"):
        Even(3)


def test_the_class_keeps_its_name_base_text_and_own_methods() -> None:
    assert (Fruit.__doc__, Fruit.__module__) == ("Something to eat.", __name__)
    assert isinstance(Bread(3), Edible)
    assert repr(Bread(3)) == "bread"


def test_a_class_that_inherits_from_a_value_has_an_initializer_of_its_own() -> None:
    class Loaf(Bread):
        def __init__(self) -> None:
            super().__init__(12)

    assert Loaf().slices == 12
    assert Loaf().slices == 12
    assert Bread(3).slices == 3


def test_patterns_match_its_fields() -> None:
    match Fruit("pear", 120):
        case Fruit(name, grams):
            assert (name, grams) == ("pear", 120)
        case _:
            pytest.fail("did not match")


def test_names_and_defaults_can_be_asked_for_without_dataclasses() -> None:
    described = dataclasses.fields(Fruit)
    assert Fruit.__match_args__ == tuple(each.name for each in described)
    assert Fruit.__field_defaults__ == {
        each.name: each.default for each in described if each.default is not dataclasses.MISSING
    }


def test_copies_are_equal() -> None:
    pear = Fruit("pear", seeds=("one",))
    assert copy.copy(pear) == copy.deepcopy(pear) == pear
    assert pickle.loads(pickle.dumps(Seed("black"))) == Seed("black")


def test_the_functions_of_dataclasses_know_it() -> None:
    pear = Fruit("pear")
    assert dataclasses.is_dataclass(Fruit)
    assert dataclasses.replace(pear, grams=5) == Fruit("pear", 5)
    assert dataclasses.asdict(pear) == {"name": "pear", "grams": 100, "seeds": ()}
    theirs = [(each.name, each.type, each.default) for each in dataclasses.fields(Apple)]
    assert [(each.name, each.type, each.default) for each in dataclasses.fields(Fruit)] == theirs
    with pytest.raises(TypeError):
        dataclasses.replace(pear, color="green")  # type: ignore[call-arg]


def test_a_value_with_changes_is_another_value() -> None:
    pear = Fruit("pear", 120, ("one",))
    assert replace(pear, grams=5) == Fruit("pear", 5, ("one",))
    assert replace(pear) == pear == Fruit("pear", 120, ("one",))
    assert replace(Nothing()) == Nothing()


def test_what_is_changed_must_be_a_field_and_is_checked_as_ever() -> None:
    with pytest.raises(TypeError, match="color"):
        replace(Fruit("pear"), color="green")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="3"):
        replace(Even(2), number=3)
