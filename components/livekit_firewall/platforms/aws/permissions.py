"""What a security group holds once: a permission, which is a direction, a protocol, its ports and one source.

AWS knows no other identity of a rule: whatever it is called or described as, the same permission again is
`InvalidPermission.Duplicate` (EC2 API, AuthorizeSecurityGroupIngress).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from ...effective.native_rule import WORDS
from ...effective.property_values import is_hidden, number_of
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.syntax import NotAFirewall, block_of
from ...model.addresses import Direction, Family
from ...model.text import printable
from .record import GROUPS

BLOCKS = (("cidrIpv4", False), ("cidrIpv6", False), ("cidrBlocks", True), ("ipv6CidrBlocks", True))
"""Inputs that hold blocks, and whether they hold a list."""

NAMED = (
    ("referencedSecurityGroupId", False, ""),
    ("sourceSecurityGroupId", False, ""),
    ("securityGroups", True, ""),
    ("prefixListId", False, "prefix list"),
    ("prefixListIds", True, "prefix list"),
)
"""Inputs that hold ids, whether they hold a list, and what to call one."""

SELF = "self"

NUMBERS = {"6": "tcp", "17": "udp", "all": "-1", **WORDS}
"""Spellings of one protocol."""

WITH_PORTS = frozenset({"tcp", "udp", "icmp", "icmpv6"})
"""Others open every port, whatever the rule says (botocore, `IpPermission`)."""


class Permission(NamedTuple):
    """One entry of a group, as AWS compares them; numbers are ports, or type and code of ICMP."""

    way: Direction
    protocol: str
    first: int | None
    last: int | None
    source: str

    @property
    def families(self) -> tuple[Family, ...]:
        """Those whose quota it counts in; a group or a list counts in both."""
        if not re.fullmatch("[0-9a-f:.]+/[0-9]+", self.source):
            return tuple(Family)
        return (Family.IPV6 if ":" in self.source else Family.IPV4,)

    def __str__(self) -> str:
        ports = "" if self.first is None else f" {self.first}" + (f"-{self.last}" if self.last != self.first else "")
        return printable(f"{self.way} {self.protocol}{ports} {self.source}", 120)


def values(value: object, many: bool) -> Iterable[object]:
    if value is None or value in ("", []):
        return ()
    return value if many and isinstance(value, list) else (value,)


def bare(value: object) -> object:
    """A group of another account may be written with it: `123456789012/sg-0a1b`."""
    found = re.fullmatch(r"[0-9]{12}/(.+)", value) if isinstance(value, str) else None
    return found[1] if found else value


def entries(
    one: Resource, group: str, way: Direction, rule: Mapping[str, object], names: ResourceNames
) -> Iterator[Permission | None]:
    """The permission of each source of a rule; None for one that is not known before the update."""
    return (found for _, _, found in _each(one, group, way, rule, names))


def permissions(
    one: Resource, group: str, way: Direction, rule: Mapping[str, object], names: ResourceNames
) -> Iterator[Permission]:
    """Those that are known: of what is not, it is not known what it equals."""
    return (found for found in entries(one, group, way, rule, names) if found is not None)


def without(
    one: Resource,
    group: str,
    way: Direction,
    rule: Mapping[str, object],
    names: ResourceNames,
    is_gone: Callable[[Permission], bool],
) -> dict[str, object] | None:
    """What is left of a rule's inputs; None where nothing is."""
    gone = [(field, value) for field, value, found in _each(one, group, way, rule, names) if found and is_gone(found)]
    if not gone:
        return dict(rule)
    left = dict(rule)
    for field, value in gone:
        given = left.get(field)
        left[field] = [other for other in given if other != value] if isinstance(given, list) else None
    return left if any(True for _ in _each(one, group, way, left, names)) else None


def _each(
    one: Resource, group: str, way: Direction, rule: Mapping[str, object], names: ResourceNames
) -> Iterator[tuple[str, object, Permission | None]]:
    """Each source of a rule: the input, its value there, and the permission; None where it is not known."""
    flow = _flow(rule)
    held = "" if rule is one.inputs else way.value
    for field, many in BLOCKS:
        for value in values(rule.get(field), many):
            block = _block(value)
            yield field, value, Permission(way, *flow, block) if flow and block else None
    for field, many, word in NAMED:
        for value in values(rule.get(field), many):
            name = names.of(one, held or field, bare(value), () if word else GROUPS, word)
            is_known = not name.removeprefix(f"{word} ").startswith(("unknown ", "secret "))
            source = SELF if name == group else name
            yield field, value, Permission(way, *flow, source) if flow and is_known else None
    if rule.get(SELF) not in (None, False):
        yield SELF, rule.get(SELF), Permission(way, *flow, SELF) if flow and rule.get(SELF) is True else None


def _block(value: object) -> str:
    if not isinstance(value, str) or is_hidden(value):
        return ""
    try:
        return str(block_of(value, ""))
    except NotAFirewall:
        return ""


def _flow(rule: Mapping[str, object]) -> tuple[str, int | None, int | None] | None:
    protocol = rule.get("ipProtocol", rule.get("protocol"))
    if not isinstance(protocol, str) or is_hidden(protocol):
        return None
    word = NUMBERS.get(protocol.strip().lower(), protocol.strip().lower())
    if word not in WITH_PORTS:
        return word, None, None
    first, last = (rule.get(key) for key in ("fromPort", "toPort"))
    if is_hidden(first) or is_hidden(last):
        return None
    numbers = [None if value is None else number_of(value) for value in (first, last)]
    if word.startswith("icmp") and numbers[0] in (None, -1.0):
        return word, -1, -1  # every type has every code
    if None in numbers:
        return None
    low, high = (int(number) for number in numbers if number is not None)
    return word, low, high
