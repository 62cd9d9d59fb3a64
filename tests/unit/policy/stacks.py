"""Small stacks of each platform that open some ports to some block, and nothing else; and one of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from livekit_firewall.deployment.derive import read_deployment
from tests.unit.reports.review.programs import (
    AWS_GROUP,
    AWS_INGRESS,
    AWS_RULE,
    AZURE_GROUP,
    AZURE_RULE,
    FILE,
    GCP,
    OCEAN,
)

from .analyzer import Made

ANYWHERE = "0.0.0.0/0"
COMPONENT = "livekit:index:LiveKitFirewall"


def urn(type_: str, name: str, *parents: str) -> str:
    return f"urn:pulumi:prod::media::{'$'.join((*parents, type_))}::{name}"


def aws(protocol: str, first: int, last: int, block: str, **more: Any) -> list[Made]:
    group = Made(urn(AWS_GROUP, "group"), AWS_GROUP, {"description": "media"}, {"id": "sg-1", "ingress": []})
    ports = {"fromPort": first, "toPort": last}
    inputs = {"securityGroupId": "sg-1", "ipProtocol": protocol, "cidrIpv4": block, **ports, **more}
    return [group, Made(urn(AWS_INGRESS, "rule"), AWS_INGRESS, inputs)]


def aws_inline(protocol: str, first: int, last: int, block: str) -> list[Made]:
    rule = {"protocol": protocol, "fromPort": first, "toPort": last, "cidrBlocks": [block]}
    return [Made(urn(AWS_GROUP, "rule"), AWS_GROUP, {"ingress": [rule]})]


def aws_older(protocol: str, first: int, last: int, block: str) -> list[Made]:
    inputs = {"type": "ingress", "securityGroupId": "sg-1", "protocol": protocol, "cidrBlocks": [block]}
    return [Made(urn(AWS_RULE, "rule"), AWS_RULE, {**inputs, "fromPort": first, "toPort": last})]


def gcp(protocol: str, first: int, last: int, block: str, **more: Any) -> list[Made]:
    allow = {"protocol": "all"} if protocol == "-1" else {"protocol": protocol, "ports": [f"{first}-{last}"]}
    inputs = {"network": "default", "allows": [allow], "sourceRanges": [block], "targetTags": ["livekit"], **more}
    return [Made(urn(GCP, "rule"), GCP, inputs)]


def digitalocean(protocol: str, first: int, last: int, block: str) -> list[Made]:
    ports = "1-65535" if protocol == "-1" else f"{first}-{last}"
    rules = [
        {"protocol": one, "portRange": ports, "sourceAddresses": [block]}
        for one in (["tcp", "udp"] if protocol == "-1" else [protocol])
    ]
    return [Made(urn(OCEAN, "rule"), OCEAN, {"inboundRules": rules, "tags": ["livekit"]})]


HETZNER = "hcloud:index/firewall:Firewall"


def hetzner(protocol: str, first: int, last: int, block: str) -> list[Made]:
    port = "any" if protocol == "-1" else f"{first}-{last}"
    rules = [
        {"direction": "in", "protocol": one, "port": port, "sourceIps": [block]}
        for one in (["tcp", "udp"] if protocol == "-1" else [protocol])
    ]
    return [Made(urn(HETZNER, "rule"), HETZNER, {"rules": rules, "applyTos": [{"labelSelector": "app=lk"}]})]


def azure_rule(protocol: str, first: int, last: int, block: str, **more: Any) -> dict[str, Any]:
    return {
        "name": "rule",
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "*" if protocol == "-1" else protocol.title(),
        "sourceAddressPrefix": block,
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*" if protocol == "-1" else f"{first}-{last}",
        **more,
    }


def azure(protocol: str, first: int, last: int, block: str) -> list[Made]:
    rule = azure_rule(protocol, first, last, block)
    return [Made(urn(AZURE_GROUP, "rule"), AZURE_GROUP, {"securityRules": [rule]})]


def azure_alone(protocol: str, first: int, last: int, block: str) -> list[Made]:
    group = Made(urn(AZURE_GROUP, "group"), AZURE_GROUP, {"networkSecurityGroupName": "media"})
    inputs = {**azure_rule(protocol, first, last, block), "networkSecurityGroupName": "media"}
    depends = {"networkSecurityGroupName": [group.urn]}
    return [group, Made(urn(AZURE_RULE, "rule"), AZURE_RULE, inputs, depends=depends)]


HOST = """\
table inet livekit {
\tset who {
\t\ttype ipv4_addr
\t\tflags interval
\t\telements = { %(block)s }
\t}

\tchain input {
\t\ttype filter hook input priority filter; policy drop;
\t\tct state established,related accept
%(rules)s
\t}
}
"""
"""In the words of the ruleset that the component writes; it opens no internal port to the internet itself."""


def host(protocol: str, first: int, last: int, block: str) -> list[Made]:
    ports = [(one, "1-65535") for one in ("tcp", "udp")] if protocol == "-1" else [(protocol, f"{first}-{last}")]
    rules = [f"\t\tip saddr @who meta l4proto {one} ct original proto-dst {some} accept" for one, some in ports]
    text = HOST % {"block": block, "rules": "\n".join(rules)}
    return [Made(urn(FILE, "rule"), FILE, {"content": text, "path": "/etc/nftables.conf"})]


PLATFORMS = {
    "aws": aws,
    "aws-inline": aws_inline,
    "aws-older": aws_older,
    "azure": azure,
    "azure-alone": azure_alone,
    "digitalocean": digitalocean,
    "gcp": gcp,
    "hetzner": hetzner,
    "host": host,
}


def ours(arguments: dict[str, Any], *, without: str = "") -> list[Made]:
    """A LiveKitFirewall on DigitalOcean: the component, its firewall, and what it says of itself.

    Args:
        without: a range of ports, as DigitalOcean writes it, that something took out of the firewall.
    """
    rules = read_deployment(arguments, Path()).rules
    component = Made(urn(COMPONENT, "livekit"), COMPONENT, {}, {"rules": [rule.as_json() for rule in rules]})
    below = "livekit:index:DigitalOceanFirewall"
    inner = Made(urn(below, "livekit-digitalocean", COMPONENT), below, parent=component.urn)
    inbound = [
        {
            "protocol": str(rule.ports.protocol),
            "portRange": rule.ports.ports,
            "sourceAddresses": [str(block) for block in rule.peer.blocks],
        }
        for rule in rules.ingress
        if rule.ports.ports != without
    ]
    inputs = {"inboundRules": inbound, "tags": ["livekit"]}
    firewall = Made(urn(OCEAN, "livekit-do", COMPONENT, below), OCEAN, inputs, parent=inner.urn)
    return [component, inner, firewall]
