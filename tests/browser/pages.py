"""Pages to look at: a deployment with everything, and rules of one's own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.platforms.facts import Baseline
from livekit_firewall.reports.exposure.expose import expose
from livekit_firewall.reports.exposure.page import html

BASELINE = (Baseline("echo and path MTU", "large packets vanish otherwise"),)

EVERYTHING: dict[str, Any] = {
    "turn": {"enabled": True, "domain": "turn.example.com", "udp_port": 3478},
    "load_balancer": {"cidrs": ["10.0.0.0/24"]},
    "cluster": {"cidrs": ["192.0.2.0/29"], "same_group": True, "services": ["redis"]},
    "operators": {"cidrs": ["0.0.0.0/0", "2001:db8:7::/64"], "ssh_port": 2222},
    "sip": {},
    "trunks": [f"198.51.{third}.0/24" for third in range(9)],
    "ingress": {},
    "gcp": {"network": "default", "target_tags": ["livekit"]},
    "host": {},
}


def page_of(given: dict[str, Any]) -> str:
    deployment = read_deployment(given, Path())
    return html(expose(deployment, dict.fromkeys(deployment.targets, BASELINE)), deployment.rules)


def page_that_knows(rules: RuleSet) -> str:
    """A page that answers by these rules, whatever its table shows."""
    return html(expose(read_deployment({"livekit": False}, Path())), rules)
