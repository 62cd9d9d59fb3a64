"""Google Cloud: what an update admits on its way, in the worst order that the engine may take.

Not proved: that an update of one rule is one step for Google, and what it does to flows that are open.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.rendering import render_for
from livekit_firewall.model.addresses import Cidr, Identity, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.gcp import render as gcp
from livekit_firewall.platforms.gcp.native import Native
from livekit_firewall.platforms.gcp.record import GCP
from tests.engine.previews.change import BROKEN
from tests.engine.previews.ours import ROWS, TARGETS

from ..golden_rules import SCENARIOS
from ..readers.gcp_order import Bodies, Sample, judge
from ..strategies import LENGTH
from .test_gcp import ANYWHERE, TAGS, rules


def bodies(native: Native) -> dict[str, dict[str, Any]]:
    return {body["name"]: body for body in native.as_json()}  # type: ignore[misc]


def step(old: RuleSet, new: RuleSet) -> None:
    one, other = bodies(gcp.render(old, TAGS)), bodies(gcp.render(new, TAGS))
    judge(one, other, Sample([*one.values(), *other.values()]))


def changes(old: RuleSet, new: RuleSet) -> dict[str, list[str]]:
    """The operations by kind, on the keys and without digests."""
    one, other = gcp.render(old, TAGS, name="lk"), gcp.render(new, TAGS, name="lk")
    before, after = ({rule.name: rule for rule in native} for native in (one, other))
    kinds = {
        "create": [after[name].key for name in after if name not in before],
        "update": [after[name].key for name in after if name in before and after[name] != before[name]],
        "delete": [before[name].key for name in before if name not in after],
    }
    return {kind: keys for kind, keys in kinds.items() if keys}


# Arbitrary changes

PORTS = [
    *(PortRange.tcp(*ports) for ports in ((443,), (5060,), (5061,), (5060, 5061), (7880,), (7881,), (7880, 7882))),
    *(PortRange.udp(*ports) for ports in ((443,), (5060,), (7882,), (10000, 20000), (50000, 60000), (15000, 55000))),
]
PEERS = [
    ANYWHERE, Peer.any_ipv4(), Peer.any_ipv6(), *map(Peer.of, sorted(TAGS.names)),
    *(
        Peer.of(Cidr.parse(text))
        for text in (
            "10.0.0.0/8", "10.0.0.0/24", "198.51.100.0/24", "198.51.100.128/25", "35.191.0.0/16", "2001:db8::/32",
            "2001:db8:1::/48", "2600:2d00:1:1::/64",
        )
    ),
]  # fmt: skip
"""One of Google's own blocks of each family, since both are the identity."""
SERVICES = [Service.HTTPS, Service.TURN_TLS, Service.ICE_UDP, Service.SIP, Service.SIP_TLS, Service.SIP_RTP,
            Service.API, Service.WHIP, Service.SSH, Service.METRICS, Service.REDIS]  # fmt: skip


class World(NamedTuple):
    """What a few changes choose from: little, so that the same ports, peers and services meet."""

    ports: list[PortRange]
    peers: list[Peer]
    services: list[Service]

    @classmethod
    def by(cls, dice: Random) -> World:
        return cls(dice.sample(PORTS, 3), dice.sample(PEERS, 4), dice.sample(SERVICES, 3))

    def rule(self, dice: Random) -> Rule:
        return Rule(dice.choice(self.ports), dice.choice(self.peers), dice.choice(self.services))

    def rules(self, dice: Random) -> list[Rule]:
        return [self.rule(dice) for _ in range(dice.randint(1, 6))]

    def edited(self, given: list[Rule], dice: Random) -> list[Rule]:
        """Rules that get the ports, the peer or the service of another, that go or come; now and then all others."""
        if not dice.randrange(5):
            return self.rules(dice)
        found = list(given)
        for _ in range(dice.randint(1, 3)):
            one, other = dice.choice(given), self.rule(dice)
            field = dice.choice(("ports", "peer", "service"))
            what = dice.choice(("ports", "peer", "service"))
            changed = {what: getattr(other, what)}
            found = dice.choice(
                (
                    [
                        replace(rule, **changed) if getattr(rule, field) == getattr(one, field) else rule
                        for rule in found
                    ],
                    [rule for rule in found if getattr(rule, field) != getattr(one, field)],
                    [*found, replace(one, **changed)],
                )
            )
        return found


WHOLE = Sample(
    [
        {"allowed": [{"IPProtocol": str(one.protocol), "ports": [one.ports]}], "sourceRanges": [str(block)]}
        for one, peer in zip(PORTS * 2, PEERS * 2, strict=False)
        for block in peer.blocks or (Cidr.parse("10.0.0.0/8"),)
    ]
)


@pytest.mark.parametrize("seed", range(4))
def test_no_order_of_a_change_closes_what_both_admit_or_opens_what_neither_does(seed):
    dice = Random(seed)
    updated = 0
    for _ in range(10 * LENGTH):
        world = World.by(dice)
        given = world.rules(dice)
        old = bodies(gcp.render(RuleSet.of(given), TAGS))
        for _ in range(20):
            given = world.edited(given, dice) or world.rules(dice)
            new = bodies(gcp.render(RuleSet.of(given), TAGS))
            judge(old, new, WHOLE)
            updated += sum(old[name] != new[name] for name in old.keys() & new)
            old = new
    assert updated > 20 * LENGTH, "many are updates in place"


# Changes from and to what deployments are


def configurations() -> Iterator[dict[str, Any]]:
    """Those that the previews change from and to."""
    for row in ROWS:
        if "gcp" in row.platforms and not row.files and not row.secrets and row.expected != BROKEN:
            before = {**TARGETS["gcp"], **row.target.get("gcp", {})}
            for arguments, target in ((row.before, before), (row.after, {**before, **row.then.get("gcp", {})})):
                if arguments is not None:
                    yield {**arguments, "gcp": target}


def test_every_change_from_one_named_configuration_to_another():
    known = {json.dumps(one, sort_keys=True): one for one in configurations()}
    made = [bodies(render_for(read_deployment(one, Path()), GCP)) for one in known.values()]
    sample = Sample(body for one in made for body in one.values())
    pairs = list(permutations(made, 2))
    assert len(pairs) > 1000
    for old, new in pairs:
        judge(old, new, sample)


# Changes that closed ports, or could

TRUNKS = "198.51.100.0/24"
BALANCER = Peer.of(Identity.LOAD_BALANCER)
SIP_PUBLIC = [("udp/5060", ANYWHERE, Service.SIP), ("udp/10000-20000", ANYWHERE, Service.SIP_RTP)]
SIP_NAMED = [("udp/5060", TRUNKS, Service.SIP), ("udp/10000-20000", TRUNKS, Service.SIP_RTP)]
MEDIA = ("udp/50000-60000", ANYWHERE, Service.ICE_UDP)
MEDIA_NAMED = ("udp/50000-60000", "192.0.2.0/24", Service.ICE_UDP)
OPERATED = ("tcp/22", "203.0.113.0/24", Service.SSH)
SHARED = ("tcp/443", "10.0.0.0/8", Service.HTTPS)

NAMED: dict[str, tuple[list[Any], list[Any], dict[str, list[str]]]] = {
    # what changes: rules before, rules after, the operations over IPv4
    "trunks that were public are named": (
        [MEDIA, *SIP_PUBLIC], [MEDIA, *SIP_NAMED],
        {"create": ["public-ipv4", "trunk-ipv4"], "delete": ["public-ipv4"]},
    ),
    "named trunks are public": (
        [MEDIA, *SIP_NAMED], [MEDIA, *SIP_PUBLIC],
        {"create": ["public-ipv4"], "delete": ["public-ipv4", "trunk-ipv4"]},
    ),
    "clients are restricted while SIP is public": (
        [MEDIA, *SIP_PUBLIC], [MEDIA_NAMED, *SIP_PUBLIC],
        {"create": ["clients-ipv4", "public-ipv4"], "delete": ["public-ipv4"]},
    ),
    "services of a purpose get sources of their own": (
        [*SIP_NAMED], [SIP_NAMED[0], ("udp/10000-20000", "198.51.100.0/25", Service.SIP_RTP)],
        {"create": ["trunk-media-ipv4", "trunk-signaling-ipv4"], "delete": ["trunk-ipv4"]},
    ),
    "they get the same again": (
        [SIP_NAMED[0], ("udp/10000-20000", "198.51.100.0/25", Service.SIP_RTP)], [*SIP_NAMED],
        {"create": ["trunk-ipv4"], "delete": ["trunk-media-ipv4", "trunk-signaling-ipv4"]},
    ),
    "ports of a service get sources of their own": (
        [("tcp/6789", "10.0.0.0/8", Service.METRICS), ("tcp/9100", "10.0.0.0/8", Service.METRICS)],
        [("tcp/6789", "10.0.0.0/8", Service.METRICS), ("tcp/9100", "10.0.0.0/24", Service.METRICS)],
        {"create": ["metrics-tcp-6789-ipv4", "metrics-tcp-9100-ipv4"], "delete": ["operators-ipv4"]},
    ),
    "a port passes to a service of another purpose": (
        [("tcp/443", "10.0.0.0/8", Service.TURN_TLS), ("tcp/80", "10.0.0.0/24", Service.HTTP)],
        [("tcp/443", "10.0.0.0/8", Service.HTTPS), ("tcp/80", "10.0.0.0/24", Service.HTTP)],
        {"create": ["http-ipv4", "https-ipv4"], "delete": ["clients-ipv4", "turn-tls-ipv4"]},
    ),
    "a port of blocks is public besides": (
        [("tcp/443", "10.0.0.0/8", Service.TURN_TLS)],
        [("tcp/443", "10.0.0.0/24", Service.TURN_TLS), ("tcp/443", ANYWHERE, Service.HTTPS)],
        {"create": ["public-ipv4", "turn-tls-ipv4"], "delete": ["turn-tls-ipv4"]},
    ),
    "two services share a port, and one leaves it": (
        [SHARED, ("tcp/443", "10.0.0.0/24", Service.TURN_TLS), ("tcp/80", "10.0.0.0/8", Service.HTTP)],
        [("tcp/443", "10.0.0.0/24", Service.TURN_TLS), ("tcp/80", "192.0.2.0/24", Service.HTTP)],
        {"create": ["clients-ipv4", "turn-tls-ipv4"], "delete": ["clients-ipv4", "turn-tls-ipv4"]},
    ),
    "two services of one port swap their sources": (
        [SHARED, ("tcp/443", "192.0.2.0/24", Service.TURN_TLS)],
        [("tcp/443", "192.0.2.0/24", Service.HTTPS), ("tcp/443", "10.0.0.0/8", Service.TURN_TLS)],
        {"create": ["clients-ipv4", "turn-tls-ipv4"], "delete": ["clients-ipv4", "turn-tls-ipv4"]},
    ),
    "ranges overlap, and one of them moves": (
        [("udp/10000-55000", TRUNKS, Service.SIP_RTP), MEDIA_NAMED],
        [("udp/10000-20000", TRUNKS, Service.SIP_RTP), ("udp/20001-60000", TRUNKS, Service.ICE_UDP)],
        {
            "create": ["clients-ipv4", "trunk-ipv4"],
            "delete": ["clients-ipv4", "trunk-ipv4"],
        },
    ),
    "Google's own blocks are named by what they are": (
        [("tcp/7880", "35.191.0.0/16", Service.API), ("tcp/7880", "10.0.0.0/8", Service.API)],
        [("tcp/7880", BALANCER, Service.API), ("tcp/7880", "10.0.0.0/8", Service.API)],
        {"create": ["backend-ipv4", "load-balancer-ipv4"], "delete": ["backend-ipv4"]},
    ),
    "what blocks reach, only nodes of the group do": (
        [("tcp/6379", "10.0.0.0/8", Service.REDIS), OPERATED],
        [("tcp/6379", Peer.of(Identity.SAME_GROUP), Service.REDIS), OPERATED],
        {"create": ["same-group-tags"], "delete": ["cluster-ipv4"]},
    ),
    "one port less for Google's load balancers": (
        [("tcp/7880", BALANCER, Service.API), ("tcp/8080", BALANCER, Service.WHIP)],
        [("tcp/7880", BALANCER, Service.API), ("tcp/8080", "35.191.0.0/16", Service.WHIP)],
        {"create": ["backend-ipv4", "load-balancer-ipv4"], "delete": ["load-balancer-ipv4"]},
    ),
    "everybody becomes one block": (
        [MEDIA], [MEDIA_NAMED], {"create": ["clients-ipv4"], "delete": ["public-ipv4"]},
    ),
    "one block becomes another": ([OPERATED, MEDIA], [("tcp/22", "192.0.2.0/24", Service.SSH), MEDIA],
        {"update": ["operators-ipv4"]},
    ),
    "the media range moves": (
        [MEDIA, OPERATED], [("udp/51000-61000", ANYWHERE, Service.ICE_UDP), OPERATED],
        {"create": ["public-ipv4"], "delete": ["public-ipv4"]},
    ),
    "a service takes over another's port": (
        [("tcp/443", ANYWHERE, Service.TURN_TLS)], [("tcp/443", ANYWHERE, Service.HTTPS)], {"update": ["public-ipv4"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("change", NAMED)
def test_named_changes(change):
    old, new, operations = NAMED[change]
    before, after = rules(*old), rules(*new)
    step(before, after)
    assert {
        kind: [key for key in keys if not key.endswith("ipv6")] for kind, keys in changes(before, after).items()
    } == operations


@pytest.mark.parametrize("edit", [lambda some: some[1:], lambda some: [*some[:70], "192.0.2.0/24", *some[71:]]])
def test_a_block_of_many_is_one_update(edit):
    """Three rules for each trunk, and one call."""
    trunks = [f"198.51.{number}.0/24" for number in range(200)]
    sip = [("udp/5060", Service.SIP), ("tcp/5060", Service.SIP), ("udp/10000-20000", Service.SIP_RTP)]

    def named(some: list[str]) -> RuleSet:
        return rules(MEDIA, *((ports, trunk, service) for ports, service in sip for trunk in some))

    assert changes(named(trunks), named(edit(trunks))) == {"update": ["trunk-ipv4"]}
    assert changes(named(trunks), named(trunks[::-1])) == {}


# Rules that a release up to 0.1 made

OLDER = Path(__file__).parents[1] / "golden" / "gcp_0_1"


def aliased(native: Native, old: Bodies) -> dict[str, str]:
    """The name in the old rules of each new one, as the engine looks for it: the first of its aliases that is there."""
    found = {rule.name: [one for one in (rule.name, *rule.also) if one in old] for rule in native}
    return {name: names[0] for name, names in found.items() if names}


@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if (OLDER / f"{name}.json").exists()])
def test_rules_of_an_older_release_are_kept_or_joined(scenario):
    """`golden/gcp_0_1` holds what commit 91cb296 made of the same scenarios."""
    old = {body["name"]: body for body in json.loads((OLDER / f"{scenario}.json").read_text(encoding="utf-8"))}
    native = gcp.render(SCENARIOS[scenario].rules, TAGS, ipv6=SCENARIOS[scenario].ipv6)
    new, was = bodies(native), aliased(native, old)
    judge(old, new, Sample([*old.values(), *new.values()]), was)
    assert was.keys() == new.keys(), "nothing is created"
    left = old.keys() - set(was.values())
    assert left == {name for name in old if "-trunk-signaling-" in name}, "only what another one holds now is deleted"
    kept = {name for name in new if {**new[name], "name": ""} == {**old[was[name]], "name": ""}}
    assert new.keys() - kept == {name for name in new if "-trunk-" in name}, "only what was joined is updated"


def test_no_two_rules_have_one_alias():
    dice = Random(0)
    for _ in range(50 * LENGTH):
        native = gcp.render(RuleSet.of(World.by(dice).rules(dice)), TAGS)
        also = [one for rule in native for one in rule.also]
        assert len(set(also)) == len(also)
        assert not {*also} & {rule.name for rule in native}
