"""Runs as the checker would hand them over, for whoever turns one into words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from hypothesis import strategies as st

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import PortRange
from livekit_firewall.model.services import Service
from livekit_firewall.probe.results.verdict import (
    Outcome,
    PortVerdict,
    ProbeTarget,
    Row,
    ServiceAnswer,
    Traffic,
    Verdict,
    fold,
)

RANGE_KEYS = "rtc.port_range_start, rtc.port_range_end"
ADDRESSES = {Family.IPV4: "203.0.113.1", Family.IPV6: "2001:db8::1"}

USUAL = Traffic(10380, 0.11)

BEFORE = PortVerdict(Verdict.BLOCKED_BEFORE_HOST)
OPEN = PortVerdict(Verdict.REACHABLE)
BY_PROBE = PortVerdict(Verdict.REACHABLE, by_probe=True)
UNTESTED = PortVerdict(Verdict.UNTESTED)

MEDIA = (PortRange.udp(50000, 60000), Service.ICE_UDP, RANGE_KEYS)
ICE_TCP = (PortRange.tcp(7881), Service.ICE_TCP, "rtc.tcp_port")
REDIS = (PortRange.tcp(6379), Service.REDIS, "plugnmeet")
NATS = (PortRange.tcp(4222), Service.NATS, "plugnmeet")
MARIADB = (PortRange.tcp(3306), Service.MARIADB, "plugnmeet")
API = (PortRange.tcp(7880), Service.API, "port")

What = tuple[PortRange, Service | None, str]


def rows(
    what: What,
    seen: PortVerdict | Callable[[int], PortVerdict],
    *,
    wanted: bool = True,
    families: Iterable[Family] = Family,
    reason: str = "",
) -> list[Row]:
    """One target per family; `seen` for all its ports, or for each."""
    ports, service, key = what
    found = []
    for family in families:
        target = ProbeTarget(ports, family, wanted, service, key, reason)
        numbers = range(ports.first, ports.last + 1)
        found += fold(target, [seen(port) if callable(seen) else seen for port in numbers])
    return found


def beside(
    ports: PortRange, seen: PortVerdict, reason: str = "just outside udp/50000-60000", **more: object
) -> list[Row]:
    return rows((ports, None, RANGE_KEYS), seen, wanted=False, reason=reason, **more)  # type: ignore[arg-type]


def only_ends(port: int) -> PortVerdict:
    """Of 50000-60000 its first and its last port: the fault of OpenVidu's Azure templates."""
    return BY_PROBE if port in (50000, 60000) else BEFORE


def outcome(
    *some: list[Row],
    answers: tuple[ServiceAnswer, ...] = (),
    traffic: Traffic = USUAL,
    has_listener: bool = True,
    notes: tuple[str, ...] = (),
    host: str = "livekit.example.org",
    addresses: dict[Family, str] = ADDRESSES,
) -> Outcome:
    return Outcome(host, addresses, tuple(row for part in some for row in part), answers, traffic, has_listener, notes)


def port_ranges() -> st.SearchStrategy[PortRange]:
    """Short, near each other, of both protocols: so that they touch and overlap."""
    made = st.sampled_from([PortRange.tcp, PortRange.udp])
    return st.builds(lambda make, first, more: make(first, first + more), made, st.integers(1, 40), st.integers(0, 12))


def seens() -> st.SearchStrategy[PortVerdict]:
    return st.builds(PortVerdict, st.sampled_from(Verdict), st.text(max_size=8), st.booleans())


# Made once: Hypothesis checks a strategy whenever it first draws from it.
_TEXTS = st.text(max_size=12)
_FAMILIES = st.sampled_from(Family)
_SERVICES = st.sampled_from(Service)
_PORTS = st.builds(PortRange.tcp, st.integers(1, 40))
_TARGET = st.builds(ProbeTarget, port_ranges(), _FAMILIES, st.booleans(), st.none() | _SERVICES, _TEXTS, _TEXTS)
_TARGETS = st.lists(_TARGET, max_size=5, unique=True)
_SEEN = st.lists(seens(), min_size=1, max_size=3)
_ADDRESSES = st.dictionaries(_FAMILIES, _TEXTS)
_ANSWERS = st.lists(st.builds(ServiceAnswer, _SERVICES, _PORTS, _FAMILIES, st.booleans(), _TEXTS), max_size=3)
_NOTES = st.lists(_TEXTS, max_size=2)


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    """Any run, with whatever texts somebody may send."""
    found: list[Row] = []
    for one in draw(_TARGETS):
        few = st.sampled_from(draw(_SEEN))
        found += fold(one, [draw(few) for _ in range(len(one.ports))])
    return Outcome(
        draw(_TEXTS),
        draw(_ADDRESSES),
        tuple(found),
        tuple(draw(_ANSWERS)),
        Traffic(draw(st.integers(0, 10**6)), draw(st.floats(0, 100))),
        draw(st.booleans()),
        tuple(draw(_NOTES)),
    )
