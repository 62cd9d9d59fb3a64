"""What a run tries of a matrix (`tests/sampling.py`)."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sampling import is_soak, sample

ROOT = Path(__file__).resolve().parents[2]


def test_each_value_occurs_and_the_choice_is_always_the_same():
    rows = list(product("abc", range(2), [True]))
    assert sample(rows, tuple, whole=False) == [("a", 0, True), ("b", 1, True), ("c", 0, True)]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.booleans())))
def test_of_any_rows_each_value_occurs(rows):
    chosen = sample(rows, tuple, whole=False)
    assert [set(column) for column in zip(*chosen, strict=True)] == [set(column) for column in zip(*rows, strict=True)]
    assert len(chosen) <= 6 + 4 + 2


def test_all_of_it_is_run_at_length():
    assert sample([1, 1, 2], lambda one: [one], whole=True) == [1, 1, 2]


@pytest.mark.matrix
@pytest.mark.parametrize("one", "abc")
@pytest.mark.parametrize("other", range(2))
def test_of_a_marked_test_a_sample_is_left(one: str, other: int):
    assert is_soak() or (one, other) in {("a", 0), ("b", 1), ("c", 0)}


def test_every_file_with_a_sample_is_run_at_length():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipe = makefile.partition("\nsoak:")[2].partition("\n\n")[0]
    whole = re.findall(r"tests/[\w/.]+", recipe)
    using = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").glob("*/**/*.py")
        if re.search(r"tests\.sampling import|mark\.matrix\n", path.read_text(encoding="utf-8"))
    ]
    assert len(using) > 20
    assert [one for one in using if not one.startswith(tuple(whole))] == []
