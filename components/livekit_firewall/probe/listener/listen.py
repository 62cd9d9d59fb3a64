"""`probe listen`: answers one run's packets until it is over, and says what arrived.

listener = Listener(token, ports, digest, seconds=300)
with listener:
    listener.run(on_bye=print)
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import final

from msgspec import Struct

from ...model.ports import PortRange
from ..wire.messages import (
    HEAD,
    EmptyReply,
    Fate,
    Hello,
    Keys,
    Kind,
    ReportReply,
    ReportRequest,
    RulesReply,
    RuleText,
    TraceRequest,
    Welcome,
    decode,
    most_reported,
    pack_fates,
    ranges,
    within,
)
from ..wire.token import Token
from . import privileges
from .backend import Backend
from .bound import BoundSockets
from .connection_table import check_room
from .diverted import DivertedSockets
from .nft_session import CannotDivert
from .report import CheckerReport
from .responder import Control, Responder, Session
from .tcp import ports_in_use

MAX_TRACED = 32
"""Ports whose rules are looked for at once."""
MAX_IN_USE, MAX_IN_USE_UDP = 44, 10
"""Ranges of ports in use in an answer, so that it fits."""
RULE_LENGTH, RULES_BESIDES = 160, 60


@final
class ProbeListener:
    """Attributes:
    diverts: whether UDP ports in use and unbound TCP ports are tested too.
    limits: what cannot be tested and why, as sentences.

    Args:
        token: of the run.
        ports: those of the configuration; bound where nothing can be diverted.
        digest: of the configuration, to tell a checker that was given another.
        seconds: after which it stops.
        divert: False: do not even try nft.
        confine: give up root's privileges but those that are needed (`privileges`): of the whole process, for good.

    Raises NoRoom, and OSError if nothing at all can be bound.
    """

    def __init__(
        self,
        token: Token,
        ports: Sequence[PortRange],
        digest: bytes,
        seconds: float,
        *,
        divert: bool = True,
        confine: bool = False,
    ) -> None:
        check_room(ports)
        self.digest = digest
        self.responder = Responder(Keys(token), time.monotonic() + seconds)
        self._keys = self.responder.keys
        self._hellos: dict[tuple[int, int], Hello] = {}
        if confine:
            self._keys.load()
            privileges.confine()
        limits: tuple[str, ...] = ()
        self._ground: Backend
        try:
            if not divert:
                raise CannotDivert("it was told not to use nft (--no-nft)")
            self._ground = DivertedSockets(self._keys, self.responder, time.time() + seconds)
        except CannotDivert as why:
            bound = BoundSockets(self._keys, self.responder, ports)
            bound.control = self._control
            self._ground, limits = bound, (f"nothing is diverted: {why}",)
        if confine:
            privileges.settle(privileges.NEEDED if self._ground.diverts else 0)
        self._answers: dict[Kind, Callable[[Control], Struct | None]] = {
            Kind.HELLO: self._hello,
            Kind.REPORT: self._report,
            Kind.TRACE: self._trace,
            Kind.RULES: self._rules,
            Kind.BYE: self._bye,
            Kind.ECHO: self._echo,
        }
        self.diverts = self._ground.diverts
        self.limits = (*limits, *self._ground.limits)

    def __enter__(self) -> ProbeListener:
        return self

    def __exit__(self, *_: object) -> None:
        self._ground.close()

    def run(self, on_bye: Callable[[list[CheckerReport]], None], *, once: bool = False) -> None:
        """Until the time is over, or with `once` until a checker has ended its session, whose report `on_bye` gets.

        Raises CannotDivert if the nft table is lost on the way.
        """
        ground, self._on_bye = self._ground, on_bye
        with selectors.DefaultSelector() as waiting:
            for one, call in ground.sockets().items():
                waiting.register(one, selectors.EVENT_READ, call)
            if ground.tap is not None:
                waiting.register(ground.tap.socket, selectors.EVENT_READ, self._read_tap)
            held: set[socket.socket] = set()

            def take_up() -> None:
                now = ground.tcp.sockets()
                for gone in held - now.keys():
                    waiting.unregister(gone)
                for new in now.keys() - held:
                    waiting.register(new, selectors.EVENT_READ, now[new])
                held.clear()
                held.update(now)

            take_up()
            while (left := self.responder.expires - time.monotonic()) > 0:
                for key, _ in waiting.select(min(left, 0.5)):
                    key.data()
                ground.check()
                ground.tcp.close_silent(time.monotonic())
                take_up()
                if once and any(session.is_finished for session in self.responder.sessions.values()):
                    return

    def reports(self, session: Session | None = None) -> list[CheckerReport]:
        """The reports on every checker, or on one, so far."""
        sessions = [session] if session else list(self.responder.sessions.values())
        return [self._report_on(one, family) for one in sessions for family in sorted(one.sources)]

    def _report_on(self, session: Session, family: int) -> CheckerReport:
        hello = self._hellos.get((id(session), family), Hello(b"", [], [], [], []))
        return CheckerReport(
            family,
            session.sources[family],
            tuple(within(hello.wanted_udp)),
            tuple(within(hello.wanted_tcp)),
            self._ground.fates(session, family, True),
            self._ground.fates(session, family, False),
            frozenset(self._in_use("tcp", family)),
            self._ground.dropped_by(session, family),
            self._ground.sees_arrivals,
            self._ground.sees_arrivals and self._ground.diverts,
            session.is_finished,
        )

    def _read_tap(self) -> None:
        tap = self._ground.tap
        for _ in range(64):
            packet = tap.read() if tap is not None else None
            if packet is None:
                return
            if isinstance(self._ground, BoundSockets) and packet.data[HEAD.size - 1] == Kind.PROBE:
                self._ground.saw(packet.family, packet.source, packet.port)
            self._control(
                packet.family, packet.source, packet.source_port, packet.destination, packet.port, packet.data
            )

    def _control(self, family: int, source: str, source_port: int, here: str, port: int, data: bytes) -> None:
        control = self.responder.control(data, source, family, time.monotonic())
        if control is None:
            return
        self._ground.check()  # or what is not seen any more would be said not to arrive
        answer = self._answers[control.kind](control)
        if answer is not None:
            with suppress(ValueError):  # asked in a message that the answer has no room in
                reply = self.responder.reply(control, answer)
                self._ground.send(family, here, port, (source, source_port), reply)
        if control.kind is Kind.BYE and not control.session.is_finished:
            control.session.is_finished = True
            self._on_bye(self.reports(control.session))
            self._dismiss(control.session)

    def _dismiss(self, over: Session) -> None:
        """Unless another checker at the same address is not done."""
        others = [one for one in self.responder.sessions.values() if not one.is_finished]
        for source in set(over.sources.values()) - {source for one in others for source in one.sources.values()}:
            self._ground.dismiss(source)

    def _hello(self, control: Control) -> Welcome | None:
        hello = decode(control.body, Hello)
        if hello is None:
            return None
        tcp = within(hello.tcp)
        # a checker says it twice: what the first asked for is done when the second is answered
        self._hellos[id(control.session), control.family] = hello
        self._ground.admit(control.source, tcp)
        ground, family = self._ground, control.family
        in_use = ranges(set(tcp) & self._in_use("tcp", family))[:MAX_IN_USE]
        in_use_udp = ranges(set(within(hello.asked_udp)) & self._in_use("udp", family))[:MAX_IN_USE_UDP]
        same = hello.digest == self.digest
        return Welcome(control.source, same, in_use, in_use_udp, ground.diverts, ground.sees_arrivals)

    def _in_use(self, protocol: str, family: int) -> set[int]:
        """Ports that somebody else listens on."""
        return ports_in_use(protocol, family) - self._ground.bound(protocol)

    def _report(self, control: Control) -> ReportReply | None:
        asked = decode(control.body, ReportRequest)
        if asked is None:
            return None
        fates = self._ground.fates(control.session, control.family, asked.udp)
        wanted = within(asked.ports)[: most_reported(control.size)]
        if asked.udp and not self._ground.diverts:  # where nothing is bound, nobody could answer, whatever arrived
            bound = self._ground.bound("udp")
            fates = {port: fates.get(port, Fate.NOTHING) if port in bound else Fate.UNTESTABLE for port in wanted}
        strays = control.family in control.session.strays
        return ReportReply(pack_fates([fates.get(port, Fate.NOTHING) for port in wanted]), strays)

    def _trace(self, control: Control) -> EmptyReply | None:
        asked = decode(control.body, TraceRequest)
        ports = [port for port in asked.ports if 0 < port <= 65535][:MAX_TRACED] if asked else []
        if asked is None or not ports:
            return None
        self._ground.trace(ports, asked.udp)
        return EmptyReply()

    def _rules(self, control: Control) -> RulesReply:
        """Of the ports that are asked for, or of all, as many as there is room for."""
        told, asked = self._ground.dropped_by(control.session, control.family), decode(control.body, TraceRequest)
        found = [
            (udp, port, text)
            for (udp, port), text in told.items()
            if asked is None or (udp is asked.udp and port in asked.ports)
        ]
        kept: list[RuleText] = []
        room = control.size - RULES_BESIDES
        for udp, port, text in sorted(found):
            short = text if len(text) <= RULE_LENGTH else text[: RULE_LENGTH - 1] + "…"
            room -= len(short.encode()) + 8
            if room < 0:
                break
            kept.append(RuleText(udp, port, short))
        return RulesReply(kept)

    def _bye(self, _control: Control) -> EmptyReply:
        return EmptyReply()

    def _echo(self, _control: Control) -> EmptyReply:
        """That a message of this size gets here, and back."""
        return EmptyReply()

    _on_bye: Callable[[list[CheckerReport]], None] = staticmethod(lambda _heard: None)
