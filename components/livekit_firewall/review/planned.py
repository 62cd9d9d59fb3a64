"""A deployment -> the resources that its component would make, as far as they are known without Pulumi.

`diff` reads them as `review` reads those of a preview: so the page says the same, each platform's own ground rules and
what the rules are attached to included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..deployment.derive import Deployment
from ..deployment.rendering import render_for
from ..effective.resources import Resource, camel
from ..platforms.aws import from_pulumi as aws
from ..platforms.aws.native import SELF
from ..platforms.digitalocean import from_pulumi as digitalocean
from ..platforms.gcp import from_pulumi as gcp
from ..platforms.nftables import from_pulumi as nftables
from ..platforms.registry import PLATFORMS

PROJECT = "urn:pulumi:diff::livekit-firewall::"
AWS_RULES = {way: token for token, way in aws.RULES.items()}
FILE, LOADED = nftables.CONTENT


def planned(deployment: Deployment, target: str) -> list[Resource]:
    """The resources of one target.

    Raises:
        ProblemsError: the platform cannot express or hold the rules.
    """
    native = render_for(deployment, PLATFORMS[target])
    return list(_MAKE[target](native, deployment.targets[target]))


def _resource(token: str, name: str, inputs: Mapping[str, Any]) -> Resource:
    return Resource(
        f"{PROJECT}{token}::{name}", token, {key: value for key, value in inputs.items() if value is not None}
    )


def _aws(native: Any, _target: Any) -> Iterator[Resource]:
    group = native.security_group_id
    if group is None:
        made = _resource(aws.GROUPS[0], "aws", {"vpcId": native.vpc_id})
        group = made.urn
        yield Resource(made.urn, made.type, made.inputs, id=made.urn)
    for rule in native.rules:
        inputs = _camel(rule.arguments())
        if rule.referenced_security_group_id is SELF:
            inputs["referencedSecurityGroupId"] = group
        yield _resource(AWS_RULES[rule.direction], rule.key, {**inputs, "securityGroupId": group})


def _gcp(native: Any, _target: Any) -> Iterator[Resource]:
    for rule in native:
        inputs = {
            "network": native.network,
            "project": native.project,
            "direction": rule.direction,
            "priority": rule.priority,
            "description": rule.description,
            "allows": [{"protocol": one.protocol, "ports": list(one.ports) or None} for one in rule.allows],
            **{
                key: list(value) or None
                for key, value in (
                    ("sourceRanges", rule.source_ranges),
                    ("sourceTags", rule.source_tags),
                    ("sourceServiceAccounts", rule.source_service_accounts),
                    ("targetTags", rule.target_tags),
                    ("targetServiceAccounts", rule.target_service_accounts),
                )
            },
        }
        yield _resource(gcp.FIREWALL, rule.name, inputs)


def _digitalocean(native: Any, _target: Any) -> Iterator[Resource]:
    sources = ("source_addresses", "source_droplet_ids", "source_tags", "source_load_balancer_uids")
    inbound = [
        {
            "protocol": one.protocol,
            "portRange": one.port_range,
            **{camel(key): list(getattr(one, key)) for key in sources},
        }
        for one in native.inbound
    ]
    outbound = [
        {
            "protocol": one.protocol,
            "portRange": one.port_range,
            "destinationAddresses": list(one.destination_addresses),
        }
        for one in native.outbound
    ]
    inputs = {
        "inboundRules": inbound,
        "outboundRules": outbound,
        "dropletIds": list(native.droplet_ids),
        "tags": list(native.tags),
    }
    yield _resource(digitalocean.FIREWALL, "digitalocean", inputs)


def _azure(native: Any, _target: Any) -> Iterator[Resource]:
    rules = [_camel(rule.arguments()) for rule in native.security_rules]
    inputs = {"resourceGroupName": native.resource_group_name, "location": native.location, "securityRules": rules}
    yield _resource("azure-native:network:NetworkSecurityGroup", "azure", inputs)


def _host(native: Any, target: Any) -> Iterator[Resource]:
    """The text also where nothing writes it: it is an output that somebody loads."""
    if target.path is not None or not target.apply:
        yield _resource(FILE, "host", {"content": native})
    if target.apply:
        yield _resource(LOADED, "host-applied", {"ruleset": native})


def _camel(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {camel(name): value for name, value in arguments.items()}


_MAKE: Mapping[str, Callable[[Any, Any], Iterator[Resource]]] = {
    "aws": _aws,
    "gcp": _gcp,
    "digitalocean": _digitalocean,
    "azure": _azure,
    "host": _host,
}
