"""What is dangerous about an update while it runs, whatever is so at its end: calls that are cut, and what the platform
refuses half way.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...effective.labels import KNOWN
from ...effective.property_values import number_of
from ...effective.snapshot import Size
from ...effective.syntax import protocols_of
from ...effective.urns import name_of
from ...model.addresses import Direction
from ...model.ports import MAX_PORT, PortRange
from ...platforms.registry import BY_NAME, PLATFORMS
from .change import Risk
from .difference import Pair, StackContext
from .preview import Step
from .risk_facts import MEDIA, RiskFacts, ports_text
from .risk_texts import NARROWED, risk

CUTS = frozenset(one.name for one in PLATFORMS if one.cuts_open_flows)


def interrupted(facts: RiskFacts) -> Iterator[Risk]:
    """Calls that the update may cut: by rules that go, and by rules that are modified."""
    platforms = {pair.name: one.platform for pair in facts.pairs if not pair.was_bare and (one := pair.new or pair.old)}
    opened = {(name, one.service) for one in facts.changes if one.gained for name in one.firewalls}
    for change in facts.changes:
        if change.lost is None or change.service not in MEDIA or change.direction is not Direction.INGRESS:
            continue
        for name in change.firewalls:
            if platforms.get(name) in CUTS:
                text = f"calls on {change.service.label}, {ports_text(change.lost.ports)}, may be cut"
                told = risk("call-interrupted", name, text, ports=change.lost.ports)
                is_moved = not opened.isdisjoint({(name, change.service), (name, None)})
                yield told if is_moved else replace(told, fix=NARROWED)
    for step in facts.steps:
        # the rules inside a group that stays are told as lines
        cut = MODIFIED.get(step.type)
        if cut is None or step.op not in cut.operations or not _carries_media(step, facts.context):
            continue
        if step.op == "replace" or set(step.changed) - cut.harmless:
            text = f"{cut.what} is {step.op}d, which may cut calls that it lets in"
            yield risk("call-interrupted", name_of(step.urn), text)


def _carries_media(step: Step, context: StackContext) -> bool:
    """Whether a rule of AWS may be for media."""
    given = step.before.inputs if step.before else {}
    first, last = (number_of(given.get(name)) for name in ("fromPort", "toPort"))
    protocols = protocols_of(str(given.get("ipProtocol", given.get("protocol"))))
    if protocols == ():
        return False  # ICMP
    if protocols is None or first is None or last is None or not 0 <= first <= last <= MAX_PORT:
        return True
    ports = [PortRange(protocol, max(int(first), 1), max(int(last), 1)) for protocol in protocols]
    known = [*context.labels, *KNOWN]
    return any(label.service in MEDIA and label.ports.overlaps(one) for label in known for one in ports)


MODIFIED = {token: what for one in PLATFORMS for token, what in one.cut_by.items()}
"""What cuts flows when it is modified."""


def halfway(facts: RiskFacts) -> Iterator[Risk]:
    """What the platform will not do, and lists that are put over what stands beside them."""
    yield from (risk("refused-half-way", one.where, one.text, one.is_new) for one in facts.outcome.refused)
    yield from (risk("lists-fight", one.where, one.text, one.is_new) for one in facts.outcome.fights)
    for pair in facts.pairs:
        yield from _sizes(pair, facts)


def _sizes(pair: Pair, facts: RiskFacts) -> Iterator[Risk]:
    """The old rules and the new are there together while the update runs: what is new is made first."""
    if pair.new is None:
        return
    platform = BY_NAME.get(pair.new.platform)
    target = facts.intent.targets.get(platform.argument) if platform else None
    was = {(size.what, size.of): size for size in pair.old.sizes} if pair.old else {}
    for own in pair.new.sizes:
        size = platform.limited(own, target) if platform and target else own
        old = was.get((size.what, size.of))
        peak = _peak(old, size, facts.outcome.doubled)
        if size.count > size.limit:
            text = f"{size.count} {size.what}, and the platform allows {size.allowed}"
            yield risk("quota", pair.name, text, old is None or old.count <= size.limit)
        elif old and peak > size.limit:
            text = f"{peak} {size.what} while the update runs, and the platform allows {size.allowed}"
            more_room = platform.more_room(target) if platform and target else ""
            yield replace(risk("quota", pair.name, text), fix=_in_two(old, size, facts.outcome.doubled, more_room))


def _in_two(old: Size, new: Size, doubled: frozenset[str], more_room: str) -> str:
    """The two updates that such a change can be made in, each of which fits."""
    kept = sum(min(old.rules.get(urn, 0), count) for urn, count in new.rules.items() if urn not in doubled)
    go, come = (sum(side.rules.values()) - kept for side in (old, new))
    apart = f"one that only takes away the {go} that go, then one that adds the {come} that come"
    text = f"make it in two updates: {apart} (what rules of both admit is shut in between)"
    return f"{text}; or first {more_room}, then make the change" if more_room else text


def _peak(old: Size | None, new: Size, doubled: frozenset[str]) -> int:
    """The most that there is at once: of each resource the larger side, of what is replaced both."""
    if old is None:
        return new.count
    own = {urn: (old.rules.get(urn, 0), new.rules.get(urn, 0)) for urn in {**old.rules, **new.rules}}
    most = sum(sum(sides) if urn in doubled else max(sides) for urn, sides in own.items())
    return new.count - sum(new.rules.values()) + most
