"""The ports at which other machines reach the services of a compose file."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.reports.lint import lint

from ..compose_files import MUX, SERVER, errors, host, ports, read, refused, write


class TestPublished:
    """Other machines reach a container only at the ports that the host forwards to it."""

    def on_bridge(self, tmp_path: Path, published: str, config: str = MUX, **given: object) -> Deployment:
        text = SERVER + f"    environment: {{LIVEKIT_CONFIG: '{config}'}}\n    ports: [{published}]\n"
        return read(
            tmp_path, {"compose.yaml": text.replace(MUX, "rtc: {udp_port: 7882, node_ip: 203.0.113.7}")}, **given
        )

    def test_all_that_is_needed_is_published(self, tmp_path: Path) -> None:
        deployment = self.on_bridge(tmp_path, '"127.0.0.1:7880:7880", "7881:7881", "7882:7882/udp"')
        assert ports(deployment) == ["udp/7882 public", "tcp/7881 public"]
        assert errors(deployment) == []

    @pytest.mark.parametrize(
        ("published", "expected", "reached"),
        [
            ('"7881:7881"', "published-missing compose.yaml:2:3: services.livekit", ["tcp/7881 public"]),
            ('"7881:7881", "7882:7882"', "published-missing compose.yaml:5:26: services.livekit.ports[1]",
             ["tcp/7881 public"]),
            ('"7881:7881", "17882:7882/udp"', "published-elsewhere compose.yaml:5:26: services.livekit.ports[1]",
             ["udp/17882 public", "tcp/7881 public"]),
            ('"7881:7881", "7882/udp"', "published-elsewhere compose.yaml:5:26: services.livekit.ports[1]",
             ["tcp/7881 public"]),
            ('"7881:7881", "127.0.0.1:7882:7882/udp"',
             "published-loopback compose.yaml:5:26: services.livekit.ports[1]", ["tcp/7881 public"]),
            ('"7881:7881", "7882:7882/udp", "7880:7880"',
             "published-internal compose.yaml:5:43: services.livekit.ports[2]",
             ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]),
        ],
    )  # fmt: skip
    def test_a_port_that_clients_do_not_reach_as_announced(
        self, tmp_path: Path, published: str, expected: str, reached: list[str]
    ) -> None:
        deployment = self.on_bridge(tmp_path, published)
        assert errors(deployment) == [expected]
        assert ports(deployment) == reached

    def test_part_of_a_range_is_published(self, tmp_path: Path) -> None:
        published = '"7881:7881", {target: 50000, published: 50000, protocol: udp}, "50001-50010:50001-50010/udp"'
        deployment = self.on_bridge(tmp_path, published, "rtc: {node_ip: 203.0.113.7}")
        assert [one for one in ports(deployment) if one.startswith("udp")] == [
            "udp/50000 public",
            "udp/50001-50010 public",
        ]
        [finding] = [one for one in deployment.findings if one.id == "published-missing"]
        assert finding.text.startswith("ICE/UDP on udp/50011-60000 (rtc.port_range_start, rtc.port_range_end) is not")

    def test_with_named_sources_it_is_a_warning_with_the_limits_of_the_host(self, tmp_path: Path) -> None:
        published = '"7880:7880", "7881:7881", "7882:7882/udp"'
        deployment = self.on_bridge(tmp_path, published, load_balancer={"cidrs": ["10.0.0.0/24"]})
        [finding] = [one for one in deployment.findings if one.id == "published-internal"]
        assert finding.severity == "warning"
        assert "the host's ruleset limits nobody there, and a firewall of the cloud does" in finding.text

    def test_what_listens_on_the_loopback_of_its_container_is_reached_by_nobody(self, tmp_path: Path) -> None:
        deployment = read(
            tmp_path,
            {"compose.yaml": SERVER + '    command: --dev\n    ports: ["7880:7880", "7881:7881", "7882:7882/udp"]\n'},
        )
        [finding] = [one for one in deployment.findings if one.severity == "error"]
        assert f"{finding.id} {finding.place}" == "published-unbound compose.yaml:5:13: services.livekit.ports[0]"
        assert "--bind 0.0.0.0" in finding.fix
        assert [one.confined for one in deployment.listeners if not one.families] == [
            "bound to the loopback of its container"
        ]
        assert ports(deployment) == ["udp/7882 public", "tcp/7881 public"]

    @pytest.mark.parametrize(
        ("turn", "published", "reached", "wrong"),
        [
            ("tls_port: 5349, cert_file: /c, key_file: /k", "443:5349", ["tcp/443 public"], []),
            ("tls_port: 443, cert_file: /c, key_file: /k", "443:443", ["tcp/443 public"], []),
            ("tls_port: 5349, cert_file: /c, key_file: /k", "5349:5349", ["tcp/5349 nobody"],
             ["published-internal", "turn-tls-unreachable"]),
            ("tls_port: 5349, cert_file: /c, key_file: /k", "127.0.0.1:443:5349", [], ["published-loopback"]),
            ("tls_port: 5349, external_tls: true", "443:5349", ["tcp/443 nobody"],
             ["published-internal", "turn-tls-unreachable"]),
        ],
    )  # fmt: skip
    def test_turn_over_tls_is_reached_where_443_is_forwarded_to_it(
        self, tmp_path: Path, turn: str, published: str, reached: list[str], wrong: list[str]
    ) -> None:
        config = f"rtc: {{udp_port: 7882, node_ip: 203.0.113.7}}\nturn: {{enabled: true, domain: t.example, {turn}}}\n"
        text = SERVER + "    environment:\n      LIVEKIT_CONFIG: |\n" + textwrap.indent(config, " " * 8)
        text += f'    ports: ["7881:7881", "7882:7882/udp", "{published}"]\n'
        deployment = read(tmp_path, {"compose.yaml": text}, https=False)
        assert [one for one in ports(deployment) if "788" not in one] == reached
        assert sorted(one.partition(" ")[0] for one in errors(deployment)) == wrong

    TURN = "rtc: {{udp_port: 7882, node_ip: 203.0.113.7}}\nturn: {{enabled: true, domain: t.example, {0}}}\n"

    def with_turn(self, tmp_path: Path, turn: str, published: str, **given: object) -> Deployment:
        text = SERVER + "    environment:\n      LIVEKIT_CONFIG: |\n" + textwrap.indent(self.TURN.format(turn), " " * 8)
        text += f'    ports: ["7881:7881", "7882:7882/udp", {published}]\n'
        return read(tmp_path, {"compose.yaml": text}, **{"https": False, **given})

    SMALL = "udp_port: 3478, relay_range_start: 30000, relay_range_end: 30010"

    @pytest.mark.parametrize(
        ("turn", "published", "lacking"),
        [
            ("udp_port: 3478", "30000-30050:30000-30050/udp", "udp/30051-40000"),
            (SMALL, "30005:30005/udp", "udp/30000-30004"),
            (SMALL, "31000-31010:30000-30010/udp", "udp/30000-30010"),
            (SMALL, "127.0.0.1:30000-30010:30000-30010/udp", "udp/30000-30010"),
            (SMALL, "30000-30010/udp", "udp/30000-30010"),
            (SMALL, "30000-30010:30000-30010/tcp", "udp/30000-30010"),
            (SMALL, "30000-30020:30000-30020/udp", None),
        ],
    )
    def test_a_relay_port_is_announced_as_the_nodes(
        self, tmp_path: Path, turn: str, published: str, lacking: str | None
    ) -> None:
        """Case: 51 of 10,001 relay ports published, and not a word."""
        deployment = self.with_turn(tmp_path, turn, f'"3478:3478/udp", "{published}"')
        told = [one for one in deployment.findings if one.id == "turn-relay-bridge"]
        assert [one.text.partition(" of the node")[0] for one in told] == (
            [f"TURN announces relay sockets on {lacking}"] if lacking else []
        )

    CERTIFICATE = "tls_port: 5349, cert_file: /c, key_file: /k"

    @pytest.mark.parametrize(
        ("turn", "published", "ids", "fix"),
        [
            (CERTIFICATE, "", ["published-missing", "turn-tls-unreachable"], 'add "443:5349/tcp" to ports, or use'),
            (CERTIFICATE, '"5349:5349"', ["published-internal", "turn-tls-unreachable"], 'publish it as "443:5349"'),
            (CERTIFICATE, '"443:5349", "5349:5349"', [], ""),
            (CERTIFICATE.replace("5349", "443"), "", ["published-missing"], 'add "443:443/tcp" to ports, or use'),
            # in plain text; a proxy in another container needs nothing published, and one must be named
            ("tls_port: 5349, external_tls: true", "", ["turn-tls-unreachable"], ""),
            ("tls_port: 5349, external_tls: true", '"5349:5349"', ["published-internal", "turn-tls-unreachable"],
             'publish it on loopback, "127.0.0.1:5349:5349", or not at all'),
        ],
    )  # fmt: skip
    def test_what_is_told_to_publish_of_turn_over_tls_helps(
        self, tmp_path: Path, turn: str, published: str, ids: list[str], fix: str
    ) -> None:
        """Case: "add 5349:5349", and then "publish it on loopback, or not at all"."""
        deployment = self.with_turn(tmp_path, turn, published)
        assert sorted(one.partition(" ")[0] for one in errors(deployment)) == ids
        fixes = [one.fix for one in deployment.findings if one.id.startswith("published")]
        assert [one.startswith(fix) for one in fixes] == [True] * bool(fix)

    def test_a_load_balancer_reaches_turn_over_tls_at_the_port_that_is_published(self, tmp_path: Path) -> None:
        balancer = {"cidrs": ["10.0.0.0/24"]}
        deployment = self.with_turn(tmp_path, "tls_port: 5349, external_tls: true", "", load_balancer=balancer)
        [finding] = [one for one in deployment.findings if one.id == "published-missing"]
        assert finding.fix == 'add "5349:5349/tcp" to ports, or use network_mode: host'

    @pytest.mark.parametrize(("last", "is_large"), [(50100, False), (50200, False), (50255, False), (50256, True)])
    def test_a_range_that_guides_publish_is_not_large(self, tmp_path: Path, last: int, is_large: bool) -> None:
        config = f"rtc: {{port_range_start: 50000, port_range_end: {last}, node_ip: 203.0.113.7}}"
        deployment = self.on_bridge(tmp_path, f'"7881:7881", "50000-{last}:50000-{last}/udp"', config)
        assert ("docker-range" in {one.id for one in lint(deployment)}) is is_large

    @pytest.mark.parametrize(
        ("published", "config", "severity"),
        [
            ("1935:1935", "", "note"),
            ("1935:1935", "whip_port: 8080", "error"),
            ("8080:8080", "", "error"),
            ("1935:1935", "whip_port: -1", None),
        ],
    )
    def test_whip_that_nobody_asked_for(
        self, tmp_path: Path, published: str, config: str, severity: str | None
    ) -> None:
        """Case: an ingress for RTMP, whose WHIP is on because that is the default."""
        text = (
            f"services:\n  in: {{image: livekit/ingress, ports: ['{published}'], environment: {{INGRESS_CONFIG_BODY: "
        )
        text += f"'redis: {{address: r}}\n\n      {config}'}}}}\n"
        found = read(tmp_path, {"compose.yaml": text}, https=None).findings
        told = [one for one in found if one.id == "published-missing" and "WHIP" in one.text]
        assert [one.severity for one in told] == ([severity] if severity else [])
        assert ["whip_port: -1" in one.fix for one in told] == ([severity == "note"] if severity else [])

    @pytest.mark.parametrize(("published", "other"), [("5060:5060/udp", "tcp"), ("5060:5060/tcp", "udp")])
    def test_trunks_need_one_transport(self, tmp_path: Path, published: str, other: str) -> None:
        """Case: "nobody reaches it" of SIP over TCP, where all trunks use UDP."""
        text = (
            "services:\n  sip:\n    image: livekit/sip\n    environment: {SIP_CONFIG_BODY: 'rtp_port: 10000-10010'}\n"
        )
        text += f'    ports: ["{published}", "10000-10010:10000-10010/udp"]\n'
        deployment = read(tmp_path, {"compose.yaml": text}, https=None)
        assert errors(deployment) == []
        [finding] = [one for one in deployment.findings if one.id == "published-missing"]
        assert (finding.severity, finding.place.path) == ("note", "services.sip.ports[0]")
        assert finding.text.startswith(f"SIP on {other}/5060 (sip_port) is not published, so trunks reach it by ")
        text = text.replace(f'"{published}", ', "")
        assert len(errors(read(tmp_path, {"compose.yaml": text}, https=None))) == 2

    @pytest.mark.parametrize(
        "networks",
        [
            "networks: [out]\nnetworks: {out: {external: true, name: host}}",
            "networks: {host: {}}\nnetworks: {host: {external: true}}",
            "networks: [out]\nnetworks: {out: {external: {name: host}}}",
        ],
    )
    def test_the_hosts_network_may_be_an_external_network(self, tmp_path: Path, networks: str) -> None:
        deployment = read(tmp_path, {"compose.yaml": SERVER + "    command: --udp-port 7882\n    " + networks})
        assert ports(deployment) == ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]
        assert errors(deployment) == []

    @pytest.mark.parametrize(
        "networks",
        [
            "networks: {lan: {ipv4_address: 192.168.1.5}}\nnetworks: {lan: {driver: macvlan}}",
            "networks: [front, lan]\nnetworks: {front: {}, lan: {driver: ipvlan}}",
            "\nnetworks: {default: {driver: macvlan}}",
        ],
    )
    def test_a_container_with_an_address_of_its_own_needs_nothing_published(
        self, tmp_path: Path, networks: str
    ) -> None:
        deployment = read(tmp_path, {"compose.yaml": SERVER + "    command: --udp-port 7882\n    " + networks})
        assert ports(deployment) == ["tcp/7880 nobody", "udp/7882 public", "tcp/7881 public"]
        assert [one.id for one in deployment.findings if one.id.startswith(("compose", "published"))] == [
            "compose-own-address"
        ]

    def test_a_refused_service_is_not_checked_by_its_defaults(self, tmp_path: Path) -> None:
        text = SERVER + '    command: --dev --bind 0.0.0.0 --bind "::"\n    ports: ["7881:7881", "7882:7882/udp"]\n'
        message = refused(tmp_path, {"compose.yaml": text})
        assert "must hold one wildcard at most" in message
        assert "published-missing" not in message
        text = SERVER + "    environment: {LIVEKIT_CONFIG: port}\n"
        assert "published-missing" not in refused(tmp_path, {"compose.yaml": text})

    def test_a_container_with_its_own_address_has_no_findings_of_a_bridge(self, tmp_path: Path) -> None:
        config = "turn: {enabled: true, domain: t.example, udp_port: 3478}"
        text = SERVER + f"    environment: {{LIVEKIT_CONFIG: '{config}'}}\n"
        write(tmp_path, {"compose.yaml": text + "networks: {default: {driver: macvlan}}\n"})
        found = lint(read_deployment({"compose": "compose.yaml", "https": True}, tmp_path))
        bridged = {"turn-relay-bridge", "docker-range", "published-missing"}
        assert not {one.id for one in found} & bridged
        assert not [one for one in found if "container's own interface" in one.text]
        write(tmp_path, {"compose.yaml": text})
        assert {one.id for one in lint(read_deployment({"compose": "compose.yaml"}, tmp_path))} >= {"turn-relay-bridge"}

    def test_an_address_of_the_host_limits_the_family(self, tmp_path: Path) -> None:
        deployment = self.on_bridge(tmp_path, '"203.0.113.7:7881:7881", "7882:7882/udp"')
        tcp = next(one for one in deployment.listeners if str(one.ports) == "tcp/7881")
        assert [str(family) for family in tcp.families] == ["ipv4"]

    def test_ports_that_stay_in_a_container_are_reported_as_such(self, tmp_path: Path) -> None:
        deployment = self.on_bridge(tmp_path, '"7881:7881", "127.0.0.1:7880:7880"')
        reasons = {str(one.ports): one.confined for one in deployment.listeners if not one.families}
        assert reasons == {"udp/7882": "not published by its container", "tcp/7880": "bound to loopback"}

    @pytest.mark.parametrize(
        ("proxy", "is_reported"),
        [
            ('image: "lucaslorentz/caddy-docker-proxy:2.9", ports: ["80:80", "443:443"]', True),
            ('image: nginxinc/nginx-unprivileged, ports: ["443:8443"]', True),
            ('build: ./edge, ports: ["443:443/tcp"]', True),
            ("image: openresty/openresty, network_mode: host", True),
            ("image: acme/worker, network_mode: host", False),
            ('image: acme/relay, ports: ["443:443/udp"]', False),
            ('image: acme/web, ports: ["8443:8080"]', False),
        ],
    )
    def test_a_service_that_takes_443_is_reported_with_any_name(
        self, tmp_path: Path, proxy: str, is_reported: bool
    ) -> None:
        text = host("environment: {UDP_PORT: 7882}") + f"\n  edge: {{{proxy}}}\n"
        deployment = read(tmp_path, {"compose.yaml": text}, https=None)
        assert ("compose-proxy" in {one.id for one in deployment.findings}) is is_reported

    def test_redis_in_the_same_file_is_internal(self, tmp_path: Path) -> None:
        text = host("environment: {UDP_PORT: 7882}") + '\n  redis: {image: "redis:7", ports: ["6379:6379"]}\n'
        assert errors(read(tmp_path, {"compose.yaml": text})) == [
            "published-internal compose.yaml:6:37: services.redis.ports[0]"
        ]
        private = text.replace('"6379:6379"', '"127.0.0.1:6379:6379"')
        assert errors(read(tmp_path, {"compose.yaml": private})) == []

    def test_containers_that_share_a_network_share_its_ports(self, tmp_path: Path) -> None:
        text = (
            SERVER
            + '    ports: ["7881:7881", "50000-60000:50000-60000/udp"]\n    environment: {NODE_IP: 203.0.113.7}\n'
            + "  egress: {image: livekit/egress, network_mode: 'service:livekit', environment: {EGRESS_CONFIG_BODY: "
            + "'health_port: 7880'}}\n"
        )
        assert [one for one in errors(read(tmp_path, {"compose.yaml": text})) if "overlap" in one]
        apart = text.replace("network_mode: 'service:livekit', ", "")
        assert not [one for one in errors(read(tmp_path, {"compose.yaml": apart})) if "overlap" in one]

    def test_sip_needs_its_announced_port_on_the_host(self, tmp_path: Path) -> None:
        body = (
            "sip_port: 5060\n        sip_port_listen: 5070\n        rtp_port: 10000-10010\n        redis: {address: r}"
        )
        text = (
            "services:\n  sip:\n    image: livekit/sip\n    environment:\n      SIP_CONFIG_BODY: |\n        "
            + body
            + '\n    ports: ["5060:5070", "5060:5070/udp", "10000-10010:10000-10010/udp"]\n'
        )
        deployment = read(tmp_path, {"compose.yaml": text}, trunks=["198.51.100.0/24"])
        assert errors(deployment) == []
        assert ports(deployment) == ["tcp/5060 trunk", "udp/5060 trunk", "udp/10000-10010 trunk"]
