"""Every update that leads from one rule set to another, in its worst lawful order, on each platform.

1,000 pairs and more for each in `make soak`, a fixed sample otherwise; each counterexample ever found has its own test.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from ipaddress import ip_network
from itertools import pairwise, permutations
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, example, given, reject, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.rendering import render_for
from livekit_firewall.effective.planned import planned
from livekit_firewall.effective.resource_names import ResourceNames
from livekit_firewall.effective.resources import Resource, differing
from livekit_firewall.effective.update import Operation
from livekit_firewall.model.addresses import Cidr, NamedBlock, Peer
from livekit_firewall.model.errors import ProblemsError, RenderError
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.registry import BY_NAME, PLATFORMS, AnyPlatform, as_it_becomes
from tests.engine.edits import resources, states
from tests.sampling import sample
from tests.unit import audiences, orders
from tests.unit.argument_strategies import valid_arguments
from tests.unit.readers.area import ADDRESSES, Area
from tests.unit.strategies import LENGTH, Name, judged, peers, ports, rules

# DigitalOcean's SDK warns of itself when it is imported.
pytestmark = pytest.mark.filterwarnings(r"ignore:digitalocean\..* has been deprecated:DeprecationWarning")

PACKAGE = "livekit_firewall"
SAMPLE, FEWER = (
    settings(max_examples=most if LENGTH == 1 else settings().max_examples, deadline=None) for most in (40, 15)
)
each_platform = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda one: one.name)


def rendered(platform: AnyPlatform, rule_set: RuleSet) -> list[Resource]:
    return list(platform.render(rule_set, target_of(platform), Options()).resources())


def target_of(platform: AnyPlatform) -> Any:
    """One that names every audience that the platform can name."""
    return audiences.TARGETS.get(platform.name, platform.placeholder)


NAMED = [NamedBlock("nlb-a", "100.64.0.0/24"), NamedBlock("Office_1", "2001:db8:77::/64")]
"""Blocks under names, with what they turn out to be."""

IDENTITIES: dict[str, list[Name]] = {
    one.name: [*sorted(target_of(one).names), *(NAMED if one.name in audiences.TARGETS else [])] for one in PLATFORMS
}


@pytest.fixture
def options(platform: AnyPlatform, engine: Any) -> orders.Options:
    """What the component asks of the engine for a type of resource, of some with each kind of source."""
    component = platform.component
    make = getattr(import_module(component.module, PACKAGE), component.name)
    named = [Rule(PortRange.tcp(7880), Peer.of(one), Service.API) for one in IDENTITIES[platform.name]]
    some = RuleSet.of([Rule(PortRange.udp(50000, 60000), Peer.anywhere(), Service.ICE_UDP), *named])
    found: dict[str, tuple[set[str], set[str]]] = {}
    for one in engine.run(lambda: make("lk", some, target_of(platform))).values():
        ignored, replaced = found.setdefault(one.type, (set(), set()))
        ignored.update(one.request.ignoreChanges)
        replaced.update(one.request.replaceOnChanges)
    return found


HOW = st.sampled_from(["keep", "keep", "drop", "add", "peer", "service", "ports", "wider", "narrower", "cut"])
SERVICES = st.sampled_from(Service)


def _edited(draw: st.DrawFn, one: Rule, identities: list[Name]) -> list[Rule]:
    """What an edit makes of a rule: other ports, another peer or service, more or less of it, or nothing."""
    how = draw(HOW)
    first, last, protocol = one.ports.first, one.ports.last, one.ports.protocol
    if how == "drop":
        return []
    if how in ("add", "peer"):
        other = replace(one, peer=draw(peers(identities)))
        return [one, other] if how == "add" else [other]
    if how == "service":
        return [replace(one, service=draw(SERVICES))]
    if how == "ports":
        return [replace(one, ports=draw(ports()))]
    if how == "wider":
        return [replace(one, ports=PortRange(protocol, max(1, first - 1), min(65535, last + 100)))]
    if how == "narrower":
        return [replace(one, ports=PortRange(protocol, first, first + (last - first) // 2))]
    if how == "cut" and first < last:
        at = draw(st.integers(first, last - 1))
        halves = (PortRange(protocol, first, at), PortRange(protocol, at + 1, last))
        return [replace(one, ports=half) for half in halves]
    return [one]


@st.composite
def pairs(draw: st.DrawFn, identities: list[Name]) -> tuple[RuleSet, RuleSet]:
    """Rule sets of which the second is an edit of the first."""
    old = draw(st.lists(rules(identities), max_size=5))
    new = [edited for one in old for edited in _edited(draw, one, identities)]
    if len(old) > 1 and draw(st.booleans()):  # two services change places
        one, other = old[0], old[-1]
        new += [replace(one, service=other.service), replace(other, service=one.service)]
    new += draw(st.lists(rules(identities), max_size=2))
    return RuleSet.of(old), RuleSet.of(new)


def faults(platform: AnyPlatform, old: list[Resource], new: list[Resource], options: orders.Options) -> Iterator[str]:
    """What is wrong with an update."""
    steps = orders.operations(platform.name, old, new, options)
    found = orders.judge(platform.name, steps)
    yield from (f"{what}:\n{area}" for what, area in (("shut", found.shut), ("opened", found.opened)) if area)
    yield from (f"is there already: {key}" for key in found.stuck)
    read = orders.reader_of(platform.name).area
    for one in steps:
        if one.updates and one.before and one.after:
            cut = platform.cut_by.get(one.type)
            if cut and "update" in cut.operations and differing(one.before, one.after) - cut.harmless:
                yield f"modified: {one.name}"
            there = as_it_becomes(one.before, replace(one.after, changed=differing(one.before, one.after)))
            if left := read(there.type, there.inputs) - read(one.after.type, one.after.inputs):
                yield f"left by an update:\n{left}"


def _rule(ports: PortRange, block: str, service: Service) -> Rule:
    return Rule(ports, Peer.of(Cidr.parse(block)) if block else Peer.anywhere(), service)


_PUBLIC_API = _rule(PortRange.tcp(1), "", Service.API)
_MEDIA = PortRange.udp(10000, 20000)
COUNTEREXAMPLES: dict[str, tuple[list[Rule], list[Rule]]] = {
    # Google Cloud, whose rules were named by the purpose: a port passes to another purpose
    "a port passes to another service": (
        [_rule(PortRange.udp(1), "0.0.0.0/1", Service.HTTPS), _PUBLIC_API],
        [
            _rule(PortRange.tcp(1), "", Service.HTTPS), _rule(PortRange.tcp(1), "0.0.0.0/1", Service.HTTPS),
            _PUBLIC_API, _rule(PortRange.udp(1), "0.0.0.0/1", Service.API),
        ],
    ),
    "anybody becomes one carrier": (
        [_rule(_MEDIA, "", Service.SIP_RTP), _rule(PortRange.udp(50000, 60000), "", Service.ICE_UDP)],
        [_rule(_MEDIA, "198.51.100.0/24", Service.SIP_RTP), _rule(PortRange.udp(50000, 60000), "", Service.ICE_UDP)],
    ),
    "ranges of two services change places": (
        [_rule(_MEDIA, "10.0.0.0/8", Service.SIP_RTP), _rule(PortRange.udp(50000, 60000), "", Service.ICE_UDP)],
        [_rule(PortRange.udp(50000, 60000), "10.0.0.0/8", Service.SIP_RTP), _rule(_MEDIA, "", Service.ICE_UDP)],
    ),
}  # fmt: skip


@cache
def named_edits() -> dict[str, list[tuple[str, Any, Any]]]:
    """By argument, what is given before and after; a sample has each edit on some platform."""
    rows, walked = [], list(states())
    for one in PLATFORMS:
        given = [(state.edit, state.given[one.argument]) for state in walked if state.given.get(one.argument)]
        rows += [(one.argument, edit, old, new) for (_, old), (edit, new) in pairwise(given)]
    found: dict[str, list[tuple[str, Any, Any]]] = {one.argument: [] for one in PLATFORMS}
    for argument, *row in sample(rows, lambda row: row[:2]):
        found[argument].append(tuple(row))
    return found


@each_platform
class TestAnyEdit:
    def test_of_rules(self, platform, options):
        @SAMPLE
        @given(pairs(IDENTITIES[platform.name]))
        def judged_in_every_order(case: tuple[RuleSet, RuleSet]) -> None:
            try:
                old, new = (rendered(platform, side) for side in case)
            except RenderError:
                reject()
            assert list(faults(platform, old, new, options)) == []

        judged_in_every_order()

    def test_of_arguments(self, platform, options):
        @settings(FEWER, suppress_health_check=[HealthCheck.filter_too_much])
        @given(valid_arguments(), valid_arguments(), st.sets(st.sampled_from(EDITED), min_size=1, max_size=3))
        def judged_in_every_order(old: dict[str, Any], other: dict[str, Any], keys: set[str]) -> None:
            new = {**{key: value for key, value in old.items() if key not in keys},
                   **{key: value for key, value in other.items() if key in keys}}  # fmt: skip
            try:
                sides = [list(render_for(read_deployment(one, Path()), platform).resources()) for one in (old, new)]
            except ProblemsError:
                reject()
            assert list(faults(platform, *sides, options)) == []

        judged_in_every_order()

    def test_of_those_with_a_name(self, platform, options):
        """The edits that the engine walks through; machines are attached there."""
        wrong = []
        for edit, *sides in named_edits()[platform.argument]:
            old, new = (resources(platform, side) for side in sides)
            wrong += [f"{edit}: {fault}" for fault in faults(platform, old, new, options)]
        assert wrong == []

    @pytest.mark.parametrize(("old", "new"), COUNTEREXAMPLES.values(), ids=COUNTEREXAMPLES)
    def test_that_was_wrong_once(self, platform, options, old, new):
        sides = [rendered(platform, RuleSet.of(side)) for side in (old, new)]
        assert list(faults(platform, *sides, options)) == []


class TestLoadBalancers:
    """Edits of the ids by which AWS knows a load balancer."""

    ONE, OTHER = "sg-0a", "sg-0b"

    @pytest.fixture
    def platform(self) -> AnyPlatform:
        return BY_NAME["aws"]

    def steps(self, platform: AnyPlatform, options: orders.Options, old: Any, new: Any) -> list[Operation]:
        sides = [
            resources(platform, {"aws": {"vpc_id": "vpc-1", "load_balancer_security_group_ids": ids}})
            for ids in (old, new)
        ]
        return [one for one in orders.operations(platform.name, *sides, options) if one.writes or not one.after]

    @pytest.mark.parametrize(("old", "new", "found"), [
        ([ONE, OTHER], [OTHER, ONE], []),
        ([ONE, OTHER], [OTHER], ["goes"]),
        ([ONE], {"alb": ONE}, []),  # was refused as a Duplicate
        ({"alb": ONE, "nlb": OTHER}, {"nlb": OTHER}, ["goes"]),
        ({"alb": ONE}, {"alb": OTHER}, ["is replaced"]),  # was modified, which cuts open flows
    ])  # fmt: skip
    def test_are_lawful(self, platform, options, old, new, found):
        steps = self.steps(platform, options, old, new)
        told = ["goes" if one.after is None else "is replaced" if one.replaces else "is written" for one in steps]
        assert told == found
        assert not any(orders.judge(platform.name, steps))

    @pytest.mark.parametrize(("old", "new"), [
        ({"alb": ONE, "nlb": OTHER}, {"alb": OTHER, "nlb": ONE}),
        ({"alb": ONE}, {"anew": ONE}),
        ({"alb": ONE}, [ONE]),
    ])  # fmt: skip
    def test_that_only_names_tell_apart_are_refused_and_close_nothing(self, platform, options, old, new):
        """A name is what a rule is known by: docs/review.md says how to rename one."""
        steps = self.steps(platform, options, old, new)
        found = orders.judge(platform.name, steps)
        assert (bool(found.shut), bool(found.opened), bool(found.stuck)) == (False, False, True)
        assert platform.outcome(steps, ResourceNames((), ())).refused


EDITED = (
    "port", "tcp_port", "udp_port", "port_range_start", "port_range_end", "https", "turn", "sip", "ingress", "trunks",
    "operators", "clients", "cluster", "load_balancer", "prometheus", "ipv6",
)  # fmt: skip


class Toy(NamedTuple):
    """A resource that admits letters: before and after, None where there is none."""

    old: str | None
    new: str | None
    replaces: bool
    deletes_first: bool


def _moments(toys: list[Toy]) -> Iterator[set[str]]:
    """What is admitted at any time, in every lawful order: a call may begin while another resource is half replaced."""
    made = [place for place, one in enumerate(toys) if one.new is not None and (one.old != one.new or one.replaces)]
    parts = [place for place in made for _ in range(1 + _is_away_first(toys[place]))]
    for order in set(permutations(parts)):
        there = {(place, "old"): set(one.old) for place, one in enumerate(toys) if one.old is not None}
        yield set().union(*there.values())
        for at, place in enumerate(order):
            one = toys[place]
            if one.old is not None and (not one.replaces or one.deletes_first):
                there.pop((place, "old"), None)
            if place not in order[at + 1 :]:
                there[place, "new"] = set(one.new or "")
            yield set().union(*there.values())


def _is_away_first(one: Toy) -> bool:
    return one.old is not None and one.replaces and one.deletes_first


_LETTERS = st.none() | st.text("abc", max_size=2)


@example([Toy("a", "a", True, True), Toy("a", "a", True, True)])
@given(st.lists(st.builds(Toy, _LETTERS, _LETTERS, st.booleans(), st.booleans()), max_size=4))
def test_the_judge_finds_what_the_worst_of_all_orders_admits(toys):
    toys = [one for one in toys if one.old is not None or one.new is not None]
    moments = list(_moments(toys))

    def operation(place: int, one: Toy) -> Operation:
        before, after = (None if text is None else planned("t", str(place), {"is": text}) for text in one[:2])
        writes = after is not None and (one.old != one.new or one.replaces)
        is_replaced = writes and one.replaces and before is not None
        return Operation(f"urn:{place}", before, after, writes, is_replaced, one.deletes_first if is_replaced else None)

    def area(one: Resource) -> Area:
        return Area.union(Area.portless("m", letter) for letter in str(one.inputs["is"]))

    found = [orders.states(operation(place, one), area) for place, one in enumerate(toys)]
    always, ever = (Area.union(some).parts for some in zip(*found, strict=True)) if found else ({}, {})
    assert {what for _, what in always} == set.intersection(*moments)
    assert {what for _, what in ever} == set.union(*moments)


@each_platform
@settings(max_examples=10 * LENGTH, deadline=None)
@given(data=st.data())
def test_the_areas_are_what_the_rules_admit(platform, data):
    """The judge itself, judged by `RuleSet.admits`."""
    rule_set, packet = data.draw(judged(max_size=4))
    try:
        made = rendered(platform, rule_set)
    except RenderError:
        reject()
    area = Area.union(orders.reader_of(platform.name).area(one.type, one.inputs) for one in made)
    (member,) = {member for member, _ in area.parts}
    alone = Cidr(ip_network(packet.source))
    held = PacketSet.box([PortRange(packet.protocol, packet.port, packet.port)], [alone])
    is_admitted = bool(area.parts.get((member, ADDRESSES), PacketSet()) & held)
    besides = [rule for item in platform.baseline(rule_set, platform.placeholder, Options()) for rule in item.rules]
    assert is_admitted == RuleSet.of([*rule_set, *besides]).admits(packet)
