"""A stack's state against what its platform lists, and both against what the program makes.

    found = recover(deployment, AWS, AWS.listed(json), state, "livekit")
    found.imports.as_json()      # for `pulumi import -f`

Three kinds of resources come of it: those of the program that exist and are not in the state, those in the state that
the platform no longer lists, and those that no state has though they go on admitting.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from msgspec import Struct

from ...deployment.derive import Deployment
from ...effective.evaluate import ImportEntry
from ...effective.syntax import refuse
from ...effective.urns import name_of
from ...model.text import few, printable
from ...platforms.registry import AnyPlatform
from ..compare.adoption import Adoption, is_named_after, wanted_resources
from ..compare.holders import located
from ..explain.stack_rules import StackState, StateResource
from .component_state import ComponentState, ids_of
from .orphans import Orphan, Orphans, is_same, is_where


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
    others: tuple[StackState, ...] = (),
) -> Recovery:
    """What is to be imported, removed and read anew.

    Args:
        deployment: has a target of the platform.
        listing: see `Platform.listed`.
        component: the name of the LiveKitFirewall.
        parent: the URN of what holds it, where the state does not have it.
        groups: ids or names of the firewalls of the listing that are the program's, whatever they are called.
        others: the states of other stacks, whose resources are theirs.

    Raises:
        NotAFirewall: the listing does not tell which of its groups is the program's, or has no ids of rules.
        ProblemsError: the platform cannot express or hold the rules.
    """
    entries, own = tuple(listing), ComponentState(state, component, platform)
    chosen = _chosen(entries, groups)
    wanted = wanted_resources(deployment, platform, deployment.targets[platform.argument], component)
    ours, within = _both_sides(platform, wanted, entries, own, chosen)
    free = _free(within, (state, *others))
    pairs = tuple(_pairs(_absent(ours, within, own), free, chosen))
    without = sum(not one.id for one in within)
    missing = () if without else own.missing({one.id.lower() for one in entries}, {one.type for one in ours})
    gone = {name_of(one.urn) for one in missing}
    again = tuple(_pairs((one for one in ours if one.name in gone), free, chosen))
    taken = {entry.id for _, entry in (*pairs, *again)}
    known = Orphans(ours, own.holders, f"{component}-{platform.argument}-")
    orphans = known.among(one for one in free if one.id not in taken)
    if without and not pairs and not orphans:
        raise _no_ids(platform, without)
    return Recovery(
        stack=stack,
        imports=Adoption(component=component, platform=platform, found=pairs, lacking=(), left=()),
        parent=own.parent or parent,
        provider=own.provider,
        is_gone=own.is_gone,
        orphans=orphans,
        missing=missing,
        recreated=tuple(one.name for one, _ in again),
        refused=tuple(one for one in own.resources if one.initErrors),
        pending=own.pending,
        without_id=without,
    )


def _both_sides(
    platform: AnyPlatform,
    ours: Sequence[ImportEntry],
    entries: Iterable[ImportEntry],
    own: ComponentState,
    chosen: set[str],
) -> tuple[Sequence[ImportEntry], list[ImportEntry]]:
    """What the program makes, where it is, and what the listing has of its types, in groups that are the program's."""
    holders = _holders(platform, ours, entries, own, chosen)
    if platform.holder and sum(not one.content for one in ours) > 1:
        ours = located(ours, own.named(platform.holder.type))
    types = {one.type for one in ours}
    return ours, [one for one in entries if one.type in types and _is_in(one, holders, platform)]


def _absent(ours: Iterable[ImportEntry], within: Iterable[ImportEntry], own: ComponentState) -> Iterator[ImportEntry]:
    """Those of the program that the state does not have."""
    held = _by_content(one for one in within if one.id.lower() in own.ids)
    for one in ours:
        # under another name it is of an older release, which an alias brings over
        renamed = any(is_same(one, entry) for entry in held.get((one.type, one.content), ()))
        if (one.type, one.name) not in own.names and not renamed:
            yield one


def _free(entries: Iterable[ImportEntry], states: Iterable[StackState]) -> list[ImportEntry]:
    """Those that are in no state."""
    known = {(one.type, id_) for state in states for one in state.resources for id_ in ids_of(one)}
    return [one for one in entries if one.id and (one.type, one.id.lower()) not in known]


def _pairs(
    ours: Iterable[ImportEntry], free: Iterable[ImportEntry], chosen: Container[str]
) -> Iterator[tuple[ImportEntry, ImportEntry]]:
    """Of each resource of the program that of the listing which is the same, one that has its name before any other."""
    by_content = _by_content(sorted(free, key=lambda one: one.name))
    for one in ours:
        alike = by_content.get((one.type, one.content), [])
        same = [entry for entry in alike if is_same(one, entry) or (entry.id in chosen and is_where(one, entry))]
        if same:
            entry = next((entry for entry in same if is_named_after(entry, one)), same[0])
            alike.remove(entry)
            yield one, entry


def _by_content(entries: Iterable[ImportEntry]) -> dict[object, list[ImportEntry]]:
    found: dict[object, list[ImportEntry]] = {}
    for entry in entries:
        found.setdefault((entry.type, entry.content), []).append(entry)
    return found


def _no_ids(platform: AnyPlatform, without: int) -> Exception:
    hint = f"give what {platform.rule_ids or platform.listing} prints"
    return refuse("", f"{without} rules without an id", "must be a listing with the ids of rules", hint)


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
    platform: AnyPlatform,
    ours: Iterable[ImportEntry],
    entries: Iterable[ImportEntry],
    own: ComponentState,
    chosen: set[str],
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
    found = own.holders or {
        one.id for one in listed if one.id in chosen or any(is_named_after(one, other) for other in wanted)
    }
    if listed and not found:
        names = few((printable(one.name) for one in listed), 10)
        hint = "say which is meant: --group ID; or list the groups themselves, whose names tell it"
        raise refuse("", names, "must be groups of which one is known to be the program's: the state has none", hint)
    return found


def _is_in(one: ImportEntry, holders: set[str], platform: AnyPlatform) -> bool:
    if platform.holder is None or one.type == platform.holder.type:
        return True
    return not holders.isdisjoint(one.home.values())
