"""Whole runs of `check` on loopback: with a listener that binds the ports, with a peer that misbehaves, with none."""

from __future__ import annotations

import errno
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from msgspec import Struct

from livekit_firewall.model.addresses import Address, Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.services import Service
from livekit_firewall.probe.checker import family_check as check_module
from livekit_firewall.probe.checker import listener_client as client_module
from livekit_firewall.probe.checker import new_flows
from livekit_firewall.probe.checker.attempts import Pace
from livekit_firewall.probe.checker.check import check, most_packets
from livekit_firewall.probe.checker.job import Job, Progress
from livekit_firewall.probe.checker.sweep import SweepResult
from livekit_firewall.probe.listener import bound as bound_module
from livekit_firewall.probe.listener.listen import ProbeListener
from livekit_firewall.probe.listener.responder import Control
from livekit_firewall.probe.results.verdict import Outcome, ProbeTarget, Verdict
from livekit_firewall.probe.wire.messages import EmptyReply, Kind, ReportReply, Welcome
from livekit_firewall.probe.wire.token import Token

from .peer import TOKEN, Peer

DIGEST = b"8 bytes."
V4 = Family.IPV4
HOST = {V4: "127.0.0.1"}
LOST = "the listener stopped answering before it could say what arrived"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody answers, nobody need be waited for: loopback loses nothing."""
    quick = Pace(attempts=2, interval=0.3, at_once=64)
    monkeypatch.setattr(check_module, "DEFAULT_PACE", quick)
    monkeypatch.setattr(check_module, "UDP_PACE", quick)


class Planned:
    """A planner of given targets, that remembers whom it was asked for."""

    def __init__(self, *targets: tuple[PortRange, bool], service: Service | None = None) -> None:
        self.targets, self.service = targets, service
        self.asked: list[Mapping[Family, Address | None]] = []

    def __call__(self, sources: Mapping[Family, Address | None]) -> list[ProbeTarget]:
        self.asked.append(dict(sources))
        return [
            ProbeTarget(ports, family, wanted, self.service, reason="a test")
            for family in sources
            for ports, wanted in self.targets
        ]


class Told(Progress):
    """What a progress bar would be told."""

    def __init__(self) -> None:
        self.phases: list[str] = []
        self.shares: list[float] = []

    def phase(self, text: str) -> None:
        self.phases.append(text)

    def done(self, share: float) -> None:
        self.shares.append(share)


def free_ports(count: int) -> int:
    """The first of so many consecutive ports that nobody has."""
    for first in range(12_000, 20_000, 100):  # test_bound takes those from 20,000 on, perhaps in another worker
        held: list[socket.socket] = []
        try:
            for port in range(first, first + count):
                for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
                    held.append(socket.socket(socket.AF_INET, kind))
                    held[-1].bind(("0.0.0.0", port))
        except OSError:
            continue
        finally:
            for one in held:
                one.close()
        return first
    raise AssertionError("no free ports")


@contextmanager
def listening(token: Token, ports: list[PortRange], digest: bytes = DIGEST) -> Iterator[ProbeListener]:
    with ProbeListener(token, ports, digest, 120, divert=False) as listener:
        thread = threading.Thread(target=listener.run, args=(lambda _heard: None,), daemon=True)
        thread.start()
        yield listener
        listener.responder.expires = 0.0
        thread.join()


def verdicts(outcome: Outcome) -> dict[str, str]:
    return {f"{row.ports} {'wanted' if row.target.wanted else 'closed'}": str(row.seen.verdict) for row in outcome.rows}


def new_token() -> Token:
    return Token.new(300, time.time())


def no_tap(*_: object, **_more: object) -> None:
    raise PermissionError(errno.EPERM, "Operation not permitted")


# --- with a listener


def test_all_that_is_open_is_reachable_and_the_progress_is_a_share() -> None:
    first, told, token = free_ports(12), Told(), new_token()
    udp, tcp = PortRange.udp(first, first + 9), PortRange.tcp(first + 10)
    planner = Planned((udp, True), (tcp, True))
    with listening(token, [udp, tcp]):
        outcome = check("localhost", HOST, Job(planner, DIGEST, token), told)

    assert verdicts(outcome) == {f"{udp} wanted": "reachable", f"{tcp} wanted": "reachable"}
    assert [row.seen.by_probe for row in outcome.rows] == [True, True]
    assert (outcome.host, outcome.addresses, outcome.has_listener) == ("localhost", HOST, True)
    assert (outcome.answers, outcome.notes, outcome.as_wanted) == ((), (), True)
    assert 11 < outcome.traffic.packets <= most_packets(outcome_plan(outcome))
    assert told.phases[:2] == ["IPv4: looking for the listener", "IPv4: UDP ports"]
    assert all(0.0 <= share <= 1.0 for share in told.shares)
    assert 1.0 in told.shares
    # as whom the listener sees it is who it plans for
    assert {str(one[V4]) for one in planner.asked} == {"None", "127.0.0.1"}


def outcome_plan(outcome: Outcome) -> list[ProbeTarget]:
    return list({row.target: None for row in outcome.rows})


def test_a_token_of_another_run_is_answered_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "HELLO_PATIENCE", 0.8)
    first, token = free_ports(3), new_token()
    udp = PortRange.udp(first, first + 1)
    with listening(token, [udp]):
        outcome = check("localhost", HOST, Job(Planned((udp, True)), DIGEST, new_token()))

    assert outcome.has_listener is False
    assert outcome.as_wanted is not True
    assert not [row for row in outcome.rows if row.seen.verdict is Verdict.REACHABLE]
    assert [note.split(":")[0] for note in outcome.notes] == ["no listener answered over IPv4"]


def test_another_configuration_is_noted_once() -> None:
    first, token = free_ports(2), new_token()
    udp = PortRange.udp(first)
    with listening(token, [udp], b"another."):
        outcome = check("localhost", HOST, Job(Planned((udp, True)), DIGEST, token))

    assert outcome.notes == ("`probe listen` was given another configuration: the expected ports may differ",)
    assert outcome.as_wanted is True


def test_a_udp_port_that_the_listener_could_not_bind_is_not_tested() -> None:
    first, token = free_ports(3), new_token()
    udp = PortRange.udp(first, first + 1)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("0.0.0.0", first + 1))
        with listening(token, [udp]):
            outcome = check("localhost", HOST, Job(Planned((udp, True)), DIGEST, token))

    assert {(row.ports.first, row.seen.verdict) for row in outcome.rows} == {
        (first, Verdict.REACHABLE),
        (first + 1, Verdict.UNTESTED),
    }
    assert outcome.as_wanted is None


@pytest.mark.parametrize("is_root", [True, False])
def test_a_closed_udp_port_that_nobody_could_answer_at_is_not_reported_as_blocked(
    monkeypatch: pytest.MonkeyPatch, is_root: bool
) -> None:
    """It may be open: a listener that binds answers only where it is bound."""
    if not is_root:
        monkeypatch.setattr(bound_module, "Tap", no_tap)
    first, token = free_ports(4), new_token()
    udp, beside = PortRange.udp(first), PortRange.udp(first + 2)
    with listening(token, [udp]):
        outcome = check("localhost", HOST, Job(Planned((udp, True), (beside, False)), DIGEST, token))

    assert verdicts(outcome) == {f"{udp} wanted": "reachable", f"{beside} closed": "not tested"}
    assert outcome.as_wanted is None


def test_a_tcp_port_that_a_service_has_answers_itself_and_a_closed_one_that_does_is_a_failure() -> None:
    first, token = free_ports(4), new_token()
    udp, tcp = PortRange.udp(first), PortRange.tcp(first + 1)
    with socket.socket() as service:
        service.bind(("0.0.0.0", first + 1))
        service.listen()
        with listening(token, [udp]):
            outcome = check("localhost", HOST, Job(Planned((udp, True), (tcp, False)), DIGEST, token))

    (row,) = (one for one in outcome.rows if one.ports == tcp)
    assert (row.seen.verdict, row.seen.by_probe) == (Verdict.REACHABLE, False)
    assert outcome.as_wanted is False


# --- a listener that misbehaves


class Half:
    """A listener on loopback that answers probes, and of control messages only some."""

    def __init__(self, *kinds: Kind, after: int = 0) -> None:
        self.kinds, self.after, self.hellos = kinds, after, 0

    def __call__(self, control: Control) -> Struct | None:
        self.hellos += control.kind is Kind.HELLO
        if control.kind not in self.kinds or (control.kind is Kind.HELLO and self.hellos <= self.after):
            return None
        if control.kind is Kind.HELLO:
            return Welcome("127.0.0.1", True, [], [], True, True)
        return ReportReply(b"") if control.kind is Kind.REPORT else EmptyReply()


def swept(monkeypatch: pytest.MonkeyPatch, answered: dict[int, int], doubt: str = "") -> None:
    """The sweep is left out: a peer answers no probes."""

    def sweep(_line: object, ports: Iterable[int], *_args: object, **_more: object) -> SweepResult:
        asked = set(ports)
        return SweepResult({port: at for port, at in answered.items() if port in asked}, 4, 0.0, 0.001, doubt)

    monkeypatch.setattr(check_module, "sweep", sweep)
    monkeypatch.setattr(new_flows, "sweep", sweep)


def run_with(peer: Peer, *more: tuple[PortRange, bool]) -> Outcome:
    targets = [(PortRange.udp(port), True) for port in sorted(peer.ports)]
    return check("localhost", HOST, Job(Planned(*targets, *more), DIGEST, TOKEN))


def test_a_lost_hello_is_made_up_for_when_the_sweep_finds_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "HELLO_PATIENCE", 0.8)
    with Peer(Half(Kind.HELLO, Kind.REPORT, Kind.BYE, after=1000)) as peer:
        half = peer.say

        def sweeping(*_args: object, **_more: object) -> SweepResult:
            half.after = 0  # type: ignore[attr-defined]
            asked = set(_args[1])  # type: ignore[call-overload]
            return SweepResult({port: port for port in asked & {min(peer.ports)}}, 4, 0.0, 0.001)

        monkeypatch.setattr(check_module, "sweep", sweeping)
        monkeypatch.setattr(new_flows, "sweep", sweeping)
        outcome = run_with(peer)

    one, other = sorted(peer.ports)
    assert outcome.has_listener is True
    assert verdicts(outcome) == {f"udp/{one} wanted": "reachable", f"udp/{other} wanted": "blocked before the host"}
    assert peer.got[-1].kind is Kind.BYE


def test_a_listener_that_stops_before_its_report_leaves_silent_ports_untested(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "PATIENCE", 0.3)
    with Peer(Half(Kind.HELLO)) as peer:
        one, other = sorted(peer.ports)
        swept(monkeypatch, {one: one})
        outcome = run_with(peer)

    assert verdicts(outcome) == {f"udp/{one} wanted": "reachable", f"udp/{other} wanted": "not tested"}
    assert outcome.rows[1].seen.detail == LOST
    assert outcome.notes == (LOST,)
    assert outcome.as_wanted is None


def test_a_sweep_that_is_in_doubt_leaves_silent_ports_untested(monkeypatch: pytest.MonkeyPatch) -> None:
    with Peer(Half(Kind.HELLO, Kind.REPORT, Kind.BYE)) as peer:
        one, other = sorted(peer.ports)
        swept(monkeypatch, {one: one}, "answers stopped coming while its ports were tried")
        outcome = run_with(peer)

    assert verdicts(outcome) == {f"udp/{one} wanted": "reachable", f"udp/{other} wanted": "not tested"}
    assert outcome.notes == (
        "not every UDP port was tested over IPv4: answers stopped coming while its ports were tried",
    )
    assert outcome.as_wanted is None


def test_an_address_that_makes_no_sense_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    def say(control: Control) -> Struct:
        if control.kind is Kind.HELLO:
            return Welcome("nonsense", True, [], [], True, True)
        return ReportReply(b"") if control.kind is Kind.REPORT else EmptyReply()

    with Peer(say) as peer:
        swept(monkeypatch, {port: port for port in peer.ports})
        outcome = run_with(peer)

    assert outcome.notes == ("the listener saw this machine over IPv4 as 'nonsense'",)
    assert outcome.as_wanted is True


# --- a machine that cannot send


def test_a_family_without_a_route_is_not_tested_and_the_other_is(monkeypatch: pytest.MonkeyPatch) -> None:
    first, token = free_ports(3), new_token()
    udp = PortRange.udp(first, first + 1)
    real = socket.socket

    def no_ipv6(kind: int, *more: int) -> socket.socket:
        if kind == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, "Address family not supported by protocol")
        return real(kind, *more)

    with listening(token, [udp]):
        monkeypatch.setattr(socket, "socket", no_ipv6)
        outcome = check("localhost", {**HOST, Family.IPV6: "::1"}, Job(Planned((udp, True)), DIGEST, token))

    why = "this machine has no IPv6: Address family not supported by protocol"
    assert [(row.target.family, str(row.seen.verdict), row.seen.detail) for row in outcome.rows] == [
        (V4, "reachable", ""),
        (Family.IPV6, "not tested", why),
    ]
    assert outcome.notes == (f"IPv6 was not tested: {why}",)
    assert outcome.as_wanted is None


# --- without a listener


def test_one_sided_it_says_what_tcp_and_icmp_say_and_no_more() -> None:
    first, told = free_ports(5), Told()
    with socket.socket() as service, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        service.bind(("127.0.0.1", first))
        service.listen()
        silent.bind(("127.0.0.1", first + 2))
        planner = Planned(
            (PortRange.tcp(first), True),
            (PortRange.tcp(first + 1), True),
            (PortRange.udp(first + 2), True),
            (PortRange.udp(first + 3), False),
        )
        outcome = check("localhost", HOST, Job(planner, DIGEST, None), told)

    assert verdicts(outcome) == {
        f"tcp/{first} wanted": "reachable",
        f"tcp/{first + 1} wanted": "open, but nobody listens",
        f"udp/{first + 2} wanted": "not tested",
    }  # the sample of UDP ports that are to be closed is left out: silence would prove nothing
    assert outcome.has_listener is False
    assert outcome.as_wanted is False
    assert all(0.0 <= share <= 1.0 for share in told.shares)


def test_the_bound_on_packets_grows_with_the_plan() -> None:
    small = most_packets(Planned((PortRange.udp(50000), True))({V4: None}))
    large = most_packets(Planned((PortRange.udp(50000, 60000), True))({V4: None, Family.IPV6: None}))

    assert 0 < small < large <= 2 * 10_001 * 22 + small
