"""The laboratory of the probe: a client, a server, and between them a middle box that is the cloud's firewall.

client  198.51.100.2, 2001:db8:51::2   CLIENT, CLIENT6
   |    a veth; with `delay` a TUN relay (relay.py) in its place
middle  routes, in both families; `loss`, then the `cloud` firewall, both in its forward hook; `rate` as it sends
   |    a veth
server  203.0.113.1, 2001:db8:113::1   SERVER, SERVER6; the `host` firewall

with Lab() as lab:
    lab.cloud(["udp/50000-60000", "tcp/7881"], ipv6=[])            # IPv4 as listed, IPv6 shut
    lab.host(nftables.render(rules))                               # or any other text for nft
    lab.delay(50); lab.loss(1); lab.rate(20)                       # 100 ms round trip, 1 % each way, 20 Mbit/s
    with lab.listen("--port", "udp/50000-60000") as listening, lab.serve("tcp/6379"):
        code, found, stderr = lab.check(SERVER, SERVER6, "--token", listening.token, "--port", "udp/50000-60000")
    assert lab.leftovers() == []

Without calls there is no firewall anywhere and nothing is impaired; `reset` returns to that. Links are made inside the
namespaces, so that the machine's own never sees them; the end of the `with` ends and removes everything.
"""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

from .program import Checked, Listening, Program, checked
from .remains import Remains, pids
from .tracking import forget

HERE = Path(__file__).parent
PEERS, RELAY, TRAFFIC = HERE.parent / "peers.py", HERE / "relay.py", HERE / "traffic.py"
COMPONENTS = HERE.parents[2] / "components"

CLIENT, CLIENT6 = "198.51.100.2", "2001:db8:51::2"
SERVER, SERVER6 = "203.0.113.1", "2001:db8:113::1"
# Of the middle: (its link, its addresses, whose they neighbour).
OUTSIDE = ("outside", ("198.51.100.254/24", "2001:db8:51::fe/64"))
INSIDE = ("inside", ("203.0.113.254/24", "2001:db8:113::fe/64"))

LATE = ("late", "late-far")
"""The delayed wire's devices: the client's, and the middle's."""
DEEP = 100_000
"""Packets that a TUN device holds for the relay, which is slower than a sender; 500 otherwise."""

_numbers = itertools.count()


class Lab:
    """Three namespaces, wired. Their names are in `client`, `middle` and `server`."""

    def __init__(self) -> None:
        number = next(_numbers)
        self.client, self.middle, self.server = self.spaces = [
            f"lkfw-{role}-{os.getpid()}-{number}" for role in ("client", "middle", "server")
        ]
        self.env = {
            "PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(COMPONENTS), "COLUMNS": "200",
        }  # fmt: skip
        self._remains = Remains(self.server, self.run)
        self._relay: Program | None = None
        self._mbit: float | None = None
        self._patience = 0.0
        self._programs = itertools.count()
        self._close = ExitStack()  # each of its steps is taken, whatever becomes of the others

    def __enter__(self) -> Lab:  # noqa: PYI034 - Self is Python 3.11
        with self._close as steps:
            self.folder = Path(steps.enter_context(tempfile.TemporaryDirectory(prefix="lkfw-lab-")))
            self.env |= {"HOME": str(self.folder), "TMPDIR": str(self.folder)}
            for space in self.spaces:
                steps.callback(self._remove, space)
                self.run(None, "ip", "netns", "add", space)
                # Or link-local addresses, and their routes, would appear a second later.
                self.run(space, "sh", "-c", "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad")
            self._wire()
            self._remains.settle()
            self._close = steps.pop_all()
        return self

    def __exit__(self, *exc: object) -> None:
        self._close.close()

    def _remove(self, space: str) -> None:
        for pid in pids(space):  # whatever our programs started
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        subprocess.run(["ip", "netns", "delete", space], capture_output=True, check=False, env=self.env)

    def _wire(self) -> None:
        for space, address, address6, (link, gateways) in (
            (self.client, CLIENT, CLIENT6, OUTSIDE), (self.server, SERVER, SERVER6, INSIDE),
        ):  # fmt: skip
            self._ip(space, f"link add wire type veth peer name {link} netns {self.middle}")
            self._ip(self.middle, "link set lo up", f"link set {link} up", *adding(link, *gateways))
            self._ip(
                space,
                *("link set lo up", "link set wire up", *adding("wire", f"{address}/24", f"{address6}/64")),
                # Behind the delayed wire's, which has 10.
                *(f"route add default via {gateway.partition('/')[0]} metric 100" for gateway in gateways),
            )
        switches = "net/ipv4/ip_forward net/ipv6/conf/all/forwarding"
        self.run(self.middle, "sh", "-c", f"for one in {switches}; do echo 1 > /proc/sys/$one; done")

    # Firewalls

    def cloud(
        self,
        open_ports: Iterable[str] | None = None,
        *,
        ipv4: Iterable[str] | None = None,
        ipv6: Iterable[str] | None = None,
        text: str = "",
    ) -> None:
        """Puts a stateful firewall on the middle box that admits these ports alone, or takes it away.

        Args:
            open_ports: of both families, "udp/50000-60000"; None, and nothing else either: there is no firewall.
            ipv4, ipv6: the same of one family, instead.
            text: anything else, for nft.
        """
        lines = ["table inet cloud", "delete table inet cloud", text]
        if open_ports is not None or ipv4 is not None or ipv6 is not None:
            both = list(open_ports or ())
            ports = {"ipv4": both if ipv4 is None else ipv4, "ipv6": both if ipv6 is None else ipv6}
            lines.append(cloud_text({family: list(some) for family, some in ports.items()}))
        self.nft(self.middle, "\n".join(lines))
        forget(self.middle)  # a flow that an earlier test opened would pass whatever is loaded now

    def host(self, text: str = "") -> None:
        """Loads this in the server's namespace, instead of all that was there; tables with an owner stay."""
        self.nft(self.server, "flush ruleset")
        self._remains.own_tables = set()
        if text:
            others = self._remains.tables()
            self.nft(self.server, text)
            self._remains.own_tables = self._remains.tables() - others
        forget(self.server)

    def nft(self, space: str, text: str) -> str:
        return self.run(space, "nft", "-f", "-", stdin=text)

    # Impairments, all between the client and the server

    def loss(self, percent: float = 0.0) -> None:
        """Loses so many of a hundred packets, each for itself, in each direction."""
        drop = f"numgen random mod 100000 < {round(percent * 1000)} counter drop"
        chain = f"chain forward {{\ntype filter hook forward priority mangle;\n{drop if percent else ''}\n}}"
        self.nft(self.middle, f"table inet loss\ndelete table inet loss\ntable inet loss {{\n{chain}\n}}")

    def rate(self, mbit: float | None = None, patience: float = 50.0) -> None:
        """Lets so many Mbit/s through in each direction, Ethernet headers included; None: as fast as it goes.

        Packets that would wait for more than `patience` milliseconds are dropped, as a router's short queue does.
        """
        self._mbit, self._patience = mbit, patience
        for link in ("outside", "inside", *([LATE[1]] if self._relay else [])):
            qdisc = ["tc", "-n", self.middle, "qdisc"]
            if mbit is not None:
                limit = ["rate", f"{mbit}mbit", "burst", "16kb", "latency", f"{patience}ms"]
                self.run(None, *qdisc, "replace", "dev", link, "root", "tbf", *limit)
            elif "tbf" in self.run(None, *qdisc, "show", "dev", link, "root"):
                self.run(None, *qdisc, "delete", "dev", link, "root")

    def delay(self, milliseconds: float = 0.0) -> None:
        """Delays each packet by this, in each direction: half of a round trip. 0: a plain wire.

        One process carries both directions. Measured on two cores: 60,000 packets/s of 80 bytes each way for half a
        core, and 120,000 at once each way, none lost (20 Mbit/s of such packets are 30,000 each way).
        """
        if self._relay:
            self._relay.kill()  # its devices go with it, and their routes
            self._relay = None
        if not milliseconds:
            return
        self._relay = self.start(self.client, sys.executable, "-I", "-S", str(RELAY), *LATE, str(milliseconds))
        self._relay.until(lambda: self._relay and "ready" in self._relay.stdout)
        # No link-local addresses: nothing is sent on them but what is routed there.
        routes = (
            [f"route add default dev {LATE[0]} src {one} metric 10" for one in (CLIENT, CLIENT6)],
            [f"route add {one} dev {LATE[1]}" for one in (CLIENT, CLIENT6)],
        )
        self._ip(self.client, f"link set {LATE[1]} netns {self.middle}")
        for space, link, ways in zip((self.client, self.middle), LATE, routes, strict=True):
            self._ip(space, f"link set {link} txqueuelen {DEEP} addrgenmode none", f"link set {link} up", *ways)
        self.rate(self._mbit, self._patience)

    def reset(self) -> None:
        """No firewall, no impairment."""
        self.cloud()
        self.host()
        self.loss()
        self.delay()
        self.rate()

    # Programs

    @contextmanager
    def listen(self, *arguments: str) -> Iterator[Listening]:
        """`probe listen` in the server's namespace, once it has printed its command; stopped at the end, if need be."""
        listening = self.start(self.server, *probe("listen", *arguments), kind=Listening)
        try:
            listening.until(lambda: listening.command_to_copy)
            yield listening
        finally:
            listening.stop()

    def start_check(self, *arguments: str, space: str = "") -> Program:
        """`probe check` as a running program, for its time and memory or for two at once; `checked` is its result."""
        return self.start(space or self.client, *probe("check", *arguments))

    def check(self, *arguments: str, as_json: bool = True, patience: float = 60.0) -> Checked:
        """`probe check` in the client's namespace; with --json unless told otherwise."""
        return checked(self.start_check(*arguments, *(["--json"] if as_json else [])), patience)

    @contextmanager
    def serve(self, *ports: str) -> Iterator[Program]:
        """Echoes of TCP and UDP on all addresses of the server, as services that have nothing to do with the probe."""
        program = self.start(self.server, sys.executable, str(PEERS), "serve", " ".join(ports))
        self._remains.own_processes.add(program.pid)
        try:
            program.until(lambda: "ready" in program.stdout)
            yield program
        finally:
            program.kill()

    def start(self, space: str, *command: str, kind: Any = Program) -> Any:
        """A program in a namespace; the end of the laboratory kills it, if nobody has before."""
        out = self.folder / f"{next(self._programs)}-{Path(command[0]).name}"
        program = kind(["ip", "netns", "exec", space, *command], self.env, self.folder, out)
        self._close.callback(program.kill)
        return program

    def run(self, space: str | None, *command: str, stdin: str = "") -> str:
        """What a command prints that ends soon; AssertionError with its complaint if it fails."""
        if space:
            command = ("ip", "netns", "exec", space, *command)
        ran = subprocess.run(
            command, input=stdin, capture_output=True, text=True, timeout=60, check=False, env=self.env
        )
        assert ran.returncode == 0, f"{' '.join(command)}: {ran.stderr}\n{stdin}"
        return ran.stdout

    def attempts(self, wanted: Iterable[tuple[str, str, int]]) -> list[bool]:
        """Which of these (address, protocol, port) answer to the client with an echo."""
        asked = [(CLIENT6 if ":" in address else CLIENT, address, *port) for address, *port in wanted]
        return json.loads(self.run(self.client, sys.executable, str(PEERS), "try", stdin=json.dumps(asked)))  # type: ignore[no-any-return]

    # What is left

    def leftovers(self, patience: float = 2.0) -> list[str]:
        """What differs on the server from before: "new table inet x", "gone rule 0: from all lookup local".

        Tables, rules, routes, switches and processes; but not what `host` loaded, nor what `serve` started. It is
        asked until nothing differs, for so many seconds at most: the kernel tidies up after the last process.
        """
        return self._remains.found(patience)

    def _ip(self, space: str, *lines: str) -> None:
        self.run(None, "ip", "-n", space, "-batch", "-", stdin="\n".join([*lines, ""]))


def probe(command: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "livekit_firewall.cli", "probe", command, *arguments]


def adding(link: str, *addresses: str) -> list[str]:
    return [f"addr add {one} dev {link}{' nodad' if ':' in one else ''}" for one in addresses]


def cloud_text(ports: dict[str, list[str]]) -> str:
    """A security group, as nft: what the server sends gets out, answers come back, and in come these ports alone."""
    opened = [
        f"meta nfproto {family} {protocol} dport {number} accept"
        for family, some in ports.items()
        for protocol, _, number in (port.partition("/") for port in some)
    ]
    rules = ["ct state established,related accept", 'iifname "inside" accept', *opened]
    chain = "type filter hook forward priority filter; policy drop;\n" + "\n".join(rules)
    return f"table inet cloud {{\nchain forward {{\n{chain}\n}}\n}}"
