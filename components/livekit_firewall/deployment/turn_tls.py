"""TURN/TLS that clients cannot reach: they are always told port 443, and always speak TLS."""

from __future__ import annotations

from ..model.errors import Report
from ..model.findings import remedy
from ..settings import Settings
from .access import Access


def check_turn_tls(settings: Settings, access: Access, report: Report) -> None:
    """A problem among arguments, a finding in a running file."""
    configured = settings.server
    if configured is None or settings.passes_turn_on or access.load_balancer or access.passthrough:
        return
    turn, at = configured.own.turn, configured.at
    port, external = at(lambda own: own.turn.tls_port), at(lambda own: own.turn.external_tls)
    if not turn.enabled or turn.tls_port <= 0:
        return
    if turn.tls_port != 443:
        place, got = port.place, str(turn.tls_port)
        wrong = "must be 443 without a load balancer or a proxy on 443, since clients are told 443"
    elif turn.external_tls:
        place, got = external.place, "true"
        wrong = "must not be true without a load balancer or a proxy that ends TLS"
    else:
        return
    if port.is_fact and external.is_fact:
        report.finding("turn-tls-unreachable", "error", place, f"{got} {wrong}")
    else:
        report.problem(place, got, wrong, remedy("turn-tls-unreachable"))
