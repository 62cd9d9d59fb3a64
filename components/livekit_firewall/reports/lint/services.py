"""Checks of SIP, ingress, plugNmeet and of ports published from containers."""

from __future__ import annotations

from collections.abc import Iterator

from ...deployment.listener import Listener
from ...model.errors import Finding
from ...model.ports import PortRange, Protocol
from ...model.services import Audience, Service
from ...settings import setting
from .context import Context, found

NODE_PORTS = PortRange.udp(30000, 32767)
LARGE = 256
"""More ports than this on a Docker bridge are a large range. Guides of Element Call and tuwunel publish 101 or 201
ports, and these start; moby issue 11185 is of thousands."""


def check_services(context: Context) -> Iterator[Finding]:
    yield from _sip(context)
    yield from _ingress(context)
    yield from _plugnmeet(context)
    yield from _containers(context)


def _sip(context: Context) -> Iterator[Finding]:
    configured, plugnmeet = context.deployment.settings.sip, context.deployment.settings.plugnmeet
    if configured is None or (plugnmeet and not plugnmeet.sip):  # it runs there for nobody
        return
    sip, place = configured.own, configured.other(setting.WHOLE).place
    if sip.tls is None and not configured.tree.is_preset:
        text = "no tls section, so nothing listens on 5061, which LiveKit's page lists"
        yield found("sip-no-tls", place, text)
    announces = (sip.use_external_ip, sip.nat_1_to_1_ip, sip.media_use_external_ip, sip.media_nat_1_to_1_ip)
    if _has_external_ip(context) and not any(announces):
        text = "livekit-server looks up its public address, and SIP on the same node announces its own interface's"
        yield found("private-media-address", place, text)


def _ingress(context: Context) -> Iterator[Finding]:
    configured = context.deployment.settings.ingress
    if configured is None:
        return
    rtc, pull = configured.own.rtc_config, configured.other(setting.UDP_PULL)
    if pull.given is True:
        text = "ingress binds UDP ports that callers choose, which no rule opens"
        yield found("udp-pull", pull.place, text)
    media = [one for one in context.deployment.listeners if one.service is Service.WHIP_ICE_UDP]
    if not media or media[0].audience is Audience.NOBODY:
        return
    if _has_external_ip(context) and not (rtc.use_external_ip or rtc.node_ip):
        text = "livekit-server looks up its public address, and WHIP on the same node announces its own interface's"
        yield found("private-media-address", configured.at(lambda own: own.rtc_config).place, text)
    if media[0].is_default:
        text = f"WHIP media takes {media[0].ports}, which LiveKit's page does not list"
        yield found("whip-media-port", media[0].place, text)


def _plugnmeet(context: Context) -> Iterator[Finding]:
    pnm, server = context.deployment.settings.plugnmeet, context.server
    if pnm is None or server is None:
        return
    turn = server.own.turn
    if turn.enabled and turn.tls_port > 0 and server.other(setting.PROXY_PROTOCOL).given is not True:
        text = "HAProxy's send-proxy-v2 is not understood without turn.proxy_protocol, so TURN/TLS does not work"
        yield found("haproxy-proxy-header", server.at(lambda own: own.turn.tls_port).place, text)
    ingress = context.deployment.settings.ingress
    whip = ingress and ingress.at(lambda own: own.whip_port)
    if ingress and whip and whip.is_set and ingress.own.has_whip and not pnm.whip:
        text = "WHIP is on here, and its media stays closed, as plugnmeet.whip is not true"
        yield found("whip-media-closed", whip.place, text)


def _containers(context: Context) -> Iterator[Finding]:
    for listener in context.deployment.listeners:
        if not listener.service.record.has_range or listener.ports.protocol is not Protocol.UDP:
            continue
        count = len(listener.ports)
        if context.is_kubernetes and not listener.is_contained and listener.ports.overlaps(NODE_PORTS):
            text = f"{listener.service.label} on {listener.ports} shares ports with NodePort services (30000-32767)"
            # only the nodes send to a relay
            gravity = "note" if listener.service is Service.TURN_RELAY else "warning"
            yield found("node-port-overlap", listener.place, text, gravity)
        # relay ports are not published, their own node uses them
        is_bridged = listener.owner in context.bridged and not listener.is_contained
        if is_bridged and count > LARGE and listener.service is not Service.TURN_RELAY:
            text = f"{listener.service.label} on {listener.ports} publishes {count} ports through Docker's proxy"
            fix = f"use network_mode: host, or {_fewer_ports(listener, context)}"
            yield found("docker-range", listener.place, text, fix=fix)
        if context.is_kubernetes and listener.service is Service.ICE_UDP and _is_pool(listener):
            text = f"the chart cannot publish {listener.ports} as a hostPort, only a single udp_port"
            yield found("mux-pool-host-port", listener.place, text)


def _fewer_ports(listener: Listener, context: Context) -> str:
    sip = context.deployment.settings.sip
    if listener.service is Service.SIP_RTP and sip:
        return f"write a smaller {sip.at(lambda own: own.rtp_port).name}"
    if listener.service is Service.WHIP_ICE_UDP:
        return context.one_port("rtc_config.udp_port")
    return context.one_port()


def _is_pool(listener: Listener) -> bool:
    return listener.key.endswith("udp_port") and len(listener.ports) > 1


def _has_external_ip(context: Context) -> bool:
    """Whether the server's own file says that the node's public address has to be looked up."""
    return bool(context.server and context.server.own.rtc.use_external_ip)
