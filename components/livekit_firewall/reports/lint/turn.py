"""Checks of the embedded TURN server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...deployment.published import note_relay
from ...model.errors import Finding, Report
from ...model.ports import PortRange
from ...model.services import Audience, Service
from ...model.text import few
from ...settings import Configured, setting
from ...settings.refusals import is_block
from ...settings.schemas import schema_of
from ...settings.server import Server
from .announced import is_private, node_addresses
from .context import Context, found

BLOCKS = (setting.ALLOWED_PEERS, setting.DENIED_PEERS, setting.PROXY_SOURCES)


def check_turn(context: Context) -> Iterator[Finding]:
    configured = context.server
    if configured is None or configured.tree.is_preset:
        return
    yield from _way_on_443(configured, context)
    if not configured.own.turn.enabled:
        return
    yield from _tls(configured, context)
    yield from _relay(configured, context)
    yield from _relay_of_container(context)
    for key in BLOCKS:
        blocks = configured.other(key)
        given = blocks.given
        wrong = [one for one in given if not is_block(one)] if isinstance(given, list) else []
        if wrong:
            is_old = schema_of("livekit", configured.tree.version).is_before("1.13.6")
            effect = "livekit-server skips them" if is_old else "livekit-server does not start"
            text = f"{len(wrong)} of its {len(given)} entries are no block: {effect}"
            yield found("turn-cidr-invalid", blocks.place, text)


def _tls(configured: Configured[Server], context: Context) -> Iterator[Finding]:
    turn, header = configured.own.turn, configured.other(setting.PROXY_PROTOCOL)
    if turn.tls_port <= 0:
        return
    place = configured.at(lambda own: own.turn.tls_port).place
    if header.given is True and not context.has_proxy:
        text = "clients connect without the PROXY header that the server then waits for"
        yield found("proxy-header-missing", header.place, text)
    access, settings = context.deployment.access, context.deployment.settings
    if turn.tls_port != 443 and (settings.takes_443 or access.load_balancer or access.passthrough):
        text = (
            f"clients are told 443, not {turn.tls_port}: the load balancer or proxy must listen there for {turn.domain}"
        )
        yield found("turn-told-443", place, text)


def _way_on_443(configured: Configured[Server], context: Context) -> Iterator[Finding]:
    """Whether clients are told of a way for media that a network which lets out TCP 443 alone has: arguments do not
    say what other TURN servers they are told of.
    """
    server, at, listeners = configured.own, configured.at, context.deployment.listeners
    tls = [one for one in listeners if one.service is Service.TURN_TLS]
    is_bound = any(one.families or one.network for one in tls)  # who gets there, other findings say
    if not configured.tree.is_file or server.development or server.rtc.tcp_port == 443 or is_bound:
        return
    if (tls and (context.has_proxy or context.deployment.settings.takes_443)) or _other_servers_on_443(configured):
        return
    turn, why = at(lambda own: own.turn.tls_port), "TURN is off"
    if tls:
        why = f"TURN/TLS on {tls[0].ports} is {tls[0].confined}, and nothing is named that hands it on"
    elif server.turn.enabled:
        why = "TURN is on without tls_port"
    media = f"on {server.rtc.tcp_port}" if server.rtc.tcp_port else "off"
    text = f"clients are told of no way for media over tcp/443: {why}, and ICE/TCP is {media}"
    udp = next((one for one in listeners if one.audience is Audience.PUBLIC and one.ports == PortRange.udp(443)), None)
    if udp:
        text += f"; {udp.service.label} on {udp.ports} helps only where UDP is let out too"
    place = turn.place if server.turn.enabled else at(lambda own: own.turn.enabled).place
    yield found("no-way-on-443", place, text)


def _other_servers_on_443(configured: Configured[Server]) -> bool:
    """Whether clients are told of a TURN server elsewhere that is on TCP 443, as far as that can be read."""
    given = configured.other(setting.TURN_SERVERS).given
    if not isinstance(given, list):
        return given is not None
    return any(not isinstance(one, Mapping) or _may_be_on_443(one) for one in given)


def _may_be_on_443(server: Mapping[str, Any]) -> bool:
    port = str(server.get("port"))
    return not port.isdecimal() or (port == "443" and server.get("protocol") != "udp")


def _relay(configured: Configured[Server], context: Context) -> Iterator[Finding]:
    server, place = configured.own, configured.at(lambda own: own.turn.enabled).place
    is_cluster = bool(context.deployment.access.cluster)  # without one, no-cluster says it
    if is_cluster and not server.turn.relay_range_start and not server.development:
        text = "relayed media takes 30000-40000, which only the cluster's nodes need to reach"
        yield found("relay-default", place, text)
    addresses = node_addresses(server)
    private = [address for address in addresses if is_private(address)]
    if private and not server.rtc.use_external_ip and not configured.other(setting.ALLOWED_PEERS).given:
        words = f"address{'es' * (len(private) > 1)} {few(map(str, private), 4)}"
        text = f"TURN refuses to relay to the node's own private {words}"
        yield found("turn-private-nodes", place, text)


def _relay_of_container(context: Context) -> Iterator[Finding]:
    """Whether relay sockets are behind a bridge that nobody said forwards them; a compose file says it itself."""
    network = context.server_network
    if network is None or network.published is not None:
        return
    relay = [one for one in context.deployment.listeners if one.service is Service.TURN_RELAY]
    for listener in relay:
        report = Report()
        note_relay(listener, report)
        yield from report.findings
