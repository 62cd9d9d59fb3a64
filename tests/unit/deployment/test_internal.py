"""No packet from the internet reaches an internal port on any platform, including baselines; SSH stays reachable.

An oracle that reads the raw arguments and files decides which ports are internal. The platforms' native readers decide
which packets pass. Ports come from a small set, so that services collide; sources overlap, add up and embed IPv4.
"""

from __future__ import annotations

import ipaddress
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.deployment.rendering import render_for
from livekit_firewall.model.addresses import Address, Cidr, Packet
from livekit_firewall.model.errors import ConfigurationError, ProblemsError
from livekit_firewall.model.internet import internet_blocks
from livekit_firewall.model.ports import PortRange, Protocol
from livekit_firewall.platforms.registry import PLATFORMS
from tests import targets

from ..orders import reader_of
from ..strategies import few_examples, pick

patient = settings(few_examples, deadline=None)

READERS: dict[str, ModuleType] = {one.name: reader_of(one.name) for one in PLATFORMS}
TARGETS = {
    **targets.TARGETS,
    "azure": {**targets.TARGETS["azure"], "load_balancer_probes": True},
    "host": {},
}
PORTS = [22, 443, 2222, 3306, 4222, 6379, 6789, 7880, 7881, 8080, *range(9001, 9013)]
OWN = ["localhost:{}", "127.0.0.1:{}", "[::1]:{}", "LOCALHOST.:{}", "0.0.0.0:{}", ":{}", "192.0.2.1:{}"]
"""`192.0.2.1` is the node's own, which `rtc.node_ip` says."""

LISTS = [
    ["10.0.0.0/24"],
    ["203.0.113.0/28", "2001:db8::/32"],
    ["1.0.0.0/8", "3.0.0.0/8", "5.0.0.0/8", "7.0.0.0/8"],
    ["9.0.0.0/8", "11.0.0.0/8", "13.0.0.0/8", "15.0.0.0/8"],
    ["2002:900::/24", "2002:b00::/24", "64:ff9b::d00:0/104", "64:ff9b::f00:0/104"],
    ["2002::/16"], ["64:ff9b::/96"], ["2001::/32"], ["::/96"], ["64:ff9b:1::/48"],
    ["0.0.0.0/0"], ["::/0"],
]  # fmt: skip

OCTETS = [1, 3, 5, 7, 9, 11, 13, 15, 45, 185]
STRANGERS6 = [ipaddress.IPv6Address(text) for text in ("2600::7", "2a00::7", "2400::7", "9000::7")]


def forms_of(four: ipaddress.IPv4Address) -> list[Address]:
    """An IPv4 address, and the IPv6 addresses that embed it."""
    bits = int(four)
    teredo = (0x20010000 << 96) | (bits ^ 0xFFFFFFFF)
    nat64 = [int(ipaddress.IPv6Address(prefix)) | bits for prefix in ("64:ff9b::", "64:ff9b:1::", "::")]
    return [four, *map(ipaddress.IPv6Address, [0x2002 << 112 | bits << 80 | 7, teredo, *nat64])]


Case = tuple[dict[str, Any], dict[str, dict[str, Any]]]
"""Arguments, and the files that they name."""


# Created once: Hypothesis validates each strategy at its first draw.
BLOCKS = st.sampled_from(LISTS[:3]) | st.sampled_from(LISTS)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    ports = draw(st.permutations(PORTS))

    def port() -> int:
        return pick(draw, PORTS) if flag(6) else ports.pop()

    def flag(odds: int = 2) -> bool:
        return draw(st.integers(1, odds)) == 1

    def section(**made: Any) -> dict[str, Any]:
        return {key: make() for key, make in made.items() if flag()}

    files: dict[str, dict[str, Any]] = {}
    given: dict[str, Any] = {}
    has_file = flag()
    redis = {"address": pick(draw, OWN if has_file else OWN[:-1]).format(port())}
    if has_file:
        given["livekit_config"] = "livekit.yaml"
        server: dict[str, Any] = {"keys": {"k": "s"}, **section(port=port, prometheus=lambda: {"port": port()})}
        server["rtc"] = {"node_ip": "192.0.2.1", **section(tcp_port=port)}
        server |= section(redis=lambda: redis, debug_handler=lambda: {"port": port()})
        files["livekit.yaml"] = server
    else:
        given |= section(port=port, tcp_port=port, prometheus=lambda: {"port": port()})
    if flag(3):
        given["egress_config"] = "egress.yaml"
        files["egress.yaml"] = {"api_key": "k", "api_secret": "s", **section(health_port=port, redis=lambda: redis)}
    if flag(3):
        given["sip"] = section(sip_port=port, health_port=port)
    if flag(3):
        given["ingress"] = section(rtmp_port=port, whip_port=port)
    given |= section(https=lambda: pick(draw, [True, {"port": port()}]))
    for key in ("clients", "load_balancer", "operators"):
        given |= {key: {"cidrs": draw(BLOCKS)}} if flag(3) else {}
    if flag(3):
        given["cluster"] = {"cidrs": draw(BLOCKS), "services": pick(draw, [[], ["redis"], ["mariadb"]])}
    if flag():
        given.setdefault("operators", {})["ssh_port"] = port()
    given |= section(ipv6=lambda: draw(st.booleans()))
    given |= {name: target for name, target in TARGETS.items() if flag(4)}
    return given, files


def internal_ports(given: dict[str, Any], files: dict[str, dict[str, Any]]) -> Iterator[int]:
    """Every TCP port of an internal service, according to the arguments and the files."""
    server = files.get("livekit.yaml", given)
    yield server.get("port", 7880)
    yield from (server[key]["port"] for key in ("prometheus", "debug_handler") if key in server)
    yield from (value for part in ("sip", "ingress") for key, value in given.get(part, {}).items() if key in INTERNAL)
    if "ingress" in given and "whip_port" not in given["ingress"]:
        yield 8080
    for file in files.values():
        yield from (value for key, value in file.items() if key == "health_port")
        if "redis" in file:
            yield int(file["redis"]["address"].rpartition(":")[2])
    for name in given.get("cluster", {}).get("services", []):
        # Redis is on the port that a file names, so SSH may then use 6379
        if name != "redis" or not any("redis" in file for file in files.values()):
            yield {"redis": 6379, "mariadb": 3306}[name]


INTERNAL = ("health_port", "whip_port")


def deployed(case: Case) -> Deployment | None:
    """The deployment; None if it is refused, so that nothing is open."""
    given, files = case
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_text(json.dumps(content))
        with suppress(ConfigurationError):
            return read_deployment(given, Path(folder))
    return None


def natives(deployment: Deployment) -> Iterator[tuple[str, Any]]:
    """The final native rules of each platform as `render --to` prints them, also of platforms without a target."""
    for platform in PLATFORMS:
        with suppress(ProblemsError):
            yield platform.name, render_for(deployment, platform)


def admits(platform: str, native: Any, source: Address, port: int, protocol: Protocol = Protocol.TCP) -> bool:
    options = {"baseline": True} if platform == "nftables" else {}
    return bool(READERS[platform].admits_native(native, Packet(source, protocol, port), **options))


def is_internet(platform: str, native: Any, port: int) -> bool:
    """Whether the internet gets through: over IPv6, or from more than four /8 of IPv4, in any form."""
    if any(admits(platform, native, source, port) for source in STRANGERS6):
        return True
    fours = [ipaddress.IPv4Address(f"{octet}.37.11.5") for octet in OCTETS]
    # a firewall without rules for such a block treats them as the internet
    forms = forms_of if any(block in str(native) for block in HIDING) else lambda four: [four]
    return sum(any(admits(platform, native, one, port) for one in forms(four)) for four in fours) > 4


HIDING = ("2002:", "64:ff9b:", "2001::/32", "::/96")


LIVEKIT = {"keys": {"k": "s"}}
FOUR, MORE = LISTS[2], LISTS[3]
HOLES: dict[str, Case] = {
    "SSH on the API": ({"operators": {"ssh_port": 7880}, "host": {}}, {}),
    "SSH on the API, no target": ({"operators": {"ssh_port": 7880}}, {}),
    "the API on SSH": ({"port": 22, "https": True, "host": {}}, {}),
    "the API on SSH, no target": ({"port": 22, "https": True}, {}),
    "the API of a file on SSH": (
        {"livekit_config": "livekit.yaml", "host": {}},
        {"livekit.yaml": {**LIVEKIT, "port": 22}},
    ),
    "Redis on SSH": (
        {"operators": {"ssh_port": 6379}, "cluster": {"cidrs": ["10.0.0.0/24"], "services": ["redis"]}, "host": {}},
        {},
    ),
    "metrics on SSH": ({"prometheus": {"port": 22}, "host": {}}, {}),
    "health on SSH": ({"sip": {"health_port": 22}, "host": {}}, {}),
    "WHIP on SSH": ({"ingress": {"whip_port": 22}, "host": {}}, {}),
    "debugging of a file on SSH": (
        {"livekit_config": "livekit.yaml"},
        {"livekit.yaml": {**LIVEKIT, "debug_handler": {"port": 22}}},
    ),
    "health of egress on SSH": (
        {"livekit": False, "egress_config": "egress.yaml", "host": {}},
        {"egress.yaml": {"api_key": "k", "health_port": 22}},
    ),
    "Redis on ICE": (
        {"livekit_config": "livekit.yaml"},
        {"livekit.yaml": {**LIVEKIT, "redis": {"address": "localhost:6379"}, "rtc": {"tcp_port": 6379}}},
    ),
    "Redis by the node's own address": (
        {"livekit_config": "livekit.yaml"},
        {
            "livekit.yaml": {
                **LIVEKIT,
                "redis": {"address": "192.0.2.1:6379"},
                "rtc": {"tcp_port": 6379, "node_ip": "192.0.2.1"},
            }
        },
    ),
    "Redis of a file on SSH": (
        {"livekit_config": "livekit.yaml", "operators": {"ssh_port": 6379}},
        {"livekit.yaml": {**LIVEKIT, "redis": {"address": "127.0.0.1:6379"}}},
    ),
    "a port of two services, from four blocks each": (
        {
            "livekit_config": "livekit.yaml",
            "load_balancer": {"cidrs": FOUR},
            "operators": {"cidrs": MORE},
        },
        {"livekit.yaml": {**LIVEKIT, "port": 7880, "prometheus": {"port": 7880}}},
    ),
    "four blocks, and four more inside of IPv6": (
        {"load_balancer": {"cidrs": FOUR}, "cluster": {"cidrs": LISTS[4]}},
        {},
    ),
    **{f"the API to {blocks[0]}": ({"load_balancer": {"cidrs": blocks}}, {}) for blocks in LISTS[5:10]},
}


@patient
@given(cases())
@example(HOLES["SSH on the API"])
@example(HOLES["the API on SSH, no target"])
def test_no_packet_from_the_internet_reaches_an_internal_port_on_any_platform(case: Case) -> None:
    if deployment := deployed(case):
        for platform, native in natives(deployment):
            open_ = [port for port in sorted(set(internal_ports(*case))) if is_internet(platform, native, port)]
            assert open_ == [], platform


@pytest.mark.parametrize("case", HOLES.values(), ids=HOLES)
def test_each_former_way_to_an_internal_port_is_closed(case: Case) -> None:
    deployment = deployed(case)
    got = dict(natives(deployment)) if deployment else {}
    assert "nftables" not in got
    for platform, native in got.items():
        assert [port for port in set(internal_ports(*case)) if is_internet(platform, native, port)] == []


@patient
@given(cases())
def test_ssh_is_never_lost_and_no_family_is_dropped(case: Case) -> None:
    deployment = deployed(case)
    if deployment is None:
        return
    given, files = case
    ipv6 = given.get("ipv6", True)
    rendered = dict(natives(deployment))
    operators = given.get("operators", {})
    if "host" in given:
        assert "nftables" in rendered
    if "nftables" in rendered:
        blocks = operators.get("cidrs", ["0.0.0.0/0", *(["::/0"] if ipv6 else [])])
        for block in blocks:
            source = Cidr.parse(block).network[-1]
            assert admits("nftables", rendered["nftables"], source, operators.get("ssh_port", 22)), block
    tcp_port = files["livekit.yaml"]["rtc"].get("tcp_port", 7881) if files.get("livekit.yaml") else None
    tcp_port = tcp_port or given.get("tcp_port", 7881)
    for block in given.get("clients", {}).get("cidrs", ["0.0.0.0/0", *(["::/0"] if ipv6 else [])]):
        for platform, native in rendered.items():
            assert admits(platform, native, Cidr.parse(block).network[-1], tcp_port), (platform, block)


@pytest.mark.parametrize(
    ("blocks", "wide"),
    [
        (["2002::/16"], ["0.0.0.0/0 (inside of 2002::/16)"]),
        (["2001::/32"], ["0.0.0.0/0 (inside of 2001::/32)"]),
        (["2001:0:1:2::/64"], ["0.0.0.0/0 (inside of 2001:0:1:2::/64)"]),
        (["64:ff9b::/96"], ["0.0.0.0/0 (inside of 64:ff9b::/96)"]),
        (["64:ff9b:1::/48"], ["0.0.0.0/0 (inside of 64:ff9b:1::/48)"]),
        (["::fffe:0:0/95"], ["0.0.0.0/0 (inside of ::fffe:0:0/95)"]),
        (["::ffff:0:0:0/96"], ["0.0.0.0/0 (inside of ::ffff:0:0:0/96)"]),
        (["::/96"], ["0.0.0.0/0 (inside of ::/96)"]),
        (["2001::/16"], ["0.0.0.0/0 (inside of 2001::/16)"]),
        (["2002:a00::/24", "11.0.0.0/8"], ["10.0.0.0/7 (inside of 2002:a00::/24)"]),
        (["2002:a00::/24", "12.0.0.0/8"], []),
        (["2002:c0a8::/32", "64:ff9b::a00:0/104", "2001:0:0:0:0:0:f500:0/104", "fd00::/16"], []),
    ],
)
def test_ipv4_embedded_in_ipv6_is_checked_as_ipv4(blocks: list[str], wide: list[str]) -> None:
    assert internet_blocks(map(Cidr.parse, blocks)) == wide


@given(st.integers(0, 2**32 - 1), st.integers(8, 32))
def test_an_ipv4_block_is_no_more_and_no_less_inside_of_ipv6(bits: int, prefix: int) -> None:
    four = ipaddress.ip_network((bits, prefix), strict=False)
    others = [Cidr.parse(f"{n}.0.0.0/8") for n in (1, 3, 5)]
    alone = bool(internet_blocks([Cidr(four), *others]))
    first = int(four.network_address)
    embedded = [
        ipaddress.IPv6Network((0x2002 << 112 | first << 80, 16 + prefix)),
        ipaddress.IPv6Network((int(ipaddress.IPv6Address("64:ff9b::")) | first, 96 + prefix)),
        ipaddress.IPv6Network((0x20010000 << 96 | int(four.broadcast_address) ^ 0xFFFFFFFF, 96 + prefix)),
    ]
    assert {bool(internet_blocks([Cidr(six), *others])) for six in embedded} == {alone}


def test_ports_open_to_the_link_are_checked_too(tmp_path: Path) -> None:
    """Answers of DHCPv6: udp/546 from every link-local address."""
    (tmp_path / "livekit.yaml").write_text("webtransport: {port: 546}\n")
    with pytest.raises(ConfigurationError, match="must not share its port with DHCPv6 answers") as caught:
        read_deployment({"livekit_config": "livekit.yaml", "host": {}}, tmp_path)
    assert caught.value.problems[0].hint == "move it"
    assert read_deployment({"livekit_config": "livekit.yaml", "aws": {"vpc_id": "v"}}, tmp_path)


def test_azures_prober_reaches_every_port_and_is_not_the_internet(tmp_path: Path) -> None:
    deployment = read_deployment({"azure": TARGETS["azure"]}, tmp_path)
    assert [item.ports for item in deployment.baselines["azure"] if item.ports] == [(PortRange.tcp(1, 65535),)]
