"""Resource options, names and parents of components on the real engine: docs/options.md has a row for each option.

`aliases`, `protect` and `retain_on_delete` have their tests in `test_renames.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest

from .accounts import furnish
from .fakes import ec2
from .option_programs import HERE, NAMES, REGIONS, TARGETS
from .project import ROOT, Deploy, Project

pytestmark = pytest.mark.needs("pulumi", "moto")

FIREWALL = "livekit:index:LiveKitFirewall"


@pytest.fixture
def start(deploy: Deploy, amazon: Any) -> Callable[..., Project]:
    """A project with one of the programs, and accounts that hold what its targets name."""

    def start(program: str) -> Project:
        made = deploy("dev", program="options", REPOSITORY=str(ROOT), OPTION_PROGRAM=program)
        furnish(made, amazon, TARGETS)
        return made

    return start


def called(project: Project) -> list[tuple[str, str]]:
    """Method and name of the calls since the last time, in order, none of which may have been refused."""
    calls = project.calls()
    project.forget_calls()
    assert [call.refused for call in calls if call.refused] == []
    return [(call.method, call.name) for call in calls]


def by_name(project: Project) -> dict[str, dict[str, Any]]:
    """The resources of the state."""
    return {_name(one["urn"]): one for several in project.resources().values() for one in several}


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]


def test_twenty_firewalls_of_any_name_have_their_providers_at_any_depth(start: Any) -> None:
    project = start("twenty")
    project.up()
    assert called(project)
    made = project.resources()
    assert {_name(one["urn"]) for one in made[FIREWALL]} == {*NAMES}
    assert len(made[FIREWALL]) == len(NAMES) == 20

    above = {one["urn"]: one.get("parent", "") for several in made.values() for one in several}
    found: dict[str, dict[str, set[str]]] = {name: {} for name in NAMES}
    for one in [one for several in made.values() for one in several if one["custom"]]:
        urn = one["urn"]
        while urn and f"{FIREWALL}::" not in urn:
            urn = above[urn]
        *_, kind, provider, _id = one["provider"].split("::")
        if urn:
            found[_name(urn)].setdefault(kind.rpartition(":")[2], set()).add(provider)
    wanted = {name: {kind: {NAMES[name].get(kind, _default(kind))} for kind in kinds} for name, kinds in found.items()}
    assert found == wanted
    assert [len(kinds) for kinds in found.values()] == [1] * 6 + [len(TARGETS)] + [1] * 13
    chain = f"test:index:Campus$test:index:Site${FIREWALL}$livekit:index:GcpFirewall$gcp:"
    assert len({above[urn] for urn in above if chain in urn}) == 3

    endpoint = project.environment["AWS_ENDPOINT_URL_EC2"]
    for at, region in enumerate(REGIONS):
        there = {one["GroupId"] for one in ec2.client(endpoint, region).describe_security_groups()["SecurityGroups"]}
        groups = made["aws:ec2/securityGroup:SecurityGroup"]
        firewalls = {_name(above[above[one["urn"]]]) for one in groups if one["id"] in there}
        assert firewalls & {*list(NAMES)[:6]} == {*list(NAMES)[2 * at : 2 * at + 2]}


def _default(package: str) -> str:
    """The engine's name for the provider that it makes for the version of an SDK."""
    return f"default_{version(f'pulumi-{package}').replace('.', '_')}"


def test_two_firewalls_of_one_machine_under_every_option(start: Any, amazon: Any) -> None:
    project = start("two_for_one_machine")
    adopted = by_hand(amazon)
    step = {"subnet": amazon.create_subnet(VpcId=HERE, CidrBlock="10.0.8.0/24")["Subnet"]["SubnetId"]}

    def up(number: int, adopted: dict[str, str]) -> list[tuple[str, str]]:
        given = {**step, "number": number, "adopted": adopted}
        (project.folder / "step.json").write_text(json.dumps(given), encoding="utf-8")
        project.up()
        return called(project)

    names = [name for _, name in up(1, adopted)]
    assert names[-1] == "node"
    assert names.index("first") < min(at for at, name in enumerate(names) if name.startswith("media"))
    assert not adopted.keys() & {*names}
    made = by_name(project)
    assert made["media"]["dependencies"] == [made["first"]["urn"]]
    waited_for = {name for name, one in made.items() if name.startswith(("media-", "trunks-")) and one["custom"]}
    assert {_name(urn) for urn in made["node"]["dependencies"]} >= waited_for
    assert {name: made[name]["id"] for name in adopted} == adopted
    seen = json.loads((project.folder / "seen.json").read_text(encoding="utf-8"))
    assert {*seen} == {"hook", "media", *(name for name in made if name.startswith("media-"))}
    assert seen["hook"] == "media"
    assert {*seen["media-aws-udp-7882-any-ipv4"]} >= {"cidrIpv4", "fromPort", "toPort", "securityGroupId"}
    assert {one["inputs"]["priority"] for name, one in made.items() if name.startswith("media-gcp-")} == {900}
    assert made["media-aws-security-group"]["customTimeouts"] == {"delete": 300}
    assert "customTimeouts" not in made["media-aws-egress-any-ipv4"]
    assert made["gone-azure-network-security-group"]["inputs"]["tags"] == {"stack": "all"}
    assert made["gone-digitalocean-firewall"]["inputs"]["name"] == "mine"
    assert isinstance(project.outputs()["rules"], list)  # no secret

    # another port, which `ignore_changes` of the component does not keep back; another group for the machine
    project.account("aws").hold("Create")  # comes last of what the engine asks for at once
    calls = up(2, {})
    assert [(method, name.startswith("media-gcp")) for method, name in calls if not name.startswith("media-aws")] == [
        ("Create", True), ("Update", False), ("Delete", True),
    ]  # fmt: skip
    assert [(method, name) for method, name in calls if not name.startswith("media-gcp")] == [
        ("Create", "media-aws-udp-7883-any-ipv4"), ("Update", "node"), ("Delete", "media-aws-udp-7882-any-ipv4"),
    ]  # fmt: skip
    assert len(by_name(project)["node"]["inputs"]["securityGroups"]) == 2

    project.account("aws").hold()
    project.destroy()
    names = [name for _, name in called(project)]
    assert (names[0], names[-1]) == ("node", "first")
    assert "trunks-aws-security-group" in names
    assert not any(name.startswith("gone") for name in names)


def by_hand(amazon: Any) -> dict[str, str]:
    """A group with rules that somebody has made: ids by the names that the program has for them."""
    tags = [{"Key": "Name", "Value": "by hand"}, {"Key": "step", "Value": "1"}]
    group = amazon.create_security_group(
        GroupName="hand", Description="made", VpcId=HERE,
        TagSpecifications=[{"ResourceType": "security-group", "Tags": tags}],
    )["GroupId"]  # fmt: skip
    entry = {"IpProtocol": "udp", "FromPort": 7882, "ToPort": 7882, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
    amazon.authorize_security_group_ingress(GroupId=group, IpPermissions=[entry])
    there = amazon.describe_security_group_rules(Filters=[{"Name": "group-id", "Values": [group]}])
    ids = {rule["IsEgress"]: rule["SecurityGroupRuleId"] for rule in there["SecurityGroupRules"]}
    return {
        "media-aws-security-group": group,
        "media-aws-udp-7882-any-ipv4": ids[False],
        "media-aws-egress-any-ipv4": ids[True],
    }


def test_a_mistake_is_told_without_a_traceback_and_nothing_is_made(start: Any) -> None:
    project = start("mistaken")
    told = project.preview(fails=True).output
    assert "  - AWS: unknown key; did you mean aws?" in told
    assert "  - opts.provider: must be a provider of aws, since the rules are written there (got one of gcp)" in told
    assert "Traceback" not in told
    assert project.calls("Check", "Create") == []
