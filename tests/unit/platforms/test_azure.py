"""The Azure back end: what `render` makes, judged by a reader of Azure's semantics, and the component.

Not proved here: that Azure takes the rules, nor that it keeps `0.0.0.0/0` and `::/0` apart.
"""

from __future__ import annotations

import ipaddress
import itertools
import re
from dataclasses import replace

import pulumi
import pytest
from hypothesis import given

from livekit_firewall.model.addresses import Cidr, Family, Identity, Packet, Peer
from livekit_firewall.model.errors import RenderError
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.azure import render as azure
from livekit_firewall.platforms.azure.component import AzureFirewall
from livekit_firewall.platforms.azure.names import lawful
from livekit_firewall.platforms.azure.native import BAND, Priority, band
from livekit_firewall.platforms.azure.target import AzureTarget
from livekit_firewall.platforms.platform import PLACEHOLDER
from livekit_firewall.platforms.running import InvalidArguments

from .. import audiences
from ..engine_mocks import UNKNOWN, unknown
from ..golden_rules import SCENARIOS
from ..readers.azure import admits_native
from ..strategies import few_examples, judged, rule_sets

TARGET = AzureTarget(resource_group_name="media")
COMPONENT = "livekit:index:AzureFirewall"
GROUP = "azure-native:network:NetworkSecurityGroup"


def rule(ports: PortRange, service: Service, *sources: str) -> list[Rule]:
    """One rule for each source, or one for anywhere."""
    peers = [Peer.of(Cidr.parse(source)) for source in sources] or [Peer.anywhere()]
    return [Rule(ports, peer, service, (Reason("a.key", "a reason"),)) for peer in peers]


def made(*rules: list[Rule]) -> dict[str, azure.SecurityRule]:
    """The rules of services by name."""
    native = azure.render(RuleSet.of(itertools.chain(*rules)), TARGET)
    return {one.name: one for one in native.security_rules if one.name not in ("icmp-ipv4", "deny-all")}


def problems_of(rules: list[Rule], target: AzureTarget = TARGET, **options: bool) -> list[str]:
    with pytest.raises(RenderError) as caught:
        azure.render(RuleSet.of(rules), target, **options)
    return [str(problem) for problem in caught.value.problems]


class TestMeaning:
    @few_examples
    @given(judged(identities=[*audiences.AZURE.names, *audiences.BLOCKS]))
    def test_the_group_admits_exactly_what_the_rule_set_admits(self, case):
        rules, packet = case
        native = azure.render(rules, audiences.AZURE)
        assert admits_native(native, packet) is rules.admits(packet)
        assert azure.render(RuleSet(rules.rules[::-1]), audiences.AZURE) == native, "the order does not matter"
        plain = rules.where(lambda rule: bool(rule.peer.blocks))
        assert set(azure.render(plain, TARGET).security_rules) <= set(native.security_rules), "these keep their numbers"

    @few_examples
    @given(judged(families=[Family.IPV4]))
    def test_without_ipv6_no_rule_admits_ipv6(self, case):
        rules, packet = case
        native = azure.render(rules, TARGET, ipv6=False)
        assert admits_native(native, packet) is rules.admits(packet)
        allowed = [one for one in native.security_rules if one.access == "Allow"]
        assert [one for one in allowed if ":" in str((one.source_address_prefix, one.source_address_prefixes))] == []

    def test_the_virtual_network_is_denied_by_the_last_rule_alone(self):
        native = azure.render(RuleSet.of([]), TARGET)
        neighbour = Packet(ipaddress.ip_address("10.0.0.4"), Protocol.TCP, 7880)
        open_to_neighbours = replace(native, security_rules=native.security_rules[:-1])
        assert native.security_rules[-1].arguments() == {
            "name": "deny-all",
            "priority": 4096,
            "protocol": "*",
            "description": "Everything else, since Azure's defaults would admit the whole virtual network",
            "access": "Deny",
            "direction": "Inbound",
            "source_address_prefix": "*",
            "source_port_range": "*",
            "destination_address_prefix": "*",
            "destination_port_range": "*",
        }
        assert admits_native(native, neighbour) is False
        assert admits_native(open_to_neighbours, neighbour) is True

    def test_probes_are_let_in_only_when_asked_for(self):
        probe = Packet(ipaddress.ip_address("168.63.129.16"), Protocol.TCP, 7880)
        asked = AzureTarget(resource_group_name="media", load_balancer_probes=True)
        assert admits_native(azure.render(RuleSet.of([]), TARGET), probe) is False
        assert admits_native(azure.render(RuleSet.of([]), asked), probe) is True


class TestRules:
    """One rule per purpose, protocol and family, changed in place."""

    def test_a_range_is_one_text(self):
        media = made(rule(PortRange.udp(50000, 60000), Service.ICE_UDP))
        assert media["ice-udp-ipv4"].destination_port_range == "50000-60000"
        assert list(media) == ["ice-udp-ipv4", "ice-udp-ipv6"]

    def test_anywhere_is_two_rules_with_a_block_each(self):
        media = made(rule(PortRange.tcp(7881), Service.ICE_TCP))
        assert {name: one.source_address_prefix for name, one in media.items()} == {
            "ice-tcp-ipv4": "0.0.0.0/0",
            "ice-tcp-ipv6": "::/0",
        }

    def test_several_sources_and_ports_are_plural_fields_of_one_rule(self):
        trunks = "198.51.100.0/24", "203.0.113.0/28"
        sip = made(
            rule(PortRange.udp(5060), Service.SIP, *trunks), rule(PortRange.udp(5070, 5080), Service.SIP, *trunks)
        )
        assert sip["sip-udp-ipv4"].arguments() == {
            "name": "sip-udp-ipv4",
            "priority": 1150,
            "protocol": "Udp",
            "description": "SIP: a.key",
            "access": "Allow",
            "direction": "Inbound",
            "source_address_prefixes": ["198.51.100.0/24", "203.0.113.0/28"],
            "source_port_range": "*",
            "destination_address_prefix": "*",
            "destination_port_ranges": ["5060", "5070-5080"],
        }
        assert list(sip) == ["sip-udp-ipv4"]

    def test_a_block_within_another_is_left_out(self):
        nested = made(rule(PortRange.tcp(22), Service.SSH, "10.0.0.0/8", "10.0.0.0/24", "10.1.0.0/16", "11.0.0.0/8"))
        assert nested["ssh-tcp-ipv4"].source_address_prefixes == ("10.0.0.0/8", "11.0.0.0/8")

    def test_ports_with_different_sources_are_rules_of_their_own(self):
        apart = made(
            rule(PortRange.tcp(6789), Service.METRICS, "10.0.0.0/24"),
            rule(PortRange.tcp(9090), Service.METRICS, "10.0.1.0/24"),
        )
        assert {name: one.priority for name, one in apart.items()} == {
            "metrics-tcp-ipv4-6789": 1800,
            "metrics-tcp-ipv4-9090": 1801,
        }

    @few_examples
    @given(*[rule_sets([*audiences.AZURE.names, *audiences.BLOCKS])] * 2)
    def test_another_service_moves_no_priority(self, one, other):
        """What a service's rules are called and where they stand depends on that service alone."""

        def places(rules, of):
            mine = {rule.service for rule in of}
            native = azure.render(rules, audiences.AZURE)
            values = {service.record.band for service in mine}
            return {rule.name: rule.priority for rule in native.security_rules if rule.priority // 100 * 100 in values}

        fewer = RuleSet.of(one.ingress)
        services = {rule.service for rule in one}
        more = RuleSet.of([*one, *(rule for rule in other if rule.service not in services)])
        assert places(more, one) == places(fewer, one)

    def test_every_service_has_a_band_and_no_two_bands_touch(self):
        bands = [band(service, protocol, family) for service in Service for protocol in Protocol for family in Family]
        assert len(bands) == len(Service) * 4
        assert min(later - earlier for earlier, later in itertools.pairwise(sorted(bands))) == BAND
        assert (min(bands), max(bands) + BAND <= Priority.DENY_ALL) == (200, True)

    def test_these_priorities_are_published(self):
        """Changing one of them renumbers rules of running deployments."""
        assert {one.name: one.value for one in Priority} | {one.name: one.record.band for one in Service} == {
            "ICMP": 100,
            "LOAD_BALANCER_PROBES": 110,
            "HTTPS": 200,
            "HTTP": 300,
            "ICE_UDP": 400,
            "ICE_TCP": 500,
            "TURN_UDP": 600,
            "TURN_TLS": 700,
            "RTMP": 800,
            "WHIP_ICE_UDP": 900,
            "WHIP_ICE_TCP": 1000,
            "SIP": 1100,
            "SIP_TLS": 1200,
            "SIP_RTP": 1300,
            "API": 1400,
            "WEBTRANSPORT": 1500,
            "WHIP": 1600,
            "SSH": 1700,
            "METRICS": 1800,
            "HEALTH": 1900,
            "DEBUG": 2000,
            "TURN_RELAY": 2100,
            "REDIS": 2200,
            "NATS": 2300,
            "MARIADB": 2400,
            "INTERNAL": 2500,
            "EXTRA": 2600,
            "DENY_ALL": 4096,
        }

    def test_a_long_description_is_cut(self):
        reasons = tuple(Reason(f"a.key.that.goes.on.for.ever.{number}", "") for number in range(9))
        (one,) = made([Rule(PortRange.tcp(22), Peer.any_ipv4(), Service.SSH, reasons)]).values()
        assert len(one.description) == 140
        assert one.description.startswith("SSH: a.key.that.goes.on.for.ever.0, a.key")
        assert one.description.endswith("...")


class TestProblems:
    def test_identities_cannot_be_named_and_all_problems_are_reported_at_once(self):
        identities = [
            Rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API),
            Rule(PortRange.tcp(5349), Peer.of(Identity.LOAD_BALANCER), Service.TURN_TLS),
            Rule(PortRange.tcp(6379), Peer.of(Identity.SAME_GROUP), Service.REDIS),
        ]
        assert problems_of(identities, AzureTarget()) == [
            (
                "azure.resource_group_name: the name of the resource group that the network security group is "
                "created in; set it, or azure.network_security_group_id of an existing group"
            ),
            (
                "load_balancer.cidrs: the blocks of the load balancer, which may reach API, TURN/TLS: Azure's "
                "rules name blocks only; set it; an Application Gateway is its subnet's block, through a Load "
                "Balancer the source is the client"
            ),
            (
                "cluster.cidrs: the blocks of the other nodes, which may reach Redis: Azure's rules name blocks "
                "only; set it in place of cluster.same_group"
            ),
        ]

    def test_ipv6_that_is_off_and_asked_for_is_an_error(self):
        assert problems_of(rule(PortRange.tcp(7881), Service.ICE_TCP), ipv6=False) == [
            (
                "ipv6: no rule for IPv6 where ipv6 is false (got false, and ICE/TCP tcp/7881 from anywhere); "
                "restrict the rule to IPv4 blocks, or leave ipv6 out"
            )
        ]

    def test_more_groups_of_ports_than_a_band_holds_are_an_error(self):
        def groups(count):
            return [
                one
                for port in range(1, count + 1)
                for one in rule(PortRange.tcp(port), Service.METRICS, f"10.0.{port}.0/24")
            ]

        assert len(azure.render(RuleSet.of(groups(25)), TARGET).security_rules) == 27
        assert problems_of(groups(26)) == [
            (
                "azure: at most 25 groups of ports with different sources for Metrics over tcp and IPv4 (got 26); "
                "give the ports of the service the same sources, so that they share a rule"
            )
        ]

    def test_more_blocks_than_a_rule_holds_are_an_error(self):
        def blocks(count):
            return [f"10.{number >> 8}.{number & 255}.0/32" for number in range(count)]

        assert (
            len(made(rule(PortRange.tcp(22), Service.SSH, *blocks(4000)))["ssh-tcp-ipv4"].source_address_prefixes)
            == 4000
        )
        assert problems_of(rule(PortRange.tcp(22), Service.SSH, *blocks(4001))) == [
            "azure: at most 4000 blocks for SSH over tcp and IPv4 (got 4001); name fewer, larger blocks"
        ]

    def test_more_rules_than_a_group_holds_are_an_error(self, monkeypatch):
        """With the real 1000, forty bands would have to be full."""
        monkeypatch.setitem(azure.LIMITS, "rules", 3)
        assert (
            len(azure.render(RuleSet.of(rule(PortRange.tcp(22), Service.SSH, "10.0.0.0/8")), TARGET).security_rules)
            == 3
        )
        assert problems_of(rule(PortRange.tcp(22), Service.SSH)) == [
            (
                "azure: at most 3 rules in one network security group (got 4); give the ports of a service the same "
                "sources, so that they share a rule"
            )
        ]


class TestTexts:
    @pytest.mark.parametrize("scenario", SCENARIOS)
    def test_golden(self, golden, scenario):
        """Of the scenarios that Azure cannot express, the error."""
        given_rules = SCENARIOS[scenario]
        try:
            value = azure.render(given_rules.rules, TARGET, ipv6=given_rules.ipv6).as_json()
        except RenderError as error:
            value = f"{error}\n"
        golden("azure", scenario, value)

    def test_what_is_not_known_yet_is_printed_as_the_placeholder(self):
        shown = azure.render(RuleSet.of([]), AzureTarget(resource_group_name=object(), location="westeurope")).as_json()
        assert (shown["resource_group_name"], shown["location"]) == (PLACEHOLDER, "westeurope")

    def test_every_golden_rule_is_one_that_azure_native_takes(self):
        """Its arguments class refuses fields that it does not know; formats are the reader's."""
        from pulumi_azure_native import network

        for scenario in ("load-balancer-cidrs", "ipv4-only", "plugnmeet", "sip-operators-cluster"):
            for one in azure.render(SCENARIOS[scenario].rules, TARGET).security_rules:
                arguments = network.SecurityRuleArgs(**one.arguments())
                assert (arguments.name, arguments.priority) == (one.name, one.priority)

    @pytest.mark.parametrize("name", ["lk", "a" * 49])
    def test_a_lawful_name_is_kept(self, name):
        assert lawful(name) == name

    def test_other_names_are_made_lawful_and_stay_apart(self):
        names = [lawful(name) for name in ("Lk_Fw.é", "Lk_Fw.è", "_lk", "-lk", "a" * 50, "a" * 51, "名前")]
        assert len(set(names)) == len(names)
        # With the component's suffix and the provider's random one: within 80, and a lawful first letter.
        lengths = {len(f"{name}-network-security-group01234567") <= 80 for name in names}
        assert (lengths, [name for name in names if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name, re.ASCII)]) == (
            {True},
            [],
        )


class TestComponent:
    RULES = RuleSet.of([
        *rule(PortRange.udp(50000, 60000), Service.ICE_UDP, "0.0.0.0/0"),
        *rule(PortRange.tcp(7880), Service.API, "10.0.0.0/24", "10.0.1.0/24"),
    ])  # fmt: skip

    def test_registers_exactly_these_resources(self, engine):
        target = AzureTarget(resource_group_name="media", location="westeurope", tags={"team": "media"})
        made = engine.run(lambda: AzureFirewall("lk", self.RULES, target, ipv6=False))
        common = {"access": "Allow", "direction": "Inbound", "sourcePortRange": "*", "destinationAddressPrefix": "*"}
        assert {key: one.inputs for key, one in made.items()} == {
            (COMPONENT, "lk"): {},
            (GROUP, "lk-network-security-group"): {
                "location": "westeurope",
                "resourceGroupName": "media",
                "tags": {"team": "media"},
                "securityRules": [
                    {
                        **common,
                        "name": "icmp-ipv4",
                        "priority": 100,
                        "protocol": "Icmp",
                        "description": "ICMP: ping and path MTU discovery",
                        "sourceAddressPrefix": "0.0.0.0/0",
                        "destinationPortRange": "*",
                    },
                    {
                        **common,
                        "name": "ice-udp-ipv4",
                        "priority": 450,
                        "protocol": "Udp",
                        "description": "ICE/UDP: a.key",
                        "sourceAddressPrefix": "0.0.0.0/0",
                        "destinationPortRange": "50000-60000",
                    },
                    {
                        **common,
                        "name": "api-tcp-ipv4",
                        "priority": 1400,
                        "protocol": "Tcp",
                        "description": "API: a.key",
                        "sourceAddressPrefixes": ["10.0.0.0/24", "10.0.1.0/24"],
                        "destinationPortRange": "7880",
                    },
                    {
                        **common,
                        "access": "Deny",
                        "name": "deny-all",
                        "priority": 4096,
                        "protocol": "*",
                        "description": "Everything else, since Azure's defaults would admit the whole virtual network",
                        "sourceAddressPrefix": "*",
                        "destinationPortRange": "*",
                    },
                ],
            },
        }
        assert made[GROUP, "lk-network-security-group"].parent == (COMPONENT, "lk")
        assert engine.outputs[COMPONENT, "lk"] == {"network_security_group_id": "lk-network-security-group-id"}

    def test_a_preview_knows_every_rule_though_no_name(self, preview_engine):
        made = preview_engine.run(lambda: AzureFirewall("lk", self.RULES, AzureTarget(resource_group_name=unknown())))
        inputs = made[GROUP, "lk-network-security-group"].inputs
        assert (inputs["resourceGroupName"], len(inputs["securityRules"])) == (UNKNOWN, 4)
        assert preview_engine.outputs[COMPONENT, "lk"] == {"network_security_group_id": UNKNOWN}

    def test_two_in_one_program_with_odd_names_do_not_collide(self, engine):
        def program():
            for name in ("Lk_Fw.é", "Lk_Fw.è"):
                AzureFirewall(name, self.RULES, TARGET)

        made = engine.run(program)  # which asserts that no two share type and name
        groups = [name for token, name in made if token == GROUP]
        assert len(groups) == 2
        assert [name for name in groups if not re.fullmatch(r"[A-Za-z0-9][\w.-]*", name, re.ASCII)] == []

    def test_the_group_takes_the_components_provider(self, engine):
        def program():
            import pulumi_azure_native

            there = pulumi_azure_native.Provider("there", subscription_id="0")
            AzureFirewall("lk", self.RULES, TARGET, opts=pulumi.ResourceOptions(provider=there))

        made = engine.run(program)
        assert made[GROUP, "lk-network-security-group"].request.provider.split("::")[-2] == "there"

    def test_a_problem_is_reported_before_anything_is_registered(self, engine):
        def program():
            with pytest.raises(InvalidArguments, match="1 problem for azure, nothing was created"):
                AzureFirewall("lk", self.RULES, AzureTarget())

        assert engine.run(program) == {}
