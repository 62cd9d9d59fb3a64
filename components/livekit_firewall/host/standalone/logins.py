"""Who runs this, over which connection, and where sshd listens; all from procfs.

Only what the kernel says: a configuration of sshd may have been edited since sshd read it.
"""

import ipaddress
import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SERVERS = ("sshd", "dropbear")
"""How the names of the processes of SSH servers begin; `sshd-session` since OpenSSH 9.8."""

LISTENING = "0A"  # TCP_LISTEN of net/tcp_states.h


@dataclass(frozen=True)
class Login:
    """One connection of SSH, as SSH_CONNECTION tells it.

    Attributes:
        since: seconds since boot when its process began; None if no process of sshd is above this one, as in tmux.
    """

    address: str
    port: int
    server: str
    server_port: int
    since: "float | None"

    @property
    def connection(self) -> str:
        return f"{self.address} {self.port} {self.server} {self.server_port}"


@dataclass(frozen=True)
class Listening:
    """A socket on which a server of SSH waits: not loopback."""

    address: str
    port: int


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    name: str
    since: float


def login(proc: Path) -> "Login | None":
    """The connection over which this process was started; None on a console or in a job of no login."""
    above = list(_upwards(proc, os.getpid()))
    told = os.environ.get("SSH_CONNECTION") or next((one for one in (_told(proc, p.pid) for p in above) if one), "")
    words = told.split()
    if len(words) != 4 or not (words[1].isdigit() and words[3].isdigit()):
        return None
    chain = [one for one in above if one.name.startswith(SERVERS)]
    if chain and _sockets(proc, chain[-1].pid) & {inode for inode, _ in _listening(proc)}:
        chain.pop()  # the server itself, which is older than any connection
    # The oldest: a second session over one connection (ControlMaster) is no new connection.
    since = chain[-1].since if chain else None
    return Login(plain(words[0]), int(words[1]), plain(words[2]), int(words[3]), since)


def listening(proc: Path) -> "list[Listening]":
    """Where sshd waits for connections from the network."""
    owned: set[int] = set()
    for entry in proc.iterdir():
        process = _process(proc, int(entry.name)) if entry.name.isdigit() else None
        if process and process.name.startswith(SERVERS):
            parent = _process(proc, process.parent)
            # A connection's own process listens for what it forwards (-R, X11).
            if not (parent and parent.name.startswith(SERVERS)):
                owned |= _sockets(proc, process.pid)
    found = {one for inode, one in _listening(proc) if inode in owned}
    return sorted(
        (one for one in found if not ipaddress.ip_address(one.address).is_loopback),
        key=lambda one: (one.port, one.address),
    )


def plain(address: str) -> str:
    """Without a zone, and IPv4 as such where a socket of IPv6 took it."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = parsed.ipv4_mapped if parsed.version == 6 else None
    return str(mapped or parsed)


def _upwards(proc: Path, pid: int) -> "Iterator[_Process]":
    for _ in range(100):
        process = _process(proc, pid)
        if process is None:
            return
        yield process
        pid = process.parent


def _process(proc: Path, pid: int) -> "_Process | None":
    try:
        text = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    head, _, rest = text.rpartition(")")
    fields = rest.split()  # from field 3 of proc_pid_stat(5) on
    return _Process(pid, int(fields[1]), head.partition("(")[2], int(fields[19]) / os.sysconf("SC_CLK_TCK"))


def _told(proc: Path, pid: int) -> str:
    try:
        entries = (proc / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    prefix = b"SSH_CONNECTION="
    return next((one[len(prefix) :].decode("ascii", "replace") for one in entries if one.startswith(prefix)), "")


def _sockets(proc: Path, pid: int) -> "set[int]":
    found = set()
    try:
        entries = list((proc / str(pid) / "fd").iterdir())
    except OSError:
        return set()
    for entry in entries:
        try:
            link = str(entry.readlink())
        except OSError:
            continue
        if link.startswith("socket:["):
            found.add(int(link[8:-1]))
    return found


def _listening(proc: Path) -> "Iterator[tuple[int, Listening]]":
    for name in ("tcp", "tcp6"):
        try:
            lines = (proc / "net" / name).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue  # a kernel without IPv6
        for line in lines:
            fields = line.split()
            if fields[3] == LISTENING:
                address, _, port = fields[1].partition(":")
                yield int(fields[9]), Listening(_address(address), int(port, 16))


def _address(text: str) -> str:
    """The kernel prints words of 32 bits in its own byte order."""
    words = [int(text[at : at + 8], 16) for at in range(0, len(text), 8)]
    return plain(str(ipaddress.ip_address(struct.pack(f"={len(words)}I", *words))))
