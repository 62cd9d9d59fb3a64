"""What Azure makes of an update of network security groups: what it refuses on the way, and what is left at the end.

`securityRules` of a group is a list that is put as a whole, whatever of the group changes: rules that are resources of
their own are deleted by it (pulumi-azure-native#3359, #1087). A list that the program does not mention is read and put
again, so that everything stays (`MaintainSubResourcePropertiesIfNotSet`). The classic provider puts a list that
changes; whether it does besides depends on its version. A group is made and changed before its rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from ...effective.property_values import is_hidden, number_of
from ...effective.resource_names import ResourceNames
from ...effective.resources import Resource
from ...effective.update import Claim, Clash, Operation, Outcome, Told, clashes, some
from ..attachments import in_use
from .associations import associated_twice
from .attachments import attachments
from .from_pulumi import GROUP, TYPES, group_of
from .lawful import unlawful

LIST = "securityRules"
CLASSIC = "azure:"

Entry = Mapping[str, object]
Keys = frozenset[tuple[object, ...]]


def outcome(operations: Sequence[Operation], names: ResourceNames) -> Outcome:
    """Of every group, also of one that is known by its rules only."""
    groups: dict[str, _Group] = {}
    associations = [one for one in operations if one.type not in TYPES]
    operations = [one for one in operations if one.type in TYPES]
    refused = tuple(told for one in operations if one.writes and one.after for told in unlawful(one.after))
    resources = [side for one in operations for side in (one.before, one.after) if side]
    for one in operations:
        side = one.after or one.before
        if side is None:
            continue
        is_group = bool(GROUP.fullmatch(one.type))
        group = one.urn if is_group else group_of(side, resources, names)
        if not group.removeprefix(f"{side.inputs.get('resourceGroupName')} ").startswith(("unknown ", "secret ")):
            groups.setdefault(group, _Group(names.shown.get(group, group))).add(one, is_group)
    gone = [one for one in operations if GROUP.fullmatch(one.type) and one.after is None]
    left = attachments(names.at_the_end, names) if gone else ()
    first = [
        one for one in operations if GROUP.fullmatch(one.type) and one.after and one.replaces and one.deletes_first
    ]
    used = (*in_use(gone, left), *in_use(first, attachments(names.kept, names) if first else ()))
    found = Outcome(refused=(*refused, *_named_twice(operations), *used, *associated_twice(associations, names)))
    for one_group in groups.values():
        found = found.joined(one_group.outcome())
    return found


class _Group:
    """The operations on one group."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.holder: Operation | None = None
        self.own: list[Operation] = []

    def add(self, one: Operation, is_group: bool) -> None:
        if is_group:
            self.holder, self.shown = one, one.name
        else:
            self.own.append(replace(one, deletes_first=_deletes_first(one)))

    @property
    def _list(self) -> list[Entry] | None:
        """The list that the program gives the group; None where it gives none, or it is not known."""
        after = self.holder.after if self.holder else None
        return _entries(after.declared.get(LIST)) if after else None

    @property
    def _is_hidden(self) -> bool:
        after = self.holder.after if self.holder else None
        return bool(after and after.declared.get(LIST) is not None and self._list is None)

    @property
    def _kept(self) -> list[Entry]:
        """The list that the group had before, without what is a resource of its own."""
        before = self.holder.before if self.holder else None
        if before is None or self._is_made:
            return []
        own = {_name(one.before) for one in self.own if one.before} - {""}
        return [entry for entry in _entries(before.inputs.get(LIST)) or [] if _entry_name(entry) not in own]

    @property
    def _is_made(self) -> bool:
        return bool(self.holder and self.holder.writes and not self.holder.updates)

    @property
    def _puts(self) -> bool:
        """Whether the update puts the list for certain."""
        return self._list is not None and self._may_put and (self._is_native or self._changes)

    @property
    def _may_put(self) -> bool:
        holder = self.holder
        return bool(holder and holder.updates and holder.after and holder.after.declared.get(LIST) is not None)

    @property
    def _is_native(self) -> bool:
        return bool(self.holder and not self.holder.type.startswith(CLASSIC))

    @property
    def _changes(self) -> bool:
        after = self.holder.after if self.holder else None
        return bool(after and (LIST in after.changed or not after.changed))

    def outcome(self) -> Outcome:
        refused = [self._told(clash) for clash in clashes(self._claims(), lambda clash: not _is_one(clash))]
        return Outcome(
            dict(self._settled()),
            (*self._refused_lists(), *refused),
            tuple(self._fights()),
            tuple(self._unknown()),
            frozenset(one.urn for one in self.own if one.replaces and not one.deletes_first),
        )

    def _claims(self) -> Iterator[Claim]:
        inside = self._list if self._list is not None else self._kept
        if self.holder:
            yield from (Claim(self.holder, new=frozenset(_keys(entry))) for entry in inside)
        for one in self.own:
            # what the list deletes, or the group that is replaced takes with it, is there no more
            old = frozenset() if self._puts or self._is_made else _own_keys(one.before)
            new = _own_keys(one.after)
            if not one.writes:
                yield Claim(one, old, frozenset() if self._puts or self._is_made else new, rank=1)
                continue
            # a rule that is changed in place is put, whether it is there or not; one that is made must not be there
            asked = frozenset(key for key in new - old if key[0] == PRIORITY) if one.updates else new
            yield Claim(one, old, new, asked, rank=1)

    def _told(self, clash: Clash) -> Told:
        asking, holding = clash.asking.by, clash.holding.by
        where = f"a rule inside of {holding.name}" if holding is self.holder else holding.name
        kind, *rest = clash.key if isinstance(clash.key, tuple) else ("",)
        if kind == PRIORITY:
            direction, priority = rest
            text = f"{asking.name} has the priority {priority} of {where}, which one {direction} rule may have"
        else:
            text = f"{asking.name} has the name of {where}, and a group holds one rule of a name"
        text += "" if clash.is_sure else f": refused if it comes before {where} is changed"
        return Told(self.shown, text)

    def _refused_lists(self) -> Iterator[Told]:
        """One name or priority twice in one list."""
        if not (self.holder and self.holder.writes):
            return
        seen: dict[tuple[object, ...], str] = {}
        for entry in self._list or ():
            name = _entry_name(entry) or "a rule"
            for key in sorted(_keys(entry), key=str):
                if key not in seen:
                    seen[key] = name
                elif key[0] == PRIORITY:
                    text = f"{some([seen[key], name])} have the priority {key[2]}, which one {key[1]} rule may have"
                    yield Told(self.shown, text)
                else:
                    yield Told(self.shown, f"two rules are called {some([name])}, and a group holds one rule of a name")

    def _settled(self) -> Iterator[tuple[str, Resource | None]]:
        deleted = {_name(one.before) for one in self.own if one.after is None and one.before and not self._is_made}
        for one in self.own:
            # nobody can make a rule again that is still to be deleted, unless the list has deleted it
            if self._puts and one.after and (not one.writes or (_name(one.after) or None) in deleted):
                yield one.urn, None
        after = self.holder.after if self.holder else None
        if after is None:
            return
        # whoever writes an entry last decides; who deletes it, too
        written = {_name(one.after) for one in self.own if one.after and one.updates}
        over = (written | deleted) - {""}
        is_kept = after.declared.get(LIST) is None
        entries = self._kept if is_kept else self._list or []
        left = [entry for entry in entries if _entry_name(entry) not in over]
        if (is_kept and entries) or len(left) != len(entries):
            yield after.urn, replace(after, inputs={**after.inputs, LIST: left})

    def _fights(self) -> Iterator[Told]:
        beside = [one for one in self.own if one.after]
        holder = self.holder
        if not (holder and beside and (self._list is not None or self._is_hidden)):
            return
        gone = [one.name for one in beside if self._puts and not one.writes]
        was = holder.before is not None and holder.before.declared.get(LIST) is not None
        is_new = bool(gone) or not was or any(one.before is None for one in beside)
        end = (
            f"this update deletes {some(gone)}" if gone else "the next update of the group deletes what the list lacks"
        )
        names = some(one.name for one in beside)
        yield Told(
            self.shown, f"{names} and the list {LIST} inside of {holder.name} are rules of one group: {end}", is_new
        )

    def _unknown(self) -> Iterator[str]:
        there = [one.name for one in self.own if one.after and one.before and not one.writes]
        if self._may_put and not self._puts and there:
            yield f"{self.shown}: the list inside of the group may be put, which deletes {some(there)}"


def _deletes_first(one: Operation) -> bool:
    """azure-native deletes before it replaces, but for names that it has made up (provider.go, `Diff`)."""
    if one.deletes_first is not None:
        return one.deletes_first
    is_made_up = bool(one.before and one.before.declared.get("__createBeforeDelete") is True)
    return not one.type.startswith(CLASSIC) and not is_made_up


def _named_twice(operations: Sequence[Operation]) -> Iterator[Told]:
    """Groups of one name in one resource group: whoever makes the second one finds it there."""
    claims = []
    for one in operations:
        if GROUP.fullmatch(one.type):
            old, new = (frozenset(_group_name(side)) for side in (one.before, one.after))
            is_made = one.writes and not one.updates
            first = replace(one, deletes_first=one.deletes_first is not False)
            claims.append(Claim(first, old, new, new if is_made else frozenset()))
    for clash in clashes(claims):
        other = clash.holding.by.name
        text = f"{clash.asking.by.name} has the name of {other}, and a resource group holds one group of a name"
        yield Told(clash.asking.by.name, text)


def _group_name(one: Resource | None) -> Iterator[tuple[str, str]]:
    if one is None:
        return
    name, near = one.inputs.get("networkSecurityGroupName", one.inputs.get("name")), one.inputs.get("resourceGroupName")
    if isinstance(name, str) and isinstance(near, str) and not is_hidden(name) and not is_hidden(near):
        yield near.lower(), name.lower()


PRIORITY, NAME = "priority", "name"


def _entries(given: object) -> list[Entry] | None:
    """A list of rules that is known; None for anything else."""
    if not isinstance(given, list) or not all(isinstance(one, Mapping) for one in given):
        return None
    return given


def _entry_name(entry: Entry) -> str:
    """Azure compares names ignoring case."""
    name = entry.get("name")
    return name.lower() if isinstance(name, str) and not is_hidden(name) else ""


def _name(one: Resource | None) -> str:
    """What Azure calls a rule that is a resource of its own."""
    given = one.inputs.get("securityRuleName", one.inputs.get("name")) if one else None
    return given.lower() if isinstance(given, str) and not is_hidden(given) else ""


def _own_keys(one: Resource | None) -> Keys:
    return frozenset() if one is None else frozenset(_keys({**one.inputs, "name": _name(one)}))


def _keys(entry: Entry) -> Iterable[tuple[object, ...]]:
    """What only one rule of a group may have."""
    if name := _entry_name(entry):
        yield NAME, name
    direction, priority = entry.get("direction"), number_of(entry.get("priority"))
    if isinstance(direction, str) and not is_hidden(direction) and priority is not None:
        yield PRIORITY, direction.lower(), int(priority)


def _is_one(clash: Clash) -> bool:
    """Whether both are one rule of Azure's, which a change in place writes anew: then its priority is its own."""
    one, other = ({key for key in claim.new if _is_name(key)} for claim in (clash.asking, clash.holding))
    return clash.asking.by.updates and not _is_name(clash.key) and bool(one & other)


def _is_name(key: object) -> bool:
    return isinstance(key, tuple) and key[0] == NAME
