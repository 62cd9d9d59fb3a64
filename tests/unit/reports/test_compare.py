"""`compare`: what we render compares clean, every mutation is found with a packet that proves it, and each
platform's own semantics are read. Not proved: that the platforms print what their documentation says.
"""

from __future__ import annotations

import ipaddress
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from livekit_firewall.effective.evaluate import EffectiveRules, ParsedRule, Selection, evaluate
from livekit_firewall.effective.syntax import NotAFirewall
from livekit_firewall.model.addresses import Cidr, Identity, Packet, Peer
from livekit_firewall.model.packets import PacketSet
from livekit_firewall.model.ports import MAX_PORT, PortRange, Protocol
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.aws import render as aws
from livekit_firewall.platforms.aws.from_cli import read as read_aws
from livekit_firewall.platforms.aws.target import AwsTarget, PrefixList, PrefixLists
from livekit_firewall.platforms.azure import render as azure
from livekit_firewall.platforms.azure.from_cli import read as read_azure
from livekit_firewall.platforms.by_audience import ByAudience
from livekit_firewall.platforms.digitalocean import render as digitalocean
from livekit_firewall.platforms.digitalocean.from_cli import read as read_digitalocean
from livekit_firewall.platforms.gcp import render as gcp
from livekit_firewall.platforms.gcp.from_cli import read as read_gcp
from livekit_firewall.platforms.hetzner import render as hetzner
from livekit_firewall.platforms.hetzner.from_cli import read as read_hetzner
from livekit_firewall.platforms.nftables import render as nftables
from livekit_firewall.platforms.nftables.from_cli import read as read_nftables
from livekit_firewall.platforms.nftables.record import NFTABLES
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.registry import BY_NAME
from livekit_firewall.reports.compare.differences import _by_address, compare, let_in, required_of
from livekit_firewall.reports.compare.result import Comparison, Difference

from .. import audiences, exports
from ..golden_rules import SCENARIOS
from ..hand_made import TCP_443, aws_rule, azure_rule, gcp_rule
from ..readers.azure import admits_native as admits_azure
from ..strategies import few_examples, packets, pick, rule_sets, rules

FIREWALLS = Path(__file__).parents[1] / "firewalls"
AWS = AwsTarget(
    security_group_id=exports.GROUP,
    load_balancer_security_group_ids=(exports.BALANCER,),
    security_groups=ByAudience(operators={"bastion": "sg-00000000000000001"}, clients={"lan": "sg-00000000000000002"}),
    prefix_lists=PrefixLists(
        operators={"office": PrefixList(id="pl-00000001", max_entries=2)},
        trunks={"carrier": PrefixList(id="pl-00000002", max_entries=2)},
    ),
    egress=True,
)
GCP = audiences.GCP
DIGITALOCEAN = replace(audiences.DIGITALOCEAN, droplet_ids=(7,))
AZURE = replace(audiences.AZURE, load_balancer_probes=True)
TAGGED = Selection(target_tags=("livekit",))
KNOWN = BY_NAME["azure"].selection(AZURE) or Selection()
OWN_LISTS = BY_NAME["aws"].selection(AWS) or Selection()

Export = Callable[[RuleSet], EffectiveRules]


def printed(value: Any) -> Any:
    """As it comes from a file."""
    return json.loads(json.dumps(value))


EXPORTS: dict[str, Export] = {
    "aws rules": lambda some: read_aws(printed(exports.aws_rules(aws.render(some, AWS))), OWN_LISTS),
    "aws groups": lambda some: read_aws(printed(exports.aws_groups(aws.render(some, AWS))), OWN_LISTS),
    "gcp": lambda some: read_gcp(printed(exports.gcp_rules(gcp.render(some, GCP))), TAGGED),
    "digitalocean": lambda some: read_digitalocean(
        printed(exports.digitalocean_list(digitalocean.render(some, DIGITALOCEAN))), Selection()
    ),
    "hetzner": lambda some: read_hetzner(
        printed(exports.hetzner_list(hetzner.render(some, audiences.HETZNER))), Selection()
    ),
    "azure": lambda some: read_azure(
        printed(exports.azure_group(azure.render(some, AZURE).security_rules)), KNOWN
    ),
}  # fmt: skip
TARGETS = {"aws rules": AWS, "aws groups": AWS, "gcp": GCP, "digitalocean": DIGITALOCEAN, "azure": AZURE}
TARGETS["hetzner"] = audiences.HETZNER
IDENTITIES = {name: target.names for name, target in TARGETS.items()} | {
    "hetzner": frozenset()  # no rule is for a load balancer in the private network
}


def compared(platform: str, some: RuleSet, found: EffectiveRules) -> Comparison:
    record = BY_NAME[platform.split(maxsplit=1)[0]]
    target = TARGETS.get(platform, record.placeholder)
    names = {Identity.SAME_GROUP: found.members, **record.sources(target)}
    needed = tuple(_by_address(some.ingress, record, target, ipv6=True))
    baseline = let_in(NFTABLES.baseline(some, NFTABLES.placeholder, Options())) if platform == "nftables" else None
    return compare(required_of(needed, names, besides=baseline), found)


def differences(comparison: Comparison) -> list[Difference]:
    return [*comparison.missing, *comparison.superfluous, *comparison.too_wide]


def as_packet(difference: Difference) -> Packet:
    probe = difference.packet
    assert not isinstance(probe.source, str)
    return Packet(probe.source, probe.protocol, probe.port)


def holds(some: tuple[Difference, ...], packet: Packet) -> bool:
    return any(
        one.ports.protocol is packet.protocol
        and packet.port in one.ports
        and any(packet.source in Cidr.parse(source) for source in one.sources)
        for one in some
    )


MUTATIONS: dict[str, Callable[[Rule], list[Rule]]] = {
    "drop a rule": lambda rule: [],
    "widen a block": lambda rule: [_with(rule, peer=_wider(rule.peer))],
    "shift a port": lambda rule: [_with(rule, ports=_shifted(rule.ports))],
    "flip the protocol": lambda rule: [_with(rule, ports=_flipped(rule.ports))],
}


def _with(rule: Rule, ports: PortRange | None = None, peer: Peer | None = None) -> Rule:
    return Rule(ports or rule.ports, peer or rule.peer, rule.service, rule.reasons)


def _wider(peer: Peer) -> Peer:
    if peer.block is None:
        return peer
    return Peer.of(Cidr(peer.block.network.supernet() if peer.block.network.prefixlen else peer.block.network))


def _shifted(ports: PortRange) -> PortRange:
    by = 1 if ports.last < MAX_PORT else -1 if ports.first > 1 else 0
    return PortRange(ports.protocol, ports.first + by, ports.last + by)


def _flipped(ports: PortRange) -> PortRange:
    other = Protocol.UDP if ports.protocol is Protocol.TCP else Protocol.TCP
    return PortRange(other, ports.first, ports.last)


_SOME = rule_sets(max_size=4).filter(len)
_NAMES = st.sampled_from(sorted(MUTATIONS))


@st.composite
def mutated(draw: st.DrawFn) -> tuple[RuleSet, RuleSet, Packet]:
    """A rule set by address, another that a single mutation made of it, and a packet at their boundaries."""
    before = draw(_SOME)
    if draw(st.integers(0, 4)) == 0:
        after = RuleSet.of([*before, draw(rules())])
    else:
        victim = pick(draw, before.rules)
        change = MUTATIONS[draw(_NAMES)]
        after = RuleSet.of([*(rule for rule in before if rule is not victim), *change(victim)])
    return before, after, draw(packets(RuleSet.of([*before, *after])))


class TestWhatWeRender:
    @few_examples
    @given(st.data())
    @pytest.mark.parametrize("platform", EXPORTS)
    def test_compares_clean(self, platform, data):
        some = data.draw(rule_sets(IDENTITIES[platform]))
        comparison = compared(platform, some, EXPORTS[platform](some))
        assert comparison.is_same, comparison.text()

    @few_examples
    @given(mutated())
    @pytest.mark.parametrize("platform", EXPORTS)
    def test_differs_from_every_mutation_of_it(self, platform, case):
        """The judge is RuleSet: of every packet, and of the one that is shown as a proof."""
        needed, real, packet = case
        comparison = compared(platform, needed, EXPORTS[platform](real))
        too_much = comparison.superfluous + comparison.too_wide
        assert bool(comparison.missing) is bool(len(needed.subtract(real)))
        assert bool(too_much) is bool(len(real.subtract(needed)))
        assert comparison.is_same is not bool(differences(comparison))
        for one in comparison.missing:
            assert needed.admits(as_packet(one))
            assert not real.admits(as_packet(one))
        for one in too_much:
            assert real.admits(as_packet(one))
            assert not needed.admits(as_packet(one))
            assert one.by
        assert holds(comparison.missing, packet) is (needed.admits(packet) and not real.admits(packet))
        assert holds(too_much, packet) is (real.admits(packet) and not needed.admits(packet))
        in_use = any(rule.ports.protocol is packet.protocol and packet.port in rule.ports for rule in needed)
        in_use = in_use or (packet.protocol, packet.port) == (Protocol.TCP, 22)
        if holds(too_much, packet):
            assert holds(comparison.too_wide, packet) is in_use
            assert holds(comparison.superfluous, packet) is not in_use

    @pytest.mark.parametrize(
        ("platform", "identity"), [(name, identity) for name, names in IDENTITIES.items() for identity in sorted(names)]
    )
    def test_is_missed_where_it_was_for_an_identity(self, platform, identity):
        needed = RuleSet.of([Rule(PortRange.tcp(7880), Peer.of(identity), Service.API)])
        missing = compared(platform, needed, EXPORTS[platform](RuleSet())).missing
        assert {(str(one.ports), one.service) for one in missing} == {("tcp/7880", Service.API)}
        extra = compared(platform, RuleSet(), EXPORTS[platform](needed)).superfluous
        assert {str(one.ports) for one in extra} == {"tcp/7880"}


def nft_json(texts: list[str]) -> list[Any]:
    """What nft lists of each ruleset, one after the other in a namespace of its own."""
    script = "".join(
        f"nft flush ruleset; nft -f - <<'END' && nft -j list ruleset; echo\n{text}\nEND\n" for text in texts
    )
    ran = subprocess.run(
        ["unshare", "--map-root-user", "--net", "sh", "-ec", f"PATH=$PATH:/usr/sbin:/sbin\n{script}"],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines() if line]


@pytest.mark.needs("nft", "unshare")
class TestTheHostsOwnRuleset:
    def test_listed_by_the_nft_here_means_what_the_committed_list_means(self):
        listed = nft_json([nftables.render(SCENARIOS["sip-operators-cluster"].rules)])[0]
        committed = json.loads((FIREWALLS / "nftables-ours.json").read_text())
        ours, theirs = read_nftables(listed, Selection()), read_nftables(committed, Selection())
        assert (ours.admitted, ours.partly, ours.unread) == (theirs.admitted, theirs.partly, ())

    @settings(max_examples=8, deadline=None)
    @given(st.lists(mutated(), min_size=3, max_size=3))
    def test_compares_clean_and_differs_from_its_mutations(self, cases):
        listed = nft_json([nftables.render(real) for case in cases for real in case[:2]])
        for (needed, real, packet), (same, other) in zip(
            cases, zip(listed[::2], listed[1::2], strict=True), strict=True
        ):
            clean = compared("nftables", needed, read_nftables(same, Selection()))
            assert clean.is_same, clean.text()
            comparison = compared("nftables", needed, read_nftables(other, Selection()))
            beside = PacketSet.box([PortRange.tcp(22), PortRange.udp(546)], packet_blocks(packet))
            if beside.holds(packet.source, packet.protocol, packet.port):
                continue  # the baseline's
            too_much = comparison.superfluous + comparison.too_wide
            assert holds(comparison.missing, packet) is (needed.admits(packet) and not real.admits(packet))
            assert holds(too_much, packet) is (real.admits(packet) and not needed.admits(packet))


def packet_blocks(packet: Packet) -> list[Cidr]:
    return [Cidr(ipaddress.ip_network(packet.source))]  # Cidr.parse refuses what a user should not write


def test_our_ruleset_as_nft_lists_it_is_clean_without_nft():
    value = json.loads((FIREWALLS / "nftables-ours.json").read_text())
    comparison = compared("nftables", SCENARIOS["sip-operators-cluster"].rules, read_nftables(value, Selection()))
    assert comparison.is_same, comparison.text()


def test_a_ruleset_made_by_hand_is_read_with_its_sets_jumps_and_doubts():
    found = read_nftables(json.loads((FIREWALLS / "nftables-hand-made.json").read_text()), Selection())
    admitted = {
        "tcp/443 203.0.113.7": True, "tcp/443 203.0.113.66": False, "tcp/7881 2001:db8::1": True,
        "udp/50000 203.0.113.7": True, "udp/60001 203.0.113.7": False, "udp/443 203.0.113.7": False,
        "tcp/7880 10.9.0.1": False, "tcp/7880 10.8.0.1": True, "tcp/7880 2001:db8::1": True,
        "tcp/22 192.0.2.15": True, "tcp/22 192.0.2.16": False, "tcp/22 198.51.100.9": True,
        "tcp/22 198.51.100.10": False, "tcp/9000 203.0.113.7": False,
    }  # fmt: skip
    assert {text: _holds(found.admitted, text) for text in admitted} == admitted
    assert _holds(found.partly, "udp/6000 203.0.113.7"), "who sends from port 53 reaches every port"
    assert not _holds(found.partly, "tcp/6000 203.0.113.7")
    assert [(one.name, one.why) for one in found.unread] == [
        (
            "ip nat prerouting #2",
            (
                "redirects by `udp dport 443 redirect to :7882`, which depends on where a packet is sent to instead; "
                "it may admit or deny more than is shown"
            ),
        ),
        (
            "inet filter input #18",
            "accepts by `tcp dport 9000 limit rate 5/minute`, which depends on a rate; it may admit more than is shown",
        ),
    ]


def test_what_is_open_from_some_source_ports_alone_has_no_packet_that_proves_it():
    """A packet from any other port is dropped, so that an address and a port alone prove nothing."""
    anybody = [Cidr.parse("0.0.0.0/0")]
    found = evaluate(
        "host",
        [
            ParsedRule("sport 123", True, PacketSet.box([PortRange.udp(1, MAX_PORT)], anybody), partly=True),
            ParsedRule("range", True, PacketSet.box([PortRange.udp(50000, 60000)], anybody)),
        ],
    )
    needed = Rule(PortRange.udp(50000, 50100), Peer.any_ipv4(), Service.ICE_UDP)
    listening = Rule(PortRange.udp(3478), Peer.of(Cidr.parse("10.0.0.0/8")), Service.TURN_UDP)
    comparison = compare(required_of([needed, listening], {}), found)
    told = [(str(one.ports), one.packet and str(one.packet), one.names, one.by) for one in comparison.superfluous]
    assert told == [
        ("udp/1-3477", None, ("the right source port",), ("sport 123",)),
        ("udp/3479-49999", None, ("the right source port",), ("sport 123",)),
        ("udp/50101-60000", "udp/50101 from 203.0.113.7", (), ("sport 123", "range")),
        ("udp/60001-65535", None, ("the right source port",), ("sport 123",)),
    ]
    assert [(str(one.ports), one.packet, one.names) for one in comparison.too_wide] == [
        ("udp/3478", None, ("the right source port",))
    ]
    assert "0.0.0.0/0, if of the right source port" in comparison.text()


def _holds(region: PacketSet, text: str) -> bool:
    ports, _, source = text.partition(" ")
    protocol, _, port = ports.partition("/")
    return region.holds(ipaddress.ip_address(source), Protocol(protocol), int(port))


def test_every_base_chain_of_the_input_hook_must_let_a_packet_pass():
    def chain(table: str, policy: str) -> dict[str, Any]:
        return {"chain": {"family": "ip", "table": table, "name": "in", "type": "filter", "hook": "input", "prio": 0, "policy": policy}}  # fmt: skip  # noqa: E501

    def accept(table: str, port: int) -> dict[str, Any]:
        match = {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": port}
        return {"rule": {"family": "ip", "table": table, "chain": "in", "expr": [{"match": match}, {"accept": None}]}}

    both = [chain("a", "drop"), chain("b", "drop"), accept("a", 1), accept("a", 2), accept("b", 2), accept("b", 3)]
    found = read_nftables({"nftables": both}, Selection())
    assert [_holds(found.admitted, f"tcp/{port} 203.0.113.7") for port in (1, 2, 3)] == [False, True, False]
    assert _holds(found.admitted, "tcp/1 2001:db8::1"), "a table of the family ip sees no IPv6"


def test_returns_gotos_and_inequalities_of_nftables_are_followed():
    def on(field: str, right: Any, op: str = "==") -> dict[str, Any]:
        protocol, name = field.split()
        return {"match": {"op": op, "left": {"payload": {"protocol": protocol, "field": name}}, "right": right}}

    def rule(chain: str, *expr: dict[str, Any]) -> dict[str, Any]:
        return {"rule": {"family": "inet", "table": "t", "chain": chain, "expr": list(expr)}}

    base = {"family": "inet", "table": "t", "name": "in", "type": "filter", "hook": "input", "policy": "drop"}
    found = read_nftables({"nftables": [
        {"chain": base},
        *({"chain": {"family": "inet", "table": "t", "name": name}} for name in ("web", "media")),
        rule("in", on("tcp dport", {"set": [443, 444]}), {"jump": {"target": "web"}}),
        rule("in", on("tcp dport", 444), {"accept": None}),
        rule("in", on("udp dport", {"range": [500, 600]}), {"goto": {"target": "media"}}),
        rule("in", on("udp dport", 550), {"accept": None}),
        rule("web", on("ip saddr", "192.0.2.0/24", "!="), {"return": None}),
        rule("web", {"accept": None}),
        rule("media", on("udp dport", {"range": [540, 560]}, "!="), {"accept": None}),
    ]}, Selection())  # fmt: skip
    admitted = {
        "tcp/443 192.0.2.1": True, "tcp/443 203.0.113.7": False, "tcp/443 2001:db8::1": True,
        "tcp/444 203.0.113.7": True, "udp/500 203.0.113.7": True, "udp/550 203.0.113.7": False,
        "udp/601 203.0.113.7": False, "tcp/500 203.0.113.7": False,
    }  # fmt: skip
    assert ({text: _holds(found.admitted, text) for text in admitted}, found.unread) == (admitted, ())


DENY_ALL = azure_rule("last", 4096, "Deny", protocol="*", destinationPortRange="*")
STRANGER = "tcp/443 203.0.113.7"

ADMITS = {
    "aws: every protocol": (read_aws, aws_rule(IpProtocol="-1", FromPort=-1, ToPort=-1, CidrIpv4="0.0.0.0/0"), True),
    "aws: a number of TCP": (read_aws, aws_rule(IpProtocol="6", FromPort=1, ToPort=443, CidrIpv4="0.0.0.0/0"), True),
    "aws: ICMP": (read_aws, aws_rule(IpProtocol="icmp", FromPort=-1, ToPort=-1, CidrIpv4="0.0.0.0/0"), False),
    "aws: egress": (
        read_aws, aws_rule(IsEgress=True, IpProtocol="-1", FromPort=-1, ToPort=-1, CidrIpv4="0.0.0.0/0"), False,
    ),
    "gcp: no ports are all": (
        read_gcp, [gcp_rule("a", allowed=[{"IPProtocol": "tcp"}], sourceRanges=["0.0.0.0/0"])], True,
    ),
    "gcp: all protocols": (read_gcp, [gcp_rule("a", allowed=[{"IPProtocol": "all"}])], True),
    "gcp: disabled": (read_gcp, [gcp_rule("a", allowed=TCP_443, sourceRanges=["0.0.0.0/0"], disabled=True)], False),
    "gcp: no source is everybody in IPv4": (read_gcp, [gcp_rule("a", allowed=TCP_443)], True),
    "gcp: a deny wins at one priority": (
        read_gcp, [gcp_rule("a", allowed=TCP_443), gcp_rule("b", denied=TCP_443, sourceRanges=["203.0.113.0/24"])],
        False,
    ),
    "gcp: a later deny does not": (
        read_gcp, [gcp_rule("a", allowed=TCP_443, priority=9), gcp_rule("b", denied=[{"IPProtocol": "all"}])], True,
    ),
    "digitalocean: port 0 is all": (
        read_digitalocean,
        [{"inbound_rules": [{"protocol": "tcp", "ports": "0", "sources": {"addresses": ["0.0.0.0/0"]}}]}], True,
    ),
    "digitalocean: a deny wins": (
        read_digitalocean,
        [{"inbound_rules": [
            {"protocol": "tcp", "ports": "all", "sources": {"addresses": ["0.0.0.0/0"]}},
            {"protocol": "tcp", "ports": "443", "sources": {"addresses": ["203.0.113.7"]}, "action": "deny"},
        ]}], False,
    ),
    "azure: by priority": (
        read_azure, {"securityRules": [azure_rule("a", 200), azure_rule("b", 100, "Deny")]}, False,
    ),
    "azure: Internet is everybody": (
        read_azure, {"securityRules": [azure_rule("a", 200, sourceAddressPrefix="Internet")]}, True,
    ),
    "azure: plural fields, under properties": (
        read_azure,
        {"properties": {"securityRules": [{"name": "a", "properties": azure_rule(
            "a", 200, destinationPortRange="", destinationPortRanges=["80", "400-500"], sourceAddressPrefix=None,
            sourceAddressPrefixes=["203.0.113.0/24"],
        )}]}}, True,
    ),
    "azure: the other family's destination": (
        read_azure, {"securityRules": [azure_rule("a", 200, destinationAddressPrefix="::/0")]}, False,
    ),
    "nothing but a default deny": (read_azure, {"securityRules": []}, False),
}  # fmt: skip


@pytest.mark.parametrize("name", ADMITS)
def test_a_platforms_words_mean_what_they_mean_there(name):
    read, value, admits = ADMITS[name]
    found = read(value, Selection())
    assert (_holds(found.admitted, STRANGER), found.unread) == (admits, ())


@st.composite
def azure_groups(draw: st.DrawFn) -> azure.Native:
    """Allows and denies of overlapping blocks and ports in any order of priority, the last one denying all."""
    blocks = ["*", "0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/24", "203.0.113.0/24", "2001:db8::/32"]
    some = [
        azure.SecurityRule(
            f"r{place}", priority, pick(draw, ["Tcp", "Udp", "*", "Icmp"]), "",
            access=pick(draw, ["Allow", "Deny"]), source_address_prefix=pick(draw, blocks),
            destination_port_range=pick(draw, ["443", "400-500", "500-600", "*"]),
        )
        for place, priority in enumerate(draw(st.lists(st.integers(100, 110), max_size=6, unique=True)))
    ]  # fmt: skip
    return azure.Native(
        (
            *some,
            azure.SecurityRule("last", 4096, "*", "", "Deny", source_address_prefix="*", destination_port_range="*"),
        )
    )


@few_examples
@given(
    azure_groups(), st.sampled_from(Protocol), st.sampled_from([1, 399, 400, 443, 444, 500, 501, 600, 601]), st.data()
)
def test_allows_and_denies_in_any_order_are_judged_as_azure_does(native, protocol, port, data):
    """The judge is the reader of native rules, which walks them for one packet."""
    addresses = ["10.0.0.7", "10.0.1.0", "9.255.255.255", "203.0.113.255", "203.0.114.0", "2001:db8::1", "2001:db9::1"]
    source = ipaddress.ip_address(pick(data.draw, addresses))
    found = read_azure(printed(exports.azure_group(native.security_rules)), Selection())
    assert found.admitted.holds(source, protocol, port) is admits_azure(native, Packet(source, protocol, port))


DOUBTS = {
    "aws: a prefix list": (
        read_aws, aws_rule(IpProtocol="tcp", FromPort=443, ToPort=443, PrefixListId="pl-1"),
        (
            "sgr-1: admits tcp/443 from the prefix list pl-1, whose blocks are not in this JSON; "
            "it may admit more than is shown"
        ),
    ),
    "gcp: destinations": (
        read_gcp, [gcp_rule("a", allowed=TCP_443, destinationRanges=["10.0.0.4/32"])],
        (
            "a: is for the destinations 10.0.0.4/32 only, and the node's is not known here; "
            "it may admit more than is shown"
        ),
    ),
    "gcp: a tag denied before an allow": (
        read_gcp, [gcp_rule("a", allowed=TCP_443), gcp_rule("b", denied=TCP_443, sourceTags=["web"])],
        "b: denies tag web, whose addresses are not known here; it may deny some of what is needed",
    ),
    "azure: a service tag": (
        read_azure, {"securityRules": [azure_rule("a", 200, sourceAddressPrefix="Storage")]},
        "a: is from the service tag Storage, whose addresses are not in this JSON; it may admit more than is shown",
    ),
    "azure: the virtual network denied before an allow": (
        read_azure,
        {"securityRules": [azure_rule("a", 200, "Deny", sourceAddressPrefix="VirtualNetwork"), azure_rule("b", 300)]},
        "a: denies VirtualNetwork, whose addresses are not known here; it may deny some of what is needed",
    ),
    "azure: a destination of one's own": (
        read_azure, {"securityRules": [azure_rule("a", 200, destinationAddressPrefix="10.0.0.4")]},
        "a: is for a destination that may be the node's or not; it may admit more than is shown",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOUBTS)
def test_what_is_not_understood_is_reported_and_keeps_the_result_from_being_clean(name):
    read, value, text = DOUBTS[name]
    found = read(value, Selection())
    comparison = compare(required_of((), {}), found)
    assert ([str(one) for one in found.unread], comparison.is_same) == ([text], False)


def test_azures_virtual_network_is_let_in_unless_it_is_denied():
    def named(*some: dict[str, Any]) -> list[str]:
        extra = compare(required_of((), {}), read_azure({"securityRules": list(some)}, Selection()))
        return [str(one.packet) for one in (*extra.too_wide, *extra.superfluous)]

    open_ = ["tcp/22", "tcp/1", "tcp/23", "udp/1"]  # SSH always counts as listening
    assert named() == [f"{ports} from VirtualNetwork" for ports in open_]
    assert named(DENY_ALL) == []
    assert (
        named(
            azure_rule("a", 4000, "Deny", protocol="*", destinationPortRange="*", sourceAddressPrefix="VirtualNetwork")
        )
        == []
    )


def test_what_is_open_from_some_source_ports_only_is_neither_open_nor_closed():
    needed = [
        Rule(PortRange.udp(7882), Peer.anywhere(), Service.ICE_UDP),
        Rule(PortRange.tcp(443), Peer.anywhere(), Service.HTTPS),
    ]
    some = azure_rule("some", 100, protocol="Udp", destinationPortRange="7882", sourcePortRange="1024-65535")
    found = compare(required_of(needed, {}), read_azure({"securityRules": [some, DENY_ALL]}, Selection()))
    assert [(str(one.ports), one.names) for one in found.unknown] == [("udp/7882", ("the right source port",))]
    assert [str(one.ports) for one in found.missing] == ["tcp/443"]
    assert not found.superfluous
    every = azure_rule("every", 100, protocol="*", destinationPortRanges=["7882", "443"], sourcePortRange="1-65535")
    found = compare(required_of(needed, {}), read_azure({"securityRules": [every, DENY_ALL]}, Selection()))
    assert (found.unknown, found.missing) == ((), ())


OTHERS = [
    (read_aws, {"SecurityGroupRules": 3}), (read_aws, {"SecurityGroups": [{"GroupId": 3}]}),
    (read_aws, aws_rule(IpProtocol="tcp", FromPort=9, ToPort=1, CidrIpv4="0.0.0.0/0")),
    (read_aws, aws_rule(IpProtocol="tcp", FromPort=1, ToPort=70000, CidrIpv4="0.0.0.0/0")),
    (read_aws, aws_rule(IpProtocol="tcp", FromPort=1, ToPort=7, CidrIpv4="\x1b[31m")),
    (read_gcp, [gcp_rule("a", allowed=[{"IPProtocol": "tcp", "ports": ["x"]}])]), (read_gcp, 7), (read_gcp, [7]),
    (read_digitalocean, [{"inbound_rules": [{"protocol": "tcp", "ports": "1-2-3"}]}]), (read_digitalocean, "x"),
    (read_azure, [[]]), (read_azure, {"securityRules": [azure_rule("a", "x")]}),
    (read_azure, {"securityRules": [azure_rule("a", 1, destinationPortRange="50000:60000")]}),
    (read_nftables, {"nftables": [{"rule": 3}]}), (read_nftables, {"nftables": {}}),
    (read_nftables, {"nftables": [
        {"chain": {"family": "ip", "table": "t", "name": "c", "hook": "input", "type": "filter"}},
        {"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [{"jump": {"target": "c"}}]}},
    ]}),
]  # fmt: skip


@pytest.mark.parametrize(("read", "value"), OTHERS)
def test_other_json_is_one_printable_line(read, value):
    with pytest.raises(NotAFirewall) as caught:
        read(value, Selection())
    assert str(caught.value).isprintable()


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["op", "left", "right", "set", "payload", "protocol", "field", "range", "prefix", "elem", "val", "vmap", "key", "data", "x"]), inner, max_size=3), max_leaves=12))  # fmt: skip  # noqa: E501
def test_no_expression_of_nftables_raises(value):
    match = {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": value}
    for expression in ({"match": value}, {"match": match}, {"vmap": value}, {"vmap": {"key": value, "data": {"set": [[value, {"accept": None}]]}}}):  # fmt: skip  # noqa: E501
        rule = {"family": "inet", "table": "t", "chain": "c", "expr": [expression, {"accept": None}]}
        chain = {"family": "inet", "table": "t", "name": "c", "hook": "input", "type": "filter", "policy": "drop"}
        read_nftables({"nftables": [{"chain": chain}, {"rule": rule}]}, Selection())
