"""`probe check`: tries a plan against a host, with a listener there or without, and says what was found.

    outcome = check("livekit.example.org", {Family.IPV4: "203.0.113.1"}, Job(planner, digest, token))

The order, for each family: say hello over whatever UDP port gets through, sweep the UDP ports, connect to the TCP
ports, ask the listener what became of those that did not answer, speak to the services. Plain sockets only.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from ipaddress import ip_address

from msgspec import Struct
from msgspec.structs import replace

from ...model.addresses import Address, Family
from ...model.ports import PortRange, Protocol
from ...model.services import Service
from ...model.text import quoted
from ..answers import ASKABLE, ask
from ..results.judge import Evidence, blocked_on_host, rows
from ..results.seen import Tcp, Udp
from ..results.verdict import Answer, Outcome, Row, Target, Traffic, Verdict
from ..wire.messages import PROBE_SIZE, Keys, Welcome
from ..wire.token import Token
from .alone import FAILURES, knock, sample
from .connect import Exchange, Pace, connect
from .line import MAX_RATE, Budget, Line, Run, Unsendable
from .plan import tcp_ports, udp_ports
from .sweep import MAX_TRIES, Swept, sweep
from .talk import Talk

ALONE_PORTS = 16
"""UDP ports of a range that are knocked at without a listener: systems send few ICMP errors."""
LONG = Pace(attempts=4, interval=0.9, at_once=512)
"""Where no round trip is known: long enough for a system to find out that no neighbour answers, in three seconds."""
KNOCKING = Pace(attempts=8, interval=0.9, at_once=512)
"""Twice as long: a router tells of few errors at a time, and of those of earlier packets first."""
LOSSY = 0.005
"""The share of lost packets beyond which TCP is tried more often, and again after a sweep that may have caused it."""
AGAIN, NEW_FLOW_TRIES = 16, 6
"""Ports that are tried once more to see whether new flows get through, and how often."""
MAX_TRACED = 12
TALK_PACKETS = 8_000
"""For everything beside the ports themselves: control messages, beacons, service protocols."""

Planner = Callable[[Mapping[Family, Address | None]], Sequence[Target]]


class Progress:
    """What is going on, for whoever wants to show it; this one shows nothing."""

    def phase(self, text: str) -> None:
        """A new part of the work."""

    def done(self, share: float) -> None:
        """How much of the part is done, from 0 to 1."""


class Job(Struct, frozen=True):
    """What to check.

    Attributes:
        planner: from the families and the checker's addresses to targets (`plan_for`).
        digest: of the configuration (`digest_of`).
        token: of the listener; None: without one.
        names: what services call themselves in certificates, where that is not the host's name.
        unasked: services that cannot be spoken to though they are there (`turn.external_tls` is plain text).
        rate: packets a second at most.
    """

    planner: Planner
    digest: bytes
    token: Token | None
    names: Mapping[Service, str] = {}
    unasked: frozenset[Service] = frozenset()
    rate: float = MAX_RATE


def most_packets(plan: Sequence[Target]) -> int:
    """The most that a run sends: each port as often as loss can make necessary, and the talk."""
    return sum(len(target.ports) for target in plan) * (MAX_TRIES + 2) + TALK_PACKETS


def check(host: str, addresses: Mapping[Family, str], job: Job, progress: Progress | None = None) -> Outcome:
    """Try everything. `addresses` has one of the host's for each family to try."""
    began = time.monotonic()
    budget = Budget(job.rate, most_packets(job.planner(dict.fromkeys(addresses))))
    run = Run(Keys(job.token), budget) if job.token else None
    found: list[_Family] = []
    with ExitStack() as stack:
        for family, address in addresses.items():
            one = _Family(family, address, host, job, budget, progress or Progress())
            found.append(one)
            one.try_all(run, stack)
        for one in found:
            if one.talk is not None and one.talk.bye():
                break
    return Outcome(
        host,
        dict(addresses),
        tuple(sorted((row for one in found for row in one.rows()), key=_place)),
        tuple(answer for one in found for answer in one.answers),
        Traffic(budget.sent, time.monotonic() - began),
        any(one.welcome for one in found),
        tuple(dict.fromkeys(note for one in found for note in one.notes)),
    )


def _place(row: Row) -> tuple[object, ...]:
    target = row.target
    service = target.service.order if target.service else len(Service)
    return not target.wanted, service, target.ports, row.ports, target.family.value


class _Family:
    """One family of one host, and what is known of it so far."""

    def __init__(self, family: Family, address: str, host: str, job: Job, budget: Budget, progress: Progress) -> None:
        self.family, self.address, self.host = family, address, host
        self.job, self.budget, self.progress = job, budget, progress
        self.plan = list(job.planner({family: None}))
        self.talk: Talk | None = None
        self.welcome: Welcome | None = None
        self.evidence = Evidence(job.token is not None, None, {}, {}, {}, {}, {}, {})
        self.answers: list[Answer] = []
        self.notes: list[str] = []

    def rows(self) -> list[Row]:
        return [row for target in self.plan for row in rows(target, self.evidence)]

    def try_all(self, run: Run | None, stack: ExitStack) -> None:
        try:
            if run is not None:
                self._converse(stack.enter_context(Line(run, self.family, self.address)))
            else:
                self._alone()
        except Unsendable as why:
            self.evidence = replace(self.evidence, unsendable=str(why))
            self.notes.append(f"{self.family.label} was not tested: {why}")
            return
        self._ask_services()

    # --- with a listener

    def _converse(self, line: Line) -> None:
        self.talk = talk = Talk(line, self.job.digest)
        self._phase("looking for the listener")
        self.welcome = talk.hello(self.plan)
        self._settle_plan()
        meanwhile = self._connect_meanwhile(line, talk)
        self._phase("UDP ports")
        swept = sweep(line, udp_ports(self.plan, self.family), self.progress.done)
        if swept.answered and line.channel is None:
            line.channel = next(iter(swept.answered))
        # said twice: when the second is answered, the TCP ports are diverted
        self.welcome = talk.hello(self.plan) if line.channel is not None else self.welcome
        self._settle_plan()
        self.evidence = replace(self.evidence, welcome=self.welcome, answered=swept.answered, unsendable=swept.doubt)
        doubt = swept.doubt or self._doubt_of_silence(line, swept)
        self.evidence = replace(self.evidence, unsendable=doubt)
        if doubt:
            self.notes.append(f"not every UDP port was tested over {self.family.label}: {doubt}")
        self._connect(line, swept, meanwhile)
        if self.welcome is not None:
            self._ask_fates(talk)
            self._ask_rules(talk, line, swept)
        else:
            self._say_why_unheard(talk, line)

    def _doubt_of_silence(self, line: Line, swept: Swept) -> str:
        """Whether something on the way limits new flows, which the sweep's beacons, of open flows, cannot tell.

        Of ports that answered, some are tried from another source port, as new flows; of those that did not, some
        are tried again alone. Only silence of ports that should be open is worth it.
        """
        wanted = set(udp_ports([target for target in self.plan if target.wanted], self.family))
        silent = sorted(wanted - swept.answered.keys())
        if not silent or not swept.answered:
            return ""
        if sweep(line, _spread(silent, AGAIN), rounds=2).answered:
            return "ports that were silent among many answer when few are tried: something limits new flows; use --rate"
        answered = _spread(sorted(swept.answered), AGAIN)
        with Line(line.run, self.family, self.address) as fresh:
            again = sweep(fresh, answered, rounds=NEW_FLOW_TRIES).answered
        if len(again) * 4 < len(answered) * 3:
            return "new flows to ports that answered before get through no more: something limits them; use --rate"
        return ""

    def _settle_plan(self) -> None:
        """The plan depends on where the checker stands, which the listener knows better."""
        if self.welcome is None:
            return
        try:
            self.plan = list(self.job.planner({self.family: ip_address(self.welcome.address)}))
        except ValueError:
            self.notes.append(
                f"the listener saw this machine over {self.family.label} as {quoted(self.welcome.address)}"
            )
        if not self.welcome.same_configuration:
            self.notes.append("`probe listen` was given another configuration than this: what is wanted may differ")

    def _connect_meanwhile(self, line: Line, talk: Talk) -> Future[dict[int, Tcp]] | None:
        """TCP, while the UDP ports are swept; None if no listener answers yet."""
        # said again: when this one is answered, the TCP ports are diverted
        if self.welcome is None or talk.hello(self.plan) is None:
            return None
        ports, exchange = tcp_ports(self.plan, self.family), self._exchange(line)
        pace = _tcp_pace(line.round_trip or 0.0, 0.0)
        apart = ThreadPoolExecutor(1)
        try:
            return apart.submit(lambda: asyncio.run(connect(self.address, ports, exchanges=exchange, pace=pace)))
        finally:
            apart.shutdown(wait=False)

    def _connect(self, line: Line | None, swept: Swept | None, meanwhile: Future[dict[int, Tcp]] | None = None) -> None:
        """TCP, as patiently as the loss that was measured asks for."""
        round_trip = (swept.round_trip if swept else None) or (line.round_trip if line else None)
        loss = swept.loss if swept else None
        pace = LONG if round_trip is None else _tcp_pace(round_trip, loss or 0.0)
        known = meanwhile.result() if meanwhile is not None else {}
        self._count(known, _tcp_pace(0.0, 0.0))
        if loss is None or loss > LOSSY:
            # what was silent may have been lost, be it to the sweep itself
            known = {port: word for port, word in known.items() if word is not Tcp.SILENT}
        ports = [port for port in tcp_ports(self.plan, self.family) if port not in known]
        knocked = self._doors() if line is not None and self.welcome is None else []
        found = self._try_tcp(ports, self._exchange(line), pace, knocked) if ports or knocked else {}
        self.evidence = replace(self.evidence, tcp={**known, **found})

    def _exchange(self, line: Line | None) -> Callable[[int, int], Exchange | None]:
        """What to say to the listener on a connection; nothing to services, nor without a listener."""
        used = self.welcome.in_use if self.welcome else ()
        in_use = {port for one in used for port in range(one.first, one.last + 1)}
        is_ours = self.welcome is not None

        def exchange(port: int, _attempt: int) -> Exchange | None:
            if line is None or not is_ours or port in in_use:
                return None
            counter, packet = line.probe(port)
            return Exchange(packet, PROBE_SIZE, lambda data: line.is_reply(data, counter))

        return exchange

    def _try_tcp(
        self,
        ports: Sequence[int],
        exchange: Callable[[int, int], Exchange | None],
        pace: Pace,
        knocked: Sequence[int] = (),
    ) -> dict[int, Tcp]:
        """TCP ports, and meanwhile these of UDP, without a word for the listener."""
        self._phase("TCP ports")
        settled: set[int] = set()

        def on_done(port: int) -> None:
            settled.add(port)
            self.progress.done(len(settled) / len(ports))

        async def both() -> tuple[dict[int, Tcp], dict[int, Udp]]:
            connecting = connect(self.address, ports, exchanges=exchange, pace=pace, on_done=on_done)
            return await asyncio.gather(connecting, knock(self.address, knocked, pace=KNOCKING))

        found, alone = asyncio.run(both())
        told = {port: FAILURES[why] for port, why in self.talk.told().items()} if self.talk else {}
        self.evidence = replace(self.evidence, alone={**alone, **told}) if knocked else self.evidence
        self.budget.spend(len(knocked) * KNOCKING.attempts)
        self._count(found, pace)
        return found

    def _count(self, found: Mapping[int, Tcp], pace: Pace) -> None:
        """Of the packets sent, those of TCP; about, since the kernel sends them."""
        silent = sum(1 for one in found.values() if one is Tcp.SILENT)
        self.budget.spend((len(found) - silent) * 2 + silent * pace.attempts)

    def _ask_fates(self, talk: Talk) -> None:
        """What the host saw of the ports that did not answer."""
        self._phase("what the server saw")
        reached = {port for port, word in self.evidence.tcp.items() if word in (Tcp.ACCEPTED, Tcp.ANSWERED)}
        udp = [port for port in udp_ports(self.plan, self.family) if port not in self.evidence.answered]
        tcp = [port for port in tcp_ports(self.plan, self.family) if port not in reached]
        udp_fates, tcp_fates = talk.fates(udp, udp=True), talk.fates(tcp, udp=False)
        if udp_fates is None or tcp_fates is None:
            self._lose_listener()
            return
        self.evidence = replace(self.evidence, udp_fates=udp_fates, tcp_fates=tcp_fates)
        if talk.has_strays:
            why = (
                f"over {self.family.label} this run's packets came to the host from several addresses, as of a NAT pool"
            )
            self.notes.append(f"{why}: only those from the first were answered")
            self.evidence = replace(self.evidence, lost=why)

    def _ask_rules(self, talk: Talk, line: Line, swept: Swept) -> None:
        """For wanted ports that the host blocks: by which rule."""
        wanted = [target for target in self.plan if target.wanted]
        for protocol in Protocol:
            ports = [
                port for target in wanted if target.ports.protocol is protocol
                for port in blocked_on_host(target, self.evidence)
            ][:MAX_TRACED]  # fmt: skip
            is_udp = protocol is Protocol.UDP
            if not ports or not talk.trace(ports, udp=is_udp):
                continue
            if is_udp:
                sweep(line, ports, rounds=3)
            else:
                pace = Pace(attempts=2, interval=max(0.1, 3 * (swept.round_trip or 0.1)))
                self._try_tcp(ports, lambda _port, _attempt: None, pace)
            self._spread(wanted, protocol, talk.rules(ports, udp=is_udp))

    def _spread(self, targets: Iterable[Target], protocol: Protocol, told: Mapping[int, str]) -> None:
        """The rule found for the first port of a row is taken to be that of the row."""
        rules = dict(self.evidence.rules)
        for target in targets:
            for row in rows(target, self.evidence) if target.ports.protocol is protocol else ():
                text = told.get(row.ports.first)
                if text and row.seen.verdict is Verdict.BLOCKED_ON_HOST:
                    every = range(row.ports.first, row.ports.last + 1)
                    rules |= {(protocol is Protocol.UDP, port): text for port in every}
        self.evidence = replace(self.evidence, rules=rules)

    def _lose_listener(self) -> None:
        """Nothing is known of silent ports then: perhaps it was gone when they were tried."""
        why = "the listener stopped answering before it could say what arrived"
        self.notes.append(why)
        self.evidence = replace(self.evidence, welcome=None, lost=why)

    def _say_why_unheard(self, talk: Talk, line: Line) -> None:
        """No listener answered, or none any more: for want of room on the way, or nobody knows why."""
        channel, takes = line.channel, talk.narrowness()
        if takes is not None:
            label, needs = self.family.label, line.packet_size
            why = (
                f"the way to it over {label} takes packets of {takes} bytes at most (its MTU), and the talk with the "
                f"listener needs {needs}; raise the MTU of the link or tunnel that limits it"
            )
            self.notes.append(f"what did not answer is not known over {label}: {why}")
            self.evidence = replace(self.evidence, welcome=None, lost=why)
        elif channel is not None:
            self._lose_listener()
        else:
            self._say_silence()

    def _say_silence(self) -> None:
        self.notes.append(
            f"no listener answered over {self.family.label}: all is blocked, or `probe listen` is not running there, "
            "or this token is of another of its runs; its own report says what arrived"
        )

    def _doors(self) -> list[int]:
        """UDP ports at which the host, or a router in its place, may say that nobody is there."""
        wanted = [target.ports for target in self.plan if target.wanted and target.ports.protocol is Protocol.UDP]
        return [port for one in wanted for port in sample(one, 2)][:ALONE_PORTS] or [9]

    # --- without

    def _alone(self) -> None:
        # samples of silence beside a range would prove nothing
        self.plan = [one for one in self.plan if one.wanted or one.ports.protocol is Protocol.TCP]
        self._connect(None, None)
        ports = [port for one in self.plan if one.ports.protocol is Protocol.UDP for port in _few(one.ports)]
        self._phase("UDP ports, as far as that goes without a listener")
        found = asyncio.run(knock(self.address, ports[:64], pace=LONG))
        self.budget.spend(3 * len(found))
        self.evidence = replace(self.evidence, alone=found)
        if set(self.evidence.tcp.values()) | set(found.values()) <= {Tcp.NO_ROUTE, Udp.NO_ROUTE}:
            raise Unsendable(f"this machine has no route to it over {self.family.label}")

    # --- in both cases

    def _ask_services(self) -> None:
        """Speak to the services that are there, in their own protocols."""
        asked = [one for one in self.plan if one.wanted and self._is_worth_asking(one)]
        if not asked:
            return
        self._phase("services")
        self.answers = asyncio.run(self._ask_each(asked))
        spoke = {answer.ports.first for answer in self.answers if answer.ok and answer.ports.protocol is Protocol.UDP}
        if not self.evidence.listened and spoke:
            # what answers in its own protocol is reachable, whatever a lone byte met with
            self.evidence = replace(self.evidence, alone={**self.evidence.alone, **dict.fromkeys(spoke, Udp.ANSWERED)})

    def _is_worth_asking(self, target: Target) -> bool:
        ports, service = target.ports, target.service
        if service is None or service in self.job.unasked or len(ports) > 1:
            return False
        if (service, ports.protocol) not in ASKABLE:
            return False
        if ports.protocol is Protocol.TCP:
            return self.evidence.tcp.get(ports.first) is Tcp.ACCEPTED
        if self.welcome is None:
            return not self.evidence.listened
        in_use = [one for one in self.welcome.in_use_udp if one.first <= ports.first <= one.last]
        if not in_use and ports.first in self.evidence.answered:
            self.notes.append(f"nothing listens on {ports} yet, so {service.label} was not spoken to")
        return bool(in_use) and ports.first in self.evidence.answered

    async def _ask_each(self, targets: Sequence[Target]) -> list[Answer]:
        async def one(target: Target) -> Answer | None:
            ports, service = target.ports, target.service
            if service is None:
                return None
            name = self.job.names.get(service) or _name(self.host)
            return await ask(service, ports.protocol, ports.first, self.address, name, self.family)

        said = await asyncio.gather(*(one(target) for target in targets))
        return [answer for answer in said if answer is not None]

    def _phase(self, text: str) -> None:
        self.progress.phase(f"{self.family.label}: {text}")


def _tcp_pace(round_trip: float, loss: float) -> Pace:
    """Attempts stay open beside each other, so that all but the last have several round trips.

    A SYN or its answer is lost once in ten at 5 % each way, eight in a row once in a hundred million.
    """
    return Pace(attempts=8 if loss > LOSSY else 5, interval=max(0.1, 1.5 * round_trip), at_once=512)


def _spread(ports: Sequence[int], most: int) -> list[int]:
    """At most so many of them, evenly."""
    step = max(1, len(ports) // most)
    return list(ports[::step][:most])


def _few(ports: PortRange) -> list[int]:
    return sample(ports, ALONE_PORTS) if len(ports) > 1 else [ports.first]


def _name(host: str) -> str | None:
    """A DNS name, for certificates; None for an address, and for one of each family."""
    for word in host.split():
        try:
            ip_address(word)
        except ValueError:
            return word
    return None
