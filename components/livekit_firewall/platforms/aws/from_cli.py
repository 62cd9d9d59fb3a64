"""A security group as the AWS CLI prints it -> what it admits.

Reads `aws ec2 describe-security-group-rules` (its rules have ids, so that they can be imported) and
`aws ec2 describe-security-groups`, and what `--query` leaves of them as long as it is whole groups or rules. Shapes:
EC2 API reference, SecurityGroupRule, SecurityGroup, IpPermission. A field that these do not name makes its rule, or
its group, one that is not understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from ...effective.evaluate import EffectiveRules, ImportEntry, ParsedRule, Selection, evaluate, in_doubt
from ...effective.native_rule import NativeRule, RuleSource, block_source
from ...effective.syntax import objects_in, refuse, unwrapped
from ...model.addresses import Direction
from .adopt import listed_resources
from .listing import AnyRule, Group, rule_of, rules_of_group
from .native import flows_of_rule
from .record import AWS

KEYS = ("SecurityGroupRules", "SecurityGroups")
EXPECTED = "must be whole security groups or their rules, as aws ec2 describe-security-group-rules prints them"


def recognises(value: object) -> bool:
    if isinstance(value, Mapping) and set(KEYS) & set(value):
        return True
    listed = value if isinstance(value, list) else [value]
    return any(isinstance(one, Mapping) and {"IpPermissions", "IpProtocol"} & set(one) for one in listed)


def read(value: object, selection: Selection) -> EffectiveRules:
    """What the group admits, or all groups asked for together: an interface adds them up, and who has one has all.

    Raises:
        NotAFirewall: another shape; several groups and none chosen; one chosen that is not there.
    """
    groups = _listed(value)
    if not groups and not selection.groups:
        return AWS.without_firewall()
    chosen = _chosen(groups, selection)
    mine = [group for group in groups if group.id in chosen]
    rules = [rule for group in mine for rule in group.rules]
    parsed = [one for group in mine if group.doubt for one in in_doubt(group.id, group.doubt)]
    parsed += [one for rule in rules for one in _parsed(rule, chosen, selection.lists)]
    return evaluate(", ".join(chosen), parsed, members=chosen[:1], adopted=tuple(listed_resources(mine)))


def listed(value: object) -> tuple[ImportEntry, ...]:
    """Every group and rule of the listing."""
    return tuple(listed_resources(_listed(value)))


HINT = "leave out --query, or give all fields of a group"


def _listed(value: object) -> list[Group]:
    content = unwrapped(value, AWS.listing, KEYS, ("NextToken",), ("ResponseMetadata",))
    return list(_groups(objects_in(content, EXPECTED, HINT)))


def _groups(listed: Iterable[Mapping[str, object]]) -> Iterator[Group]:
    """Rules are gathered by their group."""
    by_group: dict[str, list[AnyRule]] = {}
    for one in listed:
        if "IpPermissions" in one:
            yield rules_of_group(one)
        elif "GroupId" in one and "IpProtocol" in one:
            rule = rule_of(one)
            by_group.setdefault(rule.group, []).append(rule)
        else:
            without = "permissions without their group" if "IpProtocol" in one else ", ".join(list(one)[:8])
            raise refuse("", without, EXPECTED, HINT)
    yield from (Group(group, "", tuple(rules)) for group, rules in by_group.items())


def _chosen(groups: Iterable[Group], selection: Selection) -> tuple[str, ...]:
    names = {group.id: (group.id, group.name) for group in groups}
    if not selection.groups:
        if len(names) > selection.most:
            count = (
                "one security group"
                if selection.most == 1
                else f"at most {selection.most} security groups, as aws.groups says"
            )
            raise refuse("", ", ".join(sorted(names)), f"must be {count}", "say which are meant: --group ID")
        return tuple(names)
    for text in selection.groups:
        meant = [group for group, known in names.items() if text in known]
        if len(meant) != 1:
            # every VPC has a group called default
            expected = "must be the id of one of them" if meant else "must be a security group of the file"
            raise refuse("--group", text, expected, f"it has {', '.join(meant or names) or 'none'}")
    return tuple(one for one, known in names.items() if set(known) & set(selection.groups))


def _parsed(rule: AnyRule, chosen: tuple[str, ...], lists: tuple[str, ...]) -> Iterable[ParsedRule]:
    """As ingress; nothing of a rule that is surely for egress."""
    if rule.direction is Direction.EGRESS:
        return ()
    flows = flows_of_rule(rule.protocol, rule.first, rule.last, rule.name)
    ports = " ".join(str(ports) for flow in flows for ports in flow.ranges)
    is_whole = rule.first is not None or all(not flow.ports for flow in flows)
    doubt = rule.doubt or ("" if is_whole else "names no ports")
    sources = () if doubt else tuple(_sources(rule, ports, chosen, lists))
    return NativeRule(rule.name, flows, sources, unread=doubt).parts


def _sources(rule: AnyRule, ports: str, chosen: tuple[str, ...], lists: tuple[str, ...]) -> Iterator[RuleSource]:
    """References to groups admit private addresses of their interfaces, which may be any block of a VPC.

    Args:
        lists: prefix lists that are meant to be admitted, whatever they hold.
    """
    yield from (block_source(block, rule.name) for block in rule.blocks)
    yield from (RuleSource(group, name=chosen[0] if group in chosen else group) for group in rule.groups)
    for one in rule.prefix_lists:
        if one in lists:
            yield RuleSource(one, name=one)
            continue
        yield RuleSource(one, unread=f"admits {ports} from the prefix list {one}, whose blocks are not in this JSON")
    if not (rule.blocks or rule.groups or rule.prefix_lists):
        yield RuleSource("(unknown)", unread=f"admits {ports} from a source that is not known")
