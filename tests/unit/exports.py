"""Our native rules, and plain ones, in the JSON that each platform prints of itself.

Written from the platforms' documentation, and not from the readers under test. Each function cites its shape.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

GROUP, BALANCER = "sg-0a1b2c3d4e5f60718", "sg-0123456789abcdef0"


def aws_rules(native: Any) -> dict[str, Any]:
    """`aws ec2 describe-security-group-rules`.

    Shape: EC2 API reference, SecurityGroupRule, and the example output of the AWS CLI: a rule has exactly one of
    CidrIpv4, CidrIpv6, PrefixListId, ReferencedGroupInfo; FromPort and ToPort are -1 where all are meant.
    """
    return {"SecurityGroupRules": [_aws_rule(place, rule) for place, rule in enumerate(native.rules)]}


def aws_group(number: int) -> str:
    """The id of one of a component's groups."""
    return GROUP if number == 1 else f"sg-{number:017x}"


def _aws_rule(place: int, rule: Any) -> dict[str, Any]:
    group = rule.referenced_security_group_id
    source = {
        "CidrIpv4": rule.cidr_ipv4,
        "CidrIpv6": rule.cidr_ipv6,
        "PrefixListId": rule.prefix_list_id,
        "ReferencedGroupInfo": group and {"GroupId": GROUP if group == "self" else group, "UserId": "123456789012"},
    }
    return {
        "SecurityGroupRuleId": f"sgr-{place:017x}",
        "GroupId": aws_group(rule.group),
        "GroupOwnerId": "123456789012",
        "IsEgress": rule.direction == "egress",
        "IpProtocol": rule.ip_protocol,
        "FromPort": -1 if rule.from_port is None else rule.from_port,
        "ToPort": -1 if rule.to_port is None else rule.to_port,
        **{key: value for key, value in source.items() if value},
        "Description": rule.description,
        "Tags": [],
    }


def aws_groups(native: Any) -> dict[str, Any]:
    """`aws ec2 describe-security-groups`.

    Shape: EC2 API reference, SecurityGroup and IpPermission: one permission per protocol and ports with all
    of its sources; FromPort and ToPort are left out where the protocol is -1.
    """
    sides: dict[bool, dict[object, dict[str, Any]]] = {False: {}, True: {}}
    for rule in aws_rules(native)["SecurityGroupRules"]:
        subject = rule["IpProtocol"], rule["FromPort"], rule["ToPort"]
        bare = {"IpProtocol": rule["IpProtocol"], "UserIdGroupPairs": [], "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": []}  # fmt: skip  # noqa: E501
        if rule["IpProtocol"] != "-1":
            bare |= {"FromPort": rule["FromPort"], "ToPort": rule["ToPort"]}
        permission = sides[rule["IsEgress"]].setdefault(subject, bare)
        if "CidrIpv4" in rule:
            permission["IpRanges"].append({"CidrIp": rule["CidrIpv4"], "Description": rule["Description"]})
        elif "CidrIpv6" in rule:
            permission["Ipv6Ranges"].append({"CidrIpv6": rule["CidrIpv6"]})
        elif "PrefixListId" in rule:
            permission["PrefixListIds"].append({"PrefixListId": rule["PrefixListId"]})
        else:
            permission["UserIdGroupPairs"].append(rule["ReferencedGroupInfo"])
    group = {"GroupId": GROUP, "GroupName": "media", "VpcId": "vpc-0123456789abcdef0", "OwnerId": "123456789012"}
    return {
        "SecurityGroups": [
            {
                **group,
                "IpPermissions": list(sides[False].values()),
                "IpPermissionsEgress": list(sides[True].values()),
            }
        ]
    }


PROJECT = "https://www.googleapis.com/compute/v1/projects/media-1"


def gcp_rules(native: Any) -> list[dict[str, Any]]:
    """`gcloud compute firewall-rules list --format json`.

    Shape: Compute Engine API v1, the resource `firewalls` as `list` returns it: the body of `insert` with
    links in full, `kind`, `id`, `disabled` and `logConfig`.
    """
    return [
        {
            **rule,
            "kind": "compute#firewall",
            "id": "1234567890123456789",
            "creationTimestamp": "2026-01-01T00:00:00.000-00:00",
            "disabled": False,
            "logConfig": {"enable": False},
            "network": f"{PROJECT}/global/networks/{rule['network']}",
            "selfLink": f"{PROJECT}/global/firewalls/{rule['name']}",
        }
        for rule in native.as_json()
    ]


UUID = "bb4b2611-3d72-467b-8602-280330ecd65c"


def digitalocean_list(native: Any) -> list[dict[str, Any]]:
    """`doctl compute firewall list -o json`.

    Shape: DigitalOcean API, "List All Firewalls"; doctl prints the list alone, and godo's `omitempty` leaves
    out what is empty. Ports of ICMP are read back as "0", and so are all ports of TCP and UDP.
    """
    body = native.as_json()
    for entry in (*body["inbound_rules"], *body["outbound_rules"]):
        if entry.get("ports", "1-65535") == "1-65535":
            entry["ports"] = "0"
    state = {"id": UUID, "name": "media", "status": "succeeded", "created_at": "2026-01-01T00:00:00Z"}
    return [{"droplet_ids": None, "tags": None, **state, **body, "pending_changes": []}]


NUMBER = 2201417


def hetzner_list(native: Any) -> list[dict[str, Any]]:
    """`hcloud firewall list -o json`.

    Shape: Hetzner Cloud API, Firewalls; the command prints the list alone. Both sides of a rule are there, the one that
    is not used empty; what has no port or description has null. A label selector tells the servers that it selects now.
    """
    body = native.as_json()
    whole = {"destination_ips": [], "port": None, "description": None}
    applied = [
        {**one, "applied_to_resources": [{"type": "server", "server": {"id": 60310081}}]}
        if one["type"] == "label_selector"
        else one
        for one in body["apply_to"]
    ]
    rules = [{**whole, **rule} for rule in body["rules"]]
    state = {"id": NUMBER, "name": "media", "labels": {}, "created": "2026-01-01T00:00:00Z"}
    return [{**state, "rules": rules, "applied_to": applied}]


def azure_group(rules: Iterable[Any]) -> dict[str, Any]:
    """`az network nsg show`, from native rules.

    Shape: Azure REST API, NetworkSecurityGroup, as the CLI flattens it: singular fields that are not used are
    null or absent, plural ones `[]`; the three default rules of each direction follow under their own key.
    """
    names = {
        "source_address_prefix": "sourceAddressPrefix",
        "source_address_prefixes": "sourceAddressPrefixes",
        "source_application_security_groups": "sourceApplicationSecurityGroups",
        "source_port_range": "sourcePortRange",
        "destination_address_prefix": "destinationAddressPrefix",
        "destination_port_range": "destinationPortRange",
        "destination_port_ranges": "destinationPortRanges",
    }
    empty = {"sourceAddressPrefixes": [], "destinationAddressPrefixes": [], "destinationPortRanges": [], "sourcePortRanges": []}  # fmt: skip  # noqa: E501
    made = [{**empty, **{names.get(key, key): value for key, value in rule.arguments().items()}} for rule in rules]
    return {
        "name": "media",
        "resourceGroup": "media",
        "location": "westeurope",
        "id": "/subscriptions/0/resourceGroups/media/providers/Microsoft.Network/networkSecurityGroups/media",
        "securityRules": [{**rule, "provisioningState": "Succeeded"} for rule in made],
        "defaultSecurityRules": [_azure_default(*one) for one in AZURE_DEFAULTS],
    }


# Azure's overview of network security groups, "Default security rules", inbound and one outbound.
AZURE_DEFAULTS = (
    ("AllowVnetInBound", 65000, "Allow", "Inbound", "VirtualNetwork", "VirtualNetwork"),
    ("AllowAzureLoadBalancerInBound", 65001, "Allow", "Inbound", "AzureLoadBalancer", "*"),
    ("DenyAllInBound", 65500, "Deny", "Inbound", "*", "*"),
    ("AllowInternetOutBound", 65001, "Allow", "Outbound", "*", "Internet"),
)


def _azure_default(name: str, priority: int, access: str, direction: str, source: str, to: str) -> dict[str, Any]:
    return {
        "name": name, "priority": priority, "access": access, "direction": direction, "protocol": "*",
        "sourceAddressPrefix": source, "sourceAddressPrefixes": [], "sourcePortRange": "*", "sourcePortRanges": [],
        "destinationAddressPrefix": to, "destinationAddressPrefixes": [], "destinationPortRange": "*",
        "destinationPortRanges": [],
    }  # fmt: skip
