"""The rules of our own table, each named by its comment: the elements of its sets of ports, and its lines."""

from __future__ import annotations

from collections.abc import Iterator

from ...effective.native_rule import Flow, NativeRule, RuleSource
from ...effective.syntax import NotAFirewall
from ...model.addresses import Peer
from ...model.packets import ALL_PORTS
from ...model.ports import PortRange
from ...model.services import Service
from ...model.text import printable
from .from_text import read
from .language import SCOPES, Accept, Element, Other, Table


def native_rules(text: str) -> Iterator[NativeRule]:
    """The rules of a ruleset: the elements that hold ports, then the lines of the chain. A line that uses a set of
    ports opens what its elements open: a listing shows both.

    A text that is not a whole ruleset of livekit-firewall gives one rule that says so.
    """
    table = read(text)
    if not table.is_whole:
        yield _unread("ruleset", "is not a ruleset of livekit-firewall, or not a whole one")
        return
    for line in table.foreign:
        yield _not_understood(line.strip())
    for rule in table.rules:
        if isinstance(rule, Accept) and rule.set_of_ports:
            yield from _elements(table, rule)
    for rule in table.rules:
        yield _line(table, rule)


def _elements(table: Table, rule: Accept) -> Iterator[NativeRule]:
    sources = _sources(table, rule)
    for ports, element in _ports(table, rule) if sources else ():
        yield NativeRule(element.comment, (_flow(ports),), sources, element.comment, line=str(element))


def _line(table: Table, rule: Accept | Other) -> NativeRule:
    about, line = rule.comment, str(rule)
    if isinstance(rule, Other):
        is_known = rule.is_baseline
        return (
            NativeRule(about or line, (Flow(rule.text),), (), about, line=line) if is_known else _not_understood(line)
        )
    flows, sources = tuple(_flow(ports) for ports, _ in _ports(table, rule)), _sources(table, rule)
    if not flows or not sources:
        return _not_understood(line)
    return NativeRule(about or line, flows, sources, about, _service(rule), line=line)


def _not_understood(line: str) -> NativeRule:
    return _unread(line, f"has a line that is not understood: {printable(line)}")


def _unread(line: str, why: str) -> NativeRule:
    return NativeRule(line, (Flow(line, every=ALL_PORTS),), (), line=line, unread=why)


def _service(rule: Accept) -> Service | None:
    """The service of a rule that serves one alone. Rules for whole families use sets of ports, except that of SSH."""
    if not rule.sources:
        return None if rule.set_of_ports else Service.SSH
    label = rule.comment.partition(":")[0]
    return next((one for one in Service if one.label == label), None)


def _ports(table: Table, rule: Accept) -> tuple[tuple[PortRange, Element], ...]:
    try:
        return table.ports(rule)
    except (NotAFirewall, ValueError):
        return ()


def _flow(ports: PortRange) -> Flow:
    return Flow(str(ports), ports)


def _sources(table: Table, rule: Accept) -> tuple[RuleSource, ...]:
    """None where its set of addresses is not known."""
    if not rule.sources:
        peer = SCOPES[rule.family]
        return (RuleSource(str(peer), peer),)
    try:
        return tuple(RuleSource(str(block), Peer.of(block)) for block in table.blocks(rule))
    except (NotAFirewall, ValueError):
        return ()
