"""Rule sets as the resources of a program: as our components register them, and as a foreign program may write them.

`ours` takes what `render` gives. `theirs` knows nothing of it but the platform's words, and writes grants, pairs of
ports and block, in whatever way the dice say: inline or alone, one by one or together, under any names and numbers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

from livekit_firewall.model.addresses import Cidr
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.rules import Rule, RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.aws.native import SELF
from livekit_firewall.platforms.aws.render import render as aws_render
from livekit_firewall.platforms.aws.target import AwsTarget
from livekit_firewall.platforms.azure.render import render as azure_render
from livekit_firewall.platforms.azure.target import AzureTarget
from livekit_firewall.platforms.digitalocean.render import render as digitalocean_render
from livekit_firewall.platforms.digitalocean.target import DigitalOceanTarget
from livekit_firewall.platforms.gcp.render import render as gcp_render
from livekit_firewall.platforms.gcp.target import GcpTarget
from livekit_firewall.platforms.hetzner.render import render as hetzner_render
from livekit_firewall.platforms.hetzner.target import HetznerTarget
from livekit_firewall.platforms.nftables.render import render as nftables_render

from .programs import (
    AWS_EGRESS,
    AWS_GROUP,
    AWS_INGRESS,
    AWS_RULE,
    AZURE_CLASSIC,
    AZURE_CLASSIC_RULE,
    AZURE_GROUP,
    AZURE_RULE,
    FILE,
    GCP,
    HETZNER,
    OCEAN,
    Thing,
)

Grant = tuple[PortRange, Any]
"""Ports, and a block of addresses."""


def grants_of(rules: RuleSet) -> list[Grant]:
    return [(rule.ports, block.network) for rule in rules.ingress for block in rule.peer.blocks]


def rearranged(grants: Iterable[Grant], dice: Random) -> list[Grant]:
    """The same reach: ports and blocks cut in two, said twice, said in part as well, in another order."""
    found: list[Grant] = []
    for ports, block in grants:
        kind = dice.randrange(5)
        if kind == 0 and ports.first < ports.last:
            at = dice.randrange(ports.first, ports.last)
            found += [(PortRange(ports.protocol, ports.first, at), block)]
            found += [(PortRange(ports.protocol, at + 1, ports.last), block)]
        elif kind == 1 and block.prefixlen < block.max_prefixlen:
            found += [(ports, half) for half in block.subnets()]
        elif kind == 2:
            found += [(ports, block), (ports, block)]
        elif kind == 3:
            inner = ipaddress.ip_network((block.network_address, min(block.prefixlen + 3, block.max_prefixlen)))
            found += [(ports, block), (PortRange(ports.protocol, ports.first, ports.first), inner)]
        else:
            found.append((ports, block))
    dice.shuffle(found)
    return found


def camel(value: Any) -> Any:
    if isinstance(value, dict):
        return {_camel(key): camel(one) for key, one in value.items() if one is not None}
    return [camel(one) for one in value] if isinstance(value, list | tuple) else value


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


# As our components register them


def our_aws(rules: RuleSet, name: str = "lk") -> list[Thing]:
    parent = ("livekit:index:LiveKitFirewall", "livekit:index:AwsFirewall")
    group = Thing(AWS_GROUP, f"{name}-security-group", {"vpcId": "vpc-1"}, parent=parent)
    things = [group]
    for rule in aws_render(rules, AwsTarget(vpc_id="vpc-1", load_balancer_security_group_ids=["sg-balancer"])).rules:
        inputs, refers = camel(rule.arguments()), {"securityGroupId": group}
        if rule.referenced_security_group_id is SELF:
            del inputs["referencedSecurityGroupId"]
            refers["referencedSecurityGroupId"] = group
        token = AWS_INGRESS if rule.direction == "ingress" else AWS_EGRESS
        things.append(Thing(token, f"{name}-{rule.key}", inputs, refers, parent))
    return things


def our_gcp(rules: RuleSet, name: str = "lk") -> list[Thing]:
    native = gcp_render(rules, GcpTarget(network="default", target_tags=("livekit",)), name=name)
    return [Thing(GCP, rule.name, camel(native.arguments(rule))) for rule in native]


def our_digitalocean(rules: RuleSet, name: str = "lk") -> list[Thing]:
    native = digitalocean_render(rules, DigitalOceanTarget(tags=("livekit",), load_balancer_uids=["lb-1"]))
    return [Thing(OCEAN, f"{name}-firewall", camel(native.arguments()))]


def our_hetzner(rules: RuleSet, name: str = "lk") -> list[Thing]:
    native = hetzner_render(rules, HetznerTarget(label_selectors=("app=lk",), private_load_balancer=True))
    return [Thing(HETZNER, f"{name}-firewall", camel(native.arguments()))]


def our_azure(rules: RuleSet, name: str = "lk") -> list[Thing]:
    native = azure_render(rules, AzureTarget(resource_group_name="media"))
    inside = [camel(rule.arguments()) for rule in native.security_rules]
    return [
        Thing(AZURE_GROUP, f"{name}-network-security-group", {"resourceGroupName": "media", "securityRules": inside})
    ]


def our_nftables(rules: RuleSet, name: str = "lk") -> list[Thing]:
    return [Thing(FILE, f"{name}-ruleset", {"content": nftables_render(rules, ssh_port=22), "path": "/etc/x.nft"})]


# As somebody else writes the same


def their_aws(grants: list[Grant], dice: Random, name: str = "other") -> list[Thing]:
    """Rules of their own, of both kinds, and inside the group; the baseline too, in the same words."""
    style = dice.choice(["newer", "older", "inline"])
    wanted = [(str(one.protocol), one.first, one.last, str(block)) for one, block in grants]
    wanted += [("icmp", 8, -1, "0.0.0.0/0"), ("icmp", 3, 4, "0.0.0.0/0")]
    wanted += [("icmpv6", 128, -1, "::/0"), ("icmpv6", 2, -1, "::/0")]
    dice.shuffle(wanted)
    out = [("-1", 0, 0, "0.0.0.0/0"), ("-1", 0, 0, "::/0")]
    if style == "inline":
        inside = {way: [_older(*one) for one in some] for way, some in (("ingress", wanted), ("egress", out))}
        return [Thing(AWS_GROUP, f"{name}-inline", {"vpcId": "vpc-1", "name": "x", **inside})]
    group = Thing(AWS_GROUP, name, {"vpcId": "vpc-1"})
    things = [group]
    for number, (way, rule) in enumerate([*(("ingress", one) for one in wanted), *(("egress", one) for one in out)]):
        owner = {"securityGroupId": group}
        if style == "older":
            things.append(Thing(AWS_RULE, f"{name}{number}", {"type": way, **_older(*rule)}, owner))
        else:
            token = AWS_INGRESS if way == "ingress" else AWS_EGRESS
            things.append(Thing(token, f"{name}{number}", _newer(*rule), owner))
    return things


def _older(protocol: str, first: int, last: int, block: str) -> dict[str, Any]:
    field = "ipv6CidrBlocks" if ":" in block else "cidrBlocks"
    return {"protocol": protocol, "fromPort": first, "toPort": last, field: [block]}


def _newer(protocol: str, first: int, last: int, block: str) -> dict[str, Any]:
    ports = {} if protocol == "-1" else {"fromPort": first, "toPort": last}
    return {"ipProtocol": protocol, **ports, "cidrIpv6" if ":" in block else "cidrIpv4": block, "description": "x"}


def their_gcp(grants: list[Grant], dice: Random, name: str = "other") -> list[Thing]:
    """A firewall for each grant, at any priority: none denies."""
    things = [
        Thing(GCP, f"{name}-icmp{family}", {
            "network": "default", "targetTags": ["livekit"], "allows": [{"protocol": protocol}],
            "sourceRanges": [block],
        })
        for family, protocol, block in (("4", "icmp", "0.0.0.0/0"), ("6", "58", "::/0"))
    ]  # fmt: skip
    for number, (ports, block) in enumerate(grants):
        inputs: dict[str, Any] = {
            "network": dice.choice(["default", "projects/p/global/networks/default"]),
            "direction": "INGRESS",
            "priority": dice.randrange(65535),
            "allows": [{"protocol": str(ports.protocol), "ports": [ports.ports]}],
            "sourceRanges": [str(block)],
            "targetTags": ["livekit"],
            "description": f"number {number}",
        }
        if dice.randrange(2):
            del inputs["direction"]
        # an update in place leaves 0.0.0.0/0 beside another block: see test_left_by_google.py
        called = f"{name}{number}-open" if str(block) == "0.0.0.0/0" else f"{name}{number}"
        things.append(Thing(GCP, called, inputs))
    dice.shuffle(things)
    return things


def their_digitalocean(grants: list[Grant], dice: Random, name: str = "other") -> list[Thing]:
    """Two firewalls for one tag, which add up."""
    inbound = [
        {"protocol": str(ports.protocol), "portRange": ports.ports, "sourceAddresses": [str(block)]}
        for ports, block in grants
    ]
    inbound.append({"protocol": "icmp", "sourceAddresses": ["0.0.0.0/0", "::/0"]})
    dice.shuffle(inbound)
    at = dice.randrange(len(inbound) + 1)
    out = [
        {"protocol": protocol, "destinationAddresses": ["0.0.0.0/0", "::/0"], **ports}
        for protocol, ports in (("tcp", {"portRange": "all"}), ("udp", {"portRange": "1-65535"}), ("icmp", {}))
    ]
    return [
        Thing(OCEAN, f"{name}-1", {"inboundRules": inbound[:at], "outboundRules": out, "tags": ["livekit"]}),
        Thing(OCEAN, f"{name}-2", {"inboundRules": inbound[at:], "tags": ["livekit"]}),
    ]


def their_hetzner(grants: list[Grant], dice: Random, name: str = "other") -> list[Thing]:
    """Two firewalls for one label, which add up."""
    rules = [
        {"direction": "in", "protocol": str(ports.protocol), "port": ports.ports, "sourceIps": [str(block)]}
        for ports, block in grants
    ]
    rules.append({"direction": "in", "protocol": "icmp", "sourceIps": ["0.0.0.0/0", "::/0"]})
    dice.shuffle(rules)
    at = dice.randrange(1, len(rules))  # the provider does not remove the last rule of a firewall
    applied = [{"labelSelector": "app=lk"}]
    return [
        Thing(HETZNER, f"{name}-{number}", {"rules": some, "applyTos": applied})
        for number, some in enumerate((rules[:at], rules[at:]), 1)
    ]


def their_azure(grants: list[Grant], dice: Random, name: str = "other") -> list[Thing]:
    """Inside the group or alone, of two providers, at any priority above the last deny."""
    everybody = {"sourcePortRange": "*", "destinationAddressPrefix": "*", "direction": "Inbound"}
    allow = {"access": "Allow", **everybody}
    rules = [
        {"protocol": str(ports.protocol).title(), "sourceAddressPrefix": str(block),
         "destinationPortRange": ports.ports, **allow}
        for ports, block in grants
    ]  # fmt: skip
    rules.append({"protocol": "Icmp", "sourceAddressPrefix": "0.0.0.0/0", "destinationPortRange": "*", **allow})
    priorities = sorted(dice.sample(range(100, 4000), len(rules)))
    dice.shuffle(rules)
    deny = {"protocol": "*", "sourceAddressPrefix": "*", "destinationPortRange": "*", "access": "Deny", **everybody}
    numbered = [*zip(priorities, rules, strict=True), (4001, deny)]
    found = [{"name": f"r{number}", "priority": number, **rule} for number, rule in numbered]
    dice.shuffle(found)
    token, alone = dice.choice([(AZURE_GROUP, AZURE_RULE), (AZURE_CLASSIC, AZURE_CLASSIC_RULE),
                                ("azure-native:network/v20240101:NetworkSecurityGroup", AZURE_RULE)])  # fmt: skip
    if dice.randrange(2):
        # a group whose list goes keeps its rules: this is another group
        return [Thing(token, f"{name}-inline", {"securityRules": found})]
    group = Thing(token, name, {"networkSecurityGroupName": f"{name}-id"})
    return [
        group,
        *(Thing(alone, f"{name}{one['priority']}", one, {"networkSecurityGroupName": group}) for one in found),
    ]


def their_nftables(grants: list[Grant], dice: Random, name: str = "other") -> list[Thing]:
    """Our text of other services: the only text of others that a preview can be asked about."""
    services = [Service.ICE_UDP, Service.HTTPS, Service.REDIS]
    rules = [_rule(ports, block, dice.choice(services)) for ports, block in grants]
    return our_nftables(RuleSet.of([*rules, SSH]), name)


def _rule(ports: PortRange, block: Any, service: Service) -> Rule:
    from livekit_firewall.model.addresses import Peer

    return Rule(ports, Peer.of(Cidr(block)), service)


SSH = _rule(PortRange.tcp(22), ipaddress.ip_network("192.0.2.1/32"), Service.SSH)
"""A host's ruleset has SSH open unless a rule says for whom; so all of these have one, whatever the platform."""

OURS: dict[str, Callable[[RuleSet, str], list[Thing]]] = {
    "aws": our_aws, "gcp": our_gcp, "digitalocean": our_digitalocean, "azure": our_azure, "nftables": our_nftables,
    "hetzner": our_hetzner,
}  # fmt: skip
THEIRS: dict[str, Callable[[list[Grant], Random, str], list[Thing]]] = {
    "aws": their_aws, "gcp": their_gcp, "digitalocean": their_digitalocean, "azure": their_azure,
    "nftables": their_nftables, "hetzner": their_hetzner,
}  # fmt: skip


def written(platform: str, rules: RuleSet, dice: Random, name: str = "lk") -> list[Thing]:
    """A rule set on a platform, by our component or by a foreign program."""
    if dice.randrange(3) == 0:
        return OURS[platform](rules, name)
    return THEIRS[platform](rearranged(grants_of(rules), dice), dice, name)
