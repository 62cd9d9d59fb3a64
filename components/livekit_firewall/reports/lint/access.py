"""Checks of the configuration against its firewall: capacity, quotas, sources that no service is for."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from ...deployment.listener import Listener
from ...deployment.rendering import render_for
from ...model.errors import Finding, Place, ProblemsError
from ...model.services import Audience, Service
from ...platforms.registry import BY_ARGUMENT
from .context import Context, found

PORTS_PER_PARTICIPANT = 2


def check_access(context: Context) -> Iterator[Finding]:
    media = [one for one in context.deployment.listeners if one.service is Service.ICE_UDP]
    for listener in media:
        if listener.key.endswith("udp_port"):
            yield from _pool(listener, context)
        else:
            yield from _range(listener, context)
    yield from _calls(context)
    yield from _unused(context)
    yield from _targets(context)


def _range(listener: Listener, context: Context) -> Iterator[Finding]:
    count, expected, ceiling = len(listener.ports), context.options.participants, context.options.max_ports
    if expected is not None and PORTS_PER_PARTICIPANT * expected > count:
        text = (
            f"{listener.ports} holds about {count // PORTS_PER_PARTICIPANT} participants, {expected} are expected: "
            "LiveKit's page counts two ports for each, and the code takes them on every local address at once, so "
            "that a second address adds no room"
        )
        fix = f"widen the range to two ports for each participant, or {context.one_port()}"
        yield found("range-too-small", listener.place, text, fix=fix)
    if ceiling is not None and count > ceiling:
        text = f"{listener.ports} is {count} ports, and the firewall, NAT or load balancer in front takes {ceiling}"
        yield found("too-many-ports", listener.place, text, fix=context.one_port())


def _calls(context: Context) -> Iterator[Finding]:
    """SIP's audio: one even port for each call, and no other (livekit/sip pkg/sip/media_port.go)."""
    sip = context.deployment.settings.sip
    expected, ceiling = context.options.participants, context.options.max_ports
    for listener in context.deployment.listeners if sip else ():
        if sip is None or listener.service is not Service.SIP_RTP:
            continue
        key, ports = sip.at(lambda own: own.rtp_port).name, listener.ports
        calls = ports.last // 2 - (ports.first - 1) // 2
        if expected is not None and expected > calls:
            text = f"{ports} holds {calls} calls, {expected} are expected: each takes an even port of its own"
            yield found("range-too-small", listener.place, text, fix=f"widen {key} to two ports for each call")
        if ceiling is not None and len(ports) > ceiling:
            text = f"{ports} is {len(ports)} ports, and the firewall, NAT or load balancer in front takes {ceiling}"
            yield found("too-many-ports", listener.place, text, fix=f"write a smaller {key}")


def _pool(listener: Listener, context: Context) -> Iterator[Finding]:
    count, cpus = len(listener.ports), context.options.cpus
    if cpus is not None and count > cpus:
        text = f"{listener.ports} is {count} ports, and on {cpus} CPUs only the first {cpus} are bound"
        yield found("mux-pool-unused", listener.place, text)
    ceiling = context.options.max_ports
    if ceiling is not None and count > ceiling:
        text = f"{listener.ports} is {count} ports, and the firewall, NAT or load balancer in front takes {ceiling}"
        yield found("too-many-ports", listener.place, text)


def _unused(context: Context) -> Iterator[Finding]:
    """Arguments that name sources which no service on the node is for. Operators always have SSH."""
    access, listeners = context.deployment.access, context.deployment.listeners
    wanted = {one.audience for one in listeners} | {one.awaits for one in listeners}
    api = any(one.service is Service.API for one in listeners)
    for key, is_named, is_used in (
        ("trunks", access.trunks_named, Audience.TRUNK in wanted),
        ("load_balancer", bool(access.load_balancer), Audience.LOAD_BALANCER in wanted),
        ("cluster", bool(access.cluster), Audience.CLUSTER in wanted or api),
    ):
        if is_named and not is_used:
            text = f"{key} names sources, and no service on the node is for them"
            yield found("unused-access", Place(key), text)


def _targets(context: Context) -> Iterator[Finding]:
    """Whether each platform that the deployment names can hold the rules: its quota, its families."""
    for name in context.deployment.targets:
        platform = BY_ARGUMENT[name]
        try:
            render_for(context.deployment, platform)
        except ProblemsError as error:
            for problem in error.problems:
                got = f" (got {problem.got})" if problem.got else ""
                finding = found("does-not-fit", Place(name), f"{platform.name} refuses: {problem.expected}{got}")
                yield replace(finding, fix=problem.hint or finding.fix)
