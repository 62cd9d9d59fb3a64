"""Checks of livekit-server's media, addresses and API; announced.py has those of what clients are told."""

from __future__ import annotations

from collections.abc import Iterator

from ...deployment.families import api_families
from ...model.errors import Finding, Place
from ...model.services import Service
from ...settings import Configured
from ...settings.server import Server, udp_mux
from .announced import node_addresses
from .context import Context, found


def check_server(context: Context) -> Iterator[Finding]:
    configured = context.server
    if configured is None:
        return
    yield from _ice(configured)
    yield from _addresses(configured, context)
    yield from _api(configured, context)


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
    if any(address.version == 6 for address in addresses) and not context.deployment.access.ipv6:
        text = "clients are told an IPv6 address, and ipv6: false closes the family"
        yield found("ipv6-announced-closed", node_ip, text)
    if rtc.use_external_ip and not context.deployment.access.clients.is_anywhere:
        text = "at start the server sends to its own public address, and only clients.cidrs may reach its media"
        yield found("hairpin-closed", at(lambda own: own.rtc.use_external_ip).place, text)


def _api(configured: Configured[Server], context: Context) -> Iterator[Finding]:
    server = configured.own
    if context.deployment.settings.https is None:
        yield from _api_on_loopback(configured, context)
        return
    if not configured.tree.is_file:
        return
    if context.server_network:  # loopback in a container is reached by no published port, nor by another container
        if context.server_network.published is None:
            text = f"where tcp/{server.port} is published, others than the proxy reach it past the host's input chain"
            fix = f'publish it on loopback, "127.0.0.1:{server.port}:{server.port}", or not at all'
            yield found("api-all-interfaces", configured.at(lambda own: own.port).place, text, fix=fix)
        return
    if proxy := context.bridged_proxy:
        yield from _behind_bridge(configured, context, *proxy)
        return
    if not server.bind_addresses or set(server.bind_addresses) & {"", "0.0.0.0", "::"}:
        text = f"tcp/{server.port} listens on every interface, though only the proxy on the node needs it"
        yield found("api-all-interfaces", configured.at(lambda own: own.port).place, text)


def _behind_bridge(configured: Configured[Server], context: Context, name: str, place: Place) -> Iterator[Finding]:
    """Loopback is neither where a container of a bridge network comes from, nor where it gets to."""
    deployment, server = context.deployment, configured.own
    if server.bind_addresses and not api_families(configured):
        text = f"{name} is in a bridge network, and tcp/{server.port} listens on loopback alone, where it does not get"
        yield found("proxy-in-bridge", place, text, fix=f"use network_mode: host for {name}")
        return
    is_host_s = not deployment.targets or len(deployment.in_front) < len(deployment.targets)
    if is_host_s and not deployment.access.load_balancer:
        text = f"{name} is in a bridge network, and the host's ruleset closes tcp/{server.port} to it"
        yield found("proxy-in-bridge", place, text, "" if deployment.targets else "note")


def _api_on_loopback(configured: Configured[Server], context: Context) -> Iterator[Finding]:
    """An API that something on the node has to hand on, where nothing there is known to."""
    deployment, bound = context.deployment, configured.at(lambda own: own.bind_addresses)
    api = [one for one in deployment.listeners if one.service is Service.API and not one.families and not one.network]
    if not api or not bound.own or any(one.id == "compose-proxy" for one in deployment.findings):
        return
    text = f"API on {api[0].ports} is bound to loopback"
    if deployment.access.load_balancer:
        yield found("no-common-family", bound.place, f"{text}, where no load balancer reaches it, so nobody can join")
        return
    text += ", and no proxy on the node is named that hands it on, so nobody can join from another machine"
    fix = "say that a TLS proxy runs on the node: https (--https), or bind an address that the load balancer reaches"
    yield found("no-load-balancer", bound.place, text, fix=fix)
