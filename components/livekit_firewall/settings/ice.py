"""ICE in livekit-server and ingress, which read it alike: one UDP port for all clients (mux), or a range."""

from __future__ import annotations

from msgspec import Struct

from ..inputs.document import CHART_DEFAULT
from ..inputs.shown import show
from ..model.errors import Report
from ..model.findings import remedy
from ..model.ports import PortRange
from .server import Rtc, udp_mux
from .tree import Tree, Value


class Ice(Struct, frozen=True, kw_only=True):
    """The ICE settings of a service's `rtc` section, with their places.

    Attributes:
        service: its name in messages.
        usual: its UDP ports if nothing is set, outside of development.
        default: its UDP ports if nothing is set in this configuration, development included.
        section, port, start, end: the section, the mux port, and the ends of the range.
        key: the dotted key of the mux port.
    """

    rtc: Rtc
    service: str
    usual: str
    default: str
    section: Value
    port: Value
    start: Value
    end: Value
    key: str

    @classmethod
    def of(cls, rtc: Rtc, service: str, tree: Tree, section: str, *, usual: str, default: str = "") -> Ice:
        return cls(
            rtc=rtc,
            service=service,
            usual=usual,
            default=default or usual,
            section=tree[section],
            port=tree[f"{section}.udp_port"],
            start=tree[f"{section}.port_range_start"],
            end=tree[f"{section}.port_range_end"],
            key=f"{section}.udp_port",
        )

    @property
    def got(self) -> str:
        """The mux port as it is written, for an error text."""
        return show(self.key, self.rtc.udp_port)


def check_ice(ice: Ice, report: Report) -> None:
    """Checks the mux against the range, if each of them is valid by itself."""
    if not report.is_sound(*(value.place for value in (ice.section, ice.port, ice.start, ice.end))):
        return
    refuse_zero(report, ice.start, ice.end)
    try:
        mux = udp_mux(ice.rtc)
    except ValueError as error:
        report.problem(ice.port.place, ice.got, str(error), id="udp-port-invalid")
        _check_range(ice, report)
        return
    if mux is None and ice.port.is_set:
        _check_ignored_mux(ice, report)
    if not _check_range(ice, report):
        return
    if mux:
        _check_mux_beside_range(mux, ice, report)
    else:
        _check_half_range(ice, report)


def refuse_zero(report: Report, *values: Value) -> None:
    """A problem for a 0 among our arguments. In a file, 0 means the service's default."""
    for value in values:
        if not value.is_fact and value.is_set and value.given == 0:
            report.problem(value.place, "0", "must be an integer from 1 to 65535", "remove it for the default")


def _check_ignored_mux(ice: Ice, report: Report) -> None:
    """For a mux port that is set, and that the service ignores because it is no port."""
    if ice.port.is_fact:
        taken = "7882" if ice.default == "7882" else "the port range"
        text = f"{ice.service} ignores {ice.got} here, and takes {taken}"
        report.finding("udp-port-ignored", "error", ice.port.place, text)
    else:
        expected, hint = "must be a port or a range such as 7882-7892", f"remove the key to use {ice.usual}"
        report.problem(ice.port.place, ice.got, expected, hint, id="udp-port-invalid")


def _check_range(ice: Ice, report: Report) -> bool:
    """Whether the range is valid, if both ends are given; else a problem."""
    first, last = ice.rtc.port_range_start, ice.rtc.port_range_end
    if first and last and last < first:
        got, expected = f"{first} > {last}", f"must be >= {ice.start.name}"
        report.problem(ice.end.place, got, expected, remedy("range-reversed"), id="range-reversed")
        return False
    if first and first == last and ice.rtc.use_external_ip:
        hint = f"{ice.service} falls over a range of one port while use_external_ip is true"
        report.problem(ice.end.place, f"{first} = {last}", f"must be > {ice.start.name}", hint, id="range-of-one")
        return False
    return True


def _check_mux_beside_range(mux: PortRange, ice: Ice, report: Report) -> None:
    """The server prefers a complete range to the mux, and ignores half of one; among arguments, both are problems."""
    first, last = ice.rtc.port_range_start, ice.rtc.port_range_end
    port, start, end = ice.port, ice.start, ice.end
    if first and last:
        if port.is_fact and start.is_fact and end.is_fact:
            text = f"{ice.service} uses the range {first}-{last} and does not open {mux}, whatever its log says"
            is_given = CHART_DEFAULT not in (start.place.origin, end.place.origin)
            fix = f"remove {port.name}, or {'both ends of the range' if is_given else _without(start, end)}"
            report.finding("both-ice-modes", "warning", port.place, text, fix)
        else:
            expected = f"must not be set together with {start.name} and {end.name}"
            hint = "remove it to use the range, or the range to use one port"
            report.problem(port.place, mux.ports, expected, hint, id="udp-port-invalid")
    elif first or last:
        given, missing = (start, end) if first else (end, start)
        if given.is_fact and port.is_fact:
            text = f"without {missing.name} {ice.service} ignores it, and uses {port.name}"
            report.finding("half-range", "warning", given.place, text, _without(given))
        else:
            report.problem(given.place, "", f"must not be set together with {port.name}", "remove one of the two")


def _without(*ends: Value) -> str:
    """How to remove ends of the range: a chart's default is in no file of the user's, and only null removes it."""
    names = " and ".join(end.name for end in ends)
    if any(end.place.origin == CHART_DEFAULT for end in ends):
        return f"set {names} to null, which removes the chart's own"
    return "remove it"


def _check_half_range(ice: Ice, report: Report) -> None:
    first, last, start, end = ice.rtc.port_range_start, ice.rtc.port_range_end, ice.start, ice.end
    if first and not last:
        hint = f"set {end.name} too; with the start alone {ice.service} takes any free port"
        report.problem(start.place, str(first), f"must come with {end.name}", hint, id="range-start-alone")
    elif last and not first:
        if end.is_fact:
            text = f"without {start.name} {ice.service} ignores it, and uses {ice.default}"
            report.finding("half-range", "error", end.place, text, f"set {start.name}, or {_without(end)}")
        else:
            hint = f"set both, or neither for {ice.usual}"
            report.problem(end.place, str(last), f"must come with {start.name}", hint)
