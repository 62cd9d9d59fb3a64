"""`extra_rules`: what else runs on the node, judged like every other rule, and each mistake with its own place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from livekit_firewall.deployment.derive import Deployment, read_deployment
from livekit_firewall.model.errors import ConfigurationError
from livekit_firewall.model.services import Service
from livekit_firewall.reports.exposure.expose import expose

HERE = Path()
NODE = {"name": "node-exporter", "protocol": "tcp", "ports": 9100, "cidrs": ["198.51.100.0/24"]}


def read(*rules: Any, base: Path = HERE, **given: Any) -> Deployment:
    return read_deployment({"extra_rules": list(rules), **given}, base)


def problems(*rules: Any, base: Path = HERE, **given: Any) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(*rules, base=base, **given)
    return [str(problem) for problem in caught.value.problems]


def shown(deployment: Deployment) -> list[str]:
    return [f"{rule.ports} {rule.peer} {rule.key}" for rule in deployment.rules if rule.service is Service.EXTRA]


class TestWhatTheyOpen:
    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({}, ["tcp/9100 198.51.100.0/24"]),
            ({"ports": "9100-9110"}, ["tcp/9100-9110 198.51.100.0/24"]),
            ({"ports": "9100"}, ["tcp/9100 198.51.100.0/24"]),
            ({"ports": 9100.0}, ["tcp/9100 198.51.100.0/24"]),
            ({"ports": [9100.0, "9200-9201"]}, ["tcp/9100 198.51.100.0/24", "tcp/9200-9201 198.51.100.0/24"]),
            ({"ports": (9100, 9101, 9100)}, ["tcp/9100-9101 198.51.100.0/24"]),
            ({"protocol": "udp"}, ["udp/9100 198.51.100.0/24"]),
            ({"cidrs": ["2001:db8::/32"]}, ["tcp/9100 2001:db8::/32"]),
            ({"cidrs": {"a": "10.0.0.0/8", "b": "2001:db8::/32"}}, ["tcp/9100 10.0.0.0/8", "tcp/9100 2001:db8::/32"]),
            ({"cidrs": ["0.0.0.0/0", "::/0"]}, ["tcp/9100 anywhere"]),
        ],
    )
    def test_is_their_ports_from_their_sources(self, more: dict[str, Any], expected: list[str]) -> None:
        assert shown(read({**NODE, **more})) == [f"{one} extra_rules.node-exporter" for one in expected]

    def test_two_on_one_port_have_the_sources_of_both(self) -> None:
        other = {**NODE, "name": "b", "ports": "9000-9100", "cidrs": ["203.0.113.0/24"]}
        assert shown(read(NODE, other)) == [
            "tcp/9000-9100 203.0.113.0/24 extra_rules.b",
            "tcp/9100 198.51.100.0/24 extra_rules.node-exporter",
        ]
        same = shown(read(NODE, {**NODE, "name": "b"}))
        assert same == ["tcp/9100 198.51.100.0/24 extra_rules.b, extra_rules.node-exporter"]

    def test_their_order_means_nothing(self) -> None:
        other = {**NODE, "name": "b", "cidrs": ["203.0.113.0/24"]}
        assert read(NODE, other).rules == read(other, NODE).rules

    def test_they_are_enough_without_a_server(self) -> None:
        deployment = read(NODE, livekit=False)
        assert [str(rule.ports) for rule in deployment.rules] == ["tcp/9100"]

    def test_their_words_are_in_the_exposure(self) -> None:
        exposed = expose(read({**NODE, "reason": "Prometheus scrapes it"}))
        assert "Extra    tcp/9100         198.51.100.0/24  extra_rules.node-exporter" in exposed.text()
        assert "Prometheus scrapes it" in exposed.text()
        (found,) = (one for one in exposed.as_json()["reachable"] if one["service"] == "extra")
        assert (found["public"], found["reason"]) == (False, "Prometheus scrapes it")
        assert "what else runs on the node" in expose(read(NODE)).text()


PORTS = 'extra_rules[0].ports: must be a port, a range such as "9100-9110", or a list of these'
NAME = "extra_rules[0].name: must be up to 63 letters, digits, hyphens and underscores"


class TestMistakes:
    def test_what_is_missing(self) -> None:
        assert problems({}) == [f"extra_rules[0].{key}: is required" for key in ("name", "protocol", "ports", "cidrs")]

    @pytest.mark.parametrize(
        ("more", "expected"),
        [
            ({"name": ""}, "extra_rules[0].name: must be a text that is not empty (got '')"),
            ({"name": "a b"}, f"{NAME} (got 'a b')"),
            ({"name": "a" * 64}, f"{NAME} "),
            ({"name": "a.b"}, f"{NAME} (got 'a.b')"),
            ({"protocol": "TCP"}, "extra_rules[0].protocol: must be tcp or udp (got 'TCP')"),
            ({"protocol": "icmp"}, "extra_rules[0].protocol: must be tcp or udp (got 'icmp')"),
            ({"ports": 0}, f"{PORTS} (got 0)"),
            ({"ports": 65536}, f"{PORTS} (got 65536)"),
            ({"ports": 10**5000}, f"{PORTS} (got "),
            ({"ports": 9100.5}, f"{PORTS} (got 9100.5)"),
            ({"ports": True}, f"{PORTS} (got true)"),
            ({"ports": []}, f"{PORTS} (got [])"),
            ({"ports": "9110-9100"}, f"{PORTS} (got '9110-9100')"),
            ({"ports": "http"}, f"{PORTS} (got 'http')"),
            ({"ports": {"a": 1}}, f"{PORTS} (got a mapping)"),
            ({"ports": [9100, "x"]}, f"{PORTS} (got 'x')"),
            ({"cidrs": []}, "extra_rules[0].cidrs: must name at least one block (got []); leave the key out"),
            ({"cidrs": "anywhere"}, "extra_rules[0].cidrs: must be a list of blocks such as 203.0.113.0/24, or a"),
            ({"cidrs": ["198.51.100.7"]}, "extra_rules[0].cidrs[0]: must have a prefix length (got '198.51.100.7')"),
            ({"cidrs": {"a": "198.51.100.7/24"}}, "extra_rules[0].cidrs.a: must have no host bits set"),
            ({"reason": "a\nb"}, "extra_rules[0].reason: must be one line of up to 200 characters (got 'a\\nb')"),
            ({"reason": "\x1b[31m"}, "extra_rules[0].reason: must be one line of up to 200 characters (got "),
            ({"reason": "a" * 201}, "extra_rules[0].reason: must be one line of up to 200 characters (got "),
            ({"reason": "a" * 10_000}, "extra_rules[0].reason: must be one line of up to 200 characters (got "),
            ({"reason": "\u202egnp"}, "extra_rules[0].reason: must be one line of up to 200 characters (got "),
            ({"port": 1}, "extra_rules[0].port: unknown key; did you mean ports?"),
        ],
    )  # fmt: skip
    def test_one_is_one_problem_at_its_key(self, more: dict[str, Any], expected: str) -> None:
        (found,) = problems({**NODE, **more})
        assert found.startswith(expected)
        assert len(found) < 400
        assert found.isprintable()

    def test_names_are_each_of_one_rule(self) -> None:
        assert problems(NODE, {**NODE, "ports": 9101}, {**NODE, "name": "b"}) == [
            f"extra_rules[{index}].name: must be the name of one rule only (got 'node-exporter')" for index in (0, 1)
        ]

    def test_those_of_several_are_told_at_once(self) -> None:
        found = problems({**NODE, "ports": 0}, {**NODE, "name": "b", "protocol": 6}, {**NODE, "name": "c", "cidrs": 5})
        assert [one.partition(":")[0] for one in found] == [
            "extra_rules[1].protocol", "extra_rules[2].cidrs", "extra_rules[0].ports",
        ]  # fmt: skip

    @pytest.mark.parametrize("given", [{"a": NODE}, "x", 5, [5], [None]])
    def test_what_is_no_list_of_mappings(self, given: Any) -> None:
        with pytest.raises(ConfigurationError, match="extra_rules"):
            read_deployment({"extra_rules": given}, HERE)

    def test_a_block_of_ipv6_though_ipv6_is_false(self) -> None:
        found = problems({**NODE, "cidrs": ["2001:db8::/32"]}, ipv6=False)
        assert found == [
            (
                "extra_rules[0].cidrs[0]: must be an IPv4 block while ipv6 is false (got '2001:db8::/32'); "
                "remove the block, or ipv6: false"
            )
        ]


HINT = "the arguments for that service say who may reach it; extra_rules are for what else runs on the node"


class TestAPortOfTheDeployment:
    """Whatever file says so, and whoever may reach it."""

    @pytest.mark.parametrize(
        ("rule", "given", "whose"),
        [
            ({"ports": 7880}, {}, "API on tcp/7880 (port)"),
            ({"ports": "7000-8000"}, {"tcp_port": 0}, "API on tcp/7880 (port)"),
            ({"ports": 55000, "protocol": "udp"}, {}, "ICE/UDP on udp/50000-60000 (port_range_start, port_range_end)"),
            ({"ports": 6789}, {"prometheus": {"port": 6789}}, "Metrics on tcp/6789 (prometheus.port)"),
            ({"ports": 22}, {}, "SSH on tcp/22 (operators.ssh_port)"),
            ({"ports": 22}, {"host": {}}, "SSH on tcp/22 (operators.ssh_port)"),
            ({"ports": 2222}, {"operators": {"ssh_port": 2222}}, "SSH on tcp/2222 (operators.ssh_port)"),
            ({"ports": 443}, {"https": True}, "HTTPS on tcp/443 (https)"),
            ({"ports": 6379}, {"cluster": {"cidrs": ["10.0.0.0/8"], "services": ["redis"]}},
             "Redis on tcp/6379 (cluster.services)"),
        ],
    )  # fmt: skip
    def test_is_refused(self, rule: dict[str, Any], given: dict[str, Any], whose: str) -> None:
        ports = f"{rule.get('protocol', 'tcp')}/{rule['ports']}"
        expected = f"extra_rules[0].ports: must not hold a port of {whose} (got {ports}); {HINT}"
        assert problems({**NODE, **rule}, **given) == [expected]

    def test_of_a_redis_that_a_file_names(self, tmp_path: Path) -> None:
        (tmp_path / "livekit.yaml").write_text("redis: {address: 'localhost:6399'}\nkeys: {a: b}\n", encoding="utf-8")
        (found,) = problems({**NODE, "ports": 6399}, base=tmp_path, livekit_config="livekit.yaml")
        assert found.startswith("extra_rules[0].ports: must not hold a port of Redis on tcp/6399 (redis.address)")

    @pytest.mark.parametrize("port", [8080, 3306, 4222, 6379, 7880])
    def test_of_plugnmeets_own(self, port: int) -> None:
        found = problems({**NODE, "ports": port}, plugnmeet=True)
        assert [one.partition(" a port of ")[0] for one in found] == ["extra_rules[0].ports: must not hold"] * len(
            found
        )

    def test_that_a_container_publishes(self, tmp_path: Path) -> None:
        compose = {"services": {"livekit": {
            "image": "livekit/livekit-server:v1.9.0", "command": "--config /etc/livekit.yaml",
            "ports": ["17880:7880", "7881:7881", "50000-50100:50000-50100/udp"],
            "volumes": ["./livekit.yaml:/etc/livekit.yaml"]}}}  # fmt: skip
        (tmp_path / "docker-compose.yaml").write_text(str(compose).replace("'", '"'), encoding="utf-8")
        text = "rtc: {port_range_start: 50000, port_range_end: 50100}\nkeys: {a: b}\n"
        (tmp_path / "livekit.yaml").write_text(text, encoding="utf-8")
        (found,) = problems({**NODE, "ports": 17880}, base=tmp_path, compose="docker-compose.yaml")
        assert found.startswith("extra_rules[0].ports: must not hold a port of API on tcp/17880 (port)")
        free = read({**NODE, "ports": 7880}, base=tmp_path, compose="docker-compose.yaml")
        assert shown(free) == ["tcp/7880 198.51.100.0/24 extra_rules.node-exporter"]

    def test_in_the_other_protocol_is_none(self) -> None:
        assert shown(read({**NODE, "ports": 50000}))[0].startswith("tcp/50000 ")


class TestTheInternet:
    @pytest.mark.parametrize(("port", "whose"), [(6379, "Redis"), (4222, "NATS"), (3306, "MariaDB"), (6789, "Metrics")])
    def test_never_reaches_what_usually_is_internal(self, port: int, whose: str) -> None:
        found = problems({**NODE, "ports": port, "cidrs": ["0.0.0.0/0"]})
        expected = (
            f"extra_rules[0].cidrs: must not open tcp/{port} to the internet, which is usually {whose} "
            "(got 0.0.0.0/0); name the real sources, in longer blocks, also when merged with those of other extra rules"
        )
        assert expected in found

    def test_nor_does_it_by_the_rules_of_two(self) -> None:
        halves = (
            {**NODE, "name": half[0], "ports": "6370-6379", "cidrs": [half]} for half in ("0.0.0.0/1", "128.0.0.0/1")
        )
        found = problems(*halves)
        assert [one.partition(":")[0] for one in found] == ["extra_rules[0].cidrs", "extra_rules[1].cidrs"]

    def test_reaches_what_else_is_there(self) -> None:
        assert shown(read({**NODE, "ports": 9443, "cidrs": ["0.0.0.0/0"]})) == [
            "tcp/9443 0.0.0.0/0 extra_rules.node-exporter"
        ]


class TestHostileWords:
    """What stays lawful in a reason means nothing to any medium."""

    REASON = """<b>@team</b> `x` "q" 'p' | [a](http://x) </script> {{ 7 }} $(id); --"""

    def test_on_every_platform_and_in_every_report(self) -> None:
        from livekit_firewall.deployment.audiences import audiences_of
        from livekit_firewall.deployment.rendering import render_for
        from livekit_firewall.platforms.registry import PLATFORMS
        from livekit_firewall.reports.exposure.page import html
        from livekit_firewall.reports.exposure.picture import mermaid_of

        deployment = read({**NODE, "reason": self.REASON})
        for platform in PLATFORMS:
            rendered = str(render_for(deployment, platform).as_json())
            assert "team" not in rendered, platform.name
            assert platform.name in ("gcp", "digitalocean", "azure") or "extra_rules.node-exporter" in rendered
        page = html(expose(deployment), deployment.rules, audiences=audiences_of(deployment))
        assert "<b>" not in page
        assert page.count("</script>") == html(expose(read(NODE)), read(NODE).rules).count("</script>")
        assert "team" not in mermaid_of(deployment)
