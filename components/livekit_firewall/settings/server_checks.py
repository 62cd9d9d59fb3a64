"""What livekit-server refuses, and what makes its ports undetermined."""

from __future__ import annotations

from msgspec import Struct

from ..inputs.shown import show
from ..model.errors import Report
from ..model.ports import PortRange
from .known import read_known
from .refusals import (
    check_blocks,
    check_bound,
    check_development,
    check_node_ip,
    check_sections,
    check_turn_start,
    note_newer,
)
from .server import KNOWN, Rtc, Server, Turn, udp_mux
from .tree import Tree


def read_server(tree: Tree, report: Report) -> Server:
    """livekit-server's settings, checked one by one and against each other; problems go to `report`."""
    server = read_known(Server, tree, KNOWN, report)
    if report.is_sound(
        *(tree[key].place for key in ("rtc", "rtc.udp_port", "rtc.port_range_start", "rtc.port_range_end"))
    ):
        check_ice(server.rtc, SERVER_ICE, tree, report)
    if report.is_sound(*(tree[key].place for key in ("turn", *(f"turn.{key}" for key in Turn.__struct_fields__)))):
        _check_turn(server, tree, report)
    _check_rest(server, tree, report)
    return server


class IceWords(Struct, frozen=True):
    """How a service calls its ICE settings, and which UDP ports it takes when nothing is set."""

    service: str
    section: str
    default: str


SERVER_ICE = IceWords("livekit-server", "rtc", "50000-60000")


def check_ice(rtc: Rtc, words: IceWords, tree: Tree, report: Report) -> None:
    """The mux and the range held against each other; the same rules for livekit-server and ingress."""
    start, end = rtc.port_range_start, rtc.port_range_end
    mux_key, start_key, end_key = (
        f"{words.section}.{key}" for key in ("udp_port", "port_range_start", "port_range_end")
    )
    names = {key: tree[key].name for key in (mux_key, start_key, end_key)}
    default = "7882" if words is SERVER_ICE and tree["development"].given is True else words.default
    _refuse_zero(tree, report, start_key, end_key)
    mux, is_mux_wrong = None, False
    try:
        mux = udp_mux(rtc)
    except ValueError as error:
        report.problem(tree[mux_key].place, show(mux_key, rtc.udp_port), str(error))
        is_mux_wrong = True
    if tree[mux_key].is_set and mux is None and not is_mux_wrong:
        got, expected = show(mux_key, rtc.udp_port), "must be a port or a range such as 7882-7892"
        if tree[mux_key].is_fact:
            text = f"{words.service} ignores {got} here, and takes {'7882' if default == '7882' else 'the port range'}"
            report.finding("udp-port-ignored", "error", tree[mux_key].place, text, "write a port, or remove the key")
        else:
            report.problem(tree[mux_key].place, got, expected, f"remove the key to use {words.default}")
    if start and end and end < start:
        report.problem(
            tree[end_key].place, f"{start} > {end}", f"must be >= {names[start_key]}", "swap them, or remove both"
        )
    elif start and start == end and rtc.use_external_ip:
        hint = f"{words.service} falls over a range of one port while use_external_ip is true"
        report.problem(tree[end_key].place, f"{start} = {end}", f"must be > {names[start_key]}", hint)
    elif is_mux_wrong:
        return
    elif start and end and mux:
        _both_modes(mux, f"{start}-{end}", words, tree, report)
    elif mux and (start or end):
        given, missing = (start_key, end_key) if start else (end_key, start_key)
        if tree[given].is_fact and tree[mux_key].is_fact:
            text = f"without {missing} {words.service} ignores it, and uses {mux_key}"
            report.finding("half-range", "warning", tree[given].place, text, "remove it")
        else:
            report.problem(
                tree[given].place, "", f"must not be set together with {names[mux_key]}", "remove one of the two"
            )
    elif start and not end:
        hint = f"set {names[end_key]} too; with the start alone {words.service} takes any free port"
        report.problem(tree[start_key].place, str(start), f"must come with {names[end_key]}", hint)
    elif end and not start:
        if tree[end_key].is_fact:
            text = f"without {start_key} {words.service} ignores it, and uses {default}"
            report.finding("half-range", "error", tree[end_key].place, text, f"set {start_key}, or remove it")
        else:
            hint = f"set both, or neither for {words.default}"
            report.problem(tree[end_key].place, str(end), f"must come with {names[start_key]}", hint)


def _refuse_zero(tree: Tree, report: Report, *keys: str) -> None:
    """The server takes its default for a 0 here; among arguments that is a mistake."""
    for key in keys:
        section, _, last = key.partition(".")
        if not tree[key].is_fact and tree[key].is_set and tree.values[section][last] == 0:
            report.problem(tree[key].place, "0", "must be an integer from 1 to 65535", "remove it for the default")


def _both_modes(mux: PortRange, ports: str, words: IceWords, tree: Tree, report: Report) -> None:
    mux_key, start_key, end_key = (
        f"{words.section}.{key}" for key in ("udp_port", "port_range_start", "port_range_end")
    )
    place = tree[mux_key].place
    if tree[mux_key].is_fact and tree[start_key].is_fact and tree[end_key].is_fact:
        text = f"{words.service} uses the range {ports} and does not open {mux}, whatever its log says"
        report.finding("both-ice-modes", "warning", place, text, f"remove {mux_key}, or both ends of the range")
    else:
        expected = f"must not be set together with {tree[start_key].name} and {tree[end_key].name}"
        report.problem(place, mux.ports, expected, "remove it to use the range, or the range to use one port")


def _check_turn(server: Server, tree: Tree, report: Report) -> None:
    turn = server.turn
    if not turn.enabled:
        return
    if turn.udp_port <= 0 and turn.tls_port <= 0:
        expected = f"must come with {tree['turn.udp_port'].name} or {tree['turn.tls_port'].name}"
        report.problem(tree["turn.enabled"].place, "true", expected, "both are off by default; set 3478 and/or 443")
    if turn.tls_port > 0 and not turn.domain:
        expected = "must come with turn.domain"
        report.problem(
            tree["turn.tls_port"].place, str(turn.tls_port), expected, "clients are told the domain, not the address"
        )
    check_turn_start(turn, tree, report)
    start, end = turn.relay_range_start, turn.relay_range_end
    _refuse_zero(tree, report, "turn.relay_range_start", "turn.relay_range_end")
    if bool(start) != bool(end):
        given = "turn.relay_range_start" if start else "turn.relay_range_end"
        report.problem(
            tree[given].place,
            str(start or end),
            "must come with its other end",
            "set both, or neither for 30000-40000",
        )
    elif start > end:
        report.problem(
            tree["turn.relay_range_end"].place, f"{start} > {end}", "must be >= turn.relay_range_start", "swap them"
        )
    check_bound(turn.bind_addresses, "turn.bind_addresses", tree, report)
    if server.rtc.use_stun_port_as_ice and turn.udp_port == 3478 and not server.rtc.port_range_end:
        report.problem(
            tree["turn.udp_port"].place, "3478", "must differ from 3478 while rtc.use_stun_port_as_ice is true"
        )


def _check_rest(server: Server, tree: Tree, report: Report) -> None:
    check_bound(server.bind_addresses, "bind_addresses", tree, report)
    if server.rtc.force_tcp and not server.rtc.tcp_port and report.is_sound(tree["rtc.tcp_port"].place):
        report.problem(tree["rtc.tcp_port"].place, "0", "must be a port while rtc.force_tcp is true")
    if server.prometheus_port and server.prometheus.port:
        ports = f"prometheus_port {server.prometheus_port} wins over prometheus.port {server.prometheus.port}"
        text = f"the deprecated {ports}"
        report.finding("prometheus-port", "warning", tree["prometheus_port"].place, text, "remove prometheus_port")
    if server.development:
        text = "development serves pprof and room contents on the API port without authentication"
        report.finding("development", "warning", tree["development"].place, text, "remove it on a public node")
    if tree["bind_addresses"].is_fact and tree["bind_addresses"].is_set and not server.bind_addresses:
        text = "an empty list: livekit-server starts, and its API, metrics and debugging listen nowhere"
        report.finding("binds-nothing", "error", tree["bind_addresses"].place, text, "remove it for all addresses")
    note_newer(tree, report)
    check_development(server, tree, report)
    check_node_ip(tree, report)
    check_blocks(tree, report)
    if tree.is_file:
        check_sections(tree, report)
