"""The account behind the fake of Amazon: an emulator of EC2 (moto), and what the emulator misses.

It misses duplicates with another description or of a group, the quota per direction and family, in which a prefix list
counts by the entries that it may have, VPCs and prefix lists that do not exist, groups in use; and it forgets the
descriptions of rules whose source is a group.
"""

from __future__ import annotations

import os
import zlib
from ipaddress import ip_network
from typing import Any
from urllib.parse import urlparse

from .old_rules import flat, inline
from .shapes import families
from .store import CloudError, Store

GROUP = "aws:ec2/securityGroup:SecurityGroup"
INGRESS = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
EGRESS = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
VPC = "aws:ec2/vpc:Vpc"
SUBNET = "aws:ec2/subnet:Subnet"
INTERFACE = "aws:ec2/networkInterface:NetworkInterface"
DEFAULT_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
OLD_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
EXCLUSIVE = "aws:ec2/vpcSecurityGroupRulesExclusive:VpcSecurityGroupRulesExclusive"

QUOTA = int(os.environ.get("FAKE_AWS_QUOTA", "60"))
"""Rules per group, direction and family (VPC quotas page); AWS raises it on request."""

SOURCES = {
    # resource: flat name in Describe and Modify, list and field in Authorize
    "cidrIpv4": ("CidrIpv4", "IpRanges", "CidrIp"),
    "cidrIpv6": ("CidrIpv6", "Ipv6Ranges", "CidrIpv6"),
    "prefixListId": ("PrefixListId", "PrefixListIds", "PrefixListId"),
    "referencedSecurityGroupId": ("ReferencedGroupId", "UserIdGroupPairs", "GroupId"),
}
WORDS = {"ipProtocol": "IpProtocol", "fromPort": "FromPort", "toPort": "ToPort", "description": "Description"}
CALLS = {
    INGRESS: ("authorize_security_group_ingress", "revoke_security_group_ingress"),
    EGRESS: ("authorize_security_group_egress", "revoke_security_group_egress"),
}


KINDS = {
    GROUP: "security-group",
    DEFAULT_GROUP: "security-group",
    VPC: "vpc",
    SUBNET: "subnet",
    INTERFACE: "network-interface",
}
WAYS = {"ingress": INGRESS, "egress": EGRESS}
NAMED = {"ingressRuleIds": INGRESS, "egressRuleIds": EGRESS}


class Account:
    """The calls, as the provider makes them."""

    def __init__(self, store: Store, settings: dict[str, str]) -> None:
        self.store = store
        self.settings = settings
        self._clients: dict[str, Any] = {}

    def create(self, token: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        ec2 = self._ec2(inputs)
        if token == VPC:
            id_ = ec2.create_vpc(CidrBlock=inputs["cidrBlock"])["Vpc"]["VpcId"]
        elif token == SUBNET:
            id_ = _create_subnet(ec2, inputs)
        elif token == INTERFACE:
            made = ec2.create_network_interface(SubnetId=inputs["subnetId"], Groups=inputs["securityGroups"])
            id_ = made["NetworkInterface"]["NetworkInterfaceId"]
        elif token in (GROUP, DEFAULT_GROUP):
            id_ = self._create_group(ec2, inputs) if token == GROUP else _default_group(ec2, inputs.get("vpcId"))
            self._write_inline(ec2, id_, inputs)
        elif token == OLD_RULE:
            id_ = self._authorize_all(ec2, inputs)
        elif token == EXCLUSIVE:
            id_ = inputs["securityGroupId"]
            self._revoke_others(ec2, inputs)
        else:
            self._refuse_beside_inline(token, inputs["securityGroupId"])
            id_ = self._authorize(ec2, token, inputs)
        return id_, _state(token, id_, inputs)

    def update(self, token: str, id_: str, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
        if token in (GROUP, DEFAULT_GROUP):
            self._write_inline(self._ec2(new), id_, new)
        if token == INTERFACE:
            interface = {"NetworkInterfaceId": id_, "Groups": new["securityGroups"]}
            self._ec2(new).modify_network_interface_attribute(**interface)
        if token == EXCLUSIVE:
            self._revoke_others(self._ec2(new), new)
        if token in CALLS:
            ec2 = self._ec2(new)
            self._refuse_unlawful(ec2, token, new, but=id_)
            _write_tags(ec2, id_, old.get("tags") or {}, new.get("tags") or {})
            # the provider modifies a rule only if more differs (vpc_security_group_ingress_rule.go, `Update`)
            if all(old.get(key) == new.get(key) for key in {*old, *new} - {"tags"}):
                return _state(token, id_, new)
            words = WORDS | {source: names[0] for source, names in SOURCES.items()}
            rule = {word: new[key] for key, word in words.items() if key in new}
            change = {"SecurityGroupRuleId": id_, "SecurityGroupRule": rule}
            ec2.modify_security_group_rules(GroupId=new["securityGroupId"], SecurityGroupRules=[change])
        return _state(token, id_, new)

    def delete(self, token: str, id_: str, inputs: dict[str, Any]) -> None:
        ec2 = self._ec2(inputs)
        if token == VPC:
            ec2.delete_vpc(VpcId=id_)
        elif token == SUBNET:
            ec2.delete_subnet(SubnetId=id_)
        elif token == INTERFACE:
            ec2.delete_network_interface(NetworkInterfaceId=id_)
        elif token == GROUP:
            self._refuse_if_in_use(ec2, id_)
            ec2.delete_security_group(GroupId=id_)
            self.store.drop(GROUP, id_)
        elif token == OLD_RULE:
            for rule in (self.store.get(OLD_RULE, id_) or {}).get("rules", []):
                self._revoke(ec2, WAYS[inputs["type"]], inputs["securityGroupId"], rule)
        elif token in (DEFAULT_GROUP, EXCLUSIVE):
            pass  # nobody can delete the one, and the other revokes nothing at its end: the provider only forgets them
        elif id_ in rules(ec2, inputs["securityGroupId"], token):
            self._revoke(ec2, token, inputs["securityGroupId"], id_)

    def read(self, token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any] | None:
        """The inputs as the cloud has them now, or None if the resource is gone."""
        ec2 = self._ec2(inputs)
        if not inputs and token in (GROUP, *CALLS):
            return self._read_by_id(ec2, token, id_)
        if token in CALLS:
            rule = rules(ec2, inputs["securityGroupId"], token, id_).get(id_)
            if rule is None:
                return None
            kept = {key: inputs[key] for key in ("securityGroupId", "region", "tags", "description") if key in inputs}
            return kept | as_inputs(rule)
        if token not in (GROUP, DEFAULT_GROUP, EXCLUSIVE):
            return inputs
        if not group_exists(ec2, id_):
            return None
        if token == EXCLUSIVE:
            return inputs | {key: sorted(rules(ec2, id_, way)) for key, way in NAMED.items()}
        return inputs | {key: inline(map(as_inputs, rules(ec2, id_, way).values()), id_) for key, way in WAYS.items()}

    def exists(self, token: str, id_: str) -> bool:
        """Whether what a described type names is there."""
        asked = {VPC: ("vpcs", "vpc-id"), SUBNET: ("subnets", "subnet-id"), GROUP: ("security_groups", "group-id"),
                 INTERFACE: ("network_interfaces", "network-interface-id")}  # fmt: skip
        several, key = asked[token]
        found = getattr(self._ec2({}), f"describe_{several}")(Filters=[{"Name": key, "Values": [id_]}])
        return any(isinstance(value, list) and value for value in found.values())

    def _read_by_id(self, ec2: Any, token: str, id_: str) -> dict[str, Any] | None:
        """What an import has of a group or a rule, of which nothing but the id is known."""
        region = {"region": self.settings.get("region") or os.environ.get("AWS_REGION")}
        if token in CALLS:
            by_id = [{"Name": "security-group-rule-id", "Values": [id_]}]
            found = ec2.describe_security_group_rules(Filters=by_id)["SecurityGroupRules"]
            mine = [one for one in found if one["IsEgress"] == (token == EGRESS)]
            return {"securityGroupId": mine[0]["GroupId"], **region, **as_inputs(mine[0])} if mine else None
        if not group_exists(ec2, id_):
            return None
        group = ec2.describe_security_groups(GroupIds=[id_])["SecurityGroups"][0]
        tags = {one["Key"]: one["Value"] for one in group.get("Tags", [])}
        words = {"name": group["GroupName"], "description": group["Description"], "vpcId": group["VpcId"]}
        return self.read(token, id_, {**words, **region, "tags": tags})

    def _ec2(self, inputs: dict[str, Any]) -> Any:
        """A client of the emulator, for the resource's own region if it names one."""
        endpoint = os.environ.get("AWS_ENDPOINT_URL_EC2", "")
        if urlparse(endpoint).hostname not in ("127.0.0.1", "localhost"):
            raise CloudError(f"set AWS_ENDPOINT_URL_EC2 to an emulator on this machine (got {endpoint!r})")
        region = inputs.get("region") or self.settings.get("region") or os.environ.get("AWS_REGION")
        if not region:
            raise CloudError("Missing region configuration")
        if region not in self._clients:
            self._clients[region] = client(endpoint, region)
        return self._clients[region]

    def _create_group(self, ec2: Any, inputs: dict[str, Any]) -> str:
        vpcs = {vpc["VpcId"]: vpc["IsDefault"] for vpc in ec2.describe_vpcs()["Vpcs"]}
        vpc = inputs.get("vpcId") or next(id_ for id_, is_default in vpcs.items() if is_default)
        if vpc not in vpcs:
            raise CloudError(f"InvalidVpcID.NotFound: The vpc ID '{vpc}' does not exist")
        in_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        names = [group["GroupName"] for group in ec2.describe_security_groups(Filters=in_vpc)["SecurityGroups"]]
        if inputs["name"].lower() in [name.lower() for name in names]:
            raise CloudError(f"InvalidGroup.Duplicate: The security group '{inputs['name']}' already exists")
        words = {"GroupName": inputs["name"], "Description": inputs["description"], "VpcId": vpc}
        id_: str = ec2.create_security_group(**words, **_tags("security-group", inputs))["GroupId"]
        for rule in rules(ec2, id_, EGRESS):  # AWS lets a new group send to anywhere; the provider revokes that
            self._revoke(ec2, EGRESS, id_, rule)
        return id_

    def _authorize(self, ec2: Any, token: str, inputs: dict[str, Any]) -> str:
        self._refuse_unlawful(ec2, token, inputs)
        authorize = getattr(ec2, CALLS[token][0])
        tags = _tags("security-group-rule", inputs)
        made = authorize(GroupId=inputs["securityGroupId"], IpPermissions=[permission(inputs)], **tags)
        id_: str = made["SecurityGroupRules"][0]["SecurityGroupRuleId"]
        return id_

    def _authorize_all(self, ec2: Any, inputs: dict[str, Any]) -> str:
        """Each source of a SecurityGroupRule is a rule of its own; the id is the provider's."""
        group, way = inputs["securityGroupId"], WAYS[inputs["type"]]
        self._refuse_beside_inline(way, group)
        made = [self._authorize(ec2, way, one) for one in flat(inputs, group)]
        id_ = f"sgrule-{zlib.crc32(''.join(made).encode())}"
        self.store.put(OLD_RULE, id_, {"rules": made})
        return id_

    def _write_inline(self, ec2: Any, group: str, inputs: dict[str, Any]) -> None:
        """A list inside a group is the whole of its direction."""
        given = {way: inputs[key] for key, way in WAYS.items() if key in inputs}
        self.store.put(GROUP, group, {"inline": sorted(given)})
        for way, entries in given.items():
            for rule in rules(ec2, group, way):
                self._revoke(ec2, way, group, rule)
            for one in (one for entry in entries for one in flat(entry, group)):
                self._authorize(ec2, way, one)

    def _refuse_beside_inline(self, way: str, group: str) -> None:
        if way in (self.store.get(GROUP, group) or {}).get("inline", []):
            raise CloudError("trap: inline rules beside rule resources overwrite each other")

    def _revoke(self, ec2: Any, token: str, group: str, rule: str) -> None:
        getattr(ec2, CALLS[token][1])(GroupId=group, SecurityGroupRuleIds=[rule])

    def _revoke_others(self, ec2: Any, inputs: dict[str, Any]) -> None:
        """One call for each rule that is not named. A named one that is not there is a warning of the provider
        (terraform-provider-aws, `vpc_security_group_rules_exclusive.go`, `syncRules`).
        """
        group = inputs["securityGroupId"]
        for key, way in NAMED.items():
            for rule in rules(ec2, group, way).keys() - inputs[key]:
                self._revoke(ec2, way, group, rule)

    def _refuse_unlawful(self, ec2: Any, token: str, inputs: dict[str, Any], but: str = "") -> None:
        """Refuse a rule of groups that do not exist, that its group already has, or has no room for."""
        there = rules(ec2, inputs["securityGroupId"], token)
        for id_ in (None if there else inputs["securityGroupId"], inputs.get("referencedSecurityGroupId")):
            if id_ and not group_exists(ec2, id_):
                raise CloudError(f"InvalidGroup.NotFound: The security group '{id_}' does not exist")
        others = [as_inputs(rule) for id_, rule in there.items() if id_ != but]
        lists = _most_entries(ec2) if any("prefixListId" in one for one in (inputs, *others)) else {}
        if (asked := inputs.get("prefixListId")) and asked not in lists:
            raise CloudError(f"InvalidPrefixListID.NotFound: The prefix list ID '{asked}' does not exist")
        if _tuple(inputs) in map(_tuple, others):
            raise CloudError(f"InvalidPermission.Duplicate: the specified rule {_tuple(inputs)} already exists")
        for family in _counts_as(inputs):
            mine = [other for other in others if family in _counts_as(other)]
            count = sum(lists.get(other.get("prefixListId"), 1) for other in mine)
            if count + lists.get(inputs.get("prefixListId"), 1) > QUOTA:
                raise CloudError(
                    "RulesPerSecurityGroupLimitExceeded: The maximum number of rules per security group has "
                    f"been reached ({count} of {QUOTA} for IPv{family})"
                )

    def _refuse_if_in_use(self, ec2: Any, id_: str) -> None:
        by_group = [{"Name": "group-id", "Values": [id_]}]
        cards = ec2.describe_network_interfaces(Filters=by_group)["NetworkInterfaces"]
        others = [rule for rule in ec2.describe_security_group_rules()["SecurityGroupRules"] if rule["GroupId"] != id_]
        if cards or any(as_inputs(rule).get("referencedSecurityGroupId") == id_ for rule in others):
            raise CloudError(f"DependencyViolation: resource {id_} has a dependent object")


def client(endpoint: str, region: str) -> Any:
    """A client of the emulator, with credentials that are worth nothing anywhere else."""
    import boto3  # here, since a preview makes no call

    keys = {"aws_access_key_id": "fake", "aws_secret_access_key": "fake"}
    return boto3.client("ec2", region_name=region, endpoint_url=endpoint, **keys)


def _create_subnet(ec2: Any, inputs: dict[str, Any]) -> str:
    zone = {"AvailabilityZone": inputs["availabilityZone"]} if "availabilityZone" in inputs else {}
    made = ec2.create_subnet(VpcId=inputs["vpcId"], CidrBlock=inputs["cidrBlock"], **zone)
    id_: str = made["Subnet"]["SubnetId"]
    return id_


def _default_group(ec2: Any, vpc: str | None) -> str:
    """The id of the group that a VPC is born with."""
    wanted = [{"Name": "group-name", "Values": ["default"]}, *([{"Name": "vpc-id", "Values": [vpc]}] if vpc else [])]
    found = ec2.describe_security_groups(Filters=wanted)["SecurityGroups"]
    if not found:
        raise CloudError(f"InvalidVpcID.NotFound: The vpc ID '{vpc}' does not exist")
    id_: str = found[0]["GroupId"]
    return id_


def group_exists(ec2: Any, id_: str) -> bool:
    found = ec2.describe_security_groups(Filters=[{"Name": "group-id", "Values": [id_]}])
    return bool(found["SecurityGroups"])


def rules(ec2: Any, group: str, token: str, *ids: str) -> dict[str, dict[str, Any]]:
    """The rules of a group in one direction, or those of some ids, by id, as DescribeSecurityGroupRules has them."""
    wanted = {"group-id": [group]} | ({"security-group-rule-id": list(ids)} if ids else {})
    found = ec2.describe_security_group_rules(Filters=[{"Name": name, "Values": of} for name, of in wanted.items()])
    of_group = found["SecurityGroupRules"]
    return {rule["SecurityGroupRuleId"]: rule for rule in of_group if rule["IsEgress"] == (token == EGRESS)}


def as_inputs(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule of DescribeSecurityGroupRules in the words of the resource."""
    rule = {**rule, "ReferencedGroupId": rule.get("ReferencedGroupInfo", {}).get("GroupId")}
    words = WORDS | {source: names[0] for source, names in SOURCES.items()}
    values = {key: rule[word] for key, word in words.items() if rule.get(word) not in (None, "")}
    if rule["IpProtocol"] == "-1":
        del values["fromPort"], values["toPort"]
    return values


def permission(inputs: dict[str, Any]) -> dict[str, Any]:
    """The rule as the IpPermission of an Authorize call."""
    key = next(source for source in SOURCES if inputs.get(source))
    _, several, field = SOURCES[key]
    entry = {field: inputs[key]}
    if "description" in inputs:
        entry["Description"] = inputs["description"]
    ports = {}
    if inputs["ipProtocol"] != "-1":
        ports = {"FromPort": inputs.get("fromPort", -1), "ToPort": inputs.get("toPort", -1)}
    return {"IpProtocol": inputs["ipProtocol"], **ports, several: [entry]}


def _tags(kind: str, inputs: dict[str, Any]) -> dict[str, Any]:
    tags = [{"Key": key, "Value": value} for key, value in inputs.get("tags", {}).items()]
    return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}


def _write_tags(ec2: Any, id_: str, old: dict[str, str], new: dict[str, str]) -> None:
    gone = [{"Key": key} for key in old.keys() - new.keys()]
    come = [{"Key": key, "Value": value} for key, value in new.items() if old.get(key) != value]
    if gone:
        ec2.delete_tags(Resources=[id_], Tags=gone)
    if come:
        ec2.create_tags(Resources=[id_], Tags=come)


def _tuple(inputs: dict[str, Any]) -> tuple[Any, ...]:
    """What may exist once per group and direction. The description is no part of it."""
    ports = (inputs.get("fromPort", -1), inputs.get("toPort", -1))
    return (inputs["ipProtocol"], *ports, *(inputs.get(source) for source in SOURCES))


def _counts_as(inputs: dict[str, Any]) -> set[int]:
    """The families whose quota a rule uses; a group or a list is taken to use both."""
    return families([inputs.get("cidrIpv4") or inputs.get("cidrIpv6") or ""]) or {4, 6}


def _most_entries(ec2: Any) -> dict[str | None, int]:
    """What each prefix list counts as: the most entries that it may have (VPC guide, "Prefix lists")."""
    found = ec2.describe_managed_prefix_lists()["PrefixLists"]
    return {one["PrefixListId"]: one.get("MaxEntries") or 1 for one in found}


def _state(token: str, id_: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Inputs and outputs, as the provider reports them."""
    if token == EXCLUSIVE:
        return dict(inputs)
    kind = KINDS.get(token, "security-group-rule")
    arn = f"arn:aws:ec2:eu-central-1:123456789012:{kind}/{id_}"
    owner = {"ownerId": "123456789012"}
    more = {GROUP: owner, DEFAULT_GROUP: owner, VPC: {}, SUBNET: {}, INTERFACE: {}}.get(
        token, {"securityGroupRuleId": id_}
    )
    if token == VPC and inputs.get("assignGeneratedIpv6CidrBlock"):
        more = {"ipv6CidrBlock": str(ip_network((int(id_[-6:], 16) << 72 | 0x2A05D014 << 96, 56)))}
    if token == INTERFACE:
        ipv6 = [f"2001:db8::{at}" for at in range(1, inputs.get("ipv6AddressCount", 0) + 1)]
        more = {"privateIp": f"10.20.0.{int(id_[-2:], 16)}", "ipv6Addresses": ipv6}
    return {**inputs, **more, "arn": arn, "tagsAll": inputs.get("tags", {})}
