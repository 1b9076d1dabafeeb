"""Part plans: every byte once, in legal parts, for every size and every provider."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3gui.core.errors import InputError, TooLarge
from s3gui.core.parts import (
    DEFAULT_PART_SIZE,
    Part,
    PartPlan,
    growing_part_sizes,
    largest_stream,
    plan_parts,
)
from s3gui.core.provider import AWS, GIB, MIB, PROVIDERS, TIB, Limits
from tests.stress.figure import a_seed

LIMITS = sorted({provider.limits for provider in PROVIDERS.values()}, key=repr)


def sizes(limits: Limits) -> st.SearchStrategy[int]:
    around = [DEFAULT_PART_SIZE, 75 * GIB, limits.max_object_size, 5 * GIB, 10_000 * 8 * MIB]
    near = st.sampled_from(around).flatmap(lambda size: st.integers(size - 2, size + 2))
    anything = st.one_of(st.integers(0, limits.max_object_size), near)
    return anything.map(lambda size: min(size, limits.max_object_size))


@pytest.mark.parametrize("limits", LIMITS)
@given(data=st.data())
def test_a_plan_covers_every_byte_once_with_legal_parts(limits, data):
    size = data.draw(sizes(limits))
    plan = plan_parts(size, limits)
    assert 1 <= len(plan) <= limits.max_parts
    assert limits.min_part_size <= plan.part_size <= limits.max_part_size
    assert plan[0].offset == 0
    assert plan[-1].offset + plan[-1].length == size
    assert all(part.length == plan.part_size for part in plan[:3][:-1])
    assert size == 0 or plan[-1].length > 0
    index = data.draw(st.integers(0, len(plan) - 1))
    part = plan[index]
    assert part.number == index + 1
    if index:
        assert plan[index - 1].offset + plan[index - 1].length == part.offset


@pytest.mark.row("G8")
def test_a_hundred_thousand_sizes_have_a_plan_of_legal_parts():
    seed = a_seed()
    chance = random.Random(seed)
    for number in range(100_000):
        limits = chance.choice(LIMITS)
        # As many of a few bytes as of many tebibytes.
        size = round(2 ** chance.uniform(0, math.log2(limits.max_object_size))) - 1
        if number % 2:
            size = min(limits.max_object_size, size // MIB * MIB + chance.choice([-1, 0, 1]))
        size = max(0, size)
        plan = plan_parts(size, limits)
        first, last = plan[0], plan[-1]
        is_legal = (
            1 <= len(plan) <= limits.max_parts
            and limits.min_part_size <= plan.part_size <= limits.max_part_size
            and first.offset == 0
            and last.offset == (len(plan) - 1) * plan.part_size
            and last.offset + last.length == size
            and (len(plan) == 1 or 0 < last.length <= first.length == plan.part_size)
        )
        assert is_legal, f"seed {seed}, {size} bytes, {limits}"


@pytest.mark.parametrize("limits", LIMITS)
@given(data=st.data())
def test_a_chosen_part_size_is_kept_unless_the_parts_would_be_too_many(limits, data):
    size = data.draw(sizes(limits))
    part_size = data.draw(st.integers(limits.min_part_size, limits.max_part_size))
    plan = plan_parts(size, limits, part_size)
    assert 1 <= len(plan) <= limits.max_parts
    assert plan.part_size <= limits.max_part_size
    if part_size * limits.max_parts >= size:
        assert plan.part_size == part_size


@given(st.integers(0, 500), st.integers(1, 60))
def test_a_small_plan_spelled_out_is_the_source_in_order(size, part_size):
    parts = list(PartPlan(size, part_size))
    covered = [byte for part in parts for byte in range(part.offset, part.offset + part.length)]
    assert covered == list(range(size))
    assert [part.number for part in parts] == list(range(1, len(parts) + 1))


def test_the_default_part_is_8_mib_up_to_75_gib_and_grows_beyond():
    assert plan_parts(70 * GIB, AWS.limits).part_size == 8 * MIB
    assert plan_parts(100 * GIB, AWS.limits).part_size == 11 * MIB
    assert len(plan_parts(5 * TIB, AWS.limits)) <= 9_500
    assert plan_parts(AWS.limits.max_object_size, AWS.limits) == PartPlan(
        AWS.limits.max_object_size, 5 * GIB
    )


def test_an_empty_source_is_one_empty_part():
    assert list(plan_parts(0, AWS.limits)) == [Part(1, 0, 0)]


def test_one_byte_over_the_largest_object_is_refused():
    with pytest.raises(TooLarge, match="allows"):
        plan_parts(AWS.limits.max_object_size + 1, AWS.limits)


@pytest.mark.parametrize("part_size", [0, -1, 5 * MIB - 1, 5 * GIB + 1])
def test_an_impossible_part_size_is_refused(part_size):
    with pytest.raises(InputError, match="not allowed"):
        plan_parts(100 * GIB, AWS.limits, part_size)


@pytest.mark.parametrize("limits", LIMITS)
def test_a_streams_parts_grow_and_stay_legal(limits):
    parts = list(growing_part_sizes(limits))
    assert parts[0] == limits.min_part_size
    assert len(parts) == limits.max_parts
    assert parts == sorted(parts)
    assert parts[-1] <= limits.max_part_size
    if limits.equal_parts:
        assert set(parts) == {limits.min_part_size}


def test_a_stream_that_starts_at_5_mib_reaches_5_tib_and_knows_its_limit():
    assert largest_stream(AWS.limits) > 26 * TIB
    assert largest_stream(PROVIDERS["generic"].limits) == 5 * TIB
    assert largest_stream(PROVIDERS["r2"].limits) == 10_000 * 5 * MIB
    assert largest_stream(AWS.limits, 5 * GIB) == AWS.limits.max_object_size


def test_a_plan_of_the_largest_object_costs_nothing():
    plan = plan_parts(AWS.limits.max_object_size, AWS.limits)
    assert len(plan) == 10_000
    assert plan[-1].number == 10_000
    with pytest.raises(IndexError):
        plan[10_000]
