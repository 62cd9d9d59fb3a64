"""Bad input: nothing is created, nothing is half-done, and one error lists every problem."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .accounts import furnish
from .project import Deploy, Project, Run


@pytest.fixture(scope="module")
def local(deploy: Deploy) -> Project:
    return deploy("local", stays=False)  # what a user sees, the language host prints


def problems(run: Run) -> list[str]:
    """The bulleted lines of the error, each once."""
    lines = [line.strip() for line in run.output.splitlines()]
    return list(dict.fromkeys(line[2:] for line in lines if line.startswith("- ")))


def test_every_problem_of_a_stack_is_reported_at_once_and_nothing_is_created(local: Project) -> None:
    local.configure(
        {
            "livekit_config": None,
            "https": None,
            "prot": 7880,
            "tcp_port": 65536,
            "udp_port": "7882-7892",
            "port_range_start": 50000,
            "port_range_end": 60000,
            "turn": {"enabled": True, "tls_port": 5349},
            "sip": {"rtp_port": "20000-10000"},
            "operators.cidrs": ["203.0.113.5/24"],
            "clients.cidrs": [],
        }
    )
    told = local.up(fails=True)
    expected = {
        "prot": "did you mean port",
        "tcp_port": "got 65536",
        "udp_port": "port_range_start",
        "turn.tls_port": "turn.domain",
        "sip.rtp_port": "20000-10000",
        "operators.cidrs[0]": "write 203.0.113.0/24",
        "clients.cidrs": "got []",
    }
    found = {one.partition(":")[0]: one for one in problems(told)}
    assert {place: said in found.get(place, "") for place, said in expected.items()} == dict.fromkeys(expected, True), (
        found
    )
    assert "Traceback" not in told.output
    assert not (local.folder / "build").exists()
    assert set(local.resources()) <= {"pulumi:pulumi:Stack"}


def test_a_mistake_about_one_target_keeps_every_target_from_being_created(deploy: Deploy, amazon: Any) -> None:
    """More rules than the group of one cloud holds, and nobody named to protect on another."""
    project = deploy("aws-example", stays=False)
    project.configure(
        {
            "aws.vpc_id": None,
            "aws.security_group_id": "sg-00000000000000abc",
            "aws.existing_rules": 55,
            "load_balancer.cidrs": ["10.0.0.0/24"],
            "gcp": {"network": "default"},
        }
    )
    furnish(project, amazon)
    told = project.preview(fails=True)
    expected = (
        "aws: at most 60 IPv4 ingress rules",
        "aws: at most 60 IPv6 ingress rules",
        "gcp: exactly one of target_tags",
    )
    assert [one.startswith(start) for one, start in zip(problems(told), expected, strict=True)] == [True] * 3
    assert "55 of them existing" in problems(told)[0]
    assert "Traceback" not in told.output
    assert project.calls("Check", "Create") == []


def test_an_output_that_turns_out_to_be_empty_stops_before_the_rule_that_it_would_widen(deploy: Deploy) -> None:
    """Rules of Google Cloud without a tag are for every instance of the network. The value is a secret."""
    project = deploy("dev", program="previewed")
    target = {"network": "default", "target_tags": ["livekit", {"secret": "NOT A TAG"}]}
    program = [["livekit_firewall.LiveKitFirewall", "lk", {"gcp": target}]]
    (project.folder / "resources.json").write_text(json.dumps(program), encoding="utf-8")
    told = project.up(fails=True)
    expected = "gcp.target_tags: 1 to 63 of a-z, 0-9 and hyphens, a letter first and no hyphen last"
    assert problems(told) == [f"{expected} (got an output with another value)"]
    assert "Traceback" not in told.output
    assert "NOT A TAG" not in told.output
    assert project.calls("Check", "Create") == []


def test_two_components_on_one_group_that_is_an_output_are_told_before_a_rule_is_sent_twice(
    deploy: Deploy, amazon: Any
) -> None:
    """The group is of others, and its id a secret: known at the first preview."""
    project = deploy("dev", program="previewed")
    vpc = amazon.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = amazon.create_security_group(GroupName="shared", Description="of others", VpcId=vpc)["GroupId"]
    target = {"security_group_id": {"secret": group}}
    program = [["livekit_firewall.LiveKitFirewall", name, {"aws": target, "https": True}] for name in ("one", "two")]
    (project.folder / "resources.json").write_text(json.dumps(program), encoding="utf-8")
    for told in (project.preview(fails=True), project.up(fails=True)):
        found = [one.partition(", since")[0] for one in problems(told)]
        assert found == [
            "aws.baseline: false in all but one component",
            "aws.security_group_id: a group in which no other component writes the same rules",
        ]
        assert "'one-aws' in 'one' writes to the existing group as well what 'two-aws' in 'two' would" in told.output
        assert "Traceback" not in told.output
        assert group not in told.output
