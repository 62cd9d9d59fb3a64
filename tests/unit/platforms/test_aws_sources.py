"""Security groups and prefix lists of AWS as sources of each audience, and blocks that are not known yet."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pulumi
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace as with_fields

from livekit_firewall.cli.compare import _selection
from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.effective.resource_names import ResourceNames
from livekit_firewall.effective.resources import Resource
from livekit_firewall.model.addresses import Cidr, Direction, Identity, NamedBlock, Peer
from livekit_firewall.model.errors import ConfigurationError, RenderError
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.aws.component import AwsFirewall
from livekit_firewall.platforms.aws.record import AWS
from livekit_firewall.platforms.aws.render import render
from livekit_firewall.platforms.aws.target import AwsTarget
from livekit_firewall.platforms.platform import Options
from livekit_firewall.platforms.running import InvalidArguments
from livekit_firewall.reports.compare.differences import compare, required_access
from livekit_firewall.reports.explain.explain import explain, question
from livekit_firewall.reports.exposure.expose import expose
from tests.unit import orders

from .. import exports
from ..engine_mocks import unknown
from ..readers.aws import admits_native
from ..strategies import NAMED, few_examples, packets, rule_sets

INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
OPTIONS = {INGRESS: (("description",), ("referencedSecurityGroupId", "prefixListId", "cidrIpv4", "cidrIpv6"))}
VPC = {"vpc_id": "vpc-0"}


def deployed(aws: dict[str, Any], **more: Any) -> Deployment:
    return read_deployment({"https": True, **more, "aws": {**VPC, **aws}}, Path())


def rendered(aws: dict[str, Any], **more: Any) -> Any:
    deployment = deployed(aws, **more)
    target = deployment.targets["aws"]
    return AWS.render(deployment.rules_for(target), target, Options())


def sources(aws: dict[str, Any], **more: Any) -> dict[str, str]:
    """Rules whose source is a group or a list, by key."""
    found = {rule.key: rule.referenced_security_group_id or rule.prefix_list_id for rule in rendered(aws, **more).rules}
    return {key: one for key, one in found.items() if one}


def problems(aws: dict[str, Any], **more: Any) -> list[str]:
    with pytest.raises((ConfigurationError, RenderError)) as caught:
        rendered(aws, **more)
    return [str(one) for one in caught.value.problems]


def pl(number: int, most: int = 5) -> dict[str, Any]:
    return {"id": f"pl-{number:08x}", "max_entries": most}


class TestKeys:
    def test_hold_the_audience_and_the_name_and_lists_are_no_groups(self):
        groups = {"operators": {"bastion": "sg-0a", "pl-x": "sg-0b"}, "load_balancer": {"alb": "sg-0c"}}
        assert sources({"security_groups": groups, "prefix_lists": {"operators": {"x": pl(1), "bastion": pl(2)}}}) == {
            "tcp-22-operators-bastion": "sg-0a",
            "tcp-22-operators-pl-x": "sg-0b",
            "tcp-22-pl-operators-bastion": "pl-00000002",
            "tcp-22-pl-operators-x": "pl-00000001",
            "tcp-7880-load-balancer-alb": "sg-0c",
        }

    def test_of_every_audience(self):
        named = {"security_groups": {"clients": {"a": "sg-0a"}, "trunks": {"b": "sg-0b"}, "cluster": {"c": "sg-0c"}}}
        found = sources(named, sip={}, cluster={"services": ["redis"]})
        assert sorted(found) == [
            "tcp-443-clients-a", "tcp-5060-trunks-b", "tcp-6379-cluster-c", "tcp-7880-cluster-c", "tcp-7881-clients-a",
            "tcp-80-clients-a", "udp-10000-20000-trunks-b", "udp-50000-60000-clients-a", "udp-5060-trunks-b",
        ]  # fmt: skip

    def test_a_name_that_is_new_for_the_load_balancers_groups_changes_no_rule(self):
        old = rendered({"load_balancer_security_group_ids": {"alb": "sg-0a", "nlb": "sg-0b"}})
        new = rendered({"security_groups": {"load_balancer": {"nlb": "sg-0b", "alb": "sg-0a"}}})
        assert new.rules == old.rules

    def test_clients_with_a_group_are_those_alone(self):
        found = rendered({"security_groups": {"clients": {"lan": "sg-0a"}}}).rules
        assert [rule.key for rule in found if rule.ip_protocol == "udp"] == ["udp-50000-60000-clients-lan"]


class TestProblems:
    @pytest.mark.parametrize(("aws", "expected"), [
        ({"security_groups": {"operator": {"a": "sg-0"}}},
         "aws.security_groups.operator: unknown key; did you mean operators?"),
        ({"security_groups": {"operators": ["sg-0"]}},
         "aws.security_groups.operators: must be a mapping from names of your own to ids"),
        ({"security_groups": {"operators": {"a": "10.0.0.0/24"}}},
         "aws.security_groups.operators.a: the id of a security group, such as sg-0123456789abcdef0 (got "),
        ({"prefix_lists": {"operators": {"a": {"id": "sg-0", "max_entries": 5}}}},
         "aws.prefix_lists.operators.a: the id of a prefix list, such as pl-0123456789abcdef0 (got "),
        ({"prefix_lists": {"operators": {"a": {"id": "pl-0"}}}},
         "aws.prefix_lists.operators.a.max_entries: is required: the most entries that it may have, as they count"),
        ({"prefix_lists": {"operators": {"a": {"max_entries": 5}}}},
         "aws.prefix_lists.operators.a.id: the id of a prefix list"),
        ({"prefix_lists": {"operators": {"a": {"id": "pl-0", "max_entries": 5, "max": 1}}}},
         "aws.prefix_lists.operators.a.max: unknown key"),
        ({"prefix_lists": {"operators": {"a b": {"id": "pl-0", "max_entries": 5}}}},
         "aws.prefix_lists.operators."),
        ({"prefix_lists": {"operators": {"a": "pl-0"}}},
         "aws.prefix_lists.operators.a: must be a mapping"),
        ({"load_balancer_security_group_ids": {"a": "sg-0"}, "security_groups": {"load_balancer": {"a": "sg-1"}}},
         "aws.security_groups.load_balancer.a: another name than in aws.load_balancer_security_group_ids"),
        ({"load_balancer_security_group_ids": {"a": "sg-0"}, "security_groups": {"load_balancer": {"b": "sg-0"}}},
         "aws.load_balancer_security_group_ids: one name for each security group (got 'sg-0' as a, b)"),
        ({"prefix_lists": {"operators": {"a": pl(1), "b": pl(1)}}},
         "aws.prefix_lists.operators: one name for each prefix list (got 'pl-00000001' as a, b)"),
        ({"security_groups": {"load_balancer": {"a": "sg-0"}, "cluster": {"b": "sg-0"}}},
         "aws.security_groups.load_balancer.a: another one than aws.security_groups.cluster.b: both may"),
    ])  # fmt: skip
    def test_are_told_with_their_place(self, aws, expected):
        (problem,) = problems(aws)
        assert problem[: len(expected)] == expected

    def test_the_same_output_for_two_audiences_on_a_port(self):
        class Output:
            def apply(self): ...

        one = Output()
        (problem,) = problems({"security_groups": {"load_balancer": {"a": one}, "cluster": {"b": one}}})
        assert problem.startswith("aws.security_groups.load_balancer.a: another one than aws.security_groups.cluster.b")

    def test_an_audience_that_a_rule_set_names_and_the_target_does_not(self):
        rules = RuleSet.of([Rule(PortRange.tcp(22), Peer.of(Identity.OPERATORS), Service.SSH)])
        with pytest.raises(RenderError, match=r"aws\.security_groups: must name the operators, who may reach SSH"):
            render(rules, AwsTarget(vpc_id="vpc-0"))


class TestQuota:
    def test_counts_the_most_entries_of_a_list_in_both_families(self):
        told = problems({"prefix_lists": {"trunks": {"carrier": pl(1, 25)}}}, sip={})
        assert [one[:75] for one in told] == [
            "aws: at most 60 IPv4 ingress rules in one security group (got 81); set aws.",
            "aws: at most 60 IPv6 ingress rules in one security group (got 81); set aws.",
        ]
        assert "SIP takes 50" in told[0]

    def test_lists_are_spread_over_groups(self):
        found = rendered({"prefix_lists": {"trunks": {"carrier": pl(1, 25)}}, "groups": 3}, sip={}).rules
        assert {rule.group for rule in found if rule.prefix_list_id} == {2, 3}

    def test_counts_a_block_that_is_not_known_in_both_families_and_keeps_it_in_the_first_group(self):
        rules = RuleSet.of(
            Rule(PortRange.tcp(number), Peer.of(NamedBlock("a")), Service.EXTRA) for number in range(1000, 1160, 2)
        )
        with pytest.raises(RenderError) as caught:
            render(rules, AwsTarget(vpc_id="vpc-0"))
        assert len(caught.value.problems) == 2
        assert "aws.groups" not in str(caught.value)
        assert {rule.group for rule in render(rules, AwsTarget(vpc_id="vpc-0", groups=3, rules_quota=90)).rules} == {1}


class TestNotKnown:
    """What a prefix list holds is nowhere said to be closed, or not open."""

    def test_is_said_of_a_list_and_of_no_group(self):
        aws = {
            "security_groups": {"operators": {"bastion": "sg-0a"}},
            "prefix_lists": {"load_balancer": {"cdn": pl(1)}, "trunks": {"carrier": pl(2)}},
        }
        found = expose(deployed(aws, prometheus={"port": 6789})).as_json()
        public = {one["service"]: one["public"] for one in found["reachable"]}
        assert public["api"] is None
        notes = [note for note in found["notes"] if "prefix list" in note]
        where = "aws.prefix_lists.load_balancer.cdn"
        text = (
            f"Which addresses the prefix list pl-00000001 ({where}) holds is not known here: whoever keeps it decides."
        )
        assert notes == [text]

    def test_shows_in_a_rendering(self):
        rules = RuleSet.of([Rule(PortRange.tcp(7880), Peer.of(NamedBlock("nlb-a")), Service.API)])
        native = render(rules, AwsTarget(vpc_id="vpc-0"))
        (shown,) = [one for one in native.as_json()["rules"] if one.get("from_port") == 7880]
        assert shown == {
            "key": "tcp-7880-cidrs.nlb-a", "direction": "ingress", "ip_protocol": "tcp", "from_port": 7880,
            "to_port": 7880, "description": "API", "cidr": "[unknown]",
        }  # fmt: skip
        (snapshot,) = AWS.from_pulumi().snapshots(resources := tuple(native.resources()), ResourceNames((), resources))
        inbound = snapshot.effective[Direction.INGRESS]
        assert json.dumps(native.as_json())
        assert inbound.admitted.within([PortRange.tcp(7880)]) == type(inbound.admitted)()
        assert any(region.within([PortRange.tcp(7880)]) for region in inbound.named.values())


VALUES = {
    NAMED[0]: st.sampled_from(["192.0.2.0/24", "10.0.0.0/25", "10.0.0.0/7"]),
    NAMED[1]: st.sampled_from(["2001:db8:ffff::/48", "2000::/3", "192.0.2.128/25"]),
}
"""None of them a block of the strategies', which a group refuses twice."""


@few_examples
@given(rule_sets(identities=NAMED), st.fixed_dictionaries(VALUES), st.data())
def test_rules_of_names_are_those_of_their_blocks_once_these_are_known(rules, values, data):
    values = {one: Cidr.parse(text) for one, text in values.items()}
    target = AwsTarget(vpc_id="vpc-0", rules_quota=200)
    plain = RuleSet.of(
        with_fields(rule, peer=Peer.of(values[rule.peer.named])) if rule.peer.named else rule for rule in rules
    )
    packet = data.draw(packets(plain))
    native = render(rules, target)
    known = [
        replace(one, block=None, **{f"cidr_{(block := values[one.block]).family}": str(block)}) if one.block else one
        for one in native.rules
    ]
    assert admits_native(replace(native, rules=tuple(known)), packet, 200) is plain.admits(packet)


@few_examples
@given(rule_sets(identities=NAMED))
def test_every_rule_on_a_port_of_a_named_block_waits_for_it(rules):
    for one in render(rules, AwsTarget(vpc_id="vpc-0")).rules:
        here = {
            rule.peer.named.name
            for rule in rules
            if rule.peer.named
            and one.ip_protocol == rule.ports.protocol
            and one.from_port <= rule.ports.last
            and rule.ports.first <= one.to_port
        }
        assert {block.name for block in (*one.waits, *([one.block] if one.block else []))} == here


@few_examples
@given(rule_sets(identities=NAMED), rule_sets(identities=NAMED), st.data())
def test_any_edit_with_other_values_closes_and_opens_nothing_on_the_way(kept, other, data):
    """In the worst lawful order: what both sides admit stays open, what neither admits stays shut."""
    sides = []
    for some in (
        kept,
        RuleSet.of([*data.draw(st.lists(st.sampled_from(kept.rules)) if kept.rules else st.just([])), *other]),
    ):
        values = data.draw(st.fixed_dictionaries(VALUES))
        made = render(some, AwsTarget(vpc_id="vpc-0", rules_quota=200)).resources()
        sides.append([_with_value(one, {block.name: text for block, text in values.items()}) for one in made])
    found = orders.judge("aws", orders.operations("aws", *sides, OPTIONS))
    assert not any(found)


def _with_value(one: Resource, values: dict[str, str]) -> Resource:
    name = one.name.partition("cidrs.")[2]
    if name not in values:
        return one
    known = {key: value for key, value in one.inputs.items() if key not in ("cidrIpv4", "cidrIpv6")}
    text = values[name]
    return with_fields(one, inputs={**known, "cidrIpv6" if ":" in text else "cidrIpv4": text})


class TestComponent:
    def test_another_group_or_list_of_a_name_makes_the_rule_anew(self, preview_engine):
        rules = RuleSet.of([Rule(PortRange.tcp(22), Peer.of(Identity.OPERATORS), Service.SSH)])

        def program():
            aws = {
                **VPC,
                "security_groups": {"operators": {"bastion": unknown()}},
                "prefix_lists": {"operators": {"office": {"id": unknown(), "max_entries": 5}}},
            }
            AwsFirewall("lk", rules, read_deployment({"aws": aws}, Path()).targets["aws"])

        made = preview_engine.run(program)
        on = {name: list(one.request.replaceOnChanges) for (kind, name), one in made.items() if kind == INGRESS}
        assert on["lk-tcp-22-operators-bastion"] == ["referencedSecurityGroupId"]
        assert on["lk-tcp-22-pl-operators-office"] == ["prefixListId"]


@pytest.mark.parametrize(("old", "new"), [
    ({"cidrIpv4": "10.0.1.0/24"}, {"cidrIpv4": "10.0.2.0/24"}),
    ({"cidrIpv4": "10.0.1.0/24"}, {"cidrIpv6": "2001:db8::/48"}),
    ({"prefixListId": "pl-1"}, {"prefixListId": "pl-2"}),
    ({"referencedSecurityGroupId": "sg-1"}, {"referencedSecurityGroupId": "sg-2"}),
])  # fmt: skip
def test_another_value_closes_nothing_and_modifies_nothing_in_any_order(old, new):
    rules = RuleSet.of([Rule(PortRange.tcp(7880), Peer.of(NamedBlock("a")), Service.API)])
    native = render(rules, AwsTarget(vpc_id="vpc-0"))
    sides = [
        [
            with_fields(one, inputs={key: value for key, value in one.inputs.items() if value != "[unknown]"} | end)
            if one.name == "tcp-7880-cidrs.a"
            else one
            for one in native.resources()
        ]
        for end in (old, new)
    ]
    steps = [one for one in orders.operations("aws", *sides, OPTIONS) if one.writes or not one.after]
    assert [one.replaces for one in steps] == [True]
    assert not any(orders.judge("aws", steps))


class TestInReports:
    AWS: ClassVar = {
        "security_group_id": exports.GROUP,
        "egress": True,
        "security_groups": {"operators": {"bastion": "sg-0000000000000000a"}},
        "prefix_lists": {"operators": {"office": pl(1)}, "clients": {"lan": pl(2)}},
    }

    def deployment(self) -> Deployment:
        return read_deployment({"prometheus": {"port": 6789}, "aws": self.AWS}, Path())

    def native(self) -> Any:
        deployment = self.deployment()
        return AWS.render(deployment.rules, deployment.targets["aws"], Options())

    def test_the_firewall_compares_clean_and_one_with_a_list_of_others_does_not(self):
        deployment, listing = self.deployment(), exports.aws_rules(self.native())
        asked = _selection(deployment, (), (), no_target_tag=False)
        found = AWS.from_cli().read(listing, asked)
        assert compare(required_access(deployment, "aws", found), found).is_same
        (office,) = [one for one in listing["SecurityGroupRules"] if one.get("PrefixListId") == "pl-00000001"][:1]
        office["PrefixListId"] = "pl-0000000f"
        found = AWS.from_cli().read(listing, asked)
        told = compare(required_access(deployment, "aws", found), found)
        assert not told.is_same
        assert "pl-0000000f" in told.text()

    def test_the_selection_of_another_target_is_kept_beside_it(self):
        gcp = {"network": "media", "target_tags": ["livekit"]}
        both = {
            "aws": {**VPC, "prefix_lists": {"clients": {"a": pl(1)}}},
            "gcp": gcp,
            "clients": {"cidrs": ["10.0.0.0/8"]},
        }
        asked = _selection(read_deployment(both, Path()), (), (), no_target_tag=False)
        assert (asked.network, asked.target_tags, asked.lists) == ("media", ("livekit",), ("pl-00000001",))

    def test_each_rule_is_found_in_a_listing_to_be_adopted(self):
        native = self.native()
        rules = {one.content for one in AWS.listed(exports.aws_rules(native)) if one.content}
        wanted = AWS.expected(native, "lk-aws", self.deployment().targets["aws"])
        assert {one.content for one in wanted} == rules
        assert {one.content[-1] for one in wanted} >= {"sg-0000000000000000a", "pl-00000001", "pl-00000002"}

    def test_explain_finds_the_rule_of_each_source(self):
        explained = explain(self.deployment(), question("operators", "tcp/22"))
        assert explained.verdict == "allowed"
        assert explained.platforms["aws"] == ("tcp-22-operators-bastion", "tcp-22-pl-operators-office")

    def test_a_second_component_with_the_same_list_in_the_group_is_told(self, engine):
        rules = RuleSet.of([Rule(PortRange.tcp(22), Peer.of(Identity.OPERATORS), Service.SSH)])
        target = with_fields(self.deployment().targets["aws"], egress=None, baseline=False)

        def program():
            AwsFirewall("one", rules, target)
            with pytest.raises(InvalidArguments, match="tcp-22-operators-bastion and tcp-22-pl-operators-office"):
                AwsFirewall("two", rules, target)

        engine.run(program)


@pytest.mark.parametrize(
    ("block", "says"),
    [
        ("10.0.0.1/24", "must be a block such as 203.0.113.0/24 (got an output with another value)"),
        ("2001:db8::/32", "must be an IPv4 block while ipv6 is false (got a block of IPv6)"),
    ],
)
def test_a_component_alone_says_what_is_wrong_with_a_block_without_showing_it(engine, block, says):
    def program():
        later = NamedBlock("nlb-a", pulumi.Output.secret(block))
        rules = RuleSet.of([Rule(PortRange.tcp(7880), Peer.of(later), Service.API)])
        AwsFirewall("lk", rules, AwsTarget(vpc_id="vpc-0"), ipv6=False)

    with pytest.raises(InvalidArguments) as caught:
        engine.run(program)
    assert [str(one) for one in caught.value.problems] == [f"cidrs.nlb-a: {says}"]


@pytest.mark.parametrize(("most", "counted"), [(25, 25), (None, 1), (0, 1), (10**9, 1), ("7", 7)])
def test_a_list_of_the_stack_counts_by_its_most_entries_in_what_reads_stacks(most, counted):
    urn = "urn:pulumi:dev::p::aws:ec2/managedPrefixList:ManagedPrefixList::office"
    office = Resource(urn, urn.split("::")[2], {"maxEntries": most}, id="pl-1")
    flow = {"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "securityGroupId": "sg-1"}
    rule = Resource(f"urn:pulumi:dev::p::{INGRESS}::ssh", INGRESS, {**flow, "prefixListId": "pl-1"}, id="sgr-1")
    resources = (office, rule)
    (snapshot,) = AWS.from_pulumi().snapshots(resources, ResourceNames(resources, resources))
    assert {size.what: size.count for size in snapshot.sizes} == {
        "ingress rules for IPv4": counted,
        "ingress rules for IPv6": counted,
    }
