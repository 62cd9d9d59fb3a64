"""One address family of a check: with a listener or without, from the first message to the evidence.

The order: say hello over whatever UDP port gets through, sweep the UDP ports, connect to the TCP ports, ask the
listener what became of those that did not answer, speak to the services.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from ipaddress import ip_address

from msgspec.structs import replace

from ...model.addresses import Family
from ...model.ports import PortRange, Protocol
from ...model.text import quoted
from ..results.judge import Evidence, blocked_on_host, rows, with_rules
from ..results.socket_results import TcpResult, UdpResult
from ..results.verdict import ProbeTarget, Row, ServiceAnswer
from ..wire.messages import Welcome
from .connect import Exchange, Pace, connect
from .job import Job, Progress
from .listener_client import ListenerClient
from .new_flows import limit_of_new_flows
from .plan import tcp_ports, udp_ports
from .service_questions import ask_each, has_question
from .sweep import SweepResult, sweep
from .tcp_attempts import DEFAULT_PACE, LOSSY, UDP_PACE, listener_exchanges, packets_sent, tcp_pace
from .transport import Budget, CannotSend, ProbeRun, Transport
from .without_listener import FAILURES, probe_udp, sample

ALONE_PORTS = 16
"""UDP ports of a range that are tried without a listener: systems send few ICMP errors."""
MAX_TRACED = 12


class FamilyCheck:
    """One family of one host, and what is known of it so far."""

    def __init__(self, family: Family, address: str, host: str, job: Job, budget: Budget, progress: Progress) -> None:
        self.family, self.address, self.host = family, address, host
        self.job, self.budget, self.progress = job, budget, progress
        self.plan = list(job.planner({family: None}))
        self.client: ListenerClient | None = None
        self.welcome: Welcome | None = None
        self.evidence = Evidence(job.token is not None, None, {}, {}, {}, {}, {}, {})
        self.answers: list[ServiceAnswer] = []
        self.notes: list[str] = []

    def rows(self) -> list[Row]:
        return [row for target in self.plan for row in rows(target, self.evidence)]

    def try_all(self, run: ProbeRun | None, stack: ExitStack) -> None:
        try:
            if run is not None:
                self._check_with_listener(stack.enter_context(Transport(run, self.family, self.address)))
            else:
                self._check_without_listener()
        except CannotSend as why:
            self.evidence = replace(self.evidence, unsendable=str(why))
            self.notes.append(f"{self.family.label} was not tested: {why}")
            return
        self._ask_services()

    # --- with a listener

    def _check_with_listener(self, transport: Transport) -> None:
        self.client = client = ListenerClient(transport, self.job.digest)
        self._phase("looking for the listener")
        self.welcome = client.hello(self.plan)
        self._settle_plan()
        meanwhile = self._connect_meanwhile(transport, client)
        self._phase("UDP ports")
        swept = sweep(transport, udp_ports(self.plan, self.family), self.progress.done)
        if swept.answered and transport.channel is None:
            transport.channel = next(iter(swept.answered))
        # said twice: when the second is answered, the TCP ports are diverted
        self.welcome = client.hello(self.plan) if transport.channel is not None else self.welcome
        self._settle_plan()
        self.evidence = replace(self.evidence, welcome=self.welcome, answered=swept.answered, unsendable=swept.doubt)
        wanted = udp_ports([target for target in self.plan if target.wanted], self.family)
        doubt = swept.doubt or limit_of_new_flows(transport, wanted, swept)
        self.evidence = replace(self.evidence, unsendable=doubt)
        if doubt:
            self.notes.append(f"not every UDP port was tested over {self.family.label}: {doubt}")
        self._connect(transport, swept, meanwhile)
        if self.welcome is not None:
            self._ask_fates(client)
            self._ask_rules(client, transport, swept)
        else:
            self._note_why_no_answer(client, transport)

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
            self.notes.append("`probe listen` was given another configuration: the expected ports may differ")

    def _connect_meanwhile(self, transport: Transport, client: ListenerClient) -> Future[dict[int, TcpResult]] | None:
        """TCP, while the UDP ports are swept; None if no listener answers yet."""
        # said again: when this one is answered, the TCP ports are diverted
        if self.welcome is None or client.hello(self.plan) is None:
            return None
        ports, exchange = tcp_ports(self.plan, self.family), listener_exchanges(transport, self.welcome)
        pace = tcp_pace(transport.round_trip or 0.0, 0.0)
        apart = ThreadPoolExecutor(1)
        try:
            return apart.submit(lambda: asyncio.run(connect(self.address, ports, exchanges=exchange, pace=pace)))
        finally:
            apart.shutdown(wait=False)

    def _connect(
        self,
        transport: Transport | None,
        swept: SweepResult | None,
        meanwhile: Future[dict[int, TcpResult]] | None = None,
    ) -> None:
        """TCP, as patiently as the loss that was measured asks for."""
        round_trip = (swept.round_trip if swept else None) or (transport.round_trip if transport else None)
        loss = swept.loss if swept else None
        pace = DEFAULT_PACE if round_trip is None else tcp_pace(round_trip, loss or 0.0)
        known = meanwhile.result() if meanwhile is not None else {}
        self.budget.spend(packets_sent(known, tcp_pace(0.0, 0.0)))
        if loss is None or loss > LOSSY:
            # what was silent may have been lost, be it to the sweep itself
            known = {port: word for port, word in known.items() if word is not TcpResult.SILENT}
        ports = [port for port in tcp_ports(self.plan, self.family) if port not in known]
        udp = self._silent_host_ports() if transport is not None and self.welcome is None else []
        found = self._try_tcp(ports, listener_exchanges(transport, self.welcome), pace, udp) if ports or udp else {}
        self.evidence = replace(self.evidence, tcp={**known, **found})

    def _try_tcp(
        self,
        ports: Sequence[int],
        exchange: Callable[[int, int], Exchange | None],
        pace: Pace,
        udp: Sequence[int] = (),
    ) -> dict[int, TcpResult]:
        """TCP ports, and meanwhile these of UDP, without a word for the listener."""
        self._phase("TCP ports")
        settled: set[int] = set()

        def on_done(port: int) -> None:
            settled.add(port)
            self.progress.done(len(settled) / len(ports))

        async def both() -> tuple[dict[int, TcpResult], dict[int, UdpResult]]:
            connecting = connect(self.address, ports, exchanges=exchange, pace=pace, on_done=on_done)
            return await asyncio.gather(connecting, probe_udp(self.address, udp, pace=UDP_PACE))

        found, alone = asyncio.run(both())
        told = {port: FAILURES[why] for port, why in self.client.icmp_errors().items()} if self.client else {}
        self.evidence = replace(self.evidence, alone={**alone, **told}) if udp else self.evidence
        self.budget.spend(len(udp) * UDP_PACE.attempts)
        self.budget.spend(packets_sent(found, pace))
        return found

    def _ask_fates(self, client: ListenerClient) -> None:
        """What the host saw of the ports that did not answer."""
        self._phase("what the server saw")
        reached = {port for port, word in self.evidence.tcp.items() if word in (TcpResult.ACCEPTED, TcpResult.ANSWERED)}
        udp = [port for port in udp_ports(self.plan, self.family) if port not in self.evidence.answered]
        tcp = [port for port in tcp_ports(self.plan, self.family) if port not in reached]
        udp_fates, tcp_fates = client.fates(udp, udp=True), client.fates(tcp, udp=False)
        if udp_fates is None or tcp_fates is None:
            self._note_lost_listener()
            return
        self.evidence = replace(self.evidence, udp_fates=udp_fates, tcp_fates=tcp_fates)
        if client.has_strays:
            why = (
                f"over {self.family.label} this run's packets came to the host from several addresses, as of a NAT pool"
            )
            self.notes.append(f"{why}: only those from the first were answered")
            self.evidence = replace(self.evidence, lost=why)

    def _ask_rules(self, client: ListenerClient, transport: Transport, swept: SweepResult) -> None:
        """For wanted ports that the host blocks: by which rule."""
        wanted = [target for target in self.plan if target.wanted]
        for protocol in Protocol:
            ports = [
                port for target in wanted if target.ports.protocol is protocol
                for port in blocked_on_host(target, self.evidence)
            ][:MAX_TRACED]  # fmt: skip
            is_udp = protocol is Protocol.UDP
            if not ports or not client.trace(ports, udp=is_udp):
                continue
            if is_udp:
                sweep(transport, ports, rounds=3)
            else:
                pace = Pace(attempts=2, interval=max(0.1, 3 * (swept.round_trip or 0.1)))
                self._try_tcp(ports, lambda _port, _attempt: None, pace)
            found = client.rules(ports, udp=is_udp)
            self.evidence = with_rules(self.evidence, wanted, protocol, found)

    def _note_lost_listener(self) -> None:
        """Nothing is known of silent ports then: perhaps it was gone when they were tried."""
        why = "the listener stopped answering before it could say what arrived"
        self.notes.append(why)
        self.evidence = replace(self.evidence, welcome=None, lost=why)

    def _note_why_no_answer(self, client: ListenerClient, transport: Transport) -> None:
        """No listener answered, or none any more: for want of room on the way, or nobody knows why."""
        channel, takes = transport.channel, client.path_mtu()
        if takes is not None:
            label, needs = self.family.label, transport.packet_size
            why = (
                f"the way to it over {label} takes packets of {takes} bytes at most (its MTU), and control messages "
                f"to the listener need {needs}; raise the MTU of the link or tunnel that limits it"
            )
            self.notes.append(f"ports without an answer are not judged over {label}: {why}")
            self.evidence = replace(self.evidence, welcome=None, lost=why)
        elif channel is not None:
            self._note_lost_listener()
        else:
            self._note_silence()

    def _note_silence(self) -> None:
        self.notes.append(
            f"no listener answered over {self.family.label}: all is blocked, or `probe listen` is not running there, "
            "or this token belongs to another run of it; its own report says what arrived"
        )

    def _silent_host_ports(self) -> list[int]:
        """UDP ports at which the host, or a router in its place, may say that nobody is there."""
        wanted = [target.ports for target in self.plan if target.wanted and target.ports.protocol is Protocol.UDP]
        return [port for one in wanted for port in sample(one, 2)][:ALONE_PORTS] or [9]

    # --- without

    def _check_without_listener(self) -> None:
        # samples of silence beside a range would prove nothing
        self.plan = [one for one in self.plan if one.wanted or one.ports.protocol is Protocol.TCP]
        self._connect(None, None)
        ports = [port for one in self.plan if one.ports.protocol is Protocol.UDP for port in _few(one.ports)]
        self._phase("UDP ports, as far as possible without a listener")
        found = asyncio.run(probe_udp(self.address, ports[:64], pace=DEFAULT_PACE))
        self.budget.spend(3 * len(found))
        self.evidence = replace(self.evidence, alone=found)
        if set(self.evidence.tcp.values()) | set(found.values()) <= {TcpResult.NO_ROUTE, UdpResult.NO_ROUTE}:
            raise CannotSend(f"this machine has no route to it over {self.family.label}")

    # --- in both cases

    def _ask_services(self) -> None:
        """Speak to the services that are there, in their own protocols."""
        asked = [one for one in self.plan if one.wanted and self._can_be_asked(one)]
        if not asked:
            return
        self._phase("services")
        self.answers = asyncio.run(ask_each(asked, self.address, self.host, self.job.names))
        answering = {one.ports.first for one in self.answers if one.ok and one.ports.protocol is Protocol.UDP}
        if not self.evidence.listened and answering:
            # what answers in its own protocol is reachable, whatever became of a single byte
            answered = dict.fromkeys(answering, UdpResult.ANSWERED)
            self.evidence = replace(self.evidence, alone={**self.evidence.alone, **answered})

    def _can_be_asked(self, target: ProbeTarget) -> bool:
        if not has_question(target, self.job.unasked):
            return False
        ports = target.ports
        if ports.protocol is Protocol.TCP:
            return self.evidence.tcp.get(ports.first) is TcpResult.ACCEPTED
        if self.welcome is None:
            return not self.evidence.listened
        if ports.first not in self.evidence.answered:
            return False
        in_use = any(one.first <= ports.first <= one.last for one in self.welcome.in_use_udp)
        if not in_use and target.service is not None:
            self.notes.append(f"nothing listens on {ports} yet, so {target.service.label} was not spoken to")
        return in_use

    def _phase(self, text: str) -> None:
        self.progress.phase(f"{self.family.label}: {text}")


def _few(ports: PortRange) -> list[int]:
    return sample(ports, ALONE_PORTS) if len(ports) > 1 else [ports.first]
