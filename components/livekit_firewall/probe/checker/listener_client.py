"""The control messages that the checker sends to the listener, and their answers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from ...model.ports import Protocol
from ..answers import ASKABLE
from ..results.verdict import ProbeTarget
from ..wire.messages import (
    CONTROL_SIZE,
    HEADERS,
    LEAST_CONTROL,
    MAX_REPORTED,
    EmptyReply,
    Fate,
    Hello,
    Kind,
    Ports,
    ReportReply,
    ReportRequest,
    RulesReply,
    TraceRequest,
    Welcome,
    ranges,
    unpack_fates,
)
from .failures import Failure
from .plan import tcp_ports, udp_ports
from .transport import Transport
from .without_listener import sample

HELLO_PORTS = 24
"""UDP ports that the first message goes to at once, since most may be blocked."""
HELLO_PATIENCE = 2.0
PATIENCE = 10.0
"""Seconds for any later answer."""
RULE_TRIES, RULE_PAUSE = 4, 0.1
"""The kernel's trace takes a moment to reach the listener."""
RULES_AT_ONCE = 2
"""Rules of the greatest length in one message."""
MAX_RANGES = 68
"""Ranges of ports in one message, so that it fits."""
MAX_TCP, MAX_WANTED, MAX_ASKED = 22, 15, 8
"""The same of each list of a Hello."""
ECHO_PATIENCE, ECHO_STEP = 0.5, 4
"""Seconds for an ECHO, and bytes to which the size that gets through is found."""


class ListenerClient:
    """The conversation with the listener over one family.

    Attributes:
        has_strays: whether packets of this run came to the host from several addresses.
    """

    def __init__(self, transport: Transport, digest: bytes) -> None:
        self.transport, self.digest = transport, digest
        self._contact_ports: list[int] = []
        self.has_strays = False

    def hello(self, plan: Sequence[ProbeTarget]) -> Welcome | None:
        """Introduce this checker; None if no listener answers."""
        family = self.transport.family
        wanted = [target for target in plan if target.wanted]
        self._contact_ports = self._contact_ports or _spread(plan) or tcp_ports(plan, family)[:HELLO_PORTS]
        single = [one for one in wanted if one.ports.protocol is Protocol.UDP and len(one.ports) == 1]
        spoken = [one.ports.first for one in single if (one.service, Protocol.UDP) in ASKABLE]
        others = [one.ports.first for one in single if one.ports.first not in spoken]
        message = Hello(
            self.digest,
            _at_most(MAX_TCP, ranges(tcp_ports(plan, family))),
            ranges(udp_ports(wanted, family))[:MAX_WANTED],
            ranges(tcp_ports(wanted, family))[:MAX_WANTED],
            ranges([*spoken, *others][:MAX_ASKED]),
        )
        return self.transport.ask(Kind.HELLO, message, Welcome, self._contact_ports, HELLO_PATIENCE)

    def path_mtu(self) -> int | None:
        """The MTU of the path in bytes, if it is too small for control messages; else None.

        As a router or this machine reports it, or else found by messages of several sizes: a listener answers each
        message with one of the same size.
        """
        if self.transport.mtu is not None:
            return self.transport.mtu
        fits, too_large = LEAST_CONTROL, CONTROL_SIZE
        if not self._is_echoed(fits) or self._is_echoed(too_large):
            return None
        while too_large - fits > ECHO_STEP:
            middle = (fits + too_large) // 2
            fits, too_large = (middle, too_large) if self._is_echoed(middle) else (fits, middle)
        return fits + HEADERS[self.transport.family]

    def _is_echoed(self, size: int) -> bool:
        asked = self.transport.ask(
            Kind.ECHO, EmptyReply(), EmptyReply, self._contact_ports, ECHO_PATIENCE, sizes=(size,)
        )
        return asked is not None

    def fates(self, ports: Sequence[int], *, udp: bool) -> dict[int, Fate] | None:
        """What the host saw of these ports; None if it did not say."""
        found: dict[int, Fate] = {}
        for asked, held in _portions(ports):
            said = self.transport.ask(
                Kind.REPORT, ReportRequest(udp, asked), ReportReply, self._contact_ports, PATIENCE
            )
            if said is None:
                return None
            self.has_strays |= said.strays
            found |= zip(held, unpack_fates(said.fates, len(held)), strict=True)
        return found

    def trace(self, ports: Sequence[int], *, udp: bool) -> bool:
        """From now on the listener looks at which rules these ports' packets meet."""
        return (
            self.transport.ask(Kind.TRACE, TraceRequest(list(ports), udp), EmptyReply, self._contact_ports, PATIENCE)
            is not None
        )

    def rules(self, ports: Sequence[int], *, udp: bool) -> dict[int, str]:
        """What dropped the packets to these ports, which were traced and tried again, as far as the host knows."""
        found: dict[int, str] = {}
        for _ in range(RULE_TRIES + (len(ports) - 1) // RULES_AT_ONCE):
            missing = [port for port in ports if port not in found]
            said = self.transport.ask(Kind.RULES, TraceRequest(missing, udp), RulesReply, self._contact_ports, PATIENCE)
            new = {rule.port: rule.text for rule in said.rules if rule.udp is udp} if said else {}
            is_known, found = new.keys() <= found.keys(), {**found, **new}
            if said is None or set(ports) <= found.keys():
                break
            if is_known:
                time.sleep(RULE_PAUSE)
        return found

    def icmp_errors(self) -> dict[int, Failure]:
        """What ICMP errors said of the messages so far, by port."""
        return self.transport.icmp_errors()

    def bye(self) -> bool:
        """Tell the listener that the check is over; whether it answered."""
        if self.transport.channel is None:
            return False
        return self.transport.ask(Kind.BYE, EmptyReply(), EmptyReply, self._contact_ports, 1.0) is not None


def _spread(plan: Sequence[ProbeTarget]) -> list[int]:
    """Some ports of each UDP target, both ends of every range among them, wanted ones first."""
    udp = [target.ports for target in plan if target.ports.protocol is Protocol.UDP]
    each = max(2, HELLO_PORTS // max(1, len(udp)))
    picked = [port for ports in udp for port in (sample(ports, each) if len(ports) > 1 else [ports.first])]
    return list(dict.fromkeys(picked))[:HELLO_PORTS]


def _at_most(most: int, held: list[Ports]) -> list[Ports]:
    """The same ports in so few ranges, with what lies between some of them: a port more that is diverted, for this
    checker and while nobody listens on it, does no harm, where one less would be judged wrongly.
    """
    if len(held) <= most:
        return held
    gaps = sorted(range(1, len(held)), key=lambda place: held[place - 1].last - held[place].first)
    starts = [0, *sorted(gaps[: most - 1])]
    return [
        Ports(held[one].first, held[after - 1].last)
        for one, after in zip(starts, [*starts[1:], len(held)], strict=True)
    ]


def _portions(ports: Sequence[int]) -> Iterator[tuple[list[Ports], list[int]]]:
    """Ranges that fit into one message, and the ports that they hold."""
    asked: list[Ports] = []
    held: list[int] = []
    for one in ranges(ports):
        first = one.first
        while first <= one.last:
            last = min(one.last, first + MAX_REPORTED - len(held) - 1)
            asked.append(Ports(first, last))
            held += range(first, last + 1)
            first = last + 1
            if len(held) >= MAX_REPORTED or len(asked) >= MAX_RANGES:
                yield asked, held
                asked, held = [], []
    if asked:
        yield asked, held
