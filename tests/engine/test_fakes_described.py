"""Types that are described by data refuse what their SDK does not have, and what the account cannot do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from . import sdk, sdk_stubs
from .fakes.described import FOLDER, Described, tokens
from .fakes.store import CloudError, Store
from .fakes.wire import UNKNOWN

INSTANCE = "aws:ec2/instance:Instance"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
CLUSTER = "aws:eks/cluster:Cluster"
ADDRESS = "aws:ec2/eip:Eip"
IMAGE = "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id"
NODE = {"ami": "ami-0a1b2c3d4e5f60718", "instanceType": "c7i.xlarge"}


@pytest.fixture
def described(tmp_path: Path) -> Described:
    return Described("aws", Store(tmp_path, "aws"), {}, lambda token, id_: id_ == "there")


@pytest.mark.parametrize(
    ("token", "inputs", "refused"),
    [
        (INSTANCE, NODE, []),
        (INSTANCE, {**NODE, "ami": UNKNOWN, "rootBlockDevice": {"volumeType": UNKNOWN}}, []),
        (INSTANCE, {**NODE, "instanceTyp": "c7i.xlarge"}, ["instanceTyp"]),
        (INSTANCE, {**NODE, "metadataOptions": {"http_tokens": "required"}}, ["metadataOptions.http_tokens"]),
        (INSTANCE, {**NODE, "metadataOptions": {"httpTokens": "yes"}}, ["metadataOptions.httpTokens"]),
        (INSTANCE, {**NODE, "rootBlockDevice": {"volumeSize": "20"}}, ["rootBlockDevice.volumeSize"]),
        (INSTANCE, {"instanceType": "c7i.xlarge"}, ["ami|launchTemplate"]),
        (INSTANCE, {**NODE, "ami": "ubuntu"}, ["ami"]),
        (INSTANCE, {**NODE, "vpcSecurityGroupIds": "sg-1"}, ["vpcSecurityGroupIds"]),
        (ROLE, {}, ["assumeRolePolicy"]),
    ],
)
def test_a_check(described: Described, token: str, inputs: dict[str, Any], refused: list[str]) -> None:
    assert [path for path, _ in described.refusals(token, inputs)] == refused


def test_outputs_are_those_of_the_data_and_what_was_set(described: Described) -> None:
    id_, state = described.create(ROLE, {"name": "node", "assumeRolePolicy": "{}"})
    assert (id_, state["arn"]) == ("node", "arn:aws:iam::123456789012:role/node")
    first, second = (described.create(ADDRESS, {"domain": "vpc"})[1] for _ in range(2))
    assert (first["publicIp"], second["publicIp"]) == ("192.0.2.1", "192.0.2.2")


def test_inside_of_what_was_set_a_preview_does_not_know_what_the_cloud_adds(described: Described) -> None:
    inputs = {"name": "media", "roleArn": "arn:aws:iam::123456789012:role/eks", "vpcConfig": {"subnetIds": ["there"]}}
    planned = described.planned(CLUSTER, inputs)["vpcConfig"]
    assert planned == {"subnetIds": ["there"], "clusterSecurityGroupId": UNKNOWN, "vpcId": UNKNOWN}
    made = described.create(CLUSTER, inputs)[1]["vpcConfig"]
    assert made["subnetIds"] == ["there"]
    assert made["clusterSecurityGroupId"].startswith("sg-")


def test_an_id_may_hold_the_project_of_the_provider(tmp_path: Path) -> None:
    google = Described("gcp", Store(tmp_path, "gcp"), {"project": "mine"}, lambda token, id_: True)
    id_, state = google.create("gcp:compute/address:Address", {"name": "sfu", "region": "europe-west4"})
    assert id_ == "projects/mine/regions/europe-west4/addresses/sfu"
    assert state["selfLink"].endswith(id_)


def test_what_a_resource_names_must_be_there(described: Described) -> None:
    described.create(ADDRESS, {"domain": "vpc", "networkInterface": "there"})
    with pytest.raises(CloudError, match=r"networkInterface: .* eni-1 does not exist"):
        described.create(ADDRESS, {"domain": "vpc", "networkInterface": "eni-1"})
    with pytest.raises(CloudError, match=r"role: .* node does not exist"):
        described.create(POLICY, {"name": "node", "role": "node", "policy": "{}"})


def test_what_a_resource_names_stays(described: Described) -> None:
    described.create(ROLE, {"name": "node", "assumeRolePolicy": "{}"})
    id_, _ = described.create(POLICY, {"name": "node", "role": "node", "policy": "{}"})
    with pytest.raises(CloudError, match=f"DependencyViolation: {POLICY} {id_} names node"):
        described.refuse_if_named(ROLE, "node")
    described.delete(POLICY, id_, {})
    described.refuse_if_named(ROLE, "node")


def test_an_interface_is_of_one_machine(described: Described) -> None:
    node = {**NODE, "primaryNetworkInterface": {"networkInterfaceId": "there"}}
    id_, _ = described.create(INSTANCE, node)
    with pytest.raises(CloudError, match=f"InUse: primaryNetworkInterface.networkInterfaceId: {INSTANCE} {id_} has"):
        described.create(INSTANCE, node)
    described.delete(INSTANCE, id_, {})
    described.create(INSTANCE, node)


@pytest.mark.parametrize("more", [{"userDataReplaceOnChange": True}, {}])
def test_what_replaces_on_demand(described: Described, more: dict[str, Any]) -> None:
    replaced = described.replaces(INSTANCE, NODE, {**NODE, **more}, {"userData", "instanceType"})
    assert replaced == ({"userData"} if more else set())


def test_a_function_answers_what_it_has_an_answer_to(described: Described) -> None:
    function = "aws:ssm/getParameter:getParameter"
    assert described.answer(function, {"name": IMAGE, "region": None})["insecureValue"].startswith("ami-")
    for arguments in ({"name": IMAGE, "region": "us-east-1"}, {"name": "/other"}):
        with pytest.raises(CloudError, match="no answer of aws:ssm/getParameter:getParameter to"):
            described.answer(function, arguments)


# pulumi_command warns of its own deprecated parts when it is imported
@pytest.mark.filterwarnings("ignore:This resource is deprecated:DeprecationWarning")
@pytest.mark.parametrize("package", sdk.PACKAGES)
def test_the_properties_are_those_of_the_sdk(package: str) -> None:
    written = {FOLDER / f"{package}.json": sdk.written(package)}
    written |= {sdk_stubs.FOLDER / path: text for path, text in sdk_stubs.stubs(package).items()}
    outdated = [path.name for path, text in written.items() if path.read_text(encoding="utf-8") != text]
    assert outdated == [], "python -m tests.engine.sdk"


@pytest.mark.parametrize("package", sdk.PACKAGES)
def test_the_data_names_properties_that_are_there(package: str, tmp_path: Path) -> None:
    kinds = Described(package, Store(tmp_path, package), {}, lambda token, id_: True).kinds
    for token, kind in kinds.items():
        inputs, outputs = sdk.properties(package, token)
        roots = {
            path.partition(".")[0]
            for path in (*kind.must, *kind.refers, *kind.alone, *kind.replaces, *kind.replaces_if)
        }
        needed = {name for names in kind.needs for name in names.split("|")}
        assert (roots | needed | {kind.named} - {""}) - inputs == set(), token
        assert kind.outputs.keys() - outputs == set(), token
        assert set(kind.refers.values()) - {*tokens(package), "aws:ec2/securityGroup:SecurityGroup"} == set(), token
