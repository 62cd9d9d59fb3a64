"""The networks of a project's containers, and its other services that concern the firewall."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..inputs.compose.model import Project, Published, Service
from ..model.errors import Place, Report
from ..model.ports import PortRange
from ..model.services import DATA_SERVICES
from ..model.services import Service as Kind
from .networks import LocalService, Network

PROXIES = frozenset(
    "caddy caddyl4 caddy-docker-proxy haproxy nginx nginx-unprivileged openresty traefik envoy swag "
    "nginx-proxy-manager".split()
)
"""Names of images that end TLS, for those to which the host does not forward 443."""

HOST = "host"
"""The mode of a container that uses the host's network, and the driver of that network."""

OWN_ADDRESS = ("macvlan", "ipvlan")
"""Drivers whose containers have their own address, at which every port is reachable."""


def network_of(service: Service, project: Project, report: Report) -> Network | None:
    """The container's own network; None if it uses the host's network."""
    seen = [service.name]
    while service.network_mode.startswith("service:"):
        name = service.network_mode.removeprefix("service:")
        if name in seen or name not in project.services:
            report.problem(service.place, "", "must share the network of a service that runs", "correct network_mode")
            return None
        service = project.services[name]
        seen.append(name)
    drivers = {project.drivers.get(name, ""): name for name in service.networks or ("default",)}
    if service.network_mode == HOST or (HOST in drivers and not service.network_mode):
        return None
    own = next((drivers[one] for one in OWN_ADDRESS if one in drivers), "")
    if own and not service.network_mode:
        text = f"{service.name} has an address of its own in the network {own}, past the host and its ruleset"
        fix = "limit it in that network's own firewall, or use network_mode: host"
        report.finding("compose-own-address", "warning", service.place, text, fix)
        return Network(service.name, None, service.place, has_own_address=True)
    if service.network_mode.startswith("container:"):
        hint = "write service:NAME, so that its ports are known"
        report.problem(service.place, "", "must not share the network of a container of another project", hint)
    published = () if service.network_mode == "none" else service.ports
    return Network(service.name, published, service.place)


def image_of(service: Service) -> str:
    """The name of its image, without registry and tag."""
    return service.image.partition("@")[0].rpartition("/")[2].partition(":")[0]


def other_services(project: Project, found: Mapping[str, Service]) -> Iterator[LocalService]:
    """Data services on the host's network or on a published port.

    Args:
        found: LiveKit's services by kind, which are left out.
    """
    others = [one for one in project.services.values() if one not in found.values()]
    for service in others:
        known = next((one for one in DATA_SERVICES if image_of(service) in one.record.images), None)
        usual = known.record.usual_ports[0] if known else None
        if known and usual and service.network_mode == HOST:
            yield LocalService(known, usual.first, service.place)
        elif known and usual and not service.network_mode.startswith("service:"):
            for entry in service.ports:
                if entry.target.overlaps(usual):
                    yield _published(known, usual.first, entry)


def further_ports(project: Project, found: Mapping[str, Service]) -> Iterator[tuple[str, Published]]:
    """What the host forwards to containers that are not LiveKit's, with the names of their services."""
    for name, service in project.services.items():
        drivers = {project.drivers.get(network, "") for network in service.networks or ("default",)}
        is_bridged = service.network_mode == "bridge" or not (service.network_mode or drivers & {*OWN_ADDRESS, HOST})
        if is_bridged and service not in found.values():
            yield from ((name, entry) for entry in service.ports)


def _published(service: Kind, port: int, entry: Published) -> LocalService:
    host = entry.first + port - entry.target.first if entry.first is not None and entry.is_fixed else port
    return LocalService(service, host, entry.place, entry)


def proxies(project: Project, found: Mapping[str, Service]) -> Iterator[tuple[str, Place]]:
    """Names and places of services that are not LiveKit's, and that take the host's 443 or are known to end TLS."""
    https = PortRange.tcp(443)
    for name, service in project.services.items():
        inside = service.network_mode == HOST or any(one.target.overlaps(https) for one in service.ports)
        forwarded = [one.host_ports(one.target) for one in service.ports]
        takes_443 = any(one is not None and one.overlaps(https) for one in forwarded)
        if service not in found.values() and (takes_443 or (inside and image_of(service) in PROXIES)):
            yield name, service.place
