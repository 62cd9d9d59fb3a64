"""Checks of livekit-server's media, addresses and API."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ...model.errors import Finding
from ...platforms.registry import BY_ARGUMENT
from ...settings import Configured, setting
from ...settings.refusals import Address, parse_address
from ...settings.schemas import schema_of
from ...settings.server import Server, udp_mux
from .context import Context, found

# what `ipaddress` calls private also holds the blocks of documentation
PRIVATE = tuple(
    ipaddress.ip_network(block)
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


def check_server(context: Context) -> Iterator[Finding]:
    configured = context.server
    if configured is None:
        return
    yield from _ice(configured)
    yield from _addresses(configured, context)
    yield from _metrics(configured)
    yield from _api(configured, context)
    yield from _webhook(configured)


def node_addresses(server: Server) -> list[Address]:
    """The addresses in `rtc.node_ip`; what makes the server refuse to start was a problem before."""
    value = server.rtc.node_ip
    parts = str(value).split(",") if isinstance(value, str) else []
    return [address for part in parts if (address := parse_address(part.strip(" ")))]


def is_private(address: Address) -> bool:
    return any(address in block for block in PRIVATE if block.version == address.version)


def _ice(configured: Configured[Server]) -> Iterator[Finding]:
    rtc, at = configured.own.rtc, configured.at
    if rtc.allow_tcp_fallback is False and rtc.tcp_port:
        text = f"allow_tcp_fallback: false keeps clients off ICE/TCP, and tcp/{rtc.tcp_port} listens all the same"
        yield found("tcp-still-listening", at(lambda own: own.rtc.allow_tcp_fallback).place, text)
    ends = [at(lambda own: own.rtc.port_range_start), at(lambda own: own.rtc.port_range_end)]
    if all(end.is_fact and end.given == 0 for end in ends) and udp_mux(rtc) is None and not rtc.force_tcp:
        usual = "7882" if configured.own.development else "50000-60000"
        yield found("range-zero", ends[0].place, f"0 turns nothing off: media over UDP takes {usual}")
    wide = ("", "0.0.0.0", "::")
    if rtc.tcp_port and configured.own.bind_addresses and not set(wide) & set(configured.own.bind_addresses):
        text = f"tcp/{rtc.tcp_port} listens on every interface, as bind_addresses does not hold for it"
        yield found("ice-tcp-all-interfaces", at(lambda own: own.rtc.tcp_port).place, text)


def _addresses(configured: Configured[Server], context: Context) -> Iterator[Finding]:
    rtc, at = configured.own.rtc, configured.at
    node_ip = at(lambda own: own.rtc.node_ip).place
    addresses = node_addresses(configured.own)
    if rtc.use_external_ip and configured.tree.is_file:
        text = "livekit-server asks STUN servers for its address, and does not start if none answers"
        yield found("stun-must-answer", at(lambda own: own.rtc.use_external_ip).place, text)
    elif any(address.is_loopback or address.is_unspecified for address in addresses):
        text = "clients are told this address, at which no other machine is reached"
        yield found("private-address-announced", node_ip, text, "warning")
    if addresses and rtc.use_external_ip:
        text = "the address that STUN finds overwrites node_ip, as use_external_ip is true"
        yield found("node-ip-ignored", node_ip, text)
    # neither key is an argument: only a file says that they are absent
    if configured.tree.is_file and not addresses and not rtc.use_external_ip:
        cloud = next((name for name in context.deployment.targets if BY_ARGUMENT[name].is_behind_nat), None)
        where = f"on {cloud} that is a private address" if cloud else "behind NAT that is a private address"
        text = f"clients are told the address of the node's own interface, and {where}"
        if context.server_network:
            text = "clients are told the address of the container's own interface, which no other machine reaches"
        is_sure = bool(cloud or context.server_network)
        severity = "warning" if is_sure else "note"
        yield found("private-address-announced", at(lambda own: own.rtc).place, text, severity)
    if any(address.version == 6 for address in addresses) and not context.deployment.access.ipv6:
        text = "clients are told an IPv6 address, and ipv6: false closes the family"
        yield found("ipv6-announced-closed", node_ip, text)
    if rtc.use_external_ip and not context.deployment.access.clients.is_anywhere:
        text = "at start the server sends to its own public address, and only clients.cidrs may reach its media"
        yield found("hairpin-closed", at(lambda own: own.rtc.use_external_ip).place, text)


def _metrics(configured: Configured[Server]) -> Iterator[Finding]:
    given = [key for key in setting.METRICS_LOGIN if configured.other(key).given]
    if len(given) == 1:
        what = given[0].rpartition(".")[2]
        is_old = schema_of("livekit", configured.tree.version).is_before("1.13.6")
        effect = "livekit-server asks nobody for it" if is_old else "livekit-server does not start"
        text = f"prometheus has a {what} alone: {effect}"
        yield found("prometheus-half-credentials", configured.other(given[0]).place, text)


def _api(configured: Configured[Server], context: Context) -> Iterator[Finding]:
    server = configured.own
    if context.deployment.settings.https is None or not configured.tree.is_file:
        return
    if context.server_network:  # loopback in a container is reached by no published port, nor by another container
        if context.server_network.published is None:
            text = f"where tcp/{server.port} is published, others than the proxy reach it past the host's input chain"
            fix = f'publish it on loopback, "127.0.0.1:{server.port}:{server.port}", or not at all'
            yield found("api-all-interfaces", configured.at(lambda own: own.port).place, text, fix=fix)
        return
    if not server.bind_addresses or set(server.bind_addresses) & {"", "0.0.0.0", "::"}:
        text = f"tcp/{server.port} listens on every interface, though only the proxy on the node needs it"
        yield found("api-all-interfaces", configured.at(lambda own: own.port).place, text)


def _webhook(configured: Configured[Server]) -> Iterator[Finding]:
    other = configured.other
    if not configured.tree.is_file or not other(setting.WEBHOOK_URLS).given:
        return
    named, keys, key_file = other(setting.WEBHOOK_KEY), other(setting.KEYS).given, other(setting.KEY_FILE)
    name = named.given
    if not name or (isinstance(keys, dict) and keys and not key_file.is_set and str(name) not in keys):
        what = "names none of the keys" if name else "is missing"
        yield found("webhook-no-key", named.place, f"webhook.api_key {what}, and urls are set")
