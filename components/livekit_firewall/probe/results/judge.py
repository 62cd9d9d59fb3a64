"""From what was seen to verdicts. Pure; the words of `verdict.py` are given here and nowhere else.

What nobody saw is not claimed: without a listener, silence of a UDP port is "not tested", and which layer blocks
is known only from a host that sees packets before its own firewall judges them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from ...model.ports import PortRange, Protocol
from ..wire.messages import Fate, Welcome
from .socket_results import TcpResult, UdpResult
from .verdict import PortVerdict, ProbeTarget, Row, Verdict, fold


class Evidence(Struct, frozen=True):
    """What is known of one family.

    Attributes:
        listened: whether a listener was to be there (a token was given).
        welcome: its answer, or None if none came.
        answered: UDP ports whose reply came, and where the probe arrived on the host.
        tcp, alone: what the sockets said, by port.
        udp_fates, tcp_fates: what the host saw of ports that did not answer; absent is NOTHING.
        rules: what dropped them on the host, by (is UDP, port).
        unsendable: why this machine cannot send at all, or why the silence of a UDP port means nothing, or "".
        lost: why the listener's word is missing although it is or was there, or "".
        loss: the share of packets lost on ports that are open, for a word on it.
    """

    listened: bool
    welcome: Welcome | None
    answered: dict[int, int]
    tcp: dict[int, TcpResult]
    alone: dict[int, UdpResult]
    udp_fates: dict[int, Fate]
    tcp_fates: dict[int, Fate]
    rules: dict[tuple[bool, int], str]
    unsendable: str = ""
    lost: str = ""

    @property
    def is_host_there(self) -> bool:
        """Whether anything at all came back from it."""
        return bool(
            self.welcome
            or self.answered
            or set(self.tcp.values()) & {TcpResult.ACCEPTED, TcpResult.ANSWERED, TcpResult.REFUSED}
            or set(self.alone.values()) & {UdpResult.ANSWERED, UdpResult.PORT_UNREACHABLE}
        )

    @property
    def is_tcp_seen(self) -> bool:
        """Whether any TCP came to the host from the address that UDP came from."""
        return TcpResult.ANSWERED in self.tcp.values() or any(
            fate is not Fate.NOTHING for fate in self.tcp_fates.values()
        )

    @property
    def is_host_unreachable(self) -> bool:
        """Whether routers or neighbours say that there is no such host, and nothing says otherwise."""
        told = TcpResult.HOST_UNREACHABLE in self.tcp.values() or UdpResult.HOST_UNREACHABLE in self.alone.values()
        return told and not self.is_host_there


def rows(target: ProbeTarget, evidence: Evidence) -> list[Row]:
    """A target's ports with their verdicts, folded."""
    judge = _udp if target.ports.protocol is Protocol.UDP else _tcp
    seen = [judge(port, evidence) for port in _each(target.ports)]
    if not target.wanted:  # nobody asked for the rules that close them
        seen = [replace(one, detail=one.detail.removesuffix(_NO_RULE).removesuffix("; ")) for one in seen]
    return fold(target, seen)


def blocked_on_host(target: ProbeTarget, evidence: Evidence) -> list[int]:
    """The first port of each row of a target that the host blocks: whose rules are worth asking for."""
    return [row.ports.first for row in rows(target, evidence) if row.seen.verdict is Verdict.BLOCKED_ON_HOST]


def with_rules(
    evidence: Evidence, targets: Iterable[ProbeTarget], protocol: Protocol, found: Mapping[int, str]
) -> Evidence:
    """The evidence with the rules that drop on the host; the one of a row's first port is taken to be the row's."""
    rules = dict(evidence.rules)
    for target in targets:
        for row in rows(target, evidence) if target.ports.protocol is protocol else ():
            text = found.get(row.ports.first)
            if text and row.seen.verdict is Verdict.BLOCKED_ON_HOST:
                every = range(row.ports.first, row.ports.last + 1)
                rules |= {(protocol is Protocol.UDP, port): text for port in every}
    return replace(evidence, rules=rules)


def _each(ports: PortRange) -> range:
    return range(ports.first, ports.last + 1)


_REACHED = PortVerdict(Verdict.REACHABLE, by_probe=True)
_ANSWERED_ALONE = PortVerdict(Verdict.REACHABLE)
_BEFORE = PortVerdict(Verdict.BLOCKED_BEFORE_HOST)
_UNKNOWN_LAYER = PortVerdict(Verdict.BLOCKED)
_GONE = PortVerdict(Verdict.UNREACHABLE_HOST)
_ONE_WAY = PortVerdict(
    Verdict.BLOCKED_BEFORE_HOST,
    "it arrives, but the host's answer does not come back: a filter outside that keeps no state, such as a network ACL",
)
_SHARED = PortVerdict(
    Verdict.UNTESTED,
    "the listener cannot answer there: a service has it bound, it is forwarded elsewhere, or only root may bind it",
)
_NO_LISTENER = PortVerdict(Verdict.UNTESTED, "nobody answers for the listener: other ports say that nobody listens")
_NO_RULE = "no rule of nftables was seen to drop it: perhaps iptables-legacy, eBPF or the kernel itself"

_ALONE = {
    UdpResult.ANSWERED: _ANSWERED_ALONE,
    UdpResult.PORT_UNREACHABLE: PortVerdict(Verdict.NOBODY_LISTENS, "or a firewall rejects it, which looks the same"),
    UdpResult.PROHIBITED: PortVerdict(Verdict.BLOCKED, "a firewall says so (ICMP, administratively prohibited)"),
    UdpResult.HOST_UNREACHABLE: PortVerdict(Verdict.BLOCKED, "a router says that the host is unreachable"),
    UdpResult.NO_ROUTE: PortVerdict(Verdict.UNTESTED, "this machine has no route to it"),
    UdpResult.EXHAUSTED: PortVerdict(Verdict.UNTESTED, "this machine could not send"),
    UdpResult.SILENT: PortVerdict(
        Verdict.UNTESTED, "without `probe listen` on the server, a silent UDP port says nothing"
    ),
}


def _udp(port: int, evidence: Evidence) -> PortVerdict:
    if port in evidence.answered:
        arrived = evidence.answered[port]
        if arrived == port:
            return _REACHED
        return PortVerdict(
            Verdict.BLOCKED_BEFORE_HOST, f"it is forwarded: it arrives at udp/{arrived} of the host instead"
        )
    if evidence.unsendable:
        return PortVerdict(Verdict.UNTESTED, evidence.unsendable)
    if evidence.is_host_unreachable:
        return _GONE
    if not evidence.listened:
        return _ALONE[evidence.alone.get(port, UdpResult.SILENT)]
    if evidence.lost:
        return PortVerdict(Verdict.UNTESTED, evidence.lost)
    if evidence.welcome is None:
        return _without_listener(port, evidence)
    fate, rule = evidence.udp_fates.get(port, Fate.NOTHING), evidence.rules.get((True, port))
    if fate is Fate.UNTESTABLE:
        return _SHARED
    if fate is Fate.RECEIVED:
        return PortVerdict(Verdict.BLOCKED_ON_HOST, rule) if rule else _ONE_WAY
    if fate is Fate.ARRIVED:
        return PortVerdict(Verdict.BLOCKED_ON_HOST, rule or _NO_RULE)
    return _BEFORE if evidence.welcome.sees_arrivals else _UNKNOWN_LAYER


def _without_listener(port: int, evidence: Evidence) -> PortVerdict:
    """A listener was expected, so silence is a block, unless the host says of some port that nobody listens."""
    if UdpResult.PORT_UNREACHABLE not in evidence.alone.values():
        return _UNKNOWN_LAYER
    return (
        _ALONE[UdpResult.PORT_UNREACHABLE] if evidence.alone.get(port) is UdpResult.PORT_UNREACHABLE else _NO_LISTENER
    )


_ELSEWHERE = PortVerdict(
    Verdict.UNTESTED,
    "refused, but no connection came from the address that this machine's UDP came from: something on the way "
    "refuses, or its TCP leaves by another address",
)

_TCP = {
    TcpResult.ACCEPTED: PortVerdict(Verdict.REACHABLE),
    TcpResult.ANSWERED: PortVerdict(Verdict.REACHABLE, "no service is listening yet", by_probe=True),
    TcpResult.NO_ROUTE: PortVerdict(Verdict.UNTESTED, "this machine has no route to it"),
    TcpResult.EXHAUSTED: PortVerdict(Verdict.UNTESTED, "this machine could not send"),
}
_WITHOUT = {
    TcpResult.REFUSED: PortVerdict(Verdict.NOBODY_LISTENS, "or a firewall answers with a reset, which looks the same"),
    TcpResult.PROHIBITED: PortVerdict(Verdict.BLOCKED, "a firewall says so (ICMP)"),
    TcpResult.HOST_UNREACHABLE: PortVerdict(Verdict.BLOCKED, "a router says that the host is unreachable"),
    TcpResult.SILENT: _UNKNOWN_LAYER,
}


_FORWARDED = PortVerdict(Verdict.NOBODY_LISTENS, "the host forwards it elsewhere, and there it is refused")
_NOT_BACK = "the host forwards it elsewhere, and nothing comes back from there"


def _tcp(port: int, evidence: Evidence) -> PortVerdict:
    found = evidence.tcp.get(port)
    if found is None:
        return PortVerdict(Verdict.UNTESTED, evidence.unsendable or "it was not tried")
    if found in _TCP:
        return _TCP[found]
    if evidence.is_host_unreachable:
        return _GONE
    if evidence.welcome is None or not (evidence.welcome.diverts and evidence.welcome.sees_arrivals):
        # where the listener is lost, it may be there all the same, and then answers for ports that are refused now
        is_lost = evidence.welcome is None and evidence.lost and found is TcpResult.REFUSED
        return PortVerdict(Verdict.UNTESTED, evidence.lost) if is_lost else _WITHOUT[found]
    how = {TcpResult.REFUSED: "refused with a reset", TcpResult.PROHIBITED: "refused with an ICMP error"}.get(found, "")
    fate, rule = evidence.tcp_fates.get(port, Fate.NOTHING), evidence.rules.get((False, port))
    if found is TcpResult.REFUSED and fate is Fate.NOTHING and not evidence.is_tcp_seen:
        return _ELSEWHERE
    if fate is Fate.NOTHING:
        return (
            PortVerdict(Verdict.BLOCKED_BEFORE_HOST, f"{how}, and it did not arrive at this port") if how else _BEFORE
        )
    if fate is Fate.UNTESTABLE:
        return _FORWARDED if found is TcpResult.REFUSED else PortVerdict(Verdict.BLOCKED_ON_HOST, rule or _NOT_BACK)
    return PortVerdict(Verdict.BLOCKED_ON_HOST, rule or (f"{how}; {_NO_RULE}" if how else _NO_RULE))
