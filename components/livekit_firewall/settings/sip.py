"""LiveKit SIP's own settings.

Facts: livekit/sip pkg/config/config.go at be5d3f572761. Its YAML is not strict: unknown keys are ignored.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ..inputs.field_types import Host, Port, PortOrOff, Ports, Switch, Text
from ..inputs.harmless import describe
from ..inputs.shown import show
from ..model.errors import Report
from ..model.findings import remedy
from ..model.ports import MAX_PORT, PortRange
from .keys import read_known
from .schemas import names_of
from .tree import Tree

DEFAULT_RTP = PortRange.udp(10000, 20000)


class SipTls(Struct, frozen=True, kw_only=True):
    """`tls`: SIP over TLS, TCP only. It is on if the section is present."""

    port: Port = 5061
    port_listen: Port | None = None
    certs: Any = None


class Sip(Struct, frozen=True, kw_only=True):
    """The keys of sip.yaml that decide which sockets livekit-sip opens."""

    sip_port: Port = 5060
    sip_port_listen: Port | None = None
    tls: SipTls | None = None
    rtp_port: Ports = None
    listen_ip: Text = "0.0.0.0"
    health_port: PortOrOff = 0
    prometheus_port: PortOrOff = 0
    pprof_port: PortOrOff = 0
    use_external_ip: Switch = False
    nat_1_to_1_ip: Host = ""
    media_use_external_ip: Switch = False
    media_nat_1_to_1_ip: Host = ""

    @property
    def listens_on(self) -> int:
        """The signalling port that is bound, UDP and TCP: `sip_port_listen`, else `sip_port`, which is announced."""
        return self.sip_port_listen or self.sip_port


_ZERO_IS_DEFAULT = ("sip_port", "sip_port_listen", "port", "port_listen")
_EXCLUSIVE = (("use_external_ip", "nat_1_to_1_ip"), ("media_use_external_ip", "media_nat_1_to_1_ip"))


def read_sip(tree: Tree, report: Report) -> Sip:
    """LiveKit SIP's settings, checked; problems go to `report`."""
    sip = read_known(Sip, "sip", tree, report, _without_zeros if tree.is_file else None)
    try:
        rtp_range(sip)
    except ValueError as error:
        report.problem(tree["rtp_port"].place, show("rtp_port", sip.rtp_port), str(error), id="rtp-port-invalid")
    if _is_ignored(sip.rtp_port):
        _ignored_range(sip, tree, report)
    if tree["tls"].is_fact and sip.tls and not sip.tls.certs:
        hint = "without them livekit-sip does not start"
        report.problem(tree["tls"].place, "no certs", "must hold certs", hint, id="sip-tls-no-certs")
    for one, other in _EXCLUSIVE:
        if getattr(sip, one) and getattr(sip, other):
            expected = f"must not be set together with {tree[one].name}"
            got, hint = show(other, getattr(sip, other)), remedy("sip-two-addresses")
            report.problem(tree[other].place, got, expected, hint, id="sip-two-addresses")
    return sip


def _without_zeros(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values without ports of 0, for which the service takes its default (Config.Init)."""
    kept = {key: value for key, value in values.items() if not (key in _ZERO_IS_DEFAULT and value == 0)}
    if isinstance(kept.get("tls"), dict):
        kept["tls"] = _without_zeros(kept["tls"])
    return kept


def _is_ignored(value: object) -> bool:
    """Whether the service treats a set value as unset: 0, a list, a mapping."""
    return isinstance(value, dict | list | tuple) or (value in (0, "0") and value is not False)


def _ignored_range(sip: Sip, tree: Tree, report: Report) -> None:
    got = show("rtp_port", sip.rtp_port)
    if tree["rtp_port"].is_fact:
        text = f"livekit-sip ignores {got} here, and takes 10000-20000"
        report.finding("rtp-port-ignored", "error", tree["rtp_port"].place, text)
    else:
        report.problem(tree["rtp_port"].place, got, "must be a range such as 10000-20000", id="rtp-port-invalid")


def rtp_range(sip: Sip) -> PortRange:
    """The RTP ports, 10000-20000 by default, also for 0, a list or a mapping, which the service ignores.

    Raises ValueError for a value that the service refuses, and for a single port, which it reads as "from there to
    20000".
    """
    value = sip.rtp_port
    if value is None or value == "" or _is_ignored(value):
        return DEFAULT_RTP
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("must be a range such as 10000-20000")
    ends = [end.strip(" ") for end in str(value).split("-")]
    if len(ends) == 1:
        raise ValueError("must be a range such as 10000-20000, a single port means from there to 20000")
    if len(ends) != 2 or not all(end.isascii() and end.isdigit() and len(end) < 10 for end in ends):
        raise ValueError("must be a range such as 10000-20000")
    first, last = (int(end) for end in ends)
    if not 1 <= first <= MAX_PORT or not 1 <= last <= MAX_PORT:
        raise ValueError("must be within 1 to 65535")
    if last <= first:
        raise ValueError("the end of a range must be greater than its start")
    return PortRange.udp(first, last)


describe(Sip, "", "sip.", others=lambda: names_of("sip"))
