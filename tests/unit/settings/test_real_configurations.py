"""Configurations from real deployments: each is read without a problem, and opens the ports that its program needs."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.inputs.document import Document
from livekit_firewall.model.errors import Report
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.settings.server_checks import read_server
from livekit_firewall.settings.tree import Tree

SHAPES = Path(__file__).parents[1] / "configurations"
ROOT = Path(__file__).resolve().parents[3]
# The version that the facts about livekit-server were measured on.
SAMPLE = "github.com/livekit/livekit-server@v1.13.5"


def of(shape: str, **given: Any) -> Deployment:
    return read_deployment(given, SHAPES / shape)


def opened(deployment: Deployment) -> dict[str, str]:
    """Each port to the sources that reach it."""
    found: dict[str, list[str]] = {}
    for rule in deployment.rules:
        found.setdefault(str(rule.ports), []).append(str(rule.peer))
    return {ports: ", ".join(peers) for ports, peers in found.items()}


def findings_of(deployment: Deployment) -> list[str]:
    return [f"{one.severity} {one.place.file}:{one.place.line} {one.id}" for one in deployment.findings]


def test_a_node_of_the_generator_with_its_own_proxy_and_ingress() -> None:
    deployment = of(
        "generator",
        livekit_config="livekit.yaml",
        ingress_config="ingress.yaml",
        egress_config="egress.yaml",
        https=True,
    )
    assert opened(deployment) == {
        "tcp/443": "anywhere",
        "tcp/80": "anywhere",
        "udp/50000-60000": "anywhere",
        "tcp/7881": "anywhere",
        "udp/3478": "anywhere",
        "tcp/1935": "anywhere",
        "udp/7885": "anywhere",
    }
    assert findings_of(deployment) == [
        "error livekit.yaml:5 udp-port-ignored",
        "note livekit.yaml:19 no-cluster",
        "error livekit.yaml:35 unknown-key",
    ]


def test_a_node_of_the_helm_charts_behind_load_balancers() -> None:
    deployment = of(
        "helm",
        livekit_config="livekit.yaml",
        ingress_config="ingress.yaml",
        load_balancer={"cidrs": ["10.0.0.0/16"]},
        operators={"cidrs": ["10.1.0.0/16"]},
        cluster={"cidrs": ["203.0.113.0/28"]},
    )
    assert opened(deployment) == {
        "tcp/7880": "10.0.0.0/16, 203.0.113.0/28",
        "udp/50000-60000": "anywhere",
        "tcp/7881": "anywhere",
        "udp/443": "anywhere",
        "tcp/3478": "10.0.0.0/16",
        "udp/30000-40000": "203.0.113.0/28",
        "tcp/1935": "anywhere",
        "tcp/8080": "10.0.0.0/16",
        "udp/7885": "anywhere",
        "tcp/22": "10.1.0.0/16",
        "tcp/6789": "10.1.0.0/16",
        "tcp/7888": "10.1.0.0/16",
        "tcp/7889": "10.1.0.0/16",
    }
    # the chart's own keys within `turn` reach the server, which the chart starts so that it ignores unknown keys
    assert findings_of(deployment) == ["error livekit.yaml:16 unknown-key", "error livekit.yaml:17 unknown-key"]


def test_a_folder_of_plugnmeets_installer() -> None:
    deployment = of("plugnmeet", plugnmeet=".")
    assert opened(deployment) == {
        "tcp/443": "anywhere",
        "tcp/80": "anywhere",
        "udp/50000-60000": "anywhere",
        "tcp/7881": "anywhere",
        "udp/443": "anywhere",
    }
    # older installers set signal_relay, a key that no server since 1.5.3 has
    assert findings_of(deployment) == ["error livekit.yaml:8 unknown-key", "note livekit.yaml:11 no-cluster"]
    in_use = of(
        "plugnmeet", plugnmeet={"path": ".", "sip": True, "rtmp": True, "whip": True}, trunks=["198.51.100.0/24"]
    )
    assert {ports: who for ports, who in opened(in_use).items() if ports not in opened(deployment)} == {
        "tcp/5060": "198.51.100.0/24",
        "udp/5060": "198.51.100.0/24",
        "udp/10000-20000": "198.51.100.0/24",
        "tcp/1935": "anywhere",
        "udp/7885": "anywhere",
    }


def test_an_older_folder_of_plugnmeet_whose_whip_wants_the_port_of_its_server(tmp_path: Path) -> None:
    for file in (SHAPES / "plugnmeet").iterdir():
        text = file.read_text().replace("whip_port: 8089\n", "")
        (tmp_path / file.name).write_text(text)
    deployment = read_deployment({"plugnmeet": str(tmp_path)}, tmp_path)
    assert [finding.text for finding in deployment.findings if finding.id == "overlap"] == [
        "Internal on tcp/8080 and WHIP on tcp/8080 (whip_port) want the same port"
    ]
    assert "tcp/8080" not in opened(deployment)


def test_a_node_of_several_behind_a_network_load_balancer_with_sip() -> None:
    deployment = of(
        "distributed",
        livekit_config="livekit.yaml",
        sip_config="sip.yaml",
        load_balancer={"cidrs": ["10.0.0.0/24"]},
        cluster={"cidrs": ["203.0.113.0/29", "2001:db8:5::/64"]},
        operators={"cidrs": ["10.9.0.0/24"]},
        trunks=[
            {"name": "carrier", "signaling": ["198.51.100.0/28"], "media": ["198.51.100.64/26", "2001:db8:6::/64"]}
        ],
    )
    assert opened(deployment) == {
        "tcp/7880": "10.0.0.0/24, 203.0.113.0/29",  # bound to an IPv4 address, so IPv6 stays closed
        "udp/7882-7892": "0.0.0.0/0",
        "tcp/7881": "anywhere",
        "tcp/5349": "10.0.0.0/24",
        "udp/30000-31000": "203.0.113.0/29",
        "tcp/5070": "198.51.100.0/28",
        "udp/5070": "198.51.100.0/28",
        "tcp/5061": "198.51.100.0/28",
        "udp/12000-13000": "198.51.100.64/26, 2001:db8:6::/64",
        "tcp/22": "10.9.0.0/24",
        "tcp/6789-6790": "10.9.0.0/24",  # metrics of both services, side by side
        "tcp/8090": "10.9.0.0/24",
    }
    assert findings_of(deployment) == []


def test_the_projects_own_example_has_no_finding_behind_its_proxy() -> None:
    given = {"livekit_config": "examples/livekit.yaml", "https": True, "cluster": {"cidrs": ["203.0.113.5/32"]}}
    assert read_deployment(given, ROOT).findings == ()


@pytest.mark.parametrize("shape", sorted(path.name for path in SHAPES.iterdir() if path.is_dir()))
def test_no_secret_of_a_configuration_is_shown(shape: str) -> None:
    files = {f"{path.stem}_config": path.name for path in (SHAPES / shape).glob("*.yaml") if path.stem != "config"}
    deployment = of(shape, **files, https=True)
    exposure = expose(deployment)
    assert "canary" not in exposure.text() + json.dumps(exposure.as_json())


@cache
def sample() -> Path:
    """The path of livekit-server's own sample in its Go module, so that no copy of it is kept here."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("this machine has no go")
    try:
        done = subprocess.run(
            [go, "mod", "download", "-json", SAMPLE], capture_output=True, text=True, check=True, timeout=120
        )
    except (OSError, subprocess.SubprocessError):
        pytest.skip("the Go module of livekit-server cannot be fetched")
    return Path(json.loads(done.stdout)["Dir"]) / "config-sample.yaml"


def test_the_sample_of_livekit_server_is_read_without_a_finding_of_its_own() -> None:
    deployment = read_deployment({"livekit_config": str(sample()), "https": True}, Path())
    assert opened(deployment) == {
        "tcp/443": "anywhere",
        "tcp/80": "anywhere",
        "udp/50000-60000": "anywhere",
        "tcp/7881": "anywhere",
    }
    assert deployment.findings == ()


def test_every_key_that_the_sample_of_livekit_server_documents_is_known() -> None:
    """All keys of the sample, including the commented ones, without values."""
    values: dict[str, Any] = {}
    path: list[tuple[int, str]] = []
    for line in sample().read_text(encoding="utf-8").splitlines():
        found = re.match(r"^( *)(?:# ?)?( *)(- )?([a-z_]+):(?: |$)", line)
        if not found:
            continue
        indent = len(found[1]) + len(found[2]) + len(found[3] or "")
        path = [part for part in path if part[0] < indent]
        at = values
        for _, section in path:
            at[section] = at[section] or ([{}] if found[3] else {})
            at = at[section][0] if isinstance(at[section], list) else at[section]
        at[found[4]] = None
        path.append((indent, found[4]))
    report = Report()
    read_server(Tree(values, Document("config-sample.yaml", values)), report)
    assert {"rtc", "turn", "keys", "webhook", "limit"} <= set(values)
    assert report.problems == []
    # a mistake in the sample: the server's key is debug_handler.port, and the server refuses this one
    assert [finding.place.path for finding in report.findings] == ["debug_handler_port"]
