"""What a running service is told besides its file: flags and environment variables, and Helm's values.

Nothing is read from this machine's environment: it is not the server's. `--set` says what the server's flags
and variables say (`--udp-port`, `UDP_PORT`, `NODE_IP`, `LIVEKIT_RTC_PORT_RANGE_START`, ...), by the key that
they stand for; the server lets them win over its file (livekit/livekit cmd/server/main.go).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct

from ..inputs.document import MAX_DEPTH, Document, read_value
from ..inputs.harmless import known_part
from ..model.errors import Place, Report

SERVICES = ("livekit", "sip", "ingress", "egress")
HELM_SECTION = "livekit"


class Override(Struct, frozen=True):
    """A value that a flag or a variable gives to a service.

    Attributes:
        value: as it was read, unchecked.
        place: what gives it; its path is the key of the service's own configuration.
    """

    value: Any
    place: Place


Overrides = Mapping[str, Mapping[str, Override]]
"""By service, then by dotted key of its own configuration."""


def parse_overrides(texts: Iterable[str], report: Report) -> dict[str, dict[str, Override]]:
    """`KEY=VALUE` or `SERVICE:KEY=VALUE`, the value as YAML has it; problems go to `report`."""
    found: dict[str, dict[str, Override]] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        service, colon, key = name.rpartition(":")
        path = key.split(".")
        if not equals or not all(path) or (colon and service not in SERVICES):
            # of a text without a key, or of one that has an address in its place, nothing is shown
            expected = "must be KEY=VALUE for livekit.yaml, or SERVICE:KEY=VALUE"
            report.problem(_place(key if equals else ""), "", expected, f"services: {', '.join(SERVICES)}")
        elif len(path) > MAX_DEPTH:
            report.problem(_place(key), f"{len(path):,} levels", f"must have at most {MAX_DEPTH} levels")
        else:
            before = len(report.problems)
            read = read_value(value, _place(key), report)
            if len(report.problems) == before:
                found.setdefault(service or "livekit", {})[key] = Override(read, Place(key, origin="--set"))
    return found


def _place(key: str) -> Place:
    return Place(f"--set {known_part(key)}".removesuffix(" …").rstrip())


def overridden(document: Document, overrides: Mapping[str, Override]) -> Document:
    """The document as the service sees it once flags and variables have won, each value where it comes from."""
    for key, override in overrides.items():
        value = override.value
        for part in reversed(key.split(".")):
            value = {part: value}
        document = document.overlaid(value, {key: override.place})
    return document


def without_file(overrides: Mapping[str, Override], origin: str = "no file") -> Document:
    """The configuration of a service that is given flags and variables, and no file."""
    return overridden(Document("", {}, places={"": Place("", origin=origin)}), overrides)


def helm_configuration(values: Document, report: Report) -> Document | None:
    """livekit.yaml as the livekit-server chart makes it: the section `livekit` of its values. The chart starts
    the server with `--disable-strict-config`, so that further keys in it are no mistake.
    """
    section = values.value.get(HELM_SECTION)
    if not isinstance(section, Mapping):
        hint = "these are the values of the livekit-server chart?"
        report.problem(values.place(HELM_SECTION), "", f"must be a mapping in the values of {values.name}", hint)
        return None
    _note_service(values, report)
    prefix = f"{HELM_SECTION}."
    marks = {key.removeprefix(prefix): mark for key, mark in values.marks.items() if key.startswith(prefix)}
    return Document(values.name, dict(section), marks, is_strict=False)


NODE_PORTS = ("alb", "gke", "gke-managed-cert", "gke-native-vpc", "do", "gclb")


def _note_service(values: Document, report: Report) -> None:
    balancer = values.value.get("loadBalancer")
    kind = balancer.get("type") if isinstance(balancer, Mapping) else None
    if kind in NODE_PORTS:
        text = f"the {kind} load balancer reaches the API by a NodePort (30000-32767), not by its own port"
        fix = "let the load balancer's addresses reach the NodePort too"
        report.finding("helm-node-port", "warning", values.place("loadBalancer.type"), text, fix)
    if kind == "aws" and values.value[HELM_SECTION].get("prometheus_port"):
        text = "the chart publishes prometheus_port on the load balancer, where the internet reaches it"
        fix = "use prometheus.port, which it does not publish"
        report.finding("helm-metrics-public", "error", values.place("livekit.prometheus_port"), text, fix)
    if values.value.get("podHostNetwork") is False:
        text = "without the host's network, the ports of the pod are not those of the node"
        report.finding("helm-pod-network", "warning", values.place("podHostNetwork"), text, "set podHostNetwork: true")
