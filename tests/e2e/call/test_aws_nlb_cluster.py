"""The livekit.yaml of examples/aws-nlb-cluster, in a real livekit-server behind what its load balancer for TURN does:
connections to 443 go on to the target's 5349 as they are, from the load balancer's address.

Not proven here: AWS's load balancer itself, and what it does without a healthy target.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.livekit_server import certificate
from tests.e2e.probe.program import Program

from .lab import BALANCER, KEY, OPERATOR, SECRET, SERVER, Lab, token
from .trial import HOST, ICE_SERVERS, TUNNEL_PORT, TURN, credentials

pytestmark = pytest.mark.needs("linux", "root", "nft", "netns", "livekit-server")

LIVEKIT = Path(__file__).parents[3] / "examples" / "aws-nlb-cluster" / "livekit.yaml"
DOMAIN = "turn.example.com"
FAILED = "TLS handshake failed: EOF"
PASS_THROUGH = f"""\
table ip nlb {{
    chain prerouting {{
        type nat hook prerouting priority -101
        ip daddr {BALANCER} tcp dport 443 dnat to {SERVER}:5349
    }}
}}
"""
HANDSHAKE = f"""
import socket, ssl, sys
trust = ssl.create_default_context(cafile=sys.argv[3])
with socket.create_connection((sys.argv[1], int(sys.argv[2])), 5) as plain:
    with trust.wrap_socket(plain, server_hostname="{DOMAIN}") as one:
        print(one.version())
"""


def config(lab: Lab) -> str:
    """The example's file, with what its machine adds to it: keys, the two files, an address without a STUN server."""
    own: dict[str, Any] = yaml.safe_load(LIVEKIT.read_text(encoding="utf-8"))
    del own["key_file"], own["redis"]
    own["keys"] = {KEY: SECRET}
    own["rtc"] |= {"use_external_ip": False, "node_ip": SERVER}
    for key in ("cert_file", "key_file"):
        own["turn"][key] = str(lab.folder / Path(own["turn"][key]).name)
    return yaml.safe_dump(own)


@contextmanager
def behind_balancer(livekit_server: Path, **given: Any) -> Iterator[tuple[Lab, Program]]:
    with Lab(livekit_server) as lab:
        certificate.write(lab.folder)
        lab.nft(lab.middle, PASS_THROUGH)
        text = config(lab)
        lab.firewall(text, **given)
        with lab.livekit(text) as server:
            yield lab, server


def ice_servers(lab: Lab) -> list[dict[str, Any]]:
    words = (sys.executable, str(ICE_SERVERS), BALANCER, "7880", token("scout"))
    told: list[dict[str, Any]] = json.loads(lab.run(lab.client, *words))
    return told


def handshake(lab: Lab, *where: str) -> tuple[int, str]:
    """The exit code, and the version of TLS that a client agrees on with who has the certificate's key."""
    one = lab.start(lab.client, sys.executable, "-c", HANDSHAKE, *where, str(lab.folder / "turn.pem"))
    code = one.wait()
    return code, one.stdout.strip()


def test_clients_are_told_443_and_end_tls_at_the_node(livekit_server: Path) -> None:
    with behind_balancer(livekit_server) as (lab, _):
        assert [url for one in ice_servers(lab) for url in one["urls"]] == [
            f"turn:{SERVER}:3478?transport=udp",
            f"turns:{DOMAIN}:443?transport=tcp",
        ]
        assert handshake(lab, BALANCER, "443") == (0, "TLSv1.3")
        # the rules open 5349 to the load balancer's addresses alone
        assert handshake(lab, SERVER, "5349") == (1, "")
        assert handshake(lab, OPERATOR, "5349") == (1, "")


def test_a_health_check_is_better_a_request_to_the_api_than_a_connection_to_turn(livekit_server: Path) -> None:
    with behind_balancer(livekit_server) as (lab, server):
        request = f"import urllib.request as u; print(u.urlopen('http://{BALANCER}:7880/', timeout=5).status)"
        connect = f"import socket; socket.create_connection(('{BALANCER}', 443), 5).close()"
        assert lab.run(lab.client, sys.executable, "-c", request).strip() == "200"
        assert FAILED not in server.stdout + server.stderr
        lab.run(lab.client, sys.executable, "-c", connect)
        server.until(lambda: FAILED in server.stdout + server.stderr)


def test_a_call_gets_through_443_of_the_load_balancer_alone(livekit_server: Path) -> None:
    with behind_balancer(livekit_server) as (lab, _):
        username, credential = credentials(lab, BALANCER, 7880)
        words = [HOST, str(TUNNEL_PORT), BALANCER, "443", DOMAIN, str(lab.folder / "turn.pem")]
        tunnel = lab.start(lab.client, sys.executable, str(TURN), "tunnel", *words)
        tunnel.until(lambda: "ready" in tunnel.stdout)
        lab.cloud(ipv4=["tcp/5349", "tcp/7880"], ipv6=[])  # asked after the load balancer, which makes 5349 of 443
        option = f"--relay --turn turn:{HOST}:{TUNNEL_PORT}?transport=tcp {username} {credential}"
        with lab.call(f"alice {option}", f"bob {option}") as clients:
            for one in clients:
                one.report()
            time.sleep(1.0)
            reports = [one.report() for one in clients]
        tunnel.kill()
    for report, other in zip(reports, ("bob", "alice"), strict=True):
        assert report["transports"] == ["relay/tcp"]
        assert min(report["heard"][other][key] for key in ("packets", "frames", "data")) > 0, report


def test_health_checks_get_through_though_only_some_clients_may(livekit_server: Path) -> None:
    """With clients' addresses kept, and `clients` narrower than the internet."""
    balancer = {"cidrs": [f"{BALANCER}/32"], "passthrough": True}
    clients = {"cidrs": [f"{OPERATOR}/32"]}
    with behind_balancer(livekit_server, load_balancer=balancer, clients=clients) as (lab, _):
        assert handshake(lab, OPERATOR, "5349") == (0, "TLSv1.3"), "a client, by its own address"
        assert handshake(lab, BALANCER, "443") == (0, "TLSv1.3"), "from the load balancer's address"
        assert handshake(lab, SERVER, "5349") == (1, ""), "anybody else"
