"""A platform's own rules: what each is called, what it admits, and which of our rules are behind it.

The fields are those of the providers' resources, as the state of a stack holds them; a rendered rule has the
same ones in snake case, so that one reader serves both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Any

from msgspec import Struct

from ..model.addresses import Cidr, Identity, Peer
from ..model.ports import MAX_PORT, PortRange, Protocol
from ..model.rules import Rule
from ..model.services import Service
from .resources import SECRET, camel, is_hidden, is_secret


class Flow(Struct, frozen=True):
    """A protocol and its ports: `ports` where it is TCP or UDP, `shown` for people."""

    shown: str
    ports: PortRange | None = None


class Source(Struct, frozen=True):
    """The other end, as the platform names it; `peer` where that is a block or stands for an identity."""

    shown: str
    peer: Peer | None = None


class NativeRule(Struct, frozen=True):
    """One rule as a platform shows it.

    Attributes:
        name: its key, name, entry or comment; unique in its platform's rendering but for comments.
        flows, sources: every source reaches every flow.
        description: the platform's own text on it; "" if there is none.
        service: set where the rule is of one service alone, whose blocks may be merged in it.
        line: on a host, the line of the ruleset.
    """

    name: str
    flows: tuple[Flow, ...]
    sources: tuple[Source, ...]
    description: str = ""
    service: Service | None = None
    line: str = ""

    @property
    def admitted(self) -> frozenset[tuple[str, str]]:
        """To tell whether two say the same: flows and blocks; an identity has another name on each side."""
        sources = (str(one.peer) if one.peer else one.shown for one in self.sources)
        return frozenset(product((flow.shown for flow in self.flows), sources))

    def is_for(self, rule: Rule) -> bool:
        """Whether it was rendered from the rule, perhaps among others."""
        if self.service not in (None, rule.service):
            return False
        return self._has_ports(rule) and any(self._has_peer(rule, one.peer) for one in self.sources if one.peer)

    def _has_ports(self, rule: Rule) -> bool:
        return any(
            flow.ports.protocol is rule.ports.protocol
            and flow.ports.first <= rule.ports.first
            and rule.ports.last <= flow.ports.last
            for flow in self.flows
            if flow.ports
        )

    def _has_peer(self, rule: Rule, peer: Peer) -> bool:
        if rule.peer == peer or any(Peer.of(block) == peer for block in rule.peer.blocks):
            return True
        return self.service is not None and peer.block is not None and _meet(rule.peer, peer)

    def touches(self, asked: Rule) -> bool:
        """Whether it admits a part of what is asked."""
        return any(flow.ports.overlaps(asked.ports) for flow in self.flows if flow.ports) and any(
            _meet(asked.peer, one.peer) for one in self.sources if one.peer
        )


def _meet(one: Peer, other: Peer) -> bool:
    if one.identity or other.identity:
        return one.identity is other.identity
    return any(
        a.family is b.family and a.bounds[0] <= b.bounds[1] and b.bounds[0] <= a.bounds[1]
        for a, b in product(one.blocks, other.blocks)
    )


def fields_of(made: Any) -> dict[str, Any]:
    """The fields of a rendered rule, as the state of a stack would have them."""
    # not asdict, which would copy outputs of other resources
    return {camel(name): getattr(made, name) for name in made.__dataclass_fields__}


# Values


_TRANSPORT = tuple(str(one) for one in Protocol)


def _flow(protocol: str, ports: str, denied: str = "") -> Flow:
    """`ports` is a port, `first-last`, or "" or `*` for all of them. A deny has no ports that it admits."""
    name = protocol.lower()
    first, _, last = ("1", "-", str(MAX_PORT)) if ports in ("", "*") else ports.partition("-")
    known = None
    if name in _TRANSPORT and first.isdecimal() and (last or first).isdecimal():
        try:
            known = PortRange(Protocol(name), int(first), int(last or first))
        except ValueError:
            known = None
    if known is not None:
        return Flow(f"{denied}{known}", None if denied else known)
    shown = "every protocol" if name in ("-1", "*") else f"{name} {'' if ports == '*' else ports}".strip()
    return Flow(denied + shown)


def _block(value: object) -> Source:
    text = _text(value)
    try:
        return Source(text, Peer.of(Cidr.parse(text)))
    except ValueError:
        return Source("anywhere" if text == "*" else text)


def _identity(identity: Identity, value: object) -> Source:
    shown = _text(value)
    return Source(f"{identity} {shown}" if shown else str(identity), Peer.of(identity))


def _text(value: object) -> str:
    """A value for people; what Pulumi does not tell is not told here either."""
    if is_secret(value):
        return "(a secret)"
    if isinstance(value, str | int) and not is_hidden(value):
        return str(value)
    return "" if value is None else "(unknown)"


def _list(value: object) -> list[Any]:
    if value is None or value == ():
        return []
    if isinstance(value, list | tuple):
        return list(value)
    return [SECRET] if is_secret(value) else []


def _objects(value: object) -> Iterable[Mapping[str, Any]]:
    return (one for one in _list(value) if isinstance(one, Mapping))


def inline(fields: Mapping[str, Any], key: str, read: Callable[[Mapping[str, Any]], NativeRule]) -> list[NativeRule]:
    """The rules in one property of a resource."""
    return [read(one) for one in _objects(fields.get(key)) if not is_secret(one)]
