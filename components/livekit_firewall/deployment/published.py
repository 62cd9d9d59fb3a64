"""The ports of a container that the host forwards: other machines reach only these."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..model.addresses import BOTH_FAMILIES, Family
from ..model.errors import Report
from ..model.ports import PortRange
from ..model.services import Audience, Service
from ..settings import Settings
from ..settings.networks import Network
from .access import Access
from .families import LOOPBACK_ONLY
from .listener import Listener

if TYPE_CHECKING:  # most runs need nothing of Compose
    from ..inputs.compose.model import Published


def on_node(listener: Listener, network: Network) -> Iterator[Listener]:
    """A container's listener as listeners of the node: one for each range of forwarded ports, with the host's ports,
    and one without families for each range that is not forwarded.
    """
    inside = replace(listener, network=network.name, is_on_loopback=not listener.families)
    if network.published is None:
        yield inside
        return
    taken, found = list[PortRange](), dict[PortRange, frozenset[Family]]()
    for entry, part in forwards(listener.ports, network.published) if listener.families else ():
        if entry.first is None or not entry.is_fixed:
            continue
        shift = entry.first - entry.target.first
        ports = PortRange(part.protocol, part.first + shift, part.last + shift)
        found[ports] = found.get(ports, LOOPBACK_ONLY) | families_of(entry.address)
        taken.append(part)
    for ports, families in found.items():
        audience = listener.audience if families else Audience.NOBODY
        yield replace(listener, ports=ports, families=families, audience=audience)
    for piece in listener.ports.without(taken):
        yield replace(inside, ports=piece, families=LOOPBACK_ONLY, audience=Audience.NOBODY)


def check_published(listeners: Iterable[Listener], settings: Settings, access: Access, report: Report) -> None:
    """Findings on public ports that are not forwarded, and on internal ports that are.

    Args:
        listeners: with the containers' own ports.
    """
    for listener in listeners:
        network = settings.networks.get(listener.owner)
        if network is None or network.published is None or network.is_pod:
            continue
        entries = [entry for entry, _ in forwards(listener.ports, network.published)]
        if entries and not listener.families:
            _check_bound(listener, entries[0], report)
        elif listener.service is Service.TURN_RELAY:
            lacking = _lacking(listener.ports, [one for one in entries if _is_right(one, listener, settings)])
            if lacking:
                note_relay(replace(listener, ports=lacking[0]), report)
        elif listener.audience in (Audience.PUBLIC, Audience.TRUNK):
            _check_needed(listener, entries, settings, network, report)
        elif listener.service is Service.TURN_TLS:
            _check_turn_tls(listener, entries, settings, network, access, report)
        else:
            _check_internal(listener.service, listener.audience, entries, access, report)
    for other in settings.other_services:
        if other.published:
            _check_internal(other.service, Audience.CLUSTER, [other.published], access, report)


def _check_bound(listener: Listener, entry: Published, report: Report) -> None:
    """Docker forwards to the container's own address, where a socket on its loopback does not listen."""
    text = f"{listener.service.label} on {listener.ports} is published, and listens on the loopback of its container"
    fix = "let it listen on every address of the container"
    if listener.service is Service.API:
        fix += ": --bind 0.0.0.0, or bind_addresses"
    report.finding("published-unbound", "error", entry.place, f"{text}, so that nobody reaches it", fix)


def note_relay(listener: Listener, report: Report) -> None:
    """Peers send relayed packets to the node's address, at ports that the host does not forward."""
    text = f"TURN announces relay sockets on {listener.ports} of the node's address, and the container's are not there"
    fix = "use network_mode: host, or publish a small relay range, port by port"
    report.finding("turn-relay-bridge", "warning", listener.place, text, fix)


def _check_turn_tls(
    listener: Listener, entries: list[Published], settings: Settings, network: Network, access: Access, report: Report
) -> None:
    """For TURN/TLS on a port that clients are not told: who ends TLS in front of it reaches it, and with a certificate
    of its own clients do, once 443 is forwarded to it.
    """
    is_in_front = settings.https is not None or access.load_balancer
    is_plain = settings.server is not None and settings.server.own.turn.external_tls
    told = 443 if not is_in_front and not is_plain else listener.ports.first
    if entries:
        fix = "" if told == listener.ports.first else f'publish it as "{told}:{listener.ports.first}"'
        _check_internal(listener.service, listener.audience, entries, access, report, fix)
    elif settings.https is None and (access.load_balancer or not is_plain):
        _missing(listener, settings, network, report, host=told)


def _check_needed(
    listener: Listener, entries: list[Published], settings: Settings, network: Network, report: Report
) -> None:
    if lacking := _lacking(listener.ports, entries):
        _missing(replace(listener, ports=lacking[0]), settings, network, report)
    announced = _announced(listener, settings)
    right = [one for one in entries if _is_right(one, listener, settings)]
    for entry in entries:
        if entry in right or not _lacking(listener.ports.common(entry.target), right):
            continue
        if not families_of(entry.address):
            text = f"{listener.service.label} on {listener.ports} is published on {entry.address} only"
            fix = "publish it without an address"
            report.finding("published-loopback", "error", entry.place, f"{text}, where no other machine is", fix)
        else:
            text = f"{listener.service.label} on {listener.ports} is published on {_host_ports(entry)}, and clients are"
            text = f"{text} told {announced or listener.ports.ports}"
            fix = "publish each port on the same port of the host"
            report.finding("published-elsewhere", "error", entry.place, text, fix)


def _is_right(entry: Published, listener: Listener, settings: Settings) -> bool:
    """Whether other machines reach the listener by this entry, at the port that they are told."""
    announced = _announced(listener, settings)
    is_told = announced is None or announced == _host_port(entry, listener)
    return bool(families_of(entry.address)) and entry.is_fixed and is_told


def _lacking(ports: PortRange, entries: Iterable[Published]) -> tuple[PortRange, ...]:
    """The ports that no entry forwards."""
    return ports.without(entry.target for entry in entries)


def _missing(listener: Listener, settings: Settings, network: Network, report: Report, host: int | None = None) -> None:
    """A finding for ports that are not forwarded; `host` is the port of the host to forward, by default the same."""
    others = [
        entry
        for entry in network.published or ()
        if entry.target.protocol is not listener.ports.protocol
        and entry.target.first <= listener.ports.last
        and listener.ports.first <= entry.target.last
    ]
    ports = f"{host or listener.ports.ports}:{listener.ports.ports}/{listener.ports.protocol}"
    severity, reached, fix = "error", "so nobody reaches it", f'add "{ports}" to ports, or use network_mode: host'
    if others:
        reached += f"; {others[0].target} is, which is the other protocol"
    if listener.service is Service.SIP and any(families_of(one.address) and one.is_fixed for one in others):
        severity, reached = "note", f"so trunks reach it by {others[0].target.protocol} alone"
    elif listener.service is Service.WHIP_ICE_UDP and _is_whip_by_default(settings, network):
        severity, fix = "note", f"{fix}; without WHIP, set whip_port: -1"
    text = f"{listener.service.label} on {listener.ports} ({listener.key}) is not published, {reached}"
    place = others[0].place if others else network.place or listener.place
    report.finding("published-missing", severity, place, text, fix)


def _is_whip_by_default(settings: Settings, network: Network) -> bool:
    """Whether nobody asked for WHIP: its port is the default, and is not forwarded."""
    if settings.ingress is None or settings.ingress.at(lambda own: own.whip_port).is_set:
        return False
    whip = PortRange.tcp(settings.ingress.own.whip_port)
    return not any(one.target.overlaps(whip) for one in network.published or ())


def _check_internal(
    service: Service, audience: Audience, entries: Iterable[Published], access: Access, report: Report, fix: str = ""
) -> None:
    """A finding for an internal port that Docker forwards: forwarded packets do not pass the host's input chain.

    Args:
        fix: what to do instead of hiding the port.
    """
    named = {Audience.LOAD_BALANCER: access.load_balancer, Audience.CLUSTER: access.cluster,
             Audience.OPERATOR: access.operators}  # fmt: skip
    is_named = bool(named.get(audience)) or (audience is Audience.LOAD_BALANCER and bool(access.cluster))
    for entry in entries:
        if not families_of(entry.address):
            continue
        text = f"{service.label} is published on {_host_ports(entry)} of every address of the host"
        if entry.address and not ipaddress.ip_address(entry.address).is_unspecified:
            text = f"{service.label} is published on {entry.address}, {_host_ports(entry)}"
        ports = f"{entry.first or entry.target.first}:{entry.target.first}"
        if is_named:
            text += (
                "; Docker forwards it past the host's input chain, so that the host's ruleset limits nobody there, "
                "and a firewall of the cloud does"
            )
            private = f'publish it on the private address, "ADDRESS:{ports}"'
            report.finding("published-internal", "warning", entry.place, text, private)
        else:
            text += ", past the host's input chain, and nobody is named who may reach it"
            hidden = f'publish it on loopback, "127.0.0.1:{ports}", or not at all'
            report.finding("published-internal", "error", entry.place, text, fix or hidden)


def _announced(listener: Listener, settings: Settings) -> int | None:
    """The first port that the service announces to clients; None if it announces none, and the operator decides."""
    if listener.service.record.is_announced:
        return listener.ports.first
    if listener.service is Service.SIP and settings.sip:
        return settings.sip.own.sip_port
    if listener.service is Service.SIP_TLS and settings.sip and settings.sip.own.tls:
        return settings.sip.own.tls.port
    return 443 if listener.service is Service.TURN_TLS else None


def _host_port(entry: Published, listener: Listener) -> int | None:
    """The host's port that is forwarded to the listener's first port; None if Docker chooses it."""
    return None if entry.first is None else entry.first + listener.ports.first - entry.target.first


def _host_ports(entry: Published) -> str:
    if entry.first is None or entry.last is None:
        return f"a {entry.target.protocol} port that Docker chooses"
    return str(PortRange(entry.target.protocol, entry.first, entry.last))


def families_of(address: str) -> frozenset[Family]:
    """The families in which other machines reach a port published on an address of the host ("" for every address)."""
    if not address:
        return BOTH_FAMILIES
    parsed = ipaddress.ip_address(address)
    if parsed.is_loopback:
        return LOOPBACK_ONLY
    return frozenset({Family.IPV4 if parsed.version == 4 else Family.IPV6})


def forwards(ports: PortRange, published: Iterable[Published]) -> Iterator[tuple[Published, PortRange]]:
    """Each entry that forwards some of the ports, with these ports of the container."""
    for entry in published:
        if entry.target.overlaps(ports):
            yield entry, ports.common(entry.target)
