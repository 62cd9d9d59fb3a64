"""Compose files as people write them, and what comes of them."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.model.errors import ConfigurationError

SERVER = "services:\n  livekit:\n    image: livekit/livekit-server:v1.9.11\n"
MUX = "port: 7880\nrtc: {udp_port: 7882}\n"


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), encoding="utf-8")


def read(folder: Path, files: Mapping[str, str], **given: object) -> Deployment:
    write(folder, files)
    return read_deployment({"compose": "compose.yaml", "https": True, **given}, folder)


def ports(deployment: Deployment) -> list[str]:
    """The ports that other machines reach, without those of the proxy."""
    found = [one for one in deployment.listeners if one.families and one.key != "https"]
    return [f"{one.ports} {one.audience}" for one in found]


def errors(deployment: Deployment) -> list[str]:
    return [f"{one.id} {one.place}" for one in deployment.findings if one.severity == "error"]


def refused(folder: Path, files: Mapping[str, str], **given: object) -> str:
    with pytest.raises(ConfigurationError) as error:
        read(folder, files, **given)
    return str(error.value)


def host(text: str) -> str:
    """A compose file with livekit-server on the host's network, and further lines in its section."""
    return SERVER + "    network_mode: host\n" + textwrap.indent(textwrap.dedent(text), "    ")
