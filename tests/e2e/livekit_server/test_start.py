"""What decides whether a server starts without being a port: `lint` passes no file that livekit-server ends over.

Each case is started; a server that ends by itself has to have an error in `lint`, and a server that runs none, unless
the table says what its users would notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from functools import partial
from pathlib import Path

import pytest

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.errors import ConfigurationError, Finding
from livekit_firewall.reports.lint import lint, lint_refused
from tests.e2e.together import chosen, together

from .cases import KEYS
from .lab import PEER, Lab, Outcome

pytestmark = pytest.mark.needs("linux", "root", "netns", "ss", "livekit-server")

STUN = "rtc: {use_external_ip: true, stun_servers: [%s]}"
RUNS, ENDS = "runs", "ends"
AT_ONCE = 4

CASES = {
    "stun: an address and a port": (STUN % f'"{PEER}:3478"', RUNS, ""),
    "stun: no port": (STUN % PEER, ENDS, "stun-server-invalid"),
    "stun: a scheme": (STUN % f'"stun:{PEER}:3478"', ENDS, "stun-server-invalid"),
    "stun: no host": (STUN % '":3478"', ENDS, "stun-server-invalid"),
    "stun: port 0": (STUN % f'"{PEER}:0"', ENDS, "stun-server-invalid"),
    "stun: a port that is too large": (STUN % f'"{PEER}:70000"', ENDS, "stun-server-invalid"),
    "stun: a port by name": (STUN % f'"{PEER}:http"', ENDS, "stun-server-invalid"),
    "stun: IPv6 without brackets": (STUN % '"2001:db8::1"', ENDS, "stun-server-invalid"),
    "stun: a space": (STUN % f'" {PEER}:3478"', ENDS, "stun-server-invalid"),
    "stun: one of two": (STUN % f'"stun:{PEER}:3478", "{PEER}:3478"', RUNS, "stun-server-invalid"),
    "stun: a scheme for clients": ("rtc: {stun_servers: ['stun:a.example:3478']}", RUNS, "stun-server-invalid"),
    "turn server: a username": ("rtc: {turn_servers: [{host: a, username: b, credential: c}]}", RUNS, ""),
    "turn server: nothing": ("rtc: {turn_servers: [{host: a, port: 443}]}", RUNS, ""),
    "webhook: no key": ("webhook: {urls: ['http://a.example/b']}", ENDS, "webhook-no-key"),
    "webhook: a key that is none": ("webhook: {api_key: b, urls: ['http://a.example/b']}", ENDS, "webhook-no-key"),
    "webhook: one of the keys": ("webhook: {api_key: devkey, urls: ['http://a.example/b']}", RUNS, ""),
    "node_ip: quotes": ("rtc: {node_ip: “203.0.113.1”}", ENDS, "node-ip-invalid"),
    "domain: quotes": (
        "turn: {enabled: true, udp_port: 3478, tls_port: 443, domain: “turn.example.com”, external_tls: true}",
        ENDS,
        "turn-domain-invalid",
    ),
    "bind_addresses: quotes": ("bind_addresses: [“203.0.113.1”]", ENDS, "bind-addresses-invalid"),
    "ips: quotes": ("rtc: {ips: {includes: [“10.0.0.0/8”]}}", ENDS, "invalid-value"),
    "ips: no block": ("rtc: {ips: {excludes: [10.0.0.1]}}", ENDS, "invalid-value"),
    "certificate: half": (
        "turn: {enabled: true, domain: t.example.com, tls_port: 5349, cert_file: /nope}",
        ENDS,
        "turn-no-certificate",
    ),
    "selector: none that there is": ("node_selector: {kind: nearest}", ENDS, "node-selector-invalid"),
    "selector: no region": ("node_selector: {kind: regionaware}", ENDS, "node-selector-invalid"),
    "selector: another region": (
        "region: a\nnode_selector: {kind: regionaware, regions: [{name: b, lat: 1, lon: 2}]}",
        ENDS,
        "node-selector-invalid",
    ),
    "selector: its region": (
        "region: b\nnode_selector: {kind: regionaware, regions: [{name: b, lat: 1, lon: 2}]}",
        RUNS,
        "",
    ),
    "metrics: a username alone": ("prometheus: {port: 6789, username: a}", RUNS, "prometheus-half-credentials"),
    "metrics: on the port of the API": ("prometheus: {port: 7880}", ENDS, "overlap"),
    "redis: no port": ("redis: {address: localhost}", ENDS, "redis-address-invalid"),
    "redis: a scheme": ('redis: {address: "redis://localhost:6379"}', ENDS, "redis-address-invalid"),
    "batches: a mux without an interval": (
        "rtc: {udp_port: 7882, batch_io: {batch_size: 128}}",
        ENDS,
        "batch-without-interval",
    ),
    "batches: an interval of 0": (
        "rtc: {udp_port: 7882, batch_io: {batch_size: 1, max_flush_interval: 0s}}",
        ENDS,
        "batch-without-interval",
    ),
    "batches: an interval": ("rtc: {udp_port: 7882, batch_io: {batch_size: 2, max_flush_interval: 2ms}}", RUNS, ""),
    "batches: a range": ("rtc: {batch_io: {batch_size: 128}}", RUNS, ""),
    "pacer: none that there is": ("rtc: {congestion_control: {send_side_bwe_pacer: fast}}", RUNS, ""),
}  # fmt: skip


def start(text: str, lab: Lab) -> Outcome:
    return lab.start(text)


@pytest.fixture(scope="module")
def tried(
    request: pytest.FixtureRequest, livekit_server: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[object, Future[Outcome]]]:
    """At once: asking a STUN server in vain takes 16 seconds."""
    names = chosen(request, test_lint_passes_nothing_that_the_server_ends_over, "name")
    works = {name: partial(start, f"{KEYS}\n{CASES[name][0]}") for name in names}
    with together(partial(Lab, livekit_server, tmp_path_factory.mktemp("start")), AT_ONCE, works) as found:
        yield found


@pytest.mark.parametrize("name", CASES)
def test_lint_passes_nothing_that_the_server_ends_over(
    name: str, tried: Mapping[str, Future[Outcome]], tmp_path: Path
) -> None:
    text, outcome, expected = CASES[name]
    started = tried[name].result()
    assert (RUNS if started.sockets is not None else ENDS) == outcome, started.said
    errors = {finding.id for finding in linted(f"{KEYS}\n{text}", tmp_path) if finding.severity == "error"}
    assert errors == ({expected} if expected else set())


def linted(text: str, folder: Path) -> tuple[Finding, ...]:
    (folder / "livekit.yaml").write_text(text, encoding="utf-8")
    given = {"livekit_config": "livekit.yaml", "versions": {"livekit": "1.13.5"}, "https": True}
    try:
        return lint(read_deployment(given, folder))
    except ConfigurationError as error:
        return lint_refused(error)
