"""Amazon EC2: security groups and their rules. What is right goes on to the account, `ec2.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import old_rules
from .bridge import filled, ordered
from .described import shape
from .ec2 import DEFAULT_GROUP, EGRESS, EXCLUSIVE, GROUP, INGRESS, INTERFACE, OLD_RULE, SOURCES, SUBNET, VPC, Account
from .shapes import Field, Refusal, all_of, block4, block6, matches, misfits, one_of, within
from .wire import is_known

__all__ = ["Account", "deletes_before_replace", "refusals", "replaces"]

TEXT = matches(
    r"[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}", "1 to 255 of a-z A-Z 0-9, space and ._-:/()#,@[]+=&;{}!$*"
)
GROUP_ID = matches(r"sg-([0-9a-f]{8}|[0-9a-f]{17})", "sg- and 8 or 17 hexadecimal digits")
VPC_ID = matches(r"vpc-([0-9a-f]{8}|[0-9a-f]{17})", "vpc- and 8 or 17 hexadecimal digits")
RULE_ID = matches(r"sgr-[0-9a-f]{17}", "sgr- and 17 hexadecimal digits")
LIST_ID = matches(r"pl-[0-9a-f]{8,17}", "pl- and hexadecimal digits")
REGION = matches(r"[a-z]{2}(-[a-z]+)+-\d", "a region")


def _not_reserved(name: str) -> str | None:
    return f"must not begin with sg- (got {name!r})" if name.lower().startswith("sg-") else None


def _tags(tags: dict[str, str]) -> str | None:
    wrong = [key for key in tags if not 1 <= len(key) <= 128 or key.lower().startswith("aws:")]
    if wrong or len(tags) > 50 or any(len(value) > 256 for value in tags.values() if is_known(value)):
        return f"at most 50 tags, keys of 1 to 128 characters and not aws:, values up to 256 (got {tags!r})"
    return None


RULE = {
    "securityGroupId": Field("text", GROUP_ID, required=True),
    # The provider takes other spellings of a protocol, and then shows a change of spelling as an update.
    "ipProtocol": Field("text", one_of("tcp", "udp", "icmp", "icmpv6", "-1"), required=True),
    "fromPort": Field("int", within(-1, 65535)),
    "toPort": Field("int", within(-1, 65535)),
    "cidrIpv4": Field("text", block4),
    "cidrIpv6": Field("text", block6),
    "prefixListId": Field("text", LIST_ID),
    "referencedSecurityGroupId": Field("text", GROUP_ID),
    "description": Field("text", TEXT),
    "tags": Field("map", _tags),
    "region": Field("text", REGION),
}
ENTRY = old_rules.shape(GROUP_ID, TEXT)
INLINE = Field("object", many=True, shape=ENTRY, whole=old_rules.inline_refusals)
SHAPES = {
    GROUP: {
        "name": Field("text", all_of(TEXT, _not_reserved)),
        "namePrefix": Field("text", all_of(TEXT, _not_reserved)),
        "description": Field("text", TEXT),
        "vpcId": Field("text", VPC_ID),
        "tags": Field("map", _tags),
        "revokeRulesOnDelete": Field("bool"),
        "region": Field("text", REGION),
        "ingress": INLINE,
        "egress": INLINE,
    },
    DEFAULT_GROUP: {
        "vpcId": Field("text", VPC_ID),
        "tags": Field("map", _tags),
        "revokeRulesOnDelete": Field("bool"),
        "region": Field("text", REGION),
        "ingress": INLINE,
        "egress": INLINE,
    },
    OLD_RULE: {
        **{name: field for name, field in ENTRY.items() if name != "securityGroups"},
        "type": Field("text", one_of("ingress", "egress"), required=True),
        "securityGroupId": Field("text", GROUP_ID, required=True),
        "sourceSecurityGroupId": Field("text", GROUP_ID),
        "region": Field("text", REGION),
    },
    INGRESS: RULE,
    EGRESS: RULE,
    EXCLUSIVE: {
        "securityGroupId": Field("text", GROUP_ID, required=True),
        "ingressRuleIds": Field("text", RULE_ID, many=True, required=True),
        "egressRuleIds": Field("text", RULE_ID, many=True, required=True),
        "region": Field("text", REGION),
    },
    VPC: {**shape("aws", VPC), "cidrBlock": Field("text", block4)},
    SUBNET: {
        **shape("aws", SUBNET),
        "vpcId": Field("text", VPC_ID, required=True),
        "cidrBlock": Field("text", block4),
        "ipv6CidrBlock": Field("text", block6),
    },
    INTERFACE: {
        **shape("aws", INTERFACE),
        "subnetId": Field("text", matches(r"subnet-[0-9a-f]{8,17}", "subnet- and hexadecimal digits"), required=True),
        "securityGroups": Field("text", GROUP_ID, many=True, most=16, required=True),
    },
}
REPLACES = {
    GROUP: {"name", "namePrefix", "description", "vpcId", "region"},
    DEFAULT_GROUP: {"vpcId", "region"},
    INGRESS: {"securityGroupId", "region"},
    EGRESS: {"securityGroupId", "region"},
    OLD_RULE: SHAPES[OLD_RULE].keys() - {"description"},
    EXCLUSIVE: {"securityGroupId", "region"},
    VPC: {"cidrBlock"},
    SUBNET: {"vpcId", "cidrBlock", "availabilityZone"},
    INTERFACE: {"subnetId"},
}
RETRIES = 4
FORGOTTEN = r"Invalid\w+\.NotFound"
NAMED = {GROUP: ("name", "{name}-{hex7}")}


def defaults(token: str, settings: dict[str, str]) -> dict[str, Any]:
    """What the provider adds to inputs that leave it out."""
    return {"description": "Managed by Pulumi", "revokeRulesOnDelete": False} if token == GROUP else {}


def refusals(token: str, inputs: dict[str, Any]) -> list[Refusal]:
    """What is wrong with one resource, whatever else is in the account."""
    if token not in SHAPES:
        return [("", f"unknown type {token}")]
    found = list(misfits(SHAPES[token], inputs))
    if not found:
        found += JUDGES.get(token, lambda inputs: ())(inputs)
    return found


def _group(inputs: dict[str, Any]) -> Iterator[Refusal]:
    if "name" in inputs and "namePrefix" in inputs:
        yield "namePrefix", "conflicts with name"


def _rule(inputs: dict[str, Any]) -> Iterator[Refusal]:
    given = [source for source in SOURCES if inputs.get(source) is not None]
    # one that is not known yet may turn out to be none (terraform-plugin-framework-validators, ExactlyOneOf)
    known = [source for source in given if is_known(inputs[source])]
    if len(known) > 1 or (len(given) != 1 and known == given):
        yield "cidrIpv4", f"exactly one of {', '.join(SOURCES)} (got {', '.join(given) or 'none'})"
    protocol = inputs["ipProtocol"]
    if protocol == "icmp" and "cidrIpv6" in given:
        yield "ipProtocol", "icmp is IPv4, the source is IPv6"
    if protocol == "icmpv6" and "cidrIpv4" in given:
        yield "ipProtocol", "icmpv6 is IPv6, the source is IPv4"
    yield from _rule_ports(protocol, inputs.get("fromPort"), inputs.get("toPort"))


def _rule_ports(protocol: str, first: int | None, last: int | None) -> Iterator[Refusal]:
    if protocol == "-1":
        if first is not None or last is not None:
            yield "fromPort", "trap: -1 takes no ports, 0 differs for ever from the -1 read back"
    elif first is None or last is None:
        if protocol != "icmpv6" or (first is None) != (last is None):
            yield "fromPort", "fromPort and toPort are required unless the protocol is -1 or icmpv6"
    elif protocol in ("tcp", "udp"):
        if first < 0 or last < 0:
            yield "fromPort", f"ports must be from 0 to 65535 (got {first}-{last})"
        if first > last:
            yield "toPort", f"must not be less than fromPort (got {first}-{last})"
    elif protocol in ("icmp", "icmpv6"):
        if first > 255 or last > 255:
            yield "fromPort", f"type and code must be from -1 to 255 (got {first}, {last})"
        if first == -1 and last != -1:
            yield "toPort", "with type -1 the code must be -1"


JUDGES: dict[str, Callable[[dict[str, Any]], Iterable[Refusal]]] = {
    GROUP: _group,
    INGRESS: _rule,
    EGRESS: _rule,
    OLD_RULE: old_rules.refusals,
}


def replaces(token: str, old: dict[str, Any], new: dict[str, Any], changed: set[str]) -> set[str]:
    """The changed properties that replace the resource: for a rule, also another kind of source."""
    kinds = {key for key in changed & set(SOURCES) if (key in old) != (key in new)}
    return (changed & REPLACES[token]) | kinds


COMPUTED = {
    GROUP: {"ingress", "egress", "vpcId", "region", "namePrefix"},
    DEFAULT_GROUP: {"ingress", "egress", "vpcId", "region"},
    OLD_RULE: {"region", "sourceSecurityGroupId"},
    INGRESS: {"region"},
    EGRESS: {"region"},
    EXCLUSIVE: {"region"},
    VPC: {"cidrBlock", "ipv6CidrBlock"},
    SUBNET: {"availabilityZone"},
    INTERFACE: {"ipv6Addresses", "privateIp"},
}
USUAL: dict[str, dict[str, Any]] = {}


def outputs(token: str, id_: str, kept: dict[str, Any]) -> dict[str, Any]:
    """What the provider reads: a group with every rule in it, whoever made it."""
    if token == EXCLUSIVE:
        return dict(kept)
    if token in (GROUP, DEFAULT_GROUP):
        lists = {way: ordered(filled(one, ENTRY, self=False, description="") for one in kept[way])
                 for way in ("ingress", "egress")}  # fmt: skip
        return {**kept, **lists, "tagsAll": kept.get("tags", {})}
    empty = dict.fromkeys((*SOURCES, "description", "fromPort", "toPort")) if token in (INGRESS, EGRESS) else {}
    return {**empty, **kept, "tagsAll": kept.get("tags", {})}


def plainly(token: str, field: str, value: Any) -> Any:
    """What the provider compares: sets of entries, each with one source."""
    if field in ("ingress", "egress") and isinstance(value, list):
        return [
            one
            for entry in value
            for one in old_rules.flat({**entry, "description": entry.get("description") or ""}, "")
        ]
    return value


def deletes_before_replace(token: str, name: str, old: dict[str, Any]) -> bool:
    """A group with a fixed name cannot exist twice, so the bridge deletes it first. One that it has made
    itself stays under an alias.
    """
    return token == GROUP and not re.fullmatch(r".*-[0-9a-f]{7}", old.get("name", ""))
