"""The laboratory of calls: participants behind a NAT, and a livekit-server behind the firewall rendered for it.

clients  198.51.100.2, 2001:db8:51::2
   |
middle   the NAT, 203.0.113.254, 2001:db8:113::fe (NAT, NAT6)
   |     and everybody else that a firewall knows (ROLES), such as the load balancer, 203.0.113.253, 2001:db8:113::fd
   |
server   203.0.113.1, 2001:db8:113::1 (SERVER, SERVER6): livekit-server, and the host firewall

with Lab(binary) as lab:
    lab.firewall(TEXT, only(Service.API, Service.ICE_UDP))  # for this livekit.yaml, without its ICE/TCP
    with lab.livekit(TEXT), lab.call("alice", "bob") as (alice, bob):
        bob.report()                                        # what went on since bob's last report; see client.py
    with lab.livekit(TEXT), lab.join("carol", "--relay") as carol:
        carol.outcome()                                     # {"event": "failed", ...}: nothing reaches TURN

The NAT rewrites both families to its own address, with another random port for each destination, and forwards nothing
to the clients that they did not ask for. It must hide them: a server that can address its client sends it ICE checks,
which open the server's own stateful firewall from inside, and every call runs whatever that firewall says.

Whoever connects to one of ROLES gets to the server, on the same port, from that address: `lab.attempts` at TRUNK
tries what the trunk reaches.

Everything else is as in the laboratory of the probe: `cloud`, `loss`, `delay`, `listen`, `check`, `leftovers`, ...
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from livekit_firewall.deployment.derive import read_deployment
from livekit_firewall.model.rules import RuleSet
from livekit_firewall.model.services import Service
from livekit_firewall.platforms.nftables import render as nftables
from tests.e2e.probe import lab as probe_lab
from tests.e2e.probe.lab import SERVER, SERVER6, adding
from tests.e2e.probe.program import Program
from tests.e2e.probe.tracking import forget

from . import RELEASE

CLIENT = Path(__file__).with_name("client.py")
NAT, NAT6 = "203.0.113.254", "2001:db8:113::fe"
BALANCER, BALANCER6 = "203.0.113.253", "2001:db8:113::fd"
OPERATOR, OPERATOR6 = "203.0.113.20", "2001:db8:113::20"
TRUNK, TRUNK6 = "203.0.113.30", "2001:db8:113::30"
NODE, NODE6 = "203.0.113.40", "2001:db8:113::40"
ROLES = {BALANCER: BALANCER6, OPERATOR: OPERATOR6, TRUNK: TRUNK6, NODE: NODE6}
"""The load balancer, an operator, a trunk, a second node of the cluster: their two addresses."""
BALANCERS = (f"{BALANCER}/32", f"{BALANCER6}/128")
KEY, SECRET = "devkey", "a secret of more than thirty-two characters"

HEAD = f'keys: {{{KEY}: "{SECRET}"}}\nport: 7880\n'
"""What every livekit.yaml here begins with."""
NODE_IP = f'node_ip: "{SERVER},{SERVER6}"'

BOUND = "starting LiveKit server"  # said when every socket is bound (pkg/service/server.go Start)
PATIENCE = 90.0
"""Seconds for a client to join or to give up: it does so within 15, or 60 should its log be worded otherwise."""

SLOW_TICK = 0.05
"""Seconds between looks at a client that joins."""

NEWLINE = "\n"
NAT_TEXT = f"""\
table inet nat {{
    chain prerouting {{
        type nat hook prerouting priority dstnat
        ip daddr {{ {", ".join(ROLES)} }} dnat ip to {SERVER}
        ip6 daddr {{ {", ".join(ROLES.values())} }} dnat ip6 to {SERVER6}
    }}
    chain postrouting {{
        type nat hook postrouting priority srcnat
        {NEWLINE.join(f"ct original ip daddr {one} snat ip to {one}" for one in ROLES)}
        {NEWLINE.join(f"ct original ip6 daddr {one} snat ip6 to {one}" for one in ROLES.values())}
        oifname "inside" snat ip to {NAT} fully-random
        oifname "inside" snat ip6 to {NAT6} fully-random
    }}
    chain forward {{
        type filter hook forward priority filter
        iifname "inside" ct state new,invalid drop
    }}
}}
"""
NO_NAT_TEXT = "delete table inet nat"

Change = Callable[[RuleSet], RuleSet]


def only(*services: Service) -> Change:
    """The rules of these services, and no others."""
    return lambda rules: rules.where(lambda rule: rule.service in services)


def without(*services: Service) -> Change:
    """All but the rules of these services."""
    return lambda rules: rules.where(lambda rule: rule.service not in services)


class Client(Program):
    """A participant; it says what `client.py` describes, one JSON text a line."""

    def said(self, event: str = "") -> list[dict[str, Any]]:
        """What it has said so far; of one kind, if asked."""
        lines = [line for line in self.stdout.splitlines(keepends=True) if line.endswith("\n")]
        found = [json.loads(line) for line in lines]
        return [one for one in found if event in ("", one["event"])]

    def outcome(self) -> dict[str, Any]:
        """What became of its joining: event "connected", or "failed" with why; waits for it."""

        def told() -> list[dict[str, Any]]:
            return self.said("connected") + self.said("failed")

        until = time.monotonic() + PATIENCE
        while not told() and not self.look() and time.monotonic() < until:
            time.sleep(SLOW_TICK)  # many may wait at once, and most of them for long
        self.until(told)
        return told()[0]

    def hears(self, other: str, patience: float = PATIENCE) -> None:
        """Waits until it has the other one's tone and data."""
        self.until(lambda: other in {one["from"] for one in self.said("hears")}, patience)

    def report(self) -> dict[str, Any]:
        """What went on since its last report."""
        before = len(self.said("report"))
        assert self.process.stdin
        self.process.stdin.write(b"report\n")
        self.process.stdin.flush()
        self.until(lambda: len(self.said("report")) > before)
        return self.said("report")[before]

    def leave(self) -> int:
        """Its exit code, after it has said goodbye to the server."""
        if not self.look() and self.process.stdin and not self.process.stdin.closed:
            self.process.stdin.close()
        return self.wait()


class Lab(probe_lab.Lab):
    """The probe's laboratory with a NAT and a load balancer in the middle.

    Args:
        binary: the livekit-server.
    """

    def __init__(self, binary: Path) -> None:
        super().__init__()
        self.binary = binary
        # livekit-server would spend a third of its start on garbage, of which there is little.
        self.env |= {"GOGC": "off", "GOMEMLIMIT": "200MiB"}

    def _wire(self) -> None:
        super()._wire()
        addresses = [f"{one}/{length}" for pair in ROLES.items() for one, length in zip(pair, (24, 64), strict=True)]
        self._ip(self.middle, *adding("inside", *addresses))
        self.nft(self.middle, NAT_TEXT)

    def firewall(self, text: str, change: Change | None = None, **given: Any) -> RuleSet:
        """Renders and loads the host firewall for this livekit.yaml, forgets every open flow, and returns its rules.

        Args:
            text: of livekit.yaml; "" where there is no livekit-server.
            change: what becomes of the rules before they are rendered, such as `only(...)`.
            given: further arguments of the deployment, `ipv6=False`; the load balancer is ours unless told otherwise.
        """
        balancer = {"load_balancer": {"cidrs": BALANCERS}}
        file = {"livekit_config": self.config(text).name, "versions": {"livekit": RELEASE}} if text else {}
        deployment = read_deployment({**file, **balancer, **given}, self.folder)
        rules = change(deployment.rules) if change else deployment.rules
        self.host(nftables.render(rules, ssh_port=deployment.access.ssh_port, ipv6=deployment.access.ipv6))
        forget(self.middle)
        return rules

    def options(self, text: str) -> list[str]:
        """Of `listen` and `check`: the deployment that `firewall(text)` is for."""
        balancers = [word for one in BALANCERS for word in ("--load-balancer", one)]
        return ["--livekit", str(self.config(text)), "--server-version", RELEASE, *balancers]

    def config(self, text: str) -> Path:
        path = self.folder / "livekit.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    @contextmanager
    def livekit(self, text: str) -> Iterator[Program]:
        """A running livekit-server with this configuration, once it has bound its sockets."""
        server: Program = self.start(self.server, str(self.binary), "--config", str(self.config(text)))
        self._remains.own_processes.add(server.pid)
        try:
            server.until(lambda: BOUND in server.stdout + server.stderr)
            yield server
        finally:
            server.kill()

    @contextmanager
    def join(self, name: str, *arguments: str, host: str = BALANCER, port: int = 7880) -> Iterator[Client]:
        """A participant on its way into the room; it leaves at the end. For `arguments` see client.py."""
        url = f"ws://[{host}]:{port}" if ":" in host else f"ws://{host}:{port}"
        command = [sys.executable, str(CLIENT), url, token(name), *arguments]
        one: Client = self.start(self.client, *command, kind=Client)
        try:
            yield one
            one.leave()
        finally:
            one.kill()

    @contextmanager
    def call(self, *participants: str, host: str = BALANCER, port: int = 7880) -> Iterator[list[Client]]:
        """Participants that all hear each other: "alice", "carol --relay"."""
        names = [participant.split()[0] for participant in participants]
        with ExitStack() as leaving:
            found = [leaving.enter_context(self.join(*one.split(), host=host, port=port)) for one in participants]
            for one, name in zip(found, names, strict=True):
                assert one.outcome()["event"] == "connected", f"{name}: {one.stdout}\n{one.stderr}"
            for (one, _), (_, other) in itertools.permutations(zip(found, names, strict=True), 2):
                one.hears(other)
            yield found


def token(name: str, room: str = "lab") -> str:
    """A JSON web token (RFC 7519) that lets `name` into the room for an hour, as LiveKit wants it."""
    claims = {
        "iss": KEY, "sub": name, "nbf": int(time.time()) - 60, "exp": int(time.time()) + 3600,
        "video": {"room": room, "roomJoin": True},
    }  # fmt: skip
    signed = b".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
    return (signed + b"." + _base64(hmac.digest(SECRET.encode(), signed, hashlib.sha256))).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")
