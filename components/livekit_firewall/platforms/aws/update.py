"""What AWS makes of an update of security groups: what it refuses on the way, and what is left at the end.

Rules written inside a group are a list that the provider puts as a whole: an update that changes it revokes what the
state holds of the group besides, rules that are resources of their own included, since every read of a group puts them
into the state (terraform-provider-aws, `updateSecurityGroupRules`, `matchRules`; pulumi-eks#1031). A list that the
program does not mention is left alone, an empty one is not. A group is made and changed before its rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from ...effective.property_values import is_hidden
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.update import Claim, Clash, Operation, Outcome, Told, clashes, some
from ...effective.urns import name_of
from ...model.addresses import Direction
from ...model.text import printable
from ..attachments import Attachment, in_use
from .attachments import in_interfaces
from .exclusive import Exclusive
from .from_pulumi import held, place_of
from .group import NOTHING, Group
from .lawful import unlawful
from .lists import Lists
from .names import firewall_of
from .permissions import Permission, without
from .record import DEFAULT_GROUP, GROUP, GROUPS


def outcome(operations: Sequence[Operation], names: ResourceNames) -> Outcome:
    """Of every group, also of one that is known by its rules only."""
    groups: dict[str, Group] = {}
    refused = [text for one in operations if one.writes and one.after for text in unlawful(one.after)]
    for one in operations:
        for group in _groups_of(one, names):
            groups.setdefault(group, Group(group, names)).add(one)
    gone = [one for one in operations if one.type == GROUP and one.after is None]
    left = [*in_interfaces(names.at_the_end, names), *_sources(groups.values())] if gone else ()
    first = [one for one in operations if one.type == GROUP and one.after and one.replaces and one.deletes_first]
    used = (*in_use(gone, left), *in_use(first, in_interfaces(names.kept, names) if first else ()))
    found = Outcome(refused=(*refused, *_named_twice(operations), *used), notes=tuple(_moves(groups.values())))
    found = found.joined(_taken(operations, names))
    for made in groups.values():
        if not made.is_quiet:
            found = found.joined(_outcome(made))
    return found


def _moves(groups: Iterable[Group]) -> Iterator[str]:
    """Rules that go from one group of a component to another."""
    ends: dict[str, tuple[set[Permission], set[Permission]]] = {}
    for group in groups:
        gone, come = ends.setdefault(firewall_of(group.key), (set(), set()))
        for one in group.own:
            old, new = (
                {found for way in Direction for found in group.side(side, way)} for side in (one.before, one.after)
            )
            gone |= old - new
            come |= new - old
    for firewall, (gone, come) in ends.items():
        if moved := len(gone & come):
            yield (
                f"{moved} rules of {printable(name_of(firewall), 60)} move to another of its groups: machines that "
                "this update gives all groups are never without them; others (another stack's, a launch template's) "
                "are, for new connections, until they have all."
            )


def _taken(operations: Iterable[Operation], names: ResourceNames) -> Outcome:
    """Default groups that are taken over. One whose VPC comes with the update protects nothing yet."""
    unknown, notes = list[str](), list[str]()
    for one in operations:
        if one.type == DEFAULT_GROUP and one.writes and one.before is None and one.after:
            text = (
                f"{one.name} is the default group of a VPC, which is taken over: every rule that it has had is "
                "revoked, and which ones these are is not in this preview"
            )
            is_new = is_hidden(one.after.inputs.get("vpcId")) or names.comes(place_of(one.after, names))
            (notes if is_new else unknown).append(f"{text}." if is_new else text)
    return Outcome(unknown=tuple(unknown), notes=tuple(notes))


def _sources(groups: Iterable[Group]) -> Iterator[Attachment]:
    """A group that is the source of another one's rule is in use too."""
    for group in groups:
        for one in (*group.own, *([group.holder] if group.holder else ())):
            named = {found.source for way in Direction for found in group.side(one.after, way)}
            yield from (Attachment(source, one.urn) for source in sorted(named - {group.key}))


def _groups_of(one: Operation, names: ResourceNames) -> Iterable[str]:
    """The groups that a resource is, or is a part of, before and after."""
    if one.type in GROUPS:
        return (one.urn,)
    found = [
        names.of(side, "securityGroupId", side.inputs.get("securityGroupId"), GROUPS, is_part=True)
        for side in (one.before, one.after)
        if side
    ]
    # groups that are not known may be different ones
    return dict.fromkeys(group for group in found if not group.startswith(("unknown ", "secret ")))


def _outcome(group: Group) -> Outcome:
    lists = {way: Lists(group, way) for way in Direction}
    refused = [told for way in Direction for told in lists[way].refused()]
    refused += [_told(group, clash) for clash in clashes(_claims(group, lists))]
    found = Outcome(
        refused=tuple(refused),
        fights=tuple(told for way in Direction for told in lists[way].fights()),
        unknown=tuple(text for way in Direction for text in lists[way].unknown()),
        doubled=frozenset(one.urn for one in group.own if one.replaces and not one.deletes_first),
    )
    gone = {way: lists[way].gone() for way in Direction}
    for one in group.exclusive:
        has_inline, is_written = any(lists[way].new for way in Direction), any(lists[way].is_put for way in Direction)
        own = Exclusive(one, group.own, group.shown, has_inline=has_inline, is_written=is_written)
        found = found.joined(own.outcome()).joined(_first_removed(one, group, lists))
        for way in Direction:
            for rule in own.unlisted(way):
                gone[way].setdefault(rule.urn, set()).update(group.side(rule.after, way))
            if own.removes_inline and group.holder:
                gone[way].setdefault(group.holder.urn, set()).update(lists[way].new)
    return found.joined(Outcome(settled=dict(_settled(group, lists, gone))))


def _first_removed(one: Operation, group: Group, lists: Mapping[Direction, Lists]) -> Outcome:
    """What a resource that comes to a group removes of rules that are nobody's: later it has read their ids."""
    if one.before is not None or any(each.is_put for each in lists.values()):
        return Outcome()
    text = f"{group.shown}: {one.name} removes every rule that it does not name"
    others = [lists[way].others for way in Direction]
    if read := sorted(str(rule) for each in others for rule in each or ()):
        return Outcome(unknown=(f"{text}: {some(read)}",))
    notes = (f"{text}, and which these are is not in this preview.",) if None in others else ()
    return Outcome(notes=notes)


def _claims(group: Group, lists: Mapping[Direction, Lists]) -> Iterator[Claim]:
    is_new_group = bool(group.holder and group.holder.replaces)
    if group.holder:
        inside = list(lists.values())
        old, new, asked = (
            frozenset().union(*sets) for sets in zip(*((one.old, one.new, one.asked) for one in inside), strict=True)
        )
        yield Claim(group.holder, NOTHING if is_new_group else old, new, asked)
    for one in group.own:
        old, new = (
            frozenset(found for way in Direction for found in group.side(side, way)) for side in (one.before, one.after)
        )
        # what is in a group that is replaced goes with it, what the list revokes is gone
        old = NOTHING if is_new_group else old.difference(*(lists[way].revoked for way in Direction))
        if one.writes:
            yield Claim(one, old, new, new if one.replaces else new - old, rank=1)
        else:
            yield Claim(one, old, old if one.after else NOTHING, rank=1)


def _told(group: Group, clash: Clash) -> Told:
    asking, holding = clash.asking.by, clash.holding.by
    if asking is holding:
        text = f"{asking.name} is replaced by the same rule ({clash.key}), which is made before the old one goes"
    else:
        where = f"a rule inside of {holding.name}" if holding is group.holder else holding.name
        mine = f"a rule inside of {asking.name}" if asking is group.holder else asking.name
        text = f"{mine} is the same rule as {where} ({clash.key}), and a group holds it once"
        text += "" if clash.is_sure else f": refused if it comes before {where} is changed"
    return Told(group.shown, text)


def _settled(
    group: Group, lists: Mapping[Direction, Lists], gone: Mapping[Direction, Mapping[str, set[Permission]]]
) -> Iterator[tuple[str, Resource | None]]:
    for one in group.own:
        if one.after and (lost := {found for way in Direction for found in gone[way].get(one.urn, ())}):
            yield one.urn, _left(group, one.after, lost)
    holder = group.holder
    if holder and holder.after:
        left = {way.value: lists[way].left(gone[way].get(holder.urn, set())) for way in Direction}
        inside = {field: rules for field, rules in left.items() if rules is not None}
        if inside:
            yield holder.urn, replace(holder.after, inputs={**holder.after.inputs, **inside})


def _left(group: Group, one: Resource, lost: set[Permission]) -> Resource | None:
    for key, way, rule in held(one, group.names):
        left = without(one, key, way, rule, group.names, lost.__contains__)
        return replace(one, inputs=left) if left is not None else None
    return one


def _named_twice(operations: Iterable[Operation]) -> Iterator[Told]:
    """Groups of one name in one VPC, whatever its case (EC2 API, CreateSecurityGroup)."""
    claims = []
    for one in operations:
        if one.type == GROUP:
            first = one.deletes_first is not False  # one with a name of its own is deleted first
            old, new = (frozenset(_name(side)) for side in (one.before, one.after))
            is_made = one.writes and not one.updates
            claims.append(Claim(replace(one, deletes_first=first), old, new, new if is_made else frozenset()))
    for clash in clashes(claims):
        text = f"{clash.asking.by.name} has the name of {clash.holding.by.name}, and a VPC holds one group of a name"
        yield Told(clash.asking.by.name, text)


def _name(one: Resource | None) -> Iterator[tuple[str, str]]:
    name, vpc = (one.inputs.get(key) if one else None for key in ("name", "vpcId"))
    if isinstance(name, str) and isinstance(vpc, str) and not is_hidden(name) and not is_hidden(vpc):
        yield vpc, name.lower()
