"""Hypothesis strategies for the arguments of a deployment: arbitrary, and valid.

No two listeners share a port, so that every refusal is a mistake of the code and none of the strategy.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from .strategies import pick

# Blocks of a hundred ports that hold nobody's default.
_TAKEN = [
    (1900, 1999),
    (3300, 3499),
    (4200, 4299),
    (5000, 5099),
    (6300, 6399),
    (7800, 8199),
    (8200, 8299),
    (9000, 9099),
    (10000, 20000),
    (30000, 40000),
    (50000, 60000),
]
SLOTS = [
    base for base in range(1100, 65400, 100) if not any(first <= base + 99 and base <= last for first, last in _TAKEN)
]

NARROW = {
    4: ["10.0.0.0/8", "192.0.2.0/24", "198.51.100.128/25", "203.0.113.9/32"],
    6: ["2001:db8::/32", "2001:db8:1::/64", "fd00::/16", "2001:db8::1/128"],
}
WIDE = {4: ["0.0.0.0/0", "0.0.0.0/1", "198.51.100.0/24"], 6: ["::/0", "8000::/1", "2001:db8:7::/48"]}


@cache
def _blocks(has_ipv6: bool, wide: bool) -> st.SearchStrategy[list[str]]:
    pools = [NARROW, WIDE] if wide else [NARROW]
    pool = [block for one in pools for family in ((4, 6) if has_ipv6 else (4,)) for block in one[family]]
    return st.lists(st.sampled_from(pool), min_size=1, max_size=3)


class _Draw:
    """Draws parts of the arguments, handing out each block of ports once."""

    def __init__(self, draw: st.DrawFn, has_ipv6: bool) -> None:
        self.draw, self.has_ipv6 = draw, has_ipv6
        # far apart or side by side: neighbours are where an off-by-one shows
        start, step = draw(st.integers(0, len(SLOTS) - 1)), draw(st.sampled_from([1, 7, 31]))
        self.slots = [SLOTS[(start + number * step) % len(SLOTS)] for number in range(40)]

    def flag(self) -> bool:
        return self.draw(st.booleans())

    def one_of(self, *values: Any) -> Any:
        return pick(self.draw, values)

    def port(self) -> int:
        return self.slots.pop() + self.one_of(0, 50, 99)

    def range(self) -> tuple[int, int]:
        base = self.slots.pop()
        return base + self.one_of(0, 1), base + self.one_of(2, 98, 99)

    def maybe_port(self, into: dict[str, Any], key: str, *others: int) -> None:
        kind = self.one_of("absent", "port", *others)
        if kind != "absent":
            into[key] = self.port() if kind == "port" else kind

    def blocks(self, wide: bool = False) -> list[str]:
        return self.draw(_blocks(self.has_ipv6, wide))

    def media(self, into: dict[str, Any]) -> None:
        kind = self.one_of("absent", "port", "text", "mux", "range")
        if kind in ("port", "text"):
            into["udp_port"] = self.port() if kind == "port" else str(self.port())
        elif kind != "absent":
            first, last = self.range()
            if kind == "mux":
                into["udp_port"] = f"{first}-{last}"
            else:
                into |= {"port_range_start": first, "port_range_end": last}

    def turn(self, is_fronted: bool, has_443: bool) -> dict[str, Any]:
        turn: dict[str, Any] = {"enabled": True, "domain": "turn.example.com"}
        kinds = [["udp"], *([["tls"], ["udp", "tls"]] if is_fronted or not has_443 else [])]
        for kind in self.one_of(*kinds):
            if kind == "udp":
                turn["udp_port"] = self.one_of(443, self.port())
            elif is_fronted:
                turn["tls_port"] = self.port() if has_443 else self.one_of(443, self.port())
                turn["external_tls"] = self.flag()
            else:
                turn["tls_port"] = 443
        some = [["0.0.0.0"], ["::"], ["192.0.2.1"], ["2001:db8::1"], ["192.0.2.1", "2001:db8::1"], ["127.0.0.1"]]
        if self.flag():
            turn["bind_addresses"] = self.one_of(*some)
        if self.flag():
            turn["relay_range_start"], turn["relay_range_end"] = self.range()
        return turn

    def sip(self) -> dict[str, Any]:
        sip: dict[str, Any] = {}
        for key in ("sip_port", "sip_port_listen"):
            self.maybe_port(sip, key)
        if self.flag():
            sip["tls"] = {}
            for key in ("port", "port_listen"):
                self.maybe_port(sip["tls"], key)
        if self.flag():
            sip["rtp_port"] = "-".join(str(end) for end in self.range())
        if self.flag():
            sip["listen_ip"] = self.one_of("0.0.0.0", "192.0.2.1", "2001:db8::1", "127.0.0.1")
        for key in ("health_port", "prometheus_port", "pprof_port"):
            self.maybe_port(sip, key, 0)
        return sip

    def ingress(self) -> dict[str, Any]:
        ingress: dict[str, Any] = {}
        for key in ("rtmp_port", "whip_port"):
            self.maybe_port(ingress, key, -1)
        if self.flag():
            ingress["rtc_config"] = {}
            self.media(ingress["rtc_config"])
            self.maybe_port(ingress["rtc_config"], "tcp_port", 0)
        for key in ("health_port", "prometheus_port", "debug_handler_port"):
            self.maybe_port(ingress, key, 0)
        return ingress

    def trunks(self) -> Any:
        kind = self.one_of("anywhere", "blocks", "named")
        if kind == "anywhere":
            return kind
        if kind == "blocks":
            return self.blocks(wide=True)
        return [
            {"name": "a carrier", "signaling": self.blocks(wide=True), "media": self.blocks(wide=True)}
            for _ in range(self.one_of(1, 2))
        ]

    def extra_rule(self, name: str) -> dict[str, Any]:
        """A range may hold a port that is usually an internal service's."""
        is_range = self.flag()
        ports = "-".join(str(end) for end in self.range()) if is_range else self.one_of(int, str)(self.port())
        cidrs = self.blocks(wide=not is_range)
        return {
            "name": name, "protocol": self.one_of("tcp", "udp"), "ports": self.one_of(ports, [ports]),
            "cidrs": self.one_of(cidrs, {f"block-{place}": one for place, one in enumerate(cidrs)}),
        }  # fmt: skip


@st.composite
def valid_arguments(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments that are right, of every kind but files and the plugNmeet preset."""
    given: dict[str, Any] = {}
    has_ipv6 = draw(st.integers(0, 3)) > 0
    if not has_ipv6 or draw(st.booleans()):
        given["ipv6"] = has_ipv6
    one = _Draw(draw, has_ipv6)
    if one.flag():
        given["https"] = one.one_of(True, {}, {"acme": False}, {"port": one.port()})
    if one.flag():
        given["load_balancer"] = one.one_of({"cidrs": one.blocks()}, {"passthrough": True})
        if one.flag():
            given["load_balancer"] |= {"passthrough": one.flag(), "cidrs": one.blocks()}
    if one.flag():
        given["aws"] = {"vpc_id": "vpc-1", "load_balancer_security_group_ids": ["sg-1"]}
    if one.one_of(True, True, False):
        one.maybe_port(given, "port")
        one.maybe_port(given, "tcp_port", 0)
        one.media(given)
        if one.flag():
            given["prometheus"] = one.one_of({}, {"port": one.port()})
        if one.flag():
            https = given.get("https")  # only a proxy on 443 takes what clients send to TURN/TLS
            has_443 = https is True or (https is not None and https.get("port", 443) == 443)
            given["turn"] = one.turn(has_443 or "load_balancer" in given or "aws" in given, has_443)
    else:
        given["livekit"] = False
    if one.flag():
        given["sip"] = one.sip()
    if one.flag():
        given["ingress"] = one.ingress()
    if one.flag():
        given["clients"] = {"cidrs": one.blocks(wide=True)}
    if one.flag():
        given["trunks"] = one.trunks()
    if one.flag():
        given["operators"] = {"cidrs": one.blocks()}
        one.maybe_port(given["operators"], "ssh_port")
    if one.flag():
        given["cluster"] = one.one_of({"cidrs": one.blocks()}, {"same_group": True})
        given["cluster"]["services"] = one.one_of([], ["redis"], ["nats", "mariadb"])
    if one.flag():
        given["extra_rules"] = [one.extra_rule(name) for name in one.one_of(["exporter"], ["a", "B_2"])]
    return given
