"""Checks that clients can reach TURN/TLS: they always connect to port 443, and always with TLS."""

from __future__ import annotations

from ..model.errors import Place, Report
from ..settings import Configured, Settings
from ..settings.server import Server
from .access import Access


def check_turn_tls(settings: Settings, access: Access, report: Report) -> None:
    """A problem if arguments set it. A finding for a running deployment's file, and for a preset, which is fixed."""
    configured = settings.server
    if (
        configured is None
        or settings.takes_443
        or settings.publishes_turn
        or access.load_balancer
        or access.passthrough
    ):
        return
    turn, tree, at = configured.own.turn, configured.tree, configured.at
    port, external = at(lambda own: own.turn.tls_port), at(lambda own: own.turn.external_tls)
    if not turn.enabled or turn.tls_port <= 0 or (turn.tls_port == 443 and not turn.external_tls):
        return
    is_finding = tree.is_preset or (port.is_fact and (external.is_fact or not external.is_set))
    if settings.https:
        text = f"clients are told 443, and the proxy on the node listens on {settings.https.port}"
        place = Place("https.port") if tree.is_preset else port.place
        fix = _fix_with_proxy(configured)
        if is_finding:
            report.finding("turn-tls-unreachable", "error", place, text, fix)
        else:
            report.problem(place, str(turn.tls_port), f"must be reachable on 443: {text}", fix)
        return
    if turn.tls_port != 443:
        place, got = port.place, str(turn.tls_port)
        wrong = "must be 443 without a load balancer or a proxy on 443, since clients are told 443"
        text = f"{got} {wrong}"
    else:
        place, got = external.place, "true"
        wrong = "must not be true without a load balancer or a proxy that ends TLS"
        text = "something in front must end TLS, and no load balancer or proxy is named"
    if is_finding:
        report.finding("turn-tls-unreachable", "error", place, text, _fix_without_proxy(configured))
    else:
        report.problem(place, got, wrong, _fix_without_proxy(configured))


def _fix_with_proxy(configured: Configured[Server]) -> str:
    turn, tree = configured.own.turn, configured.tree
    domain = turn.domain if turn.domain and not tree.is_preset else "the TURN domain"
    fix = f"let something listen on 443 for {domain} and hand it on to {turn.tls_port}"
    return fix if tree.is_preset else f"{fix}, or remove {configured.at(lambda own: own.turn.tls_port).name}"


def _fix_without_proxy(configured: Configured[Server]) -> str:
    turn, tree = configured.own.turn, configured.tree
    name = "name the load balancer (load_balancer)"
    if tree.is_chart:
        name += ", or let the chart make one (turnLoadbalancer.enable: true)"
    else:
        name += " or the TLS proxy on the node (https)"
    if turn.tls_port == 443:
        return name
    if not turn.external_tls:
        return f"set 443, or {name}"
    external = configured.at(lambda own: own.turn.external_tls).name
    return f"{name}, or set 443 and, in place of {external}, a certificate"
