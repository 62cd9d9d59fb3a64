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
from .tree import Tree, Value


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
    first, last = rtc.port_range_start, rtc.port_range_end
    start, end = tree[f"{words.section}.port_range_start"], tree[f"{words.section}.port_range_end"]
    _refuse_zero(report, start, end)
    try:
        mux = udp_mux(rtc)
    except ValueError as error:
        _refuse_mux(rtc, words, tree, report, str(error))
        mux, is_mux_wrong = None, True
    else:
        is_mux_wrong = False
        _check_ignored_mux(rtc, words, tree, report)
    if first and last and last < first:
        expected, hint = f"must be >= {start.name}", "swap them, or remove both"
        report.problem(end.place, f"{first} > {last}", expected, hint, id="range-reversed")
    elif first and first == last and rtc.use_external_ip:
        hint = f"{words.service} falls over a range of one port while use_external_ip is true"
        report.problem(end.place, f"{first} = {last}", f"must be > {start.name}", hint, id="range-of-one")
    elif is_mux_wrong:
        return
    elif mux:
        _check_mux_beside_range(mux, rtc, words, tree, report)
    elif first and not last:
        hint = f"set {end.name} too; with the start alone {words.service} takes any free port"
        report.problem(start.place, str(first), f"must come with {end.name}", hint, id="range-start-alone")
    elif last and not first:
        if end.is_fact:
            text = f"without {start.name} {words.service} ignores it, and uses {_default(words, tree)}"
            report.finding("half-range", "error", end.place, text, f"set {start.name}, or remove it")
        else:
            hint = f"set both, or neither for {words.default}"
            report.problem(end.place, str(last), f"must come with {start.name}", hint)


def _default(words: IceWords, tree: Tree) -> str:
    return "7882" if words is SERVER_ICE and tree["development"].given is True else words.default


def _refuse_mux(rtc: Rtc, words: IceWords, tree: Tree, report: Report, expected: str, hint: str = "") -> None:
    key = f"{words.section}.udp_port"
    report.problem(tree[key].place, show(key, rtc.udp_port), expected, hint, id="udp-port-invalid")


def _check_ignored_mux(rtc: Rtc, words: IceWords, tree: Tree, report: Report) -> None:
    """What is set, and is no port to the service."""
    key = f"{words.section}.udp_port"
    value = tree[key]
    if not value.is_set or udp_mux(rtc) is not None:
        return
    if value.is_fact:
        taken = "7882" if _default(words, tree) == "7882" else "the port range"
        text = f"{words.service} ignores {show(key, rtc.udp_port)} here, and takes {taken}"
        report.finding("udp-port-ignored", "error", value.place, text, "write a port, or remove the key")
    else:
        expected, hint = "must be a port or a range such as 7882-7892", f"remove the key to use {words.default}"
        _refuse_mux(rtc, words, tree, report, expected, hint)


def _check_mux_beside_range(mux: PortRange, rtc: Rtc, words: IceWords, tree: Tree, report: Report) -> None:
    """The server takes a whole range, and passes over half of one; among arguments either is a mistake."""
    first, last = rtc.port_range_start, rtc.port_range_end
    port, start, end = (tree[f"{words.section}.{key}"] for key in ("udp_port", "port_range_start", "port_range_end"))
    if first and last:
        if port.is_fact and start.is_fact and end.is_fact:
            text = f"{words.service} uses the range {first}-{last} and does not open {mux}, whatever its log says"
            fix = f"remove {port.name}, or both ends of the range"
            report.finding("both-ice-modes", "warning", port.place, text, fix)
        else:
            expected = f"must not be set together with {start.name} and {end.name}"
            hint = "remove it to use the range, or the range to use one port"
            report.problem(port.place, mux.ports, expected, hint, id="udp-port-invalid")
    elif first or last:
        given, missing = (start, end) if first else (end, start)
        if given.is_fact and port.is_fact:
            text = f"without {missing.name} {words.service} ignores it, and uses {port.name}"
            report.finding("half-range", "warning", given.place, text, "remove it")
        else:
            report.problem(given.place, "", f"must not be set together with {port.name}", "remove one of the two")


def _refuse_zero(report: Report, *values: Value) -> None:
    """The server takes its default for a 0 here; among arguments that is a mistake."""
    for value in values:
        if not value.is_fact and value.is_set and value.given == 0:
            report.problem(value.place, "0", "must be an integer from 1 to 65535", "remove it for the default")


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
    _refuse_zero(report, start, end)
    if bool(first) != bool(last):
        expected, hint = "must come with its other end", "set both, or neither for 30000-40000"
        report.problem((start if first else end).place, str(first or last), expected, hint, id="relay-range-half")
    elif first > last:
        expected = f"must be >= {start.name}"
        report.problem(end.place, f"{first} > {last}", expected, "swap them", id="relay-range-reversed")


def _check_rest(server: Server, tree: Tree, report: Report) -> None:
    check_bound(server.bind_addresses, "bind_addresses", tree, report)
    if server.rtc.force_tcp and not server.rtc.tcp_port and report.is_sound(tree["rtc.tcp_port"].place):
        expected = "must be a port while rtc.force_tcp is true"
        report.problem(tree["rtc.tcp_port"].place, "0", expected, id="force-tcp-without-port")
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
