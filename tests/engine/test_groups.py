"""The rules of AWS in several security groups: from one number to the next without a cut, call by call."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from livekit_firewall.reports.review import review_texts

from .admitted import of_group
from .fakes.ec2 import EGRESS, GROUP, INGRESS, INTERFACE
from .project import Call, Deploy

pytestmark = pytest.mark.needs("pulumi")

ENDS = ("ipProtocol", "fromPort", "toPort", "cidrIpv4", "cidrIpv6", "referencedSecurityGroupId")
TRUNKS = [f"198.51.{number}.0/24" for number in range(0, 12, 2)]
FIRST = "media-aws-security-group"

Rule = tuple[Any, ...]


class Replay:
    """What reaches the node after each call that the cloud has answered."""

    def __init__(self) -> None:
        self.rules: dict[str, tuple[str, Rule]] = {}
        self.groups: list[str] = []

    def moments(self, calls: list[Call]) -> Iterator[set[Rule]]:
        for call in calls:
            if call.type in (INGRESS, EGRESS) and call.method == "Create":
                rule = (call.type, *(call.inputs.get(key) for key in ENDS))
                self.rules[call.id] = call.inputs["securityGroupId"], rule
            elif call.type in (INGRESS, EGRESS):
                assert call.method == "Delete", "a rule that is modified may cut what it lets in"
                del self.rules[call.id]
            elif call.type == INTERFACE:
                self.groups = call.inputs["securityGroups"]
            yield {rule for group, rule in self.rules.values() if group in self.groups}


def kinds(calls: list[Call]) -> list[tuple[str, str]]:
    """What was done to what, in the order in which it was done first."""
    return list(dict.fromkeys((call.method, "Rule" if call.kind.endswith("Rule") else call.kind) for call in calls))


def test_from_one_number_of_groups_to_the_next_nothing_is_cut_or_opened(deploy: Deploy, amazon: Any) -> None:
    vpc = amazon.create_vpc(CidrBlock="10.7.0.0/16")["Vpc"]["VpcId"]
    subnet = amazon.create_subnet(VpcId=vpc, CidrBlock="10.7.1.0/24")["Subnet"]["SubnetId"]
    project = deploy("dev", program="spread", SUBNET=subnet, ALONE="1")
    project.configure({"sip": {}, "trunks": TRUNKS, "aws.vpc_id": vpc})
    project.configure({"cluster": {"same_group": True, "services": ["redis"]}})
    project.up()
    replay = Replay()
    *_, wanted = replay.moments(project.calls())
    assert len(wanted) == 3 * len(TRUNKS) + 2 * 2 + 4 + 2 + 2  # media, ICMP, egress, API and Redis of the cluster
    (first,) = replay.groups

    del project.environment["ALONE"]
    project.configure({"aws.groups": 2})
    digest = project.preview_json("--show-sames")
    assert {step["op"] for step in digest["steps"]} == {"same", "create", "update", "delete"}
    page = review_texts([("dev", json.dumps(digest))])
    assert page.changes == page.risks == ()
    # the ids of the groups are not in the preview
    assert [one.partition(":")[2] for one in page.parts[0].unclear] == [
        "ec2/networkInterface:NetworkInterface node: its groups or tags change, so that other firewalls apply to it"
    ]
    (note,) = page.parts[0].notes
    assert "rules of media-aws-security-group move to another of its groups: machines that this update" in note

    for count, expected in (
        (2, [("Create", "SecurityGroup"), ("Create", "Rule"), ("Update", "NetworkInterface"), ("Delete", "Rule")]),
        (3, [("Create", "SecurityGroup"), ("Create", "Rule"), ("Update", "NetworkInterface"), ("Delete", "Rule")]),
        (2, [("Create", "Rule"), ("Update", "NetworkInterface"), ("Delete", "Rule"), ("Delete", "SecurityGroup")]),
    ):
        project.configure({"aws.groups": count})
        project.forget_calls()
        project.up()
        calls = project.calls()
        assert kinds(calls) == expected
        for moment in replay.moments(calls):
            assert moment == wanted
        outputs = project.outputs()
        assert outputs["aws_security_group_ids"] == replay.groups
        assert "aws_security_group_id" not in outputs
        assert (len(replay.groups), replay.groups[0]) == (count, first)
        # what may enable flows that are not tracked, and what the group may do in itself, is never touched
        moved = [call for call in calls if call.type in (INGRESS, EGRESS)]
        assert {call.inputs.get("cidrIpv4") for call in moved} <= set(TRUNKS)
        lines = [of_group(amazon, group) for group in replay.groups]
        assert sum(map(len, lines)) == len(set.union(*lines)) == len(wanted)
    assert {one["urn"].rpartition("::")[2] for one in project.resources()[GROUP]} == {FIRST, f"{FIRST}-2"}

    project.environment["ALONE"] = "1"
    told = project.preview(fails=True).output
    assert "aws.groups spreads the rules over several security groups, and a node needs all of them" in told
    assert "Traceback" not in told
