"""The shapes that the clouds' commands, their options and their APIs print: each is read right or refused, with what to
give instead. Nothing is an empty firewall because it is not understood.
"""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from livekit_firewall.effective.evaluate import Selection
from livekit_firewall.effective.syntax import NotAFirewall
from livekit_firewall.model.packets import EVERYBODY, PacketSet
from livekit_firewall.model.ports import PortRange
from livekit_firewall.platforms.registry import BY_NAME, PLATFORMS
from livekit_firewall.reports.compare.read_firewall import read_firewall

from ..listings import said

STRANGER, NEIGHBOUR = ("203.0.113.7", "tcp", 443), ("10.0.0.9", "tcp", 443)
OTHER_PORT, SIX = ("203.0.113.7", "tcp", 444), ("2001:db8::1", "tcp", 443)


def changed(value: dict[str, Any], *without: str, **fields: Any) -> dict[str, Any]:
    return {key: one for key, one in {**copy.deepcopy(value), **fields}.items() if key not in without}


AWS_RULE = {
    "SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": "1", "IsEgress": False, "IpProtocol": "tcp",
    "FromPort": 443, "ToPort": 443, "CidrIpv4": "0.0.0.0/0", "Description": "", "Tags": [],
}  # fmt: skip
PERMISSION = {
    "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [],
    "PrefixListIds": [], "UserIdGroupPairs": [],
}  # fmt: skip
AWS_GROUP = {
    "GroupId": "sg-1", "GroupName": "media", "Description": "", "OwnerId": "1", "VpcId": "vpc-1", "Tags": [],
    "IpPermissions": [PERMISSION], "IpPermissionsEgress": [],
}  # fmt: skip
GCP_RULE = {
    "name": "web", "network": "x/networks/default", "direction": "INGRESS", "priority": 1000, "disabled": False,
    "allowed": [{"IPProtocol": "tcp", "ports": ["443"]}], "sourceRanges": ["0.0.0.0/0"], "kind": "compute#firewall",
    "logConfig": {"enable": False},
}  # fmt: skip
DO_RULE = {"protocol": "tcp", "ports": "443", "sources": {"addresses": ["0.0.0.0/0"]}}
DO_FIREWALL = {
    "id": "1", "name": "media", "status": "succeeded", "created_at": "", "droplet_ids": [7], "tags": [],
    "inbound_rules": [DO_RULE], "outbound_rules": [], "pending_changes": [],
}  # fmt: skip
HC_RULE = {
    "direction": "in", "protocol": "tcp", "port": "443", "source_ips": ["0.0.0.0/0"], "destination_ips": [],
    "description": None,
}  # fmt: skip
HC_FIREWALL = {
    "id": 7, "name": "media", "labels": {}, "created": "", "rules": [HC_RULE],
    "applied_to": [{"type": "server", "server": {"id": 1}}],
}  # fmt: skip
AZURE_RULE = {
    "name": "web", "priority": 100, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
    "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "443",
    "sourceAddressPrefixes": [], "destinationPortRanges": [], "provisioningState": "Succeeded",
}  # fmt: skip
IN_GROUP = "/subscriptions/0/resourceGroups/a/providers/Microsoft.Network/networkSecurityGroups/{}/securityRules/web"
DENY_ALL = changed(AZURE_RULE, name="last", priority=4096, access="Deny", protocol="*", destinationPortRange="*")
AZURE_GROUP = {"name": "media", "securityRules": [AZURE_RULE], "location": "westeurope", "tags": None}


def aws_rules(**fields: Any) -> Any:
    return {"SecurityGroupRules": [changed(AWS_RULE, **fields)]}


def permissions(**fields: Any) -> Any:
    return {"SecurityGroups": [changed(AWS_GROUP, IpPermissions=[changed(PERMISSION, **fields)])]}


def gcp(*without: str, **fields: Any) -> Any:
    return [changed(GCP_RULE, *without, **fields)]


def digitalocean(*without: str, **fields: Any) -> Any:
    return [changed(DO_FIREWALL, inbound_rules=[changed(DO_RULE, *without, **fields)])]


def hetzner(*without: str, **fields: Any) -> Any:
    return [changed(HC_FIREWALL, rules=[changed(HC_RULE, *without, **fields)])]


def azure(*without: str, **fields: Any) -> Any:
    return [changed(AZURE_RULE, *without, **fields), DENY_ALL]


OPEN, CLOSED, UNKNOWN, BY_NAME_ONLY = "open", "closed", "unknown", "by name"
READ: dict[str, tuple[str, Any, dict[Any, str]]] = {
    # AWS
    "aws: rules": ("aws", aws_rules(), {STRANGER: OPEN, OTHER_PORT: CLOSED, SIX: CLOSED}),
    "aws: every port": ("aws", aws_rules(FromPort=-1, ToPort=-1), {STRANGER: OPEN, OTHER_PORT: OPEN, SIX: CLOSED}),
    "aws: rules as a query leaves them": ("aws", [AWS_RULE], {STRANGER: OPEN}),
    "aws: groups as a query leaves them": ("aws", [AWS_GROUP], {STRANGER: OPEN, OTHER_PORT: CLOSED}),
    "aws: one group as a query leaves it": ("aws", AWS_GROUP, {STRANGER: OPEN}),
    "aws: an SDK's answer": ("aws", {**aws_rules(), "ResponseMetadata": {"RequestId": "x"}}, {STRANGER: OPEN}),
    "aws: an empty token": ("aws", {**aws_rules(), "NextToken": None}, {STRANGER: OPEN}),
    "aws: no group": ("aws", {"SecurityGroups": []}, {STRANGER: CLOSED}),
    "aws: no rule": ("aws", {"SecurityGroupRules": []}, {STRANGER: CLOSED}),
    "aws: a new kind of source": (
        "aws", aws_rules(CidrIpv4=None, EndpointId="e"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "aws: a field that may narrow": ("aws", aws_rules(Condition="x"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "aws: no source": ("aws", aws_rules(CidrIpv4=None), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "aws: no ports": ("aws", aws_rules(FromPort=None, ToPort=None), {STRANGER: UNKNOWN, OTHER_PORT: UNKNOWN}),
    "aws: a protocol that is not known": ("aws", aws_rules(IpProtocol="quic"), {OTHER_PORT: UNKNOWN}),
    "aws: neither ingress nor egress": ("aws", aws_rules(IsEgress=None), {STRANGER: UNKNOWN}),
    "aws: a group": (
        "aws", aws_rules(CidrIpv4=None, ReferencedGroupInfo={"GroupId": "sg-2"}), {STRANGER: BY_NAME_ONLY}),
    "aws: a stale group": ("aws", aws_rules(
        CidrIpv4=None, ReferencedGroupInfo={"GroupId": "sg-2", "PeeringStatus": "deleted"}), {STRANGER: UNKNOWN}),
    "aws: a prefix list": (
        "aws", aws_rules(CidrIpv4=None, PrefixListId="pl-1"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "aws: a permission for nobody": ("aws", permissions(IpRanges=[]), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "aws: a permission's new list": ("aws", permissions(VpceIds=[{"Id": "x"}]), {STRANGER: UNKNOWN}),
    "aws: a block's new field": (
        "aws", permissions(IpRanges=[{"CidrIp": "10.0.0.0/8", "Zone": "x"}]), {STRANGER: UNKNOWN}),
    "aws: a group's new field": (
        "aws", [changed(AWS_GROUP, Shares=[{"Id": "x"}])], {STRANGER: UNKNOWN, OTHER_PORT: UNKNOWN}),
    # Google Cloud
    "gcp: the API's list": (
        "gcp", {"kind": "compute#firewallList", "items": gcp()}, {STRANGER: OPEN, OTHER_PORT: CLOSED}),
    "gcp: the API's list of none": ("gcp", {"kind": "compute#firewallList", "id": "x"}, {STRANGER: CLOSED}),
    "gcp: none": ("gcp", [], {STRANGER: CLOSED}),
    "gcp: secure tags": ("gcp", gcp("sourceRanges", sourceSecureTags=["x"]), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "gcp: secure tags of targets": ("gcp", gcp(targetSecureTags=["x"]), {STRANGER: UNKNOWN}),
    "gcp: address groups": ("gcp", gcp(sourceAddressGroups=["x"]), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "gcp: names of hosts": ("gcp", gcp("sourceRanges", sourceFqdns=["a.example"]), {STRANGER: UNKNOWN}),
    "gcp: destinations": ("gcp", gcp(destinationRanges=["10.0.0.4/32"]), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "gcp: every destination": ("gcp", gcp(destinationRanges=["0.0.0.0/0"]), {STRANGER: OPEN}),
    "gcp: the other family's destinations": ("gcp", gcp(destinationRanges=["::/0"]), {STRANGER: CLOSED}),
    "gcp: tags": ("gcp", gcp("sourceRanges", sourceTags=["web"]), {STRANGER: BY_NAME_ONLY, OTHER_PORT: CLOSED}),
    "gcp: no action": ("gcp", gcp("allowed"), {STRANGER: UNKNOWN, OTHER_PORT: UNKNOWN}),
    "gcp: both actions": ("gcp", gcp(denied=GCP_RULE["allowed"]), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "gcp: a deny of equal priority that is not understood": (
        "gcp", [*gcp(), changed(GCP_RULE, "allowed", name="no", denied=GCP_RULE["allowed"], sourceFqdns=["x"])],
        {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "gcp: a later deny that is not understood": (
        "gcp", [*gcp(priority=9), changed(GCP_RULE, "allowed", name="no", denied=GCP_RULE["allowed"], extra=1)],
        {STRANGER: OPEN}),
    "gcp: another direction": ("gcp", gcp(direction="BOTH"), {STRANGER: UNKNOWN}),
    "gcp: without its direction": ("gcp", gcp("direction"), {STRANGER: OPEN}),
    "gcp: perhaps of egress": (
        "gcp", gcp("direction", "sourceRanges", destinationRanges=["0.0.0.0/0"]), {STRANGER: UNKNOWN}),
    "gcp: off": ("gcp", gcp(disabled=True, sourceFqdns=["x"]), {STRANGER: CLOSED}),
    "gcp: a field of a protocol": (
        "gcp", gcp(allowed=[{"IPProtocol": "tcp", "ports": ["443"], "flags": 1}]), {STRANGER: UNKNOWN}),
    "gcp: what is known beside what is not": (
        "gcp", gcp(allowed=[{"IPProtocol": "tcp", "ports": ["443"]}, {"IPProtocol": "quic"}]),
        {STRANGER: OPEN, OTHER_PORT: UNKNOWN, SIX: CLOSED}),
    # DigitalOcean
    "digitalocean: a list": ("digitalocean", digitalocean(), {STRANGER: OPEN, OTHER_PORT: CLOSED, SIX: CLOSED}),
    "digitalocean: one": ("digitalocean", DO_FIREWALL, {STRANGER: OPEN}),
    "digitalocean: the API's one": ("digitalocean", {"firewall": DO_FIREWALL}, {STRANGER: OPEN}),
    "digitalocean: the API's whole list": (
        "digitalocean", {"firewalls": digitalocean(), "links": {}, "meta": {"total": 1}}, {STRANGER: OPEN}),
    "digitalocean: none": ("digitalocean", [], {STRANGER: OPEN, SIX: OPEN}),
    "digitalocean: the API's none": (
        "digitalocean", {"firewalls": [], "links": {}, "meta": {"total": 0}}, {STRANGER: OPEN}),
    "digitalocean: nothing inbound": ("digitalocean", [changed(DO_FIREWALL, inbound_rules=None)], {STRANGER: CLOSED}),
    "digitalocean: a new kind of source": (
        "digitalocean", digitalocean(sources={"vpc_uuids": ["v"]}), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "digitalocean: a tag": ("digitalocean", digitalocean(sources={"tags": ["web"]}), {STRANGER: BY_NAME_ONLY}),
    "digitalocean: no source": ("digitalocean", digitalocean(sources={}), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "digitalocean: no sources": ("digitalocean", digitalocean("sources"), {STRANGER: UNKNOWN}),
    "digitalocean: no ports": ("digitalocean", digitalocean("ports"), {STRANGER: UNKNOWN, OTHER_PORT: UNKNOWN}),
    "digitalocean: another action": (
        "digitalocean", digitalocean(action="log"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "digitalocean: a deny that is not understood": (
        "digitalocean", [changed(DO_FIREWALL, inbound_rules=[DO_RULE, changed(DO_RULE, action="deny", schedule="x")])],
        {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "digitalocean: a change that failed": (
        "digitalocean", [changed(DO_FIREWALL, status="failed")], {STRANGER: UNKNOWN}),
    "digitalocean: a change that waits": (
        "digitalocean", [changed(DO_FIREWALL, status="waiting", pending_changes=[{"droplet_id": 7}])],
        {OTHER_PORT: UNKNOWN}),
    # Hetzner Cloud
    "hetzner: a list": ("hetzner", hetzner(), {STRANGER: OPEN, OTHER_PORT: CLOSED, SIX: CLOSED}),
    "hetzner: one": ("hetzner", HC_FIREWALL, {STRANGER: OPEN}),
    "hetzner: the API's one": ("hetzner", {"firewall": HC_FIREWALL}, {STRANGER: OPEN}),
    "hetzner: the API's whole list": (
        "hetzner", {"firewalls": hetzner(), "meta": {"pagination": {"page": 1, "next_page": None}}}, {STRANGER: OPEN}),
    "hetzner: none": ("hetzner", [], {STRANGER: OPEN, SIX: OPEN}),
    "hetzner: nothing inbound": ("hetzner", [changed(HC_FIREWALL, rules=[])], {STRANGER: CLOSED}),
    "hetzner: outbound": (
        "hetzner", hetzner(direction="out", source_ips=[], destination_ips=["0.0.0.0/0"]), {STRANGER: CLOSED}),
    "hetzner: another direction": ("hetzner", hetzner(direction="both"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "hetzner: no source": ("hetzner", hetzner(source_ips=[]), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "hetzner: no port": ("hetzner", hetzner(port=None), {STRANGER: UNKNOWN, OTHER_PORT: UNKNOWN}),
    "hetzner: a destination": (
        "hetzner", hetzner(destination_ips=["10.0.0.4/32"]), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "hetzner: every port": ("hetzner", hetzner(port="any"), {STRANGER: OPEN, OTHER_PORT: OPEN, SIX: CLOSED}),
    "hetzner: a bare address": ("hetzner", hetzner(source_ips=["203.0.113.7"]), {OTHER_PORT: CLOSED}),
    "hetzner: a protocol that is not known": ("hetzner", hetzner(protocol="quic", port=None), {OTHER_PORT: UNKNOWN}),
    "hetzner: a field that may narrow": ("hetzner", hetzner(schedule="x"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "hetzner: a firewall's new field": (
        "hetzner", [changed(HC_FIREWALL, paused=True)], {STRANGER: UNKNOWN, OTHER_PORT: UNKNOWN}),
    # Azure
    "azure: rules of one group": ("azure", azure(), {STRANGER: OPEN, OTHER_PORT: CLOSED}),
    "azure: rules, and the defaults follow": ("azure", [AZURE_RULE], {STRANGER: OPEN, OTHER_PORT: BY_NAME_ONLY}),
    "azure: rules with the defaults": (
        "azure", [AZURE_RULE, changed(DENY_ALL, name="DenyAllInBound", priority=65500)], {OTHER_PORT: CLOSED}),
    "azure: a group": ("azure", AZURE_GROUP, {STRANGER: OPEN, OTHER_PORT: BY_NAME_ONLY}),
    "azure: groups": ("azure", [AZURE_GROUP], {STRANGER: OPEN}),
    "azure: the API's list": ("azure", {"value": [{"name": "media", "properties": {"securityRules": [
        {"name": "web", "properties": changed(AZURE_RULE, "name")}]}}]}, {STRANGER: OPEN}),
    "azure: none": ("azure", [], {STRANGER: UNKNOWN, SIX: UNKNOWN}),
    "azure: another access": ("azure", azure(access="Audit"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "azure: another access before an allow": (
        "azure", [changed(AZURE_RULE, access="Audit"), changed(AZURE_RULE, name="b", priority=200), DENY_ALL],
        {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "azure: another direction": ("azure", azure(direction="Sideways"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "azure: Internet, and of the rest some source ports": (
        "azure", [changed(AZURE_RULE, sourceAddressPrefix="Internet"),
                  changed(AZURE_RULE, name="b", priority=200, sourcePortRange="5060"), DENY_ALL],
        {STRANGER: OPEN, NEIGHBOUR: CLOSED}),
    "azure: a service tag": ("azure", azure(sourceAddressPrefix="AzureCloud"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "azure: a service tag among blocks": (
        "azure", azure(sourceAddressPrefix="", sourceAddressPrefixes=["10.0.0.0/8", "Storage"]),
        {STRANGER: UNKNOWN, NEIGHBOUR: OPEN}),
    "azure: a destination, and a service tag among blocks": (
        "azure",
        azure(
            "sourceAddressPrefix", destinationAddressPrefix="10.0.0.4", sourceAddressPrefixes=["10.0.0.0/8", "Storage"]
        ),
        {NEIGHBOUR: UNKNOWN, OTHER_PORT: CLOSED},
    ),
    "azure: the network": ("azure", azure(sourceAddressPrefix="VirtualNetwork"), {STRANGER: BY_NAME_ONLY}),
    "azure: Internet before a deny of the rest": (
        "azure", azure(sourceAddressPrefix="Internet"), {STRANGER: OPEN, NEIGHBOUR: CLOSED, SIX: OPEN}),
    "azure: Internet, and the rest is let in": (
        "azure", [changed(AZURE_RULE, sourceAddressPrefix="Internet")], {STRANGER: OPEN, NEIGHBOUR: OPEN}),
    "azure: a deny of Internet": (
        "azure", [changed(AZURE_RULE, access="Deny", sourceAddressPrefix="Internet"),
                  changed(AZURE_RULE, name="all", priority=200)], {STRANGER: UNKNOWN, NEIGHBOUR: OPEN}),
    "azure: probes": ("azure", azure(sourceAddressPrefix="AzureLoadBalancer"), {STRANGER: CLOSED}),
    "azure: a group of sources": (
        "azure", azure(sourceAddressPrefix=None, sourceApplicationSecurityGroups=[{"id": "/x/web"}]),
        {STRANGER: BY_NAME_ONLY, OTHER_PORT: CLOSED}),
    "azure: a group of destinations": (
        "azure", azure(destinationApplicationSecurityGroups=[{"id": "/x/web"}]), {STRANGER: UNKNOWN}),
    "azure: a destination": (
        "azure", azure(destinationAddressPrefix="10.0.0.4"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "azure: destinations": (
        "azure", azure(destinationAddressPrefix="", destinationAddressPrefixes=["10.0.0.4", "10.0.0.5"]),
        {STRANGER: UNKNOWN}),
    "azure: a deny for some source ports": (

               "azure", [changed(AZURE_RULE, access="Deny", sourcePortRange="5060"),
        changed(AZURE_RULE, name="b", priority=200)],
        {STRANGER: UNKNOWN}),
    "azure: no source": ("azure", azure("sourceAddressPrefix"), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "azure: no port": ("azure", azure("destinationPortRange"), {STRANGER: UNKNOWN, OTHER_PORT: UNKNOWN}),
    "azure: ESP": ("azure", azure(protocol="Esp"), {STRANGER: CLOSED}),
    "azure: a protocol that is not known": ("azure", azure(protocol="Quic"), {STRANGER: UNKNOWN}),
    "azure: a field that may narrow": ("azure", azure(sourceIpGroups=["g"]), {STRANGER: UNKNOWN, OTHER_PORT: CLOSED}),
    "azure: a rule that is being set": ("azure", azure(provisioningState="Updating"), {STRANGER: UNKNOWN}),
    "azure: a group's new field": ("azure", changed(AZURE_GROUP, baseRules=[{"name": "x"}]), {STRANGER: UNKNOWN}),
    "azure: a deny and an allow of one priority": (
        "azure", [AZURE_RULE, changed(AZURE_RULE, name="no", access="Deny")], {STRANGER: UNKNOWN}),
    "azure: two allows of one priority": ("azure", [AZURE_RULE, changed(AZURE_RULE, name="too")], {STRANGER: OPEN}),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_a_listing_is_read_in_three_values(name):
    platform, value, fates = READ[name]
    given = json.loads(json.dumps(value))
    found = BY_NAME[platform].from_cli().read(given, Selection(all_instances=True))
    assert {packet: said(found, packet) for packet in fates} == fates
    assert bool(found.unread) is (UNKNOWN in fates.values())


PAGE = "is one page of several"
WHOLE_GROUPS = "must be whole security groups or their rules"
OF_GOOGLE = "must be the firewall rules of a network"
OF_AZURE = "must be network security groups with their rules"
EFFECTIVE = {
    "value": [{"association": {}, "effectiveSecurityRules": [AZURE_RULE], "networkSecurityGroup": {"id": "x"}}]
}
REFUSED: dict[str, tuple[str | None, Any, str]] = {
    "aws: a page": ("aws", {**aws_rules(), "NextToken": "x"}, PAGE),
    "aws: permissions without their group": ("aws", [PERMISSION], WHOLE_GROUPS),
    "aws: some fields of groups": ("aws", [{"GroupId": "sg-1", "GroupName": "a"}], WHOLE_GROUPS),
    "aws: ids": ("aws", ["sg-1"], WHOLE_GROUPS),
    "aws: null": ("aws", None, WHOLE_GROUPS),
    "aws: nothing": ("aws", {}, WHOLE_GROUPS),
    "aws: the answer to a change": ("aws", {"Return": True, **aws_rules()}, "and nothing besides"),
    "aws: both lists": ("aws", {**aws_rules(), "SecurityGroups": [AWS_GROUP]}, "and nothing besides"),
    "aws: rules and groups": ("aws", [AWS_RULE, {"GroupId": "sg-1"}], WHOLE_GROUPS),
    "aws: a group of two VPCs": ("aws", [AWS_GROUP, changed(AWS_GROUP, GroupId="sg-2")], "must be one security group"),
    "aws: a text": ("aws", json.dumps(aws_rules()), WHOLE_GROUPS),
    "gcp: a page": ("gcp", {"items": gcp(), "nextPageToken": "x"}, PAGE),
    "gcp: one rule": ("gcp", GCP_RULE, OF_GOOGLE),
    "gcp: what is in force": ("gcp", {"firewalls": gcp(), "firewallPolicys": []}, "firewall policies are not read"),
    "gcp: what is in force at a network": ("gcp", {"firewalls": gcp()}, "firewall policies are not read"),
    "gcp: no network": ("gcp", gcp("network"), "network"),
    "gcp: a priority as text": ("gcp", gcp(priority="1000"), "Expected `int`"),
    "gcp: null": ("gcp", None, OF_GOOGLE),
    "gcp: nothing": ("gcp", {}, OF_GOOGLE),
    "gcp: another wrapper": ("gcp", {"data": gcp()}, OF_GOOGLE),
    "digitalocean: a page by its links": (
        "digitalocean", {"firewalls": [DO_FIREWALL], "links": {"pages": {"next": "x"}}, "meta": {"total": 1}}, PAGE),
    "digitalocean: a page by its total": ("digitalocean", {"firewalls": [DO_FIREWALL], "meta": {"total": 21}}, PAGE),
    "digitalocean: an empty page": ("digitalocean", {"firewalls": [], "meta": {"total": 3}}, PAGE),
    "digitalocean: no rules": ("digitalocean", [changed(DO_FIREWALL, "inbound_rules")], "inbound_rules"),
    "digitalocean: null": ("digitalocean", {"firewall": None}, "must be firewalls"),
    "digitalocean: nothing": ("digitalocean", {}, "must be firewalls"),
    "digitalocean: another wrapper": ("digitalocean", {"Result": [DO_FIREWALL]}, "inbound_rules"),
    "digitalocean: an error": ("digitalocean", {"id": "unauthorized", "message": "x"}, "inbound_rules"),
    "hetzner: a page": (
        "hetzner", {"firewalls": [HC_FIREWALL], "meta": {"pagination": {"page": 1, "next_page": 2}}}, PAGE),
    "hetzner: the last page": (
        "hetzner", {"firewalls": [], "meta": {"pagination": {"page": 2, "previous_page": 1}}}, PAGE),
    "hetzner: no rules": ("hetzner", [changed(HC_FIREWALL, "rules")], "rules"),
    "hetzner: null": ("hetzner", {"firewall": None}, "must be firewalls"),
    "hetzner: nothing": ("hetzner", {}, "must be firewalls"),
    "hetzner: an error": ("hetzner", {"error": {"code": "unauthorized", "message": "x"}}, "rules"),
    "azure: a page": ("azure", {"value": [AZURE_GROUP], "nextLink": "https://x"}, PAGE),
    "azure: one rule": ("azure", AZURE_RULE, OF_AZURE),
    "azure: rules of two groups": (
        "azure", [changed(AZURE_RULE, id=IN_GROUP.format("a")), changed(AZURE_RULE, id=IN_GROUP.format("b"))],
        "must be the rules of one"),
    "azure: what is in force": ("azure", EFFECTIVE, "rules of a network interface are not read"),
    "azure: no rules": ("azure", changed(AZURE_GROUP, "securityRules"), "securityRules"),
    "azure: a priority as text": ("azure", azure(priority="100"), "Expected `int`"),
    "azure: PowerShell's": ("azure", {"Name": "media", "SecurityRules": [AZURE_RULE]}, "securityRules"),
    "azure: a template": ("azure", {"resources": [AZURE_GROUP]}, "securityRules"),
    "azure: the answer to a creation": ("azure", {"NewNSG": AZURE_GROUP}, "securityRules"),
    "azure: null": ("azure", None, OF_AZURE),
    "azure: groups and rules": ("azure", [AZURE_RULE, AZURE_GROUP], "priority"),
    "unasked: one rule of Google's": (None, GCP_RULE, OF_GOOGLE),
    "unasked: one rule of Azure's": (None, AZURE_RULE, OF_AZURE),
    "unasked: rules of an interface": (None, EFFECTIVE, "give what az network nsg show prints"),
    "unasked: what is in force at Google": (None, {"firewalls": gcp(), "firewallPolicys": []}, "policies are not read"),
    "unasked: another wrapper": (None, {"data": [AWS_GROUP]}, "must be a firewall as a platform prints it"),
    "unasked: a mixture": (None, [AWS_GROUP, AZURE_GROUP], "must be a firewall as a platform prints it"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_another_shape_is_refused(tmp_path, name):
    platform, value, text = REFUSED[name]
    path = tmp_path / "firewall.json"
    path.write_text(json.dumps(value))
    with pytest.raises(NotAFirewall) as caught:
        read_firewall([str(path)], platform, Selection())
    assert text in str(caught.value)
    assert str(caught.value).isprintable()


PRINTED = {"aws": aws_rules(), "gcp": gcp(), "digitalocean": digitalocean(), "azure": AZURE_GROUP, "hetzner": hetzner()}


@pytest.mark.parametrize("asked", [one.name for one in PLATFORMS])
@pytest.mark.parametrize("printed", PRINTED)
def test_the_json_of_another_platform_is_refused_with_what_it_looks_like(tmp_path, printed, asked):
    path = tmp_path / "firewall.json"
    path.write_text(json.dumps(PRINTED[printed]))
    if asked == printed:
        assert (
            read_firewall([str(path)], asked, Selection())[0]
            == read_firewall([str(path)], None, Selection())[0]
            == asked
        )
        return
    with pytest.raises(NotAFirewall) as caught:
        read_firewall([str(path)], asked, Selection())
    on = BY_NAME[printed]
    assert f"is what {on.listing} prints, and no firewall of {BY_NAME[asked].title}" in str(caught.value)
    assert f"leave it out, or say {printed}" in str(caught.value)


def test_what_reaches_a_machine_without_any_firewall():
    expected = {"aws": CLOSED, "gcp": CLOSED, "digitalocean": OPEN, "azure": UNKNOWN, "hetzner": OPEN, "nftables": OPEN}
    for platform in PLATFORMS:
        found = platform.without_firewall()
        assert {said(found, packet) for packet in (STRANGER, SIX, OTHER_PORT)} == {expected[platform.name]}
        assert bool(found.unread) is (expected[platform.name] == UNKNOWN)


def test_a_group_of_amazon_is_chosen_by_a_name_that_only_it_has():
    both = {"SecurityGroups": [changed(AWS_GROUP, GroupId=one, IpPermissions=[]) for one in ("sg-1", "sg-2")]}
    read = BY_NAME["aws"].from_cli().read
    with pytest.raises(NotAFirewall, match=r"must be the id of one of them \(got media\); it has sg-1, sg-2"):
        read(both, Selection(("media",)))
    assert read(both, Selection(("sg-2",))).members == ("sg-2",)


def test_a_group_of_azure_is_chosen_by_its_id_where_its_name_is_not_enough():
    both = [changed(AZURE_GROUP, id=f"/rg/{one}/media", securityRules=[DENY_ALL] if one == "a" else []) for one in "ab"]
    read = BY_NAME["azure"].from_cli().read
    with pytest.raises(NotAFirewall, match="say which is meant by its id"):
        read(both, Selection(("media",)))
    assert said(read(both, Selection(("/RG/A/media",))), NEIGHBOUR) == CLOSED
    assert said(read(both, Selection(("/rg/b/media",))), NEIGHBOUR) == BY_NAME_ONLY


def test_networks_of_one_name_in_two_projects_are_two():
    both = [changed(GCP_RULE, network=f"https://x/projects/{one}/global/networks/default") for one in "ab"]
    both[1]["allowed"] = [{"IPProtocol": "udp"}]
    read = BY_NAME["gcp"].from_cli().read
    with pytest.raises(NotAFirewall, match="a/default, b/default"):
        read(both, Selection())
    assert said(read(both, Selection(("b/default",))), STRANGER) == CLOSED
    assert said(read(both, Selection(network="projects/a/global/networks/default")), STRANGER) == OPEN
    assert said(read(both[:1], Selection(("default",))), STRANGER) == OPEN


NOT_THERE = {
    "aws": (AWS_GROUP, "must be a security group of the file (got htp); it has sg-1"),
    "gcp": (gcp(), "must be a network of the file (got htp); it has default; say which is meant: --group NETWORK"),
    "digitalocean": (digitalocean(), "must be a firewall of the file (got htp); it has media"),
    "azure": (AZURE_GROUP, "must be a network security group of the file (got htp); it has media"),
    "hetzner": (hetzner(), "must be a firewall of the file (got htp); it has media"),
}


@pytest.mark.parametrize("platform", NOT_THERE)
def test_a_group_that_is_not_there_is_refused_with_what_is(platform):
    value, text = NOT_THERE[platform]
    with pytest.raises(NotAFirewall) as caught:
        BY_NAME[platform].from_cli().read(json.loads(json.dumps(value)), Selection(("htp",), all_instances=True))
    assert str(caught.value) == f"--group: {text}"


@pytest.mark.parametrize("platform", ["aws", "azure", "digitalocean", "hetzner"])
def test_a_group_that_is_asked_of_an_empty_list_is_not_no_firewall(platform):
    with pytest.raises(NotAFirewall, match=r"--group: must be .* of the file \(got media\); it has none"):
        BY_NAME[platform].from_cli().read([], Selection(("media",)))


def test_an_allow_of_some_source_ports_is_open_to_whoever_sends_from_one_of_them():
    found = BY_NAME["azure"].from_cli().read(azure(sourcePortRange="5060"), Selection())
    assert (found.partly, found.admitted) == (PacketSet.box([PortRange.tcp(443)], EVERYBODY), PacketSet())
    assert said(found, OTHER_PORT) == CLOSED
