"""What Docker forwards past the host's input chain by its defaults: no ruleset of the host limits who gets there.

`iptables: false` and default addresses of the daemon, `driver_opts` of a network, and lines of somebody's own in
DOCKER-USER decide otherwise (docs.docker.com/engine/network/packet-filtering-firewalls). They are not read, and what is
said of a published port says so.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..model.addresses import ANY_IPV4, ANY_IPV6, Cidr
from ..model.ports import PortRange
from ..model.rules import RuleSet
from ..model.services import Service
from ..platforms.facts import Baseline
from ..settings import Settings
from .listeners import listen
from .published import families_of, forwards

if TYPE_CHECKING:  # most runs need nothing of Compose
    from ..inputs.compose.model import Published

WHY = "by Docker's defaults no rule of the host limits who gets there, and a firewall in front of it does"
NOT_READ = "; DOCKER-USER, and options of the daemon and of its networks, are not read"
OVER_IPV6 = "; over IPv6 that holds where the container's network has IPv6"


def forwarded(settings: Settings, rules: RuleSet) -> tuple[Baseline, ...]:
    """The ports that compose files publish, each with who gets there though no rule lets them in."""
    found = dict.fromkeys((*_of_livekit(settings), *_of_others(settings)))
    return tuple(one for one in found if len(RuleSet.of((*one.rules, *one.unfiltered_rules)).subtract(rules)))


def _of_livekit(settings: Settings) -> Iterator[Baseline]:
    for listener in listen(settings, is_inside=True):
        network = settings.networks.get(listener.owner)
        if network is None or network.is_pod or not listener.families:
            continue
        for entry, part in forwards(listener.ports, network.published or ()):
            yield from _published(listener.service, part, entry)


def _of_others(settings: Settings) -> Iterator[Baseline]:
    known = {other.place: other.service for other in settings.other_services if other.published}
    for name, entry in settings.further_ports:
        service = known.get(entry.place, Service.EXTRA)
        inside = entry.target if service is Service.EXTRA else service.record.usual_ports[0]
        yield from _published(service, inside, entry, "" if entry.place in known else name)


def _published(service: Service, inside: PortRange, entry: Published, name: str = "") -> Iterator[Baseline]:
    """Nothing where Docker chooses among all ports, or other machines do not get to the address."""
    if entry.first is None or entry.last is None or not families_of(entry.address):
        return
    ports = entry.host_ports(inside) or PortRange(inside.protocol, entry.first, entry.last)
    sure, unsure = _sources(entry)
    at = f", on {entry.address}" if entry.address else ""
    what = (
        f"{name or service.label} on {ports}{at}, published by Docker past the host's input chain ({entry.place.path})"
    )
    why = WHY + (OVER_IPV6 if ANY_IPV6 in unsure else "") + NOT_READ
    yield Baseline(what, why, (ports,), sure, service, entry.place.path, unsure)


def _sources(entry: Published) -> tuple[tuple[Cidr, ...], tuple[Cidr, ...]]:
    """Who gets there, and of whom it is not known. An IPv6 packet to a container without an address of that family is
    taken by docker-proxy, a socket of the host, which the input chain does close. A private address is reached by
    whoever has a route to it.
    """
    address = ipaddress.ip_address(entry.address or "0.0.0.0")
    if address.version == 6:
        return (), (ANY_IPV6,)
    is_sure = entry.is_fixed and (address.is_unspecified or not address.is_private)
    sure, unsure = ((ANY_IPV4,), ()) if is_sure else ((), (ANY_IPV4,))
    return sure, unsure if entry.address else (*unsure, ANY_IPV6)
