"""A network security group as the Azure CLI prints it -> what it admits.

Reads `az network nsg show`, `list`, `rule list` (the default rules follow), and the REST API's form, where all but the
names lies under `properties`. Shape: Azure REST API, NetworkSecurityGroup and SecurityRulePropertiesFormat; the meaning
of service tags: "Virtual network service tags". A field that these do not name makes its rule, or its group, one that
is not understood.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from msgspec.structs import replace

from ...effective.evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, evaluate, in_doubt
from ...effective.native_rule import NativeRule
from ...effective.syntax import refuse
from .adopt import listed_resource, listed_rules
from .listing import Group, Rule, groups_in, is_rule
from .native import INTERNET, PROBES, VNET
from .read_rule import native, parsed
from .record import AZURE

DEFAULTS = [
    {
        "name": name,
        "priority": priority,
        "access": "Allow",
        "direction": "Inbound",
        "protocol": "*",
        "sourceAddressPrefix": source,
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    }
    for name, priority, source in (
        ("AllowVnetInBound", 65000, VNET),
        ("AllowAzureLoadBalancerInBound", 65001, PROBES),
    )
]
"""Default rules of every group, for a file without them: the virtual network is let in unless it is denied."""

EFFECTIVE = "effectiveSecurityRules"


def recognises(value: object) -> bool:
    listed = value.get("value", [value]) if isinstance(value, Mapping) else value
    return isinstance(listed, list) and any(
        isinstance(one, Mapping) and (_has(one, "securityRules") or EFFECTIVE in one or is_rule(one)) for one in listed
    )


def _has(one: Mapping[str, object], field: str) -> bool:
    inner = one.get("properties")
    return field in one or (isinstance(inner, Mapping) and field in inner)


def read(value: object, selection: Selection) -> EffectiveRules:
    """What the group admits, its default rules included.

    Raises:
        NotAFirewall: another shape; several groups and none chosen; two chosen.
    """
    groups = groups_in(value, DEFAULTS)
    if not groups and not selection.groups:
        return AZURE.without_firewall()
    group = _chosen(groups, selection)
    doubts = in_doubt(group.name, group.doubt) if group.doubt else []
    adopted = (listed_resource(group), *listed_rules(group))
    return evaluate(group.name, [*doubts, *_parsed(list(_in_order(group.rules)), selection.lists)], adopted=adopted)


def listed(value: object) -> tuple[ImportEntry, ...]:
    """Every group of the listing, each followed by its rules."""
    groups = groups_in(value, DEFAULTS)
    return tuple(entry for group in groups for entry in (listed_resource(group), *listed_rules(group)))


def _chosen(groups: Sequence[Group], selection: Selection) -> Group:
    """By name or by id; names of two resource groups may be equal."""
    wanted = {text.lower() for text in selection.groups}
    chosen = [one for one in groups if not wanted or {one.name.lower(), one.id.lower()} & wanted]
    names = ", ".join(one.name for one in groups) or "none"
    if wanted and not chosen:
        expected = "must be a network security group of the file"
        raise refuse("--group", ", ".join(selection.groups), expected, f"it has {names}")
    if len(chosen) != 1:
        are_alike = len(chosen) > 1 and len({one.name.lower() for one in chosen}) == 1
        hint = "say which is meant by its id: --group ID" if are_alike else "say which is meant: --group NAME"
        raise refuse("", names, "must be one network security group", hint)
    return chosen[0]


def _in_order(rules: Iterable[Rule]) -> Iterator[Rule]:
    """The inbound ones. Azure takes no two rules of one direction with one priority: where a listing has them, it is
    not known which comes first.
    """
    inbound = sorted((one for one in rules if one.is_inbound), key=lambda one: one.listed.priority)
    for _, group in groupby(inbound, key=lambda one: one.listed.priority):
        equal = list(group)
        are_alike = len({one.listed.access.lower() for one in equal}) == 1
        for one in equal:
            yield one if are_alike or one.doubt else replace(one, doubt="has the priority of another rule")


def _parsed(inbound: Sequence[Rule], known: Collection[str]) -> Iterator[ParsedRule]:
    """In Azure's order. An allow of `Internet` is for everybody where the virtual network, which is all the rest, is
    let in on the same ports before anything denies.
    """
    made = [(place, rule, native(rule, known)) for place, rule in enumerate(inbound)]
    deciding = [one for one in made if not _allows(one[1]) or WHOLE & one[1].source_words]
    for place, rule, one in made:
        is_split = one.allows and not one.why and INTERNET.lower() in rule.source_words
        is_joined = is_split and _is_rest_let_in(one, (later for later in deciding if later[0] > place))
        yield from parsed(rule, one, is_joined)


WHOLE = frozenset({"*", "any", VNET.lower()})
"""Sources that hold the virtual network."""


def _allows(rule: Rule) -> bool:
    return rule.listed.access.lower() == "allow"


def _is_rest_let_in(one: NativeRule, deciding: Iterable[tuple[int, Rule, NativeRule]]) -> bool:
    for _, rule, other in deciding:
        if not any(mine.overlaps(theirs) for mine in one.ranges for theirs in other.ranges):
            continue
        if not _allows(rule):
            return False
        is_plain = not (other.why or other.partly or other.families)
        if is_plain and all(any(theirs.covers(mine) for theirs in other.ranges) for mine in one.ranges):
            return True
    return False
