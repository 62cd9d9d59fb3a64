"""The run's nft table: diverts signed-looking UDP packets and the checker's TCP, and notes what arrived.

The table has `flags owner` and belongs to a running `nft -i`: the kernel removes it when that process ends, and that
process ends when ours does, since its input closes; so also after `kill -9`. Its rules stop matching when the token
expires, should both hang. It holds no other table's rules, changes no packet, and leaves
alone what this host forwards to others.

Two chains. `arrive` sees packets before every usual chain of the host (raw is -300), so that what arrived is known
even if the host drops it later. `divert` comes after destination NAT and sets the packet's socket (`tproxy`): the
chains that follow, the host's own `input` among them, judge the port that the checker used.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import select
import signal
import subprocess
import time
from collections.abc import Iterable
from datetime import datetime, timezone

from ...model.ports import Protocol
from ..wire.messages import ranges
from .nft_session import ENVIRONMENT, GONE, CannotDivert, NftSession, meaning_of, wait_for

PR_SET_PDEATHSIG = 1  # linux/prctl.h
NOTES = 131_072
"""Pairs of address and port that a set holds: every port of two checkers."""
KEPT = 7200
"""Seconds for which it is noted when a packet last arrived: longer than any run."""
FRESH = 0.3
"""Seconds for which what arrived is not listed anew: a full set takes the better part of a second."""
TABLE = """
table inet {name} {{
    flags owner;
    counter done {{ }}
    set checkers4 {{ type ipv4_addr; size 64; flags timeout; }}
    set checkers6 {{ type ipv6_addr; size 64; flags timeout; }}
    set udp4 {{ type ipv4_addr . inet_service; size {notes}; flags dynamic,timeout; }}
    set udp6 {{ type ipv6_addr . inet_service; size {notes}; flags dynamic,timeout; }}
    set tcp4 {{ type ipv4_addr . inet_service; size {notes}; flags dynamic,timeout; }}
    set tcp6 {{ type ipv6_addr . inet_service; size {notes}; flags dynamic,timeout; }}
    set translated4 {{ type ipv4_addr . inet_service; size {notes}; flags dynamic,timeout; }}
    set translated6 {{ type ipv6_addr . inet_service; size {notes}; flags dynamic,timeout; }}
    set forwarded4 {{ type ipv4_addr . inet_service; size {notes}; flags dynamic,timeout; }}
    set forwarded6 {{ type ipv6_addr . inet_service; size {notes}; flags dynamic,timeout; }}
    set tcp_ports {{ type inet_service; flags interval; }}
    set traced_udp {{ type inet_service; size 64; }}
    set traced_tcp {{ type inet_service; size 64; }}
    chain arrive {{
        type filter hook prerouting priority -500; policy accept;
        meta l4proto udp @th,64,64 {selector} fib daddr type local meta time < "{expires}" jump note_udp;
        {syn} fib daddr type local meta time < "{expires}" jump note_tcp;
    }}
    chain note_udp {{
        limit rate over 200000/second burst 20000 packets drop;
        udp dport @traced_udp meta nftrace set 1;
        meta nfproto ipv4 @th,248,8 1 update @udp4 {{ ip saddr . udp dport timeout {kept}s }};
        meta nfproto ipv6 @th,248,8 1 update @udp6 {{ ip6 saddr . udp dport timeout {kept}s }};
    }}
    chain note_tcp {{
        ip saddr @checkers4 tcp dport @traced_tcp meta nftrace set 1;
        ip6 saddr @checkers6 tcp dport @traced_tcp meta nftrace set 1;
        ip saddr @checkers4 tcp dport @tcp_ports update @tcp4 {{ ip saddr . tcp dport timeout {kept}s }};
        ip6 saddr @checkers6 tcp dport @tcp_ports update @tcp6 {{ ip6 saddr . tcp dport timeout {kept}s }};
    }}
    chain divert {{
        type filter hook prerouting priority -90; policy accept;
        meta l4proto udp @th,64,64 {selector} meta time < "{expires}" jump divert_udp;
        {syn} ct status dnat meta time < "{expires}" jump forwarded_tcp;
        {syn} ip saddr @checkers4 tcp dport @tcp_ports meta time < "{expires}" jump divert_tcp;
        {syn} ip6 saddr @checkers6 tcp dport @tcp_ports meta time < "{expires}" jump divert_tcp;
    }}
    chain divert_udp {{
        meta l4proto udp meta nfproto ipv4 ct status dnat
            update @translated4 {{ ip saddr . ct original proto-dst timeout {kept}s }} drop;
        meta l4proto udp meta nfproto ipv6 ct status dnat
            update @translated6 {{ ip6 saddr . ct original proto-dst timeout {kept}s }} drop;
        fib daddr type != local accept;
        meta l4proto udp meta nfproto ipv4 tproxy ip to 127.0.0.1:{udp4} accept;
        meta l4proto udp meta nfproto ipv6 tproxy ip6 to [::1]:{udp6} accept;
    }}
    chain forwarded_tcp {{
        meta l4proto tcp ct original proto-dst @tcp_ports ip saddr @checkers4
            update @forwarded4 {{ ip saddr . ct original proto-dst timeout {kept}s }};
        meta l4proto tcp ct original proto-dst @tcp_ports ip6 saddr @checkers6
            update @forwarded6 {{ ip6 saddr . ct original proto-dst timeout {kept}s }};
        accept;
    }}
    chain divert_tcp {{
        fib daddr type != local accept;
        socket wildcard 0 accept;
        socket wildcard 1 accept;
        meta l4proto tcp meta nfproto ipv4 tproxy ip to 127.0.0.1:{tcp4} accept;
        meta l4proto tcp meta nfproto ipv6 tproxy ip6 to [::1]:{tcp6} accept;
    }}
    chain answer {{
        type filter hook output priority -500; policy accept;
        meta l4proto udp @th,64,64 {reply_selector} udp sport @traced_udp meta nftrace set 1;
    }}
}}
"""
SYN = "tcp flags & (fin|syn|rst|ack) == syn"


class DivertTable:
    """The table, for as long as the object is not closed.

    Args:
        selector, reply_selector: 8 bytes each, what our packets begin with.
        sockets: ports of the transparent sockets: {"udp4": 40001, "udp6": ..., "tcp4": ..., "tcp6": ...}.
        expires: Unix time at which the rules stop matching.

    Raises CannotDivert; nothing is left behind then.
    """

    def __init__(self, selector: bytes, reply_selector: bytes, sockets: dict[str, int], expires: float) -> None:
        self.name = f"livekit_probe_{os.getpid()}_{selector.hex()[:8]}"
        self._arrivals: dict[str, tuple[float, dict[str, dict[int, float]]]] = {}
        self._tcp: set[int] = set()
        self._checkers: set[str] = set()
        self._monitor: subprocess.Popen[bytes] | None = None
        self._nft = NftSession(f"list counter inet {self.name} done")
        until = datetime.fromtimestamp(expires, tz=timezone.utc).astimezone()
        table = TABLE.format(
            name=self.name, selector=f"0x{selector.hex()}", reply_selector=f"0x{reply_selector.hex()}", syn=SYN,
            notes=NOTES,
            kept=KEPT,
            expires=until.strftime("%Y-%m-%d %H:%M:%S"), **sockets,
        )  # fmt: skip
        try:
            self._nft.run(" ".join(table.replace("}\n", "};\n").split()).removesuffix(";"))
        except CannotDivert:
            self.close()
            raise

    def admit(self, address: str, ports: Iterable[int], seconds: float) -> None:
        """TCP from this address, a checker's, to these ports is noted, and is ours where nobody listens.

        nft takes its time: it is so when `settle` returns.
        """
        family, commands = "6" if ":" in address else "4", []
        if address not in self._checkers:
            self._checkers.add(address)
            timeout = f"timeout {max(1, int(seconds))}s"
            commands.append(f"add element inet {self.name} checkers{family} {{ {address} {timeout} }}")
        if not self._tcp.issuperset(ports):
            self._tcp.update(ports)
            elements = ", ".join(f"{one.first}-{one.last}" for one in ranges(self._tcp))
            commands.append(f"flush set inet {self.name} tcp_ports")
            commands.append(f"add element inet {self.name} tcp_ports {{ {elements} }}")
        if commands:
            self._nft.post("; ".join(commands))

    def check(self) -> None:
        """Raises CannotDivert if the table is gone because its owner is."""
        self._nft.check()

    def settle(self) -> None:
        """Wait until nft has done all that it was told. Raises CannotDivert if it could not."""
        self._nft.settle()

    def trace(self, ports: Iterable[int], protocol: Protocol) -> None:
        """From now on the chains that packets of ours to these ports pass through are told by `traces`."""
        if self._monitor is None:
            prctl = ctypes.CDLL(None).prctl
            # it notices that nobody reads it only when it has something to say, which may be never
            self._monitor = subprocess.Popen(
                [self._nft.program, "monitor", "trace"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL, env=ENVIRONMENT, start_new_session=True,
                preexec_fn=lambda: prctl(PR_SET_PDEATHSIG, signal.SIGTERM),  # noqa: PLW1509 - there is one thread
            )  # fmt: skip
            time.sleep(0.1)  # it says nothing when it has subscribed; a trace that is missed names no rule
        elements = ", ".join(str(port) for port in sorted(set(ports)))
        name = f"traced_{protocol}"
        self._nft.run(f"flush set inet {self.name} {name}; add element inet {self.name} {name} {{ {elements} }}")

    def traces(self) -> str:
        """The output of the trace since the last call; does not wait."""
        if self._monitor is None or self._monitor.stdout is None:
            return ""
        pipe, said = self._monitor.stdout.fileno(), b""
        while len(said) < 1 << 20 and select.select([pipe], [], [], 0)[0]:
            chunk = os.read(pipe, 1 << 16)
            if not chunk:
                break
            said += chunk
        return said.decode(errors="replace")

    def dismiss(self, address: str) -> None:
        """TCP from this address, whose checks are over, is no longer diverted."""
        if address in self._checkers:
            self._checkers.remove(address)
            family = "6" if ":" in address else "4"
            self._nft.post(f"delete element inet {self.name} checkers{family} {{ {address} }}")

    def arrived(self, name: str, address: str, since: float) -> set[int]:
        """The ports, as the checker at this address named them, that a set noted; as of `FRESH` seconds ago at most.

        Args:
            name: `udp`, `tcp`, `translated` (UDP) or `forwarded` (TCP to elsewhere), and 4 or 6.
            since: monotonic time; what last arrived before it, to the second, is of an earlier run.

        Raises CannotDivert if the table is gone, or so full that more may have arrived than was noted.
        """
        listed, noted = self._arrivals.get(name, (-math.inf, {}))
        if time.monotonic() - listed > FRESH:
            noted = self._list(name)
            self._arrivals[name] = time.monotonic(), noted
        return {port for port, last in noted.get(address, {}).items() if last >= since}

    def _list(self, name: str) -> dict[str, dict[int, float]]:
        """By address and port, when it last arrived at the latest: nft tells whole seconds."""
        listed = subprocess.run(
            [self._nft.program, "-j", "list", "set", "inet", self.name, name],
            capture_output=True, env=ENVIRONMENT, check=False, timeout=60,
        )  # fmt: skip
        if listed.returncode:
            error = listed.stderr.decode(errors="replace").partition("\n")[0]
            raise CannotDivert(GONE if "No such file" in error else meaning_of(error))
        found = json.loads(listed.stdout)["nftables"]
        elements = next((entry["set"].get("elem", ()) for entry in found if "set" in entry), ())
        if len(elements) >= NOTES:
            raise CannotDivert("more packets came than one run can note: start it anew, with fewer checkers at a time")
        noted: dict[str, dict[int, float]] = {}
        now = time.monotonic()
        for element in elements:
            address, port = element["elem"]["val"]["concat"]
            noted.setdefault(address, {})[port] = now - (KEPT - element["elem"]["expires"]) + 1
        return noted

    def close(self) -> None:
        """The table is gone when this returns. May be called twice."""
        if self._monitor is not None:
            self._monitor.terminate()
            wait_for(self._monitor)
        self._nft.close()
