"""Foreign network security groups on Azure."""

from __future__ import annotations

from typing import Any

from .change import BROKEN, NOTHING, Change, Expected, moved, narrower, wider

GROUP = "pulumi_azure_native.network.NetworkSecurityGroup"
RULE = "pulumi_azure_native.network.SecurityRule"
VERSIONED = "azure-native:network/v20230901:NetworkSecurityGroup"
HOSTILE = "<script>alert(1)</script> **@everyone** [x](javascript:1) \u202egnp\u202c \x1b[31m"


def rule(
    name: str, priority: int, protocol: str, ports: str | list[str], source: str = "*", **more: Any
) -> dict[str, Any]:
    """An inline rule that lets in; `source` is a block, `*` or a service tag."""
    several = {"destination_port_ranges": ports} if isinstance(ports, list) else {"destination_port_range": ports}
    return {
        "name": name,
        "priority": priority,
        "protocol": protocol,
        "access": "Allow",
        "direction": "Inbound",
        "source_address_prefix": source,
        "source_port_range": "*",
        "destination_address_prefix": "*",
        **several,
        **more,
    }


def group(*rules: dict[str, Any], name: str = "web", **more: Any) -> list[Any]:
    return [GROUP, name, {"resource_group_name": "media", "security_rules": [*rules], **more}]


def alone(given: dict[str, Any]) -> list[Any]:
    """The same rule as a resource of its own, in the group `bare`."""
    own = {key: value for key, value in given.items() if key != "name"}
    where = {"resource_group_name": "media", "network_security_group_name": {"output": "bare.name"}}
    return [RULE, given["name"], {**own, **where, "security_rule_name": given["name"]}]


def change(name: str, before: list[Any], after: list[Any], expected: Expected, **more: Any) -> Change:
    return Change("azure", f"foreign-{name}", before, after, expected, **more)


WEB = rule("web", 200, "Tcp", "443")
SSH = rule("ssh", 210, "Tcp", "22", "203.0.113.0/24")
CLOSED = rule("deny-all", 4096, "*", "*", access="Deny")
BARE = [GROUP, "bare", {"resource_group_name": "media"}]
PLURAL = {key: value for key, value in rule("two", 220, "Tcp", "22").items() if key != "source_address_prefix"}
MANY = [rule(f"port-{port}", 100 + port, "Tcp", str(8000 + port), "203.0.113.0/24") for port in range(100)]
OLD = {"resourceGroupName": "media", "networkSecurityGroupName": "web"}
OLD_RULE = {
    "name": "web", "priority": 200, "protocol": "Tcp", "access": "Allow", "direction": "Inbound",
    "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "443",
}  # fmt: skip

AZURE = (
    change("ssh-to-the-internet", [group(WEB, SSH, CLOSED)], [group(WEB, rule("ssh", 210, "Tcp", "22"), CLOSED)],
           wider("in tcp 22 anywhere but 203.0.113.0/24")),
    change("redis-to-the-internet", [group(WEB, CLOSED)], [group(WEB, rule("redis", 220, "Tcp", "6379"), CLOSED)],
           wider("in tcp 6379 anywhere")),
    change("api-to-the-internet", [group(WEB, CLOSED)], [group(WEB, rule("api", 220, "Tcp", "7880"), CLOSED)],
           wider("in tcp 7880 anywhere")),
    change("split", [group(rule("media", 200, "Udp", "50000-60000"), CLOSED)],
           [group(rule("low", 200, "Udp", "50000-54999"), rule("high", 201, "Udp", "55000-60000"), CLOSED)], NOTHING),
    change("merged", [group(rule("a", 200, "Tcp", "80"), rule("b", 201, "Tcp", "443"), CLOSED)],
           [group(rule("a", 200, "Tcp", ["80", "443"]), CLOSED)], NOTHING),
    change("reordered", [group(WEB, SSH, CLOSED)], [group(CLOSED, SSH, WEB)], NOTHING),
    change("rules-renamed", [group(WEB, SSH, CLOSED)], [group({**WEB, "name": "https"}, SSH, CLOSED)], NOTHING),
    change("renamed", [group(WEB, SSH, CLOSED)], [group(WEB, SSH, CLOSED, name="site")], NOTHING),
    change("described", [group(WEB, CLOSED)], [group({**WEB, "description": "the website"}, CLOSED)], NOTHING),
    change("priorities-moved", [group(WEB, SSH, CLOSED)],
           [group({**WEB, "priority": 300}, {**SSH, "priority": 150}, CLOSED)], NOTHING),
    change("deny-added", [group(WEB, rule("ssh", 210, "Tcp", "22"), CLOSED)],
           [group(WEB, rule("ssh", 210, "Tcp", "22"), rule("no", 205, "Tcp", "22", access="Deny"), CLOSED)],
           narrower("in tcp 22 anywhere")),
    change("deny-below-allow",
           [group(rule("no", 205, "Tcp", "22", access="Deny"), rule("ssh", 210, "Tcp", "22"), CLOSED)],
           [group(rule("no", 215, "Tcp", "22", access="Deny"), rule("ssh", 210, "Tcp", "22"), CLOSED)],
           wider("in tcp 22 anywhere")),
    change("sources-in-plural", [group(rule("two", 220, "Tcp", "22", "10.0.0.0/8"), CLOSED)],
           [group({**PLURAL, "source_address_prefixes": ["10.0.0.0/9", "10.128.0.0/9"]}, CLOSED)], NOTHING),
    change("from-a-service-tag", [group(WEB, CLOSED)],
           [group(WEB, rule("probe", 220, "Tcp", "8080", "AzureLoadBalancer"), CLOSED)],
           wider("in tcp 8080 AzureLoadBalancer")),
    change("alone-opened", [BARE, alone(WEB), alone(CLOSED)], [BARE, alone(WEB), alone(CLOSED),
                                                               alone(rule("redis", 220, "Tcp", "6379"))],
           wider("in tcp 6379 anywhere")),
    change("alone-closed", [BARE, alone(WEB), alone(SSH), alone(CLOSED)], [BARE, alone(WEB), alone(CLOSED)],
           narrower("in tcp 22 203.0.113.0/24")),
    change("alone-changed", [BARE, alone(WEB), alone(SSH), alone(CLOSED)],
           [BARE, alone(WEB), alone({**SSH, "source_address_prefix": "*"}), alone(CLOSED)],
           wider("in tcp 22 anywhere but 203.0.113.0/24")),
    change("inline-to-alone", [[GROUP, "bare", {"resource_group_name": "media", "security_rules": [WEB, SSH, CLOSED]}]],
           [BARE, alone(WEB), alone(SSH), alone(CLOSED)], NOTHING),
    change("unknown-group", [], [BARE, alone(WEB), alone(SSH), alone(CLOSED)],
           wider("in tcp 443 anywhere; in tcp 22 203.0.113.0/24")),
    change("older-api", [[VERSIONED, "web", {**OLD, "securityRules": [OLD_RULE]}]],
           [[VERSIONED, "web", {**OLD, "securityRules": [{**OLD_RULE, "destinationPortRange": "443-444"}]}]],
           wider("in tcp 444 anywhere")),
    change("api-upgraded", [[VERSIONED, "web", {**OLD, "securityRules": [OLD_RULE]}]],
           [group(WEB, network_security_group_name="web")], NOTHING),
    change("egress-closed", [group(WEB, CLOSED)],
           [group(WEB, CLOSED, rule("out", 4000, "Tcp", "25", direction="Outbound", access="Deny"))],
           narrower("out tcp 25 anywhere")),
    change("refused", [group(WEB, CLOSED)], [group(WEB, {**SSH, "priority": 200}, CLOSED)], BROKEN),
    # The SDK makes the whole list a secret, so that nobody can tell what of it stays.
    change("secret-source", [group(WEB, CLOSED)],
           [group(WEB, {**SSH, "source_address_prefix": {"secret": "198.51.100.7/32"}}, CLOSED)], moved(None, None)),
    change("hundred-rules", [group(*MANY, CLOSED)], [group(*MANY[:50], *MANY[51:], CLOSED)],
           narrower("in tcp 8050 203.0.113.0/24")),
    change("hostile", [group(WEB, CLOSED)],
           [group({**WEB, "description": HOSTILE}, rule("redis", 220, "Tcp", "6379", description=HOSTILE), CLOSED,
                  tags={"<b>@here</b>": HOSTILE})], wider("in tcp 6379 anywhere")),
)  # fmt: skip
