"""The settings of LiveKit ingress and of LiveKit egress.

Facts: livekit/ingress pkg/config/config.go at 19017c82b0df, livekit/egress pkg/config/service.go at
e948d1eba056. Neither refuses unknown keys. For `rtmp_port`, `whip_port` and the relay, 0 means the default.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from ..inputs.field_types import PortOrOff
from ..inputs.harmless import describe
from ..model.errors import Report
from ..model.ports import PortRange
from .ice import Ice, check_ice
from .keys import read_known
from .schemas import names_of
from .server import MUX_KEYS, PortOrLess, Rtc, ice_udp, udp_mux
from .tree import Tree


class Ingress(Struct, frozen=True, kw_only=True):
    """The keys of ingress.yaml that decide which sockets livekit-ingress opens."""

    rtmp_port: PortOrLess = 1935
    whip_port: PortOrLess = 8080
    http_relay_port: PortOrOff = 9090
    rtc_config: Rtc = Rtc(tcp_port=0)
    health_port: PortOrOff = 0
    prometheus_port: PortOrOff = 0
    debug_handler_port: PortOrOff = 0

    @property
    def has_whip(self) -> bool:
        return self.whip_port >= 0


class Egress(Struct, frozen=True, kw_only=True):
    """The keys of egress.yaml that decide which sockets livekit-egress opens; none is public."""

    template_port: PortOrOff = 7980
    health_port: PortOrOff = 0
    prometheus_port: PortOrOff = 0
    debug_handler_port: PortOrOff = 0


def read_ingress(tree: Tree, report: Report) -> Ingress:
    """LiveKit ingress's settings, checked; problems go to `report`."""
    read = read_known(Ingress, "ingress", tree, report)
    rtc = read.rtc_config
    if not tree["rtc_config.tcp_port"].is_set:
        rtc = replace(rtc, tcp_port=0)
    if read.has_whip:
        check_ice(Ice.of(rtc, "livekit-ingress", tree, "rtc_config", usual="7885"), report)
    defaults = {"rtmp_port": 1935, "whip_port": 8080, "http_relay_port": 9090}
    zeros = {key: default for key, default in defaults.items() if getattr(read, key) == 0}
    return replace(read, rtc_config=rtc, **zeros)


def whip_media(ingress: Ingress) -> tuple[PortRange, tuple[str, ...]] | None:
    """The UDP ports of WHIP media and the deciding keys of `rtc_config`; 7885 if neither range nor port is set.

    None if `force_tcp` is true and a port or a range is set.
    """
    rtc = ingress.rtc_config
    if rtc.port_range_start == 0 and udp_mux(rtc) is None:
        return PortRange.udp(7885), MUX_KEYS
    return ice_udp(rtc)


def read_egress(tree: Tree, report: Report) -> Egress:
    """LiveKit egress's settings, checked; problems go to `report`."""
    return read_known(Egress, "egress", tree, report)


describe(Ingress, "", "ingress.", others=lambda: names_of("ingress"))
describe(Egress, others=lambda: names_of("egress"))
