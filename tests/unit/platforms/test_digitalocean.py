"""DigitalOcean: equality of meaning, exact resource, limits, errors. Not proved: that the API accepts it."""

from __future__ import annotations

import re
import sys

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.inputs.extras import install_line
from livekit_firewall.model.addresses import Cidr, Family, Identity, Packet, Peer
from livekit_firewall.model.errors import RenderError
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.digitalocean import render as digitalocean
from livekit_firewall.platforms.digitalocean.native import OutboundRule
from livekit_firewall.platforms.digitalocean.target import DigitalOceanTarget
from livekit_firewall.platforms.running import InvalidArguments

from .. import audiences
from ..engine_mocks import unknown
from ..golden_rules import SCENARIOS
from ..readers import digitalocean as reader
from ..strategies import few_examples, judged

TAGS = DigitalOceanTarget(tags=("livekit",), load_balancer_uids=("b0a7e2d2-0000-4000-8000-000000000001",))
DROPLETS = DigitalOceanTarget(droplet_ids=(101, "102"))
# The SDK warns of itself when it is imported.
pytestmark = pytest.mark.filterwarnings(r"ignore:digitalocean\..* has been deprecated:DeprecationWarning")
FIREWALL = "digitalocean:index/firewall:Firewall"
COMPONENT = "livekit:index:DigitalOceanFirewall"


def rule(ports: PortRange, peer: Peer | str = "anywhere", service: Service = Service.ICE_UDP) -> Rule:
    if isinstance(peer, str):
        peer = Peer.anywhere() if peer == "anywhere" else Peer.of(Cidr.parse(peer))
    return Rule(ports, peer, service)


MEDIA = RuleSet.of([rule(PortRange.udp(50000, 60000)), rule(PortRange.tcp(7881), service=Service.ICE_TCP)])


def problems(rule_set: RuleSet, target: DigitalOceanTarget, *, ipv6: bool = True) -> list[str]:
    with pytest.raises(RenderError) as caught:
        digitalocean.render(rule_set, target, ipv6=ipv6)
    return [str(problem) for problem in caught.value.problems]


def agrees(native: digitalocean.Native, rule_set: RuleSet, packet: Packet) -> None:
    reader.check(native)
    assert reader.admits_native(native, packet) == rule_set.admits(packet)


class TestTheEntriesMeanWhatTheRuleSetMeans:
    @few_examples
    @given(judged(identities=[*audiences.DIGITALOCEAN.names, *audiences.BLOCKS]))
    def test_for_every_kind_of_target(self, case):
        """One test for all that is true of arbitrary rules: generating those is what costs time."""
        rule_set, packet = case
        target = audiences.DIGITALOCEAN
        native = digitalocean.render(rule_set, target)
        agrees(native, rule_set, packet)
        assert digitalocean.render(RuleSet(rule_set.rules[::-1]), target) == native, "the order does not matter"

        nameable = rule_set.where(lambda rule: rule.peer.identity in (None, Identity.SAME_GROUP))
        agrees(digitalocean.render(nameable, DROPLETS), nameable, packet)

        ipv4 = rule_set.where(lambda rule: [block.family for block in rule.peer.blocks] == [Family.IPV4])
        native = digitalocean.render(ipv4, DROPLETS, ipv6=False)
        agrees(native, ipv4, packet)
        assert not any(":" in source for entry in native.inbound for source in entry.source_addresses)

    @pytest.mark.parametrize("name", SCENARIOS)
    def test_as_in_the_goldens(self, name, golden):
        native = digitalocean.render(SCENARIOS[name].rules, TAGS, ipv6=SCENARIOS[name].ipv6)
        reader.check(native)
        golden("digitalocean", name, native.as_json())


class TestSourcesAreMergedPerProtocolAndPorts:
    def test_of_both_families_and_all_kinds_and_services(self):
        api = PortRange.tcp(7880)
        rule_set = RuleSet.of(
            [
                rule(api, Peer.of(Identity.LOAD_BALANCER), Service.API),
                rule(api, Peer.of(Identity.SAME_GROUP), Service.API),
                rule(api, "2001:db8::/48", Service.WHIP),
                rule(api, "192.0.2.0/24", Service.API),
                rule(api, "192.0.2.0/24", Service.WHIP),
            ]
        )
        assert digitalocean.render(rule_set, TAGS).inbound == (
            digitalocean.InboundRule(
                "tcp", "7880", ("192.0.2.0/24", "2001:db8::/48"),
                source_tags=("livekit",), source_load_balancer_uids=TAGS.load_balancer_uids,
            ),
            digitalocean.InboundRule("icmp", None, ("0.0.0.0/0", "::/0")),
        )  # fmt: skip

    def test_overlapping_ranges_that_differ_stay_apart(self):
        rule_set = RuleSet.of([rule(PortRange.udp(1, 20)), rule(PortRange.udp(10, 30), service=Service.SIP_RTP)])
        assert [entry.port_range for entry in digitalocean.render(rule_set, TAGS).inbound] == ["1-20", "10-30", None]

    def test_outbound_is_written_whatever_the_rules(self):
        both = ("0.0.0.0/0", "::/0")
        for ipv6 in (True, False):
            assert digitalocean.render(RuleSet(), TAGS, ipv6=ipv6).outbound == (
                OutboundRule("tcp", "1-65535", both),
                OutboundRule("udp", "1-65535", both),
                OutboundRule("icmp", None, both),
            )

    def test_ping_and_path_mtu_come_in_over_ipv4_alone_without_ipv6(self):
        only = digitalocean.InboundRule("icmp", None, ("0.0.0.0/0",))
        assert digitalocean.render(RuleSet(), TAGS, ipv6=False).inbound == (only,)


class TestWhatDigitalOceanCannotHoldIsRefused:
    def test_neither_droplets_nor_tags(self):
        assert problems(MEDIA, DigitalOceanTarget()) == [
            "digitalocean: droplet_ids or tags are required; name the Droplets that the firewall is for, best by a tag"
        ]

    @pytest.mark.parametrize("tag", ["live kit", "l/k", "", "a" * 256, "é", "lk\n"])
    def test_an_unlawful_tag(self, tag):
        assert problems(MEDIA, DigitalOceanTarget(tags=("ok", tag))) == [
            (f"digitalocean.tags: a tag of 1 to 255 letters, digits, colons, hyphens and underscores (got {tag!r})")
        ]

    @pytest.mark.parametrize("droplet", ["lk", "0", 0, -1, 1.5, True, "", "1e3", "٣"])
    def test_an_id_that_is_not_of_a_droplet(self, droplet):
        assert problems(MEDIA, DigitalOceanTarget(droplet_ids=[droplet])) == [
            f"digitalocean.droplet_ids: the id of a Droplet, a positive integer (got {droplet!r})"
        ]

    @pytest.mark.parametrize("path", ["droplet_ids", "tags", "load_balancer_uids"])
    def test_an_empty_list(self, path):
        target = DigitalOceanTarget(**{"tags": ("lk",), path: []})
        assert problems(MEDIA, target) == [
            f"digitalocean.{path}: a list that is not empty (got an empty list); leave it out if it is not meant"
        ]

    def test_more_droplets_or_tags_than_a_firewall_takes(self):
        assert problems(MEDIA, DigitalOceanTarget(droplet_ids=range_of(11), tags=tuple("abcdef"))) == [
            "digitalocean.droplet_ids: at most 10 per firewall (got 11); give them a tag and use tags",
            "digitalocean.tags: at most 5 per firewall (got 6); use one tag that all of them have",
        ]
        reader.check(digitalocean.render(MEDIA, DigitalOceanTarget(droplet_ids=range_of(10), tags=tuple("abcde"))))

    def test_repeated_members_count_once(self):
        target = DigitalOceanTarget(droplet_ids=[7, "7", 7.0], tags=("lk", "LK"))
        native = digitalocean.render(MEDIA, target)
        assert (native.droplet_ids, native.tags) == ((7,), ("lk",))

    def test_more_than_fifty_rules(self):
        def ports(count: int) -> RuleSet:
            return RuleSet.of([rule(PortRange.tcp(2 * port)) for port in range(1, count + 1)])

        reader.check(digitalocean.render(ports(46), TAGS))
        assert problems(ports(47), TAGS) == [
            (
                "digitalocean: at most 50 rules per firewall (got 48 inbound and 3 outbound); "
                "use ranges of ports instead of single ones"
            )
        ]

    def test_more_than_a_thousand_sources(self):
        def sources(count: int) -> RuleSet:
            return RuleSet.of(
                [rule(PortRange.udp(5060), f"10.{n >> 8}.{n & 255}.0/24", Service.SIP) for n in range(count)]
            )

        reader.check(digitalocean.render(sources(1000), TAGS))
        assert problems(sources(1001), TAGS) == [
            "digitalocean: at most 1000 sources per rule (got 1001 for udp/5060); name fewer, larger blocks"
        ]

    def test_a_load_balancer_that_the_target_cannot_name(self):
        rule_set = RuleSet.of([rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API)])
        assert problems(rule_set, DROPLETS) == [
            (
                "digitalocean.load_balancer_uids: is needed for rules that admit a load balancer; name "
                "DigitalOcean's load balancer, or give the addresses of another as load_balancer.cidrs"
            )
        ]

    def test_the_same_group_without_a_target_names_both_problems(self):
        rule_set = RuleSet.of([rule(PortRange.tcp(6379), Peer.of(Identity.SAME_GROUP), Service.REDIS)])
        assert problems(rule_set, DigitalOceanTarget())[1] == (
            "digitalocean: droplet_ids or tags are needed to admit nodes of the same group; "
            "name them, or give the nodes' addresses as cluster.cidrs"
        )

    def test_ipv6_sources_though_ipv6_is_false(self):
        rule_set = RuleSet.of([rule(PortRange.tcp(22), "2001:db8::/32", Service.SSH)])
        assert problems(rule_set, TAGS, ipv6=False) == [
            (
                "ipv6: no rule for IPv6 where ipv6 is false (got false, and SSH tcp/22 from 2001:db8::/32); "
                "restrict the rule to IPv4 blocks, or leave ipv6 out"
            )
        ]

    def test_placeholders_are_accepted(self):
        target = DigitalOceanTarget(droplet_ids=("TARGET",), load_balancer_uids=("TARGET",))
        reader.check(digitalocean.render(SCENARIOS["everything"].rules, target))


def range_of(count: int) -> list[int]:
    return list(range(1, count + 1))


class TestTheComponent:
    def test_makes_exactly_one_firewall(self, engine):
        from livekit_firewall.platforms.digitalocean.component import DigitalOceanFirewall

        made = engine.run(lambda: DigitalOceanFirewall("lk", MEDIA, DROPLETS, ipv6=True))
        both = ["0.0.0.0/0", "::/0"]
        assert {key: one.inputs for key, one in made.items()} == {
            (COMPONENT, "lk"): {},
            (FIREWALL, "lk-firewall"): {
                "dropletIds": [101, 102],
                "inboundRules": [
                    {"protocol": "tcp", "portRange": "7881", "sourceAddresses": both},
                    {"protocol": "udp", "portRange": "50000-60000", "sourceAddresses": both},
                    {"protocol": "icmp", "sourceAddresses": both},
                ],
                "outboundRules": [
                    {"protocol": "tcp", "portRange": "1-65535", "destinationAddresses": both},
                    {"protocol": "udp", "portRange": "1-65535", "destinationAddresses": both},
                    {"protocol": "icmp", "destinationAddresses": both},
                ],
            },
        }
        assert made[FIREWALL, "lk-firewall"].parent == (COMPONENT, "lk")
        assert engine.outputs[COMPONENT, "lk"] == {"firewall_id": "lk-firewall-id"}

    def test_takes_ids_that_are_outputs(self, preview_engine):
        from livekit_firewall.platforms.digitalocean.component import DigitalOceanFirewall

        def program() -> None:
            ids = [pulumi.Output.from_input("103"), unknown(), 104]
            rule_set = RuleSet.of(
                [
                    rule(PortRange.tcp(6379), Peer.of(Identity.SAME_GROUP), Service.REDIS),
                    rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API),
                ]
            )
            DigitalOceanFirewall("lk", rule_set, DigitalOceanTarget(droplet_ids=ids, load_balancer_uids=[unknown()]))

        inputs = preview_engine.run(program)[FIREWALL, "lk-firewall"].inputs
        unknowable = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
        assert inputs["dropletIds"] == [103, unknowable, 104]
        assert inputs["inboundRules"][:2] == [
            {"protocol": "tcp", "portRange": "6379", "sourceDropletIds": [103, unknowable, 104]},
            {"protocol": "tcp", "portRange": "7880", "sourceLoadBalancerUids": [unknowable]},
        ]

    def test_waits_for_what_its_user_says(self, engine):
        """A tag that does not exist yet is refused, and Pulumi does not hand `depends_on` down."""
        from livekit_firewall.platforms.digitalocean.component import DigitalOceanFirewall

        def program() -> None:
            tag = pulumi.CustomResource("test:index:Tag", "tag")
            DigitalOceanFirewall("lk", MEDIA, TAGS, opts=pulumi.ResourceOptions(depends_on=[tag]))

        request = engine.run(program)[FIREWALL, "lk-firewall"].request
        assert [urn.rpartition("::")[2] for urn in request.dependencies] == ["tag"]

    @given(st.text(min_size=1))
    def test_any_name_becomes_a_lawful_one(self, name):
        from livekit_firewall.platforms.digitalocean.names import lawful_name

        assert re.fullmatch(r"[a-zA-Z0-9][a-zA-Z0-9.-]{1,199}", lawful_name(name))

    def test_similar_names_stay_apart(self):
        from livekit_firewall.platforms.digitalocean.names import lawful_name

        similar = ["lk", "l_k", "l-k", "l k", "_", "é", "è", "", "-", "a" * 300, "a" * 301]
        assert len({lawful_name(name) for name in similar}) == len(similar)
        assert lawful_name("lk.prod-1") == "lk.prod-1-firewall"

    def test_registers_nothing_if_the_rules_cannot_be_rendered(self, engine):
        from livekit_firewall.platforms.digitalocean.component import DigitalOceanFirewall

        def program() -> None:
            with pytest.raises(InvalidArguments):
                DigitalOceanFirewall("lk", MEDIA, DigitalOceanTarget())

        assert engine.run(program) == {}

    def test_says_what_to_install_without_the_sdk(self, engine, monkeypatch):
        from livekit_firewall.platforms.digitalocean.component import DigitalOceanFirewall

        monkeypatch.setitem(sys.modules, "pulumi_digitalocean", None)

        def program() -> None:
            with pytest.raises(InvalidArguments) as caught:
                DigitalOceanFirewall("lk", MEDIA, TAGS)
            assert [str(one) for one in caught.value.problems] == [
                "digitalocean: needs the package pulumi-digitalocean of livekit-firewall[digitalocean]; "
                + install_line("digitalocean")
            ]

        assert engine.run(program) == {}
