"""A real livekit-server answers when it is asked as `probe check` asks: on loopback, with TURN over UDP and TLS."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from livekit_firewall.model.addresses import Family
from livekit_firewall.model.ports import Protocol
from livekit_firewall.model.services import Service
from livekit_firewall.probe.answers import ask
from livekit_firewall.probe.results.verdict import ServiceAnswer
from tests.unit.probe.answer_peers import LOCAL, Authority, Kind

pytestmark = pytest.mark.needs("livekit-server")

NAME = "turn.example.org"
KNOWN = "certificate for turn.example.org, *.example.org; 53 days left; "
STARTED = b"starting LiveKit server"
PATIENCE = 30.0


@dataclass(frozen=True)
class Server:
    """The ports of a running one, and the root of its certificate."""

    api: int
    ice_tcp: int
    ice_udp: int
    turn_udp: int
    turn_tls: int
    root: Path


def free(kind: socket.SocketKind) -> int:
    """A port that nobody has. Somebody else may take it before it is used, and the server then does not start."""
    with socket.socket(socket.AF_INET, kind) as one:
        one.bind((LOCAL, 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def server(livekit_server: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("answers")
    authority = Authority(folder)
    pem = authority.write(Kind())
    tcp, udp = socket.SOCK_STREAM, socket.SOCK_DGRAM
    made = Server(free(tcp), free(tcp), free(udp), free(udp), free(tcp), authority.root)
    config = folder / "livekit.yaml"
    config.write_text(
        f"""
keys: {{devkey: "a secret of more than thirty-two characters"}}
port: {made.api}
bind_addresses: [{LOCAL}]
rtc: {{node_ip: {LOCAL}, tcp_port: {made.ice_tcp}, udp_port: {made.ice_udp}}}
turn: {{enabled: true, domain: {NAME}, bind_addresses: [{LOCAL}], udp_port: {made.turn_udp},
  tls_port: {made.turn_tls}, cert_file: {pem}, key_file: {pem}}}
""",
        encoding="utf-8",
    )
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(livekit_server), "--config", str(config)], stdout=out, stderr=out, env={"HOME": str(folder)}
        )
    try:
        until = time.monotonic() + PATIENCE
        while STARTED not in log.read_bytes():
            assert process.poll() is None, log.read_text(errors="replace")
            assert time.monotonic() < until, log.read_text(errors="replace")
            time.sleep(0.02)
        yield made
    finally:
        process.kill()
        process.wait()


@pytest.fixture(autouse=True)
def trusted(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(server.root))


def asked(
    service: Service, protocol: Protocol, port: int, name: str | None = NAME, timeout: float = 10.0
) -> ServiceAnswer:
    answer = asyncio.run(ask(service, protocol, port, LOCAL, name, Family.IPV4, timeout))
    assert answer is not None
    return answer


def test_turn_over_udp_answers_a_binding(server: Server) -> None:
    answer = asked(Service.TURN_UDP, Protocol.UDP, server.turn_udp)
    assert answer.ok
    assert re.fullmatch(r"STUN binding answers; it sees this machine as 127\.0\.0\.1:\d+", answer.says)


def test_turn_over_tls_shows_its_certificate_and_answers_a_binding(server: Server) -> None:
    answer = asked(Service.TURN_TLS, Protocol.TCP, server.turn_tls)
    assert answer.ok
    expected = re.escape(KNOWN) + r"STUN binding answers over TLS; it sees this machine as 127\.0\.0\.1:\d+"
    assert re.fullmatch(expected, answer.says)


def test_turn_over_tls_under_another_name_is_wrong_though_it_answers(server: Server) -> None:
    answer = asked(Service.TURN_TLS, Protocol.TCP, server.turn_tls, "turn.example.net")
    assert not answer.ok
    assert answer.says.startswith(f"{KNOWN}not for turn.example.net; STUN binding answers over TLS; ")


def test_turn_over_tls_at_an_address_is_judged_by_its_dates(server: Server) -> None:
    answer = asked(Service.TURN_TLS, Protocol.TCP, server.turn_tls, None)
    assert answer.ok
    assert answer.says.startswith(f"{KNOWN}name and issuer not judged, as the host is an address; STUN binding answers")


def test_the_api_answers_its_health_check(server: Server) -> None:
    answer = asked(Service.API, Protocol.TCP, server.api)
    assert (answer.ok, answer.says) == (True, "HTTP answers 200 OK")


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        (Service.HTTPS, "speaks HTTP, not TLS"),
        (Service.SIP, "speaks HTTP, not SIP"),
        (Service.RTMP, "speaks HTTP, not RTMP"),
    ],
)
def test_its_api_is_not_taken_for_another_service(server: Server, service: Service, expected: str) -> None:
    answer = asked(service, Protocol.TCP, server.api)
    assert (answer.ok, answer.says) == (False, expected)


def test_its_turn_is_no_web_server(server: Server) -> None:
    answer = asked(Service.HTTPS, Protocol.TCP, server.turn_tls, timeout=1.0)
    assert (answer.ok, answer.says) == (False, f"{KNOWN}no HTTP status line within 1 s")
