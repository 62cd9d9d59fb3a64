"""Listeners and access in, allow rules out.

    access = Access(load_balancer=Sources((Cidr.parse("10.0.0.0/24"),)), ipv6=True)
    rules = authorise(listen(settings), access, report)

A listener without named sources gets no rule, and a finding says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ..model.addresses import BOTH_FAMILIES, Cidr, Family, Identity, Peer
from ..model.errors import Place, Report
from ..model.internet import internet_blocks
from ..model.ports import PortRange
from ..model.rules import Reason, Rule, RuleSet
from ..model.services import Audience, Service
from ..model.text import quoted
from .access import Access, ExtraRule, Sources
from .listener import Listener


def authorise(listeners: Iterable[Listener], access: Access, report: Report) -> RuleSet:
    """The rule set: for each listener the sources that may reach it, in the families in which it listens.

    Problems in `report`: internal ports that would open to the internet. Findings: listeners that no source reaches,
    and listeners that are open to the internet at a risk.
    """
    open_families = BOTH_FAMILIES if access.ipv6 else frozenset({Family.IPV4})
    listeners = tuple(listeners)
    proxied = _has_proxy(listeners)
    rules: list[Rule] = []
    unreached: list[tuple[Listener, bool]] = []
    for listener in listeners:
        everybody = access.sources(listener)
        sources = tuple(source for source in everybody if source)
        carriers = access.carriers_at(listener.service) if listener.audience is Audience.TRUNK else {}
        allowed = {source: _allowed(listener, source, open_families, carriers) for source in sources}
        rules += [rule for some in allowed.values() for rule in some]
        _check_reach(listener, allowed, report)
        # only the first source brings client traffic; further ones do not replace it
        is_missing = not any(everybody[:1])
        if is_missing and not (proxied and listener.audience is Audience.LOAD_BALANCER):
            unreached.append((listener, bool(sources)))
    for listener, has_others in unreached:
        _note_unreachable(listener, has_others, rules, report)
    _note_public_sip(listeners, access, report)
    _note_private_group(listeners, access, report)
    if access.operators:
        rules += _ssh(access, open_families, report)
    rules += (rule for one in access.extra for rule in _extra(one, open_families))
    return RuleSet.of(rules)


def _allowed(
    listener: Listener, source: Sources, families: frozenset[Family], carriers: Mapping[Peer, tuple[str, ...]]
) -> list[Rule]:
    return [
        Rule(listener.ports, peer, listener.service, (_reason(listener, source, carriers.get(peer, ())),))
        for peer in peers_of(source, listener.families & families)
    ]


def peers_of(source: Sources, families: frozenset[Family]) -> Iterator[Peer]:
    """Each of the sources, of these families alone."""
    for block in source.blocks:
        if block.family in families:
            yield Peer.of(block)
    if families:
        yield from map(Peer.of, source.identities)
        yield from map(Peer.of, source.named)


WHO = {
    "clients": "for clients",
    "load_balancer": "for the load balancer",
    "trunks": "for SIP trunks",
    "operators": "for operators",
    "cluster": "for the cluster's nodes",
}


def _reason(listener: Listener, source: Sources, carriers: tuple[str, ...] = ()) -> Reason:
    """With the names of the carriers in quotes: they are the user's own, and no more than texts."""
    names = ", ".join(quoted(name, 40) for name in carriers)
    who = f"for the SIP trunk{'s' * (len(carriers) > 1)} {names} ({source.key})" if names else _who(source)
    return Reason(listener.key, f"{listener.purpose}, {who}", names)


def _who(source: Sources) -> str:
    """Whom it is for, with the argument where that has blocks: a target may name them alone."""
    who = WHO[source.key.partition(".")[0]]
    return f"{who} ({source.key})" if source.blocks or source.named or Identity.SAME_GROUP in source.identities else who


def _ssh(access: Access, families: frozenset[Family], report: Report) -> Iterator[Rule]:
    reason = Reason("operators.ssh_port", f"{Service.SSH.purpose}, {_who(access.operators)}")
    if internet_blocks(access.operators.blocks):
        text = f"SSH on tcp/{access.ssh_port} is open to the internet"
        report.finding("ssh-public", "warning", Place("operators.cidrs"), text)
    for peer in peers_of(access.operators, families):
        yield Rule(PortRange.tcp(access.ssh_port), peer, Service.SSH, (reason,))


def _extra(one: ExtraRule, families: frozenset[Family]) -> Iterator[Rule]:
    reasons = (Reason(one.key, one.reason or Service.EXTRA.purpose),)
    for ports in one.ports:
        for peer in peers_of(one.sources, families):
            yield Rule(ports, peer, Service.EXTRA, reasons)


def _check_reach(listener: Listener, allowed: Mapping[Sources, list[Rule]], report: Report) -> None:
    service = listener.service
    if service.is_internal:
        _refuse_internet(listener, tuple(allowed), report)
    without_rule = [source.key for source, rules in allowed.items() if not rules]
    if without_rule and listener.families:
        keys = ", ".join(without_rule)
        who = "nobody reaches it" if len(without_rule) == len(allowed) else "they do not reach it"
        text = f"{service.label} on {listener.ports} listens in no family that {keys} is of, so {who}"
        report.finding("no-common-family", "warning", listener.place, text)


def _note_public_sip(listeners: tuple[Listener, ...], access: Access, report: Report) -> None:
    """SIP's ports that the internet reaches, by the argument that opens them."""
    opened: dict[str, list[Listener]] = {}
    for listener in listeners if not access.is_sip_public else ():
        if listener.audience is Audience.TRUNK:
            for key in _opened_by(listener, access):
                opened.setdefault(key, []).append(listener)
    for key, open_by_it in opened.items():
        ports = ", ".join(str(listener.ports) for listener in open_by_it)
        is_audio = {listener.service is Service.SIP_RTP for listener in open_by_it}
        what = "SIP and its audio" if len(is_audio) > 1 else "SIP's audio" if True in is_audio else "SIP"
        text = f"{what} ({ports}) {'are' if len(is_audio) > 1 else 'is'} open to the internet"
        text += ", where scanners look for SIP" if False in is_audio else ""
        place = Place(key) if access.trunks_named else open_by_it[0].place
        fix = f"name the carrier's own addresses in {key}" if key != "trunks" else ""
        report.finding("sip-public", "warning", place, text, fix)


def _opened_by(listener: Listener, access: Access) -> list[str]:
    """The arguments by which the internet reaches SIP's ports; all of `trunks` where only several together do."""
    if not internet_blocks(_in_families(access.sources(listener)[0].blocks, listener)):
        return []
    service = listener.service
    own = [one for one in access.carriers if internet_blocks(_in_families(one.blocks_for(service).parsed, listener))]
    return [one.key_of(service) for one in own] or ["trunks"]


def _in_families(blocks: Iterable[Cidr], listener: Listener) -> list[Cidr]:
    return [block for block in blocks if block.family in listener.families]


def _note_private_group(listeners: tuple[Listener, ...], access: Access, report: Report) -> None:
    """Clouds match a group or tag by its members' private addresses (VPC guide, referencing groups)."""
    relay = [listener for listener in listeners if listener.service is Service.TURN_RELAY]
    cluster = access.cluster
    by_members = {Identity.SAME_GROUP, *access.members}.intersection(cluster.identities)
    if relay and by_members and not (cluster.blocks or cluster.named):
        by = "cluster.same_group" if Identity.SAME_GROUP in by_members else "what a target names the cluster by"
        text = f"{by} matches private addresses, but nodes relay media to each other's public ones"
        report.finding("same-group-relay", "warning", relay[0].place, text)


def _refuse_internet(listener: Listener, sources: tuple[Sources, ...], report: Report) -> None:
    blocks = [block for source in sources for block in source.blocks if block.family in listener.families]
    wide = internet_blocks(blocks)
    if not wide:
        return
    keys = [source.key for source in sources if source.blocks]
    wide_key = next((key for key in keys if internet_blocks(_blocks_of(sources, key))), keys[-1])
    expected = f"must not open {listener.service.label} on {listener.ports} to the internet"
    hint = "name the real sources, in blocks of /8 or longer (IPv4) and /16 or longer (IPv6), also when merged"
    report.problem(Place(wide_key), ", ".join(wide), expected, hint)


def _blocks_of(sources: tuple[Sources, ...], key: str) -> tuple[Cidr, ...]:
    return next(source.blocks for source in sources if source.key == key)


def settle(listeners: Iterable[Listener], access: Access) -> tuple[Listener, ...]:
    """The listeners with their effective audience: nobody if its sources are not named; for TURN/TLS the load
    balancer or the clients, by `passthrough`.
    """
    listeners = tuple(listeners)
    proxied = _has_proxy(listeners)
    return tuple(_settled(listener, access, proxied) for listener in listeners)


def _has_proxy(listeners: Iterable[Listener]) -> bool:
    """Whether a TLS proxy on the node forwards to the API, so that no source need be named for the API."""
    return any(listener.service is Service.HTTPS for listener in listeners)


def _settled(listener: Listener, access: Access, proxied: bool) -> Listener:
    sources = [source for source in access.sources(listener) if source]
    if not sources and listener.audience is not Audience.NOBODY:
        reached = proxied and listener.audience is Audience.LOAD_BALANCER
        return replace(listener, audience=Audience.NOBODY, awaits=Audience.NOBODY if reached else listener.audience)
    if sources and listener.service is Service.TURN_TLS:
        by_balancer = sources[0] is access.load_balancer
        return replace(listener, audience=Audience.LOAD_BALANCER if by_balancer else Audience.PUBLIC)
    return listener


class _Unreachable(Struct, frozen=True):
    """The parts of the finding for a listener that its intended sources cannot reach.

    Attributes:
        reason: if no source reaches it.
        unnamed: the missing sources, as a clause.
        reason_with_others: `reason` if other sources reach it; "" for `reason` itself.
    """

    id: str
    severity: str
    reason: str
    unnamed: str
    reason_with_others: str = ""


_UNREACHABLE = {
    Audience.LOAD_BALANCER: _Unreachable(
        "no-load-balancer",
        "warning",
        "opens to the load balancer only, and none is named, so clients cannot reach it from another machine",
        "no load balancer is named",
        "opens to the cluster's nodes, and no load balancer is named, so clients cannot reach it from another machine",
    ),
    Audience.OPERATOR: _Unreachable(
        "no-operators",
        "note",
        "opens to operators only, and none are named, so nobody reaches it from another machine",
        "no operators are named",
    ),
    Audience.CLUSTER: _Unreachable(
        "no-cluster",
        "note",
        "opens to the cluster's nodes only, and none are named; a single node needs no rule",
        "no nodes of a cluster are named",
    ),
}


def _note_unreachable(listener: Listener, has_others: bool, rules: Iterable[Rule], report: Report) -> None:
    parts = _UNREACHABLE.get(listener.audience)
    if parts is None or listener.families == frozenset():
        return
    reason = parts.reason_with_others if has_others and parts.reason_with_others else parts.reason
    sharing = [rule for rule in rules if rule.ports.overlaps(listener.ports) and rule.service is not listener.service]
    if sharing:  # rules for other listeners open its ports
        names = ", ".join(dict.fromkeys(f"{rule.service.label} on {rule.ports} ({rule.key})" for rule in sharing))
        reason = f"has no rule of its own, since {parts.unnamed}; what is open there is {names}"
    text = f"{listener.service.label} on {listener.ports} {reason}"
    report.finding(parts.id, parts.severity, listener.place, text)
