"""Findings on a chart's values: keys without effect, and what the chart opens or leaves closed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from ..inputs.shown import key_name
from ..model.errors import Place, Report
from .chart_services import NODE_PORTS, has_host_network, has_turn_balancer, host_ports, needs_secret, services
from .charts import Release
from .keys import nearest
from .schemas import schema_of
from .schemas.charts import Chart


def check_release(release: Release, report: Report) -> None:
    """Findings go to `report`."""
    _note_unread(release, report)
    _note_balancers(release, report)
    _note_network(release, report)
    if release.service == "livekit":
        _check_secrets(release, report)
        _check_service_name(release, report)


def _unread(release: Release) -> Iterator[tuple[str, str]]:
    """Each given key without effect, dotted, and why it has none.

    Outside the service's section, no template reads the key. Within it, the service does not know the key, and the
    chart starts the service so that it ignores unknown keys.
    """
    chart, schema = release.chart, schema_of(release.service, release.version or None)
    for key in _unread_values(release.given.value, "", chart):
        yield key, f"no template of the {chart.name} chart {chart.version} reads it"
    read = [key.removeprefix(f"{chart.section}.") for key in chart.reads if key.startswith(f"{chart.section}.")]
    section = release.given.value.get(chart.section)
    waiting = [("", section)] if isinstance(section, Mapping) else []
    while waiting:
        path, value = waiting.pop()
        for name, one in value.items():
            own = f"{path}.{name}" if path else str(name)
            if one is None or own in read:
                continue
            if schema.at(own) is None:
                yield (
                    f"{chart.section}.{own}",
                    f"{schema.name} {schema.version} ignores {key_name(name)} here, which it does not know",
                )
            elif isinstance(one, Mapping) and own in schema.children:
                waiting.append((own, one))


def _unread_values(value: Mapping[Any, Any], path: str, chart: Chart) -> Iterator[str]:
    for name, one in value.items():
        key = f"{path}.{name}" if path else str(name)
        if any(key == read or key.startswith(f"{read}.") for read in chart.reads):
            continue
        if one is None or one in ({}, [], ""):
            continue
        if any(read.startswith(f"{key}.") for read in chart.reads):
            if isinstance(one, Mapping):
                yield from _unread_values(one, key, chart)
            continue
        yield key


def _note_unread(release: Release, report: Report) -> None:
    chart = release.chart
    schema = schema_of(release.service, release.version or None)
    for key, why in _unread(release):
        own = key.removeprefix(f"{chart.section}.")
        section, near = own.rpartition(".")[0], nearest(own, schema)
        near = f"{section}.{near}" if near in schema.children.get(section, ()) and section else near
        if own == key:
            near = f"{chart.section}.{key}" if key in schema.children[""] else _near_value(key, release)
            fix = f"did you mean {near}? else remove it" if near else "remove it"
        elif own == "config":
            fix = f"move what stands below it one level up, directly below {chart.section}"
        else:
            fix = f"did you mean {chart.section}.{near}? else remove it" if near else "remove it"
        below = ", with all that stands below it" if isinstance(release[key], dict) and release[key] else ""
        # a key that does not look like a name may be a secret on the wrong line
        place = replace(release.given.place(key), path=".".join(map(key_name, key.split("."))))
        report.finding("no-effect", "warning", place, f"no effect: {why}{below}", fix)
    monitor = "serviceMonitor.create"
    if monitor in chart.reads and release[monitor] and not release.own("prometheus_port"):
        text = "no effect: the chart makes a ServiceMonitor only for livekit.prometheus_port"
        fix = "set livekit.prometheus_port, or remove it"
        report.finding("no-effect", "warning", release.place(monitor), text, fix)


def _near_value(key: str, release: Release) -> str:
    from difflib import get_close_matches

    parts = [read.split(".") for read in release.chart.reads]
    names = {".".join(some[:end]): None for some in parts for end in range(1, len(some) + 1)}
    same = [name for name in names if name.lower() == key.lower()]
    return next(iter(same or get_close_matches(key[:80], names, n=1, cutoff=0.75)), "")


def _note_balancers(release: Release, report: Report) -> None:
    for service in services(release):
        name = f"the Service <fullname>{service.suffix}"
        ports = ", ".join(f"{one.protocol.lower()}/{one.port}" for one in service.ports)
        place = _service_place(release, service.suffix)
        if service.kind == "LoadBalancer":
            text = (
                f"the cloud makes a load balancer for {name}, open on {ports}; it reaches the nodes at node ports "
                "(30000-32767), or the pods themselves, and most clouds open that way to it by themselves"
            )
            fix = "where yours does not, let the load balancer's addresses reach the node ports"
            report.finding("helm-balancer", "note", place, text, fix)
        elif service.kind == "NodePort" and (service.suffix or not _goes_to_pods(release)):
            what = release["loadBalancer.type"] if not service.suffix and release.service == "livekit" else "own"
            text = f"the {what} load balancer reaches {ports} by a NodePort (30000-32767), not by its own port"
            fix = "let the load balancer's addresses reach the NodePort too"
            report.finding("helm-node-port", "warning", place, text, fix)
    is_public = release.service == "livekit" and next(services(release)).kind == "LoadBalancer"
    if is_public and release.own("prometheus_port"):
        text = "the chart publishes prometheus_port on the load balancer, where the internet reaches it"
        fix = "use prometheus.port, which it does not publish"
        report.finding("helm-metrics-public", "error", release.place("livekit.prometheus_port"), text, fix)


def _goes_to_pods(release: Release) -> bool:
    """Whether an ALB reaches the pod of livekit-server at its own port (AWS Load Balancer Controller, Ingress
    annotations). That of the ingress carries WHIP alone: RTMP is no HTTP.
    """
    is_alb = release.service == "livekit" and release["loadBalancer.type"] == "alb"
    annotations = release["loadBalancer.annotations"] if is_alb else None
    return isinstance(annotations, dict) and annotations.get("alb.ingress.kubernetes.io/target-type") == "ip"


def _service_place(release: Release, suffix: str) -> Place:
    if release.service == "ingress":
        return release.configuration.place("serviceType")
    return release.configuration.place("turn.tls_port") if suffix else release.place("loadBalancer.type")


def _note_network(release: Release, report: Report) -> None:
    if release.service == "egress" or has_host_network(release):
        return
    published = ", ".join(f"{one.protocol.lower()}/{one.port} ({one.key})" for one in host_ports(release))
    said = f"only what is a hostPort is: {published}" if published else "nothing of it is published there"
    is_there = "podHostNetwork" in release.chart.reads
    fix = "set podHostNetwork: true" if is_there else "use a newer version of the chart, which has podHostNetwork"
    text = f"without the host's network, the ports of the pod are not those of the node; {said}"
    first, last = release.own("rtc.port_range_start"), release.own("rtc.port_range_end")
    if release.service == "livekit" and first and last:
        text += f"; media over UDP on {first}-{last} does not arrive"
        fix += ", or rtc.udp_port to one port and both ends of the range to null"
    severity = "error" if release.service == "ingress" or (first and last) else "warning"
    report.finding("helm-pod-network", severity, release.place("podHostNetwork"), text, fix)


def _check_secrets(release: Release, report: Report) -> None:
    if needs_secret(release) and not release.own("turn.secretName"):
        text = "the chart does not render TURN/TLS without turn.secretName, the Secret that holds its certificate"
        fix = "set livekit.turn.secretName, or turn.external_tls: true behind a load balancer that ends TLS"
        report.finding("helm-no-secret", "error", release.configuration.place("turn.tls_port"), text, fix)
    if release["storeKeysInSecret.enabled"] and not release.own("key_file"):
        text = "the chart mounts the keys at key_file, which is empty, so that Kubernetes refuses the pod"
        fix = "set livekit.key_file: keys.yaml"
        report.finding("helm-no-key-file", "error", release.place("storeKeysInSecret.enabled"), text, fix)


def _check_service_name(release: Release, report: Report) -> None:
    """Kubernetes sets `<SERVICE>_PORT=tcp://ADDRESS:PORT` in each pod for every Service of its namespace."""
    key = next((key for key in ("fullnameOverride", "nameOverride") if release[key] == "livekit"), None)
    if key is None or schema_of("livekit", release.version or None).variables.get("LIVEKIT_PORT") is None:
        return
    when = "" if key == "fullnameOverride" else ", where the release is called so too,"
    text = (
        f"a Service called livekit{when} makes Kubernetes set LIVEKIT_PORT=tcp://... in its namespace, which "
        "livekit-server takes for its port and does not start with"
    )
    report.finding("helm-port-variable", "warning", release.place(key), text)


__all__ = ["NODE_PORTS", "check_release", "has_turn_balancer"]
