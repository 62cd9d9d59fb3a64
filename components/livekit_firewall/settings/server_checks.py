"""Reads livekit-server's settings, and checks those with which it does not start or has no definite ports."""

from __future__ import annotations

from ..model.errors import Report
from ..model.findings import remedy
from .ice import Ice, check_ice, refuse_zero
from .keys import read_known
from .refusals import (
    check_blocks,
    check_bound,
    check_development,
    check_node_ip,
    check_turn_start,
)
from .server import Server, Turn
from .tree import Tree

RANGE = "50000-60000"
"""UDP ports of ICE if nothing is set, outside of development."""


def read_server(tree: Tree, report: Report) -> Server:
    """livekit-server's settings, checked one by one and against each other; problems go to `report`."""
    server = read_known(Server, "livekit", tree, report)
    default = "7882" if tree["development"].given is True else RANGE
    check_ice(Ice.of(server.rtc, "livekit-server", tree, "rtc", usual=RANGE, default=default), report)
    if report.is_sound(*(tree[key].place for key in ("turn", *(f"turn.{key}" for key in Turn.__struct_fields__)))):
        _check_turn(server, tree, report)
    _check_rest(server, tree, report)
    return server


def _check_turn(server: Server, tree: Tree, report: Report) -> None:
    turn = server.turn
    if not turn.enabled:
        return
    enabled, domain, udp, tls = (tree[f"turn.{key}"] for key in ("enabled", "domain", "udp_port", "tls_port"))
    if turn.udp_port <= 0 and turn.tls_port <= 0:
        expected, hint = f"must come with {udp.name} or {tls.name}", "both are off by default; set 3478 and/or 443"
        report.problem(enabled.place, "true", expected, hint, id="turn-no-port")
    if turn.tls_port > 0 and not turn.domain:
        hint = "clients are told the domain, not the address"
        report.problem(tls.place, str(turn.tls_port), f"must come with {domain.name}", hint, id="turn-no-domain")
    check_turn_start(turn, tree, report)
    _check_relay_range(turn, tree, report)
    check_bound(turn.bind_addresses, "turn.bind_addresses", tree, report)
    if server.rtc.use_stun_port_as_ice and turn.udp_port == 3478 and not server.rtc.port_range_end:
        expected = "must differ from 3478 while rtc.use_stun_port_as_ice is true"
        report.problem(udp.place, "3478", expected, id="stun-port-twice")


def _check_relay_range(turn: Turn, tree: Tree, report: Report) -> None:
    first, last = turn.relay_range_start, turn.relay_range_end
    start, end = tree["turn.relay_range_start"], tree["turn.relay_range_end"]
    refuse_zero(report, start, end)
    if bool(first) != bool(last):
        place, expected = (start if first else end).place, "must come with its other end"
        report.problem(place, str(first or last), expected, remedy("relay-range-half"), id="relay-range-half")
    elif first > last:
        got, expected = f"{first} > {last}", f"must be >= {start.name}"
        report.problem(end.place, got, expected, remedy("relay-range-reversed"), id="relay-range-reversed")


def _check_rest(server: Server, tree: Tree, report: Report) -> None:
    check_bound(server.bind_addresses, "bind_addresses", tree, report)
    if server.rtc.force_tcp and not server.rtc.tcp_port and report.is_sound(tree["rtc.tcp_port"].place):
        expected = "must be a port while rtc.force_tcp is true"
        report.problem(tree["rtc.tcp_port"].place, "0", expected, id="force-tcp-without-port")
    if server.prometheus_port and server.prometheus.port:
        ports = f"prometheus_port {server.prometheus_port} wins over prometheus.port {server.prometheus.port}"
        text = f"the deprecated {ports}"
        report.finding("prometheus-port", "warning", tree["prometheus_port"].place, text)
    if server.development:
        text = "development serves pprof and room contents on the API port without authentication"
        report.finding("development", "warning", tree["development"].place, text)
    bound = tree["bind_addresses"]
    if bound.is_fact and bound.is_set and not server.bind_addresses and report.is_sound(bound.place):
        text = "an empty list: livekit-server starts, and its API, metrics and debugging listen nowhere"
        report.finding("binds-nothing", "error", bound.place, text)
    check_development(server, tree, report)
    check_node_ip(tree, report)
    check_blocks(tree, report)
