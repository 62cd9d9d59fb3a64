"""Denies, priorities and the way out: what the first rule that matches says, on platforms where that decides."""

from __future__ import annotations

import ipaddress
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.ports import PortRange
from tests.unit.strategies import cidrs, few_examples, ports

from .judge import Box, assert_exact, box, verdict
from .programs import AWS_INGRESS, AWS_RULE, AZURE_GROUP, AZURE_RULE, GCP, OCEAN, Thing, group, ingress, preview
from .test_meaning import page


class Line(NamedTuple):
    """A rule with a place in an order."""

    allows: bool
    ports: PortRange
    block: Any
    priority: int


# Made once: Hypothesis checks a strategy whenever it first draws from it.
_LINES = st.lists(
    st.builds(Line, st.booleans(), ports(), cidrs().map(lambda block: block.network), st.integers(100, 104)), max_size=4
)


def lines() -> st.SearchStrategy[list[Line]]:
    return _LINES


@st.composite
def two_orders(draw: st.DrawFn) -> tuple[list[Line], list[Line]]:
    common, left, right = draw(lines()), draw(lines()), draw(lines())
    return [*common, *left[:2]], [*right[:2], *common]


dice = st.integers(0, 2**32 - 1).map(Random)
EVERYTHING = [
    Box(protocol, 1, 65535, ipaddress.ip_network(block))
    for protocol in ("tcp", "udp")
    for block in ("0.0.0.0/0", "::/0")
]  # fmt: skip


def google(given: list[Line], way: str, dice: Random) -> list[Thing]:
    """One for each line; at one priority a deny wins."""
    peers = "sourceRanges" if way == "ingress" else "destinationRanges"
    things = [
        Thing(GCP, f"g{dice.random()}", {
            "network": "default", "direction": way.upper(), "priority": one.priority, "targetTags": ["livekit"],
            "allows" if one.allows else "denies": [{"protocol": str(one.ports.protocol), "ports": [one.ports.ports]}],
            peers: [str(one.block)],
        })
        for one in given
    ]  # fmt: skip
    dice.shuffle(things)
    return things


def google_order(given: list[Line]) -> list[Line]:
    return sorted(given, key=lambda one: (one.priority, one.allows))


def azure(given: list[Line], way: str, dice: Random) -> list[Thing]:
    """Priorities are unique: the order of the list."""
    peer, own = ("source", "destination") if way == "ingress" else ("destination", "source")
    rules = [
        {
            "name": f"r{place}", "priority": 200 + 10 * place, "access": "Allow" if one.allows else "Deny",
            "direction": "Inbound" if way == "ingress" else "Outbound", "protocol": str(one.ports.protocol).title(),
            "sourcePortRange": "*", "destinationPortRange": one.ports.ports,
            f"{peer}AddressPrefix": str(one.block), f"{own}AddressPrefix": "*",
        }
        for place, one in enumerate(given)
    ]  # fmt: skip
    dice.shuffle(rules)
    if dice.randrange(2):
        # a group whose list goes keeps its rules: this is another group
        return [Thing(AZURE_GROUP, "lk-inline", {"securityRules": rules})]
    owner = Thing(AZURE_GROUP, "lk")
    return [owner, *(Thing(AZURE_RULE, one["name"], one, {"networkSecurityGroupName": owner}) for one in rules)]


ORDERED = {"gcp": (google, google_order), "azure": (azure, list)}


@pytest.mark.parametrize("way", ["ingress", "egress"])
@pytest.mark.parametrize("platform", sorted(ORDERED))
class TestTheFirstRuleThatMatchesDecides:
    @few_examples
    @given(two_orders(), dice)
    def test_before_and_after(self, platform, way, case, dice):
        write, order = ORDERED[platform]
        sides = [write(lines, way, dice) for lines in case]
        told = [
            [box(one.ports, one.block, one.allows) for one in order(lines)] + (EVERYTHING if way == "egress" else [])
            for lines in case
        ]
        found = page(preview(*sides))
        assert found["verdict"] == verdict(*assert_exact(found, *told, direction=way, besides=("VirtualNetwork",)))

    @few_examples
    @given(lines(), ports(), cidrs(), dice)
    def test_a_deny_more_is_never_wider_and_a_deny_less_is_never_narrower(
        self, platform, way, given, ports, block, dice
    ):
        write, _ = ORDERED[platform]
        denied = [Line(False, ports, block.network, 100), *given]
        less, more = write(denied, way, dice), write(given, way, dice)
        assert page(preview(less, more))["verdict"] in ("no change", "wider")
        assert page(preview(more, less))["verdict"] in ("no change", "narrower")


def amazon_out(grants: list[Line]) -> list[Thing]:
    owner = group()
    rules = [
        {"type": "egress", "protocol": str(one.ports.protocol), "fromPort": one.ports.first, "toPort": one.ports.last,
         "ipv6CidrBlocks" if one.block.version == 6 else "cidrBlocks": [str(one.block)]}
        for one in grants
    ]  # fmt: skip
    return [owner, *(Thing(AWS_RULE, f"out{n}", one, {"securityGroupId": owner}) for n, one in enumerate(rules))]


def ocean_out(grants: list[Line]) -> list[Thing]:
    rules = [
        {"protocol": str(one.ports.protocol), "portRange": one.ports.ports, "destinationAddresses": [str(one.block)]}
        for one in grants
    ]
    return [Thing(OCEAN, "fw", {"tags": ["livekit"], "outboundRules": rules})]


@pytest.mark.parametrize("write", [amazon_out, ocean_out])
@few_examples
@given(case=two_orders())
def test_the_way_out_is_as_exact_as_the_way_in(write, case):
    before, after = case
    found = page(preview(write(before), write(after)))
    told = [[box(one.ports, one.block) for one in side] for side in case]
    assert found["verdict"] == verdict(*assert_exact(found, *told, direction="egress"))


class TestWhoIsKnownByNameOnly:
    """Groups, tags and Droplets have no addresses here: they gain and lose ports, besides what everybody has."""

    @few_examples
    @given(
        st.lists(st.tuples(st.sampled_from("ab"), ports()), max_size=4),
        st.lists(st.tuples(st.sampled_from("ab"), ports()), max_size=4),
        st.sampled_from(["gcp", "ocean", "aws"]),
    )
    def test_each_gains_and_loses_exactly_its_ports(self, before, after, platform):
        found = page(preview(NAMED[platform](before), NAMED[platform](after)))
        edges = {1} | {edge for _, one in (*before, *after) for edge in (one.first, one.last + 1)}
        gains = loses = False
        for name in "ab":
            for protocol in ("tcp", "udp"):
                for port in sorted(edges - {65536}):
                    was, is_ = (_reaches(side, name, protocol, port) for side in (before, after))
                    assert _is_reported(found, "gained", name, protocol, port) == (is_ and not was)
                    assert _is_reported(found, "lost", name, protocol, port) == (was and not is_)
                    gains, loses = gains or (is_ and not was), loses or (was and not is_)
        assert found["verdict"] == verdict(gains, loses)

    @pytest.mark.parametrize("platform", ["gcp", "ocean", "aws"])
    def test_one_more_of_them_is_wider(self, platform):
        port = PortRange.tcp(6379)
        one, two = (NAMED[platform]([(name, port) for name in names]) for names in ("a", "ab"))
        assert page(preview(one, two))["verdict"] == "wider"
        assert page(preview(two, one))["verdict"] == "narrower"

    def test_gains_nothing_where_everybody_is_let_in_and_something_where_some_are(self):
        named = _amazon_named([("a", PortRange.tcp(443))])
        owner = named[0]
        six = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "cidrIpv6": "::/0"}
        everybody = [ingress(owner, "four"), Thing(AWS_INGRESS, "six", six, {"securityGroupId": owner})]
        some = [ingress(owner, "some", cidrIpv4="10.0.0.0/8")]
        verdicts = {
            name: (page(preview([owner, *rules], [*named, *rules]))["verdict"],
                   page(preview([*named, *rules], named))["verdict"])
            for name, rules in (("everybody", everybody), ("some", some), ("IPv4", everybody[:1]))
        }  # fmt: skip
        assert verdicts == {
            "everybody": ("no change", "narrower"), "some": ("wider", "narrower"), "IPv4": ("wider", "narrower"),
        }  # fmt: skip


def _reaches(side: list[tuple[str, PortRange]], name: str, protocol: str, port: int) -> bool:
    return any(who == name and str(one.protocol) == protocol and one.first <= port <= one.last for who, one in side)


def _is_reported(found: dict[str, Any], side: str, name: str, protocol: str, port: int) -> bool:
    return any(
        change[side]
        and any(one.endswith(f"named-{name}") for one in change[side]["names"])
        and any(one["protocol"] == protocol and one["first"] <= port <= one["last"] for one in change[side]["ports"])
        for change in found["stacks"][0]["changes"]
    )


def _google_named(grants: list[tuple[str, PortRange]]) -> list[Thing]:
    return [
        Thing(GCP, f"f{n}", {"network": "default", "targetTags": ["livekit"], "sourceTags": [f"named-{who}"],
                             "allows": [{"protocol": str(one.protocol), "ports": [one.ports]}]})
        for n, (who, one) in enumerate(grants)
    ]  # fmt: skip


def _ocean_named(grants: list[tuple[str, PortRange]]) -> list[Thing]:
    rules = [
        {"protocol": str(one.protocol), "portRange": one.ports, "sourceTags": [f"named-{who}"]} for who, one in grants
    ]
    return [Thing(OCEAN, "fw", {"tags": ["livekit"], "inboundRules": rules})]


def _amazon_named(grants: list[tuple[str, PortRange]]) -> list[Thing]:
    owner = group()
    return [owner, *(
        Thing(AWS_RULE, f"r{n}", {"type": "ingress", "protocol": str(one.protocol), "fromPort": float(one.first),
                                  "toPort": float(one.last), "sourceSecurityGroupId": f"sg-named-{who}"},
              {"securityGroupId": owner})
        for n, (who, one) in enumerate(grants)
    )]  # fmt: skip


NAMED = {"gcp": _google_named, "ocean": _ocean_named, "aws": _amazon_named}
