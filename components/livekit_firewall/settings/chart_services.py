"""What LiveKit's charts create besides the configuration: Services, host ports, the network of the pod.

    for service in services(release):
        print(service.kind, service.ports)

Facts: livekit/livekit-helm templates at 27d22b5659a2, of every version in tools/config_keys/charts.json. A value is
true or false as in a template's `if`: 0, "", false, an empty list, an empty mapping and an absent value are false.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from ..inputs.compose.model import Published
from ..model.ports import MAX_PORT, PortRange
from .charts import Release
from .networks import Network

NODE_PORTS = ("alb", "gke", "gke-managed-cert", "do", "gclb")
"""`loadBalancer.type` for which the chart's Service has node ports."""

_WITH_MEDIA_PORTS = ("disable", "gclb")
"""`loadBalancer.type` for which the chart's Service has the ports of media too."""


class PortOfService(Struct, frozen=True):
    """The Service forwards `port` to `target`, a port of the pod by number or by name."""

    port: Any
    target: Any
    protocol: str = "TCP"


class ServiceOfChart(Struct, frozen=True):
    """A Service of Kubernetes.

    Attributes:
        suffix: what follows the release's full name in its name.
        kind: ClusterIP, NodePort or LoadBalancer.
    """

    suffix: str
    kind: str
    ports: tuple[PortOfService, ...]


class HostPort(Struct, frozen=True):
    """A port of the pod that Kubernetes also binds on the node (`hostPort`).

    Attributes:
        key: the dotted key of the service's own configuration that sets it.
    """

    key: str
    port: Any
    protocol: str


def has_host_network(release: Release) -> bool:
    """Whether the pod uses the node's network, so that every port that the service binds is a port of the node."""
    return "podHostNetwork" in release.chart.reads and bool(release["podHostNetwork"])


def network_of(release: Release) -> Network | None:
    """The pod's own network and its host ports; None if the pod uses the node's network."""
    if has_host_network(release):
        return None
    published = []
    for one in host_ports(release):
        if type(one.port) is int and 1 <= one.port <= MAX_PORT:  # Kubernetes refuses anything else
            ports = PortRange.udp(one.port) if one.protocol == "UDP" else PortRange.tcp(one.port)
            place = release.configuration.place(one.key)
            published.append(Published(ports, one.port, one.port, "", "", place))
    return Network(release.service, tuple(published), is_pod=True)


def has_turn_tls(release: Release) -> bool:
    return release.service == "livekit" and bool(release.own("turn.enabled") and release.own("turn.tls_port"))


def has_turn_balancer(release: Release) -> bool:
    """Whether the chart creates a separate Service that forwards 443 to `turn.tls_port`."""
    is_wanted = "turnLoadbalancer.enable" not in release.chart.reads or bool(release["turnLoadbalancer.enable"])
    return has_turn_tls(release) and is_wanted


def needs_secret(release: Release) -> bool:
    """Whether the chart does not render without `turn.secretName`."""
    return has_turn_tls(release) and not release.own("turn.external_tls")


def services(release: Release) -> Iterator[ServiceOfChart]:
    """Every Service that the chart creates."""
    if release.service == "livekit":
        yield _server(release)
        if has_turn_balancer(release):
            kind = release.own("turn.serviceType") or "LoadBalancer"
            yield ServiceOfChart("-turn", kind, (PortOfService(443, release.own("turn.tls_port")),))
    elif release.service == "ingress":
        yield _ingress(release)


def _server(release: Release) -> ServiceOfChart:
    balancer = release["loadBalancer.type"]
    ports = [PortOfService(release["loadBalancer.servicePort"], "http")]
    if balancer in _WITH_MEDIA_PORTS:
        for name, protocol in (("tcp", "TCP"), ("udp", "UDP")):
            if port := release.own(f"rtc.{name}_port"):
                ports.append(PortOfService(port, f"rtc-{name}", protocol))
    if port := release.own("prometheus_port"):
        ports.append(PortOfService(port, "metrics"))
    kind = "NodePort" if balancer in NODE_PORTS else "LoadBalancer" if balancer == "aws" else "ClusterIP"
    return ServiceOfChart("", kind, tuple(ports))


def _ingress(release: Release) -> ServiceOfChart:
    whip = (release.own("whip_port"),) if "ingress.whip_port" in release.chart.reads else ()
    numbers = (release["loadBalancer.servicePort"], release.own("rtmp_port"), *whip)
    ports = tuple(PortOfService(port, port) for port in numbers if port)
    return ServiceOfChart("", release.own("serviceType") or "LoadBalancer", ports)


def host_ports(release: Release) -> Iterator[HostPort]:
    """The ports that the pod of livekit-server publishes on the node by `hostPort`; other charts have none."""
    if release.service != "livekit":
        return
    keys = [("rtc.udp_port", "UDP"), ("rtc.tcp_port", "TCP"), ("prometheus_port", "TCP")]
    if release.own("turn.enabled"):
        keys += [("turn.tls_port", "TCP"), ("turn.udp_port", "UDP")]
    for key, protocol in keys:
        if port := release.own(key):
            yield HostPort(key, port, protocol)
