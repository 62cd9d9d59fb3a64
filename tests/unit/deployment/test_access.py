"""Who reaches which port, for arbitrary deployments, compared with an oracle that reads the raw arguments."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.model.addresses import Identity, Packet
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.model.ports import Protocol
from livekit_firewall.model.services import Service

from ..argument_strategies import valid_arguments
from ..strategies import few_examples, pick

HERE = Path()
ANYWHERE = ["0.0.0.0/0", "::/0"]


@dataclass
class Port:
    """A port, or a range of them, as in LiveKit's documents.

    Attributes:
        families: of the sockets, 4 and 6.
        sources: blocks and identities that may reach it.
        internal: whether the internet must never reach it.
    """

    protocol: str
    first: int
    last: int
    families: set[int]
    sources: list[str]
    internal: bool = False


def families_of(addresses: list[str]) -> set[int]:
    """The families in which other machines reach a bind address: both for a wildcard (Go), none for loopback."""
    found: set[int] = set()
    for text in addresses:
        address = ipaddress.ip_address(text)
        if address.is_unspecified:
            found |= {4, 6}
        elif not address.is_loopback:
            found.add(address.version)
    return found


class Table:
    """The ports of a deployment and their sources, from the tables in LiveKit's documents."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given
        self.clients = given.get("clients", {}).get("cidrs", ANYWHERE)
        balancer = given.get("load_balancer", {})
        self.balancer = list(balancer.get("cidrs", []))
        if "aws" in given:
            self.balancer.append("load-balancer")
        self.passes_through = balancer.get("passthrough", False)
        cluster = given.get("cluster", {})
        self.cluster = [*cluster.get("cidrs", []), *(["same-group"] if cluster.get("same_group") else [])]
        self.operators = given.get("operators", {}).get("cidrs", [])
        trunks = given.get("trunks", "anywhere")
        if trunks == "anywhere":
            self.signaling = self.media = ANYWHERE
        elif isinstance(trunks[0], str):
            self.signaling = self.media = trunks
        else:
            self.signaling = [block for trunk in trunks for block in trunk["signaling"]]
            self.media = [block for trunk in trunks for block in trunk["media"]]

    def ports(self) -> Iterator[Port]:
        for port in self.all_families():
            if self.given.get("ipv6", True) is False:
                port.families -= {6}
            yield port

    def all_families(self) -> Iterator[Port]:
        given = self.given
        https = given.get("https", False)
        if https is not False:
            proxy = {} if https is True else https
            yield port("tcp", proxy.get("port", 443), self.clients)
            if proxy.get("acme", True):
                yield port("tcp", 80, self.clients)
        if given.get("livekit", True):
            # clients connect to 443 for TURN/TLS, so a proxy on another port does not forward it
            yield from self.server(https is True or (https is not False and https.get("port", 443) == 443))
        if "sip" in given:
            yield from self.sip(given["sip"])
        if "ingress" in given:
            yield from self.ingress(given["ingress"], https is not False)
        for name, number in (("redis", 6379), ("nats", 4222), ("mariadb", 3306)):
            yield port(
                "tcp", number, self.cluster if name in given.get("cluster", {}).get("services", []) else [], True
            )
        if self.operators:
            yield port("tcp", given["operators"].get("ssh_port", 22), self.operators)
        for extra in given.get("extra_rules", []):
            ports, cidrs = extra["ports"], extra["cidrs"]
            first, _, last = str(ports[0] if isinstance(ports, list) else ports).partition("-")
            blocks = list(cidrs.values()) if isinstance(cidrs, dict) else cidrs
            yield Port(extra["protocol"], int(first), int(last or first), {4, 6}, blocks)

    def server(self, has_proxy: bool) -> Iterator[Port]:
        given = self.given
        yield port("tcp", given.get("port", 7880), [*self.balancer, *self.cluster], internal=True)
        if given.get("tcp_port", 7881):
            yield port("tcp", given.get("tcp_port", 7881), self.clients)
        yield media(given, (50000, 60000), self.clients)
        yield from self.observed(given.get("prometheus", {}), ("port",))
        turn = given.get("turn")
        if not turn:
            return
        bound = turn.get("bind_addresses", ["0.0.0.0"])
        if "udp_port" in turn:
            yield port("udp", turn["udp_port"], self.clients, families=families_of(bound))
        if "tls_port" in turn:
            if has_proxy:
                reached_by: list[str] = []
            elif self.passes_through:
                reached_by = [*self.clients, *(block for block in self.balancer if block != "load-balancer")]
            else:
                reached_by = self.balancer or self.clients
            yield port("tcp", turn["tls_port"], reached_by, families=families_of(bound))
        relay = (turn.get("relay_range_start", 30000), turn.get("relay_range_end", 40000))
        # with a wildcard, TURN relays in IPv4 only
        relayed = {4} if bound in (["0.0.0.0"], ["::"]) else families_of(bound)
        yield Port("udp", *relay, relayed, self.cluster, internal=True)

    def sip(self, sip: dict[str, Any]) -> Iterator[Port]:
        bound = families_of([sip.get("listen_ip", "0.0.0.0")])
        listens = sip.get("sip_port_listen", sip.get("sip_port", 5060))
        yield port("udp", listens, self.signaling, families=bound)
        yield port("tcp", listens, self.signaling, families=bound)
        if "tls" in sip:
            listens = sip["tls"].get("port_listen", sip["tls"].get("port", 5061))
            yield port("tcp", listens, self.signaling, families=bound)
        first, last = sip.get("rtp_port", "10000-20000").split("-")
        yield Port("udp", int(first), int(last), {4, 6}, self.media)
        yield from self.observed(sip, ("health_port", "prometheus_port"))
        if sip.get("pprof_port"):
            yield port("tcp", sip["pprof_port"], [], internal=True)

    def ingress(self, ingress: dict[str, Any], has_proxy: bool) -> Iterator[Port]:
        rtc = ingress.get("rtc_config", {})
        if ingress.get("rtmp_port", 1935) != -1:
            yield port("tcp", ingress.get("rtmp_port", 1935), self.clients)
        if ingress.get("whip_port", 8080) != -1:
            behind = [] if has_proxy else self.balancer
            yield port("tcp", ingress.get("whip_port", 8080), behind, internal=True)
            yield media(rtc, (7885, 7885), self.clients)
            if rtc.get("tcp_port"):
                yield port("tcp", rtc["tcp_port"], self.clients)
        yield port("tcp", 9090, [], internal=True)
        yield from self.observed(ingress, ("health_port", "prometheus_port"))
        if ingress.get("debug_handler_port"):
            yield port("tcp", ingress["debug_handler_port"], [], internal=True)

    def observed(self, section: dict[str, Any], keys: tuple[str, ...]) -> Iterator[Port]:
        for key in keys:
            if section.get(key):
                yield port("tcp", section[key], self.operators, internal=True)


def port(
    protocol: str, number: int, sources: list[str], internal: bool = False, families: set[int] | None = None
) -> Port:
    return Port(protocol, number, number, {4, 6} if families is None else families, sources, internal)


def media(section: dict[str, Any], default: tuple[int, int], sources: list[str]) -> Port:
    if "udp_port" in section:
        first, _, last = str(section["udp_port"]).partition("-")
        return Port("udp", int(first), int(last or first), {4, 6}, sources)
    if "port_range_start" in section:
        return Port("udp", section["port_range_start"], section["port_range_end"], {4, 6}, sources)
    return Port("udp", *default, {4, 6}, sources)


def must_admit(ports: list[Port], packet: Packet) -> bool:
    for one in ports:
        if one.protocol != packet.protocol.value or not one.first <= packet.port <= one.last:
            continue
        if isinstance(packet.source, Identity):
            if packet.source.value in one.sources and one.families:
                return True
            continue
        if packet.source.version in one.families:
            blocks = [ipaddress.ip_network(text) for text in one.sources if "/" in text]
            if any(packet.source in block for block in blocks if block.version == packet.source.version):
                return True
    return False


def around(low: int, high: int, most: int) -> list[int]:
    return sorted({number for number in (low - 1, low, high, high + 1) if 0 <= number <= most})


@st.composite
def packets(draw: st.DrawFn, ports: list[Port]) -> Packet:
    """Packets from the first and last addresses of named blocks to the first and last ports of listeners."""
    one = pick(draw, ports) if ports else Port("tcp", 7880, 7880, {4, 6}, [])
    number = pick(draw, [n for n in around(one.first, one.last, 65535) if n])
    protocol = Protocol(pick(draw, [one.protocol, one.protocol, "tcp", "udp"]))
    sources = pick(draw, [one.sources, [text for other in ports for text in other.sources]])
    source = pick(draw, [*sources, "0.0.0.0/0", "::/0", *Identity])
    if isinstance(source, Identity) or "/" not in source:
        return Packet(Identity(source), protocol, number)
    block = ipaddress.ip_network(source)
    most = 2**block.max_prefixlen - 1
    edges = around(int(block.network_address), int(block.broadcast_address), most)
    address = type(block.network_address)(pick(draw, [*edges, 0x08080808]))
    return Packet(address, protocol, number)


@few_examples
@given(valid_arguments(), st.data())
def test_the_rules_admit_exactly_what_the_documents_say(arguments: dict[str, Any], data: st.DataObject) -> None:
    deployment = read_deployment(arguments, HERE)
    ports = list(Table(arguments).ports())
    for _ in range(12):
        packet = data.draw(packets(ports))
        assert deployment.rules.admits(packet) is must_admit(ports, packet), packet


@few_examples
@given(valid_arguments(), st.ip_addresses())
def test_nothing_internal_is_reachable_from_the_internet(
    arguments: dict[str, Any], drawn: ipaddress.IPv4Address | ipaddress.IPv6Address
) -> None:
    named = [ipaddress.ip_network(text) for text in NAMED]
    if any(drawn in block for block in named if block.version == drawn.version):
        drawn = ipaddress.ip_address("8.8.8.8")
    rules = read_deployment(arguments, HERE).rules
    for one in Table(arguments).ports():
        if one.internal:
            for source in (drawn, ipaddress.ip_address("8.8.8.8"), ipaddress.ip_address("2606:4700::1111")):
                for number in {one.first, one.last, (one.first + one.last) // 2}:
                    assert not rules.admits(Packet(source, Protocol(one.protocol), number))


NAMED = ["10.0.0.0/8", "192.0.2.0/24", "198.51.100.128/25", "203.0.113.9/32", "2001:db8::/32", "fd00::/16"]


@few_examples
@given(valid_arguments())
def test_every_rule_says_which_key_it_comes_from_and_who_it_is_for(arguments: dict[str, Any]) -> None:
    deployment = read_deployment(arguments, HERE)
    for rule in deployment.rules:
        assert rule.reasons
        assert all(reason.key and reason.text for reason in rule.reasons)
        for key in rule.key.split(", "):
            assert key == "https" or key.startswith("extra_rules.") or known(key), key


def known(key: str) -> bool:
    """Whether the key exists: a path through the types of the arguments."""
    from livekit_firewall.firewall_args import LiveKitFirewallArgs
    from livekit_firewall.hosted.component import narrowed

    kind: Any = narrowed(LiveKitFirewallArgs)
    for part in key.split("."):
        if part not in kind.__annotations__:
            return False
        kind = kind.__annotations__[part]
    return True


INTERNAL = {
    "API": ({}, "load_balancer"),
    "API, the cluster": ({}, "cluster"),
    "TURN relay": ({"turn": {"enabled": True, "udp_port": 3478}}, "cluster"),
    "Redis": ({"livekit": False, "cluster": {"services": ["redis"]}}, "cluster"),
    "Metrics": ({"prometheus": {"port": 6789}}, "operators"),
    "SIP's metrics": ({"livekit": False, "sip": {"prometheus_port": 6789}}, "operators"),
    "Health": ({"livekit": False, "ingress": {"health_port": 7888}}, "operators"),
    "WHIP": ({"livekit": False, "ingress": {}}, "load_balancer"),
}
INTERNET = [
    (["0.0.0.0/0"], True),
    (["0.0.0.0/1", "128.0.0.0/1"], True),
    (["10.0.0.0/8", "64.0.0.0/2"], True),
    (["10.0.0.0/7"], True),
    (["10.0.0.0/8"], False),
    (["10.0.0.0/8", "11.0.0.0/8"], True),  # merged they are 10.0.0.0/7
    (["10.0.0.0/8", "12.0.0.0/8"], False),
    (["10.0.0.0/9", "10.128.0.0/9"], False),
    (["10.0.0.0/9", "10.128.0.0/9", "11.0.0.0/8"], True),
]
INTERNET_6 = [
    (["::/0"], True),
    (["::/1", "8000::/1"], True),
    (["2000::/3"], True),
    (["2600::/15"], True),
    (["2600::/16"], False),
    (["2600::/16", "2601::/16"], True),
    (["10.0.0.0/8", "2600::/15"], True),
]


@pytest.mark.matrix
@pytest.mark.parametrize("case", INTERNAL)
@pytest.mark.parametrize(("cidrs", "is_internet"), [*INTERNET, *INTERNET_6], ids=str)
def test_an_internal_port_is_never_opened_to_the_internet(case: str, cidrs: list[str], is_internet: bool) -> None:
    given, who = INTERNAL[case]
    arguments: dict[str, Any] = {**given, who: {**given.get(who, {}), "cidrs": cidrs}}
    if case == "TURN relay" and not any("." in text for text in cidrs):
        arguments["turn"] = {**arguments["turn"], "bind_addresses": ["2001:db8::1"]}
    try:
        read_deployment(arguments, HERE)
    except ConfigurationError as error:
        assert is_internet
        for problem in error.problems:
            assert problem.path == f"{who}.cidrs"
            assert problem.expected.startswith("must not open ")
            assert problem.expected.endswith(" to the internet")
    else:
        assert not is_internet


def test_sources_that_are_the_internet_only_together_are_refused_too() -> None:
    given = {"load_balancer": {"cidrs": ["10.0.0.0/8"]}, "cluster": {"cidrs": ["11.0.0.0/8"]}}
    with pytest.raises(ConfigurationError) as caught:
        read_deployment(given, HERE)
    assert [str(problem) for problem in caught.value.problems] == [
        (
            "cluster.cidrs: must not open API on tcp/7880 to the internet (got 10.0.0.0/7); name the real sources, "
            "in blocks of /8 or longer (IPv4) and /16 or longer (IPv6), also when merged"
        )
    ]


def test_each_internal_port_that_would_open_to_the_internet_is_named() -> None:
    given = {"turn": {"enabled": True, "udp_port": 3478}, "cluster": {"cidrs": ["0.0.0.0/0"], "services": ["nats"]}}
    with pytest.raises(ConfigurationError) as caught:
        read_deployment(given, HERE)
    assert [problem.expected for problem in caught.value.problems] == [
        "must not open API on tcp/7880 to the internet",
        "must not open TURN relay on udp/30000-40000 to the internet",
        "must not open NATS on tcp/4222 to the internet",
    ]


def test_the_services_that_the_internet_must_never_reach() -> None:
    assert {str(service) for service in Service if service.is_internal} == {
        "api", "webtransport", "turn-relay", "whip", "metrics", "health", "redis", "nats", "mariadb", "debug",
        "internal",
    }  # fmt: skip


def findings_of(deployment: Deployment, *ids: str) -> list[str]:
    return [str(finding) for finding in deployment.findings if finding.id in ids]


def test_ssh_for_the_internet_is_a_risk_that_is_shown() -> None:
    deployment = read_deployment({"livekit": False, "operators": {"cidrs": ["0.0.0.0/0"]}}, HERE)
    assert [(str(rule.ports), str(rule.peer)) for rule in deployment.rules] == [("tcp/22", "0.0.0.0/0")]
    assert findings_of(deployment, "ssh-public") == [
        (
            "warning: operators.cidrs: SSH on tcp/22 is open to the internet; "
            "name the operators' own addresses [ssh-public]"
        )
    ]


def test_sip_for_the_internet_is_a_risk_unless_trunks_is_anywhere() -> None:
    silent = read_deployment({"livekit": False, "sip": {}}, HERE)
    assert findings_of(silent, "sip-public") == [
        (
            "warning: sip.sip_port: SIP and its audio (tcp/5060, udp/5060, udp/10000-20000) are open to the internet, "
            "where scanners look for SIP; name the carriers' addresses in trunks (--trunk), "
            'or say trunks: "anywhere" if that is meant [sip-public]'
        )
    ]
    meant = read_deployment({"livekit": False, "sip": {}, "trunks": "anywhere"}, HERE)
    assert findings_of(meant, "sip-public") == []
    assert silent.rules.subtract(meant.rules).rules == meant.rules.subtract(silent.rules).rules == ()


WIDE, CARRIER = ["0.0.0.0/0"], ["192.0.2.16/32"]
SCANNED = "where scanners look for SIP"
HALVES = ["0.0.0.0/1", "128.0.0.0/1"]


@pytest.mark.parametrize(
    ("trunks", "found"),
    [
        (
            [{"signaling": CARRIER, "media": CARRIER}, {"signaling": CARRIER, "media": WIDE}],
            [("trunks[1].media", "SIP's audio (udp/10000-20000) is open to the internet", "in trunks[1].media")],
        ),
        (
            [{"signaling": WIDE, "media": CARRIER}],
            [
                (
                    "trunks[0].signaling",
                    "SIP (tcp/5060, udp/5060) is open to the internet, " + SCANNED,
                    "in trunks[0].signaling",
                )
            ],
        ),
        (
            ["::/0", {"signaling": CARRIER, "media": HALVES}],
            [
                (
                    "trunks",
                    f"SIP and its audio (tcp/5060, udp/5060, udp/10000-20000) are open to the internet, {SCANNED}",
                    "in trunks (--trunk)",
                ),
                ("trunks[1].media", "SIP's audio (udp/10000-20000) is open to the internet", "in trunks[1].media"),
            ],
        ),
        (
            # the two together are the internet
            [{"signaling": CARRIER, "media": [block]} for block in ("8.0.0.0/8", "9.0.0.0/8")],
            [("trunks", "SIP's audio (udp/10000-20000) is open to the internet", "in trunks (--trunk)")],
        ),
        ([{"signaling": CARRIER, "media": CARRIER}], []),
        ("anywhere", []),
    ],
)
def test_of_sip_the_ports_that_the_internet_reaches_are_named_and_by_which_key(
    trunks: object, found: list[tuple[str, str, str]]
) -> None:
    deployment = read_deployment({"livekit": False, "sip": {}, "trunks": trunks}, HERE)
    said = [one for one in deployment.findings if one.id == "sip-public"]
    assert [(str(one.place), one.text) for one in said] == [(place, text) for place, text, _ in found]
    assert all(where in one.fix for one, (_, _, where) in zip(said, found, strict=True))


def test_a_listener_without_named_sources_is_for_nobody_and_reported() -> None:
    given = {"prometheus": {"port": 6789}, "turn": {"enabled": True, "udp_port": 3478}}
    deployment = read_deployment(given, HERE)
    audiences = {str(one.ports): (str(one.audience), str(one.awaits)) for one in deployment.listeners}
    assert audiences == {
        "tcp/7880": ("nobody", "load-balancer"),
        "udp/50000-60000": ("public", "nobody"),
        "tcp/7881": ("public", "nobody"),
        "udp/3478": ("public", "nobody"),
        "udp/30000-40000": ("nobody", "cluster"),
        "tcp/6789": ("nobody", "operator"),
    }
    assert {(finding.severity, finding.place.path, finding.id) for finding in deployment.findings} == {
        ("warning", "port", "no-load-balancer"),
        ("note", "turn.relay_range_start", "no-cluster"),
        ("note", "prometheus.port", "no-operators"),
    }


def test_behind_a_proxy_on_the_node_nobody_has_to_be_named_for_the_api() -> None:
    deployment = read_deployment({"https": True}, HERE)
    assert deployment.findings == ()
    (api,) = [one for one in deployment.listeners if str(one.service) == "api"]
    assert (str(api.audience), str(api.awaits)) == ("nobody", "nobody")


TLS = {"enabled": True, "domain": "t.example.com", "tls_port": 443}


@pytest.mark.parametrize(
    ("given", "peers"),
    [
        ({"turn": TLS}, ["anywhere"]),
        ({"turn": TLS, "clients": {"cidrs": ["198.51.100.0/24"]}}, ["198.51.100.0/24"]),
        ({"turn": TLS, "load_balancer": {"cidrs": ["10.0.0.0/24"]}}, ["10.0.0.0/24"]),
        ({"turn": TLS, "load_balancer": {"cidrs": ["10.0.0.0/24"], "passthrough": True}}, ["anywhere"]),
        ({"turn": TLS, "load_balancer": {"passthrough": True}}, ["anywhere"]),
        (
            {"turn": TLS, "load_balancer": {"passthrough": True}, "clients": {"cidrs": ["198.51.100.0/24"]}},
            ["198.51.100.0/24"],
        ),
        # its health checks come from its own addresses; its security group would match what anybody sends through it
        (
            {
                "turn": TLS,
                "load_balancer": {"cidrs": ["10.0.0.0/24"], "passthrough": True},
                "clients": {"cidrs": ["198.51.100.0/24"]},
                "aws": {"vpc_id": "v", "load_balancer_security_group_ids": ["sg"]},
            },
            ["10.0.0.0/24", "198.51.100.0/24"],
        ),
        ({"turn": TLS, "aws": {"vpc_id": "v", "load_balancer_security_group_ids": ["sg"]}}, ["load-balancer"]),
        ({"turn": TLS, "gcp": {"network": "n", "google_load_balancer": True}}, ["load-balancer"]),
        ({"turn": TLS, "digitalocean": {"tags": ["a"], "load_balancer_uids": ["u"]}}, ["load-balancer"]),
        (
            {
                "turn": TLS,
                "load_balancer": {"cidrs": ["10.0.0.0/24"]},
                "aws": {"vpc_id": "v", "load_balancer_security_group_ids": ["sg"]},
            },
            ["10.0.0.0/24", "load-balancer"],
        ),
        ({"turn": {**TLS, "tls_port": 5349}, "load_balancer": {"cidrs": ["10.0.0.0/24"]}}, ["10.0.0.0/24"]),
        ({"turn": {**TLS, "tls_port": 5349}, "https": True}, []),
        ({"turn": {**TLS, "tls_port": 5349}, "https": True, "load_balancer": {"cidrs": ["10.0.0.0/24"]}}, []),
    ],
)
def test_turn_over_tls_opens_as_the_load_balancer_works(given: dict[str, Any], peers: list[str]) -> None:
    rules = read_deployment(given, HERE).rules
    assert [str(rule.peer) for rule in rules if str(rule.service) == "turn-tls"] == peers


def test_the_api_is_for_the_load_balancer_and_the_cluster_and_never_for_clients() -> None:
    given = {
        "load_balancer": {"cidrs": ["10.0.0.0/24"], "passthrough": True},
        "cluster": {"cidrs": ["192.0.2.0/29"]},
        "clients": {"cidrs": ["198.51.100.0/24"]},
    }
    rules = read_deployment(given, HERE).rules
    assert [str(rule.peer) for rule in rules if str(rule.service) == "api"] == ["10.0.0.0/24", "192.0.2.0/29"]


def test_without_ipv6_no_rule_is_of_that_family() -> None:
    given = {"ipv6": False, "sip": {}, "https": True, "turn": {"enabled": True, "udp_port": 3478}}
    rules = read_deployment(given, HERE).rules
    assert rules.rules
    assert {str(rule.peer) for rule in rules} == {"0.0.0.0/0"}


def test_sources_of_a_family_in_which_nothing_listens_are_a_finding() -> None:
    given = {
        "turn": {"enabled": True, "udp_port": 3478, "bind_addresses": ["192.0.2.1"]},
        "clients": {"cidrs": ["2001:db8::/32"]},
    }
    assert findings_of(read_deployment(given, HERE), "no-common-family") == [
        (
            "warning: turn.udp_port: TURN/UDP on udp/3478 listens in no family that clients.cidrs is of, "
            "so nobody reaches it; correct the sources or the bind addresses [no-common-family]"
        )
    ]


class TestAnInternalPortIsNotOpenedByAnotherService:
    """If a running deployment's file has two services on one port, only one can bind it, and it is not known which."""

    def test_the_api_on_the_port_of_the_tls_proxy_is_refused(self, tmp_path):
        (tmp_path / "livekit.yaml").write_text("port: 443\n")
        with pytest.raises(ConfigurationError) as caught:
            read_deployment({"livekit_config": "livekit.yaml", "https": True}, tmp_path)
        assert str(caught.value.problems[-1]) == (
            "livekit.yaml:1:1: port: must not share its port with HTTPS (https), which clients reach (got tcp/443); "
            "move one of them"
        )

    def test_metrics_within_a_public_range_are_of_another_protocol_and_stay(self, tmp_path):
        (tmp_path / "livekit.yaml").write_text("prometheus: {port: 50001}\n")
        deployment = read_deployment({"livekit_config": "livekit.yaml", "https": True}, tmp_path)
        assert not deployment.rules.admits(Packet(ipaddress.ip_address("203.0.113.7"), Protocol.TCP, 50001))


class TestClusterNodesDoNotReplaceTheLoadBalancer:
    """The cluster's nodes reach the API too, but clients do not reach it through them."""

    @pytest.mark.parametrize("balancer", [{}, {"load_balancer": {"passthrough": True}}])
    @pytest.mark.parametrize("cluster", [{"cidrs": ["192.0.2.0/29"]}, {"same_group": True}])
    def test_a_cluster_does_not_silence_a_missing_load_balancer(self, tmp_path, balancer, cluster):
        given = {**balancer, "cluster": cluster, **({"turn": TURN_TLS} if balancer else {})}
        found = read_deployment(given, tmp_path).findings
        assert [one.text for one in found if one.id == "no-load-balancer"] == [
            (
                "API on tcp/7880 opens to the cluster's nodes, and no load balancer is named, so clients cannot reach "
                "it from another machine"
            )
        ]

    def test_a_named_load_balancer_or_a_proxy_silences_it(self, tmp_path):
        cluster = {"cluster": {"cidrs": ["192.0.2.0/29"]}}
        for named in ({"load_balancer": {"cidrs": ["10.0.0.0/24"]}}, {"https": True}):
            found = read_deployment({**cluster, **named}, tmp_path).findings
            assert "no-load-balancer" not in {one.id for one in found}

    def test_a_cluster_does_not_silence_a_family_in_which_nothing_listens(self, tmp_path):
        (tmp_path / "livekit.yaml").write_text("bind_addresses: [192.0.2.1]\n")
        given = {"load_balancer": {"cidrs": ["2001:db8::/64"]}, "cluster": {"cidrs": ["192.0.2.0/29"]}}
        found = read_deployment({"livekit_config": "livekit.yaml", **given}, tmp_path).findings
        assert [one.text for one in found if one.id == "no-common-family"] == [
            "API on tcp/7880 listens in no family that load_balancer.cidrs is of, so they do not reach it"
        ]

    def test_ports_that_another_service_opens_are_not_reported_as_closed(self, tmp_path):
        (tmp_path / "livekit.yaml").write_text(RELAY_UNDER_ICE)
        found = read_deployment({"livekit_config": "livekit.yaml"}, tmp_path).findings
        assert [one.text for one in found if one.id == "no-cluster"] == [
            (
                "TURN relay on udp/30000-40000 has no rule of its own, since no nodes of a cluster are named; what is "
                "open there is ICE/UDP on udp/35000-60000 (rtc.port_range_start, rtc.port_range_end)"
            )
        ]


RELAY_UNDER_ICE = """\
rtc: {port_range_start: 35000, port_range_end: 60000}
turn: {enabled: true, domain: turn.example.com, udp_port: 3478}
"""
TURN_TLS = {"enabled": True, "domain": "turn.example.com", "tls_port": 5349}


@pytest.mark.parametrize(
    ("redis", "ports"),
    [
        ("redis: {address: 10.0.0.9:6390}", {"tcp/6390": "redis.address"}),
        ("redis: {address: redis.internal}", {"tcp/6379": "cluster.services"}),
        ("redis: {cluster_addresses: [a.internal:6390, b.internal:6390]}", {"tcp/6390": "redis.cluster_addresses"}),
        ("redis: {sentinel_addresses: [a.internal:26379]}", {"tcp/6379": "cluster.services"}),
        ("redis: {address: 127.0.0.1:6391}", {"tcp/6391": "redis.address"}),
        ("port: 7880", {"tcp/6379": "cluster.services"}),
    ],
)
def test_a_data_service_of_the_node_opens_on_the_port_by_which_its_users_reach_it(
    redis: str, ports: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "livekit.yaml").write_text(f"{redis}\n", encoding="utf-8")
    cluster = {"cidrs": ["10.0.0.0/24"], "services": ["redis"]}
    deployment = read_deployment({"livekit_config": "livekit.yaml", "cluster": cluster}, tmp_path)
    opened = [rule for rule in deployment.rules.ingress if rule.service is Service.REDIS]
    assert {str(rule.ports): rule.key for rule in opened} == ports
    assert {str(rule.peer) for rule in opened} == {"10.0.0.0/24"}
