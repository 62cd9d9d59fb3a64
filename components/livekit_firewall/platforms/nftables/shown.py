"""The rules of our own table as people see them: its elements and its lines, each called by its comment."""

from __future__ import annotations

from collections.abc import Iterator

from ...effective.native_rule import Flow, NativeRule, Source
from ...effective.syntax import NotAFirewall
from ...model.addresses import Peer
from ...model.ports import PortRange
from ...model.services import Service
from .from_text import read
from .language import SCOPES, Accept, Other, Table


def ruleset_rules(text: str) -> Iterator[NativeRule]:
    """Of the text of a ruleset: the elements that hold ports, then the lines of the chain."""
    table = read(text)
    users = {rule.set_of_ports: rule for rule in table.rules if isinstance(rule, Accept)}
    for one in table.sets:
        if (user := users.get(one.name)) is not None:
            for element, (ports, about) in zip(one.elements, _ports(table, user), strict=False):
                yield NativeRule(about, (_flow(ports),), _sources(table, user), about, line=str(element))
    for rule in table.rules:
        yield _line(table, rule)


def _line(table: Table, rule: Accept | Other) -> NativeRule:
    about, line = rule.comment, str(rule)
    flows = tuple(_flow(ports) for ports, _ in _ports(table, rule))
    if not isinstance(rule, Accept) or not flows:  # of the baseline, or not understood
        return NativeRule(about or line, (Flow(rule.text),), (), about, line=line)
    return NativeRule(about or line, flows, _sources(table, rule), about, _service(rule), line=line)


def _service(rule: Accept) -> Service | None:
    """Of a rule that is of one alone: those of whole families have sets of ports, but for that of SSH."""
    if not rule.sources:
        return None if rule.set_of_ports else Service.SSH
    label = rule.comment.partition(":")[0]
    return next((one for one in Service if one.label == label), None)


def _ports(table: Table, rule: Accept | Other) -> tuple[tuple[PortRange, str], ...]:
    try:
        return table.ports(rule) if isinstance(rule, Accept) else ()
    except (NotAFirewall, ValueError):
        return ()


def _flow(ports: PortRange) -> Flow:
    return Flow(str(ports), ports)


def _sources(table: Table, rule: Accept) -> tuple[Source, ...]:
    if not rule.sources:
        peer = SCOPES[rule.family]
        return (Source(str(peer), peer),)
    try:
        return tuple(Source(str(block), Peer.of(block)) for block in table.blocks(rule))
    except (NotAFirewall, ValueError):
        return (Source(f"@{rule.sources}"),)
