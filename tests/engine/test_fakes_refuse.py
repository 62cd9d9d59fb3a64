"""The fakes refuse what their clouds refuse, and accept what is right: each predicate fails once here."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from .fakes import aws, azure, digitalocean, gcp, hetzner
from .fakes.wire import UNKNOWN

UNSET = object()
"""In a change: the property is not given."""

AWS_GROUP = {
    "name": "lk-0123456",
    "description": "LiveKit",
    "vpcId": "vpc-0123456789abcdef0",
    "tags": {"Name": "lk"},
}
AWS_RULE = {
    "securityGroupId": "sg-0123456789abcdef0",
    "ipProtocol": "udp",
    "fromPort": 50000,
    "toPort": 60000,
    "cidrIpv4": "0.0.0.0/0",
    "description": "ICE/UDP: port_range_start, port_range_end",
}
AWS_ENTRY = {"protocol": "tcp", "fromPort": 80, "toPort": 81, "cidrBlocks": ["0.0.0.0/0"]}
GCP_RULE = {
    "name": "lk-media-ipv4-0123456",
    "network": "default",
    "allows": [{"protocol": "udp", "ports": ["3478", "50000-60000"]}, {"protocol": "icmp"}],
    "sourceRanges": ["203.0.113.0/24", "0.0.0.0/0"],
    "targetTags": ["livekit"],
}
DIGITALOCEAN_RULE = {"protocol": "udp", "portRange": "50000-60000", "sourceAddresses": ["0.0.0.0/0", "::/0"]}
DIGITALOCEAN_OUT = {"protocol": "icmp", "destinationAddresses": ["0.0.0.0/0", "::/0"]}
DIGITALOCEAN_WALL = {
    "name": "lk-0123456",
    "tags": ["livekit"],
    "inboundRules": [DIGITALOCEAN_RULE],
    "outboundRules": [DIGITALOCEAN_OUT],
}
AZURE_RULE = {
    "name": "ice-udp-ipv4",
    "access": "Allow",
    "direction": "Inbound",
    "priority": 100,
    "protocol": "Udp",
    "sourceAddressPrefix": "0.0.0.0/0",
    "sourcePortRange": "*",
    "destinationAddressPrefix": "*",
    "destinationPortRanges": ["3478", "50000-60000"],
    "description": "ICE/UDP",
}
AZURE_GROUP = {
    "networkSecurityGroupName": "lk01234567",
    "resourceGroupName": "livekit",
    "securityRules": [AZURE_RULE],
}


def but(good: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A copy with some properties changed or, with UNSET, left out."""
    return {key: value for key, value in {**good, **changes}.items() if value is not UNSET}


def group(**changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    return aws, aws.GROUP, but(AWS_GROUP, **changes)


def rule(**changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    return aws, aws.INGRESS, but(AWS_RULE, **changes)


def inline(**changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    return group(ingress=[but(AWS_ENTRY, **changes)])


def old_rule(**changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    whole = {**AWS_ENTRY, "type": "ingress", "securityGroupId": "sg-0123456789abcdef0"}
    return aws, aws.OLD_RULE, but(whole, **changes)


def google(**changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    return gcp, gcp.FIREWALL, but(GCP_RULE, **changes)


def ocean(**changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    return digitalocean, digitalocean.FIREWALL, but(DIGITALOCEAN_WALL, **changes)


def ocean_rule(**changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    return ocean(inboundRules=[but(DIGITALOCEAN_RULE, **changes)])


AZURE_MEMBERS = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/a"


def azured(**changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    return azure, azure.GROUP, but(AZURE_GROUP, **changes)


def azure_rule(*more: dict[str, Any], **changes: Any) -> tuple[ModuleType, str, dict[str, Any]]:
    return azured(securityRules=[but(AZURE_RULE, **changes), *more])


BAD = {
    # what is wrong: the inputs, the property that is refused, a part of the reason
    "aws: an unknown property": (rule(cidr="0.0.0.0/0"), "cidr", "unknown property"),
    "aws: a rule without a group": (rule(securityGroupId=UNSET), "securityGroupId", "missing"),
    "aws: a rule without a protocol": (rule(ipProtocol=UNSET), "ipProtocol", "missing"),
    "aws: an id that is none": (rule(securityGroupId="sg-foo"), "securityGroupId", "hexadecimal"),
    "aws: a port as a text": (rule(fromPort="50000"), "fromPort", "must be int"),
    "aws: a protocol in capitals": (rule(ipProtocol="UDP"), "ipProtocol", "one of"),
    "aws: a protocol as a number": (rule(ipProtocol="17"), "ipProtocol", "one of"),
    "aws: a port over 65535": (rule(toPort=70000), "toPort", "65535"),
    "aws: a reversed range": (rule(fromPort=60001), "toPort", "less than fromPort"),
    "aws: a negative port": (rule(fromPort=-1), "fromPort", "0 to 65535"),
    "aws: no ports": (rule(fromPort=UNSET, toPort=UNSET), "fromPort", "required"),
    "aws: half a range": (rule(toPort=UNSET), "fromPort", "required"),
    "aws: all protocols with ports": (rule(ipProtocol="-1", fromPort=0, toPort=0), "fromPort", "no ports"),
    "aws: no source": (rule(cidrIpv4=UNSET), "cidrIpv4", "exactly one"),
    "aws: two sources": (rule(cidrIpv6="::/0"), "cidrIpv4", "exactly one"),
    "aws: host bits": (rule(cidrIpv4="10.0.0.5/24"), "cidrIpv4", "host bits"),
    "aws: a bare address": (rule(cidrIpv4="10.0.0.5"), "cidrIpv4", "prefix length"),
    "aws: IPv6 as IPv4": (rule(cidrIpv4="::/0"), "cidrIpv4", "IPv4"),
    "aws: IPv4 as IPv6": (rule(cidrIpv4=UNSET, cidrIpv6="0.0.0.0/0"), "cidrIpv6", "IPv6"),
    "aws: long-winded IPv6": (rule(cidrIpv4=UNSET, cidrIpv6="0::0/0"), "cidrIpv6", "read back as ::/0"),
    "aws: a description with <": (rule(description="a < b"), "description", "1 to 255"),
    "aws: a description with é": (rule(description="café"), "description", "1 to 255"),
    "aws: a description of 256": (rule(description="x" * 256), "description", "1 to 255"),
    "aws: an ICMP type of 256": (rule(ipProtocol="icmp", fromPort=256, toPort=-1), "fromPort", "255"),
    "aws: a code of every ICMP type": (rule(ipProtocol="icmp", fromPort=-1, toPort=4), "toPort", "-1"),
    "aws: ICMP from IPv6": (
        rule(ipProtocol="icmp", fromPort=3, toPort=4, cidrIpv4=UNSET, cidrIpv6="::/0"),
        "ipProtocol",
        "IPv6",
    ),
    "aws: ICMPv6 from IPv4": (rule(ipProtocol="icmpv6", fromPort=2, toPort=0), "ipProtocol", "IPv4"),
    "aws: a tag of Amazon's": (rule(tags={"aws:x": "y"}), "tags", "aws:"),
    "aws: an empty list of inline rules": (group(ingress=[]), "ingress", "takes away"),
    "aws: an inline rule from nobody": (inline(cidrBlocks=UNSET), "ingress[0].cidrBlocks", "no source"),
    "aws: an inline rule of all protocols with ports": (inline(protocol="-1"), "ingress[0].fromPort", "must be 0"),
    "aws: an inline rule with a reversed range": (inline(toPort=1), "ingress[0].toPort", "in order"),
    "aws: an inline rule from IPv6 as IPv4": (inline(cidrBlocks=["::/0"]), "ingress[0].cidrBlocks[0]", "IPv4"),
    "aws: an inline rule without ports": (inline(fromPort=UNSET), "ingress[0].fromPort", "missing"),
    "aws: an older rule in no direction": (old_rule(type=UNSET), "type", "missing"),
    "aws: an older rule from a group and a block": (
        old_rule(sourceSecurityGroupId="sg-0123456789abcdef0"),
        "sourceSecurityGroupId",
        "conflicts with cidrBlocks",
    ),
    "aws: a group named like an id": (group(name="sg-livekit"), "name", "sg-"),
    "aws: a group with no description": (group(description=""), "description", "1 to 255"),
    "aws: a VPC's name for its id": (group(vpcId="default"), "vpcId", "vpc-"),
    "aws: a type that nobody knows": (
        (aws, "aws:ec2/networkAcl:NetworkAcl", {}),
        "",
        "unknown type",
    ),
    "gcp: an unknown property": (google(sourceRange=["0.0.0.0/0"]), "sourceRange", "unknown property"),
    "gcp: no network": (google(network=UNSET), "network", "missing"),
    "gcp: a name in capitals": (google(name="LiveKit"), "name", "1 to 63"),
    "gcp: a name with _": (google(name="live_kit"), "name", "1 to 63"),
    "gcp: a name of 64": (google(name="a" * 64), "name", "1 to 63"),
    "gcp: a name that ends in -": (google(name="livekit-"), "name", "1 to 63"),
    "gcp: ports as numbers": (
        google(allows=[{"protocol": "udp", "ports": [3478]}]),
        "allows[0].ports[0]",
        "text",
    ),
    "gcp: a reversed range": (
        google(allows=[{"protocol": "udp", "ports": ["60000-50000"]}]),
        "allows[0].ports[0]",
        "reversed",
    ),
    "gcp: port 0": (google(allows=[{"protocol": "udp", "ports": ["0"]}]), "allows[0].ports[0]", "65535"),
    "gcp: a range with a colon": (
        google(allows=[{"protocol": "udp", "ports": ["1:2"]}]),
        "allows[0].ports[0]",
        "FIRST",
    ),
    "gcp: ports of ICMP": (
        google(allows=[{"protocol": "icmp", "ports": ["8"]}]),
        "allows[0].ports",
        "have ports",
    ),
    "gcp: an empty list of ports": (
        google(allows=[{"protocol": "udp", "ports": []}]),
        "allows[0].ports",
        "opens all",
    ),
    "gcp: a protocol that nobody knows": (
        google(allows=[{"protocol": "UDP"}]),
        "allows[0].protocol",
        "protocol",
    ),
    "gcp: the API's name for a protocol": (
        google(allows=[{"IPProtocol": "udp"}]),
        "allows[0].IPProtocol",
        "unknown",
    ),
    "gcp: the same port twice": (
        google(allows=[{"protocol": "udp", "ports": ["1", "1"]}]),
        "allows[0].ports",
        "duplicate",
    ),
    "gcp: nothing allowed": (google(allows=UNSET), "allows", "exactly one"),
    "gcp: allowed and denied": (google(denies=[{"protocol": "all"}]), "allows", "exactly one"),
    "gcp: no source": (google(sourceRanges=UNSET), "sourceRanges", "required"),
    "gcp: an empty list of sources": (google(sourceRanges=[]), "sourceRanges", "no source"),
    "gcp: mixed families": (google(sourceRanges=["0.0.0.0/0", "::/0"]), "sourceRanges", "not both"),
    "gcp: host bits": (google(sourceRanges=["10.0.0.5/24"]), "sourceRanges[0]", "host bits"),
    "gcp: expanded IPv6": (google(sourceRanges=["2001:db8:0::/48"]), "sourceRanges[0]", "differs for ever"),
    "gcp: the same source twice": (google(sourceRanges=["10.0.0.0/8"] * 2), "sourceRanges", "duplicate"),
    "gcp: ICMP from IPv6": (google(sourceRanges=["::/0"]), "allows", "58"),
    "gcp: ICMPv6 from IPv4": (google(allows=[{"protocol": "58"}]), "allows", "IPv4"),
    "gcp: tags and service accounts": (
        google(targetServiceAccounts=["lk@fake-project.iam.gserviceaccount.com"]),
        "targetTags",
        "cannot be used together",
    ),
    "gcp: an account's name for its address": (
        google(targetTags=UNSET, targetServiceAccounts=["livekit"]),
        "targetServiceAccounts[0]",
        "address",
    ),
    "gcp: 11 service accounts": (
        google(targetTags=UNSET, targetServiceAccounts=[f"a{n}@p.iam.gserviceaccount.com" for n in range(11)]),
        "targetServiceAccounts",
        "at most 10",
    ),
    "gcp: a tag with _": (google(targetTags=["live_kit"]), "targetTags[0]", "1 to 63"),
    "gcp: a priority of 65536": (google(priority=65536), "priority", "65535"),
    "gcp: a direction of another cloud": (google(direction="Inbound"), "direction", "INGRESS"),
    "gcp: an egress rule with a source": (google(direction="EGRESS"), "sourceRanges", "no source"),
    "digitalocean: an unknown property": (ocean(network="x"), "network", "unknown property"),
    "digitalocean: a name with _": (ocean(name="live_kit"), "name", "2 to 255"),
    "digitalocean: a name of one letter": (ocean(name="l"), "name", "2 to 255"),
    "digitalocean: no rules": (ocean(inboundRules=UNSET, outboundRules=UNSET), "inboundRules", "1 to 50"),
    "digitalocean: 51 rules": (
        ocean(inboundRules=[but(DIGITALOCEAN_RULE, portRange=str(port)) for port in range(1, 51)]),
        "inboundRules",
        "(got 51)",
    ),
    "digitalocean: no port range": (ocean_rule(portRange=UNSET), "inboundRules[0].portRange", "required"),
    "digitalocean: a port range of ICMP": (
        ocean_rule(protocol="icmp", portRange="1-65535"),
        "inboundRules[0].portRange",
        "no ports",
    ),
    "digitalocean: all ports as 0": (ocean_rule(portRange="0"), "inboundRules[0].portRange", "65535"),
    "digitalocean: all ports as all": (
        ocean_rule(portRange="all"),
        "inboundRules[0].portRange",
        "FIRST-LAST",
    ),
    "digitalocean: a range with a colon": (ocean_rule(portRange="1:2"), "inboundRules[0].portRange", "FIRST"),
    "digitalocean: a port as a number": (ocean_rule(portRange=22), "inboundRules[0].portRange", "text"),
    "digitalocean: a protocol in capitals": (
        ocean_rule(protocol="UDP"),
        "inboundRules[0].protocol",
        "one of",
    ),
    "digitalocean: no source": (ocean_rule(sourceAddresses=UNSET), "inboundRules[0]", "names no source"),
    "digitalocean: a destination of an inbound rule": (
        ocean_rule(destinationAddresses=["::/0"]),
        "inboundRules[0].destinationAddresses",
        "unknown property",
    ),
    "digitalocean: host bits": (
        ocean_rule(sourceAddresses=["10.0.0.5/24"]),
        "inboundRules[0].sourceAddresses[0]",
        "host bits",
    ),
    "digitalocean: 1,001 sources": (
        ocean_rule(sourceAddresses=[f"10.{n // 256}.{n % 256}.0/24" for n in range(1001)]),
        "inboundRules[0]",
        "1,000",
    ),
    "digitalocean: a balancer's name for its uid": (
        ocean_rule(sourceLoadBalancerUids=["lb"]),
        "inboundRules[0].sourceLoadBalancerUids[0]",
        "UUID",
    ),
    "digitalocean: a rule inside another": (
        ocean(inboundRules=[DIGITALOCEAN_RULE, but(DIGITALOCEAN_RULE, sourceAddresses=["::/0"])]),
        "inboundRules[1]",
        "duplicate",
    ),
    "digitalocean: a rule twice": (
        ocean(inboundRules=[but(DIGITALOCEAN_OUT, destinationAddresses=UNSET, sourceAddresses=["::/0"])] * 2),
        "inboundRules[1]",
        "duplicate",
    ),
    "digitalocean: 11 droplets": (ocean(dropletIds=[*range(1, 12)]), "dropletIds", "at most 10"),
    "digitalocean: a droplet's id as a text": (ocean(dropletIds=["1001"]), "dropletIds[0]", "int"),
    "digitalocean: 6 tags": (ocean(tags=[*"abcdef"]), "tags", "at most 5"),
    "digitalocean: a tag with a dot": (ocean(tags=["a.b"]), "tags[0]", "1 to 255"),
    "digitalocean: a tag twice, ignoring case": (ocean(tags=["a", "A"]), "tags", "ignoring case"),
    "azure: an unknown property": (azured(rules=[]), "rules", "unknown property"),
    "azure: no resource group": (azured(resourceGroupName=UNSET), "resourceGroupName", "missing"),
    "azure: a rule's name that ends in -": (azure_rule(name="ice-"), "securityRules[0].name", "1 to 80"),
    "azure: a rule's name of 81": (azure_rule(name="x" * 81), "securityRules[0].name", "1 to 80"),
    "azure: two rules of a name": (
        azure_rule(but(AZURE_RULE, priority=101)),
        "securityRules[1].name",
        "duplicate",
    ),
    "azure: two rules of a priority": (
        azure_rule(but(AZURE_RULE, name="other")),
        "securityRules[1].priority",
        "is taken in direction Inbound",
    ),
    "azure: a priority below 100": (azure_rule(priority=99), "securityRules[0].priority", "from 100 to 4096"),
    "azure: a priority above 4096": (
        azure_rule(priority=4097),
        "securityRules[0].priority",
        "from 100 to 4096",
    ),
    "azure: no priority": (azure_rule(priority=UNSET), "securityRules[0].priority", "missing"),
    "azure: a direction of another cloud": (
        azure_rule(direction="ingress"),
        "securityRules[0].direction",
        "Inbound",
    ),
    "azure: a protocol in capitals": (azure_rule(protocol="UDP"), "securityRules[0].protocol", "one of"),
    "azure: singular and plural": (
        azure_rule(sourceAddressPrefixes=["10.0.0.0/8"]),
        "securityRules[0].sourceAddressPrefix",
        "exactly one",
    ),
    "azure: ports in singular and plural": (
        azure_rule(destinationPortRange="22"),
        "securityRules[0].destinationPortRange",
        "exactly one",
    ),
    "azure: no source port": (
        azure_rule(sourcePortRange=UNSET),
        "securityRules[0].sourcePortRange",
        "exactly one",
    ),
    "azure: an empty plural": (
        azure_rule(destinationPortRanges=[]),
        "securityRules[0].destinationPortRange",
        "exactly one",
    ),
    "azure: * in a plural": (
        azure_rule(sourceAddressPrefix=UNSET, sourceAddressPrefixes=["*"]),
        "securityRules[0].sourceAddressPrefixes[0]",
        "prefix length",
    ),
    "azure: * among ports": (
        azure_rule(destinationPortRanges=["*"]),
        "securityRules[0].destinationPortRanges[0]",
        "FIRST-LAST",
    ),
    "azure: a reversed range": (
        azure_rule(destinationPortRanges=["60000-50000"]),
        "securityRules[0].destinationPortRanges[0]",
        "reversed",
    ),
    "azure: a service tag in small letters": (
        azure_rule(sourceAddressPrefix="internet"),
        "securityRules[0].sourceAddressPrefix",
        "service tag",
    ),
    "azure: a group by its name": (
        azure_rule(sourceAddressPrefix=UNSET, sourceApplicationSecurityGroups=[{"id": "bastion"}]),
        "securityRules[0].sourceApplicationSecurityGroups[0].id",
        "application security group",
    ),
    "azure: a group beside a block": (
        azure_rule(sourceApplicationSecurityGroups=[{"id": AZURE_MEMBERS}]),
        "securityRules[0].sourceAddressPrefix",
        "exactly one",
    ),
    "azure: eleven groups": (
        azure_rule(
            sourceAddressPrefix=UNSET,
            sourceApplicationSecurityGroups=[{"id": f"{AZURE_MEMBERS}{n}"} for n in range(11)],
        ),
        "securityRules[0].sourceApplicationSecurityGroups",
        "10",
    ),
    "azure: mixed families": (
        azure_rule(sourceAddressPrefix=UNSET, sourceAddressPrefixes=["10.0.0.0/8", "2001:db8::/32"]),
        "securityRules[0].sourceAddressPrefixes",
        "cannot be combined",
    ),
    "azure: ICMPv6": (
        azure_rule(protocol="Icmp", sourceAddressPrefix="::/0", destinationPortRanges=UNSET, destinationPortRange="*"),
        "securityRules[0].protocol",
        "ICMPv6",
    ),
    "azure: ports of ICMP": (
        azure_rule(protocol="Icmp"),
        "securityRules[0].destinationPortRange",
        "must be *",
    ),
    "azure: a description of 141": (azure_rule(description="x" * 141), "securityRules[0].description", "140"),
    "azure: 1,001 rules": (
        azured(securityRules=[but(AZURE_RULE, name=f"r{n}", priority=100 + n) for n in range(1001)]),
        "securityRules",
        "at most 1000",
    ),
    "azure: 4,001 prefixes": (
        azure_rule(
            sourceAddressPrefix=UNSET,
            sourceAddressPrefixes=[f"10.{n // 256}.{n % 256}.0/24" for n in range(4001)],
        ),
        "securityRules[0].sourceAddressPrefixes",
        "at most 4000",
    ),
}

GOOD = {
    "aws: a group": group(),
    "aws: a rule": rule(),
    "aws: a rule without a description": rule(description=UNSET),
    "aws: everything": rule(ipProtocol="-1", fromPort=UNSET, toPort=UNSET),
    "aws: a group with inline rules": inline(self=True, ipv6CidrBlocks=["::/0"]),
    "aws: all protocols inline": inline(protocol="-1", fromPort=0, toPort=0),
    "aws: a VPC's own group": (aws, aws.DEFAULT_GROUP, {"ingress": [AWS_ENTRY]}),
    "aws: an older rule": old_rule(),
    "aws: path MTU of IPv4": rule(ipProtocol="icmp", fromPort=3, toPort=4),
    "aws: path MTU of IPv6": rule(ipProtocol="icmpv6", fromPort=2, toPort=0, cidrIpv4=UNSET, cidrIpv6="::/0"),
    "aws: all ICMPv6": rule(ipProtocol="icmpv6", fromPort=UNSET, toPort=UNSET, cidrIpv4=UNSET, cidrIpv6="::/0"),
    "aws: a group as the source": rule(cidrIpv4=UNSET, referencedSecurityGroupId="sg-01234567"),
    "aws: a group unknown at preview": rule(cidrIpv4=UNSET, referencedSecurityGroupId=UNKNOWN),
    "aws: all unknown at preview": rule(securityGroupId=UNKNOWN),
    "gcp: a rule": google(),
    "gcp: IPv6": google(sourceRanges=["::/0"], allows=[{"protocol": "tcp", "ports": ["443"]}, {"protocol": "58"}]),
    "gcp: all instances": google(targetTags=UNSET),
    "gcp: service accounts": google(
        targetTags=UNSET, targetServiceAccounts=["lk@fake-project.iam.gserviceaccount.com"]
    ),
    "gcp: a network unknown at preview": google(network=UNKNOWN),
    "gcp: a network by its self link": google(
        network="https://www.googleapis.com/compute/v1/projects/fake-project/global/networks/default"
    ),
    "gcp: an account unknown at preview": google(targetTags=UNSET, targetServiceAccounts=[UNKNOWN]),
    "digitalocean: a firewall": ocean(),
    "digitalocean: droplets": ocean(tags=UNSET, dropletIds=[1001, 1002]),
    "digitalocean: droplets unknown at preview": ocean(tags=UNSET, dropletIds=[UNKNOWN, UNKNOWN]),
    "digitalocean: a balancer": ocean_rule(
        sourceAddresses=UNSET, sourceLoadBalancerUids=["3f1c8e6a-0000-4000-8000-000000000000"]
    ),
    "digitalocean: balancers unknown at preview": ocean_rule(
        sourceAddresses=UNSET, sourceLoadBalancerUids=[UNKNOWN, UNKNOWN]
    ),
    "digitalocean: 50 rules": ocean(
        inboundRules=[but(DIGITALOCEAN_RULE, portRange=str(port)) for port in range(1, 50)]
    ),
    "azure: a group": azured(),
    "azure: a group without rules": azured(securityRules=[]),
    "azure: a deny of everything": azure_rule(
        but(
            AZURE_RULE,
            name="deny-everything",
            access="Deny",
            priority=4096,
            protocol="*",
            sourceAddressPrefix="*",
            destinationPortRange="*",
            destinationPortRanges=UNSET,
        )
    ),
    "azure: several sources": azure_rule(
        sourceAddressPrefix=UNSET, sourceAddressPrefixes=["2001:db8::/32", "2001:db9::/32"]
    ),
    "azure: probes": azure_rule(sourceAddressPrefix="AzureLoadBalancer"),
    "azure: outbound with an inbound rule's priority": azure_rule(but(AZURE_RULE, name="out", direction="Outbound")),
    "azure: a resource group unknown at preview": azured(resourceGroupName=UNKNOWN),
}


@pytest.mark.parametrize(("case", "place", "reason"), BAD.values(), ids=BAD.keys())
def test_what_a_cloud_refuses_its_fake_refuses(
    case: tuple[ModuleType, str, dict[str, Any]], place: str, reason: str
) -> None:
    cloud, token, inputs = case
    refused = cloud.refusals(token, inputs)
    assert [path for path, why in refused if reason in why] == [place], refused


@pytest.mark.parametrize(("cloud", "token", "inputs"), GOOD.values(), ids=GOOD.keys())
def test_what_is_right_is_accepted(cloud: ModuleType, token: str, inputs: dict[str, Any]) -> None:
    assert cloud.refusals(token, inputs) == []


ALONE = {
    **{key: value for key, value in AZURE_RULE.items() if key != "name"},
    "securityRuleName": "ice",
    "networkSecurityGroupName": "lk",
    "resourceGroupName": "livekit",
}
OLDER = "azure-native:network/v20230901:NetworkSecurityGroup"


def test_a_rule_of_azure_alone_is_judged_like_one_inside_a_group() -> None:
    assert azure.refusals(azure.STANDALONE, ALONE) == []
    twice = azure.refusals(azure.STANDALONE, {**ALONE, "sourceAddressPrefixes": ["10.0.0.0/8"]})
    assert [path for path, _ in twice] == ["sourceAddressPrefix"]


def test_an_older_version_of_azures_api_is_judged_as_well() -> None:
    assert azure.refusals(OLDER, AZURE_GROUP) == []
    assert [path for path, _ in azure.refusals(OLDER, {**AZURE_GROUP, "rules": []})] == ["rules"]
    assert azure.replaces(OLDER, {}, {}, {"location", "tags"}) == {"location"}


SDK_ARGS = {
    # token or record: the SDK's file, its class of arguments, and the shape that the fake has for it
    "aws group": ("pulumi_aws/ec2/security_group.py", "SecurityGroupArgs", aws.SHAPES[aws.GROUP]),
    "aws ingress": (
        "pulumi_aws/vpc/security_group_ingress_rule.py",
        "SecurityGroupIngressRuleArgs",
        aws.SHAPES[aws.INGRESS],
    ),
    "aws egress": (
        "pulumi_aws/vpc/security_group_egress_rule.py",
        "SecurityGroupEgressRuleArgs",
        aws.SHAPES[aws.EGRESS],
    ),
    "aws default group": (
        "pulumi_aws/ec2/default_security_group.py",
        "DefaultSecurityGroupArgs",
        aws.SHAPES[aws.DEFAULT_GROUP],
    ),
    "aws inline rule": ("pulumi_aws/ec2/_inputs.py", "SecurityGroupIngressArgs", aws.ENTRY),
    "aws older rule": ("pulumi_aws/ec2/security_group_rule.py", "SecurityGroupRuleArgs", aws.SHAPES[aws.OLD_RULE]),
    "gcp": ("pulumi_gcp/compute/firewall.py", "FirewallArgs", gcp.SHAPES[gcp.FIREWALL]),
    "digitalocean": (
        "pulumi_digitalocean/firewall.py",
        "FirewallArgs",
        digitalocean.SHAPES[digitalocean.FIREWALL],
    ),
    "hetzner": ("pulumi_hcloud/firewall.py", "FirewallArgs", hetzner.SHAPES[hetzner.FIREWALL]),
    "hetzner attachment": (
        "pulumi_hcloud/firewall_attachment.py",
        "FirewallAttachmentArgs",
        hetzner.SHAPES[hetzner.ATTACHMENT],
    ),
    "hetzner rule": ("pulumi_hcloud/_inputs.py", "FirewallRuleArgs", hetzner.RULE),
    "hetzner target": ("pulumi_hcloud/_inputs.py", "FirewallApplyToArgs", hetzner.APPLY_TO),
    "azure": (
        "pulumi_azure_native/network/network_security_group.py",
        "NetworkSecurityGroupInitArgs",
        azure.SHAPES[azure.GROUP],
    ),
    "digitalocean in": ("pulumi_digitalocean/_inputs.py", "FirewallInboundRuleArgs", digitalocean.INBOUND),
    "digitalocean out": ("pulumi_digitalocean/_inputs.py", "FirewallOutboundRuleArgs", digitalocean.OUTBOUND),
    "azure rule alone": (
        "pulumi_azure_native/network/security_rule.py",
        "SecurityRuleInitArgs",
        azure.SHAPES[azure.STANDALONE],
    ),
    "azure rule": ("pulumi_azure_native/network/_inputs.py", "SecurityRuleArgs", azure.RULE),
}
NOT_MODELLED = {"enableLogging", "id", "type", "etag", "provisioningState"}
"""Deprecated by the provider, or set by Azure and of no use as an input: a fake refuses them."""


@pytest.mark.parametrize(("file", "name", "shape"), SDK_ARGS.values(), ids=SDK_ARGS.keys())
def test_the_fakes_know_exactly_the_arguments_of_the_pinned_sdks(file: str, name: str, shape: dict[str, Any]) -> None:
    """Read from the SDK's source, since importing all four takes seconds."""
    package = importlib.util.find_spec(Path(file).parts[0])
    assert package is not None
    assert package.origin is not None
    source = (Path(package.origin).parent.parent / file).read_text(encoding="utf-8")
    arguments = re.search(rf"^class {name}:\n.*?^        \"\"\"", source, re.MULTILINE | re.DOTALL)
    assert arguments is not None
    constructor = ast.parse(arguments[0] + '"""').body[0].body[0]  # type: ignore[attr-defined]
    words = [argument.arg.split("_") for argument in constructor.args.kwonlyargs]
    camel = {word[0] + "".join(part.capitalize() for part in word[1:]) for word in words}
    assert set(shape) - {"type"} == camel - NOT_MODELLED
