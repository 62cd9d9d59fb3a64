"""The exposure of a deployment, and what is worth knowing of it.

print(expose(deployment).text())
json.dumps(expose(deployment).as_json())
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from msgspec.structs import replace

from ...deployment.derive import Deployment
from ...deployment.listener import Listener
from ...deployment.outbound import reach_out
from ...model.addresses import Identity, Peer
from ...model.ports import PortRange, joined
from ...model.rules import Rule, RuleSet
from ...model.services import Audience, Service
from ...platforms.facts import Baseline
from ...platforms.registry import BY_ARGUMENT
from ...settings.plugnmeet import UFW
from .exposure import Exposure, ReachableService
from .origin import Origin


def expose(
    deployment: Deployment,
    baselines: Mapping[str, tuple[Baseline, ...]] | None = None,
    origin: Origin = Origin(),  # noqa: B008 (it cannot be changed)
) -> Exposure:
    """The exposure of a deployment.

    Args:
        baselines: what each target lets pass besides, by target, in place of what the targets' platforms say.
        origin: what the deployment was read from, and when.
    """
    rules = sorted(deployment.rules.ingress, key=lambda rule: (rule.service.order, rule.ports))
    not_known = frozenset(identity for identity, _ in _not_known(deployment))
    reached = tuple(
        ReachableService(tuple(group), not_known, tuple(_at(deployment, service, ports)))
        for (service, ports), group in groupby(rules, key=lambda rule: (rule.service, rule.ports))
    )
    past = RuleSet.of(rule for item in deployment.forwarded for rule in (*item.rules, *item.unfiltered_rules))
    reached_by = rules if deployment.in_front else [*rules, *past]
    closed = tuple(part for item in deployment.listeners for part in _closed(item, reached_by))
    outbound, notes = reach_out(deployment.settings), tuple(_notes(deployment))
    besides = deployment.baselines if baselines is None else baselines
    return Exposure(reached, closed, besides, outbound, notes, deployment.findings, origin, past, deployment.in_front)


def _at(deployment: Deployment, service: Service, ports: PortRange) -> Iterator[Listener]:
    yield from (one for one in deployment.listeners if one.service is service and one.ports.overlaps(ports))


def _closed(listener: Listener, rules: Iterable[Rule]) -> Iterator[Listener]:
    """The ports of a listener that no rule opens: its own rules open them all, those of others the ports they share."""
    touching = [rule for rule in rules if rule.ports.overlaps(listener.ports)]
    if any(rule.service is listener.service for rule in touching):
        return
    for ports in listener.ports.without(rule.ports for rule in touching):
        yield replace(listener, ports=ports)


def _shared(deployment: Deployment) -> Iterator[str]:
    """Ports that are open though their own service has no rule for them: another one listens there too, or would."""
    for listener in deployment.listeners:
        others = [rule for rule in deployment.rules.ingress if rule.ports.overlaps(listener.ports)]
        if not listener.families or any(rule.service is listener.service for rule in others):
            continue
        for reach in _by_service(others):
            ports = ", ".join(map(str, joined(listener.ports.common(rule.ports) for rule in reach.rules)))
            because = f"{reach.rules[0].service.label} ({reach.key}) has the same ports"
            yield f"{listener.service.label} ({listener.key}) on {ports} is open to {reach.who}: {because}."


def _by_service(rules: Iterable[Rule]) -> Iterator[ReachableService]:
    ordered = sorted(rules, key=lambda rule: rule.service.order)
    yield from (ReachableService(tuple(group)) for _, group in groupby(ordered, key=lambda rule: rule.service))


def _not_known(deployment: Deployment) -> Iterator[tuple[Identity, str]]:
    """The identities of which it is not known who they are, with what is to be said of each."""
    for name, target in deployment.targets.items():
        for identity, text in BY_ARGUMENT[name].not_known(target):
            if identity in deployment.rules.identities:
                yield identity, text


def _notes(deployment: Deployment) -> list[str]:
    access, notes = deployment.access, list(_shared(deployment))
    services = {listener.service for listener in deployment.listeners}
    if Service.TURN_RELAY in services and not access.cluster:
        notes.append(
            "TURN relays to this node only: its own packets reach it without a rule. Several nodes need cluster."
        )
    if deployment.settings.plugnmeet:
        notes += _beside_ufw(deployment)
    if deployment.no_ssh:
        notes.append(deployment.no_ssh)
    if not access.ipv6:
        notes.append("IPv6 is closed (ipv6: false).")
    notes += [text for _, text in _not_known(deployment)]
    is_open = access.clients.is_anywhere
    notes += [
        note for name, target in deployment.targets.items() if (note := BY_ARGUMENT[name].tracking(is_open, target))
    ]
    # what operators and load balancers use has its own way in; forwarded, it would be reachable from the internet
    outside = [one for one in deployment.listeners if one.audience in (Audience.PUBLIC, Audience.TRUNK)]
    if forwards := dict.fromkeys(str(listener.ports) for listener in outside):
        notes.append(f"Behind a NAT, forward these ports unchanged: {', '.join(forwards)}.")
    return notes


def _beside_ufw(deployment: Deployment) -> list[str]:
    """How the rules differ from those that plugNmeet's installer gives ufw."""
    ufw = RuleSet.of([Rule(ports, Peer.anywhere(), Service.INTERNAL) for ports in UFW])
    public = deployment.rules.where(lambda rule: rule.peer.is_anywhere)
    more = _ports_of(ufw.subtract(deployment.rules))
    less = _ports_of(public.subtract(ufw))
    return [
        *([f"ufw as plugNmeet's installer sets it opens more to everybody: {more}."] if more else []),
        *([f"ufw as plugNmeet's installer sets it does not open {less}."] if less else []),
    ]


def _ports_of(rules: RuleSet) -> str:
    return ", ".join(dict.fromkeys(str(rule.ports) for rule in rules))
