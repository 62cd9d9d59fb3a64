"""Checks of the embedded TURN server."""

from __future__ import annotations

from collections.abc import Iterator

from ...deployment.published import note_relay
from ...model.errors import Finding, Report
from ...model.services import Service
from ...model.text import few
from ...settings import Configured, setting
from ...settings.refusals import is_block
from ...settings.schemas import schema_of
from ...settings.server import Server
from .context import Context, found
from .server import is_private, node_addresses

BLOCKS = (setting.ALLOWED_PEERS, setting.DENIED_PEERS, setting.PROXY_SOURCES)


def check_turn(context: Context) -> Iterator[Finding]:
    configured = context.server
    if configured is None or configured.tree.is_preset:
        return
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
