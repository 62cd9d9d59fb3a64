"""`extra_rules`: what else runs on the node, in the words of no platform.

    extra_rules:
      - {name: node-exporter, protocol: tcp, ports: 9100, cidrs: [198.51.100.0/24], reason: Prometheus scrapes it}

They are judged like every other rule: the port may not be one that the deployment's services use, and a port that is
usually an internal service's never opens to the internet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, Literal

from msgspec import Struct

from ..inputs.field_types import Blocks, Text, expects
from ..inputs.shown import show
from ..model.addresses import BLOCK_NAME
from ..model.errors import Place, Problem, Report
from ..model.internet import internet_blocks
from ..model.ports import PortRange
from ..model.services import Service
from ..model.text import escaped
from .access import Access, ExtraRule, Sources
from .blocks import BlockReader
from .listener import Listener

EXTRA = "a list of mappings with name, protocol, ports, cidrs and reason"
PORTS = 'must be a port, a range such as "9100-9110", or a list of these'


class Extra(Struct, frozen=True, kw_only=True):
    """An entry of `extra_rules`."""

    name: Text | None = None
    protocol: Annotated[Literal["tcp", "udp"], expects("tcp or udp", shown=True)] | None = None
    ports: Annotated[Any, expects("a port, a range or a list of these", shown=True)] = None
    cidrs: Blocks | None = None
    reason: Text | None = None


def read_extra(given: Iterable[Extra], reader: BlockReader, report: Report) -> Iterator[ExtraRule]:
    """The rules that have no problem; those of the others are in the report. Problems name a rule by its place in the
    list, everything else by its name.
    """
    given = tuple(given)
    names = Counter(one.name for one in given)
    for index, one in enumerate(given):
        place = f"extra_rules[{index}]"
        before = len(report.problems)
        for key in ("name", "protocol", "ports", "cidrs"):
            if getattr(one, key) is None and report.is_sound(Place(f"{place}.{key}")):
                report.problem(Place(f"{place}.{key}"), "", "is required")
        for key, expected in _misfits(one, names):
            report.problem(Place(f"{place}.{key}"), show(f"{place}.{key}", getattr(one, key)), expected)
        ports = tuple(_ports(one, f"{place}.ports", report))
        blocks = reader.read(f"{place}.cidrs", one.cidrs)
        if len(report.problems) == before:
            sources = Sources(blocks.parsed, f"{place}.cidrs", (), blocks.named)
            yield ExtraRule(str(one.name), ports, sources, one.reason or "", place)


def _misfits(one: Extra, names: Mapping[str | None, int]) -> Iterator[tuple[str, str]]:
    """The keys whose texts do not fit, each with what would."""
    if one.name is not None and not BLOCK_NAME.fullmatch(one.name):
        yield "name", "must be up to 63 letters, digits, hyphens and underscores"
    elif one.name is not None and names[one.name] > 1:
        yield "name", "must be the name of one rule only"
    if one.reason is not None and (len(one.reason) > LONGEST_REASON or escaped(one.reason) != one.reason):
        yield "reason", f"must be one line of up to {LONGEST_REASON} characters"


LONGEST_REASON = 200


def _ports(one: Extra, key: str, report: Report) -> Iterator[PortRange]:
    given = one.ports if isinstance(one.ports, list | tuple) else () if one.ports is None else (one.ports,)
    if one.ports is not None and not given:
        report.problem(Place(key), "[]", PORTS)
    for text in given:
        whole = int(text) if isinstance(text, float) and text.is_integer() else text
        try:
            if isinstance(whole, bool) or not isinstance(whole, int | str):
                raise ValueError
            # without a protocol its problem is told already
            yield PortRange.parse(f"{one.protocol or 'tcp'}/{whole}")
        except ValueError:
            report.problem(Place(key), show(key, text), PORTS)


def check_extra(access: Access, listeners: Iterable[Listener], report: Report) -> None:
    """Problems for extra rules on a port of the deployment's own, whatever file says so, and for those that together
    open to the internet what is usually an internal service.
    """
    listeners = tuple(listeners)
    for one in access.extra:
        for ports in one.ports:
            for listener in listeners:
                if listener.ports.overlaps(ports) and not listener.network:
                    report.problems.append(_taken(one, ports, listener))
    for service in Service:
        for usual in service.record.usual_ports if service.is_internal else ():
            openers = [one for one in access.extra if any(ports.overlaps(usual) for ports in one.ports)]
            wide = internet_blocks(block for one in openers for block in one.sources.blocks)
            for one in openers if wide else ():
                expected = f"must not open {usual} to the internet, which is usually {service.label}"
                hint = "name the real sources, in longer blocks, also when merged with those of other extra rules"
                report.problem(Place(one.sources.key), ", ".join(wide), expected, hint)


def _taken(one: ExtraRule, ports: PortRange, listener: Listener) -> Problem:
    expected = f"must not hold a port of {listener.service.label} on {listener.ports} ({listener.key})"
    hint = "the arguments for that service say who may reach it; extra_rules are for what else runs on the node"
    return Problem(Place(f"{one.place}.ports"), str(ports), expected, hint)
