"""What a cloud admits, in one line per protocol, ports and source, read from the requests that it got.

    in udp 50000-60000 0.0.0.0/0
    out -1 ::/0
    deny in * * *

Ports stand as the cloud has them; ICMP has `type/code` on Amazon and nothing elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .fakes.ec2 import EGRESS, INGRESS, as_inputs, rules
from .project import Project


def by_amazon(project: Project, amazon: Any) -> set[str]:
    """The rules of the project's security group, from the emulator itself."""
    return of_group(amazon, project.outputs()["aws_security_group_id"])


def of_group(amazon: Any, group: str) -> set[str]:
    lines = set()
    for way, token in (("in", INGRESS), ("out", EGRESS)):
        for rule in rules(amazon, group, token).values():
            inputs = as_inputs(rule)
            sources = ("cidrIpv4", "cidrIpv6", "prefixListId", "referencedSecurityGroupId")
            source = next(inputs[key] for key in sources if key in inputs)
            lines.add(" ".join(filter(None, (way, inputs["ipProtocol"], _amazon_ports(inputs), source))))
    return lines


def _amazon_ports(inputs: dict[str, Any]) -> str:
    if "fromPort" not in inputs:
        return ""
    first, last = inputs["fromPort"], inputs["toPort"]
    if inputs["ipProtocol"].startswith("icmp"):
        return f"{first}/{last}"
    return str(first) if first == last else f"{first}-{last}"


def by_google(project: Project, amazon: Any = None) -> set[str]:
    """Each rule with the targets that it applies to: `in tcp 7881 0.0.0.0/0 to livekit`."""
    return {line for rule in project.account("gcp").all(GOOGLE).values() for line in _google(rule)}


def _google(rule: dict[str, Any]) -> Iterator[str]:
    way = {"INGRESS": "in", "EGRESS": "out"}[rule.get("direction", "INGRESS")]
    way = way if rule.get("allows") else f"deny {way}"
    keys = ("sourceRanges", "sourceTags", "sourceServiceAccounts", "destinationRanges")
    sources = [source for key in keys for source in rule.get(key, [])]
    targets = [*rule.get("targetTags", []), *rule.get("targetServiceAccounts", [])] or ["every instance"]
    for traffic in rule.get("allows") or rule["denies"]:
        for ports in traffic.get("ports", [""]):
            for source in sources:
                for target in targets:
                    yield " ".join(filter(None, (way, traffic["protocol"], ports, source, "to", target)))


def by_digitalocean(project: Project, amazon: Any = None) -> set[str]:
    lines = set()
    for firewall in project.account("digitalocean").all(DIGITALOCEAN).values():
        for way, key in (("in", "inboundRules"), ("out", "outboundRules")):
            for rule in firewall.get(key, []):
                deny = "deny" if rule.get("action") == "deny" else ""
                words = (deny, way, rule["protocol"], rule.get("portRange"))
                peers = [peer for name, value in rule.items() if isinstance(value, list) for peer in value]
                lines |= {" ".join(filter(None, (*words, str(peer)))) for peer in peers}
    return lines


def by_azure(project: Project, amazon: Any = None) -> list[str]:
    """The rules by priority, since there the first match decides."""
    groups = project.account("azure-native").all(AZURE).values()
    inline = [rule for group in groups for rule in group.get("securityRules", [])]
    return [line for rule in sorted(inline, key=lambda rule: rule["priority"]) for line in _azure(rule)]


def _azure(rule: dict[str, Any]) -> Iterator[str]:
    deny = "deny" if rule["access"] == "Deny" else ""
    way = {"Inbound": "in", "Outbound": "out"}[rule["direction"]]
    assert rule["sourcePortRange"] == rule["destinationAddressPrefix"] == "*"
    groups = [one["id"].rpartition("/")[2] for one in rule.get("sourceApplicationSecurityGroups", ())]
    for ports in rule.get("destinationPortRanges") or [rule["destinationPortRange"]]:
        for source in groups or rule.get("sourceAddressPrefixes") or [rule["sourceAddressPrefix"]]:
            yield " ".join(filter(None, (deny, way, rule["protocol"].lower(), ports, source)))


def by_hetzner(project: Project, amazon: Any = None) -> set[str]:
    return {
        " ".join(filter(None, (rule["direction"], rule["protocol"], rule.get("port"), peer)))
        for firewall in project.account("hcloud").all(HETZNER).values()
        for rule in firewall.get("rules", [])
        for peer in (*(rule.get("sourceIps") or ()), *(rule.get("destinationIps") or ()))
    }


HETZNER = "hcloud:index/firewall:Firewall"
GOOGLE = "gcp:compute/firewall:Firewall"
DIGITALOCEAN = "digitalocean:index/firewall:Firewall"
AZURE = "azure-native:network:NetworkSecurityGroup"
