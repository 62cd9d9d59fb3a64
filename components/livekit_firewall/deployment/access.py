"""Who may reach what: intent in, allow rules out.

    access = Access(load_balancer=Sources((Cidr.parse("10.0.0.0/24"),)), ipv6=True)
    rules = authorise(listen(settings), access, report)

A listener that nobody was named for gets no rule, and a finding says so; a source is never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ..model.addresses import ANY_IPV4, ANY_IPV6, BOTH_FAMILIES, Cidr, Family, Identity, Peer
from ..model.errors import Place, Report
from ..model.internet import internet_blocks
from ..model.ports import PortRange
from ..model.rules import Reason, Rule, RuleSet
from ..model.services import Audience, Service
from .listener import Listener

ANYWHERE = (ANY_IPV4, ANY_IPV6)


class Sources(Struct, frozen=True):
    """Some people or machines, and the argument that names them.

    Attributes:
        blocks: where they come from.
        key: the argument, for reasons and errors ("load_balancer.cidrs").
        identity: what they are, where platforms can tell by something better than addresses.
    """

    blocks: tuple[Cidr, ...] = ()
    key: str = ""
    identity: Identity | None = None

    def __bool__(self) -> bool:
        return bool(self.blocks or self.identity)

    @property
    def is_anywhere(self) -> bool:
        return set(ANYWHERE) <= set(self.blocks)


class Access(Struct, frozen=True):
    """Who plays which part. Absent means nobody, except `clients` and SIP, which are anywhere.

    Attributes:
        clients: who may reach ICE, TURN, HTTPS and RTMP.
        load_balancer: who may reach the API and TURN/TLS in place of the clients.
        passthrough: the load balancer keeps client addresses, so TURN/TLS opens to the clients.
        signaling, media: who may reach SIP and RTP.
        trunks_named: whether anything at all was said of the trunks.
        is_sip_public: whether "anywhere" was said of the trunks, so that it is meant.
        operators: who may reach SSH, metrics and health; ssh_port for the first.
        cluster: all nodes, this one included, by public address.
        ipv6: False closes the family for every rule.
    """

    clients: Sources = Sources(ANYWHERE, "clients")
    load_balancer: Sources = Sources()
    passthrough: bool = False
    signaling: Sources = Sources(ANYWHERE, "trunks")
    media: Sources = Sources(ANYWHERE, "trunks")
    trunks_named: bool = False
    is_sip_public: bool = False
    operators: Sources = Sources()
    ssh_port: int = 22
    cluster: Sources = Sources()
    ipv6: bool = True

    def sources(self, listener: Listener) -> tuple[Sources, ...]:
        """Everybody who may reach the listener; first those whom it is for, named or not."""
        service, audience = listener.service, listener.audience
        if audience is Audience.NOBODY:
            return ()
        if service is Service.TURN_TLS:
            return self._turn_tls(audience)
        if audience is Audience.PUBLIC:
            return (self.clients,)
        if audience is Audience.TRUNK:
            return (self.media if service is Service.SIP_RTP else self.signaling,)
        if audience is Audience.OPERATOR:
            return (self.operators,)
        if audience is Audience.CLUSTER:
            return (self.cluster,)
        # also while it keeps client addresses: a group of AWS still stands for its traffic then
        return (self.load_balancer, self.cluster) if service is Service.API else (self.load_balancer,)

    def _turn_tls(self, audience: Audience) -> tuple[Sources, ...]:
        if self.passthrough or (audience is Audience.PUBLIC and not self.load_balancer):
            return (self.clients,)
        return (self.load_balancer,)


def authorise(listeners: Iterable[Listener], access: Access, report: Report) -> RuleSet:
    """The rule set: for each listener, who may reach it, in the families that it listens in.

    To `report` go as problems the internal ports that would open to the internet, and as findings the
    listeners that nobody can reach and the ones that the internet can, where that is a risk.
    """
    open_families = BOTH_FAMILIES if access.ipv6 else frozenset({Family.IPV4})
    listeners = tuple(listeners)
    proxied = _has_proxy(listeners)
    rules: list[Rule] = []
    unreached: list[tuple[Listener, bool]] = []
    for listener in listeners:
        everybody = access.sources(listener)
        sources = tuple(source for source in everybody if source)
        allowed = {source: _allowed(listener, source, open_families) for source in sources}
        rules += [rule for some in allowed.values() for rule in some]
        _judge(listener, allowed, report)
        # the first are those whom it is for: others who reach it as well do not bring the clients in
        is_missing = not any(everybody[:1])
        if is_missing and not (proxied and listener.audience is Audience.LOAD_BALANCER):
            unreached.append((listener, bool(sources)))
    for listener, has_others in unreached:
        _say_unreachable(listener, has_others, rules, report)
    _say_public_sip(listeners, access, report)
    _say_private_group(listeners, access, report)
    if access.operators:
        rules += _ssh(access, open_families, report)
    return RuleSet.of(rules)


def _allowed(listener: Listener, source: Sources, families: frozenset[Family]) -> list[Rule]:
    reasons = (_reason(listener, source),)
    return [
        Rule(listener.ports, peer, listener.service, reasons) for peer in _peers(source, listener.families & families)
    ]


def _peers(source: Sources, families: frozenset[Family]) -> Iterator[Peer]:
    for block in source.blocks:
        if block.family in families:
            yield Peer.of(block)
    if source.identity and families:
        yield Peer.of(source.identity)


WHO = {
    "clients": "for clients",
    "load_balancer": "for the load balancer",
    "trunks": "for SIP trunks",
    "operators": "for operators",
    "cluster": "for the cluster's nodes",
}


def _reason(listener: Listener, source: Sources) -> Reason:
    who = WHO[source.key.partition(".")[0]]
    return Reason(listener.key, f"{listener.service.purpose}, {who} ({source.key})")


def _ssh(access: Access, families: frozenset[Family], report: Report) -> Iterator[Rule]:
    reason = Reason("operators.ssh_port", f"{Service.SSH.purpose}, for operators (operators.cidrs)")
    if internet_blocks(access.operators.blocks):
        text = f"SSH on tcp/{access.ssh_port} is open to the internet"
        report.finding("ssh-public", "warning", Place("operators.cidrs"), text)
    for peer in _peers(access.operators, families):
        yield Rule(PortRange.tcp(access.ssh_port), peer, Service.SSH, (reason,))


def _judge(listener: Listener, allowed: Mapping[Sources, list[Rule]], report: Report) -> None:
    service = listener.service
    if service.is_internal:
        _refuse_internet(listener, tuple(allowed), report)
    shut_out = [source.key for source, rules in allowed.items() if not rules]
    if shut_out and listener.families:
        keys = ", ".join(shut_out)
        who = "nobody reaches it" if len(shut_out) == len(allowed) else "they do not reach it"
        text = f"{service.label} on {listener.ports} listens in no family that {keys} is of, so {who}"
        report.finding("no-common-family", "warning", listener.place, text)


def _say_public_sip(listeners: tuple[Listener, ...], access: Access, report: Report) -> None:
    sip = [listener for listener in listeners if listener.audience is Audience.TRUNK]
    sources = (*access.signaling.blocks, *access.media.blocks)
    if sip and not access.is_sip_public and internet_blocks(sources):
        ports = ", ".join(str(listener.ports) for listener in sip)
        text = f"SIP and its audio ({ports}) are open to the internet; scanners find 5060 within minutes"
        report.finding("sip-public", "warning", sip[0].place, text)


def _say_private_group(listeners: tuple[Listener, ...], access: Access, report: Report) -> None:
    """Clouds match a group or tag by its members' private addresses (VPC guide, referencing groups)."""
    relay = [listener for listener in listeners if listener.service is Service.TURN_RELAY]
    if relay and access.cluster.identity and not access.cluster.blocks:
        text = "cluster.same_group matches private addresses, but nodes relay media to each other's public ones"
        report.finding("same-group-relay", "warning", relay[0].place, text)


def _refuse_internet(listener: Listener, sources: tuple[Sources, ...], report: Report) -> None:
    blocks = [block for source in sources for block in source.blocks if block.family in listener.families]
    wide = internet_blocks(blocks)
    if not wide:
        return
    keys = [source.key for source in sources if source.blocks]
    culprit = next((key for key in keys if internet_blocks(_blocks_of(sources, key))), keys[-1])
    expected = f"must not open {listener.service.label} on {listener.ports} to the internet"
    hint = "name the real sources, in blocks of /8 or longer (IPv4) and /16 or longer (IPv6), also when merged"
    report.problem(Place(culprit), ", ".join(wide), expected, hint)


def _blocks_of(sources: tuple[Sources, ...], key: str) -> tuple[Cidr, ...]:
    return next(source.blocks for source in sources if source.key == key)


def settle(listeners: Iterable[Listener], access: Access) -> tuple[Listener, ...]:
    """The listeners with the audience that they have under this access: nobody, where those that one is
    for are not named; the load balancer or the clients for TURN/TLS, as the load balancer works.
    """
    listeners = tuple(listeners)
    proxied = _has_proxy(listeners)
    return tuple(_settled(listener, access, proxied) for listener in listeners)


def _has_proxy(listeners: Iterable[Listener]) -> bool:
    """Whether a TLS proxy on the node hands the API on, so that nobody has to be named for it."""
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
    id: str
    severity: str
    because: str
    nobody: str
    beside: str = ""
    """`because`, where others reach it that it is not for in the first place."""


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


def _say_unreachable(listener: Listener, has_others: bool, rules: Iterable[Rule], report: Report) -> None:
    say = _UNREACHABLE.get(listener.audience)
    if say is None or listener.families == frozenset():
        return
    because = say.beside if has_others and say.beside else say.because
    sharing = [rule for rule in rules if rule.ports.overlaps(listener.ports) and rule.service is not listener.service]
    if sharing:  # the ports are open then, though not for it
        names = ", ".join(dict.fromkeys(f"{rule.service.label} on {rule.ports} ({rule.key})" for rule in sharing))
        because = f"has no rule of its own, since {say.nobody}; what is open there is {names}"
    text = f"{listener.service.label} on {listener.ports} {because}"
    report.finding(say.id, say.severity, listener.place, text)
