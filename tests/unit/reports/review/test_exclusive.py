"""Lists that are put as a whole, rules of which the platform takes one, and counts in between: one preview for each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from .amazon import EXCLUSIVE
from .plans import UNKNOWN, plan, step, urn
from .programs import (
    AWS_DEFAULT,
    AWS_EGRESS,
    AWS_GROUP,
    AWS_INGRESS,
    AWS_RULE,
    AZURE_CLASSIC,
    AZURE_CLASSIC_RULE,
    AZURE_GROUP,
    AZURE_RULE,
    GCP,
    OCEAN,
    stream,
)
from .test_updates import ids, part

VPC = {"vpcId": "vpc-1"}
MEDIA = {"protocol": "udp", "fromPort": 50000, "toPort": 60000, "cidrBlocks": ["0.0.0.0/0"]}
ICE = {"protocol": "tcp", "fromPort": 7881, "toPort": 7881, "cidrBlocks": ["0.0.0.0/0"]}
OWN = {"securityGroupId": "g-id"}
NEW_MEDIA = {**OWN, "ipProtocol": "udp", "fromPort": 50000, "toPort": 60000, "cidrIpv4": "0.0.0.0/0"}
NEW_ICE = {**OWN, "ipProtocol": "tcp", "fromPort": 7881, "toPort": 7881, "cidrIpv4": "0.0.0.0/0"}
OLD_MEDIA = {**OWN, "type": "ingress", **MEDIA}
EVERY = {"protocol": "-1", "fromPort": 0, "toPort": 0, "cidrBlocks": ["0.0.0.0/0"]}
NEW_EVERY = {**OWN, "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}

SAME_GROUP = step("same", AWS_GROUP, "g", VPC)
REFUSED, FIGHT = {"refused-half-way"}, {"lists-fight"}
LOST = {"needed-port-lost", "call-interrupted"}


def aws_group(before: dict[str, Any], after: dict[str, Any], *read: dict[str, Any], token: str = AWS_GROUP,
              way: str = "ingress") -> dict[str, Any]:  # fmt: skip
    """An update of a group that the state has read."""
    diffs = [key for key in {**before, **after} if before.get(key) != after.get(key)] or [way]
    return step("update", token, "g", VPC | before, VPC | after, read={way: list(read)}, diffs=diffs)


def same(token: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return step("same", token, name, inputs, **more)


def made(token: str, name: str, inputs: dict[str, Any], **more: Any) -> dict[str, Any]:
    return step("create", token, name, None, inputs, **more)


def gone(token: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    return step("delete", token, name, inputs)


def only(*named: str, op: str = "create", **more: Any) -> dict[str, Any]:
    given = {**OWN, "ingressRuleIds": list(named), "egressRuleIds": []}
    before = None if op == "create" else {**given, "ingressRuleIds": [*named, "sgr-gone"]} if op == "update" else given
    return step(op, EXCLUSIVE, "only", before, given, **more)


ONLY_MEDIA = {**OWN, "ingressRuleIds": ["media-id"], "egressRuleIds": []}

RULE = {"resourceGroupName": "rg", "networkSecurityGroupName": "nsg1"}
NSG = {**RULE, "location": "westeurope"}


def entry(name: str, priority: int, port: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "priority": priority, "access": "Allow", "direction": "Inbound", "protocol": "Udp",
            "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
            "destinationPortRange": port, **more}  # fmt: skip


AZURE_MEDIA, AZURE_WEB = entry("media", 200, "50000-60000"), entry("web", 300, "8443", protocol="Tcp")


def alone(given: dict[str, Any], token: str = AZURE_RULE) -> dict[str, Any]:
    return {**RULE, **({"securityRuleName": given["name"]} if token == AZURE_RULE else {}), **given}


def nsg(before: Any, after: Any, token: str = AZURE_GROUP, **more: Any) -> dict[str, Any]:
    sides = [NSG if one is None else {**NSG, "securityRules": one} for one in (before, after)]
    diffs = ["tags"] if before == after else ["securityRules"]
    tags = {"tags": {"a": "b"}} if before == after else {}
    return step("update", token, "nsg", sides[0], {**sides[1], **tags}, diffs=diffs, **more)


FIREWALL = {
    "name": "wall",
    "tags": ["web"],
    "inboundRules": [{"protocol": "tcp", "portRange": "8443", "sourceTags": ["x"]}],
}
GOOGLE = {"name": "rule", "network": "n", "allows": [{"protocol": "tcp", "ports": ["8443"]}], "sourceTags": ["x"]}

# the steps, the verdict, and the risks
PLANS: dict[str, tuple[list[dict[str, Any]], str, set[str]]] = {
    # a list over rules of their own, on AWS
    "an empty list revokes what is not in it": (
        [aws_group({"ingress": []}, {"ingress": []}, MEDIA), same(AWS_INGRESS, "media", NEW_MEDIA)],
        "narrower", LOST | FIGHT),
    "a list that is not mentioned revokes nothing": (
        [aws_group({}, {"tags": {"a": "b"}}, MEDIA), same(AWS_INGRESS, "media", NEW_MEDIA)], "no change", set()),
    "a list that gets an entry, of a state that has not read the group": (
        [aws_group({"ingress": []}, {"ingress": [ICE]}), same(AWS_INGRESS, "media", NEW_MEDIA)], "wider", FIGHT),
    "a list in a state of which nothing is told": (
        [step("update", AWS_GROUP, "g", VPC | {"ingress": []}, VPC | {"ingress": [ICE]}, diffs=["ingress"]),
         same(AWS_INGRESS, "media", NEW_MEDIA)],
        "moved", FIGHT),
    "tags beside a list, with the list's changes ignored": (
        [step("update", AWS_GROUP, "g", VPC | {"ingress": [ICE]}, VPC | {"ingress": [ICE], "tags": {"a": "b"}},
              read={"ingress": [ICE, MEDIA]}, diffs=["tags"]), same(AWS_INGRESS, "media", NEW_MEDIA)],
        "no change", FIGHT),
    "a rule of the older kind": (
        [aws_group({"ingress": [ICE]}, {"ingress": [ICE]}, ICE, MEDIA), same(AWS_RULE, "media", OLD_MEDIA)],
        "narrower", LOST | FIGHT),
    "one of two blocks of a rule of the older kind": (
        [aws_group({"ingress": [ICE]}, {"ingress": [ICE]}, ICE, MEDIA),
         same(AWS_RULE, "media", {**OLD_MEDIA, "cidrBlocks": ["0.0.0.0/0", "10.0.0.0/8"]})],
        "narrower", {"call-interrupted"} | FIGHT),
    "the list of the other direction": (
        [aws_group({"egress": [EVERY]}, {"egress": []}, EVERY, way="egress"), same(AWS_INGRESS, "media", NEW_MEDIA)],
        "narrower", set()),
    "a list of egress over rules of their own": (
        [aws_group({"egress": []}, {"egress": []}, EVERY, way="egress"), same(AWS_EGRESS, "out", NEW_EVERY)],
        "narrower", FIGHT),
    "the default group": (
        [aws_group({"ingress": []}, {"ingress": []}, MEDIA, token=AWS_DEFAULT), same(AWS_INGRESS, "media", NEW_MEDIA)],
        "narrower", LOST | FIGHT),
    "the default group, which is taken over": (
        [made(AWS_DEFAULT, "g", VPC | {"ingress": [ICE]}),
         made(AWS_INGRESS, "media", {**NEW_MEDIA, "securityGroupId": UNKNOWN},
              depends={"securityGroupId": [urn(AWS_DEFAULT, "g")]})],
        "moved", FIGHT),
    "the default group of a VPC that comes with it": (
        [made("aws:ec2/vpc:Vpc", "v", {"cidrBlock": "10.0.0.0/16"}),
         made(AWS_DEFAULT, "g", {"vpcId": UNKNOWN, "ingress": [ICE]},
              depends={"vpcId": [urn("aws:ec2/vpc:Vpc", "v")]})],
        "wider", set()),
    "the default group, whose list goes": (
        [aws_group({"ingress": [MEDIA]}, {}, MEDIA, token=AWS_DEFAULT)], "no change", set()),
    "both stand, and nothing changes": (
        [same(AWS_GROUP, "g", VPC | {"ingress": [ICE]}, read={"ingress": [ICE]}),
         same(AWS_INGRESS, "media", NEW_MEDIA)],
        "no change", FIGHT),
    "rules of their own move into the list": (
        [aws_group({}, {"ingress": [MEDIA]}, MEDIA), gone(AWS_INGRESS, "media", NEW_MEDIA)], "narrower", LOST),
    "a rule that the list has revoked is changed": (
        [aws_group({"ingress": []}, {"ingress": []}, MEDIA),
         step("update", AWS_INGRESS, "media", NEW_MEDIA, {**NEW_MEDIA, "toPort": 60100}, diffs=["toPort"])],
        "wider", REFUSED | FIGHT | {"call-interrupted"}),
    "a list that empties, and rules of their own in its place": (
        [aws_group({"ingress": [MEDIA]}, {"ingress": []}, MEDIA), made(AWS_INGRESS, "media", NEW_MEDIA)],
        "no change", FIGHT),
    "a list with an entry that is not known yet": (
        [aws_group({"ingress": [ICE]}, {"ingress": [ICE, {**MEDIA, "cidrBlocks": [UNKNOWN]}]}, ICE, MEDIA),
         same(AWS_INGRESS, "media", NEW_MEDIA)],
        "moved", FIGHT),
    "a list of Azure's that is not known yet": (
        [nsg([AZURE_WEB], UNKNOWN), same(AZURE_RULE, "m", alone(AZURE_MEDIA))], "moved", FIGHT),
    "a rule whose block is not known yet, beside a list": (
        [made(AWS_GROUP, "g", VPC | {"ingress": [ICE]}),
         made(AWS_INGRESS, "media", {**NEW_MEDIA, "cidrIpv4": UNKNOWN, "securityGroupId": UNKNOWN},
              depends={"securityGroupId": [urn(AWS_GROUP, "g")]})],
        "wider", FIGHT),
    "a rule whose block is a secret, beside a list that changes": (
        [aws_group({"ingress": [ICE]}, {"ingress": []}, ICE),
         same(AWS_INGRESS, "media", {**NEW_MEDIA, "cidrIpv4": "[secret]"})],
        "narrower", LOST | FIGHT),
    "a rule that the list has revoked, again under another name": (
        [aws_group({"ingress": []}, {"ingress": []}, MEDIA), made(AWS_INGRESS, "again", NEW_MEDIA),
         gone(AWS_INGRESS, "media", NEW_MEDIA)],
        "no change", FIGHT),
    "an entry of the list that is a rule of its own, of a state that has not read the group": (
        [aws_group({"ingress": []}, {"ingress": [MEDIA]}), same(AWS_INGRESS, "media", NEW_MEDIA)],
        "no change", REFUSED),
    "what a list has left behind, as a rule of its own": (
        [same(AWS_GROUP, "g", VPC, read={"ingress": [MEDIA]}), made(AWS_INGRESS, "media", NEW_MEDIA)],
        "wider", REFUSED),
    "what the state has read of a rule that is replaced": (
        [same(AWS_GROUP, "g", VPC, read={"ingress": [MEDIA]}),
         step("replace", AWS_RULE, "media", OLD_MEDIA, {**OLD_MEDIA, "cidrBlocks": ["0.0.0.0/0", "10.0.0.0/8"]},
              diffs=["cidrBlocks"])],
        "no change", {"call-interrupted"}),
    "a list that goes, and is imported as rules of their own": (
        [aws_group({"ingress": [MEDIA]}, {}, MEDIA), step("import", AWS_INGRESS, "media", None, NEW_MEDIA)],
        "no change", set()),
    # what removes all that it does not name
    "a rule that is not named, where nothing changes": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA), only(op="same")], "no change", FIGHT),
    "all but what is named": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA), same(AWS_INGRESS, "ice", NEW_ICE), only("ice-id")],
        "narrower", LOST | FIGHT),
    "all, and all are named": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA), only("media-id")], "no change", set()),
    "all are named, one by its dependency": (
        [SAME_GROUP, same(AWS_INGRESS, "ice", NEW_ICE), made(AWS_INGRESS, "media", NEW_MEDIA),
         only("ice-id", UNKNOWN, depends={"ingressRuleIds": [urn(AWS_INGRESS, "media")]})],
        "wider", set()),
    "names that are not known": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA), only(UNKNOWN)], "narrower", set()),
    "a rule that is no resource, of which the state knows the id": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA),
         step("update", EXCLUSIVE, "only", ONLY_MEDIA, ONLY_MEDIA, diffs=["ingressRuleIds"],
              read={"ingressRuleIds": ["media-id", "sgr-hand"]})], "narrower", set()),
    "a rule that is no resource, in a group that the state has read": (
        [same(AWS_GROUP, "g", VPC, read={"ingress": [MEDIA, ICE]}), same(AWS_INGRESS, "media", NEW_MEDIA),
         step("update", EXCLUSIVE, "only", ONLY_MEDIA, ONLY_MEDIA, diffs=["ingressRuleIds"],
              read={"ingressRuleIds": ["media-id", "sgr-hand"]})], "narrower", set()),
    "a rule that is no resource, when the exclusive one comes": (
        [same(AWS_GROUP, "g", VPC, read={"ingress": [MEDIA, ICE]}), same(AWS_INGRESS, "media", NEW_MEDIA),
         only("media-id")], "narrower", set()),
    "a rule that is a resource, and that this update deletes": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA), gone(AWS_EGRESS, "every", NEW_EVERY),
         step("update", EXCLUSIVE, "only", ONLY_MEDIA | {"egressRuleIds": ["every-id"]}, ONLY_MEDIA,
              diffs=["egressRuleIds"])], "narrower", set()),
    "a rule more that is not named": (
        [SAME_GROUP, made(AWS_INGRESS, "media", NEW_MEDIA), only("ice-id", op="same"),
         same(AWS_INGRESS, "ice", NEW_ICE)],
        "wider", FIGHT),
    "all but what is named, and a list": (
        [same(AWS_GROUP, "g", VPC | {"ingress": [MEDIA]}, read={"ingress": [MEDIA]}), only()],
        "narrower", LOST | FIGHT),
    "fewer are named": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA), only(op="update")], "narrower", LOST | FIGHT),
    "what removed others goes": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA), gone(EXCLUSIVE, "only", {**OWN, "ingressRuleIds": []})],
        "no change", set()),
    # one rule under two names, on AWS
    "a number for a protocol": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA),
         made(AWS_INGRESS, "again", {**NEW_MEDIA, "ipProtocol": "17"})],
        "no change", REFUSED),
    "another description": (
        [SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA),
         made(AWS_INGRESS, "again", {**NEW_MEDIA, "description": "x"})],
        "no change", REFUSED),
    "a block with bits of a host": (
        [SAME_GROUP, same(AWS_INGRESS, "a", {**NEW_ICE, "cidrIpv4": "10.0.0.0/8"}),
         made(AWS_RULE, "b", {**OLD_MEDIA, **ICE, "cidrBlocks": ["10.1.2.3/8"]})],
        "no change", REFUSED),
    "itself, by its id and by a word": (
        [SAME_GROUP, same(AWS_RULE, "a", {**OWN, "type": "ingress", "protocol": "tcp", "fromPort": 1, "toPort": 2,
                                          "self": True}),
         made(AWS_INGRESS, "b", {**OWN, "ipProtocol": "tcp", "fromPort": 1, "toPort": 2,
                                 "referencedSecurityGroupId": "g-id"})],
        "no change", REFUSED),
    "every protocol, with ports and without": (
        [SAME_GROUP, same(AWS_EGRESS, "a", NEW_EVERY), made(AWS_RULE, "b", {**OWN, "type": "egress", **EVERY})],
        "no change", REFUSED),
    "the other family is another rule": (
        [SAME_GROUP, same(AWS_INGRESS, "a", NEW_ICE),
         made(AWS_INGRESS, "b", {**OWN, "ipProtocol": "tcp", "fromPort": 7881, "toPort": 7881, "cidrIpv6": "::/0"})],
        "wider", set()),
    "the other direction is another rule": (
        [SAME_GROUP, same(AWS_EGRESS, "a", NEW_ICE), made(AWS_INGRESS, "b", NEW_ICE)], "wider", set()),
    "another group holds it": (
        [SAME_GROUP, same(AWS_INGRESS, "a", {**NEW_MEDIA, "securityGroupId": "sg-7"}),
         made(AWS_INGRESS, "b", NEW_MEDIA)],
        "wider", set()),
    "a block that is not known": (
        [SAME_GROUP, made(AWS_INGRESS, "a", {**NEW_MEDIA, "cidrIpv4": UNKNOWN}),
         made(AWS_INGRESS, "b", {**NEW_MEDIA, "cidrIpv4": UNKNOWN})],
        "wider", set()),
    "rules by their index, of which the first goes": (
        [SAME_GROUP, step("update", AWS_INGRESS, "r0", NEW_MEDIA, NEW_ICE, diffs=["fromPort"]),
         gone(AWS_INGRESS, "r1", NEW_ICE)],
        "narrower", REFUSED | LOST),
    "two that change places": (
        [SAME_GROUP, step("update", AWS_INGRESS, "r0", NEW_MEDIA, NEW_ICE, diffs=["fromPort"]),
         step("update", AWS_INGRESS, "r1", NEW_ICE, NEW_MEDIA, diffs=["fromPort"])],
        "no change", REFUSED | {"call-interrupted"}),
    "the older kind becomes the newer": (
        [SAME_GROUP, made(AWS_INGRESS, "new", NEW_MEDIA), gone(AWS_RULE, "media", OLD_MEDIA)], "no change", REFUSED),
    "a block more of the older kind, which is deleted first": (
        [SAME_GROUP, step("replace", AWS_RULE, "media", OLD_MEDIA,
                          {**OLD_MEDIA, "cidrBlocks": ["0.0.0.0/0", "10.0.0.0/8"]}, diffs=["cidrBlocks"])],
        "no change", {"call-interrupted"}),
    "the newer kind, replaced by the same": (
        [SAME_GROUP, step("create-replacement", AWS_INGRESS, "media", NEW_MEDIA, NEW_MEDIA),
         step("replace", AWS_INGRESS, "media", NEW_MEDIA, NEW_MEDIA, diffs=["region"]),
         step("delete-replaced", AWS_INGRESS, "media", NEW_MEDIA)],
        "no change", REFUSED | {"call-interrupted"}),
    "the newer kind, replaced by the same, the old one first": (
        [SAME_GROUP, step("delete-replaced", AWS_INGRESS, "media", NEW_MEDIA),
         step("replace", AWS_INGRESS, "media", NEW_MEDIA, NEW_MEDIA, diffs=["region"]),
         step("create-replacement", AWS_INGRESS, "media", NEW_MEDIA, NEW_MEDIA)],
        "no change", {"call-interrupted"}),
    "one entry of a list twice, under two descriptions": (
        [made(AWS_GROUP, "g", VPC | {"ingress": [MEDIA, {**MEDIA, "description": "again"}]})], "wider", REFUSED),
    "one entry of a list twice, in the same words": (
        [made(AWS_GROUP, "g", VPC | {"ingress": [MEDIA, MEDIA]})], "wider", set()),
    "an entry of the list of a new group, as a rule of its own": (
        [made(AWS_GROUP, "g", VPC | {"ingress": [MEDIA]}),
         made(AWS_INGRESS, "media", {**NEW_MEDIA, "securityGroupId": UNKNOWN},
              depends={"securityGroupId": [urn(AWS_GROUP, "g")]})],
        "wider", REFUSED),
    "another group by the same name": (
        [made(AWS_GROUP, "new", VPC | {"name": "Media"}), gone(AWS_GROUP, "g", VPC | {"name": "media"})],
        "no change", REFUSED),
    # names and limits
    "a description that AWS does not take": (
        [SAME_GROUP, made(AWS_INGRESS, "a", {**NEW_ICE, "description": "für alle"})], "wider", REFUSED),
    "a long description": (
        [SAME_GROUP, made(AWS_INGRESS, "a", {**NEW_ICE, "description": "x" * 256})], "wider", REFUSED),
    "a long description that is there": (
        [SAME_GROUP, same(AWS_INGRESS, "a", {**NEW_ICE, "description": "x" * 256})], "no change", set()),
    "a name that Google does not take": ([made(GCP, "a", {**GOOGLE, "name": "My_Rule"})], "wider", REFUSED),
    "a rule of Google's under another resource's name": (
        [made(GCP, "b", GOOGLE), gone(GCP, "a", GOOGLE)], "no change", REFUSED),
    "a rule of Google's that is replaced under its name": (
        [step("replace", GCP, "a", GOOGLE, {**GOOGLE, "params": {}}, diffs=["params"])], "no change", set()),
    "a firewall of DigitalOcean's under another resource's name": (
        [made(OCEAN, "b", FIREWALL), gone(OCEAN, "a", FIREWALL)], "no change", REFUSED),
    "a name that DigitalOcean does not take": (
        [made(OCEAN, "a", {**FIREWALL, "name": "my_wall"})], "wider", REFUSED),
    "a block that DigitalOcean does not take": (
        [same(OCEAN, "b", {**FIREWALL, "name": "other"}), made(OCEAN, "a", {**FIREWALL, "inboundRules": [
            {"protocol": "tcp", "portRange": "9000", "sourceAddresses": ["10.1.2.3/8"]}]})],
        "wider", REFUSED),
    "a firewall of DigitalOcean's for six tags": (
        [step("update", OCEAN, "a", FIREWALL, {**FIREWALL, "tags": ["web", *"abcde"]}, diffs=["tags"])],
        "wider", {"quota"}),
    # Azure
    "a list over a rule of its own, of the classic provider": (
        [nsg([], [AZURE_WEB], AZURE_CLASSIC), same(AZURE_CLASSIC_RULE, "m", alone(AZURE_MEDIA, AZURE_CLASSIC_RULE))],
        "moved", {"needed-port-lost"} | FIGHT),
    "tags of a group of the classic provider": (
        [nsg([AZURE_WEB], [AZURE_WEB], AZURE_CLASSIC),
         same(AZURE_CLASSIC_RULE, "m", alone(AZURE_MEDIA, AZURE_CLASSIC_RULE))],
        "narrower", FIGHT),
    "tags of a group": (
        [nsg([AZURE_WEB], [AZURE_WEB]), same(AZURE_RULE, "m", alone(AZURE_MEDIA))],
        "narrower", {"needed-port-lost"} | FIGHT),
    "tags of a group, and another rule in the place of one": (
        [nsg([AZURE_WEB], [AZURE_WEB]), made(AZURE_RULE, "n", alone({**AZURE_MEDIA, "name": "ice"})),
         gone(AZURE_RULE, "m", alone(AZURE_MEDIA))],
        "no change", FIGHT),
    "tags of a group without a list": (
        [nsg(None, None), same(AZURE_RULE, "m", alone(AZURE_MEDIA))], "no change", set()),
    "a list that goes stays": ([nsg([AZURE_WEB], None)], "no change", set()),
    "a list that goes, and its rule as a resource": (
        [nsg([AZURE_WEB], None), made(AZURE_RULE, "w", alone(AZURE_WEB))], "no change", REFUSED),
    "a list that empties, and its rule as a resource": (
        [nsg([AZURE_WEB], []), made(AZURE_RULE, "w", alone(AZURE_WEB))], "no change", FIGHT),
    "a rule moves into the list, and is deleted last": (
        [nsg([], [AZURE_MEDIA]), gone(AZURE_RULE, "m", alone(AZURE_MEDIA))], "narrower", {"needed-port-lost"}),
    "a priority of a rule that goes": (
        [same(AZURE_GROUP, "nsg", NSG), made(AZURE_RULE, "w", alone({**AZURE_WEB, "priority": 200})),
         gone(AZURE_RULE, "m", alone(AZURE_MEDIA))],
        "moved", REFUSED | {"needed-port-lost"}),
    "a priority of the other direction": (
        [same(AZURE_GROUP, "nsg", NSG), made(AZURE_RULE, "w", alone({**AZURE_WEB, "priority": 200})),
         same(AZURE_RULE, "m", alone({**AZURE_MEDIA, "direction": "Outbound"}))],
        "wider", set()),
    "a rule that is renamed in Azure, the old one first": (
        [same(AZURE_GROUP, "nsg", NSG), step("replace", AZURE_RULE, "m", alone(AZURE_MEDIA),
                                             alone({**AZURE_MEDIA, "name": "ice"}), diffs=["securityRuleName"])],
        "no change", set()),
    "a rule under a name that is made up, and is replaced": (
        [same(AZURE_GROUP, "nsg", NSG),
         step("replace", AZURE_RULE, "m", {**alone(AZURE_MEDIA), "__createBeforeDelete": True},
              alone({**AZURE_MEDIA, "name": "ice"}), diffs=["securityRuleName"])],
        "no change", REFUSED),
    "a resource that is renamed, its rule not": (
        [same(AZURE_GROUP, "nsg", NSG), made(AZURE_RULE, "new", alone(AZURE_MEDIA)),
         gone(AZURE_RULE, "m", alone(AZURE_MEDIA))],
        "no change", REFUSED),
    "rules of two groups of one name in two resource groups": (
        [same(AZURE_RULE, "m", alone(AZURE_MEDIA)),
         made(AZURE_RULE, "o", {**alone(AZURE_MEDIA), "resourceGroupName": "b"})],
        "wider", set()),
    "a group that is renamed, its name in Azure not": (
        [made(AZURE_GROUP, "new", NSG), gone(AZURE_GROUP, "nsg", NSG)], "no change", REFUSED),
    "a group of that name in another resource group": (
        [made(AZURE_GROUP, "new", {**NSG, "resourceGroupName": "b"}), gone(AZURE_GROUP, "nsg", NSG)],
        "no change", set()),
    "application security groups that are too many": (
        [nsg([], [{**AZURE_WEB, "sourceAddressPrefix": "",
                   "sourceApplicationSecurityGroups": [{"id": f"/asg/{number}"} for number in range(11)]}])],
        "wider", REFUSED),
    "a priority that Azure does not have": (
        [nsg([], [{**AZURE_WEB, "priority": 99}])], "wider", REFUSED),
    "a name that Azure does not take": ([nsg([], [{**AZURE_WEB, "name": "-web"}])], "wider", REFUSED),
    "a list in a new stack, and a rule beside it": (
        [made(AZURE_GROUP, "nsg", {**NSG, "securityRules": [AZURE_WEB]}), made(AZURE_RULE, "m", alone(AZURE_MEDIA))],
        "wider", FIGHT),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANS)
def test_what_is_told_of(name):
    steps, verdict, risks = PLANS[name]
    found = part(plan(*steps))
    assert (found["verdict"], ids(found)) == (verdict, risks), (found["changes"], found["unclear"], found["risks"])


def texts(name: str, id_: str) -> list[tuple[str, bool]]:
    found = part(plan(*PLANS[name][0]))
    return [(one["text"], one["is_new"]) for one in found["risks"] if one["id"] == id_]


class TestTexts:
    def test_name_both_resources_and_what_this_update_does(self):
        assert texts("an empty list revokes what is not in it", "lists-fight") == [
            ("media and the list ingress inside of g are rules of one group: this update revokes media", True)
        ]

    def test_of_what_was_so_before(self):
        ((text, is_new),) = texts("both stand, and nothing changes", "lists-fight")
        assert text.endswith("an update after a refresh revokes what is not in the list")
        assert is_new is False

    def test_say_which_rule_and_where_the_order_decides(self):
        ((text, _),) = texts("rules by their index, of which the first goes", "refused-half-way")
        assert text == "r0 is the same rule as r1 (ingress tcp 7881 0.0.0.0/0), and a group holds it once"
        moved = plan(
            SAME_GROUP,
            step("update", AWS_INGRESS, "a", NEW_MEDIA, {**NEW_MEDIA, "toPort": 60100}, diffs=["toPort"]),
            made(AWS_INGRESS, "b", NEW_MEDIA),
        )
        (risk,) = (one for one in part(moved)["risks"] if one["id"] == "refused-half-way")
        assert risk["text"].endswith(": refused if it comes before a is changed")

    def test_say_that_a_default_group_loses_what_it_had(self):
        text = (
            "g is the default group of a VPC, which is taken over: every rule that it has had is revoked, and which "
            "ones these are is not in this preview"
        )
        assert part(plan(*PLANS["the default group, which is taken over"][0]))["unclear"] == [text]
        found = part(plan(*PLANS["the default group of a VPC that comes with it"][0]))
        assert (found["unclear"], found["notes"]) == ([], [f"`{text}.`"])

    def test_cut_long_lists_with_a_number(self):
        rules = [same(AWS_INGRESS, f"r{port}", {**NEW_ICE, "fromPort": port, "toPort": port}) for port in range(1, 8)]
        group = same(AWS_GROUP, "g", VPC | {"ingress": [MEDIA]}, read={"ingress": [MEDIA]})
        (risk,) = part(plan(group, *rules))["risks"]
        assert risk["text"].startswith("r1, r2, r3 and 4 more and the list ingress inside of g")

    def test_hold_hostile_names_as_code(self):
        from livekit_firewall.reports.review import review_texts
        from livekit_firewall.reports.review.markdown import markdown

        bad = "<b>@all\u202e"
        text = plan(SAME_GROUP, same(AWS_INGRESS, bad, NEW_MEDIA), made(AWS_INGRESS, "b", NEW_MEDIA))
        page = markdown(review_texts([("p", text)]))
        assert "<b>" not in page
        assert "\u202e" not in page
        assert "`b is the same rule as " in page


@pytest.mark.parametrize("name", PLANS)
def test_event_streams_tell_the_same(name):
    """They hold no dependencies."""
    steps, verdict, risks = PLANS[name]
    found = part(stream(json.loads(plan(*steps))))
    assert (found["verdict"], ids(found)) == (verdict, risks), (found["changes"], found["unclear"], found["risks"])


def test_a_list_that_is_not_known_yet_may_revoke_and_does_not_for_certain() -> None:
    group = step("update", AWS_GROUP, "g", VPC | {"ingress": [ICE]}, VPC | {"ingress": UNKNOWN},
                 read={"ingress": [ICE, MEDIA]}, diffs=["ingress"])  # fmt: skip
    found = part(plan(group, same(AWS_INGRESS, "media", NEW_MEDIA)))
    assert "g: ingress: the list inside of the group is put, which may revoke media" in found["unclear"]
    assert not [one for one in found["changes"] if one["service"] == "ice-udp"]


def test_a_rule_that_is_no_resource_is_named_by_its_id() -> None:
    update = step("update", EXCLUSIVE, "only", ONLY_MEDIA, ONLY_MEDIA, diffs=["ingressRuleIds"],
                  read={"ingressRuleIds": ["media-id", "sgr-hand"]})  # fmt: skip
    found = part(plan(SAME_GROUP, same(AWS_INGRESS, "media", NEW_MEDIA), update))
    assert found["unclear"] == ["g: ingress: only removes sgr-hand, and what that admits is not in this preview"]


FROM_IT = {
    "securityGroupId": "o-id",
    "ipProtocol": "tcp",
    "fromPort": 1,
    "toPort": 1,
    "referencedSecurityGroupId": "g-id",
}
BOUND = {"resourceGroupName": "rg", "networkSecurityGroup": {"id": "nsg-id"}}


class TestGroupsInUse:
    """AWS deletes no group of an interface, or that is the source of another's rule; Azure none that is attached."""

    GONE = gone(AWS_GROUP, "g", VPC | {"ingress": [MEDIA]})
    MACHINE = "aws:ec2/instance:Instance"
    TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
    SUBNET = "azure-native:network:Subnet"
    OTHER = same(AWS_GROUP, "o", VPC)

    def refused(self, *steps: dict[str, Any]) -> list[str]:
        return [one["text"] for one in part(plan(*steps))["risks"] if one["id"] == "refused-half-way"]

    def test_are_not_deleted(self) -> None:
        vm = same(self.MACHINE, "vm", {"vpcSecurityGroupIds": ["g-id"]})
        rule = same(AWS_INGRESS, "r", FROM_IT)
        why = "a group that is in use is not deleted"
        assert self.refused(vm, self.GONE) == [f"g is deleted, and vm still uses it: {why}"]
        assert self.refused(self.OTHER, rule, self.GONE) == [f"g is deleted, and r still uses it: {why}"]
        assert self.refused(self.OTHER, vm, rule, self.GONE) == [f"g is deleted, and vm and r still use it: {why}"]
        bound = same(self.SUBNET, "s", BOUND)
        assert self.refused(bound, gone(AZURE_GROUP, "nsg", NSG)) == [f"nsg is deleted, and s still uses it: {why}"]

    def test_are_free_once_what_has_them_goes_or_has_another(self) -> None:
        old, new = {"vpcSecurityGroupIds": ["g-id"]}, {"vpcSecurityGroupIds": ["sg-2"]}
        other = step("update", self.MACHINE, "vm", old, new, diffs=["vpcSecurityGroupIds"])
        assert self.refused(other, self.GONE) == []
        assert self.refused(gone(self.MACHINE, "vm", old), self.GONE) == []
        assert self.refused(self.OTHER, gone(AWS_INGRESS, "r", FROM_IT), self.GONE) == []
        assert self.refused(gone(self.SUBNET, "s", BOUND), gone(AZURE_GROUP, "nsg", NSG)) == []

    @pytest.mark.parametrize("is_first", [True, False])
    def test_are_not_deleted_before_another_takes_their_place(self, is_first: bool) -> None:
        old, new = VPC | {"name": "g", "description": "a"}, VPC | {"name": "g", "description": "b"}
        ops = ("delete-replaced", "replace", "create-replacement")
        three = [step(op, AWS_GROUP, "g", old, None if op == "delete-replaced" else new) for op in ops]
        vm = same(self.MACHINE, "vm", {"vpcSecurityGroupIds": ["g-id"]})
        told = self.refused(vm, *(three if is_first else three[::-1]))
        why = "a group that is in use is not deleted"
        text = f"g is deleted before another takes its place, and vm still uses it: {why}"
        assert (text in told) is is_first
        assert self.refused(gone(self.MACHINE, "vm", {"vpcSecurityGroupIds": ["g-id"]}), *three) == []

    def test_no_template_keeps_one(self) -> None:
        assert self.refused(same(self.TEMPLATE, "t", {"vpcSecurityGroupIds": ["g-id"]}), self.GONE) == []

    def test_one_that_stays_at_the_platform_is_not_deleted(self) -> None:
        kept = gone(AWS_GROUP, "g", VPC)
        kept["oldState"]["retainOnDelete"] = True
        assert self.refused(same(self.MACHINE, "vm", {"vpcSecurityGroupIds": ["g-id"]}), kept) == []


@pytest.mark.parametrize("name", ["x", "-wall", "my wall"])
def test_a_name_that_digitalocean_refuses_is_told_with_what_one_is(name: str) -> None:
    found = part(plan(made(OCEAN, "f", {**FIREWALL, "name": name})))
    lawful = "a letter or digit, then one or more letters, digits, dots and hyphens"
    assert [one["text"] for one in found["risks"] if one["id"] == "refused-half-way"] == [
        f"f is called {name}, and a name is {lawful}"
    ]


BOTH = ["203.0.113.0/24", "2001:db8::/32"]


@pytest.mark.parametrize("blocks", [BOTH, BOTH[:1], ["::/0", "2001:db8::/32"], ["VirtualNetwork", UNKNOWN, BOTH[1]]])
def test_both_families_in_one_rule_are_refused_where_the_platform_takes_one(blocks: list[str]) -> None:
    rule = {**entry("a", 100, "8443"), "sourceAddressPrefix": None, "sourceAddressPrefixes": blocks}
    steps = {
        "nsg": (made(AZURE_GROUP, "nsg", {**NSG, "securityRules": [rule]}), "a", "sourceAddressPrefixes", "Azure"),
        "rule": (made(AZURE_RULE, "r", alone(rule)), "a", "sourceAddressPrefixes", "Azure"),
        "google": (made(GCP, "g", {**GOOGLE, "sourceRanges": blocks}), "g", "sourceRanges", "Google Cloud"),
        "ocean": (made(OCEAN, "f", FIREWALL | {"inboundRules": [
            {"protocol": "tcp", "portRange": "8443", "sourceAddresses": BOTH}]}), "", "", ""),
    }  # fmt: skip
    for what, (one, name, field, platform) in steps.items():
        told = [risk["text"] for risk in part(plan(one))["risks"] if risk["id"] == "refused-half-way"]
        text = f"{name} has IPv4 and IPv6 in its {field}, and a rule of {platform} is for one of them"
        assert told == ([text] if blocks == BOTH and name else []), what
