"""One stack's preview -> its part of the page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timezone
from typing import NamedTuple

from msgspec.structs import replace

from ...effective.labels import Label
from ...effective.resource_names import ResourceNames
from ...effective.resources import OURS, Resource, differing
from ...effective.snapshot import Snapshot
from ...effective.urns import name_of
from ...model.ports import PortRange, Protocol
from ...model.services import Service
from ...model.text import code
from ...platforms.registry import readers
from .attached import attached_to
from .change import Change, Operation, Origin, ReviewPart
from .difference import Pair, StackContext, changes_of, standing_of, unclear_of
from .intent import intent_of
from .midway import operations_of, outcome_of
from .moved import moved
from .pairs import pairs
from .preview import PROVIDER, STACK, Preview, Step, each_once
from .replaced import replaced
from .risk_facts import RiskFacts
from .risks import risks_of
from .unchanged_resources import denials, unread_changes

COMPONENT = f"{OURS}LiveKitFirewall"


class Sides(NamedTuple):
    """Every resource of a stack before the change and after it."""

    before: tuple[Resource, ...]
    after: tuple[Resource, ...]


def part_of(preview: Preview, name: str) -> ReviewPart:
    """What the preview of one stack means."""
    sides = sides_of(preview.steps)
    names = ResourceNames(sides.before, sides.after)
    operations = tuple(operations_of(preview.steps, sides.after))
    outcome = outcome_of(operations, names)
    ends = outcome.left_of(sides.after)
    found = list(pairs(*_apart(tuple(snapshots(sides.before, names)), tuple(snapshots(ends, names)))))
    intent = intent_of(preview.config)
    context = StackContext((*intent.labels, *_stated_labels(sides.before)), names.shown)
    away = (
        *moved(operations, sides, names, preview.shows_all),
        *replaced(operations, sides.before, names, found, context),
    )
    part = assembled(name, RiskFacts(found, (), preview.steps, intent, context, outcome, preview.shows_all, away))
    others = (*unread_changes(preview.steps), *denials(found, preview.shows_all))
    return replace(
        part,
        origin=origin_of(preview),
        attached=tuple(attached_to(found, part.changes, sides, names, preview.shows_all)),
        operations=tuple(_operations(preview.steps)),
        notes=(*_notes(preview, part, found), *(code(one, 300) for one in outcome.notes)),
        unclear=(*part.unclear, *(one.text for one in others)),
        may_gain=part.may_gain or any(one.gains for one in others),
        may_lose=part.may_lose or any(one.loses for one in others),
    )


def origin_of(preview: Preview) -> Origin:
    """The stack and its preview, as far as the preview names them."""
    made = ""
    with suppress(TypeError, ValueError, OverflowError, OSError):  # a time beyond all calendars
        made = f"{datetime.fromtimestamp(preview.made or 0, timezone.utc):%Y-%m-%d %H:%M} UTC" if preview.made else ""
    return Origin(preview.stack, preview.project, preview.name, made)


def _apart(*sides: tuple[Snapshot, ...]) -> Iterator[list[Snapshot]]:
    """Firewalls with the same name, of two components, with names that differ."""
    keys: dict[str, set[str]] = {}
    for one in (*sides[0], *sides[1]):
        keys.setdefault(one.name, set()).add(one.key)
    alike = {name for name, found in keys.items() if len(found) > 1}
    for side in sides:
        many = {name for name in alike if sum(one.name == name for one in side) > 1}
        yield [
            replace(one, name=f"{one.name} ({'::'.join(one.key.split('::')[-2:])})" if one.name in many else one.name)
            for one in side
        ]


def assembled(name: str, facts: RiskFacts) -> ReviewPart:
    """The part of a page that follows from pairs of firewalls; `facts.changes` is filled in here."""
    changes = tuple(
        sorted(merged(change for pair in facts.pairs for change in changes_of(pair, facts.context)), key=_order)
    )
    unclear, gains, loses = _unclear(facts.pairs)
    unclear = (*unclear, *facts.outcome.unknown)
    return ReviewPart(
        name,
        changes,
        tuple(risks_of(facts._replace(changes=changes))),
        unclear=unclear,
        standing=_standing(facts.pairs, changes, facts.context),
        may_gain=gains,
        may_lose=loses or bool(facts.outcome.unknown),
    )


def _standing(found: Iterable[Pair], changes: Iterable[Change], context: StackContext) -> tuple[Change, ...]:
    touched = {name for change in changes for name in change.firewalls}
    same = (change for pair in found if pair.name in touched for change in standing_of(pair, context))
    return tuple(sorted(merged(same), key=_order))


def sides_of(steps: Iterable[Step]) -> Sides:
    """A resource that is replaced has up to three steps, and one that was left over from before its own id."""
    before: dict[tuple[str, str], Resource] = {}
    after: dict[str, Resource] = {}
    for step in steps:
        if step.op == "refresh":
            continue  # the steps that follow know what it found
        if step.before is not None:
            before[step.urn, step.before.id] = step.before
        if step.after is not None:
            after[step.urn] = _same(step.before, step.after)
    return Sides(tuple(before.values()), tuple(after.values()))


def _same(before: Resource | None, after: Resource) -> Resource:
    """The resource of before where nothing differs, so that it is read once."""
    if before is None:
        return after
    if not after.changed and (before.inputs, before.depends) == (after.inputs, after.depends):
        return before
    return replace(after, changed=differing(before, after))


def snapshots(resources: Iterable[Resource], names: ResourceNames) -> Iterator[Snapshot]:
    """What the firewalls among the resources admit, whatever their platform."""
    given = tuple(resources)
    for reader in readers():
        mine = [one for one in given if one.type in reader.TYPES]
        if mine:
            yield from reader.snapshots(mine, names)


def _unclear(found: Iterable[Pair]) -> tuple[tuple[str, ...], bool, bool]:
    texts, gains, loses = [], False, False
    for pair in found:
        told, more, less = unclear_of(pair)
        texts += [f"{pair.name}: {text}" for text in told]
        gains, loses = gains or more, loses or less
    return tuple(dict.fromkeys(texts)), gains, loses


def merged(changes: Iterable[Change]) -> list[Change]:
    """The same line of several firewalls is one line that names them."""
    found: dict[Change, list[str]] = {}
    for change in changes:
        found.setdefault(replace(change, firewalls=()), []).extend(change.firewalls)
    return [replace(change, firewalls=tuple(dict.fromkeys(names))) for change, names in found.items()]


def _order(change: Change) -> tuple[object, ...]:
    """What opens before what closes, then by the number of sources."""
    reach = change.gained or change.lost
    width = min((block.network.prefixlen for block in reach.blocks), default=999) if reach else 999
    service = change.service.order if change.service else 99
    ports = (reach.ports[0].protocol.value, reach.ports[0].first) if reach and reach.ports else ("~", 0)
    who = (tuple(map(str, reach.blocks[:5])), reach.names[:5]) if reach else ()
    return change.gained is None, change.direction.value != "ingress", width, service, ports, who, change.firewalls


def _operations(steps: Iterable[Step]) -> Iterator[Operation]:
    """Each resource once: a replacement of three steps is one `replace`."""
    for step in sorted(each_once(steps), key=lambda step: step.urn):
        if step.type != STACK and not step.type.startswith(PROVIDER):
            yield Operation(step.op, step.type, name_of(step.urn), step.changed)


def _notes(preview: Preview, part: ReviewPart, found: Iterable[Pair]) -> Iterator[str]:
    for pair in found:
        if pair.old and pair.new and pair.old.key != pair.new.key:
            old, new = code(pair.old.name), code(pair.new.name)
            yield f"{old} is removed and {new} is added with the same or nearly the same rules: treated as a rename."
    if part.changes and not preview.shows_all:
        yield (
            "Unchanged resources are not in this preview, so what they admit besides is not known: a line may tell of "
            "reach that another rule gives as well. `pulumi preview --json --show-sames` has them."
        )


def _stated_labels(before: Iterable[Resource]) -> Iterator[Label]:
    """What our component said of its rules at the last update: its output `rules`."""
    for one in before:
        rules = one.outputs.get("rules") if one.type == COMPONENT else None
        for rule in rules if isinstance(rules, list) else ():
            try:
                ports = PortRange(Protocol(rule["protocol"]), int(rule["first"]), int(rule["last"]))
                yield Label(ports, Service(rule["service"]), str(rule.get("key", "")))
            except (KeyError, TypeError, ValueError):
                continue  # a state is not ours to judge
