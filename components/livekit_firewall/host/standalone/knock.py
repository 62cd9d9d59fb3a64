"""A new TCP connection to sshd through the loaded ruleset, from a temporary network namespace.

The namespace is wired to the host by a pair of virtual interfaces, so that the packets pass `input` as those
of the network do. The address it comes from is that of the login that applies the ruleset, else one that the
rules admit. No traffic of others is led astray: the host's answers reach the namespace by a rule for exactly
this connection (both addresses, both ports), which looks up a table that holds one route; neither address is
assigned to the host's end. All of it goes with the namespace but the rule, which is deleted after.
"""

import ipaddress
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from .logins import Listening, Login
from .machine import Machine
from .ssh import admitted, blocks_for
from .stopped import Stopped

OURS, THEIRS = "lkfw-knock0", "lkfw-knock1"
TABLE = "171717"
"""Of routes, and the priority of its rule is the same as that of nobody else: before the main table (32766)."""
PRIORITY = "17171"
PATIENCE = 4.0  # seconds for one connection: Linux repeats a lost SYN after 1 s and after 3 s

SPARE = {4: "198.18.0.1", 6: "2001:2::1"}
"""Of the networks for tests of devices (RFC 2544, RFC 5180): nobody's, where the rules admit everybody."""

CONNECT = """\
import json, socket, subprocess, sys
ip, link, source, port, target, there, mac, patience = sys.argv[1:]
sys.stdin.readline()
family, own = (socket.AF_INET6, ["-6"]) if ":" in source else (socket.AF_INET, ["-4"])
length = "128" if ":" in source else "32"
def run(*words):
    subprocess.run([ip, *words], check=True, capture_output=True, text=True)
try:
    run("link", "set", "lo", "up")
    run("link", "set", link, "up")
    run("addr", "add", f"{source}/{length}", "dev", link, *(["nodad"] if ":" in source else []))
    run(*own, "route", "add", f"{target}/{length}", "dev", link)
    run(*own, "neigh", "replace", target, "lladdr", mac, "nud", "permanent", "dev", link)
    with socket.socket(family) as made:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.settimeout(float(patience))
        made.bind((source, int(port)))
        made.connect((target, int(there)))
    print(json.dumps(""))
except subprocess.CalledProcessError as error:
    print(json.dumps("the test could not be made: " + error.stderr.strip()))
except OSError as error:
    print(json.dumps(error.strerror or str(error)))
"""


def missing_for_test(
    machine: Machine, admits: "Sequence[dict[str, Any]]", login: "Login | None", servers: "list[Listening]"
) -> "list[str]":
    """Why `confirm: automatic` cannot be done here."""
    missing = [name for name in ("ip", "unshare") if machine.program(name) is None]
    if missing:
        return [
            f"host.confirm: automatic needs {' and '.join(missing)} on this machine; install iproute2, or use manual"
        ]
    if not servers:
        return ["host.confirm: automatic has nothing to test, since no sshd listens on this machine; use manual"]
    if not _attempts(machine, admits, login, servers):
        return ["host.confirm: automatic finds no address from which to test SSH; use manual"]
    return []


def failed_connections(
    machine: Machine, admits: "Sequence[dict[str, Any]]", login: "Login | None", servers: "list[Listening]"
) -> "list[str]":
    """Try each port of sshd that the rules admit anybody to. What failed, as sentences."""
    remove_leftovers(machine)
    failed = []
    for source, target, port in _attempts(machine, admits, login, servers):
        answer = _connect(machine, source, target, port)
        if answer:
            failed.append(f"a new connection from {source} to SSH at {target} port {port} does not get in: {answer}")
    return failed


def remove_leftovers(machine: Machine) -> None:
    """What a killed run may have left."""
    if machine.program("ip") is None:
        return
    for family in ("-4", "-6"):
        for _ in range(10):
            if machine.run("ip", family, "rule", "del", "priority", PRIORITY, "table", TABLE).returncode != 0:
                break
    machine.run("ip", "link", "del", OURS)


def _attempts(
    machine: Machine, admits: "Sequence[dict[str, Any]]", login: "Login | None", servers: "list[Listening]"
) -> "list[tuple[str, str, int]]":
    """One per port: from which address, to which, which port."""
    own = _own_addresses(machine)
    calls: dict[int, tuple[str, str, int]] = {}
    for server in servers:
        for source in _sources(admits, login, server, own):
            target = _target(server, source, login, own)
            if target:
                calls.setdefault(server.port, (source, target, server.port))
    return list(calls.values())


def _sources(
    admits: "Sequence[dict[str, Any]]", login: "Login | None", server: Listening, own: "list[str]"
) -> "Iterator[str]":
    parsed = ipaddress.ip_address(login.address) if login else None
    is_usable = parsed and not parsed.is_link_local and str(parsed) not in own
    if login and is_usable and login.server_port == server.port and admitted(admits, login.address, server.port):
        yield login.address
    for block in blocks_for(admits, server):
        network = ipaddress.ip_network(block)
        spare = SPARE[network.version]
        if ipaddress.ip_address(spare) in network:
            yield spare
            continue
        # Not the ends of a block, which are its network and its broadcast where it is one.
        inside = network.num_addresses > 2
        tried = (str(network[n]) for n in range(int(inside), min(network.num_addresses, 300)))
        yield from (one for one in tried if one not in own)


def _target(server: Listening, source: str, login: "Login | None", own: "list[str]") -> "str | None":
    """An address of the host that this server answers at, of the family of the source."""
    version = ipaddress.ip_address(source).version
    if not ipaddress.ip_address(server.address).is_unspecified:
        return server.address if ipaddress.ip_address(server.address).version == version else None
    if login and login.server in own and ipaddress.ip_address(login.server).version == version:
        return login.server
    return next((one for one in own if ipaddress.ip_address(one).version == version), None)


def _own_addresses(machine: Machine) -> "list[str]":
    listed = json.loads(machine.must("ip", "-j", "addr", "show", "scope", "global") or "[]")
    return [one["local"] for link in listed for one in link.get("addr_info", []) if "local" in one]


@contextmanager
def _wired(machine: Machine, arguments: "list[str]") -> "Iterator[subprocess.Popen[str]]":
    """A process in a namespace of its own, waiting for a line, with its end of the wire inside."""
    unshare = machine.program("unshare") or "unshare"
    process = subprocess.Popen(
        [unshare, "--net", sys.executable, "-I", "-S", "-c", CONNECT, *arguments],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _connect(machine: Machine, source: str, target: str, port: int) -> str:
    """Why the connection did not come about; "" if it did."""
    ours, theirs = "02:6c:6b:66:77:00", "02:6c:6b:66:77:01"
    own_port = 61_017
    family, length = ("-6", "128") if ":" in source else ("-4", "32")
    ip = machine.program("ip") or "ip"
    given = [ip, THEIRS, source, str(own_port), target, str(port), ours, str(PATIENCE)]
    rule = ["priority", PRIORITY, "from", target, "to", source, "ipproto", "tcp",
            "sport", str(port), "dport", str(own_port), "table", TABLE]  # fmt: skip
    with _wired(machine, given) as process:
        try:
            _await_namespace(machine, process.pid)
            machine.must(
                "ip", "link", "add", OURS, "address", ours, "type", "veth",
                "peer", "name", THEIRS, "address", theirs, "netns", str(process.pid),
            )  # fmt: skip
            machine.must("ip", "link", "set", OURS, "addrgenmode", "none")
            # Loose: the way back to the source is another interface, as far as the main table knows.
            with suppress(OSError):
                (machine.proc / f"sys/net/ipv4/conf/{OURS}/rp_filter").write_text("2", encoding="ascii")
            machine.must("ip", "link", "set", OURS, "up")
            machine.must("ip", family, "route", "add", f"{source}/{length}", "dev", OURS, "table", TABLE)
            machine.must("ip", family, "neigh", "replace", source, "lladdr", theirs, "nud", "permanent", "dev", OURS)
            machine.must("ip", family, "rule", "add", *rule)
            told, _ = process.communicate("\n", timeout=PATIENCE * 3)
            return str(json.loads(told or '"the test ended without a result"'))
        except (Stopped, subprocess.SubprocessError, OSError, ValueError) as error:
            return f"the test could not be made: {error}"
        finally:
            remove_leftovers(machine)


def _await_namespace(machine: Machine, pid: int) -> None:
    """Wait until the process has its own namespace: a wire would end in ours before."""
    ours = (machine.proc / "self" / "ns" / "net").readlink()
    for _ in range(500):
        if (machine.proc / str(pid) / "ns" / "net").readlink() != ours:
            return
        time.sleep(0.01)
    raise Stopped("unshare --net made no network namespace")
