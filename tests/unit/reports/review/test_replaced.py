"""Machines that an update replaces, and with them the calls that they carry."""

from __future__ import annotations

from typing import Any

import pytest

from livekit_firewall.reports.review.markdown import headline, markdown
from livekit_firewall.reports.review.text import text

from .test_attached import GROUP, INSTANCE, INTERFACE, OPEN, TEMPLATE, To, reviewed


def media(protocol: str = "udp", first: int = 50000, last: int = 60000) -> tuple[str, dict[str, Any]]:
    return GROUP, {"ingress": [{"protocol": protocol, "fromPort": first, "toPort": last, "cidrBlocks": ["0.0.0.0/0"]}]}


def node(**more: Any) -> tuple[str, dict[str, Any]]:
    return INSTANCE, {"vpcSecurityGroupIds": [To("g")], **more}


def told(before: Any, after: Any, replaced: list[str], **more: Any) -> list[tuple[str, str]]:
    found = reviewed(before, after, replaced=dict.fromkeys(replaced, True), **more)
    return [(one.where, one.text) for one in found.risks if one.id == "machines-replaced"]


ONE = [("b", "b is replaced, which ends the calls on it")]


def test_machines_that_carry_calls_are_named_when_they_are_replaced() -> None:
    before = {"g": media(), "c": node(), "b": node(), "a": node(), "other": (INSTANCE, {})}
    after = {**before, **{name: node(userData=name) for name in "abc"}, "other": (INSTANCE, {"userData": "x"})}
    names = "a, b and c"
    assert told(before, after, ["a", "b", "c", "other"]) == [
        (names, f"{names} are replaced, which ends the calls on them")
    ]
    assert told(before, {**before, "b": node(userData="b")}, ["b"]) == ONE
    assert told(before, {**before, "b": node(userData="b")}, []) == [], "an update in place"
    assert told(before, {name: one for name, one in before.items() if name != "b"}, []) == [], "it is taken away"
    assert told(before, {**before, "b": node(userData="b")}, ["b"], sames=False) == [], "its firewall is not shown"


def test_the_summary_says_so_in_each_form() -> None:
    before = {"g": media(), "b": node()}
    found = reviewed(before, {**before, "b": node(userData="b")}, replaced={"b": True})
    assert headline(found) == "no change in who can reach what; **1 risk**"
    assert "\n- **warning** `b is replaced, which ends the calls on it`, in `b`. " in markdown(found)
    assert "\n  warning: b: b is replaced, which ends the calls on it; " in text(found)


@pytest.mark.parametrize(
    ("firewall", "is_told"),
    [
        (media(), True),
        (media("-1", 0, 0), True),
        (media("tcp", 7881, 7881), True),
        (media("tcp", 6379, 6379), False),
        ((GROUP, OPEN), False),
        ((GROUP, {"ingress": []}), False),
    ],
    ids=["ICE/UDP", "everything", "ICE/TCP", "Redis", "HTTPS", "nothing"],
)
def test_a_firewall_that_lets_no_media_in_says_nothing_of_calls(firewall: Any, is_told: bool) -> None:
    before = {"g": firewall, "b": node()}
    assert told(before, {**before, "b": node(userData="b")}, ["b"]) == (ONE if is_told else [])


def test_a_machine_is_found_behind_its_interface_and_a_template_is_no_machine() -> None:
    machine = INSTANCE, {"networkInterfaces": [{"deviceIndex": 0, "networkInterfaceId": To("i")}]}
    before = {"g": media(), "i": (INTERFACE, {"securityGroups": [To("g")]}), "b": machine}
    changed = machine[0], {**machine[1], "userData": "b"}
    assert told(before, {**before, "b": changed}, ["b"]) == ONE
    template = {"g": media(), "b": (TEMPLATE, {"vpcSecurityGroupIds": [To("g")]})}
    assert told(template, {**template, "b": (TEMPLATE, {**template["b"][1], "userData": "b"})}, ["b"]) == []


def test_what_has_the_firewall_is_told_in_one_order() -> None:
    """Whatever the order of the engine's steps."""
    machines = {name: node() for name in ("b", "c", "a")}
    for one in (machines, dict(reversed(machines.items()))):
        found = reviewed({"g": media(), **one}, {"g": media(last=55000), **one})
        assert "attached to `a` (`Instance`), `b` (`Instance`), `c` (`Instance`)." in markdown(found)
