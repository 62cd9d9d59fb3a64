"""Who reaches which ports, as a picture that GitHub and GitLab draw (Mermaid), of a deployment or of a change.

    print(fenced(mermaid_of(deployment)))
    print(mermaid([Edge("203.0.113.0/24", Part.OPERATORS, "SSH", "tcp/22", state="added")]))

On the left who, on the right each firewall with the services behind it, on the arrows the ports. Texts may be
hostile. The same edges make the same picture in whatever order they come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from ...deployment.access import Sources
from ...deployment.derive import Deployment
from ...model.addresses import Identity, Peer
from ...model.rules import Rule
from ...model.services import Service
from ...platforms.registry import BY_ARGUMENT
from .edges import ClosedPort, Edge, Role, bundles_of, inert, natural, place, service_place
from .expose import expose
from .exposure import ReachableService
from .flowchart import UnlinkedBox, flowchart, shown

__all__ = ["ClosedPort", "Edge", "Role", "fenced", "mermaid", "mermaid_of"]

MOST = 40
"""Arrows in a picture, unless asked otherwise: more cannot be followed. Mermaid itself draws 500 at most."""

LONGEST_TEXT = 40_000
"""Characters of a picture: Mermaid refuses more than 50,000. (GitLab asks its reader first above 2,000.)"""

MOST_CLOSED = 8


def fenced(picture: str) -> str:
    """A picture as a block of Markdown, with a final newline."""
    return f"```mermaid\n{picture}\n```\n"


def mermaid(
    edges: Iterable[Edge],
    closed: Iterable[ClosedPort] = (),
    most: int = MOST,
    left: int = 0,
    caption: str = "",
) -> str:
    """The picture as Mermaid's text, with at most `most` arrows (1 or more); what is closed in one box per node.

    Where there are more, the edges of one role, node and state share an arrow ("and 12 more"), the unchanged
    first; what then still has no arrow is counted in a box, and so are `left`, which the caller leaves out. A
    caption stands above the picture.
    """
    given = sorted({inert(edge) for edge in edges}, key=place)
    shut = list(_closed(closed))
    title = "Who reaches which ports" + (", and what changes" if any(edge.state != "same" for edge in given) else "")
    while True:
        bundles, undrawn = bundles_of(given, most)
        undrawn += left + len(shut[most:])
        rest = [UnlinkedBox("", f"and {undrawn:,} more")] if undrawn else []
        if not given and not shut:
            rest = [UnlinkedBox("", "nobody reaches anything")]
        text = flowchart(title, [bundle.arrow() for bundle in bundles], shut[:most] + rest, caption)
        if len(text) <= LONGEST_TEXT or most == 1:
            return text
        most //= 2


def _closed(closed: Iterable[ClosedPort]) -> Iterator[UnlinkedBox]:
    """One box per node, a line for each."""
    given = {(shown(one.node) or "not named", one.service, one.ports) for one in closed}
    ordered = sorted(given, key=lambda one: (natural(one[0]), service_place(one[1]), natural(one[2])))
    for node, found in groupby(ordered, key=lambda one: one[0]):
        lines = list(dict.fromkeys(shown(f"{ports} {service}") for _, service, ports in found))
        more = [f"and {len(lines) - MOST_CLOSED:,} more"] if len(lines) > MOST_CLOSED else []
        yield UnlinkedBox(node, "\n".join(["closed to others", *lines[:MOST_CLOSED], *more]))


def mermaid_of(deployment: Deployment, caption: str = "") -> str:
    """The picture of one node: everybody who reaches it, and what listens there and is closed."""
    edges, closed = edges_of(deployment)
    return mermaid(edges, closed, caption=caption)


def edges_of(deployment: Deployment, node: str = "node") -> tuple[list[Edge], list[ClosedPort]]:
    """What the rules admit, one edge per service, ports and role, and what they leave closed."""

    def key(rule: Rule) -> tuple[object, ...]:
        return rule.service.order, rule.ports, list(Role).index(_role(rule, deployment))

    edges = []
    for _, group in groupby(sorted(deployment.rules.ingress, key=key), key=key):
        rules = tuple(group)
        service, role = rules[0].service, _role(rules[0], deployment)
        ports, who = str(rules[0].ports), ReachableService(rules).who
        edges.append(Edge(who, role, service.label, ports, node=node, internal=service.is_internal))
    closed = [ClosedPort(one.service.label, str(one.ports), node) for one in expose(deployment).closed]
    return [*edges, *_besides(deployment, node)], closed


def _besides(deployment: Deployment, node: str) -> Iterator[Edge]:
    """The host's ruleset locks nobody out: where it is the only one, SSH is open unless a rule says to whom."""
    on_node = all(BY_ARGUMENT[name].is_on_node for name in deployment.targets)
    past = deployment.forwarded
    for item in (one for items in deployment.baselines.values() for one in items) if on_node else ():
        if item.service:
            for rule in item.rules:
                is_internal = item.service.is_internal and item in past
                yield Edge(
                    str(rule.peer), Role.INTERNET, item.service.label, str(rule.ports), node=node, internal=is_internal
                )


_IDENTITIES = {
    Identity.LOAD_BALANCER: Role.LOAD_BALANCER,
    Identity.SAME_GROUP: Role.CLUSTER,
    Identity.CLIENTS: Role.CLIENTS,
    Identity.TRUNKS: Role.TRUNKS,
    Identity.OPERATORS: Role.OPERATORS,
    Identity.CLUSTER: Role.CLUSTER,
}
_KEYS = {
    "clients": Role.CLIENTS,
    "load_balancer": Role.LOAD_BALANCER,
    "trunks": Role.TRUNKS,
    "operators": Role.OPERATORS,
    "cluster": Role.CLUSTER,
}


def _role(rule: Rule, deployment: Deployment) -> Role:
    """The role that the rule was made for: that of the argument that names its peer."""
    if rule.peer.identity:
        return _IDENTITIES[rule.peer.identity]
    if rule.service is Service.SSH:
        return Role.OPERATORS
    access = deployment.access
    named = (
        source
        for listener in deployment.listeners
        if listener.service is rule.service and listener.ports.overlaps(rule.ports)
        for source in access.sources(listener)
        if _holds(source, rule.peer)
    )
    source = next(named, None)
    return _KEYS[source.key.partition(".")[0]] if source else Role.OTHER


def _holds(source: Sources, peer: Peer) -> bool:
    return peer.named in source.named if peer.named else set(peer.blocks) <= set(source.blocks)
