"""Counts and names in between: by what a preview plans, and by what leads from one configuration to another."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.rendering import planned
from livekit_firewall.reports.review.configurations import compare_deployments

from .plans import plan, step
from .programs import AWS_GROUP, AWS_INGRESS, AWS_RULE, AZURE_GROUP, AZURE_RULE
from .test_exclusive import NEW_ICE, OLD_MEDIA, SAME_GROUP, alone, entry, gone, made, same
from .test_updates import part

NEW_GROUP = {"aws": {"vpc_id": "vpc-1"}}
SIP = {"sip": {}, **NEW_GROUP}


def told(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, str]]:
    """The risks of a change of arguments that are new and not of what is open."""
    found = compare_deployments("x", *(read_deployment(one, Path()) for one in (old, new)))
    ways = ("quota", "refused-half-way", "lists-fight", "refused")
    return [(one.id, one.text) for one in found.risks if one.id in ways]


def blocks(first: int, count: int) -> list[str]:
    return [f"198.51.{number}.0/24" for number in range(first, first + 2 * count, 2)]


class TestConfigurations:
    def test_blocks_that_are_replaced(self):
        """Three rules for each block, of which all are there until the old ones go; four for anywhere."""
        kept = blocks(0, 5)
        old, new = ({**SIP, "trunks": [*kept, *blocks(first, 8)]} for first in (100, 101))
        text = (
            f"{3 * (5 + 8 + 8) + 4} ingress rules for IPv4 while the update runs, and the platform allows 60 by default"
        )
        assert told(old, new) == [("quota", text)]

    def test_the_two_updates_that_it_fits_into_are_named(self):
        kept = blocks(0, 5)
        for aws, more_room in (
            (NEW_GROUP["aws"], "raise aws.groups, which makes other rules move and cuts none, or aws.rules_quota"),
            ({"security_group_id": "sg-1"}, "raise aws.rules_quota"),
        ):
            sides = [{"sip": {}, "aws": aws, "trunks": [*kept, *blocks(at, 8)]} for at in (100, 101)]
            found = compare_deployments("x", *(read_deployment(one, Path()) for one in sides))
            (fix,) = [one.fix for one in found.risks if one.id == "quota"]
            assert fix == (
                "make it in two updates: one that only takes away the 24 that go, then one that adds the 24 that come "
                f"(what rules of both admit is shut in between); or first {more_room}, once AWS has raised the quota, "
                "then make the change"
            )

    def test_both_of_the_two_updates_fit(self):
        kept, more = blocks(0, 5), {"vpc_id": "vpc-1", "groups": 2}
        old, new = ({**SIP, "trunks": [*kept, *blocks(first, 8)]} for first in (100, 101))
        for way in ([old, {**SIP, "trunks": kept}, new], [old, {**old, "aws": more}, {**new, "aws": more}]):
            for one, other in pairwise(way):
                assert told(one, other) == []

    def test_a_raised_quota_makes_room(self):
        aws = {"aws": {"vpc_id": "vpc-1", "rules_quota": 66}}
        old, new = ({**SIP, **aws, "trunks": [*blocks(0, 5), *blocks(first, 8)]} for first in (100, 101))
        assert told(old, new) == [
            ("quota", "67 ingress rules for IPv4 while the update runs, and the platform allows 66")
        ]
        aws["aws"]["rules_quota"] = 67
        assert told({**old, **aws}, {**new, **aws}) == []

    @pytest.mark.parametrize(("old", "new"), [(1, 2), (2, 3), (3, 1)])
    def test_another_number_of_groups_is_no_change_but_for_the_rules_that_move(self, old, new):
        sides = [{**SIP, "trunks": blocks(0, 12), "aws": {"vpc_id": "vpc-1", "groups": one}} for one in (old, new)]
        found = compare_deployments("x", *(read_deployment(one, Path()) for one in sides))
        assert (found.changes, found.risks, found.unclear, found.verdict) == ((), (), (), "no change")
        keys = [{one.name for one in planned(read_deployment(side, Path()), "aws")} for side in sides]
        moved = len([key for key in keys[1] - keys[0] if not key.startswith("aws")])
        (note,) = found.notes
        assert note.startswith(
            f"`{moved} rules of aws move to another of its groups: machines that this update gives all "
        )

    def test_several_groups_are_counted_apart(self):
        """A group that is full at once, and the others not."""
        aws = {"aws": {"vpc_id": "vpc-1", "groups": 3, "rules_quota": 36}}
        old, new = ({**SIP, **aws, "trunks": [*blocks(0, 12), *blocks(first, 12)]} for first in (100, 150))
        assert told(old, new) == [
            ("quota", "47 ingress rules for IPv4 in aws-3 while the update runs, and the platform allows 36")
        ]

    def test_blocks_that_are_added_where_there_is_room(self):
        assert told({**SIP, "trunks": blocks(0, 4)}, {**SIP, "trunks": blocks(0, 8)}) == []

    def test_what_an_existing_group_holds_besides(self):
        group = {"security_group_id": "sg-1", "existing_rules": 25}
        sides = [{"sip": {}, "aws": group, "trunks": blocks(first, 6)} for first in (0, 101)]
        ((id_, text),) = told(*sides)
        assert (id_, text.split()[0]) == ("quota", str(25 + 36 + 4))

    def test_a_port_that_passes_to_a_service_of_the_same_rule(self):
        """An alias keeps its place."""
        turn = {"turn": {"enabled": True, "domain": "turn.example.com", "tls_port": 443}, **NEW_GROUP}
        assert told(turn, {"https": True, **NEW_GROUP}) == []

    def test_the_first_deployment_and_the_last(self):
        for sides in ((None, SIP), (SIP, None)):
            given = [
                None if one is None else read_deployment({**one, "trunks": blocks(0, 12)}, Path()) for one in sides
            ]
            assert not {one.id for one in compare_deployments("x", *given).risks} & {"quota", "refused-half-way"}


def rules(count: int, first: int = 1000) -> list[tuple[str, dict[str, Any]]]:
    return [(f"r{port}", {**NEW_ICE, "fromPort": port, "toPort": port}) for port in range(first, first + count)]


def quotas(*steps: dict[str, Any]) -> list[int]:
    return [int(one["text"].split()[0]) for one in part(plan(*steps))["risks"] if one["id"] == "quota"]


class TestPreviews:
    def test_creations_before_deletions(self):
        kept = [same(AWS_INGRESS, *one) for one in rules(45)]
        come = [made(AWS_INGRESS, *one) for one in rules(10, 3000)]
        go = [gone(AWS_INGRESS, *one) for one in rules(10, 2000)]
        assert quotas(SAME_GROUP, *kept, *come, *go) == [65]
        assert quotas(SAME_GROUP, *kept[:40], *come, *go) == []

    @pytest.mark.parametrize(("token", "expected"), [(AWS_INGRESS, [65]), (AWS_RULE, [])])
    def test_replacements_of_which_one_kind_deletes_first(self, token, expected):
        kept = [same(AWS_INGRESS, *one) for one in rules(45)]
        steps = []
        for name, one in rules(10, 2000):
            if token == AWS_RULE:
                one = {**OLD_MEDIA, "protocol": "tcp", "fromPort": one["fromPort"], "toPort": one["toPort"]}
                other = {**one, "cidrBlocks": ["10.0.0.0/8"]}
            else:
                other = {**one, "cidrIpv4": "10.0.0.0/8"}
            steps.append(step("replace", token, name, one, other, diffs=["region"]))
        assert quotas(SAME_GROUP, *kept, *steps) == expected

    def test_all_blocks_of_the_older_kind(self):
        many = {**OLD_MEDIA, "cidrBlocks": [f"10.{number}.0.0/16" for number in range(40)]}
        more = {**many, "fromPort": 1, "toPort": 1}
        assert quotas(SAME_GROUP, made(AWS_RULE, "new", more), gone(AWS_RULE, "old", many)) == [80]

    def test_a_list_revokes_before_it_adds(self):
        lists = [
            {"ingress": [{"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": ["10.0.0.0/8"]}
                         for port in range(first, first + 50)]}
            for first in (1000, 2000)
        ]  # fmt: skip
        group = step("update", AWS_GROUP, "g", *({"vpcId": "vpc-1", **one} for one in lists), read=lists[0],
                     diffs=["ingress"])  # fmt: skip
        assert quotas(group) == []

    def test_what_the_list_and_a_resource_hold_is_one_rule(self):
        """As a state has it that has read the group."""
        inside = [{"protocol": "tcp", "fromPort": port, "toPort": port, "cidrBlocks": ["0.0.0.0/0"]}
                  for port in range(1000, 1040)]  # fmt: skip
        group = same(AWS_GROUP, "g", {"vpcId": "vpc-1", "ingress": inside}, read={"ingress": inside})
        assert quotas(group, *(same(AWS_INGRESS, *one) for one in rules(40))) == []
        assert quotas(group, *(same(AWS_INGRESS, *one) for one in rules(40, 2000))) == [80]

    def test_rules_of_azures_that_are_resources(self):
        nsg = same(AZURE_GROUP, "nsg", {"resourceGroupName": "rg", "networkSecurityGroupName": "nsg1"})
        one = [(f"r{number}", alone(entry(f"r{number}", 100 + number, "9000"))) for number in range(1010)]
        kept = [same(AZURE_RULE, *each) for each in one[:990]]
        steps = [*kept, *(made(AZURE_RULE, *each) for each in one[990:1000])]
        assert quotas(nsg, *steps) == []
        assert quotas(nsg, *steps, *(gone(AZURE_RULE, *each) for each in one[1000:])) == [1010]
