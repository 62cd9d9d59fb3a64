"""Recognises a YAML file that is not of the expected kind, and says what to give instead.

    kind = other_kind(document.value, "livekit")
    kind.what       # "a compose file"
    kind.instead    # "give the configuration that it hands to livekit-server: ..."

Recognition is by shape alone. Whether a service knows a file's keys is checked in `settings`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

BODY = {
    "livekit": "LIVEKIT_CONFIG",
    "sip": "SIP_CONFIG_BODY",
    "ingress": "INGRESS_CONFIG_BODY",
    "egress": "EGRESS_CONFIG_BODY",
}
"""Service to the variable that passes a whole configuration to it."""

CHARTS = {"livekit": "livekit", "ingress": "ingress", "egress": "egress"}
"""Service to the section of its chart's values that holds its configuration."""

ARGUMENTS = frozenset(
    "livekit_config sip_config ingress_config egress_config compose plugnmeet https load_balancer trunks operators "
    "clients cluster ipv6".split()
)
"""Our arguments that are not also keys of a service."""

PLUGNMEET = frozenset("client livekit_info redis_info database_info nats_info recorder_info shared_notepad".split())
VALUES = frozenset(
    "replicaCount image loadBalancer podHostNetwork storeKeysInSecret turnLoadbalancer autoscaling serviceAccount "
    "nodeSelector tolerations affinity resources podAnnotations serviceMonitor gcp fullnameOverride nameOverride "
    "imagePullSecrets terminationGracePeriodSeconds podSecurityContext securityContext serviceType service "
    "loadBalancerAnnotations serviceAnnotations deploymentStrategy extraVolumes extraVolumeMounts".split()
)
"""Values of LiveKit's charts outside of the service's section."""


class Kind(Struct, frozen=True):
    """The recognised kind of a file.

    Attributes:
        what: the kind, as a phrase ("a compose file").
        instead: what to give, as a sentence without a full stop.
    """

    what: str
    instead: str


def other_kind(value: Mapping[Any, Any], wanted: str) -> Kind | None:
    """The kind of a mapping by its shape; None if none is recognised.

    Args:
        wanted: what it was given as: a service, `arguments`, `compose`, `helm` or `plugnmeet`.
    """
    return (
        certain_kind(value)
        or _manifest(value, wanted)
        or _of_kubernetes(value)
        or _compose(value, wanted)
        or _stack(value)
        or (None if wanted == "arguments" else _arguments(value))
        or (None if wanted == "plugnmeet" else _plugnmeet(value))
        or (None if wanted == "helm" else _chart_values(value, wanted))
    )


def certain_kind(value: Mapping[Any, Any]) -> Kind | None:
    """The kind of a mapping that is recognised whatever keys of a service it also has; None for any other."""
    return _encrypted(value) or _caddy(value) or _user_data(value)


_WRITTEN = "give the configuration that it writes"
_NIXOS = Kind("a module of NixOS", "give the file that systemctl cat shows behind --config of the service")
_FIRST_LINES = {
    r"#!": Kind("a script", _WRITTEN),
    r"\[(Unit|Service)\]": Kind(
        "a systemd unit", "give the file that its --config names, and by --set what its other flags set"
    ),
    r"\{[ \t]*(config|pkgs|lib)\b": _NIXOS,
    r"\[\[?[\w.-]+\]\]?[ \t]*$": Kind("TOML or INI", "give the YAML that the service reads"),
    r"[ \t]*(export[ \t]+)?[A-Z][A-Z0-9_]*=": Kind("variables", "give variables to --env-file"),
}
"""Pattern of the first line that is no comment to the kind of a text that is no mapping in YAML."""

_LINES = {
    r"^[ \t]*(resource|module|variable|provider|data|locals|output|terraform)\b[^\n:=]*\{[ \t]*$": Kind(
        "a program of Terraform", _WRITTEN
    ),
    r"^[ \t]*services\.[\w.]+[ \t]*=": _NIXOS,
    r"^- hosts:|^- name:.*\n(  .*\n){0,50}  hosts:": Kind("a playbook of Ansible", _WRITTEN),
}
"""Pattern of lines to the kind of such a text, where the first line does not say it. None takes long on any text."""


def kind_of_text(text: str) -> Kind | None:
    """The kind of a text that is not YAML or no mapping; None if none is recognised."""
    lines = (line for line in text.splitlines() if line.startswith("#!") or line.strip() not in ("", "---"))
    first = next((line for line in lines if line.startswith("#!") or not line.lstrip().startswith("#")), "")
    by_first = (kind for pattern, kind in _FIRST_LINES.items() if re.match(pattern, first))
    return next(by_first, None) or next(
        (kind for pattern, kind in _LINES.items() if re.search(pattern, text, re.MULTILINE)), None
    )


def _below(wanted: str) -> str:
    return f"the text below {BODY[wanted]}" if wanted in BODY else "what it holds"


def _manifest(value: Mapping[Any, Any], wanted: str) -> Kind | None:
    if not isinstance(value.get("apiVersion"), str) or not isinstance(value.get("kind"), str):
        return None
    kind, spec = value["kind"], value.get("spec")
    if kind == "ConfigMap":
        text = "give the text below its data (that of the key that the service reads), as a file of its own or by -"
        return Kind("a Kubernetes ConfigMap", text)
    if isinstance(spec, Mapping) and _is_release(spec):
        return Kind("a Kubernetes manifest of a chart's release", "give the chart's values in it to --helm")
    if kind == "Secret":
        return Kind("a Kubernetes Secret", "give the text below its stringData, or below its data decoded, by -")
    if kind == "Config":
        return Kind("a kubeconfig file", "give the configuration of the service")
    return Kind("a Kubernetes manifest", f"give {_below(wanted)}, or the text below its ConfigMap's data")


def _of_kubernetes(value: Mapping[Any, Any]) -> Kind | None:
    """Files of Kubernetes tools that have no `kind`."""
    if isinstance(value.get("releases"), list):
        return Kind("a helmfile", "give the values of LiveKit's charts in it to --helm")
    if isinstance(value.get("apiVersion"), str) and isinstance(value.get("version"), str):
        return Kind("a Chart.yaml", "give the values that the chart is installed with to --helm")
    if "configMapGenerator" in value or isinstance(value.get("resources"), list):
        return Kind("a kustomization", "give the file that its ConfigMap is made of")
    return None


def _is_release(spec: Mapping[Any, Any]) -> bool:
    """Whether it is a release of Flux, k3s or Argo CD, which names a chart and holds its values."""
    parts = [spec, spec.get("source"), *(spec["sources"] if isinstance(spec.get("sources"), list) else ())]
    return any(isinstance(part, Mapping) and {"chart", "helm", "values", "valuesContent"} & set(part) for part in parts)


def _compose(value: Mapping[Any, Any], wanted: str) -> Kind | None:
    services = value.get("services")
    services = services if isinstance(services, Mapping) else {}
    is_current = bool(services) and all(one is None or isinstance(one, Mapping) for one in services.values())
    # in the first version of the format, services are top-level keys
    is_old = bool(value) and all(isinstance(one, Mapping) and _is_container(one) for one in value.values())
    if not is_current and not is_old:
        return None
    if wanted == "compose":
        return Kind(
            "a compose file of the first version", "put its services below services, as Compose itself reads it"
        )
    return Kind("a compose file", f"give it to --compose, or {_below(wanted)} as a file of its own or by -")


def _is_container(service: Mapping[Any, Any]) -> bool:
    return isinstance(service.get("image"), str) or isinstance(service.get("build"), str | Mapping)


def _encrypted(value: Mapping[Any, Any]) -> Kind | None:
    sops = value.get("sops")
    if not isinstance(sops, Mapping) or "mac" not in sops:
        return None
    return Kind("a file that SOPS encrypted", "give what sops decrypts, as a file of its own or by -")


def _caddy(value: Mapping[Any, Any]) -> Kind | None:
    apps = value.get("apps")
    is_caddy = isinstance(apps, Mapping) and bool({"http", "layer4", "tls"} & set(apps))
    return (
        Kind("a configuration of Caddy", "give that of the service; --https says that a proxy runs")
        if is_caddy
        else None
    )


def _user_data(value: Mapping[Any, Any]) -> Kind | None:
    files = value.get("write_files")
    is_user_data = isinstance(files, list) and any(isinstance(one, Mapping) and "path" in one for one in files)
    return (
        Kind("user data of cloud-init", "give the text below write_files as a file of its own")
        if is_user_data
        else None
    )


def _stack(value: Mapping[Any, Any]) -> Kind | None:
    config = value.get("config")
    names = config if isinstance(config, Mapping) else {}
    is_stack = bool({"encryptionsalt", "encryptedkey", "secretsprovider"} & set(value)) or (
        bool(names) and all(isinstance(name, str) and ":" in name for name in names)
    )
    return Kind("a stack's file of Pulumi", "give the stack's name to --stack") if is_stack else None


def _arguments(value: Mapping[Any, Any]) -> Kind | None:
    named = ARGUMENTS & {key for key in value if isinstance(key, str)}
    # Ansible variables that hold a whole configuration have such names too
    if not any(isinstance(value[key], str) or not key.endswith("_config") for key in named):
        return None
    return Kind("a file of livekit-firewall's arguments", "give it to --args")


def _plugnmeet(value: Mapping[Any, Any]) -> Kind | None:
    if len(PLUGNMEET & {key for key in value if isinstance(key, str)}) < 2:
        return None
    return Kind("plugNmeet's config.yaml", "give its folder to --plugnmeet")


OWN_INGRESS = {"rtmp_base_url", "whip_base_url"}
"""Keys of the section `ingress` in livekit.yaml, which tell it from that of the chart's values."""


def _chart_values(value: Mapping[Any, Any], wanted: str) -> Kind | None:
    keys = {key for key in value if isinstance(key, str)}
    sections = [section for section in CHARTS.values() if isinstance(value.get(section), Mapping)]
    if "livekit" in sections:
        return Kind("values of the livekit-server chart", "give them to --helm")
    if not sections and keys & VALUES:
        return Kind("values of a chart", "give those of LiveKit's charts to --helm")
    own = [
        section
        for section in sections
        if not (section == "ingress" and wanted == "livekit" and set(value[section]) <= OWN_INGRESS)
    ]
    if own and (keys == set(own) or keys & VALUES):
        return Kind(
            f"values of the {own[0]} chart", f"give them to --helm, or the section {own[0]} as a file of its own"
        )
    return None
