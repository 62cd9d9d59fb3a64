"""With real packets: what the host's SSH would open if nobody judged it, and that a stranger meets SSH alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.deployment.rendering import render_for
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.nftables import render as nftables
from livekit_firewall.platforms.nftables.record import NFTABLES
from tests.e2e.probe.lab import CLIENT, SERVER, SERVER6, Lab

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns")

INTERNAL = (6379, 7880)


@pytest.fixture(scope="module")
def shared() -> Iterator[Lab]:
    with Lab() as made:
        yield made


@pytest.fixture
def lab(shared: Lab) -> Lab:
    shared.reset()
    return shared


def admitted(lab: Lab, *ports: int, address: str = SERVER) -> list[bool]:
    with lab.serve(*(f"tcp/{port}" for port in ports)):
        return lab.attempts([(address, "tcp", port) for port in ports])


@pytest.mark.parametrize(
    ("given", "port"),
    [
        ({"operators": {"ssh_port": 7880}, "host": {}}, 7880),
        ({"port": 22, "https": True, "host": {}}, 22),
        (
            {
                "operators": {"ssh_port": 6379},
                "cluster": {"cidrs": ["10.0.0.0/24"], "services": ["redis"]},
                "host": {},
            },
            6379,
        ),
    ],
)
def test_a_stranger_would_get_through_to_what_is_refused(lab: Lab, given: dict[str, Any], port: int) -> None:
    with pytest.raises(ConfigurationError, match=f"tcp/{port}"):
        read_deployment(given, Path())
    lab.host(nftables.render(RuleSet(), ssh_port=port))  # the ruleset that it asks for
    assert admitted(lab, port) == [True]


@pytest.mark.parametrize(
    ("given", "ssh_port"),
    [
        ({"host": {}, "https": True}, 22),
        ({"host": {}, "operators": {"ssh_port": 2222}}, 2222),
        ({"host": {}, "operators": {"cidrs": [f"{CLIENT}/32"], "ssh_port": 2222}}, 2222),
    ],
)
def test_a_stranger_meets_ssh_and_no_internal_port(
    lab: Lab, tmp_path: Path, given: dict[str, Any], ssh_port: int
) -> None:
    (tmp_path / "livekit.yaml").write_text('keys: {k: s}\nredis: {address: "localhost:6379"}\n')
    deployment = read_deployment({"livekit_config": "livekit.yaml", **given}, tmp_path)
    lab.host(render_for(deployment, NFTABLES))
    assert admitted(lab, ssh_port, *INTERNAL) == [True, False, False]
    assert admitted(lab, *INTERNAL, address=SERVER6) == [False, False]
