"""Rules made by hand, as the platforms print them of themselves."""

from __future__ import annotations

from typing import Any


def aws_rule(**fields: Any) -> dict[str, Any]:
    return {"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "IsEgress": False, **fields}]}


def gcp_rule(name: str, **fields: Any) -> dict[str, Any]:
    return {"name": name, "network": "x/networks/default", "direction": "INGRESS", "priority": 1000, **fields}


def azure_rule(name: str, priority: int, access: str = "Allow", **fields: Any) -> dict[str, Any]:
    return {
        "name": name, "priority": priority, "access": access, "direction": "Inbound", "protocol": "Tcp",
        "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
        "destinationPortRange": "443", **fields,
    }  # fmt: skip


TCP_443 = [{"IPProtocol": "tcp", "ports": ["443"]}]
