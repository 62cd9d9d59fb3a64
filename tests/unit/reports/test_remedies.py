"""A remedy names no key that the user cannot set there, and nothing that is so already."""

from __future__ import annotations

import dataclasses
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.arguments import Arguments
from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.inputs.record_types import alternatives, fields_of, is_record
from livekit_firewall.model.errors import ConfigurationError, Finding
from livekit_firewall.reports.lint import LintOptions, lint, lint_refused
from livekit_firewall.settings.networks import Network
from livekit_firewall.settings.schemas import NAMES, schema_of
from livekit_firewall.settings.schemas.charts import chart_of, charts
from livekit_firewall.settings.sources import Running
from tests.sampling import sample

from ..hostile import run
from ..lint_examples import EXAMPLES, Example

TURN = {"enabled": True, "domain": "turn.example.org"}
FACTS: dict[str, tuple[dict[str, Any], LintOptions]] = {
    "nothing": ({}, LintOptions()),
    "proxy": ({"https": True}, LintOptions()),
    "proxy elsewhere": ({"https": {"port": 8443}}, LintOptions()),
    "load balancer": ({"load_balancer": {"cidrs": ["10.0.0.0/24"]}}, LintOptions()),
    "cluster": ({"cluster": {"cidrs": ["192.0.2.0/28"]}}, LintOptions()),
    "operators": ({"operators": {"cidrs": ["192.0.2.0/28"]}}, LintOptions()),
    "docker": ({}, LintOptions(participants=20000, max_ports=10)),
    "kubernetes": ({}, LintOptions(kubernetes=True, participants=20000, max_ports=10)),
}
PRESETS: dict[str, dict[str, Any]] = {
    "plugnmeet": {"plugnmeet": True},
    "arguments": {"turn": {**TURN, "tls_port": 5349}, "sip": {}, "ingress": {}},
    "arguments with 443": {"turn": {**TURN, "tls_port": 443}, "port_range_start": 50000, "port_range_end": 50100},
}
WORDS = {"network_mode", "external_tls"}
"""Of others' programs, and short for a key that the text names."""


def findings_of(example: Example, facts: str, folder: Path) -> tuple[Deployment | None, tuple[Finding, ...]]:
    given: dict[str, Any] = dataclasses.replace(example, compose=None).written(folder)
    given["livekit"] = example.livekit is not None or example.helm is not None
    besides, options = FACTS[facts]
    return judged({**given, **besides}, options, folder, facts)


def judged(
    given: dict[str, Any], options: LintOptions, folder: Path, facts: str = ""
) -> tuple[Deployment | None, tuple[Finding, ...]]:
    running = Running(networks={service: Network(service) for service in NAMES} if facts == "docker" else {})
    try:
        deployment = read_deployment(given, folder, running=running)
    except ConfigurationError as error:
        try:
            return None, lint_refused(error)
        except ConfigurationError as refused:
            problems = refused.problems
            return None, tuple(Finding(one.id, "error", one.place, one.expected, one.hint) for one in problems)
    return deployment, lint(deployment, options)


def names_of(record: Any) -> set[str]:
    found = set()
    for key, field in fields_of(record).items():
        found.add(key)
        for kind in alternatives(field.type):
            found |= names_of(kind) if is_record(kind) else set()
    return found


def known() -> set[str]:
    """Every part of every key that can be set: by a service's file, our arguments, a chart's values."""
    paths = {path for service in NAMES for path in schema_of(service).every}
    paths |= {path for name in charts() for path in chart_of(name).reads}
    return {part for path in paths for part in path.replace("[]", "").split(".")} | names_of(Arguments) | WORDS


KNOWN = known()
KEY = re.compile(r"(?<![\w.-])[a-z]+(?:[_.][a-z]+)+(?![\w-])")


def check(deployment: Deployment | None, finding: Finding) -> None:
    fix = finding.fix
    for key in KEY.findall(fix):
        assert set(key.split(".")) <= KNOWN or key.endswith((".yaml", ".com", ".org")), (finding.id, key, fix)
    if deployment is None:
        return
    access, settings = deployment.access, deployment.settings
    if "name the load balancer" in fix or "load_balancer (" in fix or "(load_balancer)" in fix:
        assert not access.load_balancer, str(finding)
    if "(https)" in fix or "https (" in fix:
        assert settings.https is None, str(finding)
    if "cluster (" in fix:
        assert not access.cluster, str(finding)
    if "operators (" in fix:
        assert not access.operators, str(finding)
    server = settings.server
    if server and "rtc.use_external_ip: true" in fix:
        assert not server.own.rtc.use_external_ip, str(finding)
    if server and "force_tcp: true" in fix:
        assert not server.own.rtc.force_tcp, str(finding)
    if server and "podHostNetwork: true" in fix:
        assert "helm-pod-network" in finding.id
    if server and not server.tree.is_file and not server.tree.is_preset and finding.place.file is None:
        assert "rtc.udp_port" not in fix, str(finding)


def test_with_each_fact_beside_each_example(tmp_path):
    for facts, name in sample(product(FACTS, EXAMPLES), tuple):
        deployment, findings = findings_of(EXAMPLES[name], facts, tmp_path)
        for finding in findings:
            check(deployment, finding)


@pytest.mark.parametrize("facts", FACTS)
@pytest.mark.parametrize("preset", PRESETS)
def test_without_a_file(preset, facts, tmp_path):
    besides, options = FACTS[facts]
    deployment, findings = judged({**PRESETS[preset], **besides}, options, tmp_path, facts)
    for finding in findings:
        check(deployment, finding)
        if preset == "plugnmeet":
            assert "remove turn" not in finding.fix, str(finding)


class TestTheProxyOnAnotherPort:
    """Case: plugNmeet, or a proxy that is named already, on 8443."""

    FILE = (
        "rtc: {udp_port: 7882}\nturn: {enabled: true, tls_port: 5349, external_tls: true, domain: turn.example.org}\n"
    )

    def test_a_proxy_that_is_named_is_not_proposed(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        Path("livekit.yaml").write_text(self.FILE)
        Path("args.yaml").write_text("livekit_config: livekit.yaml\nhttps: {port: 8443}\n")
        code, out, _ = run("lint", "--args", "args.yaml")
        assert code == 1
        assert "clients are told 443, and the proxy on the node listens on 8443 [turn-tls-unreachable]" in out
        assert "fix: let something listen on 443 for turn.example.org and hand it on to 5349, or remove" in out
        assert "(https)" not in out

    def test_plugnmeet_has_its_ports_and_the_finding(self, tmp_path, monkeypatch):
        monkeypatch.chdir(tmp_path)
        Path("args.yaml").write_text("plugnmeet: true\nhttps: {port: 8443}\n")
        code, out, err = run("ports", "--args", "args.yaml")
        assert code == 0
        assert "tcp/8443" in out
        assert "tcp/443" not in out
        assert "error: https.port: clients are told 443" in err
        assert "[turn-tls-unreachable]" in err
        assert "[turn-tls-unreachable]" in run("lint", "--args", "args.yaml")[1]

    def test_arguments_say_the_same(self, tmp_path):
        given = {"turn": {**TURN, "tls_port": 5349}, "https": {"port": 8443}}
        _, findings = judged(given, LintOptions(), tmp_path)
        assert [one.place.path for one in findings] == ["turn.tls_port"]
        assert "let something listen on 443 for turn.example.org" in findings[0].fix

    def test_a_load_balancer_takes_443(self, tmp_path):
        (tmp_path / "livekit.yaml").write_text(self.FILE)
        given = {"livekit_config": "livekit.yaml", "https": {"port": 8443}, "load_balancer": {"cidrs": ["10.0.0.0/24"]}}
        _, findings = judged(given, LintOptions(), tmp_path)
        assert "turn-tls-unreachable" not in {one.id for one in findings}


class TestCalls:
    """SIP takes an even port for each call (livekit/sip pkg/sip/media_port.go)."""

    @pytest.mark.parametrize(
        ("ports", "calls"), [("10000-10009", 5), ("10001-10009", 4), ("10001-10002", 1), ("10000-20000", 5001)]
    )
    def test_its_range_is_held_against_what_is_expected(self, ports, calls, tmp_path):
        example = Example(sip=f'redis: {{address: "r:6379"}}\nrtp_port: {ports}')
        (tmp_path / "sip.yaml").write_text(example.sip or "")
        for expected, is_enough in ((calls, True), (calls + 1, False)):
            given = {"livekit": False, "sip_config": "sip.yaml"}
            _, findings = judged(given, LintOptions(participants=expected), tmp_path)
            assert ("range-too-small" not in {one.id for one in findings}) is is_enough

    def test_and_what_stands_in_front(self, tmp_path):
        (tmp_path / "sip.yaml").write_text('redis: {address: "r:6379"}\n')
        _, findings = judged({"livekit": False, "sip_config": "sip.yaml"}, LintOptions(max_ports=100), tmp_path)
        assert [one.fix for one in findings if one.id == "too-many-ports"] == ["write a smaller rtp_port"]
