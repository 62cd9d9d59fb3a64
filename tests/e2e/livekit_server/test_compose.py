"""livekit-server itself judges what we take from a compose file: it is started with what its container would get."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from .derived import derive_from
from .lab import Lab

pytestmark = pytest.mark.needs("linux", "root", "netns", "ss", "livekit-server")

KEYS = "devkey: a-secret-of-more-than-thirty-two-characters"
FILE = f"port: 7880\nrtc: {{tcp_port: 7881, udp_port: 7882}}\nkeys: {{{KEYS}}}\n"

# name: the mounted file, the command behind it, and the environment
CASES: dict[str, tuple[str | None, str, dict[str, str]]] = {
    "the file alone": (FILE, "", {}),
    "nothing but keys": (None, "", {"LIVEKIT_KEYS": KEYS}),
    "variables without a file": (None, "", {"LIVEKIT_KEYS": KEYS, "UDP_PORT": "7890", "LIVEKIT_PORT": "7891"}),
    "variables over the file": (FILE, "", {"LIVEKIT_RTC_TCP_PORT": "7990", "LIVEKIT_PROMETHEUS_PORT": "6789"}),
    "an octal number": (FILE, "", {"LIVEKIT_PORT": "0o17310"}),
    "an empty number": (FILE, "", {"LIVEKIT_RTC_TCP_PORT": ""}),
    "a flag over a variable": (FILE, "--rtc.tcp_port 7993", {"LIVEKIT_RTC_TCP_PORT": "7992"}),
    "a base flag over a generated one": (FILE, "--udp-port 7994", {"LIVEKIT_RTC_UDP_PORT_START": "7995"}),
    "a base variable over the file": (FILE, "", {"UDP_PORT": "7996-7997"}),
    "a base variable that is none": (FILE, "", {"UDP_PORT": "seven"}),
    "half of the mux by variable": (FILE, "", {"LIVEKIT_RTC_UDP_PORT_START": "7998"}),
    "a body over the file": (FILE, "", {"LIVEKIT_CONFIG": f"port: 7999\nkeys: {{{KEYS}}}\n"}),
    "bound by a flag": (FILE, "--bind 127.0.0.1", {}),
    "bound by two flags": (FILE, "--bind=127.0.0.1 --bind 203.0.113.1", {}),
    "development": (FILE, "--dev", {}),
    "development without a file": (None, "--dev --bind 0.0.0.0 --node-ip 203.0.113.1", {}),
    "development off": (FILE, "--dev=false", {}),
    "one dash": (FILE, "-udp-port 7996", {}),
    "switched on by variable": (FILE, "", {"LIVEKIT_RTC_FORCE_TCP": "t"}),
    "TURN by variables": (FILE, "", {"LIVEKIT_TURN_ENABLED": "true", "LIVEKIT_TURN_UDP_PORT": "3478"}),
    "an unknown flag": (FILE, "--udp-prot 7996", {}),
    "no number": (FILE, "", {"LIVEKIT_PORT": "seven"}),
    "keys without a space": (None, "", {"LIVEKIT_KEYS": KEYS.replace(": ", ":")}),
    "no switch": (FILE, "", {"LIVEKIT_RTC_FORCE_TCP": "yes"}),
}


@pytest.fixture(scope="module")
def lab(livekit_server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with Lab(livekit_server, tmp_path_factory.mktemp("compose")) as made:
        yield made


@pytest.mark.parametrize("name", CASES)
def test_what_it_binds_is_what_we_derive(name: str, lab: Lab, tmp_path: Path) -> None:
    text, command, environment = CASES[name]
    service: dict[str, object] = {"image": "livekit/livekit-server:v1.13.5", "network_mode": "host"}
    if text is not None:
        (tmp_path / "livekit.yaml").write_text(text, encoding="utf-8")
        command = f"--config /livekit.yaml {command}"
        service["volumes"] = ["./livekit.yaml:/livekit.yaml"]
    service |= {"command": command, "environment": environment}
    (tmp_path / "compose.yaml").write_text(yaml.safe_dump({"services": {"livekit": service}}), encoding="utf-8")
    outcome = lab.start(text, CASES[name][1].split(), environment)
    derived = derive_from({"compose": "compose.yaml"}, tmp_path)
    assert derived.sockets == outcome.sockets, (derived.problems, outcome.said)
