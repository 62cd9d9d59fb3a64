"""A network namespace that has nothing but a livekit-server in it, and what that server binds there.

with Lab(server, folder) as lab:
    lab.start("port: 7880")      # Outcome(sockets={("tcp", 7880): {"ipv4", "ipv6"}, ...}, said="")
    lab.start("port: x")         # Outcome(sockets=None, said="could not parse config: ...")

The namespace is wired to a second one with a STUN server in it, and reaches nothing else.
"""

from __future__ import annotations

import ipaddress
import itertools
import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# A server that lives for a tenth of a second keeps its garbage: to look for it is a third of what its start costs.
ENV = {"PATH": f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin", "LC_ALL": "C", "GOGC": "off"}
STUN = Path(__file__).with_name("stun.py")

SERVER, SERVER6 = "203.0.113.1", "2001:db8:113::1"
PEER, PEER6 = "203.0.113.2", "2001:db8:113::2"

# It says so when every socket is bound (pkg/service/server.go Start). What else it says there is not believed.
BOUND = b"starting LiveKit server"
PATIENCE = 30.0

_NUMBERS = itertools.count(1)

Sockets = dict[tuple[str, int], frozenset[str]]
BOTH = frozenset({"ipv4", "ipv6"})


@dataclass(frozen=True)
class Outcome:
    """What became of one configuration.

    Attributes:
        sockets: (protocol, port) to the families in which another machine reaches it, empty for loopback
            alone; None when the server ended by itself.
        said: the end of its log.
    """

    sockets: Sockets | None
    said: str


def run(*command: str) -> str:
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=ENV)
    assert ran.returncode == 0, f"{' '.join(command)}: {ran.stderr}"
    return ran.stdout


class Lab:
    """Two wired namespaces; the first is the server's, one configuration after the other."""

    def __init__(self, server: Path, folder: Path) -> None:
        self.binary, self.folder = server, folder
        number = next(_NUMBERS)  # several may be open at once
        self.server, self.peer = (f"lkfw-{side}-{os.getpid()}-{number}" for side in ("sfu", "stun"))
        self.started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Lab:  # noqa: PYI034 - Self is Python 3.11
        try:
            self._set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc: object) -> None:
        for process in self.started:
            end(process)
        for space in (self.server, self.peer):
            subprocess.run(["ip", "netns", "delete", space], capture_output=True, check=False, env=ENV)

    def _set_up(self) -> None:
        for space in (self.server, self.peer):
            run("ip", "netns", "add", space)
        # Made inside, so that the machine's own namespace never sees them.
        run(
            "ip", "-n", self.server, "link", "add", "wire0", "type", "veth", "peer", "name", "wire0", "netns", self.peer
        )
        for space, addresses in ((self.server, (SERVER, SERVER6)), (self.peer, (PEER, PEER6))):
            for link in ("lo", "wire0"):
                run("ip", "-n", space, "link", "set", link, "up")
            run("ip", "-n", space, "addr", "add", f"{addresses[0]}/24", "dev", "wire0")
            run("ip", "-n", space, "addr", "add", f"{addresses[1]}/64", "dev", "wire0", "nodad")
        stun = self._spawn(self.peer, [sys.executable, str(STUN), PEER, "3478"], subprocess.PIPE)
        assert stun.stdout is not None
        assert stun.stdout.readline() == b"ready\n"

    def _spawn(
        self, space: str, command: list[str], out: object, variables: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        # `ip netns exec` becomes the command, so that its process is the one to end.
        full = ["ip", "netns", "exec", space, *command]
        # of this machine's none of LIVEKIT_…, UDP_PORT, NODE_IP, …
        env = {**ENV, "HOME": str(self.folder), **(variables or {})}
        process = subprocess.Popen(full, stdout=out, stderr=subprocess.STDOUT, env=env, cwd=self.folder)  # type: ignore[call-overload]
        self.started.append(process)
        return process  # type: ignore[no-any-return]

    def start(self, text: str | None, flags: Sequence[str] = (), variables: Mapping[str, str] | None = None) -> Outcome:
        """Starts the server with this configuration, flags and variables, notes what it binds, and ends it.

        It exits with 0 whatever happens (cmd/server/main.go): that it ends by itself is the refusal.
        """
        config = self.folder / f"{self.server}.yaml"
        if text is not None:
            config.write_text(text, encoding="utf-8")
        named = ["--config", str(config)] if text is not None else []
        process = self._spawn(self.server, [str(self.binary), *named, *flags], subprocess.PIPE, variables)
        try:
            log = said(process)
            sockets = bound(self.server, process.pid) if BOUND in log and process.poll() is None else None
            return Outcome(sockets, log.decode(errors="replace")[-600:])
        finally:
            end(process)
            self.started.remove(process)


def said(process: subprocess.Popen[bytes]) -> bytes:
    """Its log, until it has started or ended."""
    assert process.stdout is not None
    log, until = b"", time.monotonic() + PATIENCE
    while BOUND not in log:
        if not select.select([process.stdout], [], [], max(0.0, until - time.monotonic()))[0]:
            raise AssertionError(f"neither started nor ended: {log.decode(errors='replace')[-600:]}")
        if not (more := os.read(process.stdout.fileno(), 65536)):
            break
        log += more
    return log


def end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    if process.stdout:
        process.stdout.close()


def bound(space: str, pid: int) -> Sockets:
    """The listening sockets of a process, of which none may be missed: another process in there is an error."""
    found: Sockets = {}
    for line in run("ip", "netns", "exec", space, "ss", "-lntuHp").splitlines():
        protocol, _, _, _, local, _, *users = line.split()
        assert f"pid={pid}," in "".join(users), f"not the server's: {line}"
        address, _, port = local.rpartition(":")
        key = (protocol, int(port))
        found[key] = found.get(key, frozenset()) | families(address)
    return found


def families(address: str) -> frozenset[str]:
    """`*` is a socket of IPv6 that takes IPv4 as well, `[::]` one that does not."""
    if address == "*":
        return BOTH
    one = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    return frozenset() if one.is_loopback else frozenset({f"ipv{one.version}"})
