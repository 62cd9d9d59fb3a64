"""Amazon's rules in the ways that came before one resource per rule: lists inside a group, and SecurityGroupRule.

One entry may have many sources. `flat` is the same as rules of one source each, which is what EC2 keeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from .shapes import Field, Refusal, all_of, block4, block6, matches, one_of, within

LISTS = {
    "cidrBlocks": "cidrIpv4",
    "ipv6CidrBlocks": "cidrIpv6",
    "prefixListIds": "prefixListId",
    "securityGroups": "referencedSecurityGroupId",
}
"""A list of sources here, and the property that holds one of them there."""

LIST_ID = matches(r"pl-[0-9a-f]{8,17}", "pl- and hexadecimal digits")


def shape(group_id: Callable[[Any], str | None], text: Callable[[Any], str | None]) -> dict[str, Field]:
    """The shape of an entry, given what an id of a group and a description may be."""
    return {
        "protocol": Field("text", one_of("tcp", "udp", "icmp", "icmpv6", "-1"), required=True),
        "fromPort": Field("int", within(-1, 65535), required=True),
        "toPort": Field("int", within(-1, 65535), required=True),
        "cidrBlocks": Field("text", block4, many=True),
        "ipv6CidrBlocks": Field("text", block6, many=True),
        "prefixListIds": Field("text", LIST_ID, many=True),
        "self": Field("bool"),
        "description": Field("text", all_of(text)),
        "securityGroups": Field("text", group_id, many=True),
    }


def refusals(rule: dict[str, Any]) -> Iterator[Refusal]:
    """What is wrong with one entry that fits its shape."""
    first, last = rule["fromPort"], rule["toPort"]
    given = [name for name in (*LISTS, "self", "sourceSecurityGroupId") if rule.get(name)]
    if not given:
        yield "cidrBlocks", "names no source"
    if rule["protocol"] == "-1" and (first or last):
        yield "fromPort", f"must be 0 with protocol -1 (got {first}-{last})"
    if rule["protocol"] in ("tcp", "udp") and (first < 0 or last < 0 or first > last):
        yield "toPort", f"ports must be from 0 to 65535, in order (got {first}-{last})"
    if "sourceSecurityGroupId" in given and len(given) > 1:
        yield "sourceSecurityGroupId", f"conflicts with {', '.join(given[:-1])}"


def inline_refusals(rules: Any) -> Iterator[Refusal]:
    """What is wrong with a group's list of entries."""
    if not rules:
        yield "", "trap: an empty list of inline rules takes away what rule resources add"
    for at, rule in enumerate(rules):
        yield from ((f"[{at}].{path}", why) for path, why in refusals(rule))


def flat(rule: dict[str, Any], group: str) -> Iterator[dict[str, Any]]:
    """The same as rules of one source each, in the words of SecurityGroupIngressRule."""
    base = {"securityGroupId": group, "ipProtocol": rule["protocol"]}
    if rule["protocol"] != "-1":
        base |= {"fromPort": rule["fromPort"], "toPort": rule["toPort"]}
    if "description" in rule:
        base["description"] = rule["description"]
    for name, key in LISTS.items():
        yield from ({**base, key: source} for source in rule.get(name) or ())
    if rule.get("sourceSecurityGroupId"):
        yield {**base, "referencedSecurityGroupId": rule["sourceSecurityGroupId"]}
    if rule.get("self"):
        yield {**base, "referencedSecurityGroupId": group}


def inline(rules: Iterable[dict[str, Any]], group: str) -> list[dict[str, Any]]:
    """Rules of one source each as the lists inside a group have them, those together that differ in it only."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for rule in rules:
        ports = (rule.get("fromPort", 0), rule.get("toPort", 0))
        words = (rule["ipProtocol"], *ports, rule.get("description", ""))
        entry = found.setdefault(
            words, dict(zip(("protocol", "fromPort", "toPort", "description"), words, strict=True))
        )
        for name, key in LISTS.items():
            if rule.get(key) == group:
                entry["self"] = True
            elif key in rule:
                entry.setdefault(name, []).append(rule[key])
    return list(found.values())
