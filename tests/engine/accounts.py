"""Accounts that hold what a stack's configuration names: its VPC, tags, resource group, ..."""

from __future__ import annotations

from typing import Any
from unittest import mock

from .fakes import azure, digitalocean, gcp, hetzner
from .project import Project


def furnish(project: Project, amazon: Any, targets: dict[str, Any] | None = None) -> None:
    """Make what the targets name, under the ids that they are named by: those given, otherwise the stack's own."""
    config = project.config() if targets is None else targets
    if amazon is not None:
        _amazon(amazon, config.get("aws", {}))
    network = config.get("gcp", {}).get("network", "default")
    project.account("gcp").put(gcp.NETWORK, network, {"name": network})
    ocean = config.get("digitalocean", {})
    for token, key in (
        (digitalocean.TAG, "tags"),
        (digitalocean.DROPLET, "droplet_ids"),
        (digitalocean.BALANCER, "load_balancer_uids"),
    ):
        for name in ocean.get(key, []):
            project.account("digitalocean").put(token, str(name), {"name": name})
    for server in config.get("hetzner", {}).get("server_ids", []):
        project.account("hcloud").put(hetzner.SERVER, str(server), {"name": f"node-{server}"})
    resources = f"/subscriptions/fake/resourceGroups/{config.get('azure', {}).get('resource_group_name', 'livekit')}"
    project.account("azure-native").put(azure.RESOURCES, resources, {})


def _amazon(amazon: Any, target: dict[str, Any]) -> None:
    """The emulator runs in this process and draws its ids at random, hence the patches."""
    there = {vpc["VpcId"] for vpc in amazon.describe_vpcs()["Vpcs"]}
    vpc = target.get("vpc_id")
    if vpc and vpc not in there:
        with mock.patch("moto.ec2.models.vpcs.random_vpc_id", return_value=vpc):
            amazon.create_vpc(CidrBlock="10.0.0.0/16")
    groups = {group["GroupId"] for group in amazon.describe_security_groups()["SecurityGroups"]}
    for id_ in [target.get("security_group_id"), *target.get("load_balancer_security_group_ids", [])]:
        if id_ and id_ not in groups:
            with mock.patch("moto.ec2.models.security_groups.random_security_group_id", return_value=id_):
                amazon.create_security_group(GroupName=id_[3:], Description="there before", VpcId=vpc or min(there))
