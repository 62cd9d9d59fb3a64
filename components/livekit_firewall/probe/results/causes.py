"""Why ports are not as wanted, and whom the configuration lets reach them: what advice is given from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum

from msgspec import Struct

from ...deployment.derive import Deployment
from ...model.addresses import Cidr
from ...model.ports import PortRange
from ...model.rules import Rule
from .groups import Group
from .remedies import ANY_CLOUD, CLOUDS, CloudFirewall, and_words, first_words
from .verdict import Verdict


class Cause(Enum):
    """Why ports are not as wanted, in the order in which advice is given."""

    CLOUD = "blocked before the host"
    HOST = "blocked on the host"
    SOME_LAYER = "blocked, and the layer is not known"
    NOBODY = "open, and nobody listens"
    OPEN = "open, and must be closed"
    INTERNAL = "a service for this node alone answers others"
    BESIDE = "the rule is wider than the range"
    OTHER_PROTOCOL = "the rule holds for every protocol"
    UNREACHABLE = "the host is not reached"


BY_VERDICT = {
    Verdict.BLOCKED_BEFORE_HOST: Cause.CLOUD,
    Verdict.BLOCKED_ON_HOST: Cause.HOST,
    Verdict.BLOCKED: Cause.SOME_LAYER,
    Verdict.NOBODY_LISTENS: Cause.NOBODY,
    Verdict.UNREACHABLE_HOST: Cause.UNREACHABLE,
}


class AdviceContext(Struct, frozen=True):
    """What all advice is given from."""

    groups: tuple[Group, ...]
    deployment: Deployment | None

    def rules(self, group: Group) -> tuple[Rule, ...]:
        """Those of the configuration that speak of the group's ports."""
        rules = self.deployment.rules.ingress if self.deployment else ()
        service = group.target.service
        return tuple(
            rule for rule in rules if rule.ports.overlaps(group.target.ports) and service in (rule.service, None)
        )

    def blocks(self, group: Group) -> tuple[Cidr, ...]:
        """Who is to reach the group, of its families; nobody if no configuration says it."""
        found = {block for rule in self.rules(group) for block in rule.peer.blocks if block.family in group.families}
        return tuple(sorted(found, key=lambda block: block.order))

    def who(self, group: Group) -> str:
        """Who may reach the group, as the end of a sentence; nothing if no configuration says it."""
        if self.deployment is None:
            return ""
        peers = distinct(str(rule.peer) for rule in self.rules(group))
        return f"; by the configuration {f'only {first_words(peers)}' if peers else 'no other machine'} may reach it"

    def clouds(self) -> dict[str, CloudFirewall]:
        """By target: what the deployment names, or any."""
        targets = self.deployment.targets if self.deployment else {}
        return {name: CLOUDS[name] for name in targets if name in CLOUDS} or {"": ANY_CLOUD}


def causes_of(group: Group, case: AdviceContext) -> Iterator[Cause]:
    if group.as_wanted or group.verdict is Verdict.UNTESTED:
        return
    if group.verdict in BY_VERDICT:
        yield BY_VERDICT[group.verdict]
    elif group.target.service:
        yield Cause.OPEN
        if group.target.service.is_internal and not group.by_probe:
            yield Cause.INTERNAL
    else:
        # a sample: of the range's own protocol it lies beside it, of the other one within it
        within = any(_covers(other, group) for other in case.groups if other.target.wanted)
        yield Cause.OTHER_PROTOCOL if within else Cause.BESIDE


def _covers(other: Group, sample: Group) -> bool:
    ports, inner = other.target.ports, sample.target.ports
    return ports.protocol is not inner.protocol and ports.first <= inner.first <= inner.last <= ports.last


def alike(groups: Sequence[Group], same: Callable[[Group], object]) -> Iterator[list[Group]]:
    """The groups that one sentence can describe."""
    found: defaultdict[object, list[Group]] = defaultdict(list)
    for group in groups:
        found[same(group)].append(group)
    yield from found.values()


def ports_of(groups: Sequence[Group]) -> str:
    """`udp/50000-60000 (ICE/UDP, rtc.port_range_start, rtc.port_range_end) and tcp/7881 (ICE/TCP, rtc.tcp_port)`."""
    return and_words(distinct(rule_of(group) for group in groups))


def rule_of(group: Group) -> str:
    """All of the target, not just what fails: a rule is for the whole."""
    label = group.target.service.label if group.target.service else ""
    about = ", ".join(one for one in (label, group.target.key) if one)
    return f"{group.target.ports} ({about})" if about else str(group.target.ports)


def keys_of(groups: Sequence[Group]) -> str:
    return ", ".join(distinct(key for group in groups for key in group.target.key.split(", ") if key))


def distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))


def two_ports(one_range: str, group: Group, case: AdviceContext) -> str:
    """How a range is written, if of this one the first and the last port are reachable and nothing else."""
    ports = group.target.ports
    ends = tuple(PortRange(ports.protocol, port, port) for port in (ports.first, ports.last))
    reachable = [
        one.ports
        for one in case.groups
        if one.target.ports == ports and one.verdict is Verdict.REACHABLE and {*one.families} & {*group.families}
    ]
    if not reachable or any(one != ends for one in reachable):
        return ""
    return f"two ports are open instead of a range: {one_range.format(first=ports.first, last=ports.last)}; "


def family_hint(one_family: str, group: Group, case: AdviceContext) -> str:
    """What to know if the same ports are as wanted over the other family."""
    fine = [
        other
        for other in case.groups
        if other.as_wanted and other.target.ports == group.target.ports and not {*other.families} & {*group.families}
    ]
    if not fine or any(len(one.ports) > 1 or one.ports[0] != one.target.ports for one in fine):
        return ""
    over, family = (and_words([one.label for one in some]) for some in (fine[0].families, group.families))
    return f"; over {over} they are reachable, and {one_family.format(family=family)}"
