"""SSH that systemd starts once somebody connects: systemd holds the port, and no process of sshd need be there."""

import ipaddress

from .logins import Listening, plain
from .machine import Machine

UNITS = ("ssh.socket", "sshd.socket", "dropbear.socket")
"""As Debian, Fedora and Arch name them."""


def by_socket(machine: Machine) -> "list[Listening]":
    """The sockets of those units that are active: not loopback. Raises Stopped if systemd does not answer."""
    if not machine.has_systemd:
        return []
    found = []
    for name in UNITS:
        told = machine.must("systemctl", "show", "--property=ActiveState,Listen", name)
        if "ActiveState=active" in told.split():
            found += listed(told)
    return found


def listed(told: str) -> "list[Listening]":
    """Of lines as `Listen=[::]:22 (Stream)` and `Listen=0.0.0.0:22 (Stream)`."""
    found = []
    for line in told.splitlines():
        where, _, kind = line.partition("=")[2].partition(" ")
        address, _, port = where.rpartition(":")
        if not line.startswith("Listen=") or kind != "(Stream)" or not port.isdigit():
            continue
        one = Listening(plain(address.strip("[]") or "::"), int(port))
        if not ipaddress.ip_address(one.address).is_loopback:
            found.append(one)
    return found
