"""A stack's state against what its platform lists, and both against what the program makes.

    found = recover(deployment, AWS, listing, state, Place("prod", "livekit"))
    found.imports.as_json()      # for `pulumi import -f`

Three kinds of resources come of it: those of the program that exist and are not in the state, those in the state that
the platform no longer lists, and those that no state has though they go on admitting.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from ...deployment.derive import Deployment
from ...effective.evaluate import ImportEntry
from ...effective.resources import OURS, name_of, type_of
from ...effective.syntax import refuse
from ...model.text import few, printable
from ...platforms.registry import AnyPlatform
from ..compare.adoption import AUTO_NAME, Adoption, is_named_after, paired, wanted_resources
from ..explain.stack_rules import StackState, StateResource

FIREWALL = f"{OURS}LiveKitFirewall"
AUTOMATIC = re.compile(AUTO_NAME + "$")


class Orphan(Struct, frozen=True):
    """A resource of the platform that no state is known to have, and that may be the program's.

    Attributes:
        name: the resource of the program that it was made for; "" where that is not known.
        why: what speaks for it.
    """

    entry: ImportEntry
    name: str
    why: str


class Recovery(Struct, frozen=True, kw_only=True):
    """What state and platform disagree on.

    Attributes:
        stack: its name; "" where only its state was given.
        imports: what exists, is the program's and is not in the state.
        parent, provider: URNs for the file: of what holds the component, and of a provider of the program's own.
        is_gone: whether the state has no LiveKitFirewall of that name, as after a destroy.
        orphans: those made for a resource of the program first, then those of which that is not known.
        missing: resources of the state that the platform does not list.
        recreated: the names of those of them that the platform lists under another id.
        refused: resources of the state whose last update was refused or did not end.
        pending: the names of resources, and what was under way with them when the CLI was killed.
        without_id: how many rules the listing has no id of, so that nothing is known of them.
    """

    stack: str
    imports: Adoption
    parent: str
    provider: str
    is_gone: bool
    orphans: tuple[Orphan, ...]
    missing: tuple[StateResource, ...]
    recreated: tuple[str, ...]
    refused: tuple[StateResource, ...]
    pending: tuple[tuple[str, str], ...]
    without_id: int

    @property
    def is_clean(self) -> bool:
        """Whether state and platform agree, as far as the listing goes."""
        kinds = (self.imports.found, self.orphans, self.missing, self.refused, self.pending)
        return not any(kinds) and not self.without_id


def component_in(state: StackState) -> str | None:
    """The name of the LiveKitFirewall of a state; None if it has none.

    Raises:
        NotAFirewall: it has several.
    """
    names = sorted({name_of(one.urn) for one in state.resources if one.type == FIREWALL})
    if len(names) > 1:
        hint = "say which is meant: --component NAME"
        raise refuse("--component", "", "must be one LiveKitFirewall of the state", f"it has {few(names, 10)}; {hint}")
    return names[0] if names else None


def recover(
    deployment: Deployment,
    platform: AnyPlatform,
    listing: Iterable[ImportEntry],
    state: StackState,
    component: str,
    *,
    stack: str = "",
    parent: str = "",
    groups: tuple[str, ...] = (),
) -> Recovery:
    """What is to be imported, removed and read anew.

    Args:
        deployment: has a target of the platform.
        listing: see `Platform.listed`.
        component: the name of the LiveKitFirewall.
        parent: the URN of what holds it, where the state does not have it.
        groups: ids or names of the firewalls of the listing that are the program's, whatever they are called.

    Raises:
        NotAFirewall: the listing does not tell which of its groups is the program's, or has no ids of rules.
        ProblemsError: the platform cannot express or hold the rules.
    """
    ours = wanted_resources(deployment, platform, deployment.targets[platform.argument], component)
    entries = tuple(listing)
    own = _Own(state, component, platform)
    chosen = _chosen(entries, groups)
    holders = _holders(platform, ours, entries, own, chosen)
    types = {*platform.made, *(one.type for one in ours)}
    within = [one for one in entries if one.type in types and _is_in(one, holders, platform)]
    known = {(one.type, id_) for one in state.resources for id_ in _ids(one)}
    free = [one for one in within if one.id and (one.type, one.id.lower()) not in known]
    absent = [one for one in ours if (one.type, one.name) not in own.names]
    pairs = _paired(absent, [one for one in free if one.content or one.id in chosen or _named(one, absent)])
    without = sum(not one.id for one in within)
    missing = () if without else own.missing({one.id.lower() for one in entries}, types)
    gone = {name_of(one.urn) for one in missing}
    again = [(one, entry) for one in ours if one.name in gone for entry in free if _is_same(one, entry)]
    taken = {entry.id for _, entry in (*pairs, *again)}
    orphans = _Orphans(ours, own.holders, f"{component}-{platform.argument}-")
    left = [orphan for one in free if one.id not in taken for orphan in orphans.of(one)]
    if without and not pairs and not left:
        hint = f"give what {platform.rule_ids or platform.listing} prints"
        raise refuse("", f"{without} rules without an id", "must be a listing with the ids of rules", hint)
    return Recovery(
        stack=stack,
        imports=Adoption(component=component, platform=platform, found=pairs, lacking=(), left=()),
        parent=own.parent or parent,
        provider=own.provider,
        is_gone=not own.has_component,
        orphans=tuple(sorted(left, key=lambda one: (not one.name, one.entry.name))),
        missing=missing,
        recreated=tuple(dict.fromkeys(one.name for one, _ in again)),
        refused=tuple(one for one in own.resources if one.initErrors),
        pending=tuple((name_of(one.resource.urn), one.type) for one in state.pending if one.resource.type in types),
        without_id=without,
    )


class _Own:
    """What a state has of the component, on one platform."""

    def __init__(self, state: StackState, component: str, platform: AnyPlatform) -> None:
        inner = f"{component}-{platform.argument}"
        outer = next((one for one in state.resources if (one.type, name_of(one.urn)) == (FIREWALL, component)), None)
        self.has_component = outer is not None
        self.parent = outer.parent if outer and type_of(outer.parent) not in ("", STACK) else ""
        self.resources = [
            one
            for one in state.resources
            if type_of(one.parent).startswith(OURS) and name_of(one.parent) == inner and not one.delete
        ]
        self.names = {(one.type, name_of(one.urn)) for one in self.resources}
        self.provider = next(filter(None, map(_own_provider, self.resources)), "")
        kind = platform.holder.type if platform.holder else ""
        self.holders = {one.id for one in self.resources if one.type == kind}

    def missing(self, listed: set[str], types: set[str]) -> tuple[StateResource, ...]:
        """Those of the types that are not among the ids of a listing."""
        return tuple(one for one in self.resources if one.type in types and one.id and listed.isdisjoint(_ids(one)))


STACK = "pulumi:pulumi:Stack"


def _ids(one: StateResource) -> set[str]:
    """How a listing may have its id: Azure leaves the case to the caller, and a rule of Google's whose listing does not
    tell the project has its name only.
    """
    id_ = one.id.lower()
    return {id_, id_.rpartition("/")[2]}


def _own_provider(one: StateResource) -> str:
    """The URN of its provider, unless it is the one that Pulumi makes by default."""
    urn = one.provider.rpartition("::")[0]
    return "" if not urn or name_of(urn).startswith("default") else urn


def _chosen(entries: Iterable[ImportEntry], groups: Iterable[str]) -> set[str]:
    """The ids of what was named. A rule is never named, but the group that it is in."""
    found = set()
    given = [one for one in entries if not one.content]
    for text in groups:
        ids = {one.id for one in given if text in (one.name, one.id)}
        if len(ids) != 1:
            names = few((printable(one.name) for one in given), 10) or "none"
            raise refuse("--group", text, "must be the name or id of one firewall of the file", f"it has {names}")
        found |= ids
    return found


def _holders(
    platform: AnyPlatform, ours: Iterable[ImportEntry], entries: Iterable[ImportEntry], own: _Own, chosen: set[str]
) -> set[str]:
    """The ids of the groups that hold the program's rules; empty where rules are in no group.

    Raises:
        NotAFirewall: the state has none, and the listing does not tell which is meant.
    """
    if platform.holder is None:
        return set()
    kind = platform.holder.type
    wanted = [one for one in ours if one.type == kind]
    if not wanted:  # the rules are to go into a group that was there before
        return {place for one in ours for place in one.home.values()}
    listed = [one for one in entries if one.type == kind]
    found = own.holders or {one.id for one in listed if one.id in chosen or _named(one, wanted)}
    if listed and not found:
        names = few((printable(one.name) for one in listed), 10)
        hint = "say which is meant: --group ID; or list the groups themselves, whose names tell it"
        raise refuse("", names, "must be groups of which one is known to be the program's: the state has none", hint)
    return found


def _is_in(one: ImportEntry, holders: set[str], platform: AnyPlatform) -> bool:
    if platform.holder is None or one.type == platform.holder.type:
        return True
    return not holders.isdisjoint(one.home.values())


def _named(one: ImportEntry, wanted: Iterable[ImportEntry]) -> ImportEntry | None:
    """Which of them it was made for, by its name."""
    return next((other for other in wanted if is_named_after(one, other)), None)


Pair = tuple[ImportEntry, ImportEntry]


def _paired(absent: Iterable[ImportEntry], candidates: Iterable[ImportEntry]) -> tuple[Pair, ...]:
    """Without what Pulumi would replace: what is in another VPC, network or resource group is another's."""
    return tuple(pair for pair in paired(absent, candidates).values() if _is_where(*pair))


def _is_where(one: ImportEntry, entry: ImportEntry) -> bool:
    return one.type == entry.type and all(one.home.get(kind, place) == place for kind, place in entry.home.items())


def _is_same(one: ImportEntry, entry: ImportEntry) -> bool:
    """Whether a resource of the program and one of the listing are one, by what they say or by the name."""
    return _is_where(one, entry) and (is_named_after(entry, one) or bool(one.content and one.content == entry.content))


class _Orphans:
    """What speaks for it that a resource of the platform is the program's.

    Args:
        ours: the resources of the program.
        holders: the ids of its own groups.
        beginning: how the names of what it makes begin, today or with another configuration.
    """

    def __init__(self, ours: Iterable[ImportEntry], holders: Iterable[str], beginning: str) -> None:
        self._ours = [*ours]
        self._members = {*holders, *(member for one in self._ours for member in one.members)}
        self._beginning = beginning

    def of(self, entry: ImportEntry) -> Iterator[Orphan]:
        """It, or nothing where nothing speaks for it."""
        named = _named(entry, self._ours)
        if not any(_is_where(one, entry) for one in ([named] if named else self._ours)):
            return
        shared = [one for one in entry.members if one in self._members]
        if named:
            yield Orphan(entry, named.name, f"its name is that of {named.name} with Pulumi's suffix")
        elif entry.name.startswith(self._beginning) and AUTOMATIC.search(entry.name):
            yield Orphan(entry, "", f"its name begins as those of this program do, with {self._beginning}")
        elif shared:
            yield Orphan(entry, "", f"it is for {few(map(printable, shared), 3)}, as this program's are")
