"""Claims of keys that one resource may hold at a time, against every order in which an engine may take the steps."""

from __future__ import annotations

from itertools import permutations
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.effective.planned import planned
from livekit_firewall.effective.resources import Resource
from livekit_firewall.effective.update import Claim, Operation, Outcome, Told, between, clashes, renamed, some


class Step(NamedTuple):
    """What happens to one resource: the key that it had, and the one that it gets; whether it is replaced, and how."""

    old: str | None
    new: str | None
    how: str

    @property
    def moves(self) -> bool:
        return self.new is not None and (self.old != self.new or self.how != "update")


def is_refused(steps: list[Step], order: tuple[int, ...]) -> bool:
    held: list[tuple[int, str]] = [(place, one.old) for place, one in enumerate(steps) if one.old]
    for place in order:
        one = steps[place]
        if one.old and one.how in ("update", "delete first"):
            held.remove((place, one.old))
        if any(key == one.new for _, key in held):
            return True
        held.append((place, str(one.new)))
    return False


def claims(steps: list[Step]) -> list[Claim]:
    found = []
    for place, one in enumerate(steps):
        old, new = (frozenset({key} if key else ()) for key in (one.old, one.new))
        resource = Resource(f"urn:{place}", "t", {})
        is_replaced = bool(one.old) and one.moves and one.how != "update"
        by = Operation(resource.urn, resource if one.old else None, resource if one.new else None, one.moves,
                       is_replaced, one.how == "delete first")  # fmt: skip
        found.append(Claim(by, old, new, (new if is_replaced else new - old) if one.moves else frozenset()))
    return found


KEY = st.none() | st.sampled_from("abc")


@st.composite
def plans(draw: Any) -> list[Step]:
    steps, taken = [], set()
    for _ in range(draw(st.integers(1, 5))):
        old, new = draw(KEY), draw(KEY)
        old = None if old in taken else old
        if old or new:
            taken.add(old)
            steps.append(Step(old, new, draw(st.sampled_from(["update", "create first", "delete first"]))))
    return steps


@given(plans())
def test_a_clash_is_found_where_some_order_is_refused_and_is_sure_where_all_are(steps):
    orders = list(permutations(place for place, one in enumerate(steps) if one.moves))
    answers = {is_refused(steps, order) for order in orders}
    found = list(clashes(claims(steps)))
    assert bool(found) == (True in answers)
    if any(one.is_sure for one in found):
        assert answers == {True}


def test_each_two_resources_are_told_once() -> None:
    both = [Claim(Operation(name, None, Resource(name, "t", {}), writes=True), frozenset(), keys, keys)
            for name, keys in (("x", frozenset("ab")), ("y", frozenset("ab")))]  # fmt: skip
    assert [(one.asking.by.urn, one.holding.by.urn, one.is_sure) for one in clashes(both)] == [("x", "y", True)]


class TestBetween:
    OLD = (planned("t", "a", {"x": 1}), planned("t", "b", {"x": 2}), planned("t", "c", {"x": 3}))
    NEW = (planned("t", "a", {"x": 1}), planned("t", "b", {"x": 5}), planned("t", "d", {"x": 3}, ["c"]))

    def test_what_differs_is_written_and_what_is_no_more_goes(self):
        found = {one.name: (one.before is not None, one.after is not None, one.writes)
                 for one in between(self.OLD, self.NEW)}  # fmt: skip
        assert found == {"a": (True, True, False), "b": (True, True, True), "d": (False, True, True),
                         "c": (True, False, False)}  # fmt: skip

    def test_what_has_an_alias_is_the_same(self):
        found = {one.name: one.writes for one in between(renamed(self.OLD, self.NEW), self.NEW)}
        assert found == {"a": False, "b": True, "d": False}

    def test_an_alias_of_what_is_there_itself_is_none(self):
        after = (*self.OLD, planned("t", "d", {"x": 3}, ["c"]))
        assert [one.urn for one in renamed(self.OLD, after)] == [one.urn for one in self.OLD]


def test_what_is_left_of_resources() -> None:
    a, b, c = (planned("t", name, {}) for name in "abc")
    less = planned("t", "b", {"x": 1})
    assert Outcome({a.urn: None, b.urn: less}).left_of([a, b, c]) == [less, c]


def test_outcomes_add_up() -> None:
    one, other = Outcome({"a": None}, (Told("x", "y"),)), Outcome({"b": None}, (), (Told("z", "w"),), ("u",))
    both = one.joined(other)
    assert (set(both.settled), len(both.refused), len(both.fights), both.unknown) == ({"a", "b"}, 1, 1, ("u",))


@pytest.mark.parametrize(("names", "text"), [
    ([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "a", "c"], "a, b and c"),
    (["a", "b", "c", "d", "e"], "a, b, c and 2 more"),
])  # fmt: skip
def test_some_names(names, text):
    assert some(names) == text
