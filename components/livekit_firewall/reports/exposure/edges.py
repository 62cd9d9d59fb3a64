"""Who reaches what, as the arrows of a picture, and how they are bundled where there are too many.

    bundles, left = bundles_of(sorted_edges, most=40)

Texts may be hostile; `inert` makes them single lines of a label.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from ...model.services import Service
from .flowchart import LOOKS, Arrow, State, shown


class Role(str, Enum):
    """The role of a source, in the order of the picture."""

    CLIENTS = "clients"
    INTERNET = "the internet"
    LOAD_BALANCER = "load balancer"
    TRUNKS = "SIP trunks"
    OPERATORS = "operators"
    CLUSTER = "cluster"
    OTHER = "others"


class Edge(Struct, frozen=True):
    """A source reaches a service.

    Attributes:
        who: where they come from ("anywhere", "203.0.113.0/24"); empty if their role says it all.
        role: their role.
        service: what is there ("ICE/UDP"); empty if it is not known.
        ports: on which ports ("udp/50000-60000"); empty to leave them out.
        state: whether a change adds, removes or changes it.
        node: the machine or firewall that it is behind.
        internal: whether the service must never be reachable from the internet; the picture says so.
    """

    who: str
    role: Role
    service: str
    ports: str
    state: State = "same"
    node: str = "node"
    internal: bool = False


class ClosedPort(Struct, frozen=True):
    """A listener that no other machine reaches."""

    service: str
    ports: str
    node: str = "node"


def inert(edge: Edge) -> Edge:
    """The edge with each text as a label shows it."""
    return replace(
        edge,
        who=shown(edge.who),
        service=shown(edge.service) or "not known",
        ports=shown(edge.ports),
        node=shown(edge.node) or "not named",
    )


class Bundle(Struct, frozen=True):
    """Edges that are drawn as one arrow: of one node, role and state."""

    edges: tuple[Edge, ...]

    @property
    def state(self) -> State:
        return self.edges[0].state

    def arrow(self) -> Arrow:
        """The arrow; its label says the state in words too."""
        internal = ", internal" if any(edge.internal for edge in self.edges) else ""
        word = "" if self.state == "same" else self.state
        ports = several((edge.ports for edge in self.edges), 3)
        return Arrow(
            source=_source(self.edges),
            frame=self.edges[0].node,
            target=several(edge.service for edge in self.edges) + internal,
            label="\n".join(text for text in (word, ports) if text),
            state=self.state,
            lane=self.edges[0].role.value,
        )


def _source(edges: Sequence[Edge]) -> str:
    role, who = edges[0].role, several(edge.who for edge in edges)
    is_said = who in ("", role.value) or (role is Role.INTERNET and who == "anywhere")
    return role.value if is_said else f"{role.value}\n{who}"


def several(texts: Iterable[str], most: int = 2) -> str:
    """The first few of them and how many more, a line each, so that a range is not broken at its hyphen."""
    given = list(dict.fromkeys(text for text in texts if text))
    return "\n".join([*given[:most], *([f"and {len(given) - most:,} more"] if len(given) > most else [])])


_SERVICES = {service.label: service.order for service in Service}
_ROLES = {role: place for place, role in enumerate(Role)}
_STATES = {state: place for place, state in enumerate(LOOKS)}


def place(edge: Edge) -> tuple[object, ...]:
    """For sorting: by node and role, then what everybody reaches first, as every listing has it."""
    what = *service_place(edge.service), edge.internal, natural(edge.ports), _STATES[edge.state]
    return natural(edge.node), _ROLES[edge.role], *what, natural(edge.who)


def service_place(label: str) -> tuple[int, str]:
    """For sorting labels of services, ours first."""
    return _SERVICES.get(label, len(_SERVICES)), label


def natural(text: str) -> tuple[list[tuple[int, str]], str]:
    """For sorting: tcp/443 before tcp/7880."""
    parts = re.findall(r"([0-9]{1,9})|([^0-9]+)", text)
    return [(int(number or "0"), other) for number, other in parts], text


def bundles_of(edges: Sequence[Edge], most: int) -> tuple[list[Bundle], int]:
    """At most `most` bundles, in the order of the edges, and how many edges are in none of them.

    Edges that differ by their ports alone are one in any case. Where there are more, those of the same role, node
    and state become one, the unchanged first; if that does not suffice the last ones are left out, the unchanged
    first.
    """
    groups = [[*_bundled(group.edges, _of_one_service)] for group in _bundled(edges, _of_one_role)]
    too_many = sum(len(group) for group in groups) - most
    for group in sorted(groups, key=lambda group: (-_STATES[group[0].state], -len(group))):
        if too_many > 0:
            too_many -= len(group) - 1
            group[:] = [Bundle(tuple(edge for bundle in group for edge in bundle.edges))]
    bundles = [bundle for group in groups for bundle in group]
    kept = sorted(range(len(bundles)), key=lambda number: _STATES[bundles[number].state])[:most]
    drawn = [bundles[number] for number in sorted(kept)]
    return drawn, len(edges) - sum(len(bundle.edges) for bundle in drawn)


def _of_one_service(edge: Edge) -> tuple[object, ...]:
    return edge.who, edge.service, edge.internal


def _of_one_role(edge: Edge) -> tuple[object, ...]:
    return edge.node, edge.role, edge.state


def _bundled(edges: Iterable[Edge], key: Callable[[Edge], tuple[object, ...]]) -> list[Bundle]:
    found: dict[tuple[object, ...], list[Edge]] = {}
    for edge in edges:
        found.setdefault(key(edge), []).append(edge)
    return [Bundle(tuple(same)) for same in found.values()]
