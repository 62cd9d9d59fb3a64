"""What an update of a bridged resource leaves, property by property."""

from __future__ import annotations

import pytest

from livekit_firewall.effective.resources import Resource
from livekit_firewall.effective.standing import PLAIN, StateShape, standing, updated

BRIDGED = StateShape(is_bridged=True, computed={"t": ("ingress",)}, shared={"t": ("ingress",)})
HELD = Resource(
    "urn:1", "t", {"name": "a", "priority": 1}, {"name": "a", "priority": 7, "disabled": True, "__meta": "x"}
)


def planned(*changed: str, **inputs: object) -> Resource:
    return Resource("urn:1", "t", inputs, changed=frozenset(changed))


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        # the provider names no difference: the program's word, and what it never said anything of
        (planned(name="a", priority=1), {"name": "a", "priority": 1, "disabled": True}),
        (planned(name="b", priority=1), {"name": "b", "priority": 1, "disabled": True}),
        (planned(name="a"), {"name": "a", "disabled": True}),
        # it names some: all else stays, but for what the program itself changed
        (planned("name", name="b", priority=1), {"name": "b", "priority": 7, "disabled": True}),
        (planned("name", name="b", priority=2), {"name": "b", "priority": 2, "disabled": True}),
        (planned("name", "disabled", name="b", priority=1), {"name": "b", "priority": 7}),
        (planned("name", "priority", name="b", priority=1), {"name": "b", "priority": 1, "disabled": True}),
    ],
)
def test_an_update_in_place_leaves(asked, left):
    assert updated(HELD, asked, BRIDGED).inputs == left


def test_what_is_computed_stays_where_the_program_does_not_say_it():
    held = Resource("urn:1", "t", {"ingress": [1]}, {"ingress": [1, 2]})
    assert updated(held, planned("name", "ingress", name="b"), BRIDGED).inputs == {"name": "b", "ingress": [1, 2]}


def test_what_other_resources_make_counts_where_the_program_sets_it():
    held = Resource("urn:1", "t", {}, {"ingress": [2]})
    assert standing(held, BRIDGED).inputs == {}
    assert standing(held, BRIDGED, planned(ingress=[1])).inputs == {"ingress": [2]}


def test_a_refused_update_left_the_inputs_and_another_provider_has_them_anyway():
    refused = Resource("urn:1", "t", {"a": 1}, {"a": 2}, is_refused=True)
    assert standing(refused, BRIDGED).inputs == {"a": 1}
    assert updated(refused, planned("b", b=3), BRIDGED).inputs == {"b": 3}
    assert standing(HELD, PLAIN).inputs == HELD.inputs
    assert updated(HELD, planned(name="b"), PLAIN).inputs == {"name": "b"}
