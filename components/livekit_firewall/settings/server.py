"""livekit-server's own settings, with the defaults and the precedence of its code.

Facts: livekit/livekit pkg/config/config.go and pkg/service/{server,turn}.go at v1.13.5,
livekit/mediatransportutil pkg/rtcconfig/{config,webrtc_config}.go. All its keys: `schemas`.
"""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Struct

from ..inputs.field_types import Addresses, Port, PortOrOff, PortOrUnset, Ports, Switch, Text, expects
from ..inputs.harmless import describe
from ..inputs.numbers import WrittenFloat, WrittenInt
from ..model.ports import MAX_PORT, PortRange, Protocol
from .schemas import names_of

MUX_KEYS = ("udp_port",)
RANGE_KEYS = ("port_range_start", "port_range_end")
"""Keys of an `rtc` section that decide the UDP ports of ICE."""

PortOrLess = Annotated[int, expects("an integer up to 65535; 0 or less = off", shown=True, le=MAX_PORT)]

Node = Annotated[Any, expects("an address", shown=True, id="node-ip-invalid")]
Domain = Annotated[str, expects("a text", shown=True, id="turn-domain-invalid")]


class Rtc(Struct, frozen=True, kw_only=True):
    """`rtc`: media. `udp_mux` reads `udp_port`, which may be a number or a text."""

    tcp_port: PortOrOff = 7881
    udp_port: Ports = None
    port_range_start: PortOrUnset = 0
    port_range_end: PortOrUnset = 0
    force_tcp: Switch = False
    use_stun_port_as_ice: Switch = False
    use_external_ip: Switch = False
    node_ip: Node = None
    ips: Any = None
    allow_tcp_fallback: Switch | None = None


class Turn(Struct, frozen=True, kw_only=True):
    """`turn`: the embedded TURN server. Both ports are off unless set; the relay range then is 30000-40000."""

    enabled: Switch = False
    domain: Domain = ""
    udp_port: PortOrLess = 0
    tls_port: PortOrLess = 0
    external_tls: Switch = False
    bind_addresses: Addresses = ("0.0.0.0",)
    relay_range_start: PortOrUnset = 0
    relay_range_end: PortOrUnset = 0


class Prometheus(Struct, frozen=True, kw_only=True):
    port: PortOrOff = 0


class DebugHandler(Struct, frozen=True, kw_only=True):
    port: PortOrOff = 0


class WebTransport(Struct, frozen=True, kw_only=True):
    port: PortOrOff = 0


class Server(Struct, frozen=True, kw_only=True):
    """The keys of livekit.yaml that decide which sockets livekit-server opens."""

    port: Port = 7880
    bind_addresses: Addresses = ()
    rtc: Rtc = Rtc()
    turn: Turn = Turn()
    prometheus: Prometheus = Prometheus()
    prometheus_port: PortOrOff = 0
    debug_handler: DebugHandler = DebugHandler()
    webtransport: WebTransport = WebTransport()
    development: Switch = False


def udp_mux(rtc: Rtc) -> PortRange | None:
    """`rtc.udp_port` as the server reads it: None when it is unset, 0, a list or a mapping.

    Raises ValueError for what stops the server. Grammar: two integers joined by `-`, spaces trimmed, the
    second greater; else one integer, not trimmed (rtcconfig/config.go, PortRange.UnmarshalString).
    """
    value = rtc.udp_port
    if value is None or isinstance(value, list | dict | tuple) or (value in (0, "", "0") and value is not False):
        return None
    if isinstance(value, float) and value.is_integer() and not isinstance(value, WrittenFloat):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("must be a port or a range such as 7882-7892")
    written = value.written if isinstance(value, WrittenInt) else str(value)
    first, dash, last = written.partition("-")
    ends = [first.strip(" "), last.strip(" ")] if dash else [first]
    if not all(end.isascii() and end.removeprefix("+").isdigit() and len(end) < 10 for end in ends):
        raise ValueError("must be a port or a range such as 7882-7892")
    numbers = [int(end) for end in ends]
    if not all(1 <= number <= MAX_PORT for number in numbers):
        raise ValueError("must be within 1 to 65535")
    if dash and numbers[1] <= numbers[0]:
        raise ValueError("the end of a range must be greater than its start")
    return PortRange.udp(numbers[0], numbers[-1])


def ice_udp(rtc: Rtc, *, is_development: bool = False) -> tuple[PortRange, tuple[str, ...]] | None:
    """The UDP ports of ICE and the keys of the section that decide them; None when ICE is TCP only.

    The exact precedence of rtcconfig/config.go Validate and webrtc_config.go: with neither a mux nor a
    range start, 50000-60000 (7882 in development); else a complete range wins over the mux.
    """
    mux = udp_mux(rtc)
    if rtc.force_tcp:
        return None
    if mux is None and rtc.port_range_start == 0:
        if is_development:
            return PortRange.udp(7882), MUX_KEYS
        return PortRange.udp(50000, 60000), RANGE_KEYS
    if rtc.port_range_start and rtc.port_range_end:
        return PortRange(Protocol.UDP, rtc.port_range_start, rtc.port_range_end), RANGE_KEYS
    return (mux, MUX_KEYS) if mux else None


__all__ = ["Rtc", "Server", "Text", "Turn", "ice_udp", "udp_mux"]

# the second: values of the livekit-server chart hold them under `livekit`
describe(Server, "", "livekit.", others=lambda: names_of("livekit"))
