"""Rules in an existing group of Azure: what they admit, that no update stops at one of them, and the component.

Not proved here: that Azure takes them beside those of others.
"""

from __future__ import annotations

import json
from pathlib import Path

import pulumi
import pytest
from hypothesis import given
from msgspec.structs import replace

from livekit_firewall import LiveKitFirewall, read_deployment
from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.model.addresses import Cidr, Peer
from livekit_firewall.model.errors import ConfigurationError, RenderError
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.azure import render as azure
from livekit_firewall.platforms.azure.component import AzureFirewall
from livekit_firewall.platforms.azure.record import AZURE
from livekit_firewall.platforms.azure.target import AzureTarget
from livekit_firewall.platforms.running import InvalidArguments, NoSuchOutput
from livekit_firewall.preflight import check
from livekit_firewall.reports.compare.adoption import adopt
from livekit_firewall.reports.review import review_texts

from .. import audiences
from ..engine_mocks import UNKNOWN, unknown
from ..readers.azure import admits_native
from ..reports.review.programs import Thing, preview
from ..strategies import few_examples, judged, rule_sets

GROUP = "/subscriptions/s-1/resourceGroups/network/providers/Microsoft.Network/networkSecurityGroups/shared"
TARGET = AzureTarget(network_security_group_id=GROUP)
NAMING = replace(audiences.AZURE, resource_group_name=None, network_security_group_id=GROUP)
NAMES = [*audiences.AZURE.names, *audiences.BLOCKS]
RULE = "azure-native:network:SecurityRule"


def extra(*ports_and_sources: tuple[int, str]) -> RuleSet:
    """Ports of one service, each with its source."""
    return RuleSet.of(
        Rule(PortRange.tcp(port), Peer.of(Cidr.parse(source)), Service.EXTRA, (Reason("extra_rules", "a reason"),))
        for port, source in ports_and_sources
    )


def priorities(rules: RuleSet, target: AzureTarget = TARGET) -> dict[str, int]:
    return {one.name: one.priority for one in azure.render(rules, target, name="lk").security_rules}


class TestMeaning:
    @few_examples
    @given(judged(NAMES))
    def test_a_group_that_holds_nothing_else_admits_exactly_what_the_rule_set_admits(self, case):
        rules, packet = case
        assert admits_native(azure.render(rules, NAMING), packet) is rules.admits(packet)

    @few_examples
    @given(rule_sets(NAMES), rule_sets(NAMES))
    def test_a_name_has_one_priority_whatever_else_there_is(self, before, after):
        """So that no update asks for a priority, or a name, that another rule is still to give up."""
        names: dict[int, str] = {}
        for rules in (before, after):
            for name, priority in priorities(rules, NAMING).items():
                assert names.setdefault(priority, name) == name
        assert len(set(names.values())) == len(names)

    def test_what_comes_and_goes_leaves_the_others(self):
        two = priorities(extra((9100, "192.0.2.0/24"), (9200, "198.51.100.0/24")))
        three = priorities(extra((9000, "203.0.113.0/24"), (9100, "192.0.2.0/24"), (9200, "198.51.100.0/24")))
        assert two.items() <= three.items()
        (more,) = three.keys() - two.keys()
        assert more.startswith("lk-extra-tcp-26")

    def test_ports_that_want_one_place_get_two(self):
        found = priorities(extra((9000, "192.0.2.0/24"), (9024, "198.51.100.0/24")))
        assert {"lk-extra-tcp-2601", "lk-extra-tcp-2602"} <= set(found)

    def test_the_first_priority_moves_all_but_the_last_deny(self):
        rules = extra((9000, "192.0.2.0/24"))
        assert priorities(rules) == {"lk-icmp-ipv4-100": 100, "lk-extra-tcp-2600": 2600, "lk-deny-all-4096": 4096}
        moved = replace(TARGET, first_priority=1007, deny_all=False)
        assert priorities(rules, moved) == {"lk-icmp-ipv4-1007": 1007, "lk-extra-tcp-3507": 3507}

    def test_the_exposure_says_what_others_do(self):
        _, egress, others, last = azure.baseline(TARGET)
        assert egress.what.startswith("Egress: what the rules of the existing group say")
        assert others.what.startswith("Other rules of the existing group, for every machine that has it: ")
        assert last.what.startswith("A last deny at 4096, which also shuts what Azure lets in from the virtual network")
        *_, last = azure.baseline(replace(TARGET, deny_all=False))
        assert last.what.startswith("Everything from the virtual network that no rule denies")
        assert len(azure.baseline(AzureTarget(resource_group_name="media"))) == 2


class TestProblems:
    @pytest.mark.parametrize(
        ("target", "message"),
        [
            (
                {"network_security_group_id": "shared"},
                "azure.network_security_group_id: the id of a network security group",
            ),
            ({"network_security_group_id": GROUP, "location": "x"}, "azure.location: left out together with azure.net"),
            ({"network_security_group_id": GROUP, "tags": {"a": "b"}}, "azure.tags: left out together with azure.netw"),
            ({"network_security_group_id": GROUP, "resource_group_name": "g"}, "azure.resource_group_name: left out"),
            ({"resource_group_name": "g", "deny_all": False}, "azure.deny_all: true, or left out, for a new network"),
            ({"resource_group_name": "g", "first_priority": 200}, "azure.first_priority: given only together with azu"),
            ({"resource_group_name": "g", "existing_rules": 2}, "azure.existing_rules: given only together with azure"),
            (
                {"network_security_group_id": GROUP, "first_priority": 99},
                "azure.first_priority: must be a priority fro",
            ),
            ({"network_security_group_id": GROUP, "first_priority": 3999}, "azure.first_priority: at most "),
            (
                {"network_security_group_id": GROUP, "existing_rules": 999},
                "azure: at most 1000 rules in one network se",
            ),
            (
                {},
                "azure.resource_group_name: the name of the resource group that the network security group is created",
            ),
        ],
    )
    def test_are_told(self, target, message):
        with pytest.raises((ConfigurationError, RenderError)) as caught:
            check("lk", {"azure": target})
        assert f"- {message}" in str(caught.value)


class TestComponent:
    RULES = extra((9000, "192.0.2.0/24"))

    def test_registers_one_rule_after_the_other_and_the_last_deny_at_the_end(self, engine):
        made = engine.run(lambda: AzureFirewall("lk", self.RULES, TARGET))
        rules = {name: one for (token, name), one in made.items() if token == RULE}
        assert set(rules) == {"lk-icmp-ipv4-100", "lk-extra-tcp-2600", "lk-deny-all-4096"}
        assert rules["lk-extra-tcp-2600"].inputs == {
            "resourceGroupName": "network",
            "networkSecurityGroupName": "shared",
            "securityRuleName": "lk-extra-tcp-2600",
            "access": "Allow",
            "direction": "Inbound",
            "priority": 2600,
            "protocol": "Tcp",
            "description": rules["lk-extra-tcp-2600"].inputs["description"],
            "sourceAddressPrefix": "192.0.2.0/24",
            "sourcePortRange": "*",
            "destinationAddressPrefix": "*",
            "destinationPortRange": "9000",
        }
        assert len(made) == 4
        second, last = (rules[name].request for name in ("lk-extra-tcp-2600", "lk-deny-all-4096"))
        assert [one.rpartition("::")[2] for one in second.dependencies] == ["lk-icmp-ipv4-100"]
        assert {one.rpartition("::")[2] for one in last.dependencies} == set(rules) - {"lk-deny-all-4096"}
        assert engine.outputs["livekit:index:AzureFirewall", "lk"] == {"network_security_group_id": GROUP}

    def test_a_group_that_is_not_known_yet(self, preview_engine):
        made = preview_engine.run(
            lambda: AzureFirewall("lk", self.RULES, AzureTarget(network_security_group_id=unknown()))
        )
        inputs = [one.inputs for (token, _), one in made.items() if token == RULE]
        assert {(one["resourceGroupName"], one["networkSecurityGroupName"]) for one in inputs} == {(UNKNOWN, UNKNOWN)}
        assert {one["priority"] for one in inputs} == {100, 2600, 4096}

    def test_an_output_that_is_no_group_stops(self, engine):
        with pytest.raises(InvalidArguments, match="the id of a network security group"):
            engine.run(
                lambda: AzureFirewall(
                    "lk", self.RULES, AzureTarget(network_security_group_id=pulumi.Output.from_input("sg-1"))
                )
            )
        assert not [one for one in engine.requests if one.type == RULE]

    def test_handles(self, engine):
        def program() -> None:
            there = LiveKitFirewall("lk", azure={"network_security_group_id": GROUP}).azure
            assert there.rules["ice-udp-450"].pulumi_resource_name == "lk-azure-ice-udp-450"
            with pytest.raises(NoSuchOutput, match=r"^network_security_group: azure\.network_security_group_id names"):
                there.network_security_group  # noqa: B018
            new = LiveKitFirewall("lk2", azure={"resource_group_name": "g"}).azure
            with pytest.raises(NoSuchOutput, match=r"^rules: they are inside the group"):
                new.rules  # noqa: B018

        engine.run(program)

    def test_two_in_one_group_need_priorities_of_their_own(self, engine):
        def program() -> None:
            AzureFirewall("lk", self.RULES, TARGET)
            with pytest.raises(InvalidArguments) as caught:
                AzureFirewall("lk2", self.RULES, replace(TARGET, network_security_group_id=GROUP.upper()))
            assert (
                "azure.first_priority: another one, since 'lk' has priorities in the group that 'lk2' would have: "
                in (str(caught.value))
            )
            AzureFirewall("lk3", self.RULES, replace(TARGET, first_priority=107, deny_all=False))

        assert len([one for one in engine.run(program) if one[0] == RULE]) == 5

    def test_two_in_one_group_that_is_an_output_are_told_once_it_is_known(self, engine):
        """At a preview of a group that exists, and never by a rule that Azure gets."""

        def program() -> None:
            AzureFirewall("lk", self.RULES, TARGET)
            given = pulumi.Output.from_input(GROUP.upper())
            AzureFirewall("lk2", self.RULES, replace(TARGET, network_security_group_id=given))

        with pytest.raises(
            Exception,
            match=r"azure\.first_priority: another one, since 'lk' has priorities in the group that 'lk2' would",
        ):
            engine.run(program)

    def test_two_that_are_given_the_same_output_are_told_at_once(self, engine):
        def program() -> None:
            same = replace(TARGET, network_security_group_id=pulumi.Output.from_input(GROUP))
            AzureFirewall("lk", self.RULES, same)
            with pytest.raises(InvalidArguments, match="another one, since 'lk' has priorities in the group"):
                AzureFirewall("lk2", self.RULES, same)

        assert len([one for one in engine.run(program) if one[0] == RULE]) == 3


class TestReview:
    @staticmethod
    def things(rules: RuleSet, target: AzureTarget = TARGET) -> list[Thing]:
        """What a preview shows of them."""
        place = {"resourceGroupName": "network", "networkSecurityGroupName": "shared"}
        native = azure.render(rules, target, name="lk")
        return [Thing(RULE, one.name, {**one.inputs, **place}) for one in native.resources()]

    @pytest.mark.parametrize(
        ("before", "after", "verdict", "ids"),
        [
            ([], [(9000, "192.0.2.0/24")], "wider", set()),
            ([(9000, "192.0.2.0/24")], [(9000, "192.0.2.0/25")], "narrower", set()),
            ([(9000, "192.0.2.0/24")], [(9000, "192.0.2.0/24"), (9100, "198.51.100.0/24")], "wider", set()),
            ([(9000, "192.0.2.0/24")], [(22, "0.0.0.0/0")], "moved", {"ssh-public"}),
        ],
    )
    def test_rules_are_read_as_those_of_a_group_that_the_program_does_not_have(self, before, after, verdict, ids):
        sides = [self.things(extra(*some)) if some else [] for some in (before, after)]
        found = review_texts([("p.json", preview(*sides))])
        assert found.verdict == verdict
        assert {risk.id for risk in found.risks} == ids

    def test_the_last_deny_that_goes_opens_to_the_virtual_network(self):
        rules = extra((9000, "192.0.2.0/24"))
        sides = self.things(rules), self.things(rules, replace(TARGET, deny_all=False))
        found = review_texts([("p.json", preview(*sides))])
        assert found.verdict == "wider"
        assert "VirtualNetwork" in json.dumps(found.as_json())


class TestImport:
    def test_finds_the_rules_of_the_program_by_their_names(self):
        """In what `az network nsg show` prints; those of others are left."""
        arguments = {"livekit": False, "sip": {}, "azure": {"network_security_group_id": GROUP}}
        deployment = read_deployment(arguments, Path())
        target = deployment.targets["azure"]
        native = azure.render(deployment.rules, target, name="lk-azure")
        listed = [
            {
                "name": name,
                "id": f"{GROUP}/securityRules/{name}",
                "priority": priority,
                "access": "Allow",
                "direction": "Inbound",
                "protocol": "*",
                "sourceAddressPrefix": "*",
                "sourcePortRange": "*",
                "destinationAddressPrefix": "*",
                "destinationPortRange": "22",
            }
            for name, priority in [*((one.name, one.priority) for one in native.security_rules[1:]), ("theirs", 3000)]
        ]
        value = json.loads(json.dumps({"id": GROUP, "name": "shared", "securityRules": listed}))
        found = adopt(deployment, AZURE, AZURE.from_cli().read(value, Selection()), "lk")
        assert [(one.name, entry.id) for one, entry in found.found] == [
            (one.name, f"{GROUP}/securityRules/{one.name}") for one in native.security_rules[1:]
        ]
        assert [one.name for one in found.lacking] == [native.security_rules[0].name]
        assert [one.removal for one in found.left] == [f"az network nsg rule delete --ids {GROUP}/securityRules/theirs"]
