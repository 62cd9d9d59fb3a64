"""What a running service is told besides its file: flags and environment variables, and Helm's values.

Nothing is read from this machine's environment: it is not the server's. `given` and `compose` say what flags and
variables of the running services are; livekit-server lets them win over its file, the others do not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ..inputs.document import Document, value_at
from ..model.errors import Place, Report

SERVICES = ("livekit", "sip", "ingress", "egress")
HELM_SECTION = "livekit"


class Override(Struct, frozen=True):
    """A value that a flag or a variable gives to a service.

    Attributes:
        value: as it was read, unchecked.
        place: what gives it; its path is the key of the service's own configuration.
        is_fallback: whether it holds only where the file says nothing.
    """

    value: Any
    place: Place
    is_fallback: bool = False


Overrides = Mapping[str, Mapping[str, Override]]
"""By service, then by dotted key of its own configuration."""


def overridden(document: Document, overrides: Mapping[str, Override]) -> Document:
    """The document as the service sees it once flags and variables have won, each value where it comes from."""
    for key, override in overrides.items():
        if override.is_fallback and value_at(document.value, key) not in (None, ""):
            continue
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
