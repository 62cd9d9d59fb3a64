"""The component of AWS: the resources that it registers, and what it refuses.

Not proved here: that EC2 takes the rules, and the order of creation and deletion (the engine tier's).
"""

from __future__ import annotations

import re

import pulumi
import pytest
from msgspec.structs import replace

from livekit_firewall.model.addresses import Identity, Peer
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Reason, Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.aws.component import AwsFirewall
from livekit_firewall.platforms.aws.target import AwsTarget
from livekit_firewall.platforms.running import InvalidArguments

from ..engine_mocks import UNKNOWN, unknown
from .test_aws import COMPONENT, EGRESS, EXCLUSIVE, GROUP, INGRESS, TARGET, api_from, blocks

# Importing the SDK warns of its own deprecated modules.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:pulumi_aws.*")


OUTPUT = "an output"


class TestComponent:
    MEDIA = RuleSet.of([
        Rule(PortRange.udp(50000, 60000), Peer.any_ipv4(), Service.ICE_UDP, (Reason("port_range_start", "media"),)),
        Rule(PortRange.tcp(7880), Peer.of(Identity.LOAD_BALANCER), Service.API, (Reason("port", "API"),)),
        Rule(PortRange.tcp(6379), Peer.of(Identity.SAME_GROUP), Service.REDIS, (Reason("cluster.services", "Redis"),)),
    ])  # fmt: skip

    def test_registers_exactly_these_resources(self, engine):
        target = AwsTarget(
            vpc_id="vpc-0",
            load_balancer_security_group_ids=("sg-0b",),
            region="eu-west-1",
            tags={"team": "media"},
        )
        made = engine.run(lambda: AwsFirewall("lk", self.MEDIA, target, ipv6=False))
        rule = {"securityGroupId": "lk-security-group-id", "region": "eu-west-1"}
        any_ipv4 = {**rule, "cidrIpv4": "0.0.0.0/0"}
        assert {key: one.inputs for key, one in made.items()} == {
            (COMPONENT, "lk"): {},
            (GROUP, "lk-security-group"): {
                "description": "LiveKit media server, managed by livekit-firewall",
                "region": "eu-west-1",
                "tags": {"Name": "lk", "team": "media"},
                "vpcId": "vpc-0",
            },
            (INGRESS, "lk-tcp-7880-sg-0b"): {
                **rule,
                "description": "API: port",
                "fromPort": 7880,
                "ipProtocol": "tcp",
                "referencedSecurityGroupId": "sg-0b",
                "toPort": 7880,
            },
            (INGRESS, "lk-udp-50000-60000-any-ipv4"): {
                **any_ipv4,
                "description": "ICE/UDP: port_range_start",
                "fromPort": 50000,
                "ipProtocol": "udp",
                "toPort": 60000,
            },
            (INGRESS, "lk-icmp-echo-request-any-ipv4"): {
                **any_ipv4,
                "description": "ICMP echo request",
                "fromPort": 8,
                "ipProtocol": "icmp",
                "toPort": -1,
            },
            (INGRESS, "lk-icmp-fragmentation-needed-any-ipv4"): {
                **any_ipv4,
                "description": "ICMP fragmentation needed: path MTU discovery",
                "fromPort": 3,
                "ipProtocol": "icmp",
                "toPort": 4,
            },
            (INGRESS, "lk-tcp-6379-same-group"): {
                **rule,
                "description": "Redis: cluster.services",
                "fromPort": 6379,
                "ipProtocol": "tcp",
                "referencedSecurityGroupId": "lk-security-group-id",
                "toPort": 6379,
            },
            (EGRESS, "lk-egress-any-ipv4"): {
                **any_ipv4,
                "description": "Egress to anywhere",
                "ipProtocol": "-1",
            },
            (EGRESS, "lk-egress-any-ipv6"): {
                **rule,
                "cidrIpv6": "::/0",
                "description": "Egress to anywhere",
                "ipProtocol": "-1",
            },
        }
        parents = {key: one.parent for key, one in made.items() if key != (COMPONENT, "lk")}
        assert set(parents.values()) == {(COMPONENT, "lk")}
        assert engine.outputs[COMPONENT, "lk"] == {
            "security_group_id": "lk-security-group-id",
            "security_group_ids": ["lk-security-group-id"],
        }

    def test_descriptions_are_written_once_and_nothing_is_deleted_first(self, engine):
        made = engine.run(lambda: AwsFirewall("lk", self.MEDIA, TARGET))
        del made[COMPONENT, "lk"]
        assert {tuple(one.request.ignoreChanges) for one in made.values()} == {("description",)}
        assert {one.request.deleteBeforeReplace for one in made.values()} == {False}

    def test_a_rule_has_the_names_of_0_1_as_aliases(self, engine):
        made = engine.run(lambda: AwsFirewall("lk", self.MEDIA, TARGET))
        aliases = {key: [alias.spec.name for alias in one.request.aliases] for key, one in made.items()}
        assert {name: found for (_, name), found in aliases.items() if found} == {
            "lk-udp-50000-60000-any-ipv4": ["lk-ice-udp-50000-60000-any-ipv4", "lk-turn-udp-50000-60000-any-ipv4"],
            "lk-tcp-7880-sg-0b": ["lk-api-tcp-7880-sg-0b"],
            "lk-tcp-6379-same-group": ["lk-redis-tcp-6379-same-group"],
        }

    def test_an_existing_group_is_used_as_it_is(self, engine):
        target = AwsTarget(security_group_id="sg-0e", load_balancer_security_group_ids=("sg-0b",))
        made = engine.run(lambda: AwsFirewall("lk", self.MEDIA, target))
        assert {token for token, _ in made} == {COMPONENT, INGRESS}
        assert {one.inputs["securityGroupId"] for (token, _), one in made.items() if token == INGRESS} == {"sg-0e"}
        assert made[INGRESS, "lk-tcp-6379-same-group"].inputs["referencedSecurityGroupId"] == "sg-0e"
        assert engine.outputs[COMPONENT, "lk"] == {"security_group_id": "sg-0e", "security_group_ids": ["sg-0e"]}

    def test_a_preview_knows_every_rule_though_no_id(self, preview_engine):
        def program():
            target = AwsTarget(vpc_id=unknown(), load_balancer_security_group_ids={"alb": unknown()})
            AwsFirewall("lk", self.MEDIA, target, ipv6=False)

        made = preview_engine.run(program)
        assert len(made) == 2 + 3 + 2 + 2
        assert made[GROUP, "lk-security-group"].inputs["vpcId"] == UNKNOWN
        assert {one.inputs["securityGroupId"] for (token, _), one in made.items() if "Rule" in token} == {UNKNOWN}
        api = made[INGRESS, "lk-tcp-7880-load-balancer-alb"].inputs
        assert (api["referencedSecurityGroupId"], api["fromPort"]) == (UNKNOWN, 7880)

    def test_two_in_one_program_with_odd_names_do_not_collide(self, engine):
        def program():
            for name in ("Lk_Fw.é", "Lk_Fw.è"):
                AwsFirewall(name, self.MEDIA, TARGET)

        made = engine.run(program)  # which asserts that no two share type and name
        groups = [name for token, name in made if token == GROUP]
        assert len(groups) == 2
        assert [name for name in groups if not re.fullmatch(r"[a-zA-Z0-9._-]{1,240}", name)] == []
        assert (INGRESS, "Lk_Fw.é-tcp-7880-sg-0b") in made

    @pytest.mark.parametrize(
        "target", [TARGET, AwsTarget(security_group_id="sg-0e", load_balancer_security_group_ids=("sg-0b",))]
    )
    def test_whoever_uses_the_group_waits_for_its_rules(self, engine, target):
        def program():
            import pulumi_aws

            firewall = AwsFirewall("lk", self.MEDIA, target)
            pulumi_aws.ec2.Instance("node", vpc_security_group_ids=[firewall.security_group_id])

        made = engine.run(program)
        (node,) = [one for (token, _), one in made.items() if token.endswith(":Instance")]
        awaited = {urn.rpartition("::")[2] for urn in node.request.propertyDependencies["vpcSecurityGroupIds"].urns}
        assert {name for token, name in made if token in (INGRESS, EGRESS)} <= awaited
        assert node.inputs["vpcSecurityGroupIds"] == [target.security_group_id or "lk-security-group-id"]

    def test_rules_are_neither_protected_nor_retained(self, engine):
        opts = pulumi.ResourceOptions(protect=True, retain_on_delete=True)
        made = engine.run(lambda: AwsFirewall("lk", self.MEDIA, TARGET, opts=opts))
        assert made[GROUP, "lk-security-group"].request.protect is True
        rules = [one.request for (token, _), one in made.items() if token in (INGRESS, EGRESS)]
        assert {(one.protect, one.retainOnDelete, one.HasField("retainOnDelete")) for one in rules} == {
            (False, False, True)
        }

    def test_children_take_the_components_provider(self, engine):
        def program():
            import pulumi_aws

            there = pulumi_aws.Provider("there", region="eu-west-1")
            AwsFirewall("lk", self.MEDIA, TARGET, opts=pulumi.ResourceOptions(provider=there))

        made = engine.run(program)
        providers = {one.request.provider for (token, _), one in made.items() if token in (GROUP, INGRESS, EGRESS)}
        assert {provider.split("::")[-2] for provider in providers} == {"there"}

    @pytest.mark.parametrize(
        "target",
        [AwsTarget(vpc_id="vpc-0", exclusive=True), AwsTarget(security_group_id="sg-0e", egress=True, exclusive=True)],
    )
    def test_an_exclusive_one_names_every_rule_and_comes_after_it(self, engine, monkeypatch, target):
        warned = []
        monkeypatch.setattr(pulumi.log, "warn", lambda text, resource=None, **_: warned.append(text))
        target = replace(target, load_balancer_security_group_ids=("sg-0b",), region="eu-west-1")
        opts = pulumi.ResourceOptions(protect=True, retain_on_delete=True)
        made = engine.run(lambda: AwsFirewall("lk", self.MEDIA, target, opts=opts))
        only = made[EXCLUSIVE, "lk-exclusive"]
        named = {kind: sorted(f"{name}-id" for token, name in made if token == kind) for kind in (INGRESS, EGRESS)}
        assert {**only.inputs, **{key: sorted(only.inputs[key]) for key in ("ingressRuleIds", "egressRuleIds")}} == {
            "securityGroupId": target.security_group_id or "lk-security-group-id",
            "region": "eu-west-1",
            "ingressRuleIds": named[INGRESS],
            "egressRuleIds": named[EGRESS],
        }
        awaited = {urn.rpartition("::")[2] for urn in only.request.dependencies}
        assert awaited >= {name for token, name in made if token in (INGRESS, EGRESS)}
        assert (only.request.protect, only.request.retainOnDelete) == (False, False)
        told = "aws.exclusive: every rule of the existing group that is not of this component is removed"
        assert warned == ([told] if target.security_group_id else [])

    def test_of_several_groups_each_names_its_own_once_all_rules_are_there(self, engine):
        target = AwsTarget(vpc_id="vpc-0", load_balancer_security_group_ids=("sg-0b",), groups=2, exclusive=True)
        made = engine.run(lambda: AwsFirewall("lk", self.MEDIA, target))
        rules = {f"{name}-id": one for (token, name), one in made.items() if token in (INGRESS, EGRESS)}
        seen = set()
        for name, group in (("lk-exclusive", "lk-security-group-id"), ("lk-exclusive-2", "lk-security-group-2-id")):
            only = made[EXCLUSIVE, name]
            assert only.inputs["securityGroupId"] == group
            named = {*only.inputs["ingressRuleIds"], *only.inputs["egressRuleIds"]}
            assert named == {id_ for id_, one in rules.items() if one.inputs["securityGroupId"] == group}
            assert {f"{urn.rpartition('::')[2]}-id" for urn in only.request.dependencies} >= rules.keys()
            seen |= named
        assert seen == rules.keys()

    def test_two_on_one_group_are_told_which_rules_both_would_write(self, engine):
        group = AwsTarget(security_group_id="sg-0e", load_balancer_security_group_ids=("sg-0b",))
        told = []

        def second(name, rules, target):
            try:
                AwsFirewall(name, rules, target, ipv6=False)
            except InvalidArguments as error:
                told.append([str(problem) for problem in error.problems])

        def program():
            AwsFirewall("one", self.MEDIA, group, ipv6=False)
            second("two", self.MEDIA, group)
            second("three", RuleSet.of([]), replace(group, baseline=False))
            second("four", api_from(*blocks(1)), replace(group, baseline=False, load_balancer_security_group_ids=None))
            second("five", RuleSet.of([]), replace(group, egress=True, exclusive=True))
            second("six", self.MEDIA, replace(group, security_group_id="sg-0f"))

        made = engine.run(program)
        since = "since a group holds a rule once, and 'one' writes to sg-0e as well what 'two' would"
        assert told == [
            [
                (
                    f"aws.baseline: false in all but one component, {since}: icmp-echo-request-any-ipv4 and "
                    "icmp-fragmentation-needed-any-ipv4 (got true); set aws.baseline: false, and leave aws.egress out: "
                    "ICMP and egress are then left to the other one"
                ),
                (
                    f"aws.security_group_id: a group in which no other component writes the same rules, {since}: "
                    "tcp-6379-same-group, tcp-7880-sg-0b and udp-50000-60000-any-ipv4 (got sg-0e); leave these ports "
                    "or sources to one of the two, or give each a group of its own"
                ),
            ],
            [
                (
                    "aws.exclusive: false for every component that writes rules to sg-0e, since the rules of the "
                    "others would be removed; 'five' does, and so does 'one', 'three' and 'four' (got true); leave it "
                    "out, or give each a group of its own"
                )
            ],
        ]
        assert {name for token, name in made if token == COMPONENT} == {"one", "three", "four", "six"}

    @pytest.mark.parametrize(("first", "later"), [("sg-0e", OUTPUT), (OUTPUT, "sg-0e"), (OUTPUT, OUTPUT)])
    def test_two_on_one_group_that_is_an_output_are_told_once_it_is_known(self, engine, first, later):
        """Its id is in no message, since it may be a secret."""

        def target(given):
            known = pulumi.Output.secret("sg-0e") if given is OUTPUT else given
            return AwsTarget(security_group_id=known, load_balancer_security_group_ids=("sg-0b",))

        def program():
            AwsFirewall("one", self.MEDIA, target(first), ipv6=False)
            AwsFirewall("two", self.MEDIA, target(later), ipv6=False)

        with pytest.raises(Exception, match=r"aws\.security_group_id: a group in which no other component") as caught:
            engine.run(program)
        loser, other = ("one", "two") if later != OUTPUT else ("two", "one")
        assert f"and '{other}' writes to the existing group as well what '{loser}' would" in str(caught.value)
        assert "sg-0e" not in str(caught.value)

    def test_two_that_are_given_the_same_output_are_told_at_once(self, engine):
        def program():
            given = pulumi.Output.from_input("sg-0e")
            same = AwsTarget(security_group_id=given, load_balancer_security_group_ids=("sg-0b",))
            AwsFirewall("one", self.MEDIA, replace(same, baseline=False), ipv6=False)
            with pytest.raises(
                InvalidArguments, match="and 'one' writes to the existing group as well what 'two' would"
            ):
                AwsFirewall("two", self.MEDIA, same, ipv6=False)
            AwsFirewall("three", self.MEDIA, replace(same, security_group_id=pulumi.Output.from_input("sg-0f")))

        engine.run(program)

    def test_an_exclusive_group_that_is_an_output_is_nobody_elses(self, engine):
        def program():
            AwsFirewall(
                "one", self.MEDIA, AwsTarget(security_group_id="sg-0e", load_balancer_security_group_ids=("sg-0b",))
            )
            given = pulumi.Output.from_input("sg-0e")
            AwsFirewall("two", RuleSet.of([]), AwsTarget(security_group_id=given, exclusive=True, egress=True))

        with pytest.raises(
            Exception, match=r"aws\.exclusive: false for every component that writes rules to the existing"
        ):
            engine.run(program)

    def test_a_problem_is_reported_before_anything_is_registered(self, engine):
        def program():
            with pytest.raises(InvalidArguments, match="1 problem for aws, nothing was created"):
                AwsFirewall("lk", self.MEDIA, AwsTarget(vpc_id="vpc-0"))

        assert engine.run(program) == {}
