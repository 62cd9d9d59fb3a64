"""The rule set: what normalising must not change, and what `subtract` says, judged by `admits` alone."""

from __future__ import annotations

import ipaddress
import random

from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.model.addresses import Cidr, Direction, Identity, NamedBlock, Packet, Peer
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet, normalise
from livekit_firewall.model.services import Service

from .. import strategies
from ..strategies import few_examples

ALL = [*Identity, *strategies.NAMED]


def rule(ports: PortRange, peer: str = "anywhere", service: Service = Service.ICE_UDP, *keys: str) -> Rule:
    who = Peer.anywhere() if peer == "anywhere" else Peer.of(Cidr.parse(peer))
    return Rule(ports, who, service, tuple(Reason(key, f"because of {key}") for key in keys))


def packet(source: str, protocol: str, port: int) -> Packet:
    return Packet(ipaddress.ip_address(source), Protocol(protocol), port)


def simply_admits(rules: list[Rule], packet: Packet) -> bool:
    """The meaning of rules written without anything of `rules.py`: addresses as integers."""
    for one in rules:
        if one.direction is not packet.direction or one.ports.protocol is not packet.protocol:
            continue
        if packet.port not in range(one.ports.first, one.ports.last + 1):
            continue
        if isinstance(packet.source, Identity | NamedBlock):
            if str(packet.source) in (one.peer.identity, one.peer.named and f"cidrs.{one.peer.named.name}"):
                return True
            continue
        if one.peer.identity is not None or one.peer.named is not None:
            continue
        if one.peer.block is None:
            return True
        network = one.peer.block.network
        spare = network.max_prefixlen - network.prefixlen
        if network.version == packet.source.version and int(packet.source) >> spare == (
            int(network.network_address) >> spare
        ):
            return True
    return False


@st.composite
def some_rules(draw: st.DrawFn) -> tuple[list[Rule], Packet]:
    some = draw(st.lists(strategies.rules(ALL), max_size=8))
    return some, draw(strategies.packets(RuleSet(tuple(some)), ALL))


@few_examples
@given(some_rules())
def test_admits_is_what_the_rules_say_before_and_after_normalising(case: tuple[list[Rule], Packet]) -> None:
    rules, at_the_edge = case
    expected = simply_admits(rules, at_the_edge)
    assert any(one.admits(at_the_edge) for one in rules) is expected
    assert RuleSet.of(rules).admits(at_the_edge) is expected


@few_examples
@given(st.lists(strategies.rules(ALL), max_size=8), st.randoms(use_true_random=False))
def test_normalising_twice_or_in_another_order_changes_nothing(rules: list[Rule], shuffler: random.Random) -> None:
    once = normalise(rules)
    assert normalise(once) == once
    other = [*rules, *rules[:2]]
    shuffler.shuffle(other)
    assert normalise(other) == once
    assert hash(RuleSet(normalise(other))) == hash(RuleSet(once))


@few_examples
@given(st.lists(strategies.rules(ALL), max_size=8))
def test_normalising_keeps_every_reason_at_every_port_that_it_stands_for(rules: list[Rule]) -> None:
    after = normalise(rules)
    for one in rules:
        holders = [
            other
            for other in after
            if other.service is one.service
            and other.ports.protocol is one.ports.protocol
            and other.ports.first <= one.ports.first <= one.ports.last <= other.ports.last
            and (other.peer == one.peer or (other.peer.is_anywhere and one.peer.block and one.peer.block.is_any))
        ]
        if one.peer.is_anywhere:
            holders += [
                other
                for other in after
                if other.service is one.service and other.peer.block and other.peer.block.is_any
            ]
        assert set(one.reasons) <= {reason for other in holders for reason in other.reasons}
    for other in after:
        assert list(other.reasons) == sorted(set(other.reasons))


@few_examples
@given(st.lists(strategies.rules(ALL), max_size=8))
def test_after_normalising_no_two_rules_of_a_service_and_peer_touch(rules: list[Rule]) -> None:
    after = normalise(rules)
    for index, one in enumerate(after):
        for other in after[index + 1 :]:
            if (one.service, one.peer, one.ports.protocol) == (other.service, other.peer, other.ports.protocol):
                assert one.ports.last + 1 < other.ports.first or other.ports.last + 1 < one.ports.first


def test_ports_that_touch_or_overlap_are_one_rule_and_a_gap_of_one_stays() -> None:
    touching = [rule(PortRange.udp(10, 20), keys) for keys in ("10.0.0.0/8",)]
    merged = normalise(
        [*touching, rule(PortRange.udp(21, 30), "10.0.0.0/8"), rule(PortRange.udp(25, 27), "10.0.0.0/8")]
    )
    assert [str(one.ports) for one in merged] == ["udp/10-30"]
    apart = normalise([*touching, rule(PortRange.udp(22, 30), "10.0.0.0/8")])
    assert [str(one.ports) for one in apart] == ["udp/10-20", "udp/22-30"]
    assert not RuleSet(apart).admits(packet("10.0.0.1", "udp", 21))


def test_services_peers_protocols_and_directions_are_never_merged() -> None:
    rules = [
        rule(PortRange.udp(10), "10.0.0.0/8"),
        rule(PortRange.udp(10), "10.0.0.0/9"),
        rule(PortRange.tcp(10), "10.0.0.0/8"),
        rule(PortRange.udp(10), "10.0.0.0/8", Service.TURN_UDP),
        Rule(PortRange.udp(10), Peer.of(Cidr.parse("10.0.0.0/8")), Service.ICE_UDP, (), Direction.EGRESS),
    ]
    assert len(normalise(rules)) == 5
    assert len(RuleSet.of(rules).ingress) == 4


def test_any_ipv4_and_any_ipv6_together_are_anywhere_and_alone_they_are_not() -> None:
    both = RuleSet.of([rule(PortRange.udp(10, 20), "0.0.0.0/0"), rule(PortRange.udp(10, 20), "::/0")])
    assert [str(one.peer) for one in both] == ["anywhere"]
    unequal = RuleSet.of([rule(PortRange.udp(10, 20), "0.0.0.0/0"), rule(PortRange.udp(10, 19), "::/0")])
    assert [(str(one.ports), str(one.peer)) for one in unequal] == [("udp/10-19", "::/0"), ("udp/10-20", "0.0.0.0/0")]
    assert not unequal.admits(packet("2001:db8::1", "udp", 20))


def test_a_rule_for_anywhere_keeps_the_reasons_of_both_families() -> None:
    halves = [rule(PortRange.udp(10), "0.0.0.0/0", Service.SIP, "b"), rule(PortRange.udp(10), "::/0", Service.SIP, "a")]
    (whole,) = RuleSet.of(halves)
    assert (str(whole.peer), whole.key) == ("anywhere", "a, b")


def test_an_anywhere_rule_and_a_wider_ipv4_rule_are_merged_per_family() -> None:
    rules = RuleSet.of([rule(PortRange.udp(10, 20)), rule(PortRange.udp(21, 30), "0.0.0.0/0")])
    assert rules.admits(packet("192.0.2.1", "udp", 30))
    assert rules.admits(packet("2001:db8::1", "udp", 20))
    assert not rules.admits(packet("2001:db8::1", "udp", 21))


def test_duplicates_vanish_and_their_reasons_stay_once_and_sorted() -> None:
    rules = RuleSet.of(
        [
            rule(PortRange.udp(10), "anywhere", Service.ICE_UDP, "rtc.udp_port"),
            rule(PortRange.udp(10), "anywhere", Service.ICE_UDP, "rtc.port_range_start"),
            rule(PortRange.udp(10), "anywhere", Service.ICE_UDP, "rtc.udp_port"),
        ]
    )
    (only,) = rules
    assert only.key == "rtc.port_range_start, rtc.udp_port"
    assert only.reason == "because of rtc.port_range_start; because of rtc.udp_port"
    assert only.as_json() == {
        "direction": "ingress",
        "protocol": "udp",
        "first": 10,
        "last": 10,
        "peer": "anywhere",
        "service": "ice-udp",
        "key": "rtc.port_range_start, rtc.udp_port",
        "reason": "because of rtc.port_range_start; because of rtc.udp_port",
    }


def test_an_identity_is_admitted_by_name_and_never_by_address() -> None:
    rules = RuleSet.of([Rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API)])
    assert rules.admits(Packet(Identity.LOAD_BALANCER, Protocol.TCP, 7880))
    assert not rules.admits(Packet(Identity.SAME_GROUP, Protocol.TCP, 7880))
    assert not rules.admits(packet("10.0.0.1", "tcp", 7880))
    assert rules.identities == {Identity.LOAD_BALANCER}
    anywhere = RuleSet.of([rule(PortRange.tcp(7881))])
    assert not anywhere.admits(Packet(Identity.LOAD_BALANCER, Protocol.TCP, 7881))
    assert anywhere.identities == set()


def test_a_named_block_is_admitted_by_name_whatever_its_value_and_never_by_address() -> None:
    nlb = Peer.of(NamedBlock("nlb-a", value=object()))
    rules = RuleSet.of([
        Rule(PortRange.tcp(7880), nlb, Service.API),
        Rule(PortRange.tcp(7880), Peer.of(NamedBlock("nlb-a")), Service.API),
        Rule(PortRange.tcp(5349), nlb, Service.TURN_TLS),
        Rule(PortRange.tcp(7881), Peer.of(NamedBlock("office")), Service.ICE_TCP),
        Rule(PortRange.udp(7880), Peer.of(NamedBlock("udp")), Service.ICE_UDP),
        Rule(PortRange.tcp(7880), Peer.of(NamedBlock("out")), Service.API, direction=Direction.EGRESS),
    ])  # fmt: skip
    assert len(rules) == 5
    assert rules.admits(Packet(NamedBlock("nlb-a"), Protocol.TCP, 7880))
    assert not rules.admits(Packet(NamedBlock("office"), Protocol.TCP, 7880))
    assert not rules.admits(packet("10.0.0.1", "tcp", 7880))
    assert {one.name for one in rules.named} == {"nlb-a", "office", "udp"}
    assert rules.named_on(PortRange.tcp(7000, 7880)) == (NamedBlock("nlb-a"),)
    assert rules.named_on(PortRange.tcp(7882)) == ()
    assert rules.identities == set()


def test_an_egress_packet_is_judged_by_egress_rules_only() -> None:
    rules = RuleSet.of([rule(PortRange.udp(3478))])
    out = Packet(ipaddress.ip_address("192.0.2.1"), Protocol.UDP, 3478, Direction.EGRESS)
    assert not rules.admits(out)


@few_examples
@given(strategies.rule_sets(ALL, max_size=5), strategies.rule_sets(ALL, max_size=5), st.data())
def test_what_is_left_is_what_one_set_admits_and_the_other_does_not(
    one: RuleSet, other: RuleSet, data: st.DataObject
) -> None:
    left = one.subtract(other)
    for around in (one, other, left):
        near = data.draw(strategies.packets(around, ALL))
        assert left.admits(near) is (one.admits(near) and not other.admits(near))


@few_examples
@given(st.lists(strategies.rules(ALL), max_size=6), st.data())
def test_sets_that_mean_the_same_leave_nothing_of_each_other(rules: list[Rule], data: st.DataObject) -> None:
    """The same meaning in other rules: each one cut into two by ports, and into its halves by address."""
    cut: list[Rule] = []
    for one in rules:
        middle = data.draw(st.integers(one.ports.first, one.ports.last))
        parts = [PortRange(one.ports.protocol, one.ports.first, middle)]
        if middle < one.ports.last:
            parts.append(PortRange(one.ports.protocol, middle + 1, one.ports.last))
        peers = [one.peer]
        if one.peer.block and one.peer.block.network.prefixlen < one.peer.block.network.max_prefixlen:
            peers = [Peer.of(Cidr(half)) for half in one.peer.block.network.subnets()]
        cut += [Rule(ports, peer, Service.RTMP) for ports in parts for peer in peers]
    before, after = RuleSet.of(rules), RuleSet.of(cut)
    assert before.subtract(after).rules == ()
    assert after.subtract(before).rules == ()
    assert RuleSet.of([]).subtract(before).rules == ()
    assert before.subtract(RuleSet()).subtract(before).rules == ()


def test_a_set_with_more_leaves_the_difference() -> None:
    wide = RuleSet.of([rule(PortRange.udp(50000, 60000))])
    narrow = RuleSet.of([rule(PortRange.udp(50000, 50010), "0.0.0.0/0"), rule(PortRange.udp(50000, 60000), "::/1")])
    left = {(str(one.ports), str(one.peer)) for one in wide.subtract(narrow)}
    assert left == {("udp/50011-60000", "0.0.0.0/0"), ("udp/50000-60000", "8000::/1")}
    assert narrow.subtract(wide).rules == ()


def test_a_rule_set_lists_what_everybody_reaches_first() -> None:
    rules = RuleSet.of(
        [
            rule(PortRange.tcp(22), "10.0.0.0/8", Service.SSH),
            rule(PortRange.tcp(7881), "anywhere", Service.ICE_TCP),
            rule(PortRange.tcp(443), "anywhere", Service.HTTPS),
            rule(PortRange.udp(50000, 60000), "anywhere", Service.ICE_UDP),
        ]
    )
    assert [str(one.service) for one in rules] == ["https", "ice-udp", "ice-tcp", "ssh"]
