"""What somebody does by hand in each cloud: a rule is removed, one is changed, and one is added.

What is added admits tcp/9999 from anywhere over IPv4.
"""

from __future__ import annotations

from typing import Any

from .fakes import azure, digitalocean, gcp, hetzner
from .fakes.ec2 import INGRESS, rules
from .project import Project
from .test_failures import MEDIA

FROM_ANYWHERE = {"FromPort": 9999, "ToPort": 9999, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
OPENED = [{"IpProtocol": "tcp", **FROM_ANYWHERE}]


def on_amazon(amazon: Any, group: str) -> None:
    """Media over IPv4 is removed, ICE/TCP is widened; added is one in each direction."""
    amazon.revoke_security_group_ingress(GroupId=group, IpPermissions=[MEDIA])
    id_, rule = next(
        (id_, rule) for id_, rule in rules(amazon, group, INGRESS).items()
        if (rule["FromPort"], rule.get("CidrIpv4")) == (7881, "0.0.0.0/0")
    )  # fmt: skip
    wider = {key: rule[key] for key in ("IpProtocol", "FromPort", "CidrIpv4", "Description")} | {"ToPort": 7890}
    change = {"SecurityGroupRuleId": id_, "SecurityGroupRule": wider}
    amazon.modify_security_group_rules(GroupId=group, SecurityGroupRules=[change])
    amazon.authorize_security_group_ingress(GroupId=group, IpPermissions=OPENED)
    amazon.authorize_security_group_egress(GroupId=group, IpPermissions=OPENED)


def on_google(project: Project) -> None:
    """Media over IPv6 is removed, what operators reach is widened."""
    store = project.account("gcp")
    for id_, kept in list(store.all(gcp.FIREWALL).items()):
        allowed = {one["protocol"]: one.get("ports") for one in kept["allows"]}
        if "udp" in allowed and kept["sourceRanges"] == ["::/0"]:
            store.drop(gcp.FIREWALL, id_)
        elif allowed.get("tcp") == ["22"]:
            store.put(gcp.FIREWALL, id_, {**kept, "allows": [{"protocol": "tcp", "ports": ["22-23"]}]})
            added = {**kept, "name": "by-hand", "allows": [{"protocol": "tcp", "ports": ["9999"]}]}
            added |= {"sourceRanges": ["0.0.0.0/0"]}
            store.put(gcp.FIREWALL, f"{id_.rpartition('/')[0]}/by-hand", added)


def on_digitalocean(project: Project) -> None:
    """ICE/TCP is removed, the ports of media are widened."""
    store = project.account("digitalocean")
    ((id_, kept),) = store.all(digitalocean.FIREWALL).items()
    inbound = [
        {**rule, "portRange": "50000-60001"} if rule.get("portRange") == "50000-60000" else rule
        for rule in kept["inboundRules"]
        if rule.get("portRange") != "7881"
    ]
    added = {"protocol": "tcp", "portRange": "9999", "sourceAddresses": ["0.0.0.0/0"]}
    store.put(digitalocean.FIREWALL, id_, {**kept, "inboundRules": [*inbound, added]})


def on_hetzner(project: Project) -> None:
    """ICE/TCP is removed, the ports of media are widened."""
    store = project.account("hcloud")
    ((id_, kept),) = store.all(hetzner.FIREWALL).items()
    rules = [
        {**rule, "port": f"{rule['port'][:-1]}1"} if rule.get("port", "").startswith("50000-") else rule
        for rule in kept["rules"]
        if rule.get("port") != "7881"
    ]
    added = {"direction": "in", "protocol": "tcp", "port": "9999", "sourceIps": ["0.0.0.0/0"]}
    store.put(hetzner.FIREWALL, id_, {**kept, "rules": [*rules, added]})


def on_azure(project: Project) -> None:
    """The first rule is removed, the second is closed to everybody but one."""
    store = project.account("azure-native")
    ((id_, kept),) = store.all(azure.GROUP).items()
    _, changed, *others = kept["securityRules"]
    added = {**changed, "name": "by-hand", "priority": 4000, "protocol": "Tcp", "access": "Allow"}
    added |= {"sourceAddressPrefix": "0.0.0.0/0", "destinationPortRange": "9999"}
    changed = {**changed, "sourceAddressPrefix": "203.0.113.7/32"}
    for rule in (added, changed):
        rule.pop("sourceAddressPrefixes", None)
    added.pop("destinationPortRanges", None)
    store.put(azure.GROUP, id_, {**kept, "securityRules": [changed, *others, added]})
