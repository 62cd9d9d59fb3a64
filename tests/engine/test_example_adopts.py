"""examples/aws-adopt-existing: a group made by hand becomes the program's own, as its README.md says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from .accounts import furnish
from .admitted import of_group
from .examples import STACK, Example
from .fakes.ec2 import INGRESS, group_exists, rules
from .listings import by_aws
from .project import Call, Deploy, Project

EXAMPLE = Example("aws-adopt-existing")
VPC, GROUP, FOREIGN = "vpc-0a1b2c3d4e5f60718", "sg-0a1b2c3d4e5f60718", "sgr-0a1b2c3d4e5f60718"
MODELS = "moto.ec2.models.security_groups"
BY_HAND = [("udp", 50000, 60000), ("tcp", 7881, 7881), ("tcp", 443, 443), ("tcp", 80, 80)]
AWS = """\
#!/bin/sh
# What a user's own command does here: it prints the listing, and notes what it is to revoke.
case "$1 $2" in
  "ec2 describe-security-group-rules") cat {folder}/listed.json ;;
  "ec2 revoke-security-group-ingress") echo "$@" >>{folder}/revoked ;;
  *) exit 1 ;;
esac
"""


def permission(protocol: str, first: int, last: int) -> dict[str, Any]:
    anywhere = [{"CidrIp": "0.0.0.0/0"}]
    return {"IpProtocol": protocol, "FromPort": first, "ToPort": last, "IpRanges": anywhere}


def make_by_hand(amazon: Any) -> None:
    with mock.patch(f"{MODELS}.random_security_group_id", return_value=GROUP):
        amazon.create_security_group(GroupName="by-hand", Description="by hand", VpcId=VPC)
    for one in BY_HAND:
        amazon.authorize_security_group_ingress(GroupId=GROUP, IpPermissions=[permission(*one)])
    with mock.patch(f"{MODELS}.random_security_group_rule_id", return_value=FOREIGN):
        amazon.authorize_security_group_ingress(GroupId=GROUP, IpPermissions=[permission("tcp", 7880, 7880)])


@dataclass
class Adoption:
    """What came of it.

    Attributes:
        before, after: the ids of the group's rules for ingress, and what they admit: made by hand, after the update.
        steps: those of the preview after the import that do something.
        calls: of the update after that; `changed`, of the update after the documented change.
    """

    before: dict[str, Any]
    after: dict[str, Any]
    admitted: tuple[set[str], set[str]]
    steps: Counter[str]
    calls: list[Call]
    changed: list[Call]
    outputs: dict[str, Any]
    left: dict[str, Any]
    is_group_left: bool


@pytest.fixture(scope="module")
def adoption(deploy: Deploy, amazon: Any) -> Adoption:
    project = deploy(STACK, program=str(EXAMPLE.folder))
    furnish(project, amazon, {"aws": {"vpc_id": VPC}})
    make_by_hand(amazon)
    before, admitted = rules(amazon, GROUP, INGRESS), of_group(amazon, GROUP)
    folder = play_aws(project, by_aws(amazon, GROUP))
    for section in ("Run", "Adopt"):
        EXAMPLE.type_in(section, project)
    assert [call for call in project.calls() if call.method != "Read"] == [], "the import has changed something"
    steps = project.preview_json()["steps"]
    project.up()
    calls, outputs = project.calls(), project.outputs()
    after = rules(amazon, GROUP, INGRESS)
    revoke(amazon, (folder / "revoked").read_text(encoding="utf-8").split())
    both = admitted, of_group(amazon, GROUP)
    EXAMPLE.type_in("Change", project)
    project.up()
    changed = project.calls()[len(calls) :]
    project.destroy()
    done = Counter(f"{step['op']} {step['urn'].rpartition('::')[2]}" for step in steps if step["op"] != "same")
    return Adoption(
        before, after, both, done, calls, changed, outputs, project.resources(), group_exists(amazon, GROUP)
    )


def play_aws(project: Project, listing: dict[str, Any]) -> Path:
    """A command `aws` of the project's own."""
    folder = project.folder / ".aws"
    folder.mkdir()
    (folder / "listed.json").write_text(json.dumps(listing, default=str), encoding="utf-8")
    (folder / "aws").write_text(AWS.format(folder=folder), encoding="utf-8")
    (folder / "aws").chmod(0o755)
    project.environment["PATH"] = f"{folder}:{project.environment['PATH']}"
    return folder


def revoke(amazon: Any, words: list[str]) -> None:
    """What the documented command asks of AWS."""
    assert words == f"ec2 revoke-security-group-ingress --group-id {GROUP} --security-group-rule-ids {FOREIGN}".split()
    amazon.revoke_security_group_ingress(GroupId=GROUP, SecurityGroupRuleIds=[FOREIGN])


MADE = [
    *(f"tcp-{port}-any-ipv6" for port in (80, 443, 7881)),
    *(f"udp-{ports}-any-{family}" for ports, family in (("50000-60000", "ipv6"), ("3478", "ipv4"), ("3478", "ipv6"))),
    "tcp-22-203.0.113.0-24",
    *("icmp-echo-request-any-ipv4", "icmp-fragmentation-needed-any-ipv4"),
    *("icmpv6-echo-request-any-ipv6", "icmpv6-packet-too-big-any-ipv6"),
    "egress-any-ipv6",
]


def test_the_preview_makes_what_lacks_and_deletes_nothing(adoption: Adoption) -> None:
    expected = [*(f"create livekit-aws-{key}" for key in MADE), "update livekit-aws-security-group"]
    assert adoption.steps == Counter(expected)


def test_so_does_the_update(adoption: Adoption) -> None:
    calls = Counter(f"{call.method} {call.name}" for call in adoption.calls)
    assert calls == Counter([*(f"Create livekit-aws-{key}" for key in MADE), "Update livekit-aws-security-group"])
    assert [call.refused for call in adoption.calls if call.refused] == []


def test_the_rules_made_by_hand_are_there_under_their_ids(adoption: Adoption) -> None:
    assert len(adoption.before) == len(BY_HAND) + 1
    assert adoption.before.keys() <= adoption.after.keys()


def test_what_was_foreign_is_open_until_it_is_removed(adoption: Adoption) -> None:
    before, after = adoption.admitted
    assert FOREIGN in adoption.after
    assert before - after == {"in tcp 7880 0.0.0.0/0"}


def test_its_output_is_the_group_made_by_hand(adoption: Adoption) -> None:
    assert adoption.outputs["group"] == GROUP
    assert sorted(adoption.outputs) == ["exposure", "group"]


def test_the_documented_change_is_one_rule(adoption: Adoption) -> None:
    assert [(call.method, call.name) for call in adoption.changed] == [("Create", "livekit-aws-tcp-22-198.51.100.0-24")]


def test_nothing_is_left(adoption: Adoption) -> None:
    assert adoption.left == {}
    assert not adoption.is_group_left
