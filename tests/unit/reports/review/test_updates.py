"""What an update does on its way and at its end, by two judges: the review, and clouds that are played step by step."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from livekit_firewall.reports.review import review_texts

from . import amazon, microsoft
from .judge import verdict


def part(text: str) -> dict[str, Any]:
    return review_texts([("p.json", text)]).as_json()["stacks"][0]


def ids(found: dict[str, Any]) -> set[str]:
    return {one["id"] for one in found["risks"]}


def assert_told(before: set[int], worlds: list[set[int] | None], text: str) -> None:
    """The risk is told where some order is refused, and only there; else the lines are what the end differs in."""
    found = part(text)
    assert ("refused-half-way" in ids(found)) == (None in worlds), (found["risks"], worlds)
    if None in worlds:
        return
    ends = {frozenset(one) for one in worlds if one is not None}
    if len(ends) > 1:
        return  # what is written last stands
    (end,) = ends
    lines = {
        side: {port for line in found["changes"] if line[side] for one in line[side]["ports"]
               for port in range(one["first"], one["last"] + 1)}
        for side in ("gained", "lost")
    }  # fmt: skip
    assert (lines["gained"], lines["lost"]) == (end - before, before - end)
    assert found["verdict"] == verdict(bool(end - before), bool(before - end)), found["unclear"]


PORTS = st.integers(8001, 8005)
SIDE = st.none() | PORTS


@st.composite
def amazons(draw: Any) -> amazon.Stack:
    """A group that AWS holds before: no port twice; what comes after is any."""
    own = []
    for number in range(draw(st.integers(0, 4))):
        before, after = draw(SIDE), draw(SIDE)
        after = before if draw(st.booleans()) else after
        if before is not None or after is not None:
            own.append(amazon.Own(f"r{number}", before, after, draw(st.booleans())))
    taken: set[int] = set()
    for one in own:
        if one.before in taken:
            one.before, one.after = None, one.after or 8005
        elif one.before is not None:
            taken.add(one.before)
    old = draw(st.none() | st.lists(PORTS.filter(lambda port: port not in taken), unique=True, max_size=2))
    new = draw(st.none() | st.lists(PORTS, unique=True, max_size=3)) if draw(st.booleans()) else old
    return amazon.Stack(old, new, own, draw(st.booleans()), tags=draw(st.booleans()))


class TestAmazon:
    @given(amazons())
    def test_in_every_order(self, stack):
        assert_told(set(stack.there), list(stack.worlds()), stack.preview())

    @given(amazons(), st.data())
    def test_with_what_removes_all_but_what_it_names(self, stack, data):
        """Rules that are made in the same update and not named may come before it or after: they are named here."""
        names = [one.name for one in stack.own if one.after is not None]
        made = [one.name for one in stack.own if one.op in ("create", "replace")]
        stack.named = sorted({*made, *(data.draw(st.lists(st.sampled_from(names))) if names else [])})
        assert_told(set(stack.there), list(stack.worlds()), stack.preview())


@st.composite
def microsofts(draw: Any) -> microsoft.Stack:
    entry = st.builds(microsoft.Entry, st.sampled_from("abcd"), st.integers(200, 203), st.integers(8001, 8004))
    own, names, priorities = [], set(), set()
    for number in range(draw(st.integers(0, 4))):
        before, after = draw(st.none() | entry), draw(st.none() | entry)
        if before and (before.name in names or before.priority in priorities):
            before = None
        if before:
            names.add(before.name)
            priorities.add(before.priority)
        after = before if draw(st.booleans()) else after
        if before or after:
            own.append(microsoft.Own(f"r{number}", before, after))
    old = None
    if draw(st.booleans()):
        old = []
        for one in draw(st.lists(entry, max_size=2)):
            if one.name not in names and one.priority not in priorities:
                old.append(one)
                names.add(one.name)
                priorities.add(one.priority)
    new = draw(st.none() | st.lists(entry, max_size=3)) if draw(st.booleans()) else old
    replaced = {one.before.name for one in own if one.op == "replace"}
    assume(not replaced & {one.name for one in new or ()})  # a rule is listed and deleted by another's replacement
    return microsoft.Stack(old, new, own, draw(st.booleans()))


class TestMicrosoft:
    @given(microsofts())
    def test_in_every_order(self, stack):
        assert_told({one.port for one in stack.there}, list(stack.worlds()), stack.preview())


CASES = {
    "aws": ("narrower", {"needed-port-lost", "call-interrupted", "lists-fight"}),
    "aws-new": ("wider", {"lists-fight"}),
    "azure": ("narrower", {"needed-port-lost", "lists-fight"}),
    "azure-priority": ("wider", {"refused-half-way"}),
    "inline-to-own": ("no change", {"refused-half-way"}),
    "renamed": ("no change", {"refused-half-way"}),
    "twice": ("wider", {"refused-half-way"}),
}


@pytest.mark.parametrize("name", CASES)
def test_inputs_on_which_this_was_wrong(name, request):
    text = (request.path.parent / "cases" / f"{name}.json").read_text()
    found = part(text)
    assert (found["verdict"], ids(found)) == CASES[name]


def test_the_second_judges_refuse_and_pass() -> None:
    """That neither side of the comparison is empty."""
    dice = Random(3)
    worlds = []
    for _ in range(300):
        ports = dice.sample(range(8001, 8006), 3)
        own = [amazon.Own("a", ports[0], dice.choice([None, *ports])), amazon.Own("b", None, dice.choice(ports))]
        worlds += amazon.Stack([ports[1]], dice.choice([None, [], [ports[2]]]), own, dice.random() < 0.5).worlds()
    assert 50 < worlds.count(None) < len(worlds) - 50
    assert json.dumps(sorted({len(one) for one in worlds if one is not None})) == "[1, 2, 3]"
