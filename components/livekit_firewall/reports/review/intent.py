"""What a stack's configuration intends to open, as far as the preview or the deployment tells.

A preview holds the stack's configuration. It is untrusted, so no file that it names is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from ...deployment.derive import Deployment, read_deployment
from ...effective.labels import KNOWN, Label
from ...inputs.stack_config import NAMESPACE, TEXTS, arguments_from
from ...model.errors import ProblemsError
from ...model.ports import PortRange
from ...model.rules import Rule
from ...model.services import Audience, Service
from ...platforms.platform import Target

SIP = frozenset(service for service in Service if service.record.reached_by is Audience.TRUNK)


class Intent(Struct, frozen=True):
    """What is meant.

    Attributes:
        labels: what listens, with the keys.
        internal: ports that must not be public, and whose they are.
        ssh_port: where SSH listens.
        needed: the rules that the deployment needs; None where the configuration is not known.
        sip_is_meant: whether the configuration opens SIP to anywhere explicitly.
        targets: the platforms' arguments, by their names.
    """

    labels: tuple[Label, ...] = ()
    internal: tuple[tuple[PortRange, Service], ...] = tuple(
        (label.ports, label.service) for label in KNOWN if label.service.is_internal
    )
    ssh_port: int = 22
    needed: tuple[Rule, ...] | None = None
    sip_is_meant: bool = False
    targets: Mapping[str, Target] = {}


def intent_of(config: Mapping[str, Any]) -> Intent:
    """The intent of a stack's configuration; what is usual where it names files, is not ours or is not whole."""
    arguments = arguments_from({key: value for key, value in config.items() if key.startswith(f"{NAMESPACE}:")})
    if not arguments or _names_files(arguments):
        return Intent()
    try:
        return intent_for(read_deployment(arguments, Path()))
    except ProblemsError:
        return Intent()


def _names_files(arguments: Mapping[str, Any]) -> bool:
    plugnmeet = arguments.get("plugnmeet")
    path = plugnmeet.get("path") if isinstance(plugnmeet, Mapping) else plugnmeet
    return bool({*TEXTS, "compose"} & set(arguments)) or isinstance(path, str)


def intent_for(deployment: Deployment) -> Intent:
    """The intent of a deployment. A port that usually is an internal one, and here another's, is that other's."""
    listeners = [one for one in deployment.listeners if one.service is not Service.TURN_RELAY]
    own = [(one.ports, one.service) for one in listeners if one.service.is_internal]
    usual = [
        (ports, service)
        for ports, service in Intent().internal
        if not any(one.ports.overlaps(ports) for one in listeners)
    ]
    labels = [Label(rule.ports, rule.service, rule.key) for rule in deployment.rules.ingress]
    labels += [Label(one.ports, one.service, one.key) for one in deployment.listeners]
    access = deployment.access
    return Intent(
        tuple(labels),
        (*own, *usual),
        access.ssh_port,
        deployment.rules.ingress,
        access.is_sip_public,
        deployment.targets,
    )
