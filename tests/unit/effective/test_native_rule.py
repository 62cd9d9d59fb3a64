"""One rule has one reading: as a command lists it, as a stack holds it, and as it is explained."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.effective.native_rule import Flow, NativeRule, RuleSource, block_source, flows_of
from livekit_firewall.effective.property_values import SIGNATURE
from livekit_firewall.effective.resource_names import ResourceNames
from livekit_firewall.effective.resources import Resource
from livekit_firewall.effective.syntax import NotAFirewall
from livekit_firewall.model.addresses import ANY_IPV4, Cidr, Direction, Identity, Peer
from livekit_firewall.model.errors import ProblemsError
from livekit_firewall.model.packets import ALL_PORTS, EVERYBODY, PacketSet
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.registry import BY_NAME, PLATFORMS

from ..strategies import EDGES, few_examples, pick, rule_sets

PROTOCOLS = ["tcp", "TCP", "6", "udp", "Udp", "17", "-1", "all", "*", "icmp", "1", "58", "esp", "50", "kraken"]
BLOCKS = ["0.0.0.0/0", "::/0", "10.0.0.0/8", "10.1.2.3/8", "192.0.2.7", "2001:db8::/32", "2001:db8::1"]


@st.composite
def written(draw: st.DrawFn) -> tuple[str, int, int, str, bool]:
    """Protocol, ports, block and whether it allows, in any lawful notation."""
    first, last = sorted((pick(draw, [0, *EDGES]), pick(draw, EDGES)))
    return pick(draw, PROTOCOLS), first, last, pick(draw, BLOCKS), draw(st.booleans())


def aws(protocol: str, first: int, last: int, block: str, _allows: bool) -> tuple[Any, Any]:
    six = "6" if ":" in block else "4"
    ports = {"FromPort": first, "ToPort": last, f"CidrIpv{six}": block}
    listed = {"GroupId": "sg-1", "IsEgress": False, "IpProtocol": protocol, **ports}
    held = {"fromPort": first, "toPort": last, f"cidrIpv{six}": block}
    return {"SecurityGroupRules": [listed]}, {"securityGroupId": "sg-1", "ipProtocol": protocol, **held}


def azure(protocol: str, first: int, last: int, block: str, allows: bool) -> tuple[Any, Any]:
    rule = {
        "name": "r", "priority": 100, "direction": "Inbound", "protocol": protocol, "sourceAddressPrefix": block,
        "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": f"{first}-{last}",
        "access": "allow" if allows else "Deny",
    }  # fmt: skip
    return {"name": "n", "securityRules": [rule], "defaultSecurityRules": [rule]}, {"securityRules": [rule]}


def digitalocean(protocol: str, first: int, last: int, block: str, allows: bool) -> tuple[Any, Any]:
    ports, action = f"{first}-{last}", "allow" if allows else "deny"
    listed = {"protocol": protocol, "ports": ports, "sources": {"addresses": [block]}, "action": action}
    held = {"protocol": protocol, "portRange": ports, "sourceAddresses": [block], "action": action}
    return {"firewalls": [{"id": "1", "name": "f", "inbound_rules": [listed]}]}, {"inboundRules": [held]}


def gcp(protocol: str, first: int, last: int, block: str, allows: bool) -> tuple[Any, Any]:
    ports, both = [f"{first}-{last}"], {"network": "n", "sourceRanges": [block]}
    listed = {"allowed" if allows else "denied": [{"IPProtocol": protocol, "ports": ports}], "name": "r"}
    held = {"allows" if allows else "denies": [{"protocol": protocol, "ports": ports}]}
    return [{**listed, **both}], {**held, **both}


def hetzner(protocol: str, first: int, last: int, block: str, _allows: bool) -> tuple[Any, Any]:
    rule = {"direction": "in", "protocol": protocol, "port": f"{first}-{last}"}
    listed = {"id": 1, "name": "f", "rules": [{**rule, "source_ips": [block]}]}
    return {"firewalls": [listed]}, {"rules": [{**rule, "sourceIps": [block]}]}


WRITERS = {"aws": aws, "azure": azure, "digitalocean": digitalocean, "gcp": gcp, "hetzner": hetzner}
assert {*WRITERS} == {one.name for one in PLATFORMS if not one.is_on_node}


@pytest.mark.parametrize("platform", WRITERS)
@few_examples
@given(rule=written())
@example(rule=("6", 443, 443, "10.1.2.3/8", True))
@example(rule=("*", 0, 65535, "::/0", False))
@example(rule=("kraken", 443, 443, "0.0.0.0/0", False))
def test_a_listing_a_resource_and_the_explanation_are_read_alike(platform, rule):
    """A listing may be refused where a resource is unclear: the user can make another one."""
    on = BY_NAME[platform]
    listing, inputs = WRITERS[platform](*rule)
    resource = Resource(f"urn:pulumi:s::p::{on.made[0]}::r", on.made[0], inputs)
    (reviewed,) = on.from_pulumi().snapshots([resource], ResourceNames((), (resource,)))
    way = reviewed.effective[Direction.INGRESS]
    (told,) = [one for one in on.held_rules(resource) if one.direction is Direction.INGRESS]
    said = told.parsed
    assert bool(said.unread) is bool(told.why and told.ranges)
    assert (said.region if said.allows and not said.unread else PacketSet()) == way.admitted
    assert (said.region if not said.allows else PacketSet()) == reviewed.denied[Direction.INGRESS]
    compared = on.from_cli().read(json.loads(json.dumps(listing)), Selection())
    assert compared.admitted == way.admitted
    assert bool(compared.unread) is bool(way.unread)
    if not said.unread:
        for ports, blocks in said.region.parts():
            for block in blocks:
                asked = Rule(ports, Peer.of(block), Service.HTTPS)
                assert told.touches(asked) is told.is_for(asked) is said.allows


@pytest.mark.parametrize("platform", WRITERS)
@few_examples
@given(rules=rule_sets(max_size=6))
def test_what_is_rendered_is_explained_as_it_is_reviewed(platform, rules):
    on = BY_NAME[platform]
    given = rules.where(lambda rule: rule.peer.identity is None)
    try:
        native = on.render(given, on.placeholder, Options())
    except ProblemsError:
        return  # more than the platform holds
    resources = list(native.resources())
    told = [rule.parsed for rule in on.native_rules(native) if rule.allows and rule.direction is Direction.INGRESS]
    found = list(on.from_pulumi().snapshots(resources, ResourceNames((), resources)))
    reviewed = PacketSet.union(one.effective[Direction.INGRESS].admitted for one in found)
    assert PacketSet.union(one.region for one in told) == reviewed == PacketSet.of(given.ingress)


@pytest.mark.parametrize(
    ("kind", "groups"),
    [
        ("azure-native:network:SecurityRule", {"destinationApplicationSecurityGroups": [{"id": "asg"}]}),
        ("azure:network/networkSecurityRule:NetworkSecurityRule", {"destinationApplicationSecurityGroupIds": ["asg"]}),
    ],
)
def test_a_deny_for_a_group_of_either_provider_may_not_be_for_the_node(kind, groups):
    given = {
        "name": "r", "priority": 100, "access": "Deny", "direction": "Inbound", "protocol": "Tcp",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationPortRange": "443",
    }  # fmt: skip
    (rule,) = BY_NAME["azure"].held_rules(Resource(f"urn:pulumi:s::p::{kind}::r", kind, {**given, **groups}))
    assert rule.why == "is for a destination that may be the node's or not (Deny Tcp 443 to asg)"
    assert rule.parsed.region == PacketSet.box([PortRange.tcp(443)], EVERYBODY)


@pytest.mark.parametrize("hidden", [{SIGNATURE: "s", "ciphertext": "v1:hunter2"}, "[secret]"])
def test_what_cannot_be_read_shows_no_secret(hidden):
    given = {
        "name": "r", "priority": 100, "access": "Deny", "direction": "Inbound", "protocol": "Tcp",
        "sourceAddressPrefix": "*", "destinationPortRange": 443.0, "destinationAddressPrefix": hidden,
    }  # fmt: skip
    kind = "azure-native:network:SecurityRule"
    (rule,) = BY_NAME["azure"].held_rules(Resource(f"urn:pulumi:s::p::{kind}::r", kind, given))
    assert rule.why == "is for a destination that may be the node's or not (Deny Tcp 443 to (a secret))"


class TestFlows:
    @pytest.mark.parametrize(
        ("protocol", "shown", "other"),
        [
            ("tcp", ["tcp/443"], []),
            ("17", ["udp/443"], []),
            ("1", ["1"], ["icmp"]),
            ("ICMPv6", ["icmpv6"], ["icmpv6"]),
            ("ipv6-icmp", ["ipv6-icmp"], ["icmpv6"]),
            ("*", ["tcp/443", "udp/443", "every other protocol"], ["every other protocol"]),
        ],
    )
    def test_a_protocol_by_its_name_or_its_number(self, protocol, shown, other):
        found = flows_of(protocol, [(443, 443)], "r")
        assert [one.shown for one in found] == shown
        assert [one.other for one in found if one.other] == other
        assert {ports.first for one in found for ports in one.ranges} <= {443}

    def test_port_0_is_left_out(self):
        assert [one.ports for one in flows_of("tcp", [(0, 65535)], "r")] == [PortRange.tcp(1, 65535)]
        assert flows_of("tcp", [(0, 0)], "r") == ()

    def test_one_that_is_not_known_may_be_any(self):
        (flow,) = flows_of("kraken", [(443, 443)], "r")
        assert flow == Flow("kraken", every=ALL_PORTS, unread="the protocol kraken is not known")

    def test_ports_that_are_none_are_refused_where_they_count(self):
        assert [one.shown for one in flows_of("icmp", [(9, 1)], "r")] == ["icmp"]
        with pytest.raises(NotAFirewall, match="must be ports from 0 to 65535"):
            flows_of("tcp", [(9, 1)], "r")


WEB = flows_of("tcp", [(443, 443)], "r")
BOX = PacketSet.box([PortRange.tcp(443)], [Cidr.parse("10.0.0.0/8")])
TEN = block_source("10.0.0.0/8", "r")


class TestTheParsedRule:
    def test_blocks_and_names(self):
        group = RuleSource("load-balancer sg-2", Peer.of(Identity.LOAD_BALANCER), "sg-2")
        said = NativeRule("r", WEB, (TEN, group)).parsed
        assert (said.region, said.named) == (BOX, {"sg-2": PacketSet.box([PortRange.tcp(443)], EVERYBODY)})

    def test_a_name_whose_addresses_are_known_is_these(self):
        balancer = RuleSource("load-balancer", Peer.of(Identity.LOAD_BALANCER), "x", (Cidr.parse("10.0.0.0/8"),))
        said = NativeRule("r", WEB, (balancer,)).parsed
        assert (said.region, said.named) == (BOX, {})

    def test_a_source_without_name_and_addresses_opens_nothing(self):
        assert not NativeRule("r", WEB, (RuleSource("the platform's prober"),)).parsed.region

    def test_of_one_family(self):
        rule = NativeRule("r", WEB, (TEN, block_source("::/0", "r"), RuleSource("t", name="t")), families=(ANY_IPV4,))
        assert (rule.parsed.region, rule.parsed.named) == (BOX, {"t": PacketSet.box([PortRange.tcp(443)], [ANY_IPV4])})

    @pytest.mark.parametrize(
        ("rule", "may"),
        {
            "of known sources it is theirs": (NativeRule("r", WEB, (TEN,), allows=False, unread="why"), BOX),
            "of sources by name it may be anybody's": (
                NativeRule("r", WEB, (TEN, RuleSource("t", name="t")), allows=False, unread="why"),
                PacketSet.box([PortRange.tcp(443)], EVERYBODY),
            ),
            "of sources not known too": (
                NativeRule("r", WEB, (TEN, RuleSource("t", unread="why")), allows=False),
                PacketSet.box([PortRange.tcp(443)], EVERYBODY),
            ),
            "of a flow not known it may be any port": (
                NativeRule("r", (Flow("?", every=ALL_PORTS, unread="why"),), (TEN,), allows=False),
                PacketSet.box(ALL_PORTS, [Cidr.parse("10.0.0.0/8")]),
            ),
        }.values(),
    )
    def test_what_is_not_understood_is_unknown_where_it_may_be(self, rule, may):
        assert (rule.why, rule.parsed.unread, rule.parsed.region, rule.parsed.allows) == ("why", "why", may, False)

    def test_what_has_no_ports_is_no_doubt(self):
        said = NativeRule("r", flows_of("icmp", [], "r"), (TEN,), unread="why").parsed
        assert (said.unread, said.region) == ("", PacketSet())

    def test_portless_protocols_by_who_is_let_in(self):
        allowed = NativeRule("r", flows_of("icmp", [], "r"), (TEN, RuleSource("tag t", name="tag t")))
        assert allowed.others == (("icmp", "10.0.0.0/8"), ("icmp", "tag t"))
        denied = NativeRule("r", flows_of("icmp", [], "r"), (TEN,), allows=False)
        assert (denied.others, denied.flow_names) == ((("no icmp", "10.0.0.0/8"),), ("deny icmp",))

    @pytest.mark.parametrize("other", [{"allows": False}, {"direction": Direction.EGRESS}])
    def test_a_deny_and_what_leads_out_let_nobody_in(self, other):
        rule = Rule(PortRange.tcp(443), Peer.of(Cidr.parse("10.0.0.0/8")), Service.HTTPS)
        assert NativeRule("r", WEB, (TEN,)).is_for(rule)
        assert NativeRule("r", WEB, (TEN,)).touches(rule)
        assert not NativeRule("r", WEB, (TEN,), **other).is_for(rule)
        assert not NativeRule("r", WEB, (TEN,), **other).touches(rule)


def test_what_is_not_known_of_a_rule_for_one_family_says_nothing_of_the_other():
    strange = RuleSource("Storage", unread="is from a tag")
    made = NativeRule("one", flows_of("tcp", [(443, 443)], ""), (strange,), families=(ANY_IPV4,))
    assert made.parsed.region == PacketSet.box([PortRange.tcp(443)], [ANY_IPV4])
    assert made.parsed.unread == "is from a tag"


def test_a_rule_for_some_source_ports_stays_one_in_its_packets():
    made = NativeRule("one", flows_of("tcp", [(443, 443)], ""), (block_source("10.0.0.0/8", ""),), partly=True)
    assert (made.parsed.partly, [one.partly for one in made.parts]) == (True, [True])


def held_by(token: str, **inputs: Any) -> list[NativeRule]:
    return list(BY_NAME["aws"].held_rules(Resource(f"urn:pulumi:s::p::{token}::r", token, inputs)))


def test_a_rule_of_which_the_direction_is_not_known_may_be_for_both():
    given = {"protocol": "tcp", "fromPort": 443, "toPort": 443, "cidrBlocks": ["10.0.0.0/8"], "securityGroupId": "sg-1"}
    held = held_by("aws:ec2/securityGroupRule:SecurityGroupRule", **given)
    assert {one.direction for one in held} == set(Direction)


def test_a_rule_of_its_own_without_a_source_is_not_understood():
    given = {"ipProtocol": "tcp", "fromPort": 443, "toPort": 443, "securityGroupId": "sg-1"}
    held = held_by("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", **given)
    assert [one.why for one in held] == ["has no source"]


def test_a_deny_of_googles_for_some_destinations_may_be_for_none_of_the_nodes():
    given = {"network": "n", "denies": [{"protocol": "tcp"}], "destinationRanges": ["10.0.0.4/32"]}
    (held,) = BY_NAME["gcp"].held_rules(Resource("urn:pulumi:s::p::gcp:compute/firewall:Firewall::r", FIREWALL, given))
    assert held.why == "is for the destinations 10.0.0.4/32 only, and the node's is not known here"


FIREWALL = "gcp:compute/firewall:Firewall"
