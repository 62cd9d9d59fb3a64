"""What the page answers is what the rules say: `RuleSet.admits` for single packets, `subtract` for blocks and ranges,
and `question` for what can be asked at all. They share no line with the page's script.
"""

from __future__ import annotations

import ipaddress
import random
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from livekit_firewall.deployment.audiences import audiences_of
from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.addresses import BOTH_FAMILIES, Address, Cidr, Identity, NamedBlock, Packet, Peer
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.model.ports import MAX_PORT, PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.reports.explain.explain import explain, question
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.page import html

from ..unit.strategies import BLOCKS, EDGES
from .conftest import Visit
from .pages import page_that_knows

pytestmark = pytest.mark.needs("browser")

ASK = """questions => questions.map(([who, ports]) => {
    const lines = (selector) => [...document.querySelectorAll(selector)].map((one) => one.textContent);
    document.getElementById("who").value = who;
    document.getElementById("ports").value = ports;
    document.getElementById("question").requestSubmit();
    return {
        verdict: lines("#answer .verdict").join().replace(/:.*/, "").replace(/^(Yes|No|In part|Depends) /, ""),
        because: lines("#answer .because li"),
        denied: lines("#answer .denied li"),
        notKnown: lines("#answer .not-known li"),
        mistake: lines("#answer .mistake").join(),
    };
})"""


def some_rules(chance: random.Random, count: int) -> RuleSet:
    return RuleSet.of(
        Rule(some_ports(chance), some_peer(chance), chance.choice(list(Service)), (Reason(f"key_{number}", "a text"),))
        for number in range(count)
    )


def some_ports(chance: random.Random) -> PortRange:
    ends = chance.choices(EDGES, k=2)
    return PortRange(chance.choice(list(Protocol)), min(ends), max(ends) if chance.random() < 0.5 else min(ends))


def some_peer(chance: random.Random) -> Peer:
    kind = chance.random()
    if kind < 0.15:
        return Peer.anywhere()
    if kind < 0.3:
        return Peer.of(chance.choice(list(Identity)))
    family = chance.choice(sorted(BOTH_FAMILIES))
    return Peer.of(Cidr.parse(chance.choice(BLOCKS[family][1:])))  # without the whole family, which hides the others


def some_packet(chance: random.Random, rules: RuleSet) -> Packet:
    """At the boundary of a rule, just inside or just outside."""
    rule = chance.choice(rules.rules)
    port = min(max(chance.choice([rule.ports.first, rule.ports.last]) + chance.choice([-1, 0, 0, 1]), 1), MAX_PORT)
    protocol = rule.ports.protocol if chance.random() < 0.8 else chance.choice(list(Protocol))
    if not rule.peer.blocks:
        return Packet(chance.choice(list(Identity)), protocol, port)
    block = chance.choice(rule.peer.blocks)
    most = 2**block.network.max_prefixlen - 1
    number = min(max(chance.choice(block.bounds) + chance.choice([-1, 0, 0, 1]), 0), most)
    address = type(block.network.network_address)(number)
    mapped = getattr(address, "ipv4_mapped", None)
    is_no_question = mapped or address.is_loopback
    return Packet(block.network.network_address if is_no_question else address, protocol, port)


def spelled(source: Address | Identity, chance: random.Random) -> str:
    """An IPv6 address in one of the ways in which people write it."""
    if isinstance(source, Identity) or source.version == 4:
        return str(source)
    tail = ipaddress.IPv4Address(int(source) & 0xFFFFFFFF)
    dotted = ":".join(source.exploded.split(":")[:6]) + f":{tail}"
    return chance.choice([str(source), source.exploded, str(source).upper(), dotted])


@pytest.mark.parametrize("seed", range(4))
def test_a_packet_reaches_what_a_rule_admits_and_nothing_else(visit: Visit, seed: int) -> None:
    chance = random.Random(seed)
    rules = some_rules(chance, 9)
    packets = [some_packet(chance, rules) for _ in range(250)]
    asked = [[spelled(packet.source, chance), f"{packet.protocol}/{packet.port}"] for packet in packets]

    answers = visit(page_that_knows(rules)).evaluate(ASK, asked)

    expected = [
        "allowed" if gets_in(packet, rules) else "denied" if is_out(packet, rules) else "not known"
        for packet in packets
    ]
    assert {"allowed", "denied", "not known"} == set(expected)
    assert list(zip(asked, [one["verdict"] for one in answers], strict=True)) == list(zip(asked, expected, strict=True))
    for packet, answer in zip(packets, answers, strict=True):
        by = {f"; key {rule.key}" for rule in rules if gets_in(packet, [rule])}
        assert {line[line.index("; key ") :] for line in answer["because"] if by} == by


@pytest.mark.parametrize("seed", range(4))
def test_of_a_block_and_a_range_the_part_that_no_rule_admits_is_named_exactly(visit: Visit, seed: int) -> None:
    chance = random.Random(seed)
    rules = some_rules(chance, 9)
    asked = [Rule(some_ports(chance), some_peer(chance), Service.INTERNAL) for _ in range(100)]
    asked += rules.rules

    answers = visit(page_that_knows(rules)).evaluate(ASK, [[str(one.peer), str(one.ports)] for one in asked])

    seen = set()
    for one, answer in zip(asked, answers, strict=True):
        wanted = RuleSet.of([one])
        left = wanted.subtract(RuleSet.of(as_met_by(one, rule) for rule in rules))
        closed = left.subtract(RuleSet.of(as_for(one, rule) for rule in rules if may_be_one(one, rule)))
        verdict = "allowed" if not len(left) else "partly allowed" if wanted != left else "not known"
        verdict = "denied" if wanted == closed else verdict
        assert (answer["verdict"], answer["mistake"]) == (verdict, ""), f"{one.ports} from {one.peer}"
        seen.add(verdict)
        told = {part: RuleSet.of(as_rule(line) for line in answer[part]) for part in ("denied", "notKnown")}
        if verdict == "partly allowed" or told["denied"]:
            assert equal(told["denied"], closed)
            assert equal(told["notKnown"], left.subtract(closed))
    assert seen == {"allowed", "denied", "partly allowed", "not known"}


def equal(one: RuleSet, other: RuleSet) -> bool:
    return not len(one.subtract(other)) and not len(other.subtract(one))


def gets_in(packet: Packet, rules: Iterable[Rule]) -> bool:
    """Whoever is known by a name gets in where everybody does."""
    everybody = [replace(packet, source=ipaddress.ip_address(one)) for one in ("0.0.0.0", "::")]
    is_named = isinstance(packet.source, Identity)
    return any(rule.admits(packet) or (is_named and all(map(rule.admits, everybody))) for rule in rules)


def is_out(packet: Packet, rules: Iterable[Rule]) -> bool:
    """Of an address that a name may stand for, and of a name that may stand for an address, it is not known."""
    met = [
        rule
        for rule in rules
        if rule.ports.protocol is packet.protocol and rule.ports.first <= packet.port <= rule.ports.last
    ]
    return all(rule.peer.blocks and not isinstance(packet.source, Identity) for rule in met)


def as_for(asked: Rule, rule: Rule) -> Rule:
    return replace(rule, peer=asked.peer)


def may_be_one(asked: Rule, rule: Rule) -> bool:
    return not asked.peer.blocks or not rule.peer.blocks


def as_met_by(asked: Rule, rule: Rule) -> Rule:
    """Whoever is known by a name gets in where everybody does."""
    return as_for(asked, rule) if rule.peer.is_anywhere and not asked.peer.blocks else rule


def as_rule(line: str) -> Rule:
    ports, _, peer = line.partition(" from ")
    return question(peer.replace("load balancer", "load-balancer").replace("same group", "same-group"), ports)


WHO = """
0.0.0.0 255.255.255.255 256.0.0.1 1.2.3 1.2.3.4.5 01.2.3.4 1.2.3.04 1.2.3.-4 1.2.3.4/ 1.2.3.4/32 1.2.3.4/33 1.2.3.4/031
1.2.3.4/31 1.2.3.4/30 1.2.3.5/30 0.0.0.0/0 0.0.0.0/00 0.0.0.0/0000 1.2.3.4/+1 1.2.3.4/24/24 1.2.3.0/255.255.255.0
0x1.2.3.4 1e3.1.1.1 :: ::1 1:: ::/0 ::/128 ::/129 : ::: 1:2:3:4:5:6:7:8 1:2:3:4:5:6:7 1:2:3:4:5:6:7:8:9 1:2:3:4:5:6:7::
::2:3:4:5:6:7:8 1::3:4:5:6:7:8 1:2:3:4::5:6:7:8 1::2::3 :1:2:3:4:5:6:7 1:2:3:4:5:6:7: 12345:: g::
fe80::1%eth0 fe80::1%eth0/64 fe80::%/64 2001:db8::/32 2001:db8::1/32 2001:DB8::/32 ::1.2.3.4 ::1.2.3.4/127 ::1.2.3
1.2.3.4:: 1:2:3:4:5:6:1.2.3.4 1:2:3:4:5:6:7:1.2.3.4 ::ffff:1.2.3.4 ::ffff:1.2.3.4/128 ::ffff:0:0/96 ::ffff:0:0/95
::fffe:0:0/96 ::ffff:102:304/120 64:ff9b::/96 ffff::/16 anywhere load-balancer same-group nowhere everybody localhost
example.com <b> %s
""".split()
PORTS = """
tcp/1 udp/65535 tcp/0 tcp/65536 tcp/-1 tcp tcp/ /443 443 tcp/443- tcp/-443 tcp/1-65535 tcp/2-1 tcp/0-1 tcp/1-65536
udp/007 icmp/1 sctp/5 tcp//1 tcp/1/1 tcp/1-2-3 tcp/1,2 tcp/0x50 tcp/1e3 tcp/99999999999999999999 tcp/http
tcp:443 tcp/4_4 50008/udp 443-444/tcp 443-/tcp 444-443/tcp /tcp 0/udp
""".split()


def test_what_explain_cannot_be_asked_neither_can_the_page(visit: Visit) -> None:
    asked = [*([who, "tcp/443"] for who in WHO), *(["1.2.3.4", ports] for ports in PORTS)]

    answers = visit(page_that_knows(RuleSet())).evaluate(ASK, asked)

    refused = {who: bool(answer["mistake"]) for (who, answer) in zip(map(tuple, asked), answers, strict=True)}
    assert refused == {(who, ports): is_refused(who, ports) for who, ports in asked}
    assert {True, False} == set(refused.values())


def is_refused(who: str, ports: str) -> bool:
    try:
        question(who, ports)
    except ConfigurationError:
        return True
    return False


NO_BLOCK = "is no block: write {} for the block or {} for that one address."


@pytest.mark.parametrize(
    ("who", "ports", "mistake"),
    [
        ("", "tcp/443", "Say who: an address such as 203.0.113.7, "),
        ("203.0.113.7/24", "tcp/443", "203.0.113.7/24 " + NO_BLOCK.format("203.0.113.0/24", "203.0.113.7")),
        ("2001:db8::1/32", "tcp/443", "2001:db8::1/32 " + NO_BLOCK.format("2001:db8::/32", "2001:db8::1")),
        ("::ffff:192.0.2.1", "tcp/443", "::ffff:192.0.2.1 is an IPv4 address written as IPv6, "),
        ("::ffff:192.0.2.1", "tcp/443", "which no packet carries: write 192.0.2.1/32."),
        ("fe80::1%eth0", "tcp/443", "fe80::1%eth0 has a zone: leave out what follows %."),
        ("10.0.0.0/33", "tcp/443", "10.0.0.0/33 must end in a prefix length from 0 to 32."),
        ("127.0.0.1", "tcp/7880", "127.0.0.1 is the node itself, which sends to itself past every rule."),
        ("127.1.0.0/16", "tcp/7880", "127.1.0.0/16 is the node itself, "),
        ("::1", "tcp/7880", "::1 is the node itself, "),
        ("10.0.0.0/8", "", "Say which port: tcp/PORT or udp/PORT, or a range such as udp/50000-60000."),
        ("10.0.0.0/8", "443", "443 must be tcp/PORT or udp/PORT, or a range such as udp/50000-60000."),
        ("10.0.0.0/8", "tcp/0", "A port is a number from 1 to 65535, not 0."),
        ("10.0.0.0/8", "tcp/9-8", "The first port must not be above the last: 9 is above 8."),
    ],
)
def test_a_mistake_is_named_at_its_field_with_what_to_write(visit: Visit, who: str, ports: str, mistake: str) -> None:
    page = visit(page_that_knows(RuleSet()))
    (answer,) = page.evaluate(ASK, [[who, ports]])
    assert (answer["verdict"], answer["because"], answer["denied"]) == ("", [], [])
    assert mistake in answer["mistake"]
    field = "ports" if who == "10.0.0.0/8" else "who"
    assert page.evaluate("document.activeElement.id") == field
    assert page.locator("[aria-invalid=true]").get_attribute("id") == field


def test_the_words_of_people_are_understood(visit: Visit) -> None:
    rules = RuleSet.of([Rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API)])
    asked = [[" Load balancer ", "TCP/7880"], ["LOAD-BALANCER", " tcp/7880 "], ["Anywhere", "tcp/7880"]]
    answers: list[dict[str, Any]] = visit(page_that_knows(rules)).evaluate(ASK, asked)
    assert [one["verdict"] for one in answers] == ["allowed", "allowed", "not known"]


def test_an_audience_is_all_its_sources_as_explain_has_it(visit: Visit) -> None:
    arguments = {
        "sip": {}, "trunks": [{"name": "a", "signaling": ["198.51.100.0/24"], "media": ["203.0.113.0/24"]}],
        "operators": {"cidrs": ["198.51.100.0/24", "2001:db8::/32"]}, "load_balancer": {"cidrs": ["10.0.0.0/24"]},
        "cluster": {"cidrs": ["192.0.2.0/29"], "same_group": True}, "aws": {"vpc_id": "v"},
    }  # fmt: skip
    deployment = read_deployment(arguments, Path())
    page = html(expose(deployment), deployment.rules, audiences=audiences_of(deployment))
    ports = ("tcp/22", "tcp/7880", "udp/50000-60000", "udp/5060", "udp/10000-20000", "udp/5000-15000", "tcp/1")
    asked = [[who, port] for who in Identity for port in ports]

    answers = visit(page).evaluate(ASK, asked)

    expected = [explain(deployment, question(*one)).verdict for one in asked]
    assert list(zip(asked, [one["verdict"] for one in answers], strict=True)) == list(zip(asked, expected, strict=True))
    assert set(expected) == {"allowed", "denied", "partly allowed", "not known"}


@pytest.mark.parametrize(
    "arguments",
    [{"host": {}}, {"host": {}, "aws": {"vpc_id": "v"}}, {"host": {}, "operators": {"cidrs": ["10.0.0.0/8"]}}],
)
def test_what_every_target_lets_in_besides_the_rules_is_let_in(visit: Visit, arguments: dict[str, Any]) -> None:
    deployment = read_deployment(arguments, Path())
    page = html(expose(deployment), deployment.rules, audiences_of(deployment))
    asked = [["203.0.113.7", "tcp/22"], ["anywhere", "tcp/20-22"], ["10.0.0.1", "tcp/22"], ["203.0.113.7", "udp/22"]]
    answers = visit(page).evaluate(ASK, asked)
    assert [one["verdict"] for one in answers] == [explain(deployment, question(*one)).verdict for one in asked]


@pytest.mark.parametrize("target", [{}, {"host": {}}, {"aws": {"vpc_id": "v"}}])
def test_what_docker_forwards_is_let_in_or_not_known_where_nothing_stands_in_front(
    visit: Visit, tmp_path: Path, target: dict[str, Any]
) -> None:
    text = "services: {livekit: {image: livekit/livekit-server, network_mode: host, environment: {UDP_PORT: 7882}}"
    text += ", db: {image: redis, ports: ['6379:6379']}, bus: {image: nats, ports: ['10.0.0.1:4222:4222']}}\n"
    (tmp_path / "compose.yaml").write_text(text, encoding="utf-8")
    deployment = read_deployment({"compose": "compose.yaml", **target}, tmp_path)
    page = html(expose(deployment), deployment.rules, audiences_of(deployment))
    peers = ("203.0.113.7", "2001:db8::1", "anywhere", "10.0.0.0/8")
    asked = [[who, port] for who in peers for port in ("tcp/6379", "tcp/6378-6379", "udp/6379", "tcp/4222")]
    answers = visit(page).evaluate(ASK, asked)
    assert [one["verdict"] for one in answers] == [explain(deployment, question(*one)).verdict for one in asked]
    [why] = [one["because"] for one, ask in zip(answers, asked, strict=True) if ask == ["2001:db8::1", "tcp/6379"]]
    assert [line.partition(";")[0] for line in why] == [
        "Redis on tcp/6379 is closed: published by Docker, and closed by aws"
        if "aws" in target
        else "Redis on tcp/6379: by Docker's defaults no rule of the host limits who gets there, and a firewall in "
        "front of it does"
    ]


def test_who_is_not_known_may_be_anybody(visit: Visit) -> None:
    rules = RuleSet.of([
        Rule(PortRange.tcp(22), Peer.of(NamedBlock("office")), Service.SSH),
        Rule(PortRange.tcp(6789), Peer.of(Identity.OPERATORS), Service.METRICS),
        Rule(PortRange.tcp(7881), Peer.of(Cidr.parse("10.0.0.0/8")), Service.ICE_TCP),
    ])  # fmt: skip
    asked = [["203.0.113.7", f"tcp/{port}"] for port in (22, 6789, 7881)] + [["cidrs.office", "tcp/22"]]
    *answers, named = visit(page_that_knows(rules)).evaluate(ASK, asked)
    only = "and to this peer only if it is one of them"
    assert [one["verdict"] for one in answers] == ["not known", "not known", "denied"]
    assert [one["because"][0].partition(";")[0] for one in answers] == [
        f"SSH on tcp/22 is open to cidrs.office (not known yet) {only}",
        f"Metrics on tcp/6789 is open to operators {only}",
        "ICE/TCP on tcp/7881 is open to 10.0.0.0/8 and not to this peer",
    ]
    assert named["mistake"].startswith("cidrs.office is not an address such as 203.0.113.7, ")
