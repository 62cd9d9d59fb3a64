"""From what was seen to verdicts. Pure; the words of `verdict.py` are given here and nowhere else.

What nobody saw is not claimed: without a listener, silence of a UDP port is "not tested", and which layer blocks
is known only from a host that sees packets before its own firewall judges them.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ...model.ports import PortRange, Protocol
from ..wire.messages import Fate, Welcome
from .seen import Tcp, Udp
from .verdict import Row, Seen, Target, Verdict, fold


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
    tcp: dict[int, Tcp]
    alone: dict[int, Udp]
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
            or set(self.tcp.values()) & {Tcp.ACCEPTED, Tcp.ANSWERED, Tcp.REFUSED}
            or set(self.alone.values()) & {Udp.ANSWERED, Udp.PORT_UNREACHABLE}
        )

    @property
    def is_tcp_seen(self) -> bool:
        """Whether any TCP came to the host from the address that UDP came from."""
        return Tcp.ANSWERED in self.tcp.values() or any(fate is not Fate.NOTHING for fate in self.tcp_fates.values())

    @property
    def is_host_unreachable(self) -> bool:
        """Whether routers or neighbours say that there is no such host, and nothing says otherwise."""
        told = Tcp.HOST_UNREACHABLE in self.tcp.values() or Udp.HOST_UNREACHABLE in self.alone.values()
        return told and not self.is_host_there


def rows(target: Target, evidence: Evidence) -> list[Row]:
    """A target's ports with their verdicts, folded."""
    judge = _udp if target.ports.protocol is Protocol.UDP else _tcp
    seen = [judge(port, evidence) for port in _each(target.ports)]
    if not target.wanted:  # nobody asked for the rules that close them
        seen = [replace(one, detail=one.detail.removesuffix(_NO_RULE).removesuffix("; ")) for one in seen]
    return fold(target, seen)


def blocked_on_host(target: Target, evidence: Evidence) -> list[int]:
    """The first port of each row of a target that the host blocks: whose rules are worth asking for."""
    return [row.ports.first for row in rows(target, evidence) if row.seen.verdict is Verdict.BLOCKED_ON_HOST]


def _each(ports: PortRange) -> range:
    return range(ports.first, ports.last + 1)


_REACHED = Seen(Verdict.REACHABLE, by_probe=True)
_ANSWERED_ALONE = Seen(Verdict.REACHABLE)
_BEFORE = Seen(Verdict.BLOCKED_BEFORE_HOST)
_UNKNOWN_LAYER = Seen(Verdict.BLOCKED)
_GONE = Seen(Verdict.UNREACHABLE_HOST)
_ONE_WAY = Seen(
    Verdict.BLOCKED_BEFORE_HOST,
    "it arrives, but the host's answer does not come back: a filter outside that keeps no state, such as a network ACL",
)
_SHARED = Seen(
    Verdict.UNTESTED,
    "the listener cannot answer there: a service has it bound, it is forwarded elsewhere, or only root may bind it",
)
_NO_LISTENER = Seen(Verdict.UNTESTED, "nobody answers for the listener: other ports say that nobody listens")
_NO_RULE = "no rule of nftables was seen to drop it: perhaps iptables-legacy, eBPF or the kernel itself"

_ALONE = {
    Udp.ANSWERED: _ANSWERED_ALONE,
    Udp.PORT_UNREACHABLE: Seen(Verdict.NOBODY_LISTENS, "or a firewall rejects it, which looks the same"),
    Udp.PROHIBITED: Seen(Verdict.BLOCKED, "a firewall says so (ICMP, administratively prohibited)"),
    Udp.HOST_UNREACHABLE: Seen(Verdict.BLOCKED, "a router says that the host is unreachable"),
    Udp.NO_ROUTE: Seen(Verdict.UNTESTED, "this machine has no route to it"),
    Udp.EXHAUSTED: Seen(Verdict.UNTESTED, "this machine could not send"),
    Udp.SILENT: Seen(Verdict.UNTESTED, "without `probe listen` on the server, a silent UDP port says nothing"),
}


def _udp(port: int, evidence: Evidence) -> Seen:
    if port in evidence.answered:
        arrived = evidence.answered[port]
        if arrived == port:
            return _REACHED
        return Seen(Verdict.BLOCKED_BEFORE_HOST, f"it is forwarded: it arrives at udp/{arrived} of the host instead")
    if evidence.unsendable:
        return Seen(Verdict.UNTESTED, evidence.unsendable)
    if evidence.is_host_unreachable:
        return _GONE
    if not evidence.listened:
        return _ALONE[evidence.alone.get(port, Udp.SILENT)]
    if evidence.lost:
        return Seen(Verdict.UNTESTED, evidence.lost)
    if evidence.welcome is None:
        return _without_listener(port, evidence)
    fate, rule = evidence.udp_fates.get(port, Fate.NOTHING), evidence.rules.get((True, port))
    if fate is Fate.UNTESTABLE:
        return _SHARED
    if fate is Fate.RECEIVED:
        return Seen(Verdict.BLOCKED_ON_HOST, rule) if rule else _ONE_WAY
    if fate is Fate.ARRIVED:
        return Seen(Verdict.BLOCKED_ON_HOST, rule or _NO_RULE)
    return _BEFORE if evidence.welcome.sees_arrivals else _UNKNOWN_LAYER


def _without_listener(port: int, evidence: Evidence) -> Seen:
    """It was to be there, so silence is a block, unless the host says of some port that nobody listens."""
    if Udp.PORT_UNREACHABLE not in evidence.alone.values():
        return _UNKNOWN_LAYER
    return _ALONE[Udp.PORT_UNREACHABLE] if evidence.alone.get(port) is Udp.PORT_UNREACHABLE else _NO_LISTENER


_ELSEWHERE = Seen(
    Verdict.UNTESTED,
    "refused, but no connection came from the address that this machine's UDP came from: something on the way "
    "refuses, or its TCP leaves by another address",
)

_TCP = {
    Tcp.ACCEPTED: Seen(Verdict.REACHABLE),
    Tcp.ANSWERED: Seen(Verdict.REACHABLE, "no service is listening yet", by_probe=True),
    Tcp.NO_ROUTE: Seen(Verdict.UNTESTED, "this machine has no route to it"),
    Tcp.EXHAUSTED: Seen(Verdict.UNTESTED, "this machine could not send"),
}
_WITHOUT = {
    Tcp.REFUSED: Seen(Verdict.NOBODY_LISTENS, "or a firewall answers with a reset, which looks the same"),
    Tcp.PROHIBITED: Seen(Verdict.BLOCKED, "a firewall says so (ICMP)"),
    Tcp.HOST_UNREACHABLE: Seen(Verdict.BLOCKED, "a router says that the host is unreachable"),
    Tcp.SILENT: _UNKNOWN_LAYER,
}


_FORWARDED = Seen(Verdict.NOBODY_LISTENS, "the host forwards it elsewhere, and there it is refused")
_NOT_BACK = "the host forwards it elsewhere, and nothing comes back from there"


def _tcp(port: int, evidence: Evidence) -> Seen:
    found = evidence.tcp.get(port)
    if found is None:
        return Seen(Verdict.UNTESTED, evidence.unsendable or "it was not tried")
    if found in _TCP:
        return _TCP[found]
    if evidence.is_host_unreachable:
        return _GONE
    if evidence.welcome is None or not (evidence.welcome.diverts and evidence.welcome.sees_arrivals):
        # where the listener is lost, it may be there all the same, and then answers for ports that are refused now
        is_lost = evidence.welcome is None and evidence.lost and found is Tcp.REFUSED
        return Seen(Verdict.UNTESTED, evidence.lost) if is_lost else _WITHOUT[found]
    how = {Tcp.REFUSED: "refused with a reset", Tcp.PROHIBITED: "refused with an ICMP error"}.get(found, "")
    fate, rule = evidence.tcp_fates.get(port, Fate.NOTHING), evidence.rules.get((False, port))
    if found is Tcp.REFUSED and fate is Fate.NOTHING and not evidence.is_tcp_seen:
        return _ELSEWHERE
    if fate is Fate.NOTHING:
        return Seen(Verdict.BLOCKED_BEFORE_HOST, f"{how}, and it did not arrive at this port") if how else _BEFORE
    if fate is Fate.UNTESTABLE:
        return _FORWARDED if found is Tcp.REFUSED else Seen(Verdict.BLOCKED_ON_HOST, rule or _NOT_BACK)
    return Seen(Verdict.BLOCKED_ON_HOST, rule or (f"{how}; {_NO_RULE}" if how else _NO_RULE))
