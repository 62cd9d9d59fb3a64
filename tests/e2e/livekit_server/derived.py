"""What the project derives from a livekit.yaml, in the words of `lab.Outcome`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.listener import Listener
from livekit_firewall.model.errors import ConfigurationError, Finding, Problem
from livekit_firewall.model.services import Service
from livekit_firewall.settings.server import RANGE_KEYS

from .lab import Sockets


@dataclass(frozen=True)
class Derived:
    """What becomes of one configuration here.

    Attributes:
        sockets: those that the server binds at its start, as `Outcome.sockets`; None when it is refused.
        problems: why it is refused.
        errors: the findings of severity error.
        newer: the versions that the file needs at least, where it needs a newer server.
    """

    sockets: Sockets | None
    problems: tuple[Problem, ...] = ()
    errors: tuple[Finding, ...] = ()
    newer: tuple[str, ...] = ()

    @property
    def objects(self) -> bool:
        return bool(self.problems or self.errors)


def derive(text: str, folder: Path, version: str | None) -> Derived:
    """What is said of the file for a release, None: for the newest known, as where nothing says which one runs."""
    (folder / "livekit.yaml").write_text(text, encoding="utf-8")
    return derive_from({"livekit_config": "livekit.yaml", "versions": {"livekit": version}}, folder)


def derive_from(arguments: dict[str, object], folder: Path) -> Derived:
    try:
        deployment = read_deployment(arguments, folder)
    except ConfigurationError as error:
        return Derived(None, problems=error.problems)
    errors = tuple(finding for finding in deployment.findings if finding.severity == "error")
    sockets: Sockets = {}
    for listener in deployment.listeners:
        families = frozenset(str(family) for family in listener.families)
        for port in at_start(listener):
            key = (str(listener.ports.protocol), port)
            sockets[key] = sockets.get(key, frozenset()) | families
    newer = (finding.text for finding in deployment.findings if finding.id == "newer-key")
    return Derived(sockets, errors=errors, newer=tuple(text.split()[2] for text in newer))


def at_start(listener: Listener) -> range:
    """The ports that are bound before anybody joins: of a range and of relays none, of a pool of muxes one
    for each processor that the server may use.
    """
    first, last = listener.ports.first, listener.ports.last
    if listener.service is Service.TURN_RELAY or (
        listener.service is Service.ICE_UDP and listener.key.endswith(RANGE_KEYS[-1])
    ):
        return range(0)
    if listener.service is Service.ICE_UDP:
        last = min(last, first + len(os.sched_getaffinity(0)) - 1)
    return range(first, last + 1)
