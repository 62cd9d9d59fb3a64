"""Rules of AWS in several security groups, and what else makes them fit: which rule is where, what is proposed.

Not proved here: that a change of the number cuts nothing on the way (the engine tier's).
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.effective.resource_names import ResourceNames
from livekit_firewall.effective.resources import Resource
from livekit_firewall.firewall import LiveKitFirewall
from livekit_firewall.model.addresses import Cidr, Direction, Family, Identity, Peer
from livekit_firewall.model.errors import RenderError
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.aws.component import AwsFirewall
from livekit_firewall.platforms.aws.record import AWS
from livekit_firewall.platforms.aws.render import render
from livekit_firewall.platforms.aws.spread import group_of, stays
from livekit_firewall.platforms.aws.target import AwsTarget
from livekit_firewall.platforms.running import NoSuchOutput

from ..readers.aws import admits_native
from ..strategies import few_examples, judged, rule_sets
from .test_aws import ANYBODY, EVERY

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_aws.*")

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
COUNTS = st.integers(1, 8)


def target(groups=1, **more):
    return replace(EVERY, **{"groups": groups, "rules_quota": 60, **more})


def places(rules, groups):
    """The group of each rule, by its key without the group."""
    return {rule.key.removeprefix(f"group-{rule.group}-"): rule.group for rule in render(rules, target(groups)).rules}


def trunks(count, *services):
    """Each with a rule for every service, from a /32 of its own."""
    return RuleSet.of(
        Rule(ports, Peer.of(Cidr.parse(f"203.{number // 256}.{number % 256}.7/32")), service)
        for number in range(count)
        for ports, service in services
    )


SIP = (
    (PortRange.udp(5060), Service.SIP),
    (PortRange.tcp(5060), Service.SIP),
    (PortRange.udp(10000, 20000), Service.SIP_RTP),
)
TLS = (PortRange.tcp(5061), Service.SIP_TLS)
MEDIA = [
    Rule(PortRange.udp(50000, 60000), Peer.any_ipv4(), Service.ICE_UDP),
    Rule(PortRange.udp(50000, 60000), Peer.any_ipv6(), Service.ICE_UDP),
]


def problems_of(rules, aws):
    with pytest.raises(RenderError) as caught:
        render(rules, aws)
    return [str(problem) for problem in caught.value.problems]


class TestWhichGroup:
    @few_examples
    @given(judged(identities=ANYBODY), COUNTS)
    def test_all_groups_together_admit_exactly_what_the_rule_set_admits(self, case, groups):
        rules, packet = case
        assert admits_native(render(rules, target(groups)), packet) is rules.admits(packet)

    @few_examples
    @given(rule_sets(identities=ANYBODY), COUNTS)
    def test_another_group_makes_rules_move_into_it_and_no_other_way(self, rules, groups):
        before, after = places(rules, groups), places(rules, groups + 1)
        assert before.keys() == after.keys()
        moved = {key: after[key] for key in after if before[key] != after[key]}
        assert set(moved.values()) <= {groups + 1}

    @few_examples
    @given(rule_sets(identities=ANYBODY), rule_sets(identities=ANYBODY), COUNTS)
    def test_a_rule_that_comes_or_goes_moves_no_other(self, one, other, groups):
        first, second = places(one, groups), places(other, groups)
        both = first.keys() & second.keys()
        assert {key: first[key] for key in both} == {key: second[key] for key in both}

    @few_examples
    @given(rule_sets(identities=ANYBODY), COUNTS)
    def test_the_first_group_keeps_the_keys_that_its_rules_have_alone(self, rules, groups):
        alone = {rule.key: rule for rule in render(rules, target()).rules}
        first = [rule for rule in render(rules, target(groups)).rules if rule.group == 1]
        assert [alone[rule.key] for rule in first] == first

    @few_examples
    @given(rule_sets(identities=ANYBODY), COUNTS)
    def test_what_may_enable_flows_that_are_not_tracked_is_in_the_first_for_every_number(self, rules, groups):
        for rule in render(rules, target(groups)).rules:
            is_from_anywhere = rule.cidr_ipv4 == "0.0.0.0/0" or rule.cidr_ipv6 == "::/0"
            if is_from_anywhere or rule.referenced_security_group_id == "self" or rule.direction is Direction.EGRESS:
                assert rule.group == 1, rule

    def test_a_key_is_in_the_group_that_it_has_always_been_in(self):
        """Another hash would move every rule of every stack with several groups."""
        keys = (
            "udp-5060-198.51.100.0-24",
            "tcp-5060-198.51.100.0-24",
            "udp-10000-20000-198.51.100.0-24",
            "tcp-22-2001-db8---32",
        )
        assert [[group_of(key, groups) for groups in (1, 2, 3, 4, 16)] for key in keys] == [
            [1, 1, 1, 1, 13],
            [1, 2, 2, 2, 5],
            [1, 1, 1, 1, 15],
            [1, 1, 1, 1, 1],
        ]

    def test_a_rule_in_another_group_has_it_in_its_key_and_no_alias(self):
        found = {
            rule.key: (rule.group, rule.also) for rule in render(trunks(2, *SIP), target(2)).rules if rule.group > 1
        }
        assert found
        assert set(found.values()) == {(2, ())}
        assert {key.partition("-203.")[0] for key in found} <= {
            "group-2-udp-5060", "group-2-tcp-5060", "group-2-udp-10000-20000",
        }  # fmt: skip

    def test_a_third_of_the_rules_moves_when_two_groups_become_three(self):
        rules = trunks(200, *SIP)
        wide = {"rules_quota": 333}
        one, other = ({(rule.group, rule.key) for rule in render(rules, target(n, **wide)).rules} for n in (2, 3))
        assert 170 < len(other - one) < 230  # of 600


class TestRoom:
    def test_two_hundred_trunks_fit_in_four_groups_of_two_hundred(self):
        found = render(trunks(200, *SIP), target(4, rules_quota=200)).rules
        counts = Counter(rule.group for rule in found if rule.cidr_ipv6 is None and rule.direction is Direction.INGRESS)
        assert sum(counts.values()) == 600 + 2
        assert set(counts) == {1, 2, 3, 4}
        assert max(counts.values()) <= 200

    def test_one_trunk_that_changes_is_three_rules_that_come_and_three_that_go(self):
        wide = target(4, rules_quota=200)
        changed = RuleSet.of([
            *trunks(199, *SIP).ingress, *(Rule(ports, Peer.of(Cidr.parse("198.51.100.9/32")), by) for ports, by in SIP)
        ])  # fmt: skip
        old, new = (
            {(rule.group, rule.key) for rule in render(rules, wide).rules} for rules in (trunks(200, *SIP), changed)
        )
        assert (len(new - old), len(old - new)) == (3, 3)

    def test_a_group_that_is_full_is_named_with_the_smallest_number_that_fits(self):
        rules = trunks(40, *SIP)
        (told,) = problems_of(rules, target(2))
        assert told.startswith("aws: at most 60 IPv4 ingress rules in one security group (got ")
        assert (
            " in group 2 of 2); set aws.groups: 3, or set aws.rules_quota to what AWS has raised the quota to, " in told
        )
        render(rules, target(3))

    def test_more_groups_than_an_interface_has_by_default_are_proposed_with_the_other_quota(self):
        (told,) = problems_of(trunks(120, *SIP), target())
        assert "; set aws.groups: 7 (more than 5 on an interface is another quota that AWS raises), or set " in told

    def test_no_number_is_proposed_where_none_fits(self):
        (told,) = problems_of(trunks(400, *SIP), target())
        assert told == (
            "aws: at most 60 IPv4 ingress rules in one security group (got 1202); name fewer, larger blocks (SIP takes "
            "800, SIP RTP takes 400), or a load balancer by its security group"
        )

    def test_a_raised_quota_counts_and_so_does_a_lowered_one(self):
        render(trunks(60, *SIP), target(rules_quota=182))
        assert len(problems_of(trunks(60, *SIP), target(rules_quota=181))) == 1
        assert len(problems_of(RuleSet.of([]), target(rules_quota=1))) == 2

    def test_the_product_of_both_quotas_is_at_most_a_thousand(self):
        render(RuleSet.of([]), target(5, rules_quota=200))
        assert problems_of(RuleSet.of([]), target(6, rules_quota=200)) == [
            (
                "aws.groups: at most 1000 rules on a network interface: AWS multiplies the two quotas (got 6 groups of "
                "aws.rules_quota: 200, 1200); set at most 5 groups of 200 rules, or 6 groups of at most 166"
            )
        ]

    def test_an_existing_group_is_one(self):
        aws = AwsTarget(security_group_id="sg-0", groups=2)
        assert problems_of(RuleSet.of([]), aws) == [
            (
                "aws.groups: 1, or left out, for an existing security group (got 2, and aws.security_group_id); rules "
                "are spread over new groups only: give aws.vpc_id in place of aws.security_group_id, and have the "
                "nodes in the existing group as well"
            )
        ]

    @pytest.mark.parametrize(
        ("key", "value"), [("groups", 0), ("groups", 17), ("rules_quota", 0), ("rules_quota", 1001)]
    )
    def test_numbers_that_aws_never_has_are_refused(self, key, value, tmp_path):
        with pytest.raises(Exception, match=rf"aws\.{key}: must be a number of .* \(got {value}\)"):
            read_deployment({"aws": {"vpc_id": "v", key: value}}, tmp_path)


class TestMerges:
    @few_examples
    @given(judged(identities=ANYBODY), COUNTS)
    def test_merged_rules_admit_exactly_the_same(self, case, groups):
        rules, packet = case
        assert admits_native(render(rules, target(groups, merge_rules=True)), packet) is rules.admits(packet)

    @few_examples
    @given(rule_sets(families=[Family.IPV4]))
    def test_no_two_rules_of_a_source_touch_any_more(self, rules):
        found = [rule for rule in render(rules, target(merge_rules=True)).rules if rule.ip_protocol in ("tcp", "udp")]
        ends = sorted(
            (rule.ip_protocol, rule.cidr_ipv4, rule.from_port, rule.to_port) for rule in found if not stays(rule)
        )
        for (*source, _, last), (*following, first, _) in pairwise(ends):
            assert source != following or first > last + 1

    def test_ports_that_touch_become_one_rule_of_both_services(self):
        native = render(trunks(1, *SIP, TLS), target(merge_rules=True))
        found = {rule.key: rule.description for rule in native.rules if rule.ip_protocol == "tcp"}
        assert found == {"tcp-5060-5061-203.0.0.7-32": "SIP; SIP/TLS"}

    def test_rules_from_anywhere_stay_as_they_are(self):
        both = [
            Rule(PortRange.tcp(port), Peer.anywhere(), by)
            for port, by in ((5060, Service.SIP), (5061, Service.SIP_TLS))
        ]
        rules = RuleSet.of([*MEDIA, *both])
        assert render(rules, target(merge_rules=True)) == render(rules, target())

    def test_are_proposed_where_they_are_enough_and_never_made_in_silence(self):
        rules = trunks(16, *SIP, TLS)
        (told,) = problems_of(rules, target())
        assert told == (
            "aws: at most 60 IPv4 ingress rules in one security group (got 66); set aws.groups: 2, or set "
            "aws.merge_rules: true, which makes 54 rules of 70 and admits exactly the same (tcp/5060 and tcp/5061 "
            "become tcp/5060-5061, 16 times), or set aws.rules_quota to what AWS has raised the quota to, 66 or more, "
            "or name fewer, larger blocks (SIP takes 32, SIP/TLS takes 16, SIP RTP takes 16), or a load balancer by "
            "its security group"
        )
        assert len(render(rules, target(merge_rules=True)).rules) == 54

    def test_are_not_proposed_where_they_are_not_enough_or_made_already(self):
        for rules, aws in ((trunks(20, *SIP, TLS), target()), (trunks(20, *SIP, TLS), target(merge_rules=True))):
            assert "merge_rules" not in problems_of(rules, aws)[0]


class TestComponent:
    RULES = RuleSet.of([
        *trunks(2, *SIP).ingress, Rule(PortRange.tcp(6379), Peer.of(Identity.SAME_GROUP), Service.REDIS)
    ])  # fmt: skip

    def test_makes_the_first_group_as_it_is_alone_and_others_beside_it(self, engine):
        made = engine.run(lambda: AwsFirewall("lk", self.RULES, target(2, tags={"team": "media"})))
        groups = {name: one.inputs for (token, name), one in made.items() if token == GROUP}
        assert {name: inputs["tags"] for name, inputs in groups.items()} == {
            "lk-security-group": {"Name": "lk", "team": "media"},
            "lk-security-group-2": {"Name": "lk-2", "team": "media"},
        }
        rules = {name: one.inputs["securityGroupId"] for (token, name), one in made.items() if "Rule" in token}
        assert set(rules.values()) == {"lk-security-group-id", "lk-security-group-2-id"}
        assert {name for name, id_ in rules.items() if id_ == "lk-security-group-2-id"} == {
            name for name in rules if name.startswith("lk-group-2-")
        }
        assert made[INGRESS, "lk-tcp-6379-same-group"].inputs["referencedSecurityGroupId"] == "lk-security-group-id"
        assert engine.outputs["livekit:index:AwsFirewall", "lk"] == {
            "security_group_ids": ["lk-security-group-id", "lk-security-group-2-id"]
        }

    def test_whoever_uses_the_groups_waits_for_the_rules_of_all(self, engine):
        def program():
            import pulumi_aws

            firewall = AwsFirewall("lk", self.RULES, target(3))
            pulumi_aws.ec2.Instance("node", vpc_security_group_ids=firewall.security_group_ids)

        made = engine.run(program)
        (node,) = [one for (token, _), one in made.items() if token.endswith(":Instance")]
        awaited = {urn.rpartition("::")[2] for urn in node.request.propertyDependencies["vpcSecurityGroupIds"].urns}
        assert {name for token, name in made if "Rule" in token or token == GROUP} <= awaited
        assert node.inputs["vpcSecurityGroupIds"] == [
            "lk-security-group-id", "lk-security-group-2-id", "lk-security-group-3-id",
        ]  # fmt: skip

    def test_the_singular_is_an_error_that_names_the_list(self, engine):
        def program():
            firewall = LiveKitFirewall("lk", {"aws": {"vpc_id": "v", "groups": 2}})
            with pytest.raises(
                NoSuchOutput, match=r"several security groups, and a node needs all .* aws_security_group_ids"
            ):
                _ = firewall.aws_security_group_id
            with pytest.raises(AttributeError, match="LiveKitFirewall has no attribute aws_security_group"):
                _ = firewall.aws_security_group
            assert set(firewall.outputs()) == {"rules", "exposure", "exposure_json", "aws_security_group_ids"}

        engine.run(program)

    def test_one_group_has_both_outputs(self, engine):
        engine.run(lambda: LiveKitFirewall("lk", {"aws": {"vpc_id": "v"}}))
        outputs = engine.outputs["livekit:index:LiveKitFirewall", "lk"]
        assert [outputs["aws_security_group_id"]] == outputs["aws_security_group_ids"] == ["lk-aws-security-group-id"]


class TestOneFirewall:
    """The groups of a component are read as the one firewall that they are."""

    OURS = "urn:pulumi:dev::media::livekit:index:LiveKitFirewall$livekit:index:AwsFirewall$"
    FIRST = f"{OURS}{GROUP}::lk-aws-security-group"

    def group(self, urn, number):
        return Resource(urn, GROUP, {"vpcId": "vpc-0"}, id=f"sg-{number}")

    def rule(self, number):
        given = {"securityGroupId": f"sg-{number}", "ipProtocol": "tcp", "fromPort": number, "toPort": number}
        return Resource(
            f"{self.OURS}{INGRESS}::r{number}", INGRESS, {**given, "cidrIpv4": "10.0.0.0/8"}, id=f"sgr-{number}"
        )

    def read(self, *groups):
        resources = [*groups, *map(self.rule, range(1, len(groups) + 1))]
        node = "aws:ec2/instance:Instance"
        ids = [one.id for one in groups[1:]]
        resources.append(Resource(f"urn:pulumi:dev::media::{node}::node", node, {"vpcSecurityGroupIds": ids}, id="i-1"))
        names = ResourceNames((), resources)
        found = AWS.from_pulumi().snapshots(resources, names)
        ports = {one.key: sorted(one.effective[Direction.INGRESS].admitted.ports()) for one in found}
        return ports, {one.what for one in AWS.attachments(resources, names)}

    def test_has_the_rules_of_all_groups_and_whoever_has_one(self):
        groups = [self.group(self.FIRST + ending, number) for number, ending in enumerate(("", "-2", "-16"), 1)]
        assert self.read(*groups) == ({self.FIRST: [PortRange.tcp(1, 3)]}, {self.FIRST})

    @pytest.mark.parametrize("ending", ["-two", "-2-b", "2"])
    def test_another_name_is_another_firewall(self, ending):
        groups = [self.group(self.FIRST, 1), self.group(self.FIRST + ending, 2)]
        both = {self.FIRST: [PortRange.tcp(1)], self.FIRST + ending: [PortRange.tcp(2)]}
        assert self.read(*groups) == (both, {self.FIRST + ending})

    def test_so_is_a_group_of_others(self):
        urns = [f"urn:pulumi:dev::media::{GROUP}::lk-aws-security-group{ending}" for ending in ("", "-2")]
        groups = [self.group(urn, number) for number, urn in enumerate(urns, 1)]
        assert set(self.read(*groups)[0]) == set(urns)
