"""What an existing firewall admits too little and too much, compared with a configuration.

    comparison = compare(wanted(deployment, name, found), found)
    comparison.missing, comparison.unknown, comparison.superfluous, comparison.too_wide, comparison.not_understood

Each difference that is sure has a packet that proves it: the firewall and the configuration disagree about that one.
Ingress only: what the node itself may reach is not compared.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ...deployment.derive import Deployment
from ...deployment.listener import Listener
from ...deployment.rendering import target_of
from ...effective.evaluate import EffectiveRules, ParsedRule
from ...model.addresses import ANY, ANY_IPV4, BOTH_FAMILIES, Address, Cidr, Family, Identity, Peer
from ...model.packets import EVERYBODY, PacketSet, Plane
from ...model.ports import PortRange
from ...model.rules import Rule
from ...model.services import Service
from ...model.spans import Spans
from ...platforms.facts import Baseline
from ...platforms.platform import Target
from ...platforms.registry import BY_NAME, AnyPlatform
from .result import Comparison, Difference, SamplePacket


class RequiredAccess(Struct, frozen=True):
    """What the configuration needs, in one platform's words.

    Attributes:
        rules: by address.
        named: by the platform's name for a source; the rules' own peer means nothing then.
        listening: where services listen, in the order of `Service`, whoever may reach them.
        besides: what the platform's baseline admits: neither needed nor too much.
    """

    rules: tuple[Rule, ...]
    named: Mapping[str, tuple[Rule, ...]] = {}
    listening: tuple[tuple[Service, PacketSet], ...] = ()
    besides: PacketSet = PacketSet()


def required_access(deployment: Deployment, name: str, found: EffectiveRules) -> RequiredAccess:
    """What the deployment needs of a firewall on that platform; identities by the names they have there.

    Raises:
        ConfigurationError: an identity that the platform cannot name, and no blocks in its place; a baseline that
            opens an internal port.
    """
    platform, access = BY_NAME[name], deployment.access
    target = target_of(deployment, platform)
    names = {Identity.SAME_GROUP: found.members, **platform.sources(target)}
    return required_of(
        _by_address(deployment.rules_for(target).ingress, platform, target, access.ipv6),
        names,
        deployment.listeners,
        besides=let_in(deployment.baseline_of(platform.argument, target)),
        ssh_port=access.ssh_port,
    )


def required_of(
    rules: Iterable[Rule],
    names: Mapping[Identity, tuple[str, ...]],
    listeners: Iterable[Listener] = (),
    besides: PacketSet | None = None,
    ssh_port: int = 22,
) -> RequiredAccess:
    """The rules split by address and by name, and where something listens. SSH always counts as listening."""
    given = tuple(rules)
    named: dict[str, tuple[Rule, ...]] = {}
    for rule in given:
        for name in names.get(rule.peer.identity, ()) if rule.peer.identity else ():
            named[name] = (*named.get(name, ()), rule)
    listening = [
        (one.service, PacketSet.box([one.ports], [ANY[family] for family in one.families])) for one in listeners
    ]
    listening += [(rule.service, PacketSet.box([rule.ports], EVERYBODY)) for rule in given]
    listening.append((Service.SSH, PacketSet.box([PortRange.tcp(ssh_port)], EVERYBODY)))
    listening.sort(key=lambda one: one[0].order)
    return RequiredAccess(
        tuple(rule for rule in given if rule.peer.blocks), named, tuple(listening), besides or PacketSet()
    )


def _by_address(rules: Iterable[Rule], platform: AnyPlatform, target: Target, ipv6: bool) -> Iterator[Rule]:
    """Load balancers by their addresses too, where the platform knows them so."""
    families = BOTH_FAMILIES if ipv6 else [ANY_IPV4.family]
    blocks = [block for family in families for block in platform.load_balancer_blocks(target, family)]
    for rule in rules:
        yield rule
        if rule.peer.identity is Identity.LOAD_BALANCER:
            yield from (Rule(rule.ports, Peer.of(Cidr.parse(one)), rule.service, rule.reasons) for one in blocks)


def let_in(baseline: Iterable[Baseline]) -> PacketSet:
    """What a baseline lets in, as packets."""
    return PacketSet.union(PacketSet.box(item.ports, item.blocks) for item in baseline)


def compare(want: RequiredAccess, found: EffectiveRules) -> Comparison:
    """Every difference, sorted by service and ports, folded where sources are the same."""
    needed = PacketSet.of(want.rules)
    extra = found.admitted - needed - want.besides
    some = found.partly - found.admitted - needed - want.besides
    missing = [_but_for(one, found) for one in _parts_of(want.rules, lambda region: _closed(region, found))]
    unknown = [_doubtful(one, found) for one in _parts_of(want.rules, lambda region: _not_known(region, found))]
    admitting = _Admitting(found.allow_rules)
    superfluous, too_wide = _split(extra, want, admitting)
    for found_here, kind in zip(_split(some, want, admitting), (superfluous, too_wide), strict=True):
        kind += [replace(one, packet=None, names=(SOME_PORTS,)) for one in found_here]
    for name, rules in want.named.items():
        closed, doubtful = _by_name(name, rules, found)
        missing, unknown = missing + closed, unknown + doubtful
    for name, region in found.named.items():
        meant = PacketSet.of(map(_as_anywhere, want.named.get(name, ())))
        unused, wide = _split(region - meant - needed.whole, want, admitting, name)
        superfluous, too_wide = superfluous + unused, too_wide + wide
    return Comparison(
        found.name,
        missing=tuple(sorted(missing, key=_order)),
        unknown=tuple(sorted(unknown, key=_order)),
        superfluous=tuple(sorted(superfluous, key=_order)),
        too_wide=tuple(sorted(too_wide, key=_order)),
        not_understood=found.unread,
    )


def _order(one: Difference) -> tuple[object, ...]:
    return one.service.order if one.service else -1, one.ports, one.sources


def _as_anywhere(rule: Rule) -> Rule:
    return Rule(rule.ports, Peer.anywhere(), rule.service, rule.reasons)


def _by_name(name: str, rules: Iterable[Rule], found: EffectiveRules) -> tuple[list[Difference], list[Difference]]:
    """What a source that is known by name only needs: what is closed to it, and what may be."""
    open_ = found.named.get(name, PacketSet()) | found.admitted.whole
    maybe = PacketSet.box((found.unknown | found.partly).ports(), EVERYBODY)
    asked = tuple(map(_as_anywhere, rules))
    closed = [_with_name(one, name) for one in _parts_of(asked, lambda region: region - open_ - maybe)]
    doubtful = _parts_of(asked, lambda region: (region - open_) & maybe)
    return closed, [_with_name(_doubtful(one, found), name) for one in doubtful]


def _closed(needed: PacketSet, found: EffectiveRules) -> PacketSet:
    """The part that is surely closed. Who is known by name only is not everybody, but may well be all of a block; who
    chooses the right source port is let in.
    """
    closed = needed - found.admitted - found.unknown - found.partly
    return (closed - found.by_name) | closed.whole


def _not_known(needed: PacketSet, found: EffectiveRules) -> PacketSet:
    return needed - found.admitted - _closed(needed, found)


def _but_for(one: Difference, found: EffectiveRules) -> Difference:
    """A part that is closed, with the names that it is open to besides, and then without a packet as proof."""
    names = _named_on(one.ports, found)
    return replace(one, names=names, packet=None) if names else one


def _named_on(ports: PortRange, found: EffectiveRules) -> tuple[str, ...]:
    """The sources known by name only that are let in on some of the ports."""
    return tuple(name for name, region in found.named.items() if region.within([ports]))


SOME_PORTS = "the right source port"
"""Who is let in by a rule for some source ports only."""


def _doubtful(one: Difference, found: EffectiveRules) -> Difference:
    """A part that may be open, with the rules that make it so."""
    names = _named_on(one.ports, found)
    here = PacketSet.box([one.ports], (Cidr(ipaddress.ip_network(text)) for text in one.sources))
    if found.partly & here:
        names = (*names, SOME_PORTS)
    return replace(one, packet=None, names=names)


def _parts_of(rules: Iterable[Rule], part: Callable[[PacketSet], PacketSet]) -> Iterator[Difference]:
    """A part of what is needed, by service and keys, so that each line says what suffers."""
    parts: dict[tuple[Service, str], list[Rule]] = {}
    for rule in rules:
        parts.setdefault((rule.service, rule.key), []).append(rule)
    for (service, key), some in parts.items():
        for ports, blocks in part(PacketSet.of(some)).parts():
            yield _difference(ports, blocks, service, key)


def _split(
    extra: PacketSet, want: RequiredAccess, admitting: _Admitting, name: str | None = None
) -> tuple[list[Difference], list[Difference]]:
    """Where nothing listens, and where something does."""
    rest, wide = extra, list[Difference]()
    for service, region in want.listening:
        here = rest & region
        wide += _extras(here, service, admitting, name)
        rest -= here
    return _extras(rest, None, admitting, name), wide


def _extras(region: PacketSet, service: Service | None, admitting: _Admitting, name: str | None) -> list[Difference]:
    differences = []
    for ports, blocks in region.parts():
        packet = SamplePacket(name or _address(blocks), ports.protocol, ports.first)
        sources = (name,) if name else tuple(map(str, blocks))
        differences.append(Difference(ports, sources, service, "", packet, admitting.names(packet)))
    return differences


def _difference(ports: PortRange, blocks: tuple[Cidr, ...], service: Service | None, key: str) -> Difference:
    packet = SamplePacket(_address(blocks), ports.protocol, ports.first)
    return Difference(ports, tuple(map(str, blocks)), service, key, packet)


def _with_name(one: Difference, name: str) -> Difference:
    packet = SamplePacket(name, one.ports.protocol, one.ports.first) if one.packet else None
    return replace(one, sources=(name,), packet=packet)


EXAMPLES = tuple(map(ipaddress.ip_address, ("203.0.113.7", "2001:db8::7")))
"""Addresses for documentation, which stand for any source where a block holds one."""


def _address(blocks: tuple[Cidr, ...]) -> Address:
    for address in EXAMPLES:
        if any(address in block for block in blocks):
            return address
    network = blocks[0].network
    return network[1] if network.num_addresses > 2 else network[0]


class _Admitting:
    """Which rules admit a packet. Their ports are laid out once, since a firewall may have thousands of each."""

    def __init__(self, rules: Iterable[ParsedRule]) -> None:
        self._found: dict[tuple[str, Plane], list[tuple[int, int, Spans, str]]] = {}
        for one in rules:
            for source, region in (("", one.region), *one.named.items()):
                for plane, segments in region.planes.items():
                    mine = self._found.setdefault((source, plane), [])
                    mine += [(first, last, spans, one.name) for first, last, spans in segments]

    def names(self, packet: SamplePacket) -> tuple[str, ...]:
        source, address = ("", packet.source) if not isinstance(packet.source, str) else (packet.source, EXAMPLES[0])
        plane = packet.protocol, Family.IPV4 if address.version == 4 else Family.IPV6
        port, number = packet.port, int(address)
        here = [found for found in self._found.get((source, plane), ()) if found[0] <= port <= found[1]]
        named = (name for _, _, spans, name in here if any(low <= number <= high for low, high in spans))
        return tuple(dict.fromkeys(named))
