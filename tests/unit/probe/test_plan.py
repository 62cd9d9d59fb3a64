"""Which ports a checker tries, from where it stands: what must be reachable, and what must not."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable
from functools import reduce
from itertools import pairwise, product
from operator import or_
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.deployment.listener import Listener
from livekit_firewall.model.addresses import ANY, Address, Family, Identity, NamedBlock, Packet, Peer
from livekit_firewall.model.ports import MAX_PORT, PortRange, Protocol
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.probe.checker.plan import (
    digest_of,
    every_port,
    parse_ports,
    plan_for,
    plan_of_ports,
    tcp_ports,
    udp_ports,
)

from ..argument_strategies import valid_arguments
from ..strategies import NAMED, few_examples, judged, ports

HERE = Path()
EMPTY = {"livekit": False}
SIP = {"livekit": False, "sip": {}, "trunks": ["198.51.100.0/24"]}


def sources(**given: str | None) -> dict[Family, Address | None]:
    return {Family(family): ipaddress.ip_address(text) if text else None for family, text in given.items()}


def plan(arguments, **seen_from: str | None):
    return plan_for(read_deployment(arguments, HERE), sources(**seen_from))


def wanted(targets) -> list[str]:
    return [f"{one.ports} {one.service or '-'}" for one in targets if one.wanted]


def closed(targets) -> list[str]:
    return [f"{one.ports} {one.service or '-'}" for one in targets if not one.wanted]


def with_rules(rules: RuleSet, listeners: tuple[Listener, ...] = ()) -> Deployment:
    """These rules and listeners, whatever made them."""
    bare = read_deployment(EMPTY, HERE)
    return Deployment(bare.settings, bare.access, listeners, rules, {}, ())


def bits(ports: PortRange) -> int:
    """Bit n is port n."""
    return (1 << ports.last + 1) - (1 << ports.first)


def union(ranges: Iterable[PortRange], protocol: Protocol) -> int:
    return reduce(or_, [bits(one) for one in ranges if one.protocol is protocol], 0)


def held(targets, family: Family, protocol: Protocol) -> int:
    """The ports of the targets. None stands twice."""
    mine = [one.ports for one in targets if one.family is family and one.ports.protocol is protocol]
    assert union(mine, protocol) == sum(map(bits, mine))
    return union(mine, protocol)


USUAL = ["tcp/6379 redis", "tcp/4222 nats", "tcp/3306 mariadb", "tcp/6060 debug"]
BESIDE_MEDIA = ["tcp/50000 -", "udp/49999 -", "udp/60001 -"]


def test_a_plain_livekit_wants_media_and_keeps_the_api_and_what_lies_beside_closed():
    found = plan({}, ipv4=None)
    assert [(one.wanted, str(one.ports), one.service, one.key, one.reason) for one in found] == [
        (
            True,
            "udp/50000-60000",
            Service.ICE_UDP,
            "port_range_start, port_range_end",
            "media over UDP, for clients (clients)",
        ),
        (True, "tcp/7881", Service.ICE_TCP, "tcp_port", "media over TCP, when UDP is blocked, for clients (clients)"),
        (False, "tcp/7880", Service.API, "port", "API and WebSocket signalling in plain text"),
        (False, "tcp/6789", Service.METRICS, "", "Prometheus metrics, on its usual port"),
        (False, "tcp/6379", Service.REDIS, "", "state shared by the nodes, on its usual port"),
        (False, "tcp/4222", Service.NATS, "", "messages between plugNmeet's nodes, on its usual port"),
        (False, "tcp/3306", Service.MARIADB, "", "plugNmeet's database, on its usual port"),
        (False, "tcp/6060", Service.DEBUG, "", "pprof and debug pages without authentication, on its usual port"),
        (False, "tcp/50000", None, "port_range_start, port_range_end", "the other protocol of udp/50000-60000"),
        (False, "udp/49999", None, "port_range_start, port_range_end", "just outside udp/50000-60000"),
        (False, "udp/60001", None, "port_range_start, port_range_end", "just outside udp/50000-60000"),
    ]
    assert {one.family for one in found} == {Family.IPV4}


def test_both_families_are_tried_side_by_side():
    found = plan({**SIP, "trunks": "anywhere"}, ipv6=None, ipv4=None)
    assert [(str(one.ports), str(one.family)) for one in found if one.wanted] == [
        ("tcp/5060", "ipv4"),
        ("tcp/5060", "ipv6"),
        ("udp/5060", "ipv4"),
        ("udp/5060", "ipv6"),
        ("udp/10000-20000", "ipv4"),
        ("udp/10000-20000", "ipv6"),
    ]
    assert len(found) == 2 * len(plan({**SIP, "trunks": "anywhere"}, ipv4=None))


def test_the_api_is_wanted_from_the_load_balancer_only():
    arguments = {"load_balancer": {"cidrs": ["10.0.0.0/24"]}}
    assert wanted(plan(arguments, ipv4="10.0.0.7")) == ["tcp/7880 api", "udp/50000-60000 ice-udp", "tcp/7881 ice-tcp"]
    for stranger in ("10.0.1.7", None):
        found = plan(arguments, ipv4=stranger)
        assert wanted(found) == ["udp/50000-60000 ice-udp", "tcp/7881 ice-tcp"]
        assert "tcp/7880 api" in closed(found)


def test_nobody_is_a_load_balancer_known_by_its_security_group():
    arguments = {"aws": {"vpc_id": "vpc-1", "load_balancer_security_group_ids": ["sg-1"]}}
    for source in ("10.0.0.7", None):
        assert "tcp/7880 api" in closed(plan(arguments, ipv4=source))


def test_a_trunk_reaches_every_port_of_sip():
    found = plan(SIP, ipv4="198.51.100.1")
    assert wanted(found) == ["tcp/5060 sip", "udp/5060 sip", "udp/10000-20000 sip-rtp"]
    assert closed(found) == [
        "tcp/7880 api",
        "tcp/6789 metrics",
        *USUAL,
        "tcp/10000 -",
        "udp/5059 -",
        "udp/5061 -",
        "udp/9999 -",
        "udp/20001 -",
    ]


def test_to_a_stranger_sip_is_closed_and_its_range_sampled():
    found = plan(SIP, ipv4="198.51.101.1")
    assert wanted(found) == []
    assert closed(found) == [
        "tcp/7880 api",
        "tcp/5060 sip",
        "udp/5060 sip",
        "udp/10000 sip-rtp",
        "udp/15000 sip-rtp",
        "udp/20000 sip-rtp",
        "tcp/6789 metrics",
        *USUAL,
    ]
    assert found[3].reason == "telephone audio, a sample of udp/10000-20000"


@pytest.mark.parametrize(("last", "tried"), [(20007, ["20000-20007"]), (20008, ["20000", "20004", "20008"])])
def test_a_closed_range_is_sampled_from_nine_ports_on(last, tried):
    found = plan({**SIP, "sip": {"rtp_port": f"20000-{last}"}}, ipv4=None)
    assert [one.ports.ports for one in found if one.service is Service.SIP_RTP] == tried


def test_the_plugnmeet_preset_keeps_all_its_inner_parts_closed():
    found = plan({"plugnmeet": True}, ipv4=None)
    assert wanted(found) == [
        "tcp/443 https",
        "tcp/80 http",
        "udp/50000-60000 ice-udp",
        "tcp/7881 ice-tcp",
        "udp/443 turn-udp",
    ]
    assert closed(found) == [
        "tcp/7880 api",
        "tcp/5349 turn-tls",
        "udp/30000 turn-relay",
        "udp/35000 turn-relay",
        "udp/40000 turn-relay",
        "tcp/8089 whip",
        "udp/7885 whip-ice-udp",
        "tcp/6789 metrics",
        "tcp/8088 health",
        *USUAL,
        "tcp/81 internal",
        "tcp/1936 internal",
        "tcp/8080 internal",
        "tcp/8222 internal",
        "tcp/9001 internal",
        "tcp/9080 internal",
        "tcp/9090 internal",
        "tcp/50000 -",
        "udp/442 -",
        "udp/444 -",
        "udp/49999 -",
        "udp/60001 -",
    ]


def test_with_ipv6_closed_all_that_listens_must_be_closed_over_it():
    found = plan({"ipv6": False, "https": True}, ipv6=None, ipv4=None)
    assert wanted([one for one in found if one.family is Family.IPV6]) == []
    assert closed([one for one in found if one.family is Family.IPV6]) == [
        "tcp/443 https",
        "tcp/80 http",
        "tcp/7880 api",
        "udp/50000 ice-udp",
        "udp/55000 ice-udp",
        "udp/60000 ice-udp",
        "tcp/7881 ice-tcp",
        "tcp/6789 metrics",
        *USUAL,
    ]
    assert wanted(found) == ["tcp/443 https", "tcp/80 http", "udp/50000-60000 ice-udp", "tcp/7881 ice-tcp"]


@pytest.mark.parametrize(
    ("udp_port", "media", "beside"),
    [
        ("7882", "udp/7882", ["udp/7881 -", "udp/7883 -"]),
        ("7882-7889", "udp/7882-7889", ["udp/7881 -", "udp/7890 -"]),
        ("7882-7890", "udp/7882-7890", ["tcp/7882 -", "udp/7881 -", "udp/7891 -"]),
    ],
)
def test_the_ports_of_a_udp_mux_have_their_neighbours_tried_and_many_the_other_protocol(udp_port, media, beside):
    found = plan({"udp_port": udp_port}, ipv4=None)
    assert wanted(found) == [f"{media} ice-udp", "tcp/7881 ice-tcp"]
    assert closed(found) == ["tcp/7880 api", "tcp/6789 metrics", *USUAL, *beside]


RELAY = Service.TURN_RELAY
TURN = {"turn": {"enabled": True, "domain": "turn.example.com", "udp_port": 3478, "tls_port": 443}}


def test_turn_is_wanted_and_its_relay_ports_are_for_other_nodes():
    found = plan(TURN, ipv4="192.0.2.1")
    assert wanted(found) == [
        "udp/50000-60000 ice-udp",
        "tcp/7881 ice-tcp",
        "udp/3478 turn-udp",
        "tcp/443 turn-tls",
    ]
    relayed = ["udp/30000 turn-relay", "udp/35000 turn-relay", "udp/40000 turn-relay"]
    beside = ["tcp/50000 -", "udp/3477 -", "udp/3479 -", "udp/49999 -", "udp/60001 -"]
    assert closed(found) == ["tcp/7880 api", *relayed, "tcp/6789 metrics", *USUAL, *beside]
    from_node = plan({**TURN, "cluster": {"cidrs": ["192.0.2.0/24"]}}, ipv4="192.0.2.1")
    assert "udp/30000-40000 turn-relay" in wanted(from_node)


def test_ssh_is_tried_only_from_where_it_is_open():
    arguments = {"operators": {"cidrs": ["203.0.113.0/28"]}}
    assert "tcp/22 ssh" in wanted(plan(arguments, ipv4="203.0.113.9"))
    assert 22 not in tcp_ports(plan(arguments, ipv4="203.0.113.99"), Family.IPV4)


def test_a_listener_on_loopback_is_tried_in_every_family():
    found = plan({**EMPTY, "ingress": {}}, ipv4=None, ipv6=None)
    relay = [one for one in found if one.ports == PortRange.tcp(9090)]
    assert [(one.family, one.wanted, one.reason) for one in relay] == [
        (family, False, "parts of plugNmeet behind its proxy, bound to loopback") for family in Family
    ]


def test_a_listener_of_one_family_is_not_tried_in_the_other(tmp_path):
    (tmp_path / "livekit.yaml").write_text('{"port": 7980, "bind_addresses": ["10.0.0.5"]}')
    found = plan_for(read_deployment({"livekit_config": "livekit.yaml"}, tmp_path), sources(ipv4=None, ipv6=None))
    assert [one.family for one in found if one.ports == PortRange.tcp(7980)] == [Family.IPV4]


def test_redis_and_its_sentinels_are_tried_where_the_services_look_for_them(tmp_path):
    redis = {"address": "127.0.0.1:6380", "sentinel_addresses": ["10.0.0.5:26379", "10.0.0.6"]}
    (tmp_path / "livekit.yaml").write_text(json.dumps({"redis": redis}))
    found = plan_for(read_deployment({"livekit_config": "livekit.yaml"}, tmp_path), sources(ipv4=None))
    assert [(str(one.ports), one.key) for one in found if one.service is Service.REDIS] == [
        ("tcp/6379", ""),
        ("tcp/6380", "redis.address"),
        ("tcp/26379", "redis.sentinel_addresses"),
    ]
    assert 26379 not in tcp_ports(plan({}, ipv4=None), Family.IPV4)


def test_a_usual_port_is_not_asked_to_be_closed_where_a_service_is_wanted():
    found = plan({"tcp_port": 6060, "udp_port": 6379}, ipv4=None)
    assert wanted(found) == ["udp/6379 ice-udp", "tcp/6060 ice-tcp"]
    assert "tcp/6379 redis" in closed(found)
    assert "tcp/6060 debug" not in closed(found)


def test_of_overlapping_rules_the_first_service_has_the_port_and_the_rest_is_kept():
    rules = read_deployment({**SIP, "sip": {"rtp_port": "30000-30200"}}, HERE).rules
    media = read_deployment({"port_range_start": 30050, "port_range_end": 30099}, HERE).rules
    deployment = with_rules(RuleSet.of([*rules, *media]))
    found = plan_for(deployment, sources(ipv4="198.51.100.1"))
    assert wanted(found) == [
        "udp/30050-30099 ice-udp",
        "tcp/7881 ice-tcp",
        "tcp/5060 sip",
        "udp/5060 sip",
        "udp/30000-30049 sip-rtp",
        "udp/30100-30200 sip-rtp",
    ]
    assert [one for one in closed(found) if one.startswith("udp/")] == [
        "udp/5059 -",
        "udp/5061 -",
        "udp/29999 -",
        "udp/30201 -",
    ]


def test_a_rule_without_a_reason_is_tried_for_what_its_service_is_for():
    rules = RuleSet.of([Rule(PortRange.tcp(443), Peer.anywhere(), Service.HTTPS)])
    first = plan_for(with_rules(rules), sources(ipv4=None))[0]
    assert (str(first.ports), first.key, first.reason) == ("tcp/443", "", Service.HTTPS.purpose)


def test_of_a_closed_range_only_what_is_not_wanted_is_tried():
    listeners = read_deployment(TURN, HERE).listeners
    media = read_deployment({"port_range_start": 30000, "port_range_end": 30100}, HERE).rules
    relay = [one for one in plan_for(with_rules(media, listeners), sources(ipv4=None)) if one.service is RELAY]
    assert [(str(one.ports), one.wanted) for one in relay] == [
        ("udp/30101", False),
        ("udp/35050", False),
        ("udp/40000", False),
    ]
    assert relay[0].reason == "relayed media between nodes, a sample of udp/30101-40000"


def test_no_neighbour_is_tried_below_port_1_or_above_the_last():
    every = plan_of_ports([PortRange.udp(1, MAX_PORT)], [Family.IPV4])
    assert wanted(every) == ["udp/1-65535 -"]
    assert udp_ports(every, Family.IPV4) == list(range(1, MAX_PORT + 1))
    assert tcp_ports(every, Family.IPV4) == [1, 3306, 4222, 6060, 6379, 6789, 7880]


def test_ports_by_hand_are_wanted_merged_and_what_is_beside_them_closed():
    given = [parse_ports(text) for text in ("udp/50500-60000", "tcp/7881", "udp/50000-50500", "tcp/8000-8001")]
    found = plan_of_ports(given, [Family.IPV6, Family.IPV6])
    assert [(str(one.ports), one.service, one.key, one.reason) for one in found if one.wanted] == [
        ("tcp/7881", None, "", "given by hand"),
        ("tcp/8000-8001", None, "", "given by hand"),
        ("udp/50000-60000", None, "", "given by hand"),
    ]
    assert closed(found) == [
        "tcp/7880 api",
        "tcp/6789 metrics",
        *USUAL,
        "tcp/7999 -",
        "tcp/8002 -",
        *BESIDE_MEDIA,
    ]
    assert {one.family for one in found} == {Family.IPV6}


@pytest.mark.parametrize("text", ["udp/50000-60000", "50000-60000/udp", " 50000-60000/UDP\n"])
def test_ports_are_read_in_either_order(text):
    assert parse_ports(text) == PortRange.udp(50000, 60000)
    assert parse_ports("7881/tcp") == parse_ports("tcp/7881") == PortRange.tcp(7881)


@pytest.mark.parametrize("text", ["", "/", "7881", "sctp/7881", "udp/", "/udp", "udp/tcp", "udp/1-", "-5/udp", "a/tcp"])
def test_other_texts_get_the_expected_form_in_the_error(text):
    with pytest.raises(ValueError, match=r"must be tcp/PORT or udp/PORT, or a range such as udp/50000-60000$"):
        parse_ports(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("70000/udp", "a port must be an integer from 1 to 65535"), ("tcp/9-8", "first port must be <= last port")],
)
def test_impossible_ports_are_refused_as_everywhere(text, problem):
    with pytest.raises(ValueError, match=problem):
        parse_ports(text)


@pytest.mark.parametrize(
    ("family", "address", "problem"),
    [
        ("ipv4", "2001:db8::1", r"over ipv4 must be of that family \(got 2001:db8::1\)$"),
        ("ipv6", "192.0.2.1", r"over ipv6 must be of that family \(got 192.0.2.1\)$"),
        ("ipv6", "::ffff:192.0.2.1", "it is 192.0.2.1 over ipv4$"),
    ],
)
def test_an_address_of_another_family_is_refused_rather_than_admitted_nowhere(family, address, problem):
    with pytest.raises(ValueError, match=problem):
        plan({}, **{family: address})


# ------------------------------------------------------------------------------ digests


def digest(arguments) -> bytes:
    return digest_of(read_deployment(arguments, HERE))


def test_the_digest_is_the_same_however_the_configuration_was_written(tmp_path):
    (tmp_path / "livekit.yaml").write_text('{"rtc": {"port_range_start": 40000, "port_range_end": 40100}}')
    by_file = digest_of(read_deployment({"livekit_config": "livekit.yaml"}, tmp_path))
    assert by_file == digest({"port_range_start": 40000, "port_range_end": 40100})
    assert len(by_file) == 8


@pytest.mark.parametrize(
    "other",
    [
        {"port": 7980},
        {"tcp_port": 0},
        {"port_range_start": 50000, "port_range_end": 59999},
        {"clients": {"cidrs": ["0.0.0.0/0"]}},
        {"load_balancer": {"cidrs": ["10.0.0.0/24"]}},
        {"ipv6": False},
        {"sip": {}},
        {"prometheus": {"port": 6789}},
    ],
)
def test_the_digest_distinguishes_configurations(other):
    assert digest(other) != digest({})


@pytest.mark.parametrize(
    "files",
    [
        [{"redis": {"address": "127.0.0.1:6379"}}, {"redis": {"address": "127.0.0.1:6380"}}],
        [{}, {"bind_addresses": ["10.0.0.5"]}, {"bind_addresses": ["2001:db8::1"]}],
        [{"prometheus": {"port": 6060}}, {"debug_handler": {"port": 6060}}],
    ],
    ids=["where Redis is", "families", "services"],
)
def test_the_digest_distinguishes_what_no_rule_shows(tmp_path, files):
    read = []
    for file in files:
        (tmp_path / "livekit.yaml").write_text(json.dumps(file))
        read.append(read_deployment({"livekit_config": "livekit.yaml"}, tmp_path))
    assert len({one.rules for one in read}) == 1
    assert len({digest_of(one) for one in read}) == len(files)


def test_the_digest_of_ports_by_hand_is_of_the_ports_and_not_of_their_order():
    one, other = PortRange.udp(50000, 60000), PortRange.tcp(7881)
    assert digest_of([one, other]) == digest_of([other, PortRange.udp(50000, 55000), PortRange.udp(55001, 60000)])
    assert digest_of([one]) != digest_of([one, other])
    assert digest_of([PortRange.tcp(7881)]) != digest_of([PortRange.udp(7881)])


# ------------------------------------------------------------------------------ for any rules


def admitted(deployment: Deployment, family: Family, source: Address | None, protocol: Protocol) -> int:
    """The ports that the rules open to an address, or to the whole family; judged packet by packet at the ends."""
    if source is None:
        return union((rule.ports for rule in deployment.rules.ingress if ANY[family] in rule.peer.blocks), protocol)
    edges = {port for rule in deployment.rules.ingress for port in (rule.ports.first, rule.ports.last + 1)}
    starts = sorted({1, MAX_PORT + 1, *edges})
    found = 0
    for start, end in pairwise(starts):
        if deployment.rules.admits(Packet(source, protocol, start)):
            found |= bits(PortRange(protocol, start, end - 1))
    return found


USUALLY_CLOSED = union(
    (PortRange.tcp(service.record.closed_port) for service in Service if service.record.closed_port), Protocol.TCP
)


def check_plan(deployment: Deployment, seen_from: dict[Family, Address | None]) -> None:
    """No port twice; wanted are exactly the ports that the rules admit; each listener that is not is tried, and no
    family is left out unless all that is usually closed may be open to the checker.
    """
    found = plan_for(deployment, seen_from)
    perhaps = union((rule.ports for rule in deployment.rules.ingress if not rule.peer.blocks), Protocol.TCP)
    left_out = set(seen_from) - {one.family for one in found}
    assert {one.family for one in found} <= set(seen_from)
    assert not left_out or not USUALLY_CLOSED & ~perhaps
    for (family, source), protocol in product(seen_from.items(), Protocol):
        open_ports = admitted(deployment, family, source, protocol)
        assert held((one for one in found if one.wanted), family, protocol) == open_ports
        tried = held(found, family, protocol)
        for listener in deployment.listeners:
            if listener.ports.protocol is protocol and (family in listener.families or not listener.families):
                assert bits(PortRange(protocol, listener.ports.first, listener.ports.first)) & tried
                assert bits(PortRange(protocol, listener.ports.last, listener.ports.last)) & tried


def views() -> st.SearchStrategy[dict[Family, Address | None]]:
    four = st.none() | st.sampled_from(["192.0.2.1", "198.51.100.129", "10.0.0.1", "203.0.113.9", "224.0.0.1"])
    six = st.none() | st.sampled_from(["2001:db8::1", "2001:db8:1::7", "fd00::1", "9000::1"])
    return st.builds(lambda one, other: sources(ipv4=one, ipv6=other), four, six)


@few_examples
@given(valid_arguments(), views())
def test_a_plan_wants_exactly_what_the_rules_of_a_deployment_admit(arguments, seen_from):
    check_plan(read_deployment(arguments, HERE), seen_from)


@few_examples
@given(judged(identities=[*Identity, *NAMED]), st.booleans())
def test_a_plan_wants_exactly_what_any_rules_admit(case, is_stranger):
    rules, packet = case
    source = packet.source
    assume(not isinstance(source, Identity | NamedBlock) and not getattr(source, "ipv4_mapped", None))
    family = Family.IPV4 if source.version == 4 else Family.IPV6
    check_plan(with_rules(rules), {family: None if is_stranger else source})


AUDIENCES = [Identity.CLIENTS, Identity.TRUNKS, Identity.OPERATORS, Identity.CLUSTER]


@pytest.mark.parametrize("who", [*AUDIENCES, NAMED[0]])
def test_a_port_that_may_be_open_to_the_checker_is_neither_wanted_nor_tried(who):
    rules = RuleSet.of([Rule(PortRange.tcp(6379), Peer.of(who), Service.REDIS)])
    found = plan_for(with_rules(rules), {Family.IPV4: None})
    assert [one for one in found if 6379 in one.ports and one.ports.protocol is Protocol.TCP] == []
    both = RuleSet.of([*rules, Rule(PortRange.tcp(6379), Peer.anywhere(), Service.REDIS)])
    (one,) = (one for one in plan_for(with_rules(both), {Family.IPV4: None}) if 6379 in one.ports)
    assert one.wanted


def test_nothing_is_tried_where_every_port_may_be_open_to_the_checker():
    deployment = with_rules(RuleSet.of([Rule(PortRange.tcp(1, MAX_PORT), Peer.of(NAMED[0]), Service.HTTPS)]))
    seen_from = sources(ipv4="203.0.113.9")
    assert plan_for(deployment, seen_from) == ()
    check_plan(deployment, seen_from)


@pytest.mark.parametrize("who", [Identity.LOAD_BALANCER, Identity.SAME_GROUP])
def test_a_port_for_other_machines_of_the_deployment_is_closed_to_a_checker(who):
    rules = RuleSet.of([Rule(PortRange.tcp(6379), Peer.of(who), Service.REDIS)])
    (one,) = (one for one in plan_for(with_rules(rules), {Family.IPV4: None}) if 6379 in one.ports)
    assert not one.wanted


@few_examples
@given(st.lists(ports(), max_size=6))
def test_a_plan_wants_exactly_the_ports_given_by_hand(given_ports):
    found = plan_of_ports(given_ports, Family)
    for family, protocol in product(Family, Protocol):
        held(found, family, protocol)  # none twice
        assert held((one for one in found if one.wanted), family, protocol) == union(given_ports, protocol)


def test_what_any_checker_may_try_holds_the_wishes_of_all_of_them():
    """A listener that can only bind does not know who is going to come."""
    deployment = read_deployment({"udp_port": 7882, "sip": {}, "trunks": ["198.51.100.0/24"]}, HERE)
    ranges = every_port(deployment)
    assert all(one.protocol is not other.protocol or one.last + 1 < other.first for one, other in pairwise(ranges))
    for seen_from in (None, "198.51.100.7"):
        for target in plan_for(deployment, sources(ipv4=seen_from)):
            if target.wanted or seen_from is None:
                assert any(one.first <= target.ports.first and target.ports.last <= one.last for one in ranges), target
    assert every_port([PortRange.udp(50000, 60000)])[-1] == PortRange.udp(49999, 60001)
