"""Checks of the address that livekit-server tells clients to send media to."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ...deployment.access import Sources
from ...model.addresses import Cidr
from ...model.errors import Finding
from ...model.text import few
from ...platforms.registry import BY_ARGUMENT
from ...settings import Configured, setting
from ...settings.refusals import Address, parse_address
from ...settings.server import Server
from .context import Context, found

# what `ipaddress` calls private also holds the blocks of documentation
PRIVATE = tuple(
    Cidr.parse(block)
    for block in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
        "fc00::/7",
        "fe80::/10",
        "::1/128",
    )
)


def node_addresses(server: Server) -> list[Address]:
    """The addresses in `rtc.node_ip`; what makes the server refuse to start was a problem before."""
    value = server.rtc.node_ip
    parts = str(value).split(",") if isinstance(value, str) else []
    return [address for part in parts if (address := parse_address(part.strip(" ")))]


def is_private(address: Address) -> bool:
    return _is_inside(Cidr(ipaddress.ip_network(address)))


def check_announced(context: Context) -> Iterator[Finding]:
    configured = context.server
    if configured is None or configured.own.rtc.use_external_ip:  # what STUN finds overwrites `node_ip`
        return
    addresses = node_addresses(configured.own)
    if any(address.is_loopback or address.is_unspecified for address in addresses):
        text = "clients are told this address, at which no other machine is reached"
        fix = "set rtc.use_external_ip: true, or rtc.node_ip to an address that they reach"
        yield found("private-address-announced", configured.at(lambda own: own.rtc.node_ip).place, text, fix=fix)
    elif addresses:
        yield from _written(configured, addresses, context)
    elif configured.tree.is_file:  # neither key is an argument: only a file says that they are absent
        yield from _of_interface(configured, context)


def _written(configured: Configured[Server], addresses: list[Address], context: Context) -> Iterator[Finding]:
    access = context.deployment.access
    clients = access.clients
    for address in filter(is_private, addresses):
        if address.version == 6 and not access.ipv6:
            continue  # ipv6-announced-closed says it
        outside = [block for block in _outside(clients) if block.network.version == address.version]
        if not outside and not _is_unknown(clients):
            continue
        # IPv4 gets everybody in, where it is announced with a public address
        is_spare = address.version == 6 and any(one.version == 4 and not is_private(one) for one in addresses)
        is_sure = bool(outside) and not is_spare and not _may_relay(configured)
        whom = "the whole internet" if any(block.is_any for block in outside) else few(map(str, outside), 4)
        text = f"clients are told {address}, which is private, and {clients.key} lets in {whom or 'others'}"
        place = configured.at(lambda own: own.rtc.node_ip).place
        yield found("private-address-announced", place, text, "warning" if is_sure else "note")


def _of_interface(configured: Configured[Server], context: Context) -> Iterator[Finding]:
    place = configured.at(lambda own: own.rtc).place
    if context.server_network:
        text = "clients are told the address of the container's own interface, which no other machine reaches"
        fix = "set rtc.use_external_ip: true, or rtc.node_ip to an address that they reach"
        yield found("private-address-announced", place, text, fix=fix)
        return
    clients = context.deployment.access.clients
    outside = _outside(clients)
    if not outside and not _is_unknown(clients):
        return
    cloud = next((name for name in context.deployment.targets if BY_ARGUMENT[name].is_behind_nat), None)
    where = f"on {cloud} that is a private address" if cloud else "behind NAT that is a private address"
    text = f"clients are told the address of the node's own interface, and {where}"
    yield found("private-address-announced", place, text, "warning" if cloud and outside else "note")


def _outside(clients: Sources) -> list[Cidr]:
    """Those of the clients' blocks that are in no private network, as far as they are known."""
    return [block for block in clients.blocks if not _is_inside(block)]


def _is_unknown(clients: Sources) -> bool:
    """Whether some of the clients are named by what has no addresses here."""
    return bool(clients.named or clients.identities)


def _is_inside(block: Cidr) -> bool:
    return any(map(block.is_within, PRIVATE))


def _may_relay(configured: Configured[Server]) -> bool:
    """Whether a TURN server may carry media to a private address."""
    turn, peers = configured.own.turn, configured.other(setting.ALLOWED_PEERS).given
    is_own = turn.enabled and turn.tls_port > 0 and bool(peers)  # TURN over UDP is announced by the same address
    return is_own or bool(configured.other(setting.TURN_SERVERS).given)
