"""Whether a ruleset would cut SSH: the login that applies it, or everybody.

What a ruleset admits is told by who wrote it, as `[{"cidr": "192.0.2.0/24", "first": 22, "last": 22}, ...]`
for TCP: the text is not read again.
"""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Any

from .logins import Listening, Login


def admitted(admits: "Sequence[dict[str, Any]]", address: str, port: int) -> bool:
    """Whether a new TCP connection from there to that port gets in. Loopback always does."""
    source = ipaddress.ip_address(address)
    return source.is_loopback or any(
        one["first"] <= port <= one["last"] and source in ipaddress.ip_network(one["cidr"]) for one in admits
    )


def blocks_for(admits: "Sequence[dict[str, Any]]", at: Listening) -> "list[str]":
    """From where the ruleset admits connections to that socket."""
    address = ipaddress.ip_address(at.address)
    # A socket on :: takes IPv4 as well.
    versions = {4, 6} if str(address) == "::" else {address.version}
    return [
        one["cidr"]
        for one in admits
        if one["first"] <= at.port <= one["last"] and ipaddress.ip_network(one["cidr"]).version in versions
    ]


def problems(admits: "Sequence[dict[str, Any]]", login: "Login | None", servers: "Iterable[Listening]") -> "list[str]":
    """What would be cut, and what to do."""
    servers = list(servers)
    if login and not admitted(admits, login.address, login.server_port):
        told = (
            f"the ruleset would cut the login that applies it: SSH from {login.address} to tcp/{login.server_port}, "
            f"which it admits {_from(admits, login.server_port)}; "
            f"set operators.ssh_port to {login.server_port}, and have {login.address} in operators.cidrs"
        )
        return [told]
    if servers and not any(blocks_for(admits, one) for one in servers):
        ports = sorted({one.port for one in servers})
        told = ", ".join(f"tcp/{port}" for port in ports)
        return [
            f"the ruleset would close SSH to everybody: sshd listens on {told}; set operators.ssh_port to {ports[0]}"
        ]
    return []


def _from(admits: "Sequence[dict[str, Any]]", port: int) -> str:
    blocks = [one["cidr"] for one in admits if one["first"] <= port <= one["last"]]
    return f"from {', '.join(blocks[:5])}{' and others' if len(blocks) > 5 else ''}" if blocks else "from nowhere"
